//! Letters through mail servers: a real Postfix, and one in process for what Postfix does not do on demand.

use crate::support::mail_server::{Postfix, ScriptedServer};
use crate::support::receiver::Receiver;
use crate::support::tls::certificates;
use crate::support::{Builder, TestApp, clear_complaint};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use redress::store::DeliveryState;
use std::path::Path;

/// A real installation, whose letters go through a server on this computer.
async fn app(smtp: &str) -> TestApp {
    let manifest = format!("kind = \"email\"\nenabled = true\n[smtp]\nhost = \"localhost\"\n{smtp}\n");
    Builder::default().real().plugin("mail", manifest).start("2026-11-23 10:00").await
}

fn secret(folder: &Path, name: &str, value: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, value).unwrap();
    format!("{{ file = \"{}\" }}", path.display())
}

async fn letter(app: &TestApp) -> redress::store::DeliverySummary {
    let all = app.deliveries("mail", "").await;
    all.into_iter().find(|d| d.recipient == "complainant").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_letters_over_starttls_and_refuses_unknown_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(postfix) = Postfix::start(folder.path(), &files) else { return };
    let smtp = format!("port = {}\nca_file = \"{}\"", postfix.port, files.authority.display());
    let app = app(&smtp).await;
    app.complaint("a1").await;
    let accepted = letter(&app).await;
    assert_eq!((accepted.state.as_str(), accepted.last_error), ("accepted", None), "{}", postfix.log());
    let shown = app.app.store.deliveries().details(&accepted.id).await.unwrap().unwrap();
    assert!(shown.tried[0].detail.starts_with("250: 2.0.0 Ok: queued as"), "{:?}", shown.tried);
    for _ in 0..200 {
        if !postfix.delivered("jan").is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let mail = postfix.delivered("jan").remove(0);
    for header in [
        "Return-Path: <planning@lagant.nl>",
        "Auto-Submitted: auto-replied",
        "In-Reply-To: <a1@example.nl>",
        "References: <case.I-2026-000001@lagant.nl> <a1@example.nl>",
        "Message-ID: <k.I-2026-000001.",
        "X-Auto-Response-Suppress: OOF, AutoReply",
    ] {
        assert!(mail.contains(header), "{header} is missing in\n{mail}");
    }
    // Nobody of that name lives there: the letter failed, and the rules tell the handler (docs/procedure.md T34).
    app.mail(&clear_complaint("onbekend@example.nl", "a2")).await;
    let refused = letter(&app).await;
    assert_eq!(refused.state, DeliveryState::Dead);
    assert!(refused.last_error.unwrap().contains("550"), "the server's own words");
    assert!(app.notified("I-2026-000002").await.iter().any(|n| n.ends_with("letter_failed")));
    assert!(app.app.store.deliveries().healths().await.unwrap().is_empty(), "the server itself works");
}

#[tokio::test]
async fn reply_codes_decide_between_now_later_and_never() {
    for (command, reply, state, blames_server) in [
        ("RCPT", "450 4.2.0 greylisted", "queued", false),
        (".", "452 4.2.2 mailbox full for now", "queued", false),
        (".", "554 5.7.1 we do not like this", "dead", false),
        ("RCPT", "553 5.1.3 bad address", "dead", false),
        ("CONNECT", "421 4.3.2 closing down", "queued", true),
        ("DATA", "530 5.7.0 authenticate first", "queued", true),
    ] {
        let server = ScriptedServer::start(&[(command, reply)], None).await;
        let app = app(&format!("port = {}\nsecurity = \"none\"\nconcurrency = 1", server.port)).await;
        // The complainant's letter is the first that is said to the server.
        app.complaint("a1").await;
        let all = app.deliveries("mail", "").await;
        let hit = all.iter().find(|d| d.last_error.is_some()).unwrap();
        assert_eq!(hit.state.as_str(), state, "{reply}: {all:?}");
        assert!(hit.last_error.as_deref().unwrap().contains(&reply[..3]), "{hit:?}");
        let healths = app.app.store.deliveries().healths().await.unwrap();
        let tried = app.app.store.deliveries().details(&hit.id).await.unwrap().unwrap().tried;
        assert!(!tried.is_empty() && (healths.is_empty() || blames_server), "{reply}: {healths:?}");
        app.next_attempt().await;
        let again = app.deliveries("mail", "accepted").await;
        assert_eq!(again.iter().any(|d| d.id == hit.id), state == "queued", "{reply}");
    }
}

#[tokio::test]
async fn a_password_goes_by_plain_and_shows_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let server = ScriptedServer::start(&[("AUTH", "535 5.7.8 wrong")], None).await;
    let password = secret(folder.path(), "password", "hush-hush");
    let smtp = format!(
        "port = {}\nsecurity = \"none\"\nconcurrency = 1\nusername = \"planning@lagant.nl\"\npassword = {password}",
        server.port
    );
    let app = app(&smtp).await;
    app.complaint("a1").await;
    let refused = app.deliveries("mail", "queued").await;
    let error = refused[0].last_error.clone().unwrap();
    assert!(error.contains("does not let us in") && error.contains("535"), "{error}");
    app.next_attempt().await;
    assert!(app.deliveries("mail", "queued").await.is_empty(), "no letter dies of a wrong password");
    let expected = format!("AUTH PLAIN {}", BASE64.encode("\0planning@lagant.nl\0hush-hush"));
    assert!(server.heard().contains(&expected), "{:?}", server.heard());
    let store = std::fs::read(app.folder.path().join("data/redress.db")).unwrap();
    assert!(!String::from_utf8_lossy(&store).contains("hush-hush"));
}

