//! Real processes: one is killed, two share a store.

use crate::cli::{redress, stdout};
use crate::support::{at_once, clear_complaint, repository, shipped_untried};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct Serving(Child);

impl Serving {
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, &shipped_untried().join("rules"))
    }

    pub fn start_with(folder: &Path, rules: &Path) -> Self {
        Self::start_all(folder, rules, &repository().join("plugins"), "")
    }

    pub fn start_all(folder: &Path, rules: &Path, plugins: &Path, settings: &str) -> Self {
        let config = folder.join("redress.toml");
        std::fs::write(&config, format!("[server]\nlisten = \"127.0.0.1:0\"\n{settings}")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_redress"))
            .current_dir(repository())
            .args(["--config", config.to_str().unwrap(), "--data"])
            .arg(folder.join("data"))
            .arg("--rules")
            .arg(rules)
            .arg("--plugins")
            .arg(plugins)
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    pub fn of(child: Child) -> Self {
        Self(child)
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Sends a signal, by the name that `kill` knows it by.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Polls a real process; the only kind of waiting in the tests.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what} did not come about");
}

pub fn drop_mail(folder: &Path, name: &str) {
    let inbox = folder.join("data/inbox");
    for part in ["tmp", "new"] {
        std::fs::create_dir_all(inbox.join(part)).unwrap();
    }
    std::fs::write(inbox.join("tmp").join(name), clear_complaint(&format!("{name}@example.nl"), name))
        .unwrap();
    std::fs::rename(inbox.join("tmp").join(name), inbox.join("new").join(name)).unwrap();
}

pub fn outbox(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("data/outbox"))
        .map_or(0, |e| e.flatten().filter(|e| e.path().extension().is_some_and(|x| x == "eml")).count())
}

pub fn list(folder: &Path) -> serde_json::Value {
    let output = redress(&folder.join("data"), &["--json", "list"]);
    serde_json::from_str(&stdout(&output)).unwrap_or_default()
}

#[test]
fn two_processes_share_a_store_one_acting_while_the_other_serves() {
    let folder = tempfile::tempdir().unwrap();
    let (rules, plugins) = (shipped_untried().join("rules"), repository().join("plugins"));
    let serving = Serving::start_all(folder.path(), &rules, &plugins, "[delivery]\nrecall_minutes = 0\n");
    let config = folder.path().join("redress.toml");
    drop_mail(folder.path(), "a1");
    eventually("the acknowledgement", || outbox(folder.path()) == 2);
    // Another process asks the complainant something; the server delivers what that queued or already has.
    let acted = redress(
        &folder.path().join("data"),
        &[
            "--config",
            config.to_str().unwrap(),
            "act",
            list(folder.path())[0]["number"].as_str().unwrap(),
            "ask_information",
            "--input",
            "questions=Welke dag?",
            "--as",
            "behandelaar@lagant.nl",
        ],
    );
    assert!(acted.status.success(), "{}", String::from_utf8_lossy(&acted.stderr));
    eventually("the question", || outbox(folder.path()) == 3);
    drop_mail(folder.path(), "a2");
    eventually("the second complaint", || list(folder.path()).as_array().is_some_and(|l| l.len() == 2));
    serving.kill();
    let verified = redress(&folder.path().join("data"), &["audit", "verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// A row that another process makes due is noticed by the server, without that process settling anything.
#[test]
fn the_server_notices_what_another_process_commits() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(folder.path());
    eventually("the first start", || folder.path().join("data/inbox/new").is_dir());
    let places = redress::app::Places {
        config: Some(folder.path().join("redress.toml")),
        data: folder.path().join("data"),
        rules: shipped_untried().join("rules"),
        plugins: repository().join("plugins"),
        clock: None,
        access: redress::app::Access::Change,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let app = redress::app::App::open(&places).await.unwrap();
        let raw = clear_complaint("jan@example.nl", "elsewhere");
        redress::intake::ingest(&app.workflow, raw.as_bytes(), "test").await.unwrap();
        app.close().await;
    });
    eventually("the letters", || outbox(folder.path()) == 2);
    serving.kill();
}

#[test]
fn several_processes_may_be_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let data = data.clone();
            std::thread::spawn(move || redress(&data, &["tick"]))
        })
        .collect();
    for start in starts {
        let output = start.join().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let verified = stdout(&redress(&data, &["audit", "verify"]));
    assert_eq!(verified, "the audit trail holds: 1 events\n", "the rules were published once");
}

