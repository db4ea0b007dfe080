//! Targets: whom we may call, how badly they may behave, how manifests are checked, and what never leaks.

use crate::delivery::{NEXT_SECRET, SECRET, app, hook, with};
use crate::support::Builder;
use crate::support::receiver::{Receiver, Rudeness, expected_signature, rude};
use crate::support::tls::{certificates, https};
use axum::extract::State;
use axum::http::HeaderMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn in_a_rehearsal_other_hosts_are_files() {
    let folder = tempfile::tempdir().unwrap();
    let app = app("https://hooks.example.org/x", folder.path()).await;
    app.complaint("a1").await;
    assert_eq!(app.outbox().iter().filter(|m| m.starts_with('{')).count(), 1);
}

/// Whoever can write a plugin cannot make us call what only we can reach.
#[tokio::test]
async fn inner_addresses_are_not_called_unless_a_setting_allows_them() {
    let (receiver, url) = Receiver::start(&[]).await;
    let port = url.split(':').nth(2).unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    for host in
        ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "169.254.169.254"]
    {
        let manifest = hook(&format!("http://{host}:{port}"), folder.path(), "allow_http = true");
        let app = Builder::default().real().plugin("hook", manifest).start("2026-11-23 10:00").await;
        app.complaint("a1").await;
        let refused = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
        assert!(refused.contains("delivery.allow_networks"), "{host}: {refused}");
    }
    let builder = Builder::default().real().plugin("hook", hook("http://example.org/x", folder.path(), ""));
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let refused = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
    assert!(refused.contains("without TLS"), "{refused}");
    assert_eq!(receiver.count(), 0);
    let builder = Builder::default().config("[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n").real();
    receiver.answer(&[500]);
    let app = builder.plugin("hook", hook(&url, folder.path(), "")).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let error = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
    assert_eq!(error, "500 Internal Server Error", "what an inner host answers is not shown");
    app.next_attempt().await;
    assert_eq!(receiver.count(), 2);
}

#[tokio::test]
async fn rude_receivers_get_a_clear_line_and_hold_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    for (how, state, line) in [
        (Rudeness::Hangs, "queued", "no answer within 1 s"),
        (Rudeness::DripsHeaders, "queued", "no answer within 1 s"),
        (Rudeness::DripsBody, "accepted", ""),
        (Rudeness::Gigabytes, "accepted", ""),
        (Rudeness::ClosesEarly, "queued", "the connection broke off"),
        (Rudeness::AcceptsThenResets, "accepted", ""),
        (Rudeness::SpeaksSomethingElse, "queued", "the connection broke off"),
    ] {
        let url = rude(how).await;
        let app = with(hook(&url, folder.path(), "timeout_seconds = 1")).await;
        app.complaint("a1").await;
        let found = app.deliveries("hook", state).await;
        assert_eq!(found.len(), 1, "{how:?}: {:?}", app.deliveries("hook", "").await);
        let error = found[0].last_error.clone().unwrap_or_default();
        assert!(error.starts_with(line), "{how:?}: {error}");
        let shown = app.app.store.deliveries().details(&found[0].id).await.unwrap().unwrap();
        assert!(shown.tried[0].detail.len() < 1_100, "{how:?} kept {} bytes", shown.tried[0].detail.len());
    }
}

