//! What goes over the wire: shipped plugins against a receiver, secrets in every place, tokens, certificates.

use crate::plugins::{conforms, formats};
use crate::support::receiver::Receiver;
use crate::support::{Builder, TestApp, repository, tls};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A shipped plugin, switched on, with everything that it calls on this computer and its secrets in files.
fn shipped(name: &str, base: &str, folder: &Path) -> (String, Option<String>) {
    let source = repository().join("plugins").join(name);
    let mut manifest = std::fs::read_to_string(source.join("plugin.toml")).unwrap();
    manifest = manifest.replace("enabled = false", "enabled = true").replace("retry = \"short\"", "");
    // A rate is one of the real time, which a test does not wait for.
    let lines = manifest.lines().filter(|line| !line.starts_with("rate_per_second")).map(|line| {
        match line.split_once(" = ") {
            Some(("url", value)) if value.starts_with('{') => format!("url = \"{base}/{name}\""),
            Some((key @ ("url" | "token_url"), value)) => {
                let rest = value.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
                format!("{key} = \"{base}/{}\"", rest.map_or("", |(_, path)| path.trim_end_matches('"')))
            }
            _ => line.to_owned(),
        }
    });
    manifest = lines.collect::<Vec<_>>().join("\n");
    while let Some((before, after)) = manifest.split_once("{ env = \"") {
        let (variable, rest) = after.split_once('"').unwrap();
        let file = folder.join(variable);
        let value = match variable.ends_with("_SECRET") && manifest.contains("[webhook.oauth2]") {
            false if variable.ends_with("_SECRET") => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
            _ => format!("value-of-{variable}"),
        };
        std::fs::write(&file, value).unwrap();
        manifest = format!("{before}{{ file = \"{}\"{rest}", file.display());
    }
    (manifest, std::fs::read_to_string(source.join("payload.rhai")).ok())
}

