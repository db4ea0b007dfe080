//! The outbox against real receivers on loopback: promises, failures, order, caps.

use crate::support::receiver::{Receiver, expected_signature};
use crate::support::{Builder, MAIL_PLUGIN, TestApp, clear_complaint};
use redress::clock::Clock;
use redress::complaint::{Actor, Via};
use redress::store::Replay;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub const SECRET: &str = "whsec_QSBzZWNyZXQgdGhhdCBpcyBuZXZlciBzaG93bg==";
pub const NEXT_SECRET: &str = "whsec_YW5vdGhlciBzZWNyZXQgdGhhdCBpcyBuZXZlciBzaG93bg==";

/// A webhook plugin with its secret in a file of `folder`, and `more` in its section.
pub fn hook(url: &str, folder: &Path, more: &str) -> String {
    let (secret, next) = (folder.join("secret"), folder.join("next"));
    std::fs::write(&secret, SECRET).unwrap();
    std::fs::write(&next, NEXT_SECRET).unwrap();
    format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"{url}\"\n\
         secret = {{ file = \"{}\" }}\n{more}",
        secret.display()
    )
}

pub async fn app(url: &str, folder: &Path) -> TestApp {
    with(hook(url, folder, "")).await
}

pub async fn with(manifest: String) -> TestApp {
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).plugin("hook", manifest);
    builder.start("2026-11-23 10:00").await
}

#[tokio::test]
async fn a_webhook_is_signed_and_says_nothing_personal() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let (headers, body) = receiver.seen()[0].clone();
    assert_eq!(headers["webhook-signature"], expected_signature(SECRET, &headers, &body).as_str());
    assert_eq!(headers["content-type"], "application/json");
    let event: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(event["type"], "notification.acknowledgement");
    assert_eq!(event["data"]["complaint"]["number"], "K-2026-0001");
    assert_eq!(event["data"]["personal"], serde_json::Value::Null);
    assert!(!body.contains("jan@example.nl") && !body.contains("parkeren"), "{body}");
}

/// Everything the shipped procedure offers is done, with the same word wherever a person writes something.
#[tokio::test]
async fn two_secrets_live_at_once_while_receivers_change_over() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let next = format!("next_secret = {{ file = \"{}\" }}", folder.path().join("next").display());
    let app = with(hook(&url, folder.path(), &next)).await;
    app.complaint("a1").await;
    let (headers, body) = receiver.seen()[0].clone();
    let signatures: Vec<&str> = headers["webhook-signature"].to_str().unwrap().split(' ').collect();
    let expected = [SECRET, NEXT_SECRET].map(|s| expected_signature(s, &headers, &body));
    assert_eq!(signatures, expected);
}

#[tokio::test]
async fn a_failing_target_is_retried_with_the_same_id_and_delays_nobody() {
    let (receiver, url) = Receiver::start(&[500, 302]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    assert_eq!(app.outbox().len(), 2, "mail went out meanwhile");
    for _ in 0..3 {
        app.next_attempt().await;
    }
    let seen = receiver.seen();
    assert_eq!(seen.len(), 3, "two failures, one success, no more");
    assert_eq!(seen[0].0["webhook-id"], seen[2].0["webhook-id"]);
    assert_ne!(seen[0].0["webhook-timestamp"], seen[2].0["webhook-timestamp"], "a timestamp of each attempt");
    let accepted = app.deliveries("hook", "accepted").await;
    assert_eq!(accepted[0].attempts, 3);
    let shown = app.app.store.deliveries().details(&accepted[0].id).await.unwrap().unwrap();
    let details: Vec<&str> = shown.tried.iter().map(|t| t.detail.as_str()).collect();
    assert!(details[0].starts_with("500 Internal Server Error: what the receiver says"), "{details:?}");
    assert!(details[1].contains("redirects are not followed"), "{details:?}");
}

#[tokio::test]
async fn a_target_may_ask_for_a_pause() {
    let (receiver, url) = Receiver::start(&[]).await;
    receiver.answer_retry_after(429, "7200");
    receiver.answer_retry_after(503, "Mon, 23 Nov 2026 14:00:00 GMT");
    receiver.answer(&[502]);
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    app.until("2026-11-23 11:59").await;
    app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 1, "the whole plugin pauses");
    app.until("2026-11-23 12:01").await;
    app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 2);
    app.until("2026-11-23 14:59").await;
    app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 2, "14:00 GMT is 15:00 in Amsterdam");
    app.until("2026-11-23 15:01").await;
    app.app.turn().await.unwrap();
    let health = app.app.store.deliveries().healths().await.unwrap();
    assert_eq!((receiver.count(), health[0].1.failures), (3, 3));
    assert!(health[0].1.paused_until.unwrap() >= app.clock.now().plus_millis(60_000), "{health:?}");
}

