//! Actions by a program: what would happen, once for its key, and why not.

use super::*;
use std::collections::BTreeSet;

pub const ACT: &str = "/api/v1/complaints/K-2026-0001/actions/note_consultation";

async fn taken(site: &Site) -> usize {
    let workflow = &site.app.app.workflow;
    let id = workflow.id_of("K-2026-0001").await.unwrap();
    let events = workflow.reading().trail().events(id).await.unwrap();
    events.iter().filter(|e| e.kind == EventKind::ActionTaken && e.via == Via::Api).count()
}

#[tokio::test]
async fn an_action_is_taken_once_for_its_key() {
    let site = site().await;
    let mut program = Program::of(&site, HANDLER).await;
    let wish = json!({"answers": {"consultation": "Met de planner"}});
    let once = [("idempotency-key", "een")];
    let problem = assert_problem(&program.post(ACT, &[], &wish).await, 400, "invalid-input");
    assert_eq!(problem["errors"][0]["location"], "Idempotency-Key");
    let preview = read(&program.post(&format!("{ACT}/previews"), &[], &wish).await);
    assert_eq!(taken(&site).await, 0, "{preview}");
    let done = program.post(ACT, &once, &wish).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(read(&done)["wasTakenBefore"], false);
    assert_eq!(done.header("etag"), Some(&*format!("\"{}\"", read(&done)["version"])));
    for _ in 0..2 {
        let again = program.post(ACT, &once, &wish).await;
        assert_eq!((again.status, &read(&again)["wasTakenBefore"]), (200, &json!(true)));
    }
    assert_eq!(taken(&site).await, 1);
    let other = json!({"answers": {"consultation": "Met de trainer"}});
    assert_problem(&program.post(ACT, &once, &other).await, 422, "key-reused");
    // The key of somebody else is another.
    let mut second = Program::of(&site, HANDLER).await;
    assert_eq!(read(&second.post(ACT, &once, &wish).await)["wasTakenBefore"], false);
    assert_eq!(taken(&site).await, 2);
    // What was seen is what is acted on.
    let old = [("idempotency-key", "twee"), ("if-match", done.header("etag").unwrap())];
    assert_problem(&program.post(ACT, &old, &other).await, 412, "changed");
    let now = program.get("/api/v1/complaints/K-2026-0001").await.header("etag").unwrap().to_owned();
    let new = [("idempotency-key", "twee"), ("if-match", now.as_str())];
    assert_eq!(program.post(ACT, &new, &other).await.status, 200);
    let again = program.post(ACT, &new, &other).await;
    assert_eq!(
        (again.status, &read(&again)["wasTakenBefore"]),
        (200, &json!(true)),
        "sent again, it is answered again"
    );
    for wrong in ["3", "W/\"3\"", "\"x\"", "\"3\", \"4\""] {
        let headers = [("idempotency-key", "drie"), ("if-match", wrong)];
        assert_problem(&program.post(ACT, &headers, &wish).await, 400, "invalid-input");
    }
    assert_eq!(taken(&site).await, 3);
    let trail = site.app.app.workflow.reading().trail();
    assert!(matches!(trail.verify().await.unwrap(), redress::store::Audit::Holds { .. }));
}

#[tokio::test]
async fn of_the_same_sent_at_once_one_is_taken() {
    let site = site().await;
    let program = Program::of(&site, HANDLER).await;
    let wish = json!({"answers": {"consultation": "Met de planner"}});
    let sent = (0..8).map(|_| {
        let (wish, mut program) =
            (wish.clone(), Program { browser: program.browser.clone(), key: program.key.clone() });
        tokio::spawn(async move { program.post(ACT, &[("idempotency-key", "tegelijk")], &wish).await })
    });
    let sent: Vec<_> = sent.collect();
    let mut first = 0;
    for one in sent {
        let answer = one.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        first += usize::from(read(&answer)["wasTakenBefore"] == false);
    }
    assert_eq!((first, taken(&site).await), (1, 1));
}

