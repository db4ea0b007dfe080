//! What a plugin did not carry: replay of the past, the fallback when mail fails, and what each event says of its own
//! moment.

use crate::plugins::{redress, text};
use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, TestApp, clear_complaint, repository};
use redress::complaint::{Actor, Via};
use redress::workflow::MissedWish;
use serde_json::Value;

fn hook(url: &str, more: &str) -> String {
    format!("kind = \"webhook\"\nenabled = true\n{more}\n[webhook]\nurl = \"{url}\"\nsigning = \"none\"\n")
}

async fn replay(app: &TestApp, plugin: &str, since: &str, topics: &[String]) -> u64 {
    let wish = MissedWish { plugin, since: crate::support::at(since), until: None, topics };
    let added =
        app.app.workflow.operations().replay_missed(wish, (Actor::System, Via::CommandLine)).await.unwrap();
    app.app.turn().await.unwrap();
    added
}

/// Bodies without what differs between two plugins, by sequence.
fn told(receiver: &Receiver) -> Vec<Value> {
    let mut bodies = receiver.bodies();
    bodies.sort_by_key(|body| (body["data"]["about"]["name"].to_string(), body["data"]["sequence"].as_i64()));
    bodies
}

/// A plugin that is new gets the past exactly as one did that was there: each event with what held then; and a second
/// replay, or one of what came since, sends nothing twice.
#[tokio::test]
async fn a_new_plugin_gets_the_past_as_it_was_and_nothing_twice() {
    let (witness, witness_url) = Receiver::start(&[]).await;
    let (late, late_url) = Receiver::start(&[]).await;
    let builder = Builder::default().plugin("witness", hook(&witness_url, "events = [\"*\"]"));
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    app.until("2026-12-20 10:00").await;
    app.app.turn().await.unwrap();
    app.write_plugin("late", "plugin.toml", &hook(&late_url, "events = [\"*\"]"));
    app.app.follow_plugins().await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(late.count(), 0);
    let added = replay(&app, "late", "2026-11-01 00:00", &[]).await;
    assert_eq!(usize::try_from(added).unwrap(), witness.count());
    let (seen, replayed) = (told(&witness), told(&late));
    for (one, other) in seen.iter().zip(&replayed) {
        assert_eq!(one, other, "as it went out then");
    }
    assert_eq!(replay(&app, "late", "2026-11-01 00:00", &[]).await, 0, "nothing twice");
    app.mail(&clear_complaint("els@example.nl", "a3")).await;
    assert_eq!(late.count(), witness.count());
    assert_eq!(replay(&app, "late", "2026-11-01 00:00", &[]).await, 0, "what it has had since is not missed");
    assert_eq!(app.app.store.trail().verify().await.unwrap(), app.app.store.trail().verify().await.unwrap());
}

/// The first event of a complaint carries the first state and no number, and `states` filters by the state of the event.
#[tokio::test]
async fn an_event_carries_what_held_when_it_happened() {
    let (all, all_url) = Receiver::start(&[]).await;
    let (filtered, filtered_url) = Receiver::start(&[]).await;
    let builder = Builder::default()
        .plugin("all", hook(&all_url, "messages = []\nevents = [\"*\"]"))
        .plugin("filtered", hook(&filtered_url, "messages = []\nevents = [\"*\"]\nstates = [\"received\"]"));
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let bodies = all.bodies();
    let of = |kind: &str| bodies.iter().find(|b| b["type"] == kind).unwrap_or_else(|| panic!("{kind}"));
    let first = &of("event.received")["data"]["complaint"];
    assert_eq!((&first["state"], &first["number"]), (&"received".into(), &Value::Null));
    assert_eq!(of("event.registered")["data"]["complaint"]["number"], "K-2026-0001");
    let mut state = "received".to_owned();
    let mut ordered = bodies.clone();
    ordered.sort_by_key(|body| body["data"]["sequence"].as_i64());
    for body in &ordered {
        if body["type"] == "event.entered" {
            assert_eq!(body["data"]["details"]["from"], state.as_str());
            state = body["data"]["details"]["to"].as_str().unwrap().to_owned();
        }
        assert_eq!(body["data"]["complaint"]["state"], state.as_str(), "{body:#}");
    }
    assert_ne!(state, "received");
    assert!(filtered.count() > 0);
    for body in filtered.bodies() {
        assert_eq!(body["data"]["complaint"]["state"], "received", "{body:#}");
    }
    for body in &bodies {
        let text = body["data"]["details"].to_string();
        let is_epoch = |word: &str| word.len() >= 13 && word.chars().all(|c| c.is_ascii_digit());
        assert!(!text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_epoch), "no epoch outside: {text}");
    }
}

