//! The integrators' guide: its receivers in Python and Node, and its examples.

use crate::delivery::{NEXT_SECRET, SECRET, hook};
use crate::plugins::{ENVIRONMENT, redress, text};
use crate::support::receiver::{Receiver, expected_signature};
use crate::support::{Builder, clear_complaint, repository};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The blocks of a language in the guide.
fn examples(language: &str) -> Vec<String> {
    let guide = std::fs::read_to_string(repository().join("plugins/README.md")).unwrap();
    let start = format!("```{language}\n");
    let blocks: Vec<String> =
        guide.split(&start).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect();
    assert!(!blocks.is_empty(), "no {language} in the guide");
    blocks
}

/// The guide's script makes a body of each of the guide's events, and its manifest a request, with no secret in what is
/// shown.
#[test]
fn the_guides_script_takes_the_guides_events() {
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins");
    std::fs::create_dir_all(plugins.join("crm")).unwrap();
    let write = |file: &str, text: &str| std::fs::write(plugins.join("crm").join(file), text).unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, ENVIRONMENT[0].1).unwrap();
    let place = |text: &str| text.replace("/run/secrets/redress", &secret.display().to_string());
    let manifest =
        place(&examples("toml")[0]).replace("{ env = \"CRM_TOKEN\" }", "{ env = \"REDRESS_NTFY_TOPIC\" }");
    write("plugin.toml", &manifest);
    write("payload.rhai", &examples("rhai")[0]);
    let titles = examples("json").into_iter().map(|event| {
        write("sample.json", &event);
        let output = redress(folder.path(), &plugins, &["--json", "plugins", "sample", "crm"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let sample: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&sample["body"]["key"], &sample["body"]["test"]), (&"(secret)".into(), &true.into()));
        assert!(!sample.to_string().contains("a-topic"), "{sample}");
        sample["body"]["title"].as_str().unwrap().to_owned()
    });
    assert_eq!(titles.collect::<Vec<_>>(), ["K-2026-0001: besloten", "crm: notification.plugin_disabled"]);
}

/// What tells whether one request is genuine, and the answer that is right.
struct Question<'q> {
    secret: &'q str,
    id: &'q str,
    timestamp: String,
    signature: &'q str,
    body: String,
    is_genuine: bool,
}

/// What runs the examples of the page that are installed here.
fn verifiers(folder: &Path) -> Vec<Vec<String>> {
    let signing = repository().join("assets/examples/signing");
    let is_there = |name: &str| {
        let found = Command::new(name).arg("--version").output().is_ok_and(|done| done.status.success());
        let is_required = ["python3", "node"].contains(&name) && std::env::var_os("CI").is_some();
        assert!(found || !is_required, "{name} is missing; .ci/run installs it");
        found
    };
    let with = |program: &str, file: &str| vec![program.to_owned(), signing.join(file).display().to_string()];
    let mut all = Vec::new();
    for (program, file) in [("python3", "verify.py"), ("node", "verify.mjs"), ("php", "verify.php")] {
        all.extend(is_there(program).then(|| with(program, file)));
    }
    if is_there("javac") {
        let mut made = Command::new("javac");
        let made = made.arg("-d").arg(folder).arg(signing.join("Verify.java")).output().unwrap();
        assert!(made.status.success(), "{}", text(&made.stderr));
        all.push(["java", "-cp", &folder.display().to_string(), "Verify"].map(str::to_owned).to_vec());
    }
    all
}