#[tokio::test]
async fn xoauth2_by_client_credentials_and_refresh_token() {
    for (more, grant) in [
        ("scope = \"mail\"".to_owned(), "grant_type=client_credentials"),
        ("refresh_token = REFRESH".to_owned(), "grant_type=refresh_token&refresh_token=old"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (tokens, url) = token_endpoint().await;
        let server = ScriptedServer::start(&[("AUTH", "535 5.7.3 expired")], None).await;
        let client = secret(folder.path(), "client", "client-secret");
        let more = more.replace("REFRESH", &secret(folder.path(), "refresh", "old"));
        let smtp = format!(
            "port = {}\nsecurity = \"none\"\nconcurrency = 1\nusername = \"planning@lagant.nl\"\n[smtp.oauth2]\n\
             token_url = \"{url}\"\nclient_id = \"redress\"\nclient_secret = {client}\n{more}",
            server.port
        );
        let manifest = format!("kind = \"email\"\nenabled = true\n[smtp]\nhost = \"localhost\"\n{smtp}\n");
        let builder = Builder::default().config("[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n").real();
        let app = builder.plugin("mail", manifest).start("2026-11-23 10:00").await;
        app.complaint("a1").await;
        app.next_attempt().await;
        assert!(app.deliveries("mail", "queued").await.is_empty(), "{:?}", app.deliveries("mail", "").await);
        let asked = tokens.lock().unwrap().clone();
        assert!(asked[0].contains(grant) && asked[0].contains("client_secret=client-secret"), "{asked:?}");
        assert!(asked.len() == 2, "a token that was refused is asked for anew, and one that works is kept");
        let sasl = |n: usize| format!("user=planning@lagant.nl\u{1}auth=Bearer token-{n}\u{1}\u{1}");
        let heard = server.heard();
        assert!(heard.contains(&format!("AUTH XOAUTH2 {}", BASE64.encode(sasl(1)))), "{heard:?}");
        assert!(heard.contains(&format!("AUTH XOAUTH2 {}", BASE64.encode(sasl(2)))), "{heard:?}");
    }
}

/// Hands out token-1, token-2, …; what it was asked.
async fn token_endpoint() -> (std::sync::Arc<std::sync::Mutex<Vec<String>>>, String) {
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::<String>::new()));
    let kept = std::sync::Arc::clone(&asked);
    let router = axum::Router::new().fallback(move |body: String| {
        let mut asked = kept.lock().unwrap();
        asked.push(body);
        let answer =
            serde_json::json!({"access_token": format!("token-{}", asked.len()), "expires_in": 3600});
        async move { axum::Json(answer) }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (asked, url)
}

#[tokio::test]
async fn a_token_that_is_refused_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let router = axum::Router::new().fallback(|| async {
        let wrong = serde_json::json!({"error": "invalid_client", "error_description": "AADSTS7000215: secret expired"});
        (axum::http::StatusCode::UNAUTHORIZED, axum::Json(wrong))
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = secret(folder.path(), "client", "client-secret");
    let manifest = format!(
        "kind = \"email\"\nenabled = true\n[smtp]\nhost = \"localhost\"\nport = 9\nusername = \"u@lagant.nl\"\n\
         [smtp.oauth2]\ntoken_url = \"{url}\"\nclient_id = \"redress\"\nclient_secret = {client}\n"
    );
    let builder = Builder::default().config("[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n").real();
    let app = builder.plugin("mail", manifest).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let error = letter(&app).await.last_error.unwrap();
    assert!(error.contains("AADSTS7000215") && !error.contains("client-secret"), "{error}");
}

/// When mail itself is what fails, somebody hears of it by another plugin.
#[tokio::test]
async fn mail_that_fails_is_told_by_a_webhook_and_never_switched_off() {
    let (receiver, url) = Receiver::start(&[]).await;
    let mail =
        "kind = \"email\"\nenabled = true\n[smtp]\nhost = \"localhost\"\nport = 9\nsecurity = \"none\"\n";
    let hook = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"plugin_failing\", \"plugin_recovered\"]\n\
         [webhook]\nurl = \"{url}\"\nsigning = \"none\"\n"
    );
    let builder = Builder::default().config("[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n").real();
    let app = builder.plugin("mail", mail.to_owned()).plugin("hook", hook).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    for i in 0..20 {
        app.mail(&clear_complaint("jan@example.nl", &format!("b{i}"))).await;
        app.clock.advance_to(redress::clock::Clock::now(&app.clock).plus_millis(8 * 3_600_000));
        app.app.turn().await.unwrap();
    }
    let types: Vec<_> = receiver.bodies().iter().map(|b| b["type"].clone()).collect();
    assert_eq!(types, ["notification.plugin_failing"], "told once");
    let health = app.app.store.deliveries().healths().await.unwrap();
    assert!(health[0].1.disabled_at.is_none(), "letters are never given up by switching off");
    let server = ScriptedServer::start(&[], None).await;
    app.write_plugin("mail", "plugin.toml", &mail.replace("port = 9", &format!("port = {}", server.port)));
    app.app.follow_plugins().await.unwrap();
    app.next_attempt().await;
    assert!(receiver.bodies().iter().any(|b| b["type"] == "notification.plugin_recovered"));
}

#[tokio::test]
async fn starttls_is_required_and_the_certificate_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let server = ScriptedServer::start(&[], Some(&files)).await;
    let untrusting = app(&format!("port = {}\ntimeout_seconds = 5", server.port)).await;
    untrusting.complaint("a1").await;
    let error = letter(&untrusting).await.last_error.unwrap();
    assert!(error.to_lowercase().contains("certificate"), "{error}");
    let plain = ScriptedServer::start(&[], None).await;
    let stripped = app(&format!("port = {}\ntimeout_seconds = 5", plain.port)).await;
    stripped.complaint("a1").await;
    let error = letter(&stripped).await.last_error.unwrap();
    assert!(error.contains("STARTTLS"), "a server without it gets nothing: {error}");
    assert!(!plain.heard().iter().any(|l| l.starts_with("MAIL")), "{:?}", plain.heard());
    let trusting = app(&format!("port = {}\nca_file = \"{}\"", server.port, files.authority.display())).await;
    trusting.complaint("a1").await;
    assert_eq!(letter(&trusting).await.state, DeliveryState::Accepted);
}

/// Through the real binary: a sample letter, and what the server says of it.
#[tokio::test(flavor = "multi_thread")]
async fn the_binary_hands_a_sample_to_a_mail_server() {
    let server = ScriptedServer::start(&[], None).await;
    let folder = tempfile::tempdir().unwrap();
    let plugin = folder.path().join("plugins/mail");
    std::fs::create_dir_all(&plugin).unwrap();
    let manifest = format!(
        "kind = \"email\"\n[smtp]\nhost = \"localhost\"\nport = {}\nsecurity = \"none\"\n",
        server.port
    );
    std::fs::write(plugin.join("plugin.toml"), manifest).unwrap();
    let plugins = folder.path().join("plugins").display().to_string();
    let arguments = ["--plugins", &plugins, "plugins", "test", "mail", "--to", "jan@example.nl"];
    let output = crate::cli::redress(&folder.path().join("data"), &arguments);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("250: 2.0.0 queued as 1"), "{said}");
    let heard = server.heard();
    assert!(heard.iter().any(|l| l.starts_with("RCPT TO:<jan@example.nl>")), "{heard:?}");
    assert!(heard.iter().any(|l| l == "From: Lagant <planning@lagant.nl>"), "{heard:?}");
}
