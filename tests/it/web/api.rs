//! The interface for programs: keys, what a program may see and do, and that what is described is what is answered.

use super::*;
use redress::accounts::Scope;
use redress::complaint::{EventKind, Via};
use redress::workflow::TokenWish;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DIRECTOR: &str = "directeur@lagant.nl";

/// Makes a key in the name of somebody.
pub async fn key(site: &Site, email: &str, scopes: &[Scope]) -> String {
    let wish = TokenWish { name: "test", scopes, days: 30 };
    let made = site.app.app.workflow.accounts().make_token(email, wish, (Actor::System, Via::CommandLine));
    made.await.unwrap().key
}

/// A program with a key.
pub struct Program {
    pub browser: Browser,
    pub key: String,
}

impl Program {
    pub async fn of(site: &Site, email: &str) -> Self {
        Self { browser: site.browser(), key: key(site, email, Scope::ALL).await }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        self.browser.send("GET", path, &[("authorization", &bearer)], "").await
    }

    pub async fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let own = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let headers: Vec<_> = own.into_iter().chain(headers.iter().copied()).collect();
        self.browser.send("POST", path, &headers, &body.to_string()).await
    }
}

pub fn read(answer: &Answer) -> Value {
    let body = match answer.header("transfer-encoding") {
        Some("chunked") => answer.body.lines().step_by(2).skip(1).collect::<String>(),
        _ => answer.body.clone(),
    };
    serde_json::from_str(&body).unwrap_or_else(|e| panic!("{e}: {body}"))
}

/// Asserts that an answer is a problem of this kind.
fn assert_problem(answer: &Answer, status: u16, kind: &str) -> Value {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem = read(answer);
    assert_eq!(problem["type"], format!("/api/problems/{kind}"), "{problem}");
    assert_eq!(problem["status"], status);
    assert!(problem["title"].as_str().is_some_and(|t| !t.is_empty()), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|t| !t.is_empty()), "{problem}");
    problem
}

async fn site() -> Site {
    let site = Site::open().await;
    super::register::fill(&site, 3).await;
    site
}

#[tokio::test]
async fn a_key_counts_for_its_time_its_person_and_what_it_is_good_for() {
    let site = site().await;
    let mut program = Program::of(&site, HANDLER).await;
    let path = "/api/v1/complaints";
    let caller = read(&program.get("/api/v1/caller").await);
    assert_eq!(
        (caller["email"].as_str(), caller["scopes"].as_array().map(Vec::len)),
        (Some(HANDLER), Some(5))
    );
    assert_eq!(program.get(path).await.status, 200);
    // Whoever is signed in on the page is nobody here: another site could have the browser ask.
    let mut browser = site.signed_in(HANDLER).await;
    let answer = browser.get(path).await;
    assert_problem(&answer, 401, "key-needed");
    assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"));
    let good = program.key.clone();
    let other = format!("redress_{}", "0".repeat(64));
    for wrong in
        ["", "x", &good[8..], &good.to_uppercase(), &other, &format!("{good}0"), &format!("{good} x")]
    {
        program.key = wrong.to_owned();
        assert_problem(&program.get(path).await, 401, "key-needed");
    }
    let two = [("authorization", "Bearer x"), ("authorization", &*format!("Bearer {good}"))];
    assert_problem(&program.browser.send("GET", path, &two, "").await, 401, "key-needed");
    program.key = key(&site, HANDLER, &[Scope::ReadReports]).await;
    assert_problem(&program.get(path).await, 403, "scope-needed");
    assert_problem(&program.get("/api/v1/deliveries").await, 403, "scope-needed");
    assert_eq!(program.get("/api/v1/reports").await.status, 200);
    // Locked out is locked out by every way, and comes back by every way.
    program.key = good.clone();
    let accounts = || site.app.app.workflow.accounts();
    accounts().lock(HANDLER, Actor::System).await.unwrap();
    assert_problem(&program.get(path).await, 401, "key-needed");
    accounts().unlock(HANDLER, Actor::System).await.unwrap();
    assert_eq!(program.get(path).await.status, 200);
    let id = caller["key"].as_str().unwrap();
    assert!(accounts().end_token(id, None, (Actor::System, Via::CommandLine)).await.unwrap());
    assert!(!accounts().end_token(id, None, (Actor::System, Via::CommandLine)).await.unwrap());
    assert_problem(&program.get(path).await, 401, "key-needed");
    program.key = key(&site, HANDLER, Scope::ALL).await;
    site.advance(30 * 24 * 60 - 1);
    assert_eq!(program.get(path).await.status, 200);
    site.advance(1);
    assert_problem(&program.get(path).await, 401, "key-needed");
    let made: Vec<String> = site.trail().await.into_iter().map(|e| e.summary).collect();
    let told = |text: &str| made.iter().filter(|s| s.contains(text)).count();
    assert_eq!(
        (told("a key for programs was made"), told("a key for programs was ended")),
        (3, 1),
        "{made:?}"
    );
    assert!(!made.iter().any(|s| s.contains(&good)));
}