/// Between the commit and the delivery: the letters are in the outbox table and nowhere else yet.
#[test]
fn a_process_killed_between_commit_and_delivery_delivers_after_its_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    // The outbox cannot be written to, so the process is certain to die with letters queued.
    std::fs::write(data.join("outbox"), "").unwrap();
    let serving = Serving::start(folder.path());
    drop_mail(folder.path(), "a1");
    let queued = || {
        let listed = stdout(&redress(&data, &["--json", "deliveries", "list", "--state", "queued"]));
        serde_json::from_str::<serde_json::Value>(&listed)
            .is_ok_and(|l| l.as_array().is_some_and(|l| l.len() == 2))
    };
    eventually("queued letters", queued);
    serving.kill();
    std::fs::remove_file(data.join("outbox")).unwrap();
    let serving = Serving::start(folder.path());
    eventually("the letters", || outbox(folder.path()) == 2);
    serving.kill();
}

/// Rulesets come in force one after another while mail comes in: nothing is lost, and nothing fires twice.
#[test]
fn a_server_under_load_swaps_rulesets() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let rules = crate::support::rules_copy();
    at_once(rules.path());
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    let serving = Serving::start(folder.path());
    eventually("the first start", || folder.path().join("data/inbox/new").is_dir());
    let terms = std::fs::read_to_string(rules.path().join("00_terms.rhai")).unwrap();
    let at_rules = ["--rules", rules.path().to_str().unwrap()];
    let mut swaps = 0;
    for round in 0..4 {
        for i in 0..6 {
            drop_mail(folder.path(), &format!("s{round}-{i}"));
        }
        let changed = terms.replace("const MIN_TEXT = 40;", &format!("const MIN_TEXT = {};", 30 + round));
        std::fs::write(rules.path().join("00_terms.rhai"), changed).unwrap();
        let planned = redress(&data, &[&at_rules[..], &["--json", "rules", "plan"]].concat());
        let planned: serde_json::Value = serde_json::from_str(&stdout(&planned)).unwrap();
        let digest = planned["digest"].as_str().unwrap();
        let order = ["--as", "kwaliteit@lagant.nl", "--reason", "een proef onder belasting"];
        let published =
            redress(&data, &[&at_rules[..], &["rules", "publish", "--plan", digest], &order].concat());
        swaps += usize::from(published.status.success());
    }
    // What comes in between a plan and its publication refuses it, as it should.
    assert!(swaps >= 2, "{swaps} of 4 published");
    let all = || {
        list(folder.path())
            .as_array()
            .is_some_and(|l| l.len() == 24 && l.iter().all(|c| c["state"] == "in_treatment"))
    };
    eventually("every complaint", all);
    eventually("every letter", || outbox(folder.path()) == 48);
    let why = |complaint: &serde_json::Value| -> serde_json::Value {
        let why = redress(&data, &["--json", "why", complaint["number"].as_str().unwrap()]);
        serde_json::from_str(&stdout(&why)).unwrap()
    };
    let last = "Ontvangstbevestiging is aangenomen";
    // A letter is in the folder before it is on record as accepted, and what is decided on that comes behind it.
    let settled =
        |c: &serde_json::Value| why(c)["fired"].as_array().unwrap().iter().any(|f| f["rule"] == last);
    eventually("every acceptance", || list(folder.path()).as_array().unwrap().iter().all(settled));
    serving.kill();
    let mut rulesets = std::collections::BTreeSet::new();
    for complaint in list(folder.path()).as_array().unwrap() {
        let why = why(complaint);
        let fired: Vec<&str> =
            why["fired"].as_array().unwrap().iter().filter_map(|f| f["rule"].as_str()).collect();
        let expected = [
            "Nieuw bericht: termijnen gaan lopen",
            "Registreer een duidelijke klacht vanzelf",
            "register_complaint",
            "Geregistreerd: de behandelaar krijgt de klacht",
            "Bevestig een duidelijke klacht vanzelf",
            "acknowledge",
            last,
        ];
        assert_eq!(fired, expected, "{complaint}");
        rulesets.extend(why["fired"].as_array().unwrap().iter().map(|f| f["ruleset"].to_string()));
    }
    assert!(rulesets.len() > 1, "complaints were decided under several rulesets: {rulesets:?}");
    assert!(redress(&data, &["audit", "verify"]).status.success());
}