#[tokio::test]
async fn a_target_that_is_gone_is_switched_off_and_its_owner_is_told() {
    let (receiver, url) = Receiver::start(&[410]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let dead = app.deliveries("hook", "dead").await;
    assert!(dead[0].last_error.as_deref().unwrap().starts_with("410 Gone"), "{dead:?}");
    let told = app.outbox();
    let told = told.iter().find(|m| m.contains("plugin_disabled") || m.contains("is uitgezet")).unwrap();
    assert!(told.contains("integratie@lagant.nl") && told.contains("410 Gone"), "{told}");
    let operations = app.app.workflow.operations();
    operations.replay(Replay::Ids(&[dead[0].id.clone()]), (Actor::System, Via::CommandLine)).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 1, "a plugin that is switched off sends nothing");
    assert!(
        app.app.workflow.operations().enable_plugin("hook", (Actor::System, Via::CommandLine)).await.unwrap()
    );
    app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 2);
    assert!(app.deliveries("hook", "dead").await.is_empty());
    assert!(app.outbox().iter().any(|m| m.contains("werkt weer")), "recovery is told");
}

/// A running server notices that a person has switched the plugin on again, and goes on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_lane_follows_the_one_who_switches_it_on() {
    let (receiver, url) = Receiver::start(&[410]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let stop = Arc::new(AtomicBool::new(false));
    let running = tokio::spawn(Arc::clone(&app.app.runner).run(Arc::clone(&stop)));
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(receiver.count(), 1, "it is off");
    assert!(
        app.app.workflow.operations().enable_plugin("hook", (Actor::System, Via::CommandLine)).await.unwrap()
    );
    for _ in 0..200 {
        if receiver.count() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(receiver.count(), 2);
    stop.store(true, Ordering::Relaxed);
    running.await.unwrap();
}

#[tokio::test]
async fn a_target_that_fails_for_days_is_told_switched_off_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing listens on this port of the discard service.
    let manifest = hook("http://127.0.0.1:9/", folder.path(), "")
        .replace("enabled = true", "enabled = true\nowner = \"beheer@lagant.nl\"");
    let app = with(manifest).await;
    app.complaint("a1").await;
    for i in 0..40 {
        // Something new each half day, so that the breaker has something to probe with.
        app.mail(&clear_complaint(&format!("klant{i}@example.nl"), &format!("b{i}"))).await;
        app.clock.advance_to(app.clock.now().plus_millis(12 * 3_600_000));
        app.app.turn().await.unwrap();
    }
    let (name, health) = app.app.store.deliveries().healths().await.unwrap().remove(0);
    assert!(name == "hook" && health.disabled_at.is_some(), "{health:?}");
    let days = (health.disabled_at.unwrap().millis() - health.failing_since.unwrap().millis()) / 86_400_000;
    assert!((5..7).contains(&days), "{days}");
    let to_owner: Vec<String> =
        app.outbox().into_iter().filter(|m| m.contains("To: beheer@lagant.nl")).collect();
    assert_eq!(to_owner.len(), 2, "once that it fails, once that it is off");
    let (queued, dead) = (app.deliveries("hook", "queued").await, app.deliveries("hook", "dead").await);
    assert_eq!(queued.len() + dead.len(), 1 + 40, "all are there");
}