#[tokio::test]
async fn a_key_is_made_and_ended_on_the_page_and_shown_once() {
    let site = site().await;
    let mut browser = site.signed_in(HANDLER).await;
    let mut other = site.signed_in(DIRECTOR).await;
    for wrong in [
        &[("name", ""), ("may.complaints:read", "1"), ("days", "30")][..],
        &[("name", "crm"), ("days", "30")],
        &[("name", "crm"), ("may.everything", "1"), ("days", "30")],
        &[("name", "crm"), ("may.complaints:read", "1"), ("days", "731")],
        &[("name", "crm"), ("may.complaints:read", "1"), ("days", "-1")],
        &[("name", "crm"), ("may.complaints:read", "1"), ("days", "x")],
    ] {
        let answer = browser.post("/me/keys", wrong).await;
        assert_eq!(answer.status, 422, "{wrong:?}");
        assert!(answer.text().contains("De sleutel is niet gemaakt"), "{}", answer.text());
        assert_eq!(answer.value("days"), wrong.last().unwrap().1);
    }
    let fields = [("name", "crm <b>"), ("may.complaints:read", "1"), ("days", "30")];
    let made = browser.post("/me/keys", &fields).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let shown = made.text();
    let key = shown.split_whitespace().find(|word| word.starts_with("redress_")).unwrap().to_owned();
    let mut program = Program { browser: site.browser(), key: key.clone() };
    assert_eq!(program.get("/api/v1/complaints").await.status, 200);
    let list = browser.get("/me/keys").await;
    assert!(list.text().contains("crm <b>") && list.text().contains("Klachten lezen"), "{}", list.text());
    assert!(!list.body.contains(&key) && !list.body.contains("crm <b>"));
    let end = list.body.replace("&#x2f;", "/");
    let end = end.split("action=\"").find(|part| part.contains("/end\"")).unwrap().split('"').next().unwrap();
    assert!(!other.get("/me/keys").await.text().contains("crm"));
    assert_eq!(other.post(end, &[]).await.status, 404, "it is not theirs to end");
    assert_eq!(program.get("/api/v1/complaints").await.status, 200);
    assert_eq!(browser.post(end, &[]).await.status, 303);
    assert_problem(&program.get("/api/v1/complaints").await, 401, "key-needed");
    assert_eq!(browser.post(end, &[]).await.status, 404);
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended() {
    let site = site().await;
    let mut program = Program::of(&site, RECEIVER).await;
    for order in ["newest", "oldest", "number"] {
        let (mut next, mut found) =
            (Some(format!("/api/v1/complaints?pageSize=1&order={order}&stage=open")), Vec::new());
        while let Some(path) = next {
            let page = read(&program.get(&path).await);
            let numbers = page["complaints"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["number"].as_str().unwrap().to_owned());
            found.extend(numbers);
            next = page["next"].as_str().map(str::to_owned);
        }
        let mut sorted = found.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), 3, "{order}: {found:?}");
        assert_eq!(found == sorted, order != "newest", "{order}: {found:?}");
    }
    let path = "/api/v1/complaints/K-2026-0001/events";
    let (mut next, mut kinds) = (Some(format!("{path}?pageSize=2")), 0);
    while let Some(path) = next {
        let page = read(&program.get(&path).await);
        kinds += page["events"].as_array().unwrap().len();
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(kinds, read(&program.get(path).await)["events"].as_array().unwrap().len());
    for (path, what) in [
        ("/api/v1/complaints?stat=open", "stat"),
        ("/api/v1/complaints?stage=opened", "stage"),
        ("/api/v1/complaints?state=nowhere", "state"),
        ("/api/v1/complaints?pageSize=0", "pageSize"),
        ("/api/v1/complaints?pageSize=201", "pageSize"),
        ("/api/v1/complaints?late=1", "late"),
        ("/api/v1/complaints?receivedFrom=22-11-2026", "receivedFrom"),
        ("/api/v1/complaints?cursor=x", "cursor"),
        ("/api/v1/complaints?order=number&cursor=%27", "cursor"),
        ("/api/v1/complaints?number=K&order=newest", "order"),
        ("/api/v1/complaints?stage=open&state=in_treatment", "stage"),
    ] {
        let problem = assert_problem(&program.get(path).await, 400, "invalid-input");
        assert_eq!(
            (&problem["errors"][0]["in"], &problem["errors"][0]["location"]),
            (&json!("query"), &json!(what))
        );
    }
    let mine = read(&program.get("/api/v1/complaints?mine=true").await);
    assert_eq!(mine["complaints"], json!([]));
    let mut handler = Program::of(&site, HANDLER).await;
    assert_eq!(
        read(&handler.get("/api/v1/complaints?mine=true").await)["complaints"].as_array().unwrap().len(),
        3
    );
}

