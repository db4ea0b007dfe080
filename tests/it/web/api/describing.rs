//! What is described is what is answered, and nothing that is asked makes it fail.

use super::super::proposals::{Bench, QUALITY};
use super::acting::ACT;
use super::*;
use std::collections::BTreeSet;

/// What the description says of an answer, as a schema of its own.
pub fn schema_of(document: &Value, path: &str, method: &str) -> Value {
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
            assert!(["get", "post", "put", "delete"].contains(&method.as_str()), "{method}");
            described(operation, method, path);
            shows_what_is_sent(&document, operation);
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

/// Asserts that the example of what is sent along is of the shape that is described.
fn shows_what_is_sent(document: &Value, operation: &Value) {
    let Some(content) = operation["requestBody"]["content"].get("application/json") else { return };
    let mut schema = content["schema"].clone();
    schema["components"] = document["components"].clone();
    assert!(content["example"].is_object(), "{operation:#}");
    assert_valid(&schema, &content["example"]);
}

/// Asserts that the ways in which an operation is not done are told, each with its headers.
fn described(operation: &Value, method: &str, path: &str) {
    let answers = operation["responses"].as_object().unwrap();
    let has = |status: &str| answers.contains_key(status);
    assert!(["400", "401", "429", "503", "default"].iter().all(|status| has(status)), "{method} {path}");
    let done: Vec<&String> = answers.keys().filter(|status| status.starts_with('2')).collect();
    assert_eq!(done.len(), 1, "{method} {path}");
    let parameters = operation["parameters"].as_array().unwrap();
    let asks = |name: &str| parameters.iter().any(|p| p["name"] == name);
    assert_eq!(asks("If-Match"), has("412"), "{method} {path}");
    assert!(!asks("Idempotency-Key") || has("422"), "{method} {path}");
    assert!(answers["429"]["headers"]["Retry-After"].is_object());
    for (status, answer) in answers.iter().filter(|(status, _)| *status != "default") {
        assert!(answer["headers"]["RateLimit"].is_object(), "{method} {path} {status}");
    }
    if done[0] != "200" {
        assert!(answers[done[0]]["headers"]["Location"].is_object(), "{method} {path}");
    }
}

pub fn assert_valid(schema: &Value, document: &Value) {
    assert!(schema.is_object(), "{schema}");
    let validator = jsonschema::validator_for(schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(document).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}: {document:#}");
}

#[tokio::test]
async fn every_operation_refuses_what_is_not_asked_for_and_never_fails() {
    // Rules with few scenarios: some of these operations have them played.
    let bench = Bench::open("").await;
    super::super::register::fill(&bench.site, 2).await;
    for person in [DIRECTOR, QUALITY] {
        refuses(&bench.site, &mut Program::of(&bench.site, person).await).await;
    }
}

async fn refuses(site: &Site, program: &mut Program) {
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
    let bodies = [
        json!({"answers": {}}),
        json!({"words": "jan@voor\u{0}beeld.nl"}),
        json!({"words": "\u{202e}\" OR NEAR( *", "pageSize": 3}),
        json!({"answers": {"a\u{0}": "b"}}),
        json!({}),
    ];
    let mut n = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        // Each operation with some of them, the next one with others.
        let from = n / 3;
        for value in (from..from + 3).map(|i| hostile[i % hostile.len()]) {
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
                    site.advance(1);
                    let body = &bodies[n % bodies.len()];
                    n += 1;
                    let key = another();
                    let answer = match method.as_str() {
                        "get" => program.get(&asked).await,
                        method => {
                            let headers = [("idempotency-key", key.as_str()), ("if-match", "\"x\"")];
                            program.send(&method.to_uppercase(), &asked, &headers, body).await
                        }
                    };
                    assert!(
                        answer.status < 500 && ![0, 429].contains(&answer.status),
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
        let answer = program.browser.send("PATCH", &plain, &[], "").await;
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
        assert_eq!(answer.header("api-version"), Some("1.1.0"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    let document = read(&program.browser.get("/api/v1/openapi.json").await);
    assert_eq!(document["info"]["version"], "1.1.0");
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
    assert_eq!(problems.len(), 16);
    for path in problems {
        let page = program.browser.get(path).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{path}"
        );
    }
}

/// Schemathesis asks what the description allows, and much that it does not: nothing fails, and nothing is answered that is not
/// described. Keys have a limit, so that time goes on meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing() {
    let Some(library) = std::env::var_os("REDRESS_TEST_PYTHON").map(std::path::PathBuf::from) else {
        assert!(std::env::var_os("CI").is_none(), "CI must set REDRESS_TEST_PYTHON");
        return;
    };
    if !library.join("schemathesis").exists() {
        assert!(std::env::var_os("CI").is_none(), "schemathesis is missing; .ci/run installs it");
        return;
    }
    let bench = Bench::open("").await;
    super::super::register::fill(&bench.site, 3).await;
    let site = &bench.site;
    let key = key(site, DIRECTOR, Scope::ALL).await;
    let folder = tempfile::tempdir().unwrap();
    let mut command = tokio::process::Command::new("python3");
    command.env("PYTHONPATH", library).current_dir(folder.path());
    command.args(["-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"]);
    command.arg(format!("http://{}/api/v1/openapi.json", site.address()));
    command.args(["--header", &format!("Authorization: Bearer {key}"), "--max-examples", "3", "--seed", "1"]);
    command.args(["--phases", "coverage,fuzzing", "--checks"]);
    command.arg(
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
         negative_data_rejection,unsupported_method,ignored_auth",
    );
    let asking = command.output();
    tokio::pin!(asking);
    let said = loop {
        tokio::select! {
            said = &mut asking => break said.unwrap(),
            () = tokio::time::sleep(std::time::Duration::from_millis(50)) => site.advance(1),
        }
    };
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{text}{}", String::from_utf8_lossy(&said.stderr));
    assert!(text.contains("passed"), "{text}");
}