#[tokio::test]
async fn what_cannot_be_done_says_why() {
    let site = site().await;
    let mut program = Program::of(&site, HANDLER).await;
    let key = [("idempotency-key", "x")];
    let base = "/api/v1/complaints/K-2026-0001/actions";
    let actions = read(&program.get(base).await);
    let offered: Vec<&str> =
        actions["offered"].as_array().unwrap().iter().filter_map(|a| a["name"].as_str()).collect();
    assert!(offered.contains(&"note_consultation"), "{offered:?}");
    let kept_back = &actions["notOffered"].as_array().unwrap()[0];
    let path = format!("{base}/{}", kept_back["name"].as_str().unwrap());
    let problem = assert_problem(&program.post(&path, &key, &json!({})).await, 409, "not-offered");
    assert_eq!(problem["explanation"], kept_back["needs"]);
    assert!(!kept_back["needs"].as_array().unwrap().is_empty());
    assert_problem(&program.post(&format!("{base}/nothing"), &key, &json!({})).await, 404, "not-found");
    let problem = assert_problem(&program.post(ACT, &key, &json!({})).await, 400, "invalid-input");
    assert_eq!(problem["errors"][0]["location"], "/answers/consultation");
    let wrong = json!({"answers": {"consultation": ["x"], "a/b~": 1}});
    let problem = assert_problem(&program.post(ACT, &key, &wrong).await, 400, "invalid-input");
    assert_eq!(problem["errors"][0]["location"], "/answers/consultation");
    let wrong = json!({"answers": {"consultation": "x", "a/b~": 1}});
    let problem = assert_problem(&program.post(ACT, &key, &wrong).await, 400, "invalid-input");
    assert_eq!(problem["errors"][0]["location"], "/answers/a~1b~0");
    let bearer = format!("Bearer {}", program.key);
    let plain = [("authorization", bearer.as_str()), ("idempotency-key", "x")];
    assert_problem(&program.browser.send("POST", ACT, &plain, "{}").await, 415, "not-json");
    for body in ["", "{", "[]", "{\"answers\": {}} x", "{\"answer\": {}}", "\u{0}", "{\"answers\": 1}"] {
        let headers = [plain[0], plain[1], ("content-type", "application/json; charset=utf-8")];
        assert_problem(&program.browser.send("POST", ACT, &headers, body).await, 400, "invalid-input");
    }
    let long = "x".repeat((1 << 20) + 1);
    let headers = [plain[0], plain[1], ("content-type", "application/json")];
    assert_problem(&program.browser.send("POST", ACT, &headers, &long).await, 413, "too-large");
    // Another may do it, and this person is told whose it is.
    let mut director = Program::of(&site, DIRECTOR).await;
    let theirs = read(&director.get(base).await);
    let theirs: BTreeSet<&str> =
        theirs["offered"].as_array().unwrap().iter().filter_map(|a| a["name"].as_str()).collect();
    let only = offered.iter().find(|name| !theirs.contains(*name)).unwrap();
    let answer = director.post(&format!("{base}/{only}"), &key, &json!({})).await;
    let problem = assert_problem(&answer, 409, "not-offered");
    assert!(problem["detail"].as_str().unwrap().starts_with("Dit is aan: "), "{problem}");
    assert_eq!(taken(&site).await, 0);
}

/// What was sent under a key is the action with its answers: another action is not taken for it, whether there is such a one or not.
#[tokio::test]
async fn a_key_is_of_one_action() {
    let site = site().await;
    let mut program = Program::of(&site, HANDLER).await;
    let (key, wish) = ([("idempotency-key", "een")], json!({"answers": {"consultation": "Met de planner"}}));
    let done = program.post(ACT, &key, &wish).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let base = ACT.rsplit_once('/').unwrap().0;
    for other in ["ask_information", "nothing"] {
        assert_problem(&program.post(&format!("{base}/{other}"), &key, &wish).await, 422, "key-reused");
    }
    // However much has happened since, the same is answered.
    program.post(ACT, &[("idempotency-key", "twee")], &wish).await;
    let again = program.post(ACT, &key, &wish).await;
    let (mut first, again) = (read(&done), read(&again));
    first["wasTakenBefore"] = json!(true);
    assert_eq!(first, again);
    assert_eq!(taken(&site).await, 2);
}