const ACT: &str = "/api/v1/complaints/K-2026-0001/actions/note_consultation";

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
    assert_eq!(done.header("etag"), Some(&*format!("\"{}\"", read(&done)["complaint"]["version"])));
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

#[tokio::test]
async fn a_key_makes_so_many_requests_and_hears_when_it_may_make_more() {
    let site = site().await;
    let mut program = Program::of(&site, HANDLER).await;
    let mut other = Program::of(&site, HANDLER).await;
    for left in (0..600).rev() {
        let answer = program.get("/api/v1/caller").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit"), Some(&*format!("\"minute\";r={left}")));
    }
    let answer = program.get("/api/v1/caller").await;
    assert_problem(&answer, 429, "too-many-requests");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.header("ratelimit-policy"), Some("\"minute\";q=600;w=60"));
    assert_eq!(other.get("/api/v1/caller").await.status, 200, "keys do not take from each other");
    site.advance(1);
    assert_eq!(program.get("/api/v1/caller").await.status, 200);
}

/// What the description says of an answer, as a schema of its own.
fn schema_of(document: &Value, path: &str, method: &str) -> Value {
    let content = &document["paths"][path][method]["responses"]["200"]["content"];
    let mut schema = content["application/json"]["schema"].clone();
    if schema.is_object() {
        schema["components"] = document["components"].clone();
    }
    schema
}