#[tokio::test]
async fn attempts_are_spread_over_three_days_and_then_it_is_dead() {
    let folder = tempfile::tempdir().unwrap();
    let app = app("http://127.0.0.1:9/", folder.path()).await;
    app.complaint("a1").await;
    for _ in 0..12 {
        app.next_attempt().await;
    }
    let dead = app.deliveries("hook", "dead").await;
    assert_eq!((dead.len(), dead[0].attempts), (1, 10));
    assert!(dead[0].last_error.as_deref().unwrap().starts_with("no connection"), "{dead:?}");
    let shown = app.app.store.deliveries().details(&dead[0].id).await.unwrap().unwrap();
    let span = shown.tried.last().unwrap().at.millis() - shown.tried[0].at.millis();
    assert!(shown.tried.len() == 10 && span >= 3 * 86_400_000, "{span}");
}

#[tokio::test]
async fn a_dead_target_costs_others_nothing_and_is_probed_seldom() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let dead = hook("http://127.0.0.1:9/", folder.path(), "");
    let builder = Builder::default().plugin("dead", dead).plugin("hook", hook(&url, folder.path(), ""));
    let app = builder.start("2026-11-23 10:00").await;
    for i in 0..60 {
        let raw = clear_complaint(&format!("k{i}@example.nl"), &format!("a{i}"));
        redress::intake::ingest(&app.app.workflow, raw.as_bytes(), "test").await.unwrap();
    }
    app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 60);
    let waiting = app.deliveries("dead", "queued").await;
    let attempts: i64 = waiting.iter().map(|d| d.attempts).sum();
    assert_eq!(waiting.len(), 60);
    assert!((5..20).contains(&attempts), "{attempts} attempts before the breaker opened");
    assert!(receiver.most_at_once() <= 4, "{} in flight", receiver.most_at_once());
}

#[tokio::test]
async fn order_is_kept_within_a_complaint_where_it_is_asked_for() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let manifest = hook(&url, folder.path(), "").replace(
        "messages = [\"acknowledgement\"]",
        "messages = []\nevents = [\"received\", \"registered\", \"entered\"]\nordered = true",
    );
    receiver.answer(&[500]);
    let app = with(manifest).await;
    app.complaint("a1").await;
    assert_eq!(receiver.count(), 1, "the first failed, and the others wait for it");
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    let other = receiver.bodies();
    assert!(other[1..].iter().all(|b| b["data"]["complaint"]["intake_id"] == "I-2026-000002"), "{other:?}");
    for _ in 0..3 {
        app.next_attempt().await;
    }
    let bodies = receiver.bodies();
    let first = bodies.iter().filter(|b| b["data"]["complaint"]["intake_id"] == "I-2026-000001");
    let sequence: Vec<i64> = first.map(|b| b["data"]["sequence"].as_i64().unwrap()).collect();
    let mut sorted = sequence.clone();
    sorted.sort_unstable();
    assert!(sequence == sorted && sequence.len() >= 4, "{sequence:?}");
}

#[tokio::test]
async fn subscriptions_go_by_event_state_and_category() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let manifest =
        |lines: &str| hook(&url, folder.path(), "").replace("messages = [\"acknowledgement\"]", lines);
    let builder = Builder::default()
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("entered", manifest("messages = []\nevents = [\"entered\"]\nstates = [\"in_treatment\"]"))
        .plugin("internal", manifest("when = { complainant_kind = [\"internal\"] }"))
        .plugin("purpose", manifest("messages = [\"acknowledgement\"]\nrecipients = [\"complainant\"]\ninclude_personal_data = true\npurpose = \"the customer's file\""));
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let bodies = receiver.bodies();
    let of = |kind: &str| bodies.iter().filter(|b| b["type"] == kind).count();
    assert_eq!(of("event.entered"), bodies.len() - 1, "{bodies:?}");
    assert!(of("event.entered") >= 1);
    let entered = bodies.iter().filter(|b| b["type"] == "event.entered");
    assert!(entered.clone().all(|b| b["data"]["complaint"]["state"] == "in_treatment"));
    let letter = bodies.iter().find(|b| b["type"] == "notification.acknowledgement").unwrap();
    assert_eq!(letter["data"]["personal"]["complainant_email"], "jan@example.nl");
    app.mail(&clear_complaint("collega@lagant.nl", "a2")).await;
    assert!(app.deliveries("internal", "accepted").await.len() >= 2, "a colleague's complaint");
}

