//! The other things that pages do, by programs: intake, several at once, mails and letters, oversight, the trail, the director's
//! records, people, imports.

use super::super::proposals::QUALITY;
use super::acting::ACT;
use super::describing::{assert_valid, schema_of};
use super::*;
use crate::importing::{REGISTER, many};
use crate::support::MAIL_PLUGIN;
use redress::importing::Mapping;

const K1: &str = "/api/v1/complaints/K-2026-0001";

/// Asks, and asserts that the answer is what is described.
async fn got(program: &mut Program, document: &Value, template: &str, path: &str) -> Value {
    let answer = program.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert_valid(&schema_of(document, template, "get"), &read(&answer));
    read(&answer)
}

#[tokio::test]
async fn what_is_read_is_what_is_described_and_for_whom_it_is() {
    let site = site().await;
    let mut director = Program::of(&site, DIRECTOR).await;
    let mut receiver = Program::of(&site, RECEIVER).await;
    let mut handler = Program::of(&site, HANDLER).await;
    let document = read(&director.browser.get("/api/v1/openapi.json").await);
    for path in [
        "/api/v1/oversight",
        "/api/v1/trail",
        "/api/v1/looks",
        "/api/v1/decisions",
        "/api/v1/recommendations",
        "/api/v1/people",
    ] {
        got(&mut director, &document, path, path).await;
    }
    let workflow = &site.app.app.workflow;
    assert_eq!(read(&director.get("/api/v1/trail").await)["lastBackupAt"], Value::Null);
    workflow.overseeing().oversight().record_backup(workflow.now().await.unwrap()).await.unwrap();
    let trail = got(&mut director, &document, "/api/v1/trail", "/api/v1/trail").await;
    assert!(trail["lastBackupAt"].as_str().unwrap().starts_with("2026-11-23T09:0"), "{trail}");
    for path in ["/api/v1/oversight", "/api/v1/trail", "/api/v1/looks"] {
        assert_problem(&handler.get(path).await, 404, "not-found");
    }
    site.app.mail("From: x@example.nl\r\nTo: klachten@lagant.nl\r\nMessage-ID: <kort@x>\r\nSubject: Vraag\r\n\r\nHoi\r\n").await;
    let intake = got(&mut receiver, &document, "/api/v1/intake", "/api/v1/intake").await;
    let waiting =
        intake["waiting"][0]["complaint"]["reference"].as_str().unwrap_or_else(|| panic!("{intake:#}"));
    got(&mut receiver, &document, "/api/v1/intake/{reference}", &format!("/api/v1/intake/{waiting}")).await;
    // What is told by phone is noted down once.
    let wish = json!({"channel": "phone", "subject": "Klacht over de koffie", "text": "Te koud", "address": "piet@example.nl"});
    let noted = receiver.post("/api/v1/contacts", &[("idempotency-key", "tel")], &wish).await;
    assert_eq!(noted.status, 201, "{}", noted.body);
    let again = receiver.post("/api/v1/contacts", &[("idempotency-key", "tel")], &wish).await;
    assert_eq!((again.status, &again.body), (201, &noted.body));
    assert_eq!(
        read(&receiver.act("/api/v1/contacts", &wish).await)["intakeId"],
        Value::Null,
        "the same note"
    );
    for (wrong, field) in [("address", "/address"), ("on", "/on"), ("subject", "/subject")] {
        let mut wish = wish.clone();
        wish[wrong] = json!(if wrong == "subject" { " " } else { "x y" });
        let problem = assert_problem(&receiver.act("/api/v1/contacts", &wish).await, 400, "invalid-input");
        assert_eq!(problem["errors"][0]["location"], field);
    }
    let next =
        got(&mut handler, &document, "/api/v1/complaints/{reference}/next", &format!("{K1}/next")).await;
    assert!(next["path"].as_str().is_some_and(|path| path.starts_with(K1)), "{next}");
    let day = "/api/v1/complaints/{reference}/states/{day}";
    let then = got(&mut handler, &document, day, &format!("{K1}/states/2026-11-23")).await;
    assert_eq!(then["reference"], "K-2026-0001");
    for none in ["2026-11-22", "gisteren", "2026-11-23%00"] {
        assert_problem(&handler.get(&format!("{K1}/states/{none}")).await, 404, "not-found");
    }
    let listed = got(&mut handler, &document, "/api/v1/complaints", "/api/v1/complaints?at=2026-11-22").await;
    assert_eq!(listed["complaints"], json!([]));
    // Mails one by one, page by page, with an opaque place.
    let (mut next, mut found) = (Some(format!("{K1}/messages?pageSize=1")), Vec::new());
    while let Some(path) = next {
        let page = got(&mut handler, &document, "/api/v1/complaints/{reference}/messages", &path).await;
        found.extend(page["messages"].as_array().unwrap().clone());
        next = page["next"].as_str().map(str::to_owned);
    }
    let whole = read(&handler.get(&format!("{K1}/messages")).await);
    assert_eq!(&json!(found), &whole["messages"]);
    assert!(found.len() > 1, "{whole:#}");
    let mail = found.iter().find(|m| m["direction"] == "in").unwrap()["path"].as_str().unwrap().to_owned();
    let raw = handler.get(&format!("{mail}/raw")).await;
    assert_eq!((raw.status, raw.header("content-type")), (200, Some("application/octet-stream")));
    assert_problem(&handler.get(&format!("{mail}/original")).await, 404, "not-found");
    assert_problem(&handler.get(&format!("{mail}/attachments/x")).await, 404, "not-found");
    let letter = found.iter().find(|m| m["direction"] == "out").unwrap()["path"].as_str().unwrap();
    let template = "/api/v1/complaints/{reference}/letters/{version}/{ordinal}/why";
    let why = got(&mut handler, &document, template, &format!("{letter}/why")).await;
    assert!(why["cause"].is_string(), "{why}");
    for cursor in ["x", "zz", "2e2e", "31"] {
        let answer = handler.get(&format!("{K1}/messages?cursor={cursor}")).await;
        assert!([200, 400].contains(&answer.status), "{cursor}: {}", answer.body);
    }
    assert_problem(&handler.get(&format!("{K1}/events?cursor=312e31")).await, 400, "invalid-input");
    for (file, kind) in [
        ("register.csv", "text/csv; charset=utf-8"),
        ("register.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let answer = handler.get(&format!("/api/v1/register-files/{file}?stage=open&late=false")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{}", answer.body);
    }
    assert_problem(&handler.get("/api/v1/register-files/register.exe").await, 404, "not-found");
    let theirs = read(&receiver.get(&format!("/api/v1/complaints?responsible={HANDLER}")).await);
    assert_eq!(theirs["complaints"].as_array().unwrap().len(), 3);
}