#[tokio::test]
async fn what_is_answered_is_what_is_described() {
    let site = site().await;
    let mut program = Program::of(&site, DIRECTOR).await;
    let document = read(&program.browser.get("/api/v1/openapi.json").await);
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/v1/") && !path.ends_with('/'), "{path}");
        let fixed = path.split('/').filter(|part| !part.starts_with('{'));
        let is_kebab = |part: &str| {
            part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
        };
        assert!(fixed.clone().all(is_kebab), "{path}");
        for (method, operation) in methods.as_object().unwrap() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{operation}");
            for parameter in operation["parameters"].as_array().unwrap() {
                let name = parameter["name"].as_str().unwrap();
                let is_camel = name.starts_with(|c: char| c.is_ascii_lowercase())
                    && name.chars().all(|c| c.is_ascii_alphanumeric());
                assert!(is_camel || parameter["in"] == "header", "{name}");
            }
            if method == "get" {
                continue;
            }
            assert_eq!(method, "post");
        }
    }
    let actions = read(&program.get("/api/v1/complaints/K-2026-0001/actions").await);
    let known: BTreeSet<&str> = document["components"]["schemas"]["ActionName"]["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|a| a["const"].as_str())
        .collect();
    for action in actions["offered"].as_array().unwrap() {
        assert!(known.contains(action["name"].as_str().unwrap()), "{action}");
    }
    let deliveries = read(&program.get("/api/v1/deliveries").await);
    assert_eq!(deliveries["type"], "/api/problems/not-found", "the director does not look after plugins");
    let mut watching = Program::of(&site, "kwaliteit@lagant.nl").await;
    for (path, asked) in [
        ("/api/v1/caller", "/api/v1/caller"),
        ("/api/v1/complaints", "/api/v1/complaints?receivedFrom=2026-01-01&late=false"),
        ("/api/v1/complaints/{reference}", "/api/v1/complaints/K-2026-0001"),
        ("/api/v1/complaints/{reference}/events", "/api/v1/complaints/K-2026-0001/events"),
        ("/api/v1/complaints/{reference}/messages", "/api/v1/complaints/K-2026-0001/messages"),
        ("/api/v1/complaints/{reference}/actions", "/api/v1/complaints/K-2026-0001/actions"),
        ("/api/v1/complaints/{reference}/views", "/api/v1/complaints/K-2026-0001/views"),
        ("/api/v1/tasks", "/api/v1/tasks"),
        ("/api/v1/reports", "/api/v1/reports"),
    ] {
        for program in [&mut program, &mut watching] {
            let answer = program.get(asked).await;
            assert_eq!(answer.status, 200, "{asked}: {}", answer.body);
            assert_valid(&schema_of(&document, path, "get"), &read(&answer));
        }
    }
    let search =
        program.post("/api/v1/complaint-searches", &[], &json!({"words": "parkeren", "pageSize": 2})).await;
    let found = read(&search);
    assert_valid(&schema_of(&document, "/api/v1/complaint-searches", "post"), &found);
    assert_eq!(found["found"].as_array().unwrap().len(), 2);
    let next = json!({"words": "parkeren", "pageSize": 2, "cursor": found["next"]});
    let rest = read(&program.post("/api/v1/complaint-searches", &[], &next).await);
    assert_eq!((rest["found"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let mut handler = Program::of(&site, HANDLER).await;
    let tasks = read(&handler.get("/api/v1/tasks").await);
    assert_valid(&schema_of(&document, "/api/v1/tasks", "get"), &tasks);
    let first = &tasks["tasks"][0];
    assert_eq!(
        (&first["turn"], &first["reference"]),
        (&json!("responsible"), &json!("K-2026-0001")),
        "{tasks:#}"
    );
    assert_eq!(handler.get("/api/v1/complaints/K-2026-0001/views").await.status, 404, "for who oversees");
    assert_eq!(handler.get("/api/v1/audit-packs/2026x").await.status, 404);
    let pack = program.get("/api/v1/audit-packs/2026").await;
    assert_eq!((pack.status, pack.header("content-type")), (200, Some("application/zip")));
    let wish = json!({"answers": {"consultation": "Met de planner"}});
    let template = "/api/v1/complaints/{reference}/actions/{action}";
    let preview = read(&handler.post(&format!("{ACT}/previews"), &[], &wish).await);
    assert_valid(&schema_of(&document, &format!("{template}/previews"), "post"), &preview);
    let done = read(&handler.post(ACT, &[("idempotency-key", "x")], &wish).await);
    assert_valid(&schema_of(&document, template, "post"), &done);
    let report = read(&program.get("/api/v1/reports/2026-Q4").await);
    assert_eq!(report["from"], "2026-10-01");
    let csv = program.get("/api/v1/reports/2026-Q4/files/report.csv").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let dossier = program.get("/api/v1/complaints/K-2026-0001/dossier").await;
    assert_eq!(dossier.header("content-type"), Some("application/zip"));
}

fn assert_valid(schema: &Value, document: &Value) {
    assert!(schema.is_object(), "{schema}");
    let validator = jsonschema::validator_for(schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(document).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}: {document:#}");
}

#[tokio::test]
async fn every_operation_refuses_what_is_not_asked_for_and_never_fails() {
    let site = site().await;
    let mut program = Program::of(&site, DIRECTOR).await;
    let document = read(&program.browser.get("/api/v1/openapi.json").await);
    let hostile = [
        "%00",
        "..%2f..",
        "K-2026-0001%27--",
        "%F0%9F%92%A9",
        "%ff",
        "-1",
        "9999999999999999999999",
        "*",
        "\"",
        "%0a",
    ];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for value in hostile {
            let filled: Vec<&str> =
                path.split('/').map(|part| if part.starts_with('{') { value } else { part }).collect();
            let filled = filled.join("/");
            for (method, operation) in methods.as_object().unwrap() {
                let names = operation["parameters"].as_array().unwrap().iter().filter(|p| p["in"] == "query");
                let query: Vec<String> =
                    names.map(|p| format!("{}={value}", p["name"].as_str().unwrap())).collect();
                for asked in [
                    filled.clone(),
                    format!("{filled}?{}", query.join("&")),
                    format!("{filled}?{value}={value}"),
                ] {
                    let answer = match method.as_str() {
                        "get" => program.get(&asked).await,
                        _ => program.post(&asked, &[("idempotency-key", "x")], &json!({"answers": {}})).await,
                    };
                    assert!(
                        answer.status < 500 && answer.status != 0,
                        "{method} {asked}: {} {}",
                        answer.status,
                        answer.body
                    );
                    if answer.status >= 400 && answer.header("content-type").is_some() {
                        assert_eq!(
                            answer.header("content-type"),
                            Some("application/problem+json"),
                            "{method} {asked}: {}",
                            answer.body
                        );
                    }
                }
            }
        }
        // Another method is refused by name, and a slash more is another address.
        let plain = path.replace("{reference}", "K-2026-0001");
        let answer = program.browser.send("DELETE", &plain, &[], "").await;
        assert_problem(&answer, 405, "method-not-allowed");
        assert!(answer.header("allow").is_some(), "{plain}: {:?}", answer.headers);
        assert_problem(&program.get(&format!("{plain}/")).await, 404, "not-found");
    }
    for path in ["/api", "/api/", "/api/v2", "/api/v1", "/api/v1/nothing", "/api/problems/nothing"] {
        assert_problem(&program.get(path).await, 404, "not-found");
    }
}

#[tokio::test]
async fn answers_say_their_version_and_language_and_are_kept_by_nobody() {
    let site = site().await;
    let mut program = Program::of(&site, HANDLER).await;
    let bearer = format!("Bearer {}", program.key);
    for (asked, language, label) in [
        ("nl", "nl", "in behandeling"),
        ("en-GB,nl;q=0.5", "en", "in treatment"),
        ("fr, de", "nl", "in behandeling"),
        ("fr, en", "en", "in treatment"),
    ] {
        let headers = [("authorization", bearer.as_str()), ("accept-language", asked)];
        let answer = program.browser.send("GET", "/api/v1/complaints/K-2026-0001", &headers, "").await;
        assert_eq!(answer.header("content-language"), Some(language), "{asked}");
        assert_eq!(read(&answer)["state"]["label"], label, "{asked}");
        assert_eq!(answer.header("api-version"), Some("1.0.0"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    let document = read(&program.browser.get("/api/v1/openapi.json").await);
    assert_eq!(document["info"]["version"], "1.0.0");
    let reference = program.browser.get("/api/v1/reference").await;
    assert_eq!(reference.status, 200);
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(reference.text().contains(path.as_str()), "{path}");
    }
    let text = reference.body.replace("&#x2f;", "/");
    let problems: Vec<&str> = text
        .split("href=\"")
        .filter(|part| part.starts_with("/api/problems/"))
        .filter_map(|p| p.split('"').next())
        .collect();
    assert_eq!(problems.len(), 15);
    for path in problems {
        let page = program.browser.get(path).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{path}"
        );
    }
}

/// Who looks after deliveries reads what became of them, and of complaints what they may see of those; sending again is recorded.
#[tokio::test]
async fn deliveries_are_for_who_looks_after_them() {
    let person = |email: &str, role: &str| {
        format!("[[people]]\nname = \"{role}\"\nemail = \"{email}\"\nroles = [\"{role}\"]\n")
    };
    let people = [(RECEIVER, "receiver"), (HANDLER, "handler"), ("integratie@lagant.nl", "integrator")];
    let people: String = people.iter().map(|(email, role)| person(email, role)).collect();
    let site = Site::of(Builder::default().config(&people), Door::Loopback).await;
    super::register::fill(&site, 1).await;
    site.app.app.turn().await.unwrap();
    let mut integrator = Program::of(&site, "integratie@lagant.nl").await;
    let list = read(&integrator.get("/api/v1/deliveries?state=accepted&pageSize=200").await);
    let all = list["deliveries"].as_array().unwrap();
    assert!(!all.is_empty(), "{list}");
    let id = all[0]["id"].as_str().unwrap();
    let one = read(&integrator.get(&format!("/api/v1/deliveries/{id}")).await);
    assert_eq!((&one["id"], &one["payload"], &one["reference"]), (&json!(id), &Value::Null, &Value::Null));
    let replayed = read(&integrator.post(&format!("/api/v1/deliveries/{id}/replays"), &[], &json!({})).await);
    assert_eq!(replayed, json!({"replayed": 1}));
    assert_problem(&integrator.get("/api/v1/deliveries/nothing").await, 404, "not-found");
    let again = integrator.post("/api/v1/deliveries/nothing/replays", &[], &json!({})).await;
    assert_problem(&again, 404, "not-found");
    let events = site.app.app.workflow.reading().trail().events_after(0).await.unwrap();
    let replay = events.iter().find(|e| e.kind == EventKind::DeliveriesReplayed).unwrap();
    assert_eq!(replay.by, Actor::Person("integratie@lagant.nl".to_owned()));
    assert_problem(&Program::of(&site, HANDLER).await.get("/api/v1/deliveries").await, 404, "not-found");
}
