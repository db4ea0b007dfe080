//! What is fuzzed: where its inputs are from, and what is done with each.

use super::files;
use super::vocabulary::{
    Growing, MAIL_GROWING, MAIL_WORDS, MESSAGE_GROWING, MESSAGE_WORDS, PAYLOAD_GROWING, PAYLOAD_WORDS,
    SCRIPT_GROWING, SCRIPT_WORDS, TOML_GROWING, TOML_WORDS,
};
use crate::support::{amsterdam, at, repository};
use redress::complaint::{
    Case, Complaint, ComplaintId, EventKind, IntakeId, Language, Party, Recipient, State, Via,
};
use redress::config::Settings;
use redress::delivery::{Manifest, Mode, Plugins, sample};
use redress::intake::{attachment_bytes, parse};
use redress::rules::editor::{With, Workspace};
use redress::rules::{
    Clauses, ExtraFields, Input, Outcome, RulesetSource, Trigger, decide, scenario, unobserved,
};
use redress::workflow::{OutgoingSample, Published, SampleWish};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What plays one input.
pub type Player = Box<dyn FnMut(&[u8])>;

pub struct Target {
    pub name: &'static str,
    pub corpus: fn() -> Vec<Vec<u8>>,
    /// The corpus is there: it has so many inputs.
    pub at_least: usize,
    pub words: &'static [&'static str],
    pub growing: &'static [Growing],
    /// Runs where nobody asks for more.
    pub runs: usize,
    /// Makes what plays one input.
    pub play: fn() -> Player,
}

pub static TARGETS: &[Target] = &[
    Target {
        name: "mail",
        corpus: || files(&repository().join("tests/fixtures/mail")),
        at_least: 200,
        words: MAIL_WORDS,
        growing: MAIL_GROWING,
        runs: 1_500,
        play: || Box::new(mail),
    },
    Target {
        name: "script",
        corpus: scripts,
        at_least: 15,
        words: SCRIPT_WORDS,
        growing: SCRIPT_GROWING,
        runs: 60,
        play: || Box::new(script),
    },
    Target {
        name: "procedure",
        corpus: || {
            read(&["tests/fixtures/example/procedure.toml", "tests/fixtures/municipality/procedure.toml"])
        },
        at_least: 2,
        words: TOML_WORDS,
        growing: TOML_GROWING,
        runs: 100,
        play: || Box::new(procedure),
    },
    Target {
        name: "message",
        corpus: messages,
        at_least: 60,
        words: MESSAGE_WORDS,
        growing: MESSAGE_GROWING,
        runs: 100,
        play: || Box::new(message),
    },
    Target {
        name: "settings",
        corpus: || read(&["redress.example.toml", "tests/fixtures/municipality/redress.toml"]),
        at_least: 2,
        words: TOML_WORDS,
        growing: TOML_GROWING,
        runs: 2_000,
        play: || Box::new(settings),
    },
    Target {
        name: "manifest",
        corpus: || plugins("plugin.toml"),
        at_least: 6,
        words: TOML_WORDS,
        growing: TOML_GROWING,
        runs: 2_000,
        play: || Box::new(manifest),
    },
    Target {
        name: "payload",
        corpus: || plugins("payload.rhai"),
        at_least: 4,
        words: PAYLOAD_WORDS,
        growing: PAYLOAD_GROWING,
        runs: 100,
        play: payload,
    },
    Target {
        name: "scenario",
        corpus: || [files(&repository().join("rules/tests")), read(&["rules/clauses.toml"])].concat(),
        at_least: 10,
        words: SCRIPT_WORDS,
        growing: SCRIPT_GROWING,
        runs: 100,
        play: || Box::new(scenario_text),
    },
    Target {
        name: "editor",
        corpus: scripts,
        at_least: 15,
        words: SCRIPT_WORDS,
        growing: SCRIPT_GROWING,
        runs: 60,
        play: editor,
    },
];