#[tokio::test]
async fn a_payload_script_makes_the_body_and_a_mistake_in_it_loses_nothing() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.write_plugin("hook", "payload.rhai", "fn payload(n) {\n    #{ text: n.data.complaint.nmber }\n}");
    app.app.follow_plugins().await.unwrap();
    app.complaint("a1").await;
    let error = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
    assert!(error.starts_with("payload.rhai:2:") && error.contains("nmber"), "{error}");
    app.write_plugin(
        "hook",
        "payload.rhai",
        "fn payload(n) {\n    #{ text: n.data.complaint.number, id: n.id }\n}",
    );
    app.app.follow_plugins().await.unwrap();
    app.next_attempt().await;
    let (headers, body) = receiver.seen()[0].clone();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["text"], "K-2026-0001");
    assert_eq!(body["id"], headers["webhook-id"].to_str().unwrap());
}

#[tokio::test]
async fn edits_of_plugin_folders_take_effect_when_they_are_valid() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app("http://127.0.0.1:9/", folder.path()).await;
    app.write_plugin("hook", "plugin.toml", &hook(&url, folder.path(), ""));
    app.app.follow_plugins().await.unwrap();
    app.complaint("a1").await;
    assert_eq!(receiver.count(), 1);
    app.write_plugin("hook", "plugin.toml", "kind = \"webhook\"\nenabeld = true\n");
    for _ in 0..3 {
        app.app.follow_plugins().await.unwrap();
    }
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    assert_eq!(receiver.count(), 2, "the version before stays in use");
    let told = app.outbox();
    let told: Vec<_> = told.iter().filter(|m| m.contains("kan niet worden gelezen")).collect();
    assert_eq!(told.len(), 1, "once");
    assert!(told[0].contains("enabeld"), "{}", told[0]);
    app.write_plugin("second", "plugin.toml", &hook(&url, folder.path(), ""));
    std::fs::remove_dir_all(app.folder.path().join("plugins/hook")).unwrap();
    app.app.follow_plugins().await.unwrap();
    app.mail(&clear_complaint("kees@example.nl", "a3")).await;
    assert_eq!(receiver.count(), 3);
    assert_eq!(app.deliveries("second", "accepted").await.len(), 1, "one came, one went");
}

/// Automated mail to one outside address: two in an hour, five in a day; more is held, told, and goes out later.
#[tokio::test]
async fn automated_mail_over_its_cap_is_held_and_told_never_dropped() {
    let app = Builder::default()
        .config("[delivery]\nmails_per_hour = 1\n")
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .start("2026-11-23 10:00")
        .await;
    for i in 0..2 {
        let about = ["parkeren in Utrecht", "lesmateriaal in Arnhem"][i];
        let mail = clear_complaint("jan@example.nl", &format!("b{i}")).replace("parkeren in Utrecht", about);
        let taken = app.mail(&mail).await;
        let input = [("questions".to_owned(), serde_json::json!("Welke dag?"))].into();
        let reference = taken.intake_id.unwrap();
        let by = "behandelaar@lagant.nl";
        let via = redress::complaint::Via::CommandLine;
        app.app.workflow.act(&reference, "ask_information", by, input, via).await.unwrap();
    }
    // Both are reminded by a rule on the same morning.
    app.until("2026-11-30 09:01").await;
    app.app.turn().await.unwrap();
    let held = app.deliveries("mail", "queued").await;
    assert!(!held.is_empty(), "{:?}", app.deliveries("mail", "").await);
    assert!(held.iter().all(|d| d.attempts == 0), "held is no attempt");
    assert!(held[0].last_error.as_deref().unwrap().contains("delivery.mails_per_hour"), "{held:?}");
    let told = app.outbox();
    let told: Vec<_> = told.iter().filter(|m| m.contains("wordt vastgehouden")).collect();
    assert_eq!(told.len(), 1, "told once a day");
    for _ in 0..100 {
        app.next_attempt().await;
    }
    assert!(app.deliveries("mail", "queued").await.is_empty(), "it goes out");
}

