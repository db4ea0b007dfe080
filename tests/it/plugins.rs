//! What an integrator has: commands, shipped folders, schemas.

use crate::support::receiver::Receiver;
use crate::support::{Builder, clear_complaint, repository, shipped_untried};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

/// What the shipped plugins take from the environment.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("REDRESS_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("REDRESS_CLOUDEVENTS_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("REDRESS_SLACK_URL", "https://hooks.slack.example/services/T0/B0/token"),
    ("REDRESS_TEAMS_URL", "https://teams.example.org/workflows/1?sig=token"),
    ("REDRESS_DISCORD_URL", "https://discord.example/api/webhooks/1/token"),
    ("REDRESS_MATTERMOST_URL", "https://mattermost.example/hooks/token"),
    ("REDRESS_GOOGLE_CHAT_KEY", "a-key"),
    ("REDRESS_GOOGLE_CHAT_TOKEN", "a-token"),
    ("REDRESS_TELEGRAM_TOKEN", "12:token"),
    ("REDRESS_TELEGRAM_CHAT", "-100200"),
    ("REDRESS_MATRIX_TOKEN", "a-token"),
    ("REDRESS_PAGERDUTY_KEY", "a-key"),
    ("REDRESS_NTFY_TOPIC", "a-topic"),
    ("REDRESS_TICKET_TOKEN", "a-token"),
    ("REDRESS_JIRA_LOGIN", "bG9naW46dG9rZW4="),
    ("REDRESS_GLPI_SECRET", "a-secret"),
    ("REDRESS_GLPI_PASSWORD", "a-password"),
    ("REDRESS_SERVICENOW_SECRET", "a-secret"),
];

pub fn redress(folder: &Path, plugins: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(shipped_untried())
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--plugins")
        .arg(plugins)
        .args(arguments)
        .envs(ENVIRONMENT.iter().copied())
        .output()
        .unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The documented formats of the services for which a plugin is shipped, by plugin.
pub fn formats() -> Vec<(String, Value)> {
    let folder = repository().join("tests/fixtures/formats");
    let mut found: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|e| {
            let name = e.path().file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&std::fs::read(e.path()).unwrap()).unwrap())
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut shipped: Vec<String> = std::fs::read_dir(repository().join("plugins"))
        .unwrap()
        .flatten()
        .filter(|e| e.path().is_dir())
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|name| !["schema", "mail", "smtp"].contains(&name.as_str()))
        .collect();
    shipped.sort();
    assert_eq!(found.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), shipped);
    found
}

/// Each shipped plugin makes what its service documents: no field that the documentation does not have, each of the same
/// type, every one that is required, and none beyond its limit; and a sample is marked as one.
#[test]
fn shipped_plugins_make_what_their_services_document() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in formats() {
        let manifest = repository().join("plugins").join(&name).join("plugin.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        assert!(manifest.contains("enabled = false"), "{name} is shipped switched off");
        let output =
            redress(folder.path(), &repository().join("plugins"), &["--json", "plugins", "sample", &name]);
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        let sample: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(sample["method"], format["method"], "{name}");
        let url = sample["url"].as_str().unwrap();
        assert!(url.starts_with(format["url"].as_str().unwrap()), "{name}: {url}");
        let header = |header: &str| {
            let sent = sample["headers"].as_array().unwrap().iter().find(|h| h[0] == header);
            sent.unwrap_or_else(|| panic!("{name} lacks the header {header}"))[1].as_str().unwrap().to_owned()
        };
        for (header_name, begins) in format["headers"].as_object().unwrap() {
            let sent = header(header_name);
            assert!(sent.starts_with(begins.as_str().unwrap()), "{name}: {header_name}: {sent}");
        }
        assert_eq!(header("redress-test"), "true", "{name}");
        let all = sample.to_string();
        let is_marked = all.to_lowercase().contains("test") && !all.contains("K-2026-");
        assert!(is_marked, "{name}: {all}");
        for (_, secret) in ENVIRONMENT.iter().filter(|(_, value)| !["a-key", "a-token"].contains(value)) {
            assert!(!all.contains(secret), "{name} shows {secret}");
        }
        conforms(&name, &sample["body"], &format);
    }
}