/// Losing sight of a complaint changes no answer that was given under a key.
#[tokio::test]
async fn a_key_is_answered_the_same_also_after_sight_is_lost() {
    let site = site().await;
    let mut program = Program::of(&site, HANDLER).await;
    let (once, wish) = ([("idempotency-key", "een")], json!({"answers": {"consultation": "Met de planner"}}));
    let done = read(&program.post(ACT, &once, &wish).await);
    let input = [("about".to_owned(), HANDLER.into())].into_iter().collect();
    let acted =
        site.app.app.workflow.act("K-2026-0001", "record_facts", RECEIVER, input, Via::CommandLine).await;
    acted.unwrap();
    assert_problem(&program.get(K1).await, 404, "not-found");
    let mut again = read(&program.post(ACT, &once, &wish).await);
    assert_eq!(again["wasTakenBefore"], true, "{again}");
    again["wasTakenBefore"] = json!(false);
    assert_eq!(again, done);
    let reference = program.browser.get("/api/v1/reference").await;
    assert_eq!(program.browser.get("/api/v1/reference").await.body, reference.body, "made once");
}

/// What is no action on a complaint is done once for its key as well, whichever process is asked again, and what broke off is told.
#[tokio::test]
async fn what_was_answered_is_answered_again_after_a_restart() {
    let mut site = site().await;
    let mut receiver = Program::of(&site, RECEIVER).await;
    let wish = json!({"channel": "phone", "subject": "Klacht over de koffie", "text": "Te koud", "address": "piet@example.nl"});
    let key = [("idempotency-key", "tel")];
    let noted = receiver.post("/api/v1/contacts", &key, &wish).await;
    assert_eq!(noted.status, 201, "{}", noted.body);
    site.app.app.turn().await.unwrap();
    let told =
        site.events().await.into_iter().filter(|e| e.kind == EventKind::Received && e.via != Via::Mail);
    let told: Vec<_> = told.map(|e| (e.by, e.via)).collect();
    assert_eq!(told, [(Actor::Person(RECEIVER.to_owned()), Via::Api)]);
    site.restart(&mut [&mut receiver.browser]).await;
    let again = receiver.post("/api/v1/contacts", &key, &wish).await;
    assert_eq!((again.status, &again.body), (201, &noted.body));
    assert_eq!(again.header("location"), noted.header("location"));
    let mut other = wish.clone();
    other["text"] = json!("Te heet");
    assert_problem(&receiver.post("/api/v1/contacts", &key, &other).await, 422, "key-reused");
    // What is refused is not done, and may be sent again under its key once it is right.
    let wrong = json!({"channel": "phone", "subject": " ", "text": "x", "address": "piet@example.nl"});
    assert_problem(
        &receiver.post("/api/v1/contacts", &[("idempotency-key", "b")], &wrong).await,
        400,
        "invalid-input",
    );
    assert_eq!(receiver.post("/api/v1/contacts", &[("idempotency-key", "b")], &other).await.status, 201);
    let url = format!("sqlite:{}", site.app.folder.path().join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    sqlx::query("UPDATE kept_answers SET status = NULL, headers = NULL, body = NULL")
        .execute(&pool)
        .await
        .unwrap();
    assert_problem(&receiver.post("/api/v1/contacts", &key, &wish).await, 409, "unfinished");
    site.advance(25 * 60);
    assert_eq!(receiver.post("/api/v1/contacts", &key, &wish).await.status, 201, "kept for a day");
}

#[tokio::test]
async fn a_letter_is_called_back_once() {
    let config = "[delivery]\nrecall_minutes = 2\n";
    let site =
        Site::of(Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).config(config), Door::Loopback)
            .await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let mut program = Program::of(&site, HANDLER).await;
    let asked = program
        .act(&format!("{K1}/actions/ask_information"), &json!({"answers": {"questions": "Welke dag?"}}))
        .await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let messages = read(&program.get(&format!("{K1}/messages")).await);
    let letter = messages["messages"].as_array().unwrap().iter().find(|m| m["isRecallable"] == true);
    let path =
        format!("{}/recalls", letter.unwrap_or_else(|| panic!("{messages:#}"))["path"].as_str().unwrap());
    let mut director =
        Program { browser: site.browser(), key: key(&site, DIRECTOR, &[Scope::ReadComplaints]).await };
    assert_problem(&director.act(&path, &json!({})).await, 403, "scope-needed");
    let recalled = program.act(&path, &json!({})).await;
    assert_eq!(recalled.status, 200, "{}", recalled.body);
    assert_eq!(program.act(&path, &json!({})).await.status, 200, "again changes nothing");
    let told = site.events().await.into_iter().filter(|e| e.kind == EventKind::LetterRecalled);
    let told: Vec<_> = told.map(|e| (e.by, e.via)).collect();
    assert_eq!(told, [(Actor::Person(HANDLER.to_owned()), Via::Api)]);
    let messages = read(&program.get(&format!("{K1}/messages")).await);
    let all = messages["messages"].as_array().unwrap();
    assert!(
        all.iter().any(|m| m["state"] == "recalled") && all.iter().all(|m| m["isRecallable"] == false),
        "{messages:#}"
    );
    assert_problem(
        &program.act(&path.replace("/letters/", "/letters/9"), &json!({})).await,
        404,
        "not-found",
    );
}

