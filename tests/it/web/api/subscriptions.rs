//! Webhooks that programs make for themselves: signed with a secret that stands nowhere, changed, renewed, taken away; and what
//! cannot be.

use super::describing::{assert_valid, schema_of};
use super::*;
use crate::delivery::hook;
use crate::support::MAIL_PLUGIN;
use crate::support::receiver::{Receiver, expected_signature};

const INTEGRATOR: &str = "integratie@lagant.nl";
const ALL: &str = "/api/v1/subscriptions";
const CRM: &str = "/api/v1/subscriptions/crm";

fn people() -> String {
    let one = |(name, email, role): (&str, &str, &str)| {
        format!("[[people]]\nname = \"{name}\"\nemail = \"{email}\"\nroles = [\"{role}\"]\n")
    };
    [
        ("I", INTEGRATOR, "integrator"),
        ("R", RECEIVER, "receiver"),
        ("B", HANDLER, "handler"),
        ("D", DIRECTOR, "director"),
    ]
    .map(one)
    .concat()
}

async fn site() -> Site {
    let builder = Builder::default().config(&people()).plugin("mail", MAIL_PLUGIN.to_owned());
    Site::of(builder, Door::Loopback).await
}

fn wish(url: &str) -> Value {
    json!({"name": "crm", "url": url, "takes": {"events": ["entered"]}})
}

/// Returns the secrets by which the newest request is signed, of these.
fn signed_by(receiver: &Receiver, secrets: &[&str]) -> Vec<bool> {
    let (headers, body) = receiver.seen().last().cloned().unwrap();
    let found = headers["webhook-signature"].to_str().unwrap().to_owned();
    assert!(found.split(' ').count() <= secrets.len(), "{found}");
    secrets
        .iter()
        .map(|s| found.split(' ').any(|one| one == expected_signature(s, &headers, &body)))
        .collect()
}

/// The shape of a webhook that was made.
fn schema_made(document: &Value) -> Value {
    let mut schema =
        document["paths"][ALL]["post"]["responses"]["201"]["content"]["application/json"]["schema"].clone();
    schema["components"] = document["components"].clone();
    schema
}

/// Every byte of every file of the installation.
fn bytes_of(folder: &std::path::Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(bytes_of(&path)),
            false => all.extend(std::fs::read(path).unwrap()),
        }
    }
    all
}