/// Compares a body with the format that its service documents.
pub fn conforms(name: &str, body: &Value, format: &Value) {
    for place in format["required"].as_array().unwrap() {
        let place = place.as_str().unwrap();
        assert!(body.pointer(place).is_some_and(|v| !v.is_null()), "{name} lacks {place}: {body:#}");
    }
    for (place, most) in format["limits"].as_object().unwrap() {
        let length = body.pointer(place).and_then(Value::as_str).map_or(0, |text| text.chars().count());
        assert!(length <= usize::try_from(most.as_u64().unwrap()).unwrap(), "{name}: {place} has {length}");
    }
    documented(name, "", body, &format["example"]);
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
    for expected in
        ["POST http://127.0.0.1", "webhook-signature: v1,", "accepted after", "200 OK", "K-0000-0000"]
    {
        assert!(said.contains(expected), "{said}");
    }
    let output = redress(folder.path(), &folder.path().join("plugins"), &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("NOT accepted"), "{}", text(&output.stdout));
    assert_eq!(receiver.count(), 2);
    let (headers, _) = &receiver.seen()[0];
    assert_eq!(headers["redress-test"], "true");
    assert_eq!(receiver.bodies()[0]["data"]["test"], true);
}

/// A test is of something that the plugin takes; a letter that tries one out comes back as a machine's mail, and lands in
/// no complaint, whether it is delivered to our own mailbox or returned.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_taken_and_a_test_letter_lands_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins");
    let sample = |name: &str, manifest: &str| -> Value {
        std::fs::create_dir_all(plugins.join(name)).unwrap();
        std::fs::write(plugins.join(name).join("plugin.toml"), manifest).unwrap();
        let output = redress(folder.path(), &plugins, &["--json", "plugins", "sample", name]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let webhook = "[webhook]\nurl = \"https://example.org/\"\nsigning = \"none\"\n";
    let taken = sample(
        "hook",
        &format!(
            "kind = \"webhook\"\nmessages = []\nevents = [\"deadline_breached\"]\nstates = [\"decided\"]\n\
             when = {{ verdict = [\"upheld\"], flags = [\"urgent\"], language = [\"en\"] }}\n{webhook}"
        ),
    );
    let complaint = &taken["body"]["data"]["complaint"];
    assert_eq!(taken["body"]["type"], "event.deadline_breached");
    assert_eq!(
        (&complaint["state"], &complaint["verdict"], &complaint["language"]),
        (&"decided".into(), &"upheld".into(), &"en".into())
    );
    assert!(complaint["flags"].as_array().unwrap().contains(&"urgent".into()), "{complaint}");
    let due = taken["body"]["data"]["details"]["due"].as_str().unwrap();
    assert!(due.contains('T'), "RFC 3339: {due}");
    let role = sample("role", &format!("kind = \"webhook\"\nrecipients = [\"director\"]\n{webhook}"));
    assert_eq!(role["body"]["data"]["recipient"], "director");

    std::fs::create_dir_all(plugins.join("mail")).unwrap();
    std::fs::write(plugins.join("mail/plugin.toml"), "kind = \"email\"\nenabled = true\n").unwrap();
    let output = redress(folder.path(), &plugins, &["plugins", "test", "mail"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let letter = std::fs::read_dir(folder.path().join("data/outbox")).unwrap().flatten().next().unwrap();
    let letter = std::fs::read_to_string(letter.path()).unwrap();
    for expected in ["X-Redress-Test: true", "Auto-Submitted: auto-generated", "I-0000-000000"] {
        assert!(letter.contains(expected), "{letter}");
    }
    let app = Builder::default().start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let returned = format!(
        "From: MAILER-DAEMON@example.nl\r\nTo: planning@lagant.nl\r\nSubject: Undelivered Mail\r\nMessage-ID: <b1@example.nl>\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nNot delivered.\r\n--x\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; x@example.nl\r\n\
         Action: failed\r\nStatus: 5.1.1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n{letter}\r\n--x--\r\n"
    );
    for mail in [letter.as_str(), returned.as_str()] {
        let taken = app.mail(mail).await;
        assert_eq!(taken.intake_id, None, "{taken:?}");
    }
    assert_eq!(app.app.store.register().list(&Default::default(), 10).await.unwrap().len(), 1);
    let id = app.app.workflow.id_of("K-2026-0001").await.unwrap();
    assert_eq!(app.app.store.register().mails(id).await.unwrap().len(), 1, "nothing lands in the complaint");
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
