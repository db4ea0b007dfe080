//! The bundle of the editor: that it is what its sources make, what it is made of and under which licences, and that it knows
//! the words of the language.

use crate::support::repository;
use redress::complaint::Language;
use redress::rules::editor::{CompletionKind, Workspace};
use redress::rules::{ExtraFields, RulesetSource};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::process::Command;

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join("assets").join(path)).unwrap()
}

fn manifest() -> toml::Table {
    read("vendor/MANIFEST.toml").parse().unwrap()
}

/// The digest that the build writes: of the names and the contents of all that the bundle is made of.
fn source_digest() -> String {
    let folder = repository().join("assets/editor/src");
    let names = std::fs::read_dir(folder).unwrap().flatten();
    let names = names.map(|entry| format!("src/{}", entry.file_name().into_string().unwrap()));
    let mut files: Vec<String> = names.collect();
    files.extend(["build.mjs", "package-lock.json", "package.json"].map(str::to_owned));
    files.sort();
    let said = files.iter().map(|file| {
        let text = read(&format!("editor/{file}"));
        format!("{file} {:x}\n", Sha256::digest(text))
    });
    format!("{:x}", Sha256::digest(said.collect::<String>()))
}

#[test]
fn the_bundle_is_the_one_that_its_sources_made() {
    let manifest = manifest();
    let bundle = format!("{:x}", Sha256::digest(read("vendor/editor.js")));
    assert_eq!(manifest["sha256"].as_str(), Some(&*bundle), "assets/vendor/editor.js was changed by hand");
    assert_eq!(
        manifest["source_sha256"].as_str(),
        Some(&*source_digest()),
        "assets/editor was changed: node build.mjs there"
    );
}

#[test]
fn what_the_bundle_is_made_of_is_named_and_licensed() {
    let lock: Value = serde_json::from_str(&read("editor/package-lock.json")).unwrap();
    let deny: toml::Table = std::fs::read_to_string(repository().join("deny.toml")).unwrap().parse().unwrap();
    let allowed = deny["licenses"]["allow"].as_array().unwrap().clone();
    let (manifest, licences, bundle) = (manifest(), read("vendor/LICENSES.txt"), read("vendor/editor.js"));
    let named = manifest["package"].as_array().unwrap();
    let mut locked = BTreeSet::new();
    for (path, entry) in lock["packages"].as_object().unwrap() {
        let Some(name) = path.strip_prefix("node_modules/") else { continue };
        // From the registry, whichever mirror of it: what it is, its digest says.
        assert!(entry.get("resolved").is_none(), "{name} comes from {}", entry["resolved"]);
        assert!(entry["integrity"].as_str().is_some_and(|i| i.starts_with("sha512-")), "{name}");
        let licence = entry["license"].as_str().unwrap_or_default();
        assert!(allowed.iter().any(|a| a.as_str() == Some(licence)), "{name}: {licence}");
        if entry["dev"] == true {
            continue;
        }
        locked.insert(name);
        let version = entry["version"].as_str().unwrap();
        let row = named.iter().find(|package| package["name"].as_str() == Some(name));
        let row = row.unwrap_or_else(|| panic!("{name} is missing in MANIFEST.toml"));
        assert_eq!(row["version"].as_str(), Some(version), "{name}");
        assert_eq!(row["licence"].as_str(), Some(licence), "{name}");
        assert_eq!(row["integrity"].as_str(), entry["integrity"].as_str(), "{name}");
        assert!(licences.contains(&format!("{name} {version}")), "{name} is missing in LICENSES.txt");
    }
    assert_eq!(named.len(), locked.len());
    // Who gets the bundle gets the licences with it.
    assert!(licences.contains("Permission is hereby granted"));
    assert!(bundle.starts_with(&format!("/*!\n{licences}*/")));
}

/// It asks nobody but this server, and evaluates nothing.
#[test]
fn the_bundle_keeps_to_the_policy_of_the_page() {
    let bundle = read("vendor/editor.js");
    let code = bundle.split_once("*/").unwrap().1;
    for never in
        ["eval(", "new Function", "importScripts", "XMLHttpRequest", "WebSocket", "sendBeacon", "innerHTML="]
    {
        assert!(!code.contains(never), "{never}");
    }
    let hosts = code.split("http").skip(1).filter(|rest| rest.starts_with("://") || rest.starts_with("s://"));
    let hosts: BTreeSet<&str> =
        hosts.filter_map(|rest| rest.split("://").nth(1)?.split('/').next()).collect();
    assert_eq!(hosts, BTreeSet::from(["www.w3.org"]));
    assert!(!code.contains("sourceMappingURL"));
}