#[tokio::test]
async fn a_replay_takes_kinds_and_refuses_what_cannot_be() {
    let (receiver, url) = Receiver::start(&[]).await;
    let app = Builder::default().start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.write_plugin("late", "plugin.toml", &hook(&url, "events = [\"*\"]"));
    app.app.follow_plugins().await.unwrap();
    let topics = ["event.entered".to_owned(), "notification.acknowledgement".to_owned()];
    let added = replay(&app, "late", "2026-11-01 00:00", &topics).await;
    assert!(added > 1);
    assert!(receiver.bodies().iter().all(|b| topics.contains(&b["type"].as_str().unwrap().to_owned())));
    assert_eq!(replay(&app, "late", "2026-11-24 00:00", &[]).await, 0, "nothing happened since");
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let clock = ["--clock", "2026-11-23T10:00:00+01:00", "deliveries"];
        let output = redress(folder.path(), &repository().join("plugins"), &[&clock[..], arguments].concat());
        (output.status.code(), text(&output.stderr))
    };
    for (arguments, expected) in [
        (&["replay", "--plugin", "slak", "--since", "2026-11-01"][..], "did you mean `slack`?"),
        (&["replay", "--plugin", "mail", "--since", "2026-11-01"], "letters of the past"),
        (&["replay", "--plugin", "slack", "--since", "2026-11-01"], "slack is switched off"),
        (&["retry", "--since", "2026-11-01", "--plugin", "slak"], "did you mean `slack`?"),
        (&["retry", "--since", "2026-11-01", "--topic", "event.enterd"], "did you mean `event.entered`?"),
        (&["retry", "--since", "yesterday"], "is no day"),
    ] {
        let (code, said) = run(arguments);
        assert!(code == Some(2) && said.contains(expected), "{arguments:?}: {said}");
    }
}

const SERVER: &str =
    "kind = \"email\"\nenabled = true\n[smtp]\nhost = \"127.0.0.1\"\nport = 9\nsecurity = \"none\"\n";

/// When mail fails, messages to our own people and alarms go by the fallback, once each, whatever it subscribes to; letters
/// to complainants wait for mail.
#[tokio::test]
async fn what_mail_does_not_bring_goes_by_the_fallback() {
    let (receiver, url) = Receiver::start(&[]).await;
    let builder = Builder::default()
        .config("[delivery]\nfallback = \"pager\"\nallow_networks = [\"127.0.0.0/8\"]\n")
        .real()
        .plugin("mail", SERVER.to_owned())
        .plugin("pager", hook(&url, "messages = []"));
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    assert_eq!(receiver.count(), 0, "mail has only begun to fail");
    for _ in 0..12 {
        app.next_attempt().await;
    }
    let kinds: Vec<String> =
        receiver.bodies().iter().map(|b| b["type"].as_str().unwrap().to_owned()).collect();
    assert!(kinds.contains(&"notification.plugin_failing".to_owned()), "{kinds:?}");
    let internal = app.deliveries("mail", "").await.into_iter().filter(|d| d.recipient != "complainant");
    let internal: Vec<String> = internal.map(|d| d.topic).collect();
    assert!(!internal.is_empty());
    for topic in &internal {
        assert!(kinds.contains(topic), "{topic} is not among {kinds:?}");
    }
    assert!(!kinds.contains(&"notification.acknowledgement".to_owned()), "a letter is no alarm");
    let alarm = receiver.bodies().into_iter().find(|b| b["type"] == "notification.plugin_failing").unwrap();
    assert_eq!(alarm["data"]["about"]["name"], "mail");
    assert_eq!(alarm["data"]["about"]["reason"], "the mail server cannot be reached");
    let mut ids: Vec<String> = receiver
        .seen()
        .iter()
        .map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned())
        .collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "each once");
    assert_eq!(app.deliveries("pager", "accepted").await.len(), all, "recorded as any delivery");
}

/// Without any plugin for mail, what is for our own people goes by the fallback at once; without a fallback it is shown as
/// undeliverable, as ever.
#[tokio::test]
async fn what_no_plugin_takes_goes_by_the_fallback_at_once() {
    let (receiver, url) = Receiver::start(&[]).await;
    let off = "kind = \"email\"\nenabled = false\n".to_owned();
    let builder = Builder::default().plugin("mail", off).plugin("pager", hook(&url, "messages = []"));
    let with = builder.config("[delivery]\nfallback = \"pager\"\n").start("2026-11-23 10:00").await;
    with.complaint("a1").await;
    assert!(receiver.count() > 0);
    let takes_letter = receiver.bodies().iter().any(|b| b["data"]["recipient"] == "complainant");
    assert!(!takes_letter, "{:?}", receiver.bodies());
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("redress.toml");
    std::fs::write(&config, "[delivery]\nfallback = \"pagr\"\n").unwrap();
    let plugins = with.folder.path().join("plugins");
    let output =
        redress(folder.path(), &plugins, &["--config", config.to_str().unwrap(), "plugins", "check"]);
    assert!(
        text(&output.stderr).contains("delivery.fallback: there is no plugin `pagr`"),
        "{}",
        text(&output.stderr)
    );
}

/// A plugin that took thousands and refused one is not failing; one that fails is until it takes something again.
#[tokio::test]
async fn a_refusal_is_no_failing_plugin() {
    let (receiver, url) = Receiver::start(&[200, 422]).await;
    let app = Builder::default()
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("hook", hook(&url, ""))
        .start("2026-11-23 10:00")
        .await;
    app.complaint("a1").await;
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    assert!(receiver.count() > 2);
    let healths = app.app.store.deliveries().healths().await.unwrap();
    assert!(healths.iter().all(|(_, health)| !health.is_failing()), "{healths:?}");
    receiver.answer(&[500; 9]);
    app.mail(&clear_complaint("els@example.nl", "a3")).await;
    let healths = app.app.store.deliveries().healths().await.unwrap();
    assert!(healths.iter().any(|(name, health)| name == "hook" && health.is_failing()), "{healths:?}");
    receiver.clear_answers();
    for _ in 0..3 {
        app.next_attempt().await;
    }
    let healths = app.app.store.deliveries().healths().await.unwrap();
    assert!(healths.iter().all(|(_, health)| !health.is_failing()), "{healths:?}");
}
