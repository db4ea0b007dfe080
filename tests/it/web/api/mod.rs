//! The interface for programs: keys, what a program may see and do, and that what is described is what is answered.

mod acting;
mod beside;
mod describing;
mod plugins;
mod routes;
mod rules;
mod subscriptions;

use super::*;
use redress::accounts::Scope;
use redress::complaint::{EventKind, Via};
use redress::workflow::TokenWish;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

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

    /// Does something by another method, with what is said in headers.
    pub async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let own = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let headers: Vec<_> = own.into_iter().chain(headers.iter().copied()).collect();
        self.browser.send(method, path, &headers, &body.to_string()).await
    }

    /// Does something that is meant to be done now, under a key of its own.
    pub async fn act(&mut self, path: &str, body: &Value) -> Answer {
        self.post(path, &[("idempotency-key", &another())], body).await
    }
}

/// Returns a key that was never used.
pub fn another() -> String {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    format!("nr {}", LAST.fetch_add(1, Ordering::Relaxed))
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
        (Some(HANDLER), Some(Scope::ALL.len()))
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
        &[("name", ""), ("may.complaints:read", "1"), ("password", PASSWORD), ("days", "30")][..],
        &[("name", "crm"), ("password", PASSWORD), ("days", "30")],
        &[("name", "crm"), ("may.everything", "1"), ("password", PASSWORD), ("days", "30")],
        &[("name", "crm"), ("may.complaints:read", "1"), ("password", PASSWORD), ("days", "731")],
        &[("name", "crm"), ("may.complaints:read", "1"), ("password", PASSWORD), ("days", "-1")],
        &[("name", "crm"), ("may.complaints:read", "1"), ("password", PASSWORD), ("days", "x")],
    ] {
        let answer = browser.post("/me/keys", wrong).await;
        assert_eq!(answer.status, 422, "{wrong:?}");
        assert!(answer.text().contains("De sleutel is niet gemaakt"), "{}", answer.text());
        assert_eq!(answer.value("days"), wrong.last().unwrap().1);
    }
    let fields = [("name", "crm <b>"), ("may.complaints:read", "1"), ("days", "30")];
    // Who finds a browser that is signed in makes no key of it.
    for wrong in [&fields[..], &[&fields[..], &[("password", "x")]].concat()] {
        let answer = browser.post("/me/keys", wrong).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("Dit wachtwoord klopt niet"), "{}", answer.text());
    }
    let fields = [&fields[..], &[("password", PASSWORD)]].concat();
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
    // What a key is not good for counts as well.
    program.key = key(&site, HANDLER, &[Scope::ReadReports]).await;
    for _ in 0..600 {
        assert_eq!(program.get("/api/v1/tasks").await.status, 403);
    }
    assert_problem(&program.get("/api/v1/tasks").await, 429, "too-many-requests");
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
    let (mut next, mut found) = (Some("/api/v1/deliveries?pageSize=1&state=accepted".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = read(&integrator.get(&path).await);
        found.extend(page["deliveries"].as_array().unwrap().iter().map(|d| d["id"].clone()));
        next = page["next"].as_str().map(str::to_owned);
    }
    let ids: Vec<Value> = all.iter().map(|d| d["id"].clone()).collect();
    assert!(found.len() > 1, "several of one moment");
    assert_eq!(found, ids);
    assert_problem(&integrator.get("/api/v1/deliveries?cursor=x").await, 400, "invalid-input");
    let id = all[0]["id"].as_str().unwrap();
    let one = read(&integrator.get(&format!("/api/v1/deliveries/{id}")).await);
    assert_eq!((&one["id"], &one["payload"], &one["reference"]), (&json!(id), &Value::Null, &Value::Null));
    let path = format!("/api/v1/deliveries/{id}/replays");
    assert_problem(&integrator.post(&path, &[], &json!({})).await, 400, "invalid-input");
    let replays = async || {
        let events = site.app.app.workflow.reading().trail().events_after(0).await.unwrap();
        events.into_iter().filter(|e| e.kind == EventKind::DeliveriesReplayed).collect::<Vec<_>>()
    };
    assert_eq!(replays().await.len(), 0);
    // What is sent twice under one key is done once; under another it is done again.
    for (key, times) in [("een", 1), ("een", 1), ("twee", 2)] {
        let replayed = integrator.post(&path, &[("idempotency-key", key)], &json!({})).await;
        assert_eq!((replayed.status, read(&replayed)), (200, json!({"replayed": 1})));
        assert_eq!(replays().await.len(), times, "{key}");
    }
    assert_problem(&integrator.get("/api/v1/deliveries/nothing").await, 404, "not-found");
    let again = integrator.act("/api/v1/deliveries/nothing/replays", &json!({})).await;
    assert_problem(&again, 404, "not-found");
    for replay in replays().await {
        assert_eq!((&replay.by, replay.via), (&Actor::Person("integratie@lagant.nl".to_owned()), Via::Api));
    }
    assert_problem(&Program::of(&site, HANDLER).await.get("/api/v1/deliveries").await, 404, "not-found");
}