#[tokio::test]
async fn a_machine_that_complains_with_every_answer_is_stopped() {
    let app = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).start("2026-11-23 10:00").await;
    for i in 0..30 {
        app.mail(&clear_complaint("robot@example.nl", &format!("r{i}"))).await;
    }
    let letters = app.outbox();
    let letters = letters.iter().filter(|m| m.contains("To: robot@example.nl")).count();
    assert_eq!(letters, 20, "four times five first letters in a day");
    assert_eq!(app.deliveries("mail", "queued").await.len(), 10, "held, not dropped");
    assert!(app.outbox().iter().any(|m| m.contains("wordt vastgehouden")), "a person is told");
}

/// A target that refuses some deliveries takes the others at once: no breaker, no pause.
#[tokio::test]
async fn what_a_target_refuses_delays_nothing_else() {
    let (receiver, url) = Receiver::start(&[422, 400, 413, 415, 422, 422, 422]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    for i in 0..12 {
        app.mail(&clear_complaint(&format!("klager{i}@example.nl"), &format!("a{i}"))).await;
    }
    assert_eq!(app.deliveries("hook", "queued").await.len(), 7);
    assert_eq!(app.deliveries("hook", "accepted").await.len(), 5);
    for _ in 0..7 {
        app.next_attempt().await;
    }
    assert_eq!(app.deliveries("hook", "accepted").await.len(), 12, "mended meanwhile");
    assert_eq!(receiver.count(), 19);
}

/// In an ordered lane what is refused is given up, so that its complaint goes on, at once and in order.
#[tokio::test]
async fn an_ordered_lane_goes_on_after_what_is_refused() {
    let (receiver, url) = Receiver::start(&[422]).await;
    let folder = tempfile::tempdir().unwrap();
    let manifest = hook(&url, folder.path(), "").replace(
        "messages = [\"acknowledgement\"]",
        "ordered = true\nmessages = []\nevents = [\"registered\", \"entered\", \"deadline_armed\"]",
    );
    let app = with(manifest).await;
    app.complaint("a1").await;
    assert_eq!(app.deliveries("hook", "dead").await.len(), 1);
    assert!(app.deliveries("hook", "queued").await.is_empty());
    let seen: Vec<i64> = receiver
        .seen()
        .iter()
        .map(|(_, body)| {
            serde_json::from_str::<serde_json::Value>(body).unwrap()["data"]["sequence"].as_i64().unwrap()
        })
        .collect();
    assert!(seen.len() > 3 && seen.is_sorted(), "{seen:?}");
}

/// What was accepted is sent again under the same id when somebody asks for it.
#[tokio::test]
async fn an_accepted_delivery_can_be_sent_again() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let id = app.deliveries("hook", "accepted").await.remove(0).id;
    app.app
        .workflow
        .operations()
        .replay(Replay::Ids(std::slice::from_ref(&id)), (Actor::System, Via::CommandLine))
        .await
        .unwrap();
    app.app.turn().await.unwrap();
    let ids: Vec<_> = receiver.seen().iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert_eq!(ids, [id.as_str(), id.as_str()]);
    let agent = receiver.seen()[0].0["user-agent"].to_str().unwrap().to_owned();
    assert!(agent.starts_with("Redress/"), "{agent}");
}