#[tokio::test]
async fn unreachable_untrusted_and_secretless_targets_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let url = https(&files).await;
    let error = async |manifest: String| {
        let app = with(manifest).await;
        app.complaint("a1").await;
        let waiting = app.deliveries("hook", "queued").await;
        waiting.first().and_then(|d| d.last_error.clone()).unwrap_or_default()
    };
    let untrusted = error(hook(&url, folder.path(), "")).await;
    assert!(untrusted.starts_with("the certificate is not trusted"), "{untrusted}");
    let trusted = format!("ca_file = \"{}\"", files.authority.display());
    assert_eq!(error(hook(&url, folder.path(), &trusted)).await, "");
    let missing = hook("http://127.0.0.1:9/", folder.path(), "").replace("/secret\"", "/no-such-secret\"");
    let missing = error(missing).await;
    assert!(missing.contains("no-such-secret") && missing.contains("cannot be read"), "{missing}");
    let nobody =
        Builder::default().real().plugin("hook", hook("https://no-such-host.invalid/", folder.path(), ""));
    let app = nobody.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let error = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
    assert!(error.starts_with("no connection"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_nowhere_but_on_the_wire() {
    let (receiver, url) = Receiver::start(&[500, 200]).await;
    let folder = tempfile::tempdir().unwrap();
    let header = folder.path().join("header");
    std::fs::write(&header, "header-secret-value").unwrap();
    let more = format!(
        "headers = {{ Authorization = {{ prefix = \"Bearer \", secret = {{ file = \"{}\" }} }} }}\n\
         next_secret = {{ file = \"{}\" }}",
        header.display(),
        folder.path().join("next").display()
    );
    let app = with(hook(&url, folder.path(), &more)).await;
    app.complaint("a1").await;
    app.next_attempt().await;
    assert_eq!(receiver.seen()[0].0["authorization"], "Bearer header-secret-value");
    let data = app.folder.path().join("data").display().to_string();
    let root = app.folder.path().display().to_string();
    let (config, plugins) = (format!("{root}/redress.toml"), format!("{root}/plugins"));
    let mut texts = vec![format!("{:?}", app.app.plugins.set())];
    // Commands look at a rehearsal; without its mark they would refuse, and print nothing to search.
    let mark = format!("{data}/{}", redress::app::REHEARSAL);
    std::fs::write(mark, redress::clock::Clock::now(&app.clock).millis().to_string()).unwrap();
    app.app.close().await;
    for arguments in [
        vec!["plugins", "list"],
        vec!["plugins", "check"],
        vec!["plugins", "sample", "hook"],
        vec!["plugins", "test", "hook"],
        vec!["deliveries", "list"],
        vec!["show", "K-2026-0001"],
        vec!["doctor"],
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_redress"))
            .current_dir(crate::support::repository())
            .args(["--data", &data, "--config", &config, "--plugins", &plugins, "--json"])
            .args(&arguments)
            .env("REDRESS_LOG", "trace")
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        texts.push(String::from_utf8_lossy(&output.stdout).into_owned());
        texts.push(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    for entry in std::fs::read_dir(&data).unwrap().flatten() {
        if entry.path().is_file() {
            texts.push(String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned());
        }
    }
    for secret in [SECRET, NEXT_SECRET, "A secret that is never shown", "header-secret-value"] {
        let leak = texts.iter().find(|t| t.contains(secret));
        assert_eq!(leak, None, "`{secret}` is shown");
    }
}

/// An address that is a secret may say by itself who asks; our own headers stand beside that.
#[tokio::test]
async fn an_address_that_says_who_asks_is_asked_so() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("address");
    std::fs::write(&address, url.replace("://", "://redress:geheim@")).unwrap();
    let place = format!("url = {{ file = \"{}\" }}", address.display());
    let manifest = hook(&url, folder.path(), "").replace(&format!("url = \"{url}\""), &place);
    with(manifest).await.complaint("a1").await;
    let (headers, body) = receiver.seen().remove(0);
    assert_eq!(headers["authorization"], "Basic cmVkcmVzczpnZWhlaW0=");
    assert_eq!(headers["webhook-signature"], expected_signature(SECRET, &headers, &body).as_str());
}

/// Attempts that a lane begins together share what they read; what it begins later takes what is there by then. What a target
/// that takes everything repeats of either is kept of neither.
#[tokio::test]
async fn a_secret_renewed_while_a_lane_works_counts_for_what_it_begins_after() {
    type Seen = Arc<Mutex<Vec<(HeaderMap, String)>>>;
    async fn renew(
        State((folder, seen)): State<(PathBuf, Seen)>,
        headers: HeaderMap,
        body: String,
    ) -> String {
        std::fs::write(folder.join("secret"), NEXT_SECRET).unwrap();
        std::fs::write(folder.join("token"), "token-after").unwrap();
        let thanks = format!("thanks for {:?}", headers["authorization"]);
        seen.lock().unwrap().push((headers, body));
        thanks
    }
    let (folder, seen) = (tempfile::tempdir().unwrap(), Seen::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(renew);
    let router = router.with_state((folder.path().to_owned(), Arc::clone(&seen)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    std::fs::write(folder.path().join("token"), "token-before").unwrap();
    let token = format!("{{ file = \"{}\" }}", folder.path().join("token").display());
    let more = format!(
        "concurrency = 1\nheaders = {{ Authorization = {{ prefix = \"Bearer \", secret = {token} }} }}\n"
    );
    let several = "messages = []\nevents = [\"received\", \"registered\", \"entered\"]";
    let manifest = hook(&url, folder.path(), &more).replace("messages = [\"acknowledgement\"]", several);
    let app = with(manifest).await;
    app.complaint("a1").await;
    let seen = seen.lock().unwrap().clone();
    assert!(seen.len() >= 3, "{}", seen.len());
    for (i, (headers, body)) in seen.iter().enumerate() {
        let (secret, token) = if i == 0 { (SECRET, "token-before") } else { (NEXT_SECRET, "token-after") };
        assert_eq!(headers["authorization"], format!("Bearer {token}"), "{i}");
        assert_eq!(headers["webhook-signature"], expected_signature(secret, headers, body).as_str(), "{i}");
    }
    let taken = app.deliveries("hook", "accepted").await;
    assert_eq!(taken.len(), seen.len());
    for delivery in taken {
        let shown = app.app.store.deliveries().details(&delivery.id).await.unwrap().unwrap();
        assert_eq!(shown.tried[0].detail, "200 OK: thanks for \"Bearer (secret)\"");
    }
}

#[test]
fn manifests_are_checked_with_place_and_remedy() {
    use redress::delivery::Manifest;
    let webhook = "kind = \"webhook\"\n[webhook]\nurl = \"https://x.nl/\"\n";
    let smtp = "kind = \"email\"\n[smtp]\nhost = \"h\"\n";
    for (text, why) in [
        ("kind = ", "plugins/x/plugin.toml:1"),
        ("kind = \"webhook\"", "a webhook needs a [webhook] section"),
        ("kind = \"fax\"", "unknown variant `fax`"),
        ("kind = \"email\"\nenabeld = true", "did you mean `enabled`?"),
        ("kind = \"email\"\nevents = [\"entered\"]", "carries messages only"),
        ("kind = \"email\"\ninclude_personal_data = true", "no purpose is stated"),
        (&format!("{webhook}signing = \"none\"\nurl2 = 1"), "unknown field `url2`"),
        (&webhook.replace("https://x.nl/", "x"), "needs a secret"),
        (&webhook.replace("https://x.nl/\"", "x\"\nsigning = \"none\""), "webhook.url is not an address"),
        (&webhook.replace("https://x.nl/\"", "ftp://x/\"\nsigning = \"none\""), "is not a web address"),
        (&webhook.replace("x.nl/\"", "a:b@x.nl/\"\nsigning = \"none\""), "holds a password"),
        (&format!("{webhook}signing = \"none\"\nconcurrency = 0"), "between 1 and 64"),
        (&format!("{webhook}signing = \"none\"\ntimeout_seconds = 0"), "between 1 and 60"),
        (
            &format!("{webhook}signing = \"none\"\nheaders = {{ Authorization = \"x\" }}"),
            "secret in plain text",
        ),
        (&format!("{webhook}signing = \"none\"\nheaders = {{ webhook-id = \"x\" }}"), "is set by Redress"),
        (&format!("{smtp}security = \"none\""), "on this computer"),
        (&format!("{smtp}username = \"u\""), "needs a password"),
        (&format!("{smtp}password = {{ env = \"P\" }}"), "smtp.username is missing"),
    ] {
        let errors = Manifest::parse(text, "plugins/x/plugin.toml").unwrap_err();
        let error = errors.iter().find(|e| e.to_string().contains(why)).unwrap_or(&errors[0]);
        assert!(error.to_string().contains(why), "{text}\n{error}");
        assert!(error.place.starts_with("plugins/x/plugin.toml") && !error.remedy.is_empty());
    }
}
