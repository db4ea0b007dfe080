//! What the program depends on: every dependency is used, and their licences, sources and bans are those of deny.toml.

use crate::support::repository;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn toml_file(name: &str) -> toml::Table {
    std::fs::read_to_string(repository().join(name)).unwrap().parse().unwrap()
}

/// Reads a list of texts in deny.toml.
fn listed(section: &str, key: &str) -> Vec<String> {
    let list = toml_file("deny.toml")[section][key].as_array().unwrap().clone();
    list.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// Returns every package that this machine's build needs, as cargo tells.
pub fn packages() -> Vec<Value> {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let about = String::from_utf8(rustc.stdout).unwrap();
    let host = about.lines().find_map(|l| l.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Returns whether an SPDX expression leaves a choice that is allowed. `A/B` is the old way to write `A OR B`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (allows, read) = any_of(&words, allowed);
    allows && read == words.len()
}

/// Reads terms with OR between them: whether one is allowed, and how many words they are.
fn any_of(words: &[&str], allowed: &[String]) -> (bool, usize) {
    let (mut allows, mut at) = all_of(words, allowed);
    while words.get(at) == Some(&"OR") {
        let (also, read) = all_of(&words[at + 1..], allowed);
        (allows, at) = (allows | also, at + 1 + read);
    }
    (allows, at)
}

/// Reads licences with AND between them, likewise.
fn all_of(words: &[&str], allowed: &[String]) -> (bool, usize) {
    let (mut allows, mut at) = licence(words, allowed);
    while words.get(at) == Some(&"AND") {
        let (also, read) = licence(&words[at + 1..], allowed);
        (allows, at) = (allows & also, at + 1 + read);
    }
    (allows, at)
}

fn licence(words: &[&str], allowed: &[String]) -> (bool, usize) {
    match words {
        ["(", rest @ ..] => {
            let (allows, read) = any_of(rest, allowed);
            (allows, read + 2)
        }
        [_, "WITH", _, ..] => (false, 3),
        [name, ..] => (allowed.iter().any(|a| a == name.trim_end_matches('+')), 1),
        [] => (false, 0),
    }
}

#[test]
fn every_licence_is_allowed() {
    let allowed = listed("licenses", "allow");
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &allowed), "{}: {licence}", package["name"]);
    }
}

#[test]
fn nothing_banned_or_from_elsewhere_is_depended_on() {
    let banned = listed("bans", "deny");
    let lock = toml_file("Cargo.lock");
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        assert!(!banned.iter().any(|b| b == name), "{name} is banned");
        if let Some(source) = package.get("source").and_then(toml::Value::as_str) {
            let registry = source.trim_start_matches("registry+");
            assert!(listed("sources", "allow-registry").iter().any(|r| r == registry), "{name}: {source}");
        }
    }
}

#[test]
fn every_dependency_is_used() {
    for (manifest, section, folders) in [
        ("src/Cargo.toml", "dependencies", &["src"][..]),
        ("src/Cargo.toml", "dev-dependencies", &["src"][..]),
        ("Cargo.toml", "dev-dependencies", &["tests/it", "benches"][..]),
    ] {
        let code: String = folders.iter().map(|folder| code(&repository().join(folder))).collect();
        for name in toml_file(manifest)[section].as_table().unwrap().keys() {
            assert!(
                is_named(&name.replace('-', "_"), &code),
                "{name} in [{section}] of {manifest} is not used"
            );
        }
    }
    let shared = &toml_file("Cargo.toml")["workspace"]["dependencies"];
    let named = ["src/Cargo.toml", "Cargo.toml"].map(toml_file);
    for name in shared.as_table().unwrap().keys() {
        let is_inherited = |manifest: &toml::Table| {
            let sections = ["dependencies", "dev-dependencies"].iter().filter_map(|s| manifest[*s].get(name));
            sections.into_iter().any(|dependency| dependency.get("workspace").is_some())
        };
        assert!(named.iter().all(is_inherited), "{name} is not of the library and its tests both");
    }
}

/// Reads all Rust below a folder, without lines that are comments.
fn code(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text.push_str(&code(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let file = std::fs::read_to_string(&path).unwrap();
            text.extend(file.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|l| [l, "\n"]));
        }
    }
    text
}

/// Returns whether a crate's name stands in the code as the beginning of a path, or alone after `use`.
fn is_named(name: &str, code: &str) -> bool {
    code.match_indices(name).any(|(i, _)| {
        let (before, after) = (&code[..i], &code[i + name.len()..]);
        let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"');
        is_whole && (after.starts_with("::") || (before.ends_with("use ") && after.starts_with(';')))
    })
}

#[test]
fn a_licence_or_dependency_that_must_not_be_is_found() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned(), "MPL-2.0".to_owned()];
    for right in ["MIT OR GPL-3.0", "GPL-3.0/MIT", "(Apache-2.0 OR MIT) AND Unicode-3.0", "MPL-2.0+"] {
        assert!(is_allowed(right, &allowed), "{right}");
    }
    for wrong in ["", "GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0 WITH LLVM-exception", "(MIT OR X) AND Y"] {
        assert!(!is_allowed(wrong, &allowed), "{wrong}");
    }
    assert!(is_named("anyhow", "fn a() -> anyhow::Result<()> {}"));
    assert!(is_named("anyhow", "use anyhow;"));
    assert!(!is_named("anyhow", "let anyhow = 1; my_anyhow::x(); \"anyhow::x\""));
}