/// Every shipped plugin, in a procedure that runs for months beside a plugin that is dead: what it sends conforms to
/// what its service documents, event by event, and chats take whatever there is.
#[tokio::test]
async fn shipped_plugins_send_what_their_services_document() {
    let folder = tempfile::tempdir().unwrap();
    let mut receivers = Vec::new();
    let dead =
        "kind = \"webhook\"\nenabled = true\n[webhook]\nurl = \"http://127.0.0.1:9/\"\nsigning = \"none\"\n";
    let mut builder = Builder::default().plugin("dead", dead.to_owned());
    for (name, format) in formats() {
        let (receiver, url) = Receiver::start(&[]).await;
        let token = url.replace("/hook", "");
        let base =
            if ["glpi", "servicenow"].contains(&name.as_str()) { tokens(&receiver).await } else { token };
        let (mut manifest, script) = shipped(&name, &base, folder.path());
        if !manifest.contains("messages = []") && !manifest.contains("events = ") {
            manifest = manifest.replacen("messages = [", "events = [\"*\"]\nmessages = [\"*\", ", 1);
        }
        builder = builder.plugin(&name, manifest);
        if let Some(script) = script {
            builder = builder.plugin_file(&format!("{name}/payload.rhai"), script);
        }
        receivers.push((name, format, receiver));
    }
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.until("2027-01-20 10:00").await;
    app.app.turn().await.unwrap();
    let mut shown = Vec::new();
    for (name, format, receiver) in receivers {
        let refused = app.deliveries(&name, "queued").await;
        assert_eq!(refused.first().map(|d| (&d.topic, &d.last_error)), None, "{name}");
        assert!(receiver.count() > 0, "{name} got nothing");
        for body in receiver.bodies() {
            conforms(&name, &body, &format);
        }
        let (headers, body) = receiver.seen()[0].clone();
        let mut headers: Vec<String> = headers
            .iter()
            .filter(|(name, _)| !["host", "content-length", "accept", "user-agent"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort();
        let body: Value = serde_json::from_str(&body).unwrap();
        shown.push(format!("{name}\n{}\n{}\n\n{body:#}\n", receiver.asked()[0], headers.join("\n")));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

/// A token endpoint beside a receiver; the address of both.
async fn tokens(receiver: &Receiver) -> String {
    let answer =
        || async { axum::Json(serde_json::json!({"access_token": "granted-token", "expires_in": 300})) };
    let router = receiver.router().route("/api.php/token", axum::routing::post(answer));
    let router = router.route("/oauth_token.do", axum::routing::post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// Everything that is kept of deliveries, and everything in the data folder.
async fn kept(app: &TestApp) -> String {
    let mut texts =
        format!("{:?}{:?}", app.app.plugins.set(), app.app.store.deliveries().healths().await.unwrap());
    for delivery in app.deliveries("hook", "").await {
        let details = app.app.store.deliveries().details(&delivery.id).await.unwrap().unwrap();
        texts.push_str(&serde_json::to_string(&details).unwrap());
    }
    for entry in std::fs::read_dir(app.folder.path().join("data")).unwrap().flatten() {
        if entry.path().is_file() {
            texts.push_str(&String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()));
        }
    }
    texts
}

/// Secrets go into address, headers and body, and into nothing that is kept, also when the target repeats them.
#[tokio::test]
async fn named_secrets_are_on_the_wire_and_nowhere_else() {
    async fn echo(uri: axum::http::Uri, headers: HeaderMap, body: String) -> (StatusCode, String) {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("no: {uri} {headers:?} {body}"))
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(echo)).await });
    let folder = tempfile::tempdir().unwrap();
    let secrets = ["in/the?address", "in-the-header", "in-the-body"];
    let mut named = String::new();
    for (i, secret) in secrets.iter().enumerate() {
        let file = folder.path().join(format!("s{i}"));
        std::fs::write(&file, secret).unwrap();
        named.push_str(&format!("s{i} = {{ file = \"{}\" }}\n", file.display()));
    }
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\n\
         url = \"{base}/{{{{ secret.s0 }}}}/{{{{ data.complaint.number }}}}/{{{{ id }}}}\"\nsigning = \"none\"\n\
         headers = {{ Authorization = \"Bearer {{{{ secret.s1 }}}}\", X-Ground = \"{{{{ data.complaint.ground }}}}\" }}\n\
         [webhook.secrets]\n{named}"
    );
    let script = "fn payload(n) { [#{ key: secret(\"s2\"), auth: `Key ${secret(\"s2\")}` }] }".to_owned();
    let builder = Builder::default().plugin("hook", manifest).plugin_file("hook/payload.rhai", script);
    let app = builder.config(&crate::web::links::people()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let tried = &app.deliveries("hook", "queued").await[0];
    let said = tried.last_error.clone().unwrap();
    let id = &tried.id;
    let expected = [
        format!("no: /(secret)/K-2026-0001/{id}"),
        "\"authorization\": \"Bearer (secret)\"".to_owned(),
        "[{\"auth\":\"Key (secret)\",\"key\":\"(secret)\"}]".to_owned(),
    ];
    for text in &expected {
        assert!(said.contains(text), "{text} in {said}");
    }
    assert!(!said.contains("x-ground"), "a header without a value is left out: {said}");
    let (kept, shown) = (kept(&app).await, crate::web::links_secrets::shown(app, "hook").await);
    assert!(shown.contains("(secret)") && shown.contains("s0"), "{shown}");
    for secret in secrets.iter().chain(&["in%2Fthe%3Faddress"]) {
        assert!(!kept.contains(secret), "{secret} is kept");
        assert!(!shown.contains(secret), "{secret} is shown");
    }
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_anew_when_it_is_refused() {
    #[derive(Clone, Default)]
    struct Endpoint {
        granted: Arc<AtomicUsize>,
        asked: Arc<std::sync::Mutex<Vec<String>>>,
    }
    async fn token(State(endpoint): State<Endpoint>, form: String) -> axum::Json<Value> {
        endpoint.asked.lock().unwrap().push(form);
        let n = endpoint.granted.fetch_add(1, Ordering::SeqCst) + 1;
        axum::Json(serde_json::json!({"access_token": format!("granted-token-{n}"), "expires_in": 3600}))
    }
    // The first token is refused from its second use on, with its value in the answer.
    async fn hook(State(endpoint): State<Endpoint>, headers: HeaderMap) -> (StatusCode, String) {
        let bearer = headers["authorization"].to_str().unwrap().to_owned();
        endpoint.asked.lock().unwrap().push(bearer.clone());
        let uses = endpoint.asked.lock().unwrap().iter().filter(|b| **b == "Bearer granted-token-1").count();
        match bearer == "Bearer granted-token-1" && uses > 1 {
            true => (StatusCode::UNAUTHORIZED, format!("expired: {bearer}")),
            false => (StatusCode::OK, String::new()),
        }
    }
    let endpoint = Endpoint::default();
    let router = axum::Router::new()
        .route("/token", axum::routing::post(token))
        .route("/hook", axum::routing::post(hook))
        .with_state(endpoint.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "the-client-secret").unwrap();
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"{base}/hook\"\n\
         signing = \"none\"\n[webhook.oauth2]\ntoken_url = \"{base}/token\"\nclient_id = \"redress\"\n\
         client_secret = {{ file = \"{}\" }}\nscope = \"tickets\"\n",
        file.display()
    );
    let app = Builder::default().plugin("hook", manifest).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(&crate::support::clear_complaint("piet@example.nl", "a2")).await;
    let refused = app.deliveries("hook", "queued").await;
    assert_eq!(refused[0].last_error.as_deref(), Some("401 Unauthorized: expired: Bearer (secret)"));
    app.next_attempt().await;
    assert_eq!(app.deliveries("hook", "accepted").await.len(), 2);
    let asked = endpoint.asked.lock().unwrap().clone();
    let granting: Vec<&String> = asked.iter().filter(|a| a.contains("grant_type")).collect();
    assert_eq!(granting.len(), 2, "{asked:?}");
    assert!(granting[0].contains("grant_type=client_credentials") && granting[0].contains("scope=tickets"));
    let kept = kept(&app).await;
    assert!(!kept.contains("granted-token") && !kept.contains("the-client-secret"));
}

/// A target that lets in whom it knows by a certificate; the certificate's files may be renewed at any time.
#[tokio::test]
async fn a_target_may_ask_for_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let files = tls::certificates(folder.path());
    let url = tls::https_for_known(&files).await;
    let secret = folder.path().join("client.key");
    let certificate = folder.path().join("client.pem");
    let manifest = |more: &str| {
        format!(
            "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"{url}\"\n\
             signing = \"none\"\nca_file = \"{}\"\n{more}",
            files.authority.display()
        )
    };
    let shown = manifest(&format!(
        "client_certificate = {{ file = \"{}\", key = {{ file = \"{}\" }} }}\n",
        certificate.display(),
        secret.display()
    ));
    let builder = Builder::default().plugin("unknown", manifest("")).plugin("hook", shown);
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    assert_eq!(app.deliveries("unknown", "queued").await.len(), 1);
    let missing = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
    assert!(missing.contains("client.pem cannot be read"), "{missing}");
    std::fs::write(&certificate, "no certificate").unwrap();
    std::fs::write(&secret, "no-key-but-a-secret").unwrap();
    app.next_attempt().await;
    app.next_attempt().await;
    let wrong = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
    assert!(wrong.contains("do not make a pair") && !wrong.contains("no-key"), "{wrong}");
    std::fs::copy(&files.certificate, &certificate).unwrap();
    std::fs::copy(&files.key, &secret).unwrap();
    while app.deliveries("hook", "accepted").await.is_empty() {
        let tried = app.deliveries("hook", "queued").await[0].attempts;
        assert!(tried < 6, "{:?}", app.deliveries("hook", "").await);
        app.next_attempt().await;
    }
    assert_eq!(app.deliveries("hook", "accepted").await.len(), 1, "{:?}", app.deliveries("hook", "").await);
    let key = std::fs::read_to_string(&files.key).unwrap();
    let key = key.lines().nth(1).unwrap();
    assert!(!kept(&app).await.contains(key));
}
