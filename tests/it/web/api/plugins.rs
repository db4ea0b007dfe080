//! Plugins by programs: how they stand, switching, trying out, sending again; with no secret in any answer.

use super::*;
use crate::support::receiver::Receiver;

const INTEGRATOR: &str = "integratie@lagant.nl";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[tokio::test]
async fn a_plugin_is_switched_tried_out_and_sent_what_it_missed() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("secret");
    std::fs::write(&place, SECRET).unwrap();
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = []\nevents = [\"*\"]\n[webhook]\nurl = \"{url}\"\nsecret = {{ file = \"{}\" }}\n",
        place.display()
    );
    let people = format!(
        "[[people]]\nname = \"I\"\nemail = \"{INTEGRATOR}\"\nroles = [\"integrator\"]\n\
         [[people]]\nname = \"R\"\nemail = \"{RECEIVER}\"\nroles = [\"receiver\"]\n\
         [[people]]\nname = \"B\"\nemail = \"{HANDLER}\"\nroles = [\"handler\"]\n"
    );
    let builder = Builder::default().config(&people).plugin("crm", manifest);
    let site = Site::of(builder, Door::Loopback).await;
    super::super::register::fill(&site, 2).await;
    site.app.app.turn().await.unwrap();
    let mut program = Program::of(&site, INTEGRATOR).await;
    let mut all = String::new();
    let mut hear = |answer: &Answer| all.push_str(&answer.body);
    let document = read(&program.browser.get("/api/v1/openapi.json").await);
    let list = program.get("/api/v1/plugins").await;
    hear(&list);
    super::describing::assert_valid(
        &super::describing::schema_of(&document, "/api/v1/plugins", "get"),
        &read(&list),
    );
    let crm =
        read(&list)["plugins"].as_array().unwrap().iter().find(|p| p["name"] == "crm").cloned().unwrap();
    assert_eq!(
        (&crm["state"], &crm["kind"], &crm["queued"]),
        (&json!("enabled"), &json!("webhook"), &json!(0)),
        "{crm}"
    );
    assert!(crm["lastAcceptedAt"].is_string() && crm["attempts"].as_u64() > Some(0), "{crm}");
    let path = "/api/v1/plugins/crm";
    let one = program.get(path).await;
    hear(&one);
    super::describing::assert_valid(
        &super::describing::schema_of(&document, "/api/v1/plugins/{plugin}", "get"),
        &read(&one),
    );
    assert_eq!(
        (&read(&one)["secrets"][0]["does"], &read(&one)["secrets"][0]["isSet"]),
        (&json!("signs"), &json!(true))
    );
    let sent = receiver.count();
    let tried = program.act(&format!("{path}/tests"), &json!({})).await;
    hear(&tried);
    assert_eq!((tried.status, &read(&tried)["isAccepted"]), (200, &json!(true)), "{}", tried.body);
    assert_eq!(receiver.count(), sent + 1);
    // Switched off twice under one key is once; what goes by it waits meanwhile.
    for expected in [true, true] {
        let off =
            program.post(&format!("{path}/disablements"), &[("idempotency-key", "uit")], &json!({})).await;
        assert_eq!((off.status, &read(&off)["hasChanged"]), (200, &json!(expected)), "{}", off.body);
        assert_eq!(read(&off)["state"], "switchedOffByAPerson");
        hear(&off);
    }
    let off = program.act(&format!("{path}/disablements"), &json!({})).await;
    assert_eq!(read(&off)["hasChanged"], false);
    let on = program.act(&format!("{path}/enablements"), &json!({})).await;
    assert_eq!((&read(&on)["state"], &read(&on)["hasChanged"]), (&json!("enabled"), &json!(true)));
    let counted = program.get(&format!("{path}/missed?since=2026-01-01T00:00:00Z")).await;
    assert_eq!((counted.status, &read(&counted)["missed"]), (200, &json!(0)), "{}", counted.body);
    assert_problem(&program.get(&format!("{path}/missed")).await, 400, "invalid-input");
    let missed = program.act(&format!("{path}/missed"), &json!({"since": "2026-01-01T00:00:00Z"})).await;
    assert_eq!(read(&missed), json!({"sent": 0}));
    let wish = json!({"state": "accepted", "since": "2026-01-01T00:00:00Z", "plugin": "crm"});
    let found = read(&program.act("/api/v1/delivery-replays", &wish).await);
    let n = found["found"].as_u64().unwrap();
    assert!(n > 0 && found["replayed"] == 0 && found["plugins"]["crm"] == n, "{found}");
    let mut wish = wish;
    wish["seen"] = json!(n + 1);
    assert_problem(&program.act("/api/v1/delivery-replays", &wish).await, 422, "refused");
    wish["seen"] = json!(n);
    assert_eq!(read(&program.act("/api/v1/delivery-replays", &wish).await)["replayed"], n);
    wish["since"] = json!("gisteren");
    assert_problem(&program.act("/api/v1/delivery-replays", &wish).await, 400, "invalid-input");
    assert!(!all.contains(&SECRET[6..]), "a secret is told");
    assert!(!all.contains("webhook-signature\":\"v1"), "a signature is told");
    // Others find nothing, and a key that only reads switches nothing.
    let mut handler = Program::of(&site, HANDLER).await;
    assert_problem(&handler.get("/api/v1/plugins").await, 404, "not-found");
    assert_problem(&handler.act(&format!("{path}/disablements"), &json!({})).await, 404, "not-found");
    program.key = key(&site, INTEGRATOR, &[Scope::ReadDeliveries, Scope::Replay]).await;
    assert_problem(&program.act(&format!("{path}/disablements"), &json!({})).await, 403, "scope-needed");
    assert_problem(&program.act("/api/v1/plugins/nothing/missed", &wish).await, 400, "invalid-input");
    let nothing = json!({"since": "2026-01-01T00:00:00Z"});
    assert_problem(&program.act("/api/v1/plugins/nothing/missed", &nothing).await, 404, "not-found");
}
