//! The house rules as a test: who may import whom, and what stands in one place only.

use crate::support::repository;
use std::path::{Path, PathBuf};

/// Module and what it may import of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("calendar", &[]),
    ("complaint", &["calendar"]),
    ("reception", &["calendar", "complaint"]),
    ("script", &[]),
    ("network", &[]),
    ("credentials", &["calendar", "network"]),
    ("rules", &["calendar", "complaint", "script"]),
    ("message", &[]),
    ("config", &["calendar", "complaint", "credentials", "rules"]),
    ("store", &["calendar", "complaint", "random"]),
    ("workflow", &["calendar", "clock", "complaint", "config", "message", "reception", "rules", "store"]),
    (
        "intake",
        &["calendar", "complaint", "config", "credentials", "network", "reception", "store", "workflow"],
    ),
    (
        "delivery",
        &[
            "calendar",
            "clock",
            "complaint",
            "config",
            "credentials",
            "network",
            "random",
            "script",
            "store",
            "workflow",
        ],
    ),
];

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

fn module(name: &str) -> Vec<(PathBuf, String)> {
    let file = repository().join("src").join(format!("{name}.rs"));
    match std::fs::read_to_string(&file) {
        Ok(text) => vec![(file, text)],
        Err(_) => sources(&repository().join("src").join(name)),
    }
}

#[test]
fn modules_import_only_what_they_may() {
    for (name, allowed) in MAY_IMPORT {
        for (path, text) in module(name) {
            for (i, _) in text.match_indices("crate::") {
                let target: String =
                    text[i + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let ok = target == *name || allowed.contains(&target.as_str());
                assert!(ok, "{} imports {target}", path.display());
            }
        }
    }
}

#[test]
fn the_core_knows_nothing_of_the_outside() {
    for name in ["complaint", "calendar", "reception", "rules"] {
        for (path, text) in module(name) {
            for word in ["async ", "sqlx", "reqwest", "lettre", "axum", "tokio"] {
                let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
                assert!(!code.clone().any(|l| l.contains(word)), "{} holds {word}", path.display());
            }
        }
    }
}

#[test]
fn sql_stands_in_the_store_only() {
    for (path, text) in sources(&repository().join("src")) {
        if !path.starts_with(repository().join("src/store")) {
            let found = ["SELECT ", "INSERT INTO", "UPDATE complaints", "DELETE FROM"]
                .iter()
                .find(|w| text.contains(**w));
            assert_eq!(found, None, "{} holds SQL", path.display());
        }
    }
}

#[test]
fn delivery_never_evaluates_rules() {
    for (path, text) in module("delivery") {
        assert!(!text.contains("crate::rules"), "{}", path.display());
    }
}

#[test]
fn rust_names_no_state_of_the_shipped_procedure() {
    for name in ["rules", "workflow", "store", "intake", "reception", "delivery", "complaint", "message"] {
        for (path, text) in module(name) {
            if path.to_string_lossy().ends_with("_test.rs") {
                continue;
            }
            for state in
                ["in_treatment", "awaiting_complainant", "not_taken_up", "\"settled\"", "\"archived\""]
            {
                let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
                assert!(!code.clone().any(|l| l.contains(state)), "{} names {state}", path.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_owns_and_is_not_too_long() {
    for (path, text) in sources(&repository().join("src")) {
        assert!(text.starts_with("//!"), "{} has no header", path.display());
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
        assert!(!text.contains("todo!") && !text.contains("unimplemented!"), "{}", path.display());
    }
}
