//! What an integrator has: commands, shipped folders, schemas, and the guide's own receivers in Python and Node.

use crate::support::receiver::Receiver;
use crate::support::{Builder, clear_complaint, repository};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What the shipped plugins take from the environment.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("REDRESS_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("REDRESS_CLOUDEVENTS_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("REDRESS_SLACK_URL", "https://hooks.slack.example/services/T0/B0/token"),
    ("REDRESS_TEAMS_URL", "https://teams.example.org/workflows/1?sig=token"),
    ("REDRESS_NTFY_TOKEN", "token"),
    ("REDRESS_TICKET_TOKEN", "token"),
];

fn redress(folder: &Path, plugins: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(repository())
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--plugins")
        .arg(plugins)
        .args(arguments)
        .envs(ENVIRONMENT.iter().copied())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Each shipped plugin makes what its service documents: no field that the documentation does not have, each of the same
/// type, and every one that is required.
#[test]
fn shipped_plugins_make_what_their_services_document() {
    let folder = tempfile::tempdir().unwrap();
    let formats = repository().join("tests/fixtures/formats");
    let mut names: Vec<String> = std::fs::read_dir(&formats)
        .unwrap()
        .flatten()
        .map(|e| e.path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["cloudevents", "ntfy", "slack", "standard-webhooks", "teams", "ticket"]);
    for name in names {
        let format: Value =
            serde_json::from_slice(&std::fs::read(formats.join(format!("{name}.json"))).unwrap()).unwrap();
        let manifest = repository().join("plugins").join(&name).join("plugin.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        assert!(manifest.contains("enabled = false"), "{name} is shipped switched off");
        let output =
            redress(folder.path(), &repository().join("plugins"), &["--json", "plugins", "sample", &name]);
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        let sample: Value = serde_json::from_slice(&output.stdout).unwrap();
        for place in format["required"].as_array().unwrap() {
            let place = place.as_str().unwrap();
            assert!(sample["body"].pointer(place).is_some_and(|v| !v.is_null()), "{name} lacks {place}");
        }
        for (header, begins) in format["headers"].as_object().unwrap() {
            let sent = sample["headers"].as_array().unwrap().iter().find(|h| h[0] == header.as_str());
            let sent =
                sent.unwrap_or_else(|| panic!("{name} lacks the header {header}"))[1].as_str().unwrap();
            assert!(sent.starts_with(begins.as_str().unwrap()), "{name}: {header}: {sent}");
        }
        documented(&name, "", &sample["body"], &format["example"]);
    }
}

fn documented(name: &str, place: &str, made: &Value, example: &Value) {
    match (made, example) {
        // `data` of an envelope is ours.
        (Value::Object(_), Value::Object(e)) if e.is_empty() => {}
        (Value::Object(m), Value::Object(e)) => {
            for (key, value) in m {
                let known = e.get(key).unwrap_or_else(|| panic!("{name}: {place}/{key} is not documented"));
                documented(name, &format!("{place}/{key}"), value, known);
            }
        }
        (Value::Array(m), Value::Array(e)) => {
            m.iter().for_each(|value| documented(name, place, value, &e[0]));
        }
        (made, example) => {
            let same = std::mem::discriminant(made) == std::mem::discriminant(example);
            assert!(same, "{name}: {place} is {made}, documented as {example}");
        }
    }
}

#[test]
fn check_names_every_mistake_with_its_place_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins");
    let write = |name: &str, file: &str, text: &str| {
        std::fs::create_dir_all(plugins.join(name)).unwrap();
        std::fs::write(plugins.join(name).join(file), text).unwrap();
    };
    let webhook = "[webhook]\nurl = \"https://example.org/\"\nsecret = { env = \"REDRESS_NO_SUCH\" }\n";
    write(
        "a",
        "plugin.toml",
        &format!("kind = \"webhook\"\nenabled = true\nmessages = [\"acknowlegement\"]\n{webhook}"),
    );
    write(
        "b",
        "plugin.toml",
        &format!(
            "kind = \"webhook\"\nstates = [\"treatment\"]\nwhen = {{ verdict = [\"upheldd\"] }}\nmessages = []\nevents = [\"enterd\"]\n{webhook}"
        ),
    );
    write("c", "plugin.toml", &format!("kind = \"webhook\"\n{webhook}"));
    write("c", "payload.rhai", "fn payload(n) {\n  #{ a: }\n}");
    let output = redress(folder.path(), &plugins, &["plugins", "check"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    for expected in [
        "messages: `acknowlegement` is not in this procedure",
        "did you mean `acknowledgement`?",
        "REDRESS_NO_SUCH",
        "states: `treatment`",
        "did you mean `in_treatment`?",
        "events: `enterd`",
        "when.verdict: `upheldd`",
        "c/payload.rhai:2:",
    ] {
        assert!(said.contains(expected), "{expected} is missing in\n{said}");
    }
    let output = redress(folder.path(), &repository().join("plugins"), &["plugins", "check"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// Where plugins cannot be read, mail must not quietly go another way than the manifests say.
#[test]
fn plugins_that_cannot_be_read_are_no_reason_to_go_on_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plugins");
    std::fs::write(&file, "").unwrap();
    let output = redress(folder.path(), &file, &["plugins", "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("the folder cannot be read"), "{}", text(&output.stderr));
    let output = redress(folder.path(), &folder.path().join("nothing-here"), &["plugins", "check"]);
    assert!(
        output.status.success(),
        "without a folder there is the embedded plugin: {}",
        text(&output.stderr)
    );
}

/// A secret that is no key signs nothing: the delivery fails and says so.
#[tokio::test]
async fn a_secret_that_is_no_key_signs_nothing() {
    let (receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "whsec_not base64").unwrap();
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"{url}\"\nsecret = {{ file = \"{}\" }}\n",
        secret.display()
    );
    let app = Builder::default().plugin("hook", manifest).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let error = app.deliveries("hook", "queued").await[0].last_error.clone().unwrap();
    assert!(error.contains("is not standard base64"), "{error}");
    assert_eq!(receiver.count(), 0);
}

#[test]
fn a_plugin_that_is_not_there_is_named_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let output = redress(folder.path(), &repository().join("plugins"), &["plugins", "sample", "slak"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("did you mean `slack`?"), "{}", text(&output.stderr));
}

/// The schemas are generated, committed, and what is sent conforms to them.
#[tokio::test]
async fn every_event_conforms_to_the_committed_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let output = redress(
        folder.path(),
        &repository().join("plugins"),
        &["plugins", "schema", folder.path().to_str().unwrap()],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let schema = |name: &str| -> Value {
        let committed = std::fs::read_to_string(repository().join("plugins/schema").join(name)).unwrap();
        let generated = std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(committed == generated, "{name} is out of date: run `redress plugins schema`");
        serde_json::from_str(&committed).unwrap()
    };
    let notification = jsonschema::validator_for(&schema("notification.json")).unwrap();
    let event = jsonschema::validator_for(&schema("event.json")).unwrap();
    let (receiver, url) = Receiver::start(&[]).await;
    let manifest = |personal: &str| {
        format!(
            "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\n{personal}[webhook]\nurl = \"{url}\"\nsigning = \"none\"\n"
        )
    };
    let builder = Builder::default()
        .plugin("all", manifest(""))
        .plugin("personal", manifest("include_personal_data = true\npurpose = \"a test\"\n"));
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    app.until("2027-03-01 10:00").await;
    app.app.turn().await.unwrap();
    let bodies = receiver.bodies();
    assert!(bodies.len() > 60, "{}", bodies.len());
    for body in &bodies {
        let is_event = body["type"].as_str().unwrap().starts_with("event.");
        let validator = if is_event { &event } else { &notification };
        if let Err(wrong) = validator.validate(body) {
            panic!("{wrong}\n{body:#}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn test_shows_request_answer_and_time_and_fails_when_it_was_not_taken() {
    let (receiver, url) = Receiver::start(&[200, 503]).await;
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins/hook");
    std::fs::create_dir_all(&plugins).unwrap();
    let manifest = format!(
        "kind = \"webhook\"\n[webhook]\nurl = \"{url}\"\nsecret = {{ env = \"REDRESS_WEBHOOK_SECRET\" }}\n"
    );
    std::fs::write(plugins.join("plugin.toml"), manifest).unwrap();
    let config = folder.path().join("redress.toml");
    std::fs::write(&config, "[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n").unwrap();
    let arguments = ["--config", config.to_str().unwrap(), "plugins", "test", "hook"];
    let output = redress(folder.path(), &folder.path().join("plugins"), &arguments);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for expected in ["POST http://127.0.0.1", "webhook-signature: v1,", "accepted after", "200 OK"] {
        assert!(said.contains(expected), "{said}");
    }
    let output = redress(folder.path(), &folder.path().join("plugins"), &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("NOT accepted"), "{}", text(&output.stdout));
    assert_eq!(receiver.count(), 2);
}

#[test]
fn a_plugin_may_bring_the_event_it_is_tried_with() {
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins");
    let write = |file: &str, text: &str| {
        std::fs::create_dir_all(plugins.join("hook")).unwrap();
        std::fs::write(plugins.join("hook").join(file), text).unwrap();
    };
    write(
        "plugin.toml",
        "kind = \"webhook\"\n[webhook]\nurl = \"https://example.org/\"\nsigning = \"none\"\n",
    );
    write("payload.rhai", "fn payload(n) { #{ number: n.data.complaint.number } }");
    write(
        "sample.json",
        "{\"type\": \"event.entered\", \"data\": {\"complaint\": {\"number\": \"K-2026-0042\"}}}",
    );
    let output = redress(folder.path(), &plugins, &["--json", "plugins", "sample", "hook"]);
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["body"], serde_json::json!({"number": "K-2026-0042"}));
    write("sample.json", "{\"type\": }");
    let output = redress(folder.path(), &plugins, &["plugins", "sample", "hook"]);
    assert!(text(&output.stderr).contains("sample.json:1:"), "{}", text(&output.stderr));
}

/// The command line from a dead letter to its second chance.
#[test]
fn deliveries_are_listed_shown_and_retried() {
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins");
    std::fs::create_dir_all(plugins.join("hook")).unwrap();
    let manifest = "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"http://127.0.0.1:9/\"\nsigning = \"none\"\nretry = \"never\"\n";
    std::fs::write(plugins.join("hook/plugin.toml"), manifest).unwrap();
    let mail = folder.path().join("a.eml");
    std::fs::write(&mail, clear_complaint("jan@example.nl", "a1")).unwrap();
    let clock = ["--clock", "2026-11-23T10:00:00+01:00"];
    let run = |arguments: &[&str]| {
        let output = redress(folder.path(), &plugins, &[&clock[..], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    run(&["intake", mail.to_str().unwrap()]);
    let listed: Value =
        serde_json::from_str(&run(&["--json", "deliveries", "list", "--state", "dead"])).unwrap();
    let id = listed[0]["id"].as_str().unwrap();
    let shown = run(&["deliveries", "show", id]);
    for expected in ["notification.acknowledgement", "K-2026-0001", "no connection", "\"event\""] {
        assert!(shown.contains(expected), "{shown}");
    }
    assert!(run(&["plugins", "list"]).contains("failing"));
    assert!(run(&["deliveries", "retry", id]).contains("1 put back"));
    assert!(
        run(&["deliveries", "retry", "--since", "2026-11-23", "--plugin", "hook"]).contains("1 put back")
    );
    assert!(run(&["deliveries", "retry", "--since", "2026-11-24"]).contains("0 put back"));
    let output = redress(folder.path(), &plugins, &[&clock[..], &["deliveries", "show", "nothing"]].concat());
    assert_eq!(output.status.code(), Some(2));
}

/// A folder that cannot be used harms nothing but itself: every command works, the mistakes are all shown, and where
/// the plugin was in use before, its version before goes on, also after a restart.
#[test]
fn a_folder_that_cannot_be_used_harms_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins");
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(plugins.join(name)).unwrap();
        std::fs::write(plugins.join(name).join("plugin.toml"), text).unwrap();
    };
    let mail = std::fs::read_to_string(repository().join("plugins/mail/plugin.toml")).unwrap();
    write("mail", &mail);
    let letters = || {
        let outbox = std::fs::read_dir(folder.path().join("data/outbox"));
        outbox.map_or(0, Iterator::count)
    };
    let clock = ["--clock", "2026-11-23T10:00:00+01:00"];
    let run = |arguments: &[&str]| redress(folder.path(), &plugins, &[&clock[..], arguments].concat());
    let take_in = |who: &str| {
        let file = folder.path().join("a.eml");
        std::fs::write(&file, clear_complaint(who, who)).unwrap();
        let output = run(&["intake", file.to_str().unwrap()]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    take_in("jan@example.nl");
    let before = letters();
    assert!(before > 0);

    write("mail", &format!("{mail}\nbogus = 1\n"));
    write("chat", "kind = \"webhook\"\n[webhook]\nurl = \"not an address\"\nsigning = \"none\"\n");
    std::fs::create_dir_all(plugins.join("empty")).unwrap();
    let said = take_in("piet@example.nl");
    assert!(said.contains("bogus") && said.contains("cannot be used"), "{said}");
    assert!(letters() > before, "the version before carries letters");
    let listed = text(&run(&["plugins", "list"]).stdout);
    let line = |name: &str| listed.lines().find(|l| l.starts_with(name)).unwrap_or_default().to_owned();
    assert!(line("mail").contains("the version before runs"), "{listed}");
    assert!(line("chat").contains("broken") && line("empty").contains("broken"), "{listed}");
    let check = run(&["plugins", "check"]);
    assert_eq!(check.status.code(), Some(1));
    let wrong = text(&check.stderr);
    for expected in ["bogus", "webhook.url is not an address", "every folder in plugins/ has a plugin.toml"] {
        assert!(wrong.contains(expected), "all at once: {wrong}");
    }
    let doctor = text(&run(&["doctor"]).stdout);
    assert!(doctor.contains("plugin mail: its folder cannot be used"), "{doctor}");

    // What is switched off does not come back when its folder breaks.
    let before = letters();
    write("mail", &mail.replace("enabled = true", "enabled = false"));
    take_in("els@example.nl");
    write("mail", "kind = \"pigeon\"\n");
    take_in("mia@example.nl");
    assert_eq!(letters(), before);
    // Nor does what is removed on purpose.
    write("mail", &mail);
    take_in("toos@example.nl");
    assert!(letters() > before, "switched on, it carries letters again");
    std::fs::remove_dir_all(plugins.join("mail")).unwrap();
    let before = letters();
    take_in("kees@example.nl");
    assert_eq!(letters(), before);
}

/// The n-th block of a language in the integrators' guide.
fn example(language: &str) -> String {
    let guide = std::fs::read_to_string(repository().join("plugins/README.md")).unwrap();
    let start = format!("```{language}\n");
    let block = guide.split(&start).nth(1).unwrap_or_else(|| panic!("no {language} in the guide"));
    block.split("\n```").next().unwrap().to_owned()
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
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"http://127.0.0.1:{port}/\"\nsecret = {{ file = \"{}\" }}\n",
        secret.display()
    );
    // The clock of the receiver is the real one, and it refuses what is five minutes off.
    let app = Builder::default().plugin("hook", manifest.clone()).start_now().await;
    app.complaint("a1").await;
    assert_eq!(app.deliveries("hook", "accepted").await.len(), 1, "{:?}", app.deliveries("hook", "").await);
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "notification.acknowledgement K-2026-0001");
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
    std::fs::write(&file, example("python")).unwrap();
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", library).env("PYTHONUNBUFFERED", "1");
    verified_by(command, &file).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_receiver_in_node_verifies_a_real_delivery() {
    let Some(library) = library("REDRESS_TEST_NODE") else { return };
    // Node looks for libraries beside the file.
    let file = library.join(format!("receiver-{}.mjs", std::process::id()));
    std::fs::write(&file, example("javascript")).unwrap();
    verified_by(Command::new("node"), &file).await;
    std::fs::remove_file(&file).unwrap();
}