fn read(paths: &[&str]) -> Vec<Vec<u8>> {
    paths.iter().map(|path| std::fs::read(repository().join(path)).unwrap()).collect()
}

fn plugins(file: &str) -> Vec<Vec<u8>> {
    let folders = std::fs::read_dir(repository().join("plugins")).unwrap().flatten();
    let mut paths: Vec<_> = folders.map(|e| e.path().join(file)).filter(|p| p.exists()).collect();
    paths.sort();
    paths.iter().map(|p| std::fs::read(p).unwrap()).collect()
}

fn scripts() -> Vec<Vec<u8>> {
    let folders =
        ["rules", "tests/fixtures/example", "tests/fixtures/municipality", "tests/it/mistakes/ruleset"];
    let of = |folder: &&str| {
        let source = RulesetSource::read(&repository().join(folder)).unwrap();
        let scripts = source.files().iter().filter(|(name, _)| name.ends_with(".rhai"));
        scripts.map(|(_, text)| text.clone().into_bytes()).collect::<Vec<_>>()
    };
    folders.iter().flat_map(of).collect()
}

fn messages() -> Vec<Vec<u8>> {
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    source.messages().map(|(.., text)| text.as_bytes().to_vec()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whatever comes of a mail is read, and the reading obeys its limits (docs/mail.md).
fn mail(bytes: &[u8]) {
    let mail = parse(bytes, Some("mx.lagant.nl"));
    assert!(mail.text.chars().count() <= 200_000 && mail.subject.chars().count() <= 500);
    assert!(!mail.message_id.is_empty() && !mail.body_hash.is_empty());
    assert!(mail.from.email.is_empty() || mail.from.email.contains('@'));
    assert!(mail.references.len() <= 50 && mail.recipients.len() <= 100 && mail.attachments.len() <= 200);
    assert!(mail.history_at.is_none_or(|at| mail.text.is_char_boundary(at)));
    assert!(!mail.text.contains('\0') && !mail.subject.contains('\n'));
    let ids = mail.references.iter().chain([&mail.message_id]);
    assert!(!ids.into_iter().any(|id| id.contains(|c: char| c.is_whitespace() || c.is_control())));
    for attachment in mail.attachments.iter().take(20) {
        attachment_bytes(bytes, &attachment.sha256);
    }
}

/// The example's files with another text in place of one.
fn example(file: &str, text: String) -> BTreeMap<String, String> {
    let mut files =
        RulesetSource::read(&repository().join("tests/fixtures/example")).unwrap().files().clone();
    files.insert(file.to_owned(), text);
    files
}

fn load(files: BTreeMap<String, String>) -> Option<Published> {
    let settings = Settings::load(None).unwrap();
    match Published::load(RulesetSource::new(files), &settings) {
        Ok(published) => {
            published.warnings(&settings);
            Some(published)
        }
        Err(found) => {
            let told: Vec<String> = found.iter().map(|d| d.in_language(Language::Dutch)).collect();
            assert!(!told.is_empty());
            None
        }
    }
}

/// A script is refused with words, or it decides about a complaint within its limits.
fn script(bytes: &[u8]) {
    if let Some(published) = load(example("10.rhai", text(bytes))) {
        decide_about_a_complaint(&published);
    }
}

fn decide_about_a_complaint(published: &Published) {
    let now = at("2026-11-23 10:00");
    let party = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let state = State::from(published.ruleset.procedure().initial.as_str());
    let complaint = Complaint::received(IntakeId::new(2026, 1), state, "s".to_owned(), party, now);
    let mut case = Case::new(ComplaintId(1), complaint);
    case.text = Some("tekst".into());
    let trigger = Trigger::Received { by: "k".to_owned(), via: Via::Scenario };
    let outcome =
        decide(&published.ruleset, &Arc::new(amsterdam()), Input::new(case, trigger, now), unobserved());
    assert!(matches!(outcome, Outcome::Decided(_)), "a decision came of it");
}

fn procedure(bytes: &[u8]) {
    if let Some(published) = load(example("procedure.toml", text(bytes))) {
        decide_about_a_complaint(&published);
    }
}

fn message(bytes: &[u8]) {
    load(example("messages/nl/note.md", text(bytes)));
}

fn settings(bytes: &[u8]) {
    if let Err(wrong) = Settings::parse(&text(bytes), "redress.toml") {
        assert!(!wrong.to_string().is_empty());
    }
}

fn manifest(bytes: &[u8]) {
    match Manifest::parse(&text(bytes), "plugins/x/plugin.toml") {
        Ok(manifest) => drop(manifest.missing_secrets()),
        Err(wrong) => assert!(!wrong.is_empty()),
    }
}

/// A payload script is refused with words, or makes a body or a mistake within its limits.
fn payload() -> Player {
    let folder = tempfile::tempdir().unwrap();
    let plugin = folder.path().join("plugins/x");
    std::fs::create_dir_all(&plugin).unwrap();
    let manifest =
        "kind = \"webhook\"\nenabled = true\n[webhook]\nurl = \"https://example.org/\"\nsigning = \"none\"\n";
    std::fs::write(plugin.join("plugin.toml"), manifest).unwrap();
    let settings = Arc::new(Settings::load(None).unwrap());
    let source = RulesetSource::read(&repository().join("tests/fixtures/example")).unwrap();
    let published = Arc::new(Published::load(source, &settings).unwrap());
    let now = at("2026-11-23 10:00");
    let wish = SampleWish {
        message: "note".to_owned(),
        recipient: Recipient::Complainant,
        event: EventKind::Registered,
        state: None,
        categories: BTreeMap::new(),
    };
    let outgoing = OutgoingSample::new(published, Arc::clone(&settings), &wish, "k@example.nl", now);
    Box::new(move |bytes| {
        std::fs::write(plugin.join("payload.rhai"), text(bytes)).unwrap();
        let (root, data) = (folder.path().join("plugins"), folder.path().join("data"));
        let plugins = Plugins::load(&root, &data, Arc::clone(&settings), Mode::Rehearsal).unwrap();
        let Some(plugin) = plugins.find("x") else { return };
        for made in [
            sample(&plugins, &plugin, &outgoing.message(), now),
            sample(&plugins, &plugin, &outgoing.event(), now),
        ] {
            if let Err(wrong) = made {
                assert!(!wrong.to_string().is_empty());
            }
        }
    })
}

fn scenario_text(bytes: &[u8]) {
    let text = text(bytes);
    let files = BTreeMap::from([("tests/10.rhai".to_owned(), text.clone())]);
    scenario::names(&files);
    scenario::mistakes(&files).iter().for_each(|d| drop(d.in_language(Language::English)));
    if let Err(found) = Clauses::parse(&text) {
        assert!(!found.is_empty());
    }
}

/// Every question that an editor asks is answered at any place of any text.
fn editor() -> Player {
    let texts = example("10.rhai", String::new());
    let mut workspace = Workspace::new(texts, ExtraFields::new(), Language::Dutch);
    Box::new(move |bytes| {
        let text = text(bytes);
        workspace.set("10.rhai", &text);
        workspace.outline("10.rhai");
        let places = (0..8).map(|i| text.len() * i / 7).chain([text.len() + 9]);
        for mut offset in places {
            while offset < text.len() && !text.is_char_boundary(offset) {
                offset += 1;
            }
            workspace.complete("10.rhai", offset);
            workspace.hover("10.rhai", offset);
            workspace.definitions("10.rhai", offset);
            workspace.references("10.rhai", offset, With::Declaration);
            if workspace.renamable("10.rhai", offset).is_ok()
                && let Ok(renaming) = workspace.rename("10.rhai", offset, "ander")
            {
                workspace.renamed(&renaming);
            }
        }
    })
}
