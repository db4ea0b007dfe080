//! The outbox against a real receiver on loopback: signatures, retries, and dead letters.

use crate::support::{Builder, MAIL_PLUGIN, TestApp};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, Mac};
use redress::store::DeliveryFilter;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// What arrived, and what is answered next (200 when the list is empty).
#[derive(Clone, Default)]
struct Receiver {
    seen: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    async fn start(answers: &[u16]) -> (Self, String) {
        let receiver =
            Self { answers: Arc::new(Mutex::new(answers.iter().copied().collect())), ..Self::default() };
        let router = axum::Router::new().fallback(receive).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, url)
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.seen.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
    let answer = receiver.answers.lock().unwrap().pop_front().unwrap_or(200);
    StatusCode::from_u16(answer).unwrap()
}

const SECRET: &str = "a secret in a file";

async fn app(url: &str, folder: &std::path::Path) -> TestApp {
    let secret = folder.join("secret");
    std::fs::write(&secret, SECRET).unwrap();
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"{url}\"\nsecret = {{ file = \"{}\" }}\n",
        secret.display()
    );
    Builder::default()
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("hook", manifest)
        .start("2026-11-23 10:00")
        .await
}

fn in_state(state: &str) -> DeliveryFilter {
    DeliveryFilter { state: state.to_owned(), ..DeliveryFilter::default() }
}

#[tokio::test]
async fn a_webhook_is_signed_and_says_nothing_personal() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let (headers, body) = receiver.seen.lock().unwrap()[0].clone();
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    use base64::Engine;
    let expected = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(header("webhook-signature"), format!("v1,{expected}"));
    let event: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(event["type"], "notification.acknowledgement");
    assert_eq!(event["data"]["complaint"]["number"], "K-2026-0001");
    assert!(!body.contains("jan@example.nl") && !body.contains("parkeren"), "{body}");
}

#[tokio::test]
async fn a_failing_target_is_retried_with_the_same_id_and_delays_nobody() {
    let (receiver, url) = Receiver::start(&[500, 302]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    assert_eq!(app.outbox().len(), 2, "mail went out meanwhile");
    for _ in 0..3 {
        app.clock.advance_to(redress::clock::Clock::now(&app.clock).plus_millis(600_000));
        app.app.turn().await.unwrap();
    }
    let seen = receiver.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 3, "two failures, one success, no more");
    assert_eq!(seen[0].0["webhook-id"], seen[2].0["webhook-id"]);
    let deliveries = app.app.workflow.store.deliveries(&in_state("accepted"), 10).await.unwrap();
    assert!(deliveries.iter().any(|d| d.plugin == "hook" && d.attempts == 3));
}

#[tokio::test]
async fn a_target_that_is_gone_becomes_a_dead_letter_that_can_be_replayed() {
    let (receiver, url) = Receiver::start(&[410]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let dead = app.app.workflow.store.deliveries(&in_state("dead"), 10).await.unwrap();
    assert_eq!(dead[0].last_error.as_deref(), Some("410 Gone"));
    let now = redress::clock::Clock::now(&app.clock);
    app.app.workflow.store.replay(&[dead[0].id.clone()], now).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(receiver.seen.lock().unwrap().len(), 1, "a plugin that is switched off sends nothing");
    assert!(app.app.workflow.store.enable_plugin("hook").await.unwrap());
    app.app.turn().await.unwrap();
    assert_eq!(receiver.seen.lock().unwrap().len(), 2);
    assert!(app.app.workflow.store.deliveries(&in_state("dead"), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn after_the_last_attempt_it_is_dead() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing listens on this port of the discard service.
    let app = app("http://127.0.0.1:9/", folder.path()).await;
    app.complaint("a1").await;
    for _ in 0..12 {
        app.next_attempt().await;
    }
    let dead = app.app.workflow.store.deliveries(&in_state("dead"), 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts), (1, 10));
    assert!(dead[0].last_error.as_deref().unwrap().starts_with("no connection"), "{dead:?}");
}

#[tokio::test]
async fn in_a_rehearsal_other_hosts_are_files() {
    let folder = tempfile::tempdir().unwrap();
    let app = app("https://hooks.example.org/x", folder.path()).await;
    app.complaint("a1").await;
    assert_eq!(app.outbox().iter().filter(|m| m.starts_with('{')).count(), 1);
}

#[test]
fn manifests_are_checked_with_place_and_remedy() {
    use redress::delivery::Manifest;
    for (text, why) in [
        ("kind = \"webhook\"", "a webhook needs a [webhook] section"),
        ("kind = \"fax\"", "unknown variant `fax`"),
        ("kind = \"email\"\nenabeld = true", "unknown field `enabeld`"),
        (
            "kind = \"webhook\"\n[webhook]\nurl = \"x\"\nsecret = { env = \"S\" }",
            "webhook.url is not an address",
        ),
        (
            "kind = \"webhook\"\n[webhook]\nurl = \"http://x/\"\nsecret = { env = \"S\" }\nconcurrency = 0",
            "between 1 and 64",
        ),
    ] {
        let error = Manifest::parse(text, "plugins/x/plugin.toml").unwrap_err();
        assert!(error.why.contains(why), "{error}");
        assert!(error.place.starts_with("plugins/x/plugin.toml") && !error.remedy.is_empty());
    }
}