/// The examples of the page take what is really sent, by either secret while one changes, and nothing that was changed or is old.
#[tokio::test]
async fn the_examples_tell_what_is_genuine() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let (receiver, url) = Receiver::start(&[]).await;
    let next = format!("next_secret = {{ file = \"{}\" }}\n", folder.path().join("next").display());
    let app = Builder::default().plugin("hook", hook(&url, folder.path(), &next)).start_now().await;
    app.complaint("a1").await;
    let (headers, body) = receiver.seen().remove(0);
    let said = |name: &str| headers[name].to_str().unwrap().to_owned();
    let (id, both) = (said("webhook-id"), said("webhook-signature"));
    let at: i64 = said("webhook-timestamp").parse().unwrap();
    let one = both.split(' ').next().unwrap().to_owned();
    let mut old = headers.clone();
    old.insert("webhook-timestamp", (at - 400).into());
    let of_old = expected_signature(SECRET, &old, &body);
    let genuine = || Question {
        secret: SECRET,
        id: &id,
        timestamp: at.to_string(),
        signature: &both,
        body: body.clone(),
        is_genuine: true,
    };
    let forged = || Question { is_genuine: false, ..genuine() };
    let questions = [
        genuine(),
        Question { secret: NEXT_SECRET, ..genuine() },
        Question { secret: NEXT_SECRET, signature: &one, ..forged() },
        Question { body: body.replacen("K-2026", "K-2025", 1), ..forged() },
        Question { id: "another", ..forged() },
        Question { timestamp: (at + 1).to_string(), ..forged() },
        Question { timestamp: (at - 400).to_string(), signature: &of_old, ..forged() },
        Question { signature: &one[3..], ..forged() },
        Question { secret: "whsec_", ..forged() },
    ];
    for verifier in verifiers(folder.path()) {
        let asked = questions.iter().map(|asked| {
            let mut command = Command::new(&verifier[0]);
            command.args(&verifier[1..]).args([asked.id, &asked.timestamp, asked.signature]);
            command.env("REDRESS_WEBHOOK_SECRET", asked.secret).stdin(Stdio::piped());
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(asked.body.as_bytes()).unwrap();
            child
        });
        let asked: Vec<_> = asked.collect();
        for (n, (mut child, question)) in asked.into_iter().zip(&questions).enumerate() {
            assert_eq!(child.wait().unwrap().success(), question.is_genuine, "{verifier:?} {n}");
        }
    }
}

/// Where the libraries of Standard Webhooks are; `.ci/run` installs them, and there they must be.
fn library(variable: &str) -> Option<PathBuf> {
    let place = std::env::var_os(variable).map(PathBuf::from);
    assert!(place.is_some() || std::env::var_os("CI").is_none(), "{variable} is not set; .ci/run sets it");
    place
}

/// Runs a receiver of the guide, sends it a real delivery and a forged one, and sees what it made of them.
async fn verified_by(mut command: Command, file: &Path) {
    use tokio::io::AsyncBufReadExt;
    command.arg(file).env("REDRESS_WEBHOOK_SECRET", ENVIRONMENT[0].1).stdout(Stdio::piped());
    let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn().unwrap();
    let mut lines = tokio::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let listening = lines.next_line().await.unwrap().unwrap();
    let port = listening.rsplit(' ').next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, ENVIRONMENT[0].1).unwrap();
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\n[webhook]\nurl = \"http://127.0.0.1:{port}/\"\nsecret = {{ file = \"{}\" }}\n",
        secret.display()
    );
    // The clock of the receiver is the real one, and it refuses what is five minutes off.
    let gone = "kind = \"webhook\"\nenabled = true\n[webhook]\nsigning = \"none\"\n";
    let (receiver, url) = Receiver::start(&[410]).await;
    let gone = format!("{gone}url = \"{url}\"\n");
    let app = Builder::default().plugin("hook", manifest.clone()).plugin("gone", gone).start_now().await;
    app.complaint("a1").await;
    app.app.turn().await.unwrap();
    assert!(receiver.count() > 1, "several are under way when the first answers 410");
    assert_eq!(
        app.deliveries("hook", "queued").await.len(),
        0,
        "{:?}",
        app.deliveries("hook", "queued").await
    );
    let mut seen = Vec::new();
    for _ in app.deliveries("hook", "accepted").await {
        seen.push(lines.next_line().await.unwrap().unwrap());
    }
    for expected in
        ["notification.acknowledgement K-", "event.received ", "notification.plugin_disabled gone"]
    {
        assert!(seen.iter().any(|line| line.starts_with(expected)), "{expected} in {seen:?}");
    }
    let told = seen.iter().filter(|line| line.starts_with("notification.plugin_disabled")).count();
    assert_eq!(told, 1, "told once");
    std::fs::write(&secret, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    let refused = app.deliveries("hook", "queued").await;
    assert!(refused[0].last_error.as_deref().unwrap().starts_with("400"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_receiver_in_python_verifies_a_real_delivery() {
    let Some(library) = library("REDRESS_TEST_PYTHON") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receiver.py");
    std::fs::write(&file, &examples("python")[0]).unwrap();
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", library).env("PYTHONUNBUFFERED", "1");
    verified_by(command, &file).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_receiver_in_node_verifies_a_real_delivery() {
    let Some(library) = library("REDRESS_TEST_NODE") else { return };
    // Node looks for libraries beside the file.
    let file = library.join(format!("receiver-{}.mjs", std::process::id()));
    std::fs::write(&file, &examples("javascript")[0]).unwrap();
    verified_by(Command::new("node"), &file).await;
    std::fs::remove_file(&file).unwrap();
}