/// What is saved in the folder of a running server is in force by itself when it says nothing, and waits otherwise.
#[test]
fn a_saved_edit_reaches_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let rules = crate::support::rules_copy();
    at_once(rules.path());
    // A story of its own; the shipped scenarios would take the test's time and say nothing here.
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    let serving = Serving::start_with(folder.path(), rules.path());
    eventually("the first start", || folder.path().join("data/inbox/new").is_dir());
    drop_mail(folder.path(), "a1");
    eventually("the letters", || outbox(folder.path()) == 2);
    let file = rules.path().join("00_terms.rhai");
    let terms = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, terms.replace("const MIN_TEXT = 40;", "const MIN_TEXT = 41;")).unwrap();
    let history = || stdout(&redress(&data, &["rules", "history"]));
    eventually("the silent edit", || history().contains("saved in the folder; its plan sends nothing"));
    let monitoring = rules.path().join("70_monitoring.rhai");
    let text = std::fs::read_to_string(&monitoring).unwrap();
    let loud = "rule \"Nieuw\" when complaint.is_open then { notify(\"complainant\", \"withdrawn\"); }\n";
    std::fs::write(&monitoring, format!("{text}\n{loud}")).unwrap();
    eventually("word to the quality manager", || outbox(folder.path()) == 3);
    assert_eq!(history().lines().count(), 3, "a heading, the first start and the silent edit: {}", history());
    serving.kill();
}

/// A plugin folder that appears beside a running server is in use, without a restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_plugin_reaches_a_running_server() {
    let (receiver, url) = crate::support::receiver::Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let plugins = folder.path().join("plugins");
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(plugins.join(name)).unwrap();
        std::fs::write(plugins.join(name).join("plugin.toml"), text).unwrap();
    };
    write("mail", crate::support::MAIL_PLUGIN);
    let settings = "[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n";
    let serving = Serving::start_all(folder.path(), &shipped_untried().join("rules"), &plugins, settings);
    eventually("the first start", || folder.path().join("data/inbox/new").is_dir());
    write(
        "hook",
        &format!("kind = \"webhook\"\nenabled = true\n[webhook]\nurl = \"{url}\"\nsigning = \"none\"\n"),
    );
    // The lane follows within seconds; a complaint that came before it is none of the new plugin's.
    let mut names = (1..).map(|i| format!("a{i}"));
    eventually("a delivery by the new plugin", || {
        drop_mail(folder.path(), &names.next().unwrap());
        std::thread::sleep(Duration::from_millis(200));
        receiver.count() > 0
    });
    serving.kill();
}

#[test]
fn scenarios_are_played_again_after_every_save() {
    use std::io::{BufRead, BufReader};
    let rules = crate::support::rules_copy();
    at_once(rules.path());
    let child = Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(repository())
        .arg("--rules")
        .arg(rules.path())
        .args(["rules", "test", "niet te bereiken", "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut watching = Serving(child);
    let mut lines = BufReader::new(watching.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.find(|l| l.contains("passed")).unwrap(), "1 passed, 0 failed");
    assert!(lines.any(|l| l.starts_with("waiting for a file")));
    let file = rules.path().join("00_terms.rhai");
    let terms = std::fs::read_to_string(&file).unwrap();
    let later = terms.replace("const INFO_TERM = days(14);", "const INFO_TERM = days(7);");
    std::fs::write(&file, later).unwrap();
    assert_eq!(lines.find(|l| l.contains("passed")).unwrap(), "0 passed, 1 failed");
    watching.kill();
}