fn holds(all: &[u8], text: &str) -> bool {
    all.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn a_webhook_is_made_signed_renewed_moved_and_taken_away() {
    let (receiver, url) = Receiver::start(&[]).await;
    let (elsewhere, other_url) = Receiver::start(&[]).await;
    let mut site = site().await;
    let mut program = Program::of(&site, INTEGRATOR).await;
    let document = read(&program.browser.get("/api/v1/openapi.json").await);
    let made = program.post(ALL, &[("idempotency-key", "nieuw")], &wish(&url)).await;
    assert_eq!((made.status, made.header("location")), (201, Some(CRM)), "{}", made.body);
    assert_valid(&schema_made(&document), &read(&made));
    let secret = read(&made)["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_") && secret.len() > 40);
    // It is told once: the same that is sent again is answered without it.
    let again = program.post(ALL, &[("idempotency-key", "nieuw")], &wish(&url)).await;
    assert_eq!((again.status, &read(&again)["secret"]), (201, &Value::Null), "{}", again.body);
    assert_problem(&program.act(ALL, &wish(&other_url)).await, 422, "refused");
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    assert!(receiver.count() > 0 && receiver.bodies().iter().all(|b| b["type"] == "event.entered"));
    assert_eq!(signed_by(&receiver, &[&secret]), [true]);
    assert!(!receiver.seen()[0].1.contains("jan@example.nl"), "no name goes out");
    // It is a plugin as others are, and no answer tells the secret.
    let mut told = String::new();
    for (path, template) in [
        (ALL, ALL),
        (CRM, "/api/v1/subscriptions/{subscription}"),
        ("/api/v1/plugins", "/api/v1/plugins"),
        ("/api/v1/plugins/crm", "/api/v1/plugins/{plugin}"),
    ] {
        let answer = program.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_valid(&schema_of(&document, template, "get"), &read(&answer));
        told.push_str(&answer.body);
    }
    assert!(told.contains("\"made\"") && !told.contains(&secret[6..]), "{told}");
    assert_eq!(read(&program.act("/api/v1/plugins/crm/tests", &json!({})).await)["isAccepted"], true);
    // Another secret: both sign for an hour, also after a restart; then the first does no longer.
    let stale = program.get(CRM).await.header("etag").unwrap().to_owned();
    let renewed = program.act(&format!("{CRM}/secrets"), &json!({"bothHours": 1})).await;
    assert_valid(
        &schema_of(&document, "/api/v1/subscriptions/{subscription}/secrets", "post"),
        &read(&renewed),
    );
    assert_eq!(read(&renewed)["secretBeforeUntil"], "2026-11-23T10:00:00.000Z", "{}", renewed.body);
    let second = read(&renewed)["secret"].as_str().unwrap().to_owned();
    assert_ne!(second, secret);
    let tried = |receiver: &Receiver| signed_by(receiver, &[secret.as_str(), second.as_str()]);
    program.act("/api/v1/plugins/crm/tests", &json!({})).await;
    assert_eq!(tried(&receiver), [true, true]);
    site.restart(&mut [&mut program.browser]).await;
    program.act("/api/v1/plugins/crm/tests", &json!({})).await;
    assert_eq!(tried(&receiver), [true, true]);
    site.app.until("2026-11-23 11:00").await;
    site.app.app.follow_plugins().await.unwrap();
    program.act("/api/v1/plugins/crm/tests", &json!({})).await;
    assert_eq!(tried(&receiver), [false, true]);
    // Renewed twice in a row, no receiver loses the one that it has; with no hours all before end at once.
    let renew = async |program: &mut Program, hours: i64| {
        let answer = program.act(&format!("{CRM}/secrets"), &json!({"bothHours": hours})).await;
        let secret = read(&answer)["secret"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned();
        program.act("/api/v1/plugins/crm/tests", &json!({})).await;
        secret
    };
    let third = renew(&mut program, 24).await;
    let fourth = renew(&mut program, 24).await;
    assert_eq!(signed_by(&receiver, &[second.as_str(), &third, &fourth]), [true, true, true]);
    let last = renew(&mut program, 0).await;
    assert_eq!(signed_by(&receiver, &[second.as_str(), &third, &fourth, &last]), [false, false, false, true]);
    let before = read(&program.get(CRM).await);
    assert_eq!(before["secretBeforeUntil"], Value::Null, "{before}");
    // Moved by who saw the newest; another process follows.
    let beside = site.app.beside().await;
    let moved = json!({"url": other_url, "takes": {"events": ["*"], "when": {"channel": ["email"]}}});
    let stale = program.send("PUT", CRM, &[("if-match", &stale)], &moved).await;
    assert_problem(&stale, 412, "changed");
    let present = program.get(CRM).await.header("etag").unwrap().to_owned();
    let answer = program.send("PUT", CRM, &[("if-match", &present)], &moved).await;
    assert_eq!((answer.status, &read(&answer)["url"]), (200, &json!(other_url)), "{}", answer.body);
    let before = beside.plugins.fingerprint();
    assert_ne!(before, site.app.app.plugins.fingerprint());
    beside.follow_plugins().await.unwrap();
    assert_eq!(beside.plugins.fingerprint(), site.app.app.plugins.fingerprint());
    beside.close().await;
    let seen = receiver.count();
    elsewhere.answer(&[500; 9]);
    site.app.mail(&crate::support::clear_complaint("k2@example.nl", "m2")).await;
    site.app.app.turn().await.unwrap();
    assert!(receiver.count() == seen && elsewhere.count() > 0);
    // What waits is given up with it, and one of the same name begins anew.
    assert!(!site.app.deliveries("crm", "queued").await.is_empty());
    let removed = program.send("DELETE", CRM, &[], &json!({})).await;
    assert_eq!((removed.status, read(&removed)), (200, json!({"name": "crm"})), "{}", removed.body);
    let (queued, dead) =
        (site.app.deliveries("crm", "queued").await, site.app.deliveries("crm", "dead").await);
    assert!(queued.is_empty() && !dead.is_empty());
    for path in [CRM, "/api/v1/plugins/crm"] {
        assert_problem(&program.get(path).await, 404, "not-found");
    }
    let anew = read(&program.act(ALL, &wish(&url)).await);
    assert_ne!(anew["secret"], json!(secret));
    let kinds = ["subscription_made", "subscription_changed", "subscription_removed"];
    let counts = kinds.map(|kind| super::super::links::events(&site, kind));
    let counts = futures_util::future::join_all(counts).await;
    assert_eq!(counts.iter().map(Vec::len).collect::<Vec<_>>(), [2, 5, 1]);
    assert!(counts.iter().flatten().all(|(by, via)| by == INTEGRATOR && *via == Via::Api));
    // No file of the installation holds one of them.
    let all = bytes_of(site.app.folder.path());
    assert!(holds(&all, "subscription_made"), "the files were read");
    for secret in [&secret, &second] {
        assert!(!holds(&all, &secret[6..]), "a secret is kept");
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_others_make_none() {
    let site = site().await;
    let mut program = Program::of(&site, INTEGRATOR).await;
    let taking = |events: &str| json!({"name": "crm", "url": "https://crm.example.nl/", "takes": {"events": [events]}});
    let with = |key: &str, value: Value| {
        let mut wish = taking("entered");
        wish[key] = value;
        wish
    };
    for (wish, said) in [
        (with("name", json!("mail")), "Een map in plugins/ heet al zo"),
        (with("name", json!("schema")), "De naam kan niet"),
        (with("name", json!("../x")), "De naam kan niet"),
        (with("name", json!("")), "De naam kan niet"),
        (with("name", json!("x".repeat(41))), "De naam kan niet"),
        (with("url", json!("ftp://x.nl/")), "geen webadres"),
        (with("url", json!("https://a:b@x.nl/")), "holds a password"),
        (with("url", json!("https://x.nl/{{ secret.token }}")), "names a secret"),
        (with("url", json!("https://{{ id }}.x.nl/")), "geen webadres"),
        (with("url", json!(format!("https://x.nl/{}", "y".repeat(2_000)))), "too long"),
        (with("takes", json!({})), "gaat zo niets naartoe"),
        (with("takes", json!({"events": ["entered"], "when": {"colour": ["red"]}})), "colour"),
        (with("takes", json!({"events": ["entered"], "purpose": "x"})), "unknown field"),
        (with("takes", json!({"events": ["entered"], "states": ["nowhere"]})), "is not in this procedure"),
        (with("secret", json!("whsec_x")), "unknown field"),
        (taking("enterd"), "did you mean `entered`"),
        // What belongs to no complaint, such as who signs in, goes to nobody.
        (taking("signed_in"), "is not in this procedure"),
    ] {
        let problem = assert_problem(&program.act(ALL, &wish).await, 400, "invalid-input");
        assert!(problem.to_string().contains(said), "{wish}: {problem:#}");
    }
    let none = read(&program.get(ALL).await);
    assert_eq!(none, json!({"subscriptions": []}));
    // Both mistakes at once, each where it stands.
    let wrong = json!({"name": "A B", "url": "https://crm.example.nl/", "takes": {"events": ["enterd"]}});
    let problem = assert_problem(&program.act(ALL, &wrong).await, 400, "invalid-input");
    let places: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|e| &e["location"]).collect();
    assert_eq!(places, ["/name", "/takes"], "{problem:#}");
    assert_eq!(program.act(ALL, &taking("entered")).await.status, 201);
    let hours = program.act(&format!("{CRM}/secrets"), &json!({"bothHours": 721})).await;
    assert_problem(&hours, 400, "invalid-input");
    assert_problem(&program.act(&format!("{ALL}/none/secrets"), &json!({})).await, 404, "not-found");
    // The director looks; others find nothing; a key that only reads changes nothing.
    let mut director = Program::of(&site, DIRECTOR).await;
    let mut handler = Program::of(&site, HANDLER).await;
    assert_eq!(director.get(CRM).await.status, 200);
    assert_problem(&handler.get(CRM).await, 404, "not-found");
    for who in [&mut director, &mut handler] {
        let body = json!({"url": "https://x.nl/", "takes": {"events": ["*"]}});
        assert_problem(&who.act(ALL, &with("name", json!("x"))).await, 404, "not-found");
        assert_problem(&who.act(&format!("{CRM}/secrets"), &json!({})).await, 404, "not-found");
        assert_problem(&who.send("PUT", CRM, &[], &body).await, 404, "not-found");
        assert_problem(&who.send("DELETE", CRM, &[], &json!({})).await, 404, "not-found");
    }
    program.key = key(&site, INTEGRATOR, &[Scope::ReadDeliveries]).await;
    assert_problem(&program.send("DELETE", CRM, &[], &json!({})).await, 403, "scope-needed");
    assert_eq!(program.get(CRM).await.status, 200);
}

#[tokio::test]
async fn a_folder_of_the_same_name_is_used_and_the_webhook_told_of() {
    let (receiver, url) = Receiver::start(&[]).await;
    let (of_folder, folder_url) = Receiver::start(&[]).await;
    let site = site().await;
    let mut program = Program::of(&site, INTEGRATOR).await;
    assert_eq!(program.act(ALL, &wish(&url)).await.status, 201);
    let secrets = tempfile::tempdir().unwrap();
    site.app.write_plugin("crm", "plugin.toml", &hook(&folder_url, secrets.path(), ""));
    site.app.app.follow_plugins().await.unwrap();
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    assert!(receiver.count() == 0 && of_folder.count() > 0);
    let plugin = program.get("/api/v1/plugins/crm").await;
    assert!(plugin.body.contains("a folder of plugins/ has the same name"), "{}", plugin.body);
    // The folder goes, and the webhook is back.
    std::fs::remove_dir_all(site.app.folder.path().join("plugins/crm")).unwrap();
    site.app.app.follow_plugins().await.unwrap();
    assert_eq!(read(&program.act("/api/v1/plugins/crm/tests", &json!({})).await)["isAccepted"], true);
    assert_eq!(receiver.count(), 1);
}