/// Reads one of the lists of `assets/editor/src/words.js`.
fn listed(name: &str) -> BTreeSet<String> {
    let text = read("editor/src/words.js");
    let (_, list) = text.split_once(&format!("export const {name} = [")).unwrap();
    let list = list.split(']').next().unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What the language itself says may stand at a place, of its grammar; `‸` is the cursor.
fn offered(marked: &str) -> BTreeSet<String> {
    let mut texts = RulesetSource::read(&repository().join("rules")).unwrap().files().clone();
    let file = if marked.starts_with("scen") { "tests/99_new.rhai" } else { "99_new.rhai" };
    texts.insert(file.to_owned(), marked.replace('‸', ""));
    let workspace = Workspace::new(texts, ExtraFields::new(), Language::Dutch);
    let found = workspace.complete(file, marked.find('‸').unwrap()).into_iter();
    found.filter(|c| c.kind == CompletionKind::Keyword).map(|c| c.text).collect()
}

#[test]
fn the_editor_knows_the_words_of_the_language() {
    let statements = listed("STATEMENTS");
    let scripts = listed("SCRIPT");
    let begin = &offered("‸") | &offered("scen‸");
    for word in &statements {
        assert!(begin.contains(word), "no statement begins with {word}: {begin:?}");
    }
    let both = &statements | &scripts;
    let unknown: Vec<&String> = begin.difference(&both).collect();
    assert!(unknown.is_empty(), "{unknown:?} is unknown to assets/editor/src/words.js");
    let mut parts = BTreeSet::new();
    for place in [
        "rule \"a\" ‸",
        "rule \"a\" for complaint.measures ‸",
        "rule \"a\" when true ‸",
        "rule \"a\" when true every days(1) ‸",
        "action a \"A\" ‸",
        "action a \"A\" by [\"handler\"] ‸",
        "action a \"A\" by [\"handler\"] when true ‸",
        "schedule \"a\" ‸",
        "schedule \"a\" cron \"0 0 9 * * *\" ‸",
    ] {
        parts.append(&mut offered(place));
    }
    parts.remove("for");
    assert_eq!(parts, listed("PARTS"));
}

#[test]
fn a_word_of_scripts_is_no_name() {
    let engine = rhai::Engine::new();
    for word in listed("SCRIPT").iter().chain(&listed("VALUES")) {
        assert!(engine.compile(format!("let {word} = 1;")).is_err(), "{word} is a name like any other");
    }
    assert!(engine.compile("let klacht = 1;").is_ok());
}

/// Whatever the editor says, the page hands over in the reader's language; and the other way round nothing that it does not say.
#[test]
fn the_page_hands_over_every_word_of_the_editor() {
    let script = read("editor/src/said.js");
    let lists = script.split(" = {\n").skip(1).map(|rest| rest.split("\n};").next().unwrap());
    let names = lists.flat_map(str::lines).map(|line| line.trim().split(':').next().unwrap());
    let attribute = |name: &str| {
        let parts =
            name.chars().flat_map(|c| c.is_uppercase().then_some('-').into_iter().chain(c.to_lowercase()));
        format!("data-say-{}", parts.collect::<String>())
    };
    let wanted: BTreeSet<String> = names.map(attribute).collect();
    let template = read("templates/editor.html");
    let given = template.split("data-say-").skip(1).filter_map(|rest| rest.split('=').next());
    assert_eq!(given.map(|name| format!("data-say-{name}")).collect::<BTreeSet<_>>(), wanted);
}

#[test]
fn the_size_is_the_one_that_is_told() {
    let kilobytes = (read("vendor/editor.js").len() + 500) / 1_000;
    assert!(read("editor/README.md").contains(&format!("is {kilobytes} kB;")), "{kilobytes} kB");
}

/// What reads texts and asks the server, tried without a browser.
#[test]
fn the_parts_of_the_editor_do_as_they_should() {
    let mut node = Command::new("node");
    let folder = repository().join("assets/editor/test");
    let tests = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
    let tests: Vec<_> = tests.filter(|path| path.extension().is_some_and(|end| end == "js")).collect();
    assert!(tests.len() >= 2);
    node.arg("--test").args(tests).current_dir(folder);
    match node.output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        }
        Err(_) => assert!(std::env::var_os("CI").is_none(), "Node is missing; .ci/run installs it"),
    }
}