#[tokio::test]
async fn people_records_and_several_at_once() {
    let site = site().await;
    let mut handler = Program::of(&site, HANDLER).await;
    let mut director = Program::of(&site, DIRECTOR).await;
    let person = format!("/api/v1/people/{HANDLER}");
    let away = json!({"from": "2026-11-23", "to": "2026-11-27"});
    let entered = handler.post(&format!("{person}/absences"), &[("idempotency-key", "weg")], &away).await;
    assert_eq!(entered.status, 200, "{}", entered.body);
    let again = handler.post(&format!("{person}/absences"), &[("idempotency-key", "weg")], &away).await;
    assert_eq!(again.body, entered.body);
    let told = read(&handler.get(&person).await);
    assert_eq!((&told["isAway"], told["absences"].as_array().unwrap().len()), (&json!(true), 1), "{told}");
    for wrong in [json!({"from": "2026-11-27", "to": "2026-11-23"}), json!({"from": "x", "to": "2026-11-23"})]
    {
        assert_problem(&handler.act(&format!("{person}/absences"), &wrong).await, 422, "refused");
    }
    let deputy = handler.send("PUT", &format!("{person}/deputy"), &[], &json!({"deputy": RECEIVER})).await;
    assert_eq!(read(&deputy)["deputy"], RECEIVER);
    let wrong = handler.send("PUT", &format!("{person}/deputy"), &[], &json!({"deputy": HANDLER})).await;
    assert_problem(&wrong, 422, "refused");
    let other = format!("/api/v1/people/{DIRECTOR}");
    assert_problem(&handler.act(&format!("{other}/absences"), &away).await, 404, "not-found");
    let id = told["absences"][0]["id"].as_str().unwrap();
    let back = handler.send("DELETE", &format!("{person}/absences/{id}"), &[], &json!({})).await;
    assert_eq!((back.status, &read(&back)["absences"]), (200, &json!([])), "{}", back.body);
    let changed = site.events().await.into_iter().filter(|e| e.kind == EventKind::PersonChanged);
    let changed: Vec<Via> = changed.map(|e| e.via).collect();
    assert!(changed.len() >= 3 && changed.iter().all(|via| *via == Via::Api), "{changed:?}");
    // Recommendations, with who saw what.
    let wish =
        json!({"content": "Meer parkeerplaatsen", "followUpOn": "2027-01-04", "complaints": ["k-2026-0001"]});
    let made = director.act("/api/v1/recommendations", &wish).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let place = made.header("location").unwrap().to_owned();
    let tag = director.get(&place).await.header("etag").unwrap().to_owned();
    site.advance(1);
    let note = json!({"note": "Offerte gevraagd"});
    let kept = director.send("PUT", &place, &[("if-match", &tag)], &note).await;
    assert_eq!((kept.status, &read(&kept)["note"]), (200, &json!("Offerte gevraagd")), "{}", kept.body);
    assert_problem(&director.send("PUT", &place, &[("if-match", &tag)], &note).await, 412, "changed");
    assert_problem(&handler.act("/api/v1/recommendations", &wish).await, 404, "not-found");
    let wrong = json!({"content": "x", "followUpOn": "morgen"});
    assert_problem(&director.act("/api/v1/recommendations", &wrong).await, 400, "invalid-input");
    let conclude = "/api/v1/reports/2026-Q3/conclusions";
    assert_problem(&handler.act(conclude, &json!({"conclusions": "Goed"})).await, 404, "not-found");
    let concluded =
        director.act(conclude, &json!({"conclusions": "Er waren geen klachten in dit kwartaal."})).await;
    assert_eq!(concluded.status, 201, "{}", concluded.body);
    let twice = director.act(conclude, &json!({"conclusions": "Nog eens hetzelfde kwartaal."})).await;
    assert_problem(&twice, 422, "refused");
    // Several at once: what does not go is told, and what goes is done once.
    let several = "/api/v1/bulk-actions/note_consultation";
    let chosen = json!({"complaints": [{"reference": "K-2026-0001"}, {"reference": "K-2026-9999"}, {"reference": "'"}]});
    let looked = handler.post(&format!("{several}/previews"), &[], &chosen).await;
    let outcomes: Vec<String> = read(&looked)["complaints"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", looked.body))
        .iter()
        .map(|c| c["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(outcomes, ["notOffered", "notFound", "notFound"], "it asks something");
    assert_problem(&handler.act(several, &chosen).await, 400, "invalid-input");
    assert_problem(
        &handler.act(&several.replace("note_consultation", "nothing"), &chosen).await,
        404,
        "not-found",
    );
    assert_problem(&handler.act(several, &json!({"complaints": []})).await, 400, "invalid-input");
}

/// Several complaints at once by a program: each is looked at, done on its own, once for its key, and recorded as done by a program.
#[tokio::test]
async fn several_are_acted_on_at_once() {
    let site = site().await;
    let workflow = &site.app.app.workflow;
    let answers = |of: &[(&str, &str)]| of.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
    for number in ["K-2026-0001", "K-2026-0002"] {
        let consulted = answers(&[("consultation", "Met de planner")]);
        workflow.act(number, "note_consultation", HANDLER, consulted, Via::CommandLine).await.unwrap();
        let decided = answers(&[("verdict", "upheld"), ("reasons", "r"), ("solution", "s")]);
        workflow.act(number, "decide", HANDLER, decided, Via::CommandLine).await.unwrap();
    }
    site.app.app.turn().await.unwrap();
    let mut program = Program::of(&site, HANDLER).await;
    let several = "/api/v1/bulk-actions/agree";
    let chosen = |versions: [&Value; 3]| {
        let one = |(n, version): (usize, &&Value)| json!({"reference": format!("K-2026-000{}", n + 1), "version": version});
        json!({"complaints": versions.iter().enumerate().map(one).collect::<Vec<_>>()})
    };
    let told = |answer: &Answer| {
        assert_eq!(answer.status, 200, "{}", answer.body);
        let all = read(answer)["complaints"].as_array().unwrap().clone();
        (all.iter().map(|c| c["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), all)
    };
    let nothing = Value::Null;
    let (outcomes, seen) =
        told(&program.post(&format!("{several}/previews"), &[], &chosen([&nothing; 3])).await);
    assert_eq!(outcomes, ["possible", "possible", "notOffered"]);
    assert!(seen[0]["after"]["name"] != seen[0]["before"]["name"], "{seen:?}");
    let acted = async || {
        let taken = site.events().await.into_iter().filter(|e| e.kind == EventKind::ActionTaken);
        let by_program = taken.filter(|e| e.source().name() == Some("agree"));
        by_program.map(|e| (e.complaint_id.unwrap().0, e.by, e.via)).collect::<Vec<_>>()
    };
    assert_eq!(acted().await, []);
    // One is not any more what was seen; it is told, and holds up no other.
    let (first, old) = (&seen[0]["version"], json!(seen[1]["version"].as_i64().unwrap() - 1));
    let wish = chosen([first, &old, &json!(1)]);
    let (outcomes, done) = told(&program.post(several, &[("idempotency-key", "een")], &wish).await);
    assert_eq!(outcomes[..2], ["taken", "changed"]);
    assert_ne!(outcomes[2], "taken");
    let by = || Actor::Person(HANDLER.to_owned());
    assert_eq!(acted().await, [(1, by(), Via::Api)]);
    assert_eq!(done[0]["version"], read(&program.get(K1).await)["version"]);
    let again = program.post(several, &[("idempotency-key", "een")], &wish).await;
    assert_eq!(told(&again).0[0], "takenBefore");
    let wish = chosen([first, &seen[1]["version"], &json!(1)]);
    let (outcomes, _) = told(&program.post(several, &[("idempotency-key", "twee")], &wish).await);
    assert_eq!(outcomes[..2], ["changed", "taken"]);
    assert_eq!(acted().await, [(1, by(), Via::Api), (2, by(), Via::Api)]);
}

/// Whoever sent something may leave before it is done: it goes on to its end, and is answered when it is sent again.
#[tokio::test]
async fn who_leaves_is_answered_when_the_same_is_sent_again() {
    let site = Site::open().await;
    let mut program = Program::of(&site, QUALITY).await;
    let bearer = format!("Bearer {}", program.key);
    let upload = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/octet-stream"),
        ("idempotency-key", "up"),
    ];
    let up = site.browser().send("POST", "/api/v1/import-files", &upload, REGISTER).await;
    let imports = format!("{}/imports", up.header("location").unwrap());
    // Two others import, as many as may, and stand still.
    let importing = site.app.app.workflow.importing();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let hear = || {
        let told = told.clone();
        move |_: redress::workflow::ImportTold| told.send(()).unwrap()
    };
    let (mut hear_one, mut hear_two) = (hear(), hear());
    let mut tables = Vec::new();
    for name in ["a", "b"] {
        let path = site.app.folder.path().join(format!("{name}.csv"));
        std::fs::write(&path, many(1_000).replace("old-", name).replace("Zaak", name)).unwrap();
        tables.push(importing.read(&path, &Mapping::default()).await.unwrap());
    }
    let mut one = std::pin::pin!(importing.import(&tables[0], QUALITY, Via::CommandLine, &mut hear_one));
    let mut two = std::pin::pin!(importing.import(&tables[1], QUALITY, Via::CommandLine, &mut hear_two));
    tokio::select! { biased; _ = heard.recv() => {}, done = &mut one => panic!("{done:?}") }
    while heard.try_recv().is_ok() {}
    tokio::select! { biased; _ = heard.recv() => {}, done = &mut two => panic!("{done:?}") }
    // A third is begun by a program, which leaves.
    let url = format!("sqlite:{}", site.app.folder.path().join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let mut line = tokio::net::TcpStream::connect(site.address()).await.unwrap();
    let sent = format!(
        "POST {imports} HTTP/1.1\r\nhost: x\r\nauthorization: {bearer}\r\nidempotency-key: in\r\n\
         content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    tokio::io::AsyncWriteExt::write_all(&mut line, sent.as_bytes()).await.unwrap();
    let begun = "SELECT COUNT(*) FROM kept_answers WHERE status IS NULL";
    while sqlx::query_scalar::<_, i64>(begun).fetch_one(&pool).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    drop(line);
    for _ in 0..50 {
        sqlx::query_scalar::<_, i64>(begun).fetch_one(&pool).await.unwrap();
    }
    assert_eq!((one.await.unwrap().imported, two.await.unwrap().imported), (1_000, 1_000));
    let again = program.post(&imports, &[("idempotency-key", "in")], &json!({})).await;
    assert_eq!((again.status, &read(&again)["imported"]), (200, &json!(3)), "{}", again.body);
}

#[tokio::test]
async fn a_register_is_uploaded_tried_imported_and_undone() {
    let site = Site::open().await;
    let mut program = Program::of(&site, QUALITY).await;
    let bearer = format!("Bearer {}", program.key);
    let headers = |key: &'static str| {
        [
            ("authorization", bearer.as_str()),
            ("content-type", "application/octet-stream"),
            ("idempotency-key", key),
        ]
    };
    let path = "/api/v1/import-files";
    let mut browser = site.browser();
    let up = browser.send("POST", path, &headers("a"), REGISTER).await;
    assert_eq!(up.status, 201, "{}", up.body);
    let file = up.header("location").unwrap().to_owned();
    let again = browser.send("POST", path, &headers("a"), REGISTER).await;
    assert_eq!(again.header("location"), Some(file.as_str()), "uploaded once");
    assert_problem(&browser.send("POST", path, &headers("b"), "").await, 422, "refused");
    assert_eq!(program.get(&file).await.status, 200);
    let tried = program.post(&format!("{file}/trials"), &[], &json!({})).await;
    assert_eq!(
        (tried.status, &read(&tried)["imported"], &read(&tried)["id"]),
        (200, &json!(3), &Value::Null),
        "{}",
        tried.body
    );
    let left_out = json!({"columns": {"Status": ""}});
    assert_problem(&program.post(&format!("{file}/trials"), &[], &left_out).await, 422, "refused");
    let done = program.post(&format!("{file}/imports"), &[("idempotency-key", "in")], &json!({})).await;
    assert_eq!((done.status, &read(&done)["imported"]), (200, &json!(3)), "{}", done.body);
    let twice = program.post(&format!("{file}/imports"), &[("idempotency-key", "in")], &json!({})).await;
    assert_eq!(twice.body, done.body, "the same is answered again");
    assert_problem(&program.get(&file).await, 404, "not-found");
    let list = read(&program.get("/api/v1/imports").await);
    assert_eq!(
        (&list["imports"][0]["standing"], &list["imports"][0]["by"]),
        (&json!(3), &json!(QUALITY)),
        "{list}"
    );
    let undo = "/api/v1/imports/1/undoings";
    assert_eq!(read(&program.act(undo, &json!({})).await), json!({"isDone": false, "undone": 3, "stay": []}));
    assert_eq!(read(&program.act(undo, &json!({"really": true})).await)["undone"], 3);
    let mut handler = Program::of(&site, HANDLER).await;
    assert_problem(&handler.get("/api/v1/imports").await, 404, "not-found");
    assert_problem(&handler.act(undo, &json!({"really": true})).await, 404, "not-found");
}