/// An action that is not offered any more once it was taken: whoever sent the same at once hears that it was.
#[tokio::test]
async fn an_action_that_ends_itself_is_taken_once_for_all_who_sent_it() {
    let site = site().await;
    let program = Program::of(&site, HANDLER).await;
    let path = ACT.replace("note_consultation", "withdraw");
    let wish = json!({"answers": {"confirmation": "Per e-mail", "confirmed": true}});
    let sent = (0..8).map(|_| {
        let (path, wish) = (path.clone(), wish.clone());
        let mut program = Program { browser: program.browser.clone(), key: program.key.clone() };
        tokio::spawn(async move { program.post(&path, &[("idempotency-key", "eens")], &wish).await })
    });
    let sent: Vec<_> = sent.collect();
    let mut versions = BTreeSet::new();
    for one in sent {
        let answer = one.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        versions.insert(read(&answer)["version"].as_i64().unwrap());
    }
    assert_eq!((versions.len(), taken(&site).await), (1, 1), "{versions:?}");
    // What was seen has changed, which is said before that the action is over.
    let mut program = program;
    let old = [("idempotency-key", "later"), ("if-match", "\"1\"")];
    assert_problem(&program.post(&path, &old, &wish).await, 412, "changed");
    let new = [("idempotency-key", "later")];
    assert_problem(&program.post(&path, &new, &wish).await, 409, "not-offered");
}

/// A key that is good for acting tells nothing of what it acts on.
#[tokio::test]
async fn acting_is_not_reading() {
    let site = site().await;
    let mut program = Program { browser: site.browser(), key: key(&site, HANDLER, &[Scope::Act]).await };
    let wish = json!({"answers": {"consultation": "Met de planner"}});
    let done = read(&program.post(ACT, &[("idempotency-key", "x")], &wish).await);
    let told: Vec<&str> = done.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(told, ["reference", "version", "wasTakenBefore"]);
    assert_problem(&program.get("/api/v1/complaints/K-2026-0001").await, 403, "scope-needed");
    assert_problem(&program.post(&format!("{ACT}/previews"), &[], &wish).await, 403, "scope-needed");
}

/// What a rule says of a span when it refuses is said in the language of who reads it, on every way.
#[tokio::test]
async fn a_refusal_is_told_in_the_language_of_who_reads_it() {
    let site = site().await;
    let answers = json!({"answers": {"promised_by": "2027-06-01", "reason": "Er is meer tijd nodig"}});
    let extend = "/api/v1/complaints/K-2026-0001/actions/extend";
    let mut program = Program::of(&site, HANDLER).await;
    for (language, months, other) in [("nl", "3 maanden", "3 months"), ("en", "3 months", "3 maanden")] {
        for path in [extend.to_owned(), format!("{extend}/previews")] {
            let key = another();
            let headers = [("idempotency-key", key.as_str()), ("accept-language", language)];
            let problem = assert_problem(&program.post(&path, &headers, &answers).await, 422, "refused");
            let why = problem["detail"].as_str().unwrap();
            assert!(why.contains(months) && !why.contains(other), "{language}: {why}");
        }
    }
    // On the page.
    let mut browser = site.signed_in(HANDLER).await;
    let path = "/complaints/K-2026-0001/actions/extend";
    for (language, months, other) in [("nl", "3 maanden", "3 months"), ("en", "3 months", "3 maanden")] {
        assert_eq!(browser.post("/me/language", &[("language", language)]).await.status, 303);
        let form = browser.get(path).await;
        let (version, key) = (form.value("version"), form.value("key"));
        let typed = [
            ("step", "look"),
            ("version", version.as_str()),
            ("key", key.as_str()),
            ("a.promised_by", "2027-06-01"),
            ("a.reason", "Er is meer tijd nodig"),
        ];
        let answer = browser.post(path, &typed).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let text = answer.text();
        assert!(text.contains(months) && !text.contains(other), "{language}: {text}");
    }
    // In the terminal, in the language of the organisation.
    let folder = tempfile::tempdir().unwrap();
    let (settings, mail) = (folder.path().join("redress.toml"), folder.path().join("1.eml"));
    std::fs::write(&settings, "").unwrap();
    std::fs::write(&mail, crate::support::clear_complaint("jan@example.nl", "m1")).unwrap();
    let run = |arguments: &[&str]| {
        let begin = ["--config", settings.to_str().unwrap(), "--clock", "2026-11-23T10:30:00+01:00"];
        crate::cli::redress(&folder.path().join("data"), &[&begin[..], arguments].concat())
    };
    assert!(run(&["intake", mail.to_str().unwrap()]).status.success());
    assert!(run(&["tick"]).status.success());
    let input = ["--input", "promised_by=2027-06-01", "--input", "reason=Er is meer tijd nodig"];
    let said = run(&[&["act", "K-2026-0001", "extend", "--as", HANDLER][..], &input].concat());
    let why = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(!said.status.success() && why.contains("Later dan 3 maanden na ontvangst"), "{why}");
}
