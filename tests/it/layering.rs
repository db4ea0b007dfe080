//! The house rules as a test: who may import whom, and what stands in one place only.

use crate::support::imports::Imports;
use crate::support::procedure_names::{ProcedureNames, Said};
use crate::support::repository;
use crate::support::source::{Source, files, sources};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Module and what it may import of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("calendar", &[]),
    ("accounts", &["calendar", "complaint", "random"]),
    ("complaint", &["calendar"]),
    ("reception", &["calendar", "complaint"]),
    ("script", &[]),
    ("network", &["calendar"]),
    ("credentials", &["calendar", "network"]),
    ("clock", &["calendar"]),
    ("random", &[]),
    ("files", &[]),
    ("escape", &[]),
    ("archive", &[]),
    ("dossier", &["archive", "calendar", "complaint", "escape"]),
    ("progress", &["calendar", "clock"]),
    ("logging", &["clock", "escape"]),
    ("rules", &["calendar", "complaint", "script"]),
    ("message", &["complaint", "escape"]),
    ("config", &["calendar", "complaint", "credentials", "logging", "rules"]),
    ("store", &["calendar", "complaint", "random"]),
    ("report", &["calendar", "complaint", "escape", "message"]),
    ("importing", &["calendar", "complaint", "config", "rules"]),
    (
        "workflow",
        &[
            "accounts",
            "archive",
            "calendar",
            "clock",
            "complaint",
            "config",
            "dossier",
            "escape",
            "files",
            "importing",
            "message",
            "progress",
            "random",
            "reception",
            "report",
            "rules",
            "store",
        ],
    ),
    (
        "intake",
        &[
            "calendar",
            "complaint",
            "config",
            "credentials",
            "files",
            "network",
            "progress",
            "random",
            "reception",
            "workflow",
        ],
    ),
    ("lsp", &["complaint", "config", "rules", "workflow"]),
    (
        "delivery",
        &[
            "calendar",
            "clock",
            "complaint",
            "config",
            "credentials",
            "escape",
            "files",
            "network",
            "progress",
            "random",
            "script",
            "workflow",
        ],
    ),
    (
        "watchdog",
        &[
            "calendar",
            "complaint",
            "credentials",
            "delivery",
            "files",
            "intake",
            "network",
            "progress",
            "rules",
            "workflow",
        ],
    ),
    (
        "web",
        &[
            "accounts",
            "calendar",
            "complaint",
            "config",
            "delivery",
            "escape",
            "importing",
            "intake",
            "progress",
            "reception",
            "report",
            "rules",
            "watchdog",
            "workflow",
        ],
    ),
];

/// Read once; the tests share it.
static PRODUCTION: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let found = sources(&repository(), "src");
    assert!(found.len() > 150, "the sources are found: {}", found.len());
    found
});

fn module(name: &str) -> Vec<&'static Source> {
    let (file, folder) = (format!("src/{name}.rs"), format!("src/{name}/"));
    let found: Vec<&Source> =
        PRODUCTION.iter().filter(|s| s.path == file || s.path.starts_with(&folder)).collect();
    assert!(!found.is_empty(), "there is no module {name}");
    found
}

/// Modules that put the others together, and may import whatever is below them.
const PUTS_TOGETHER: &[&str] = &["app", "cli", "lib", "main"];

#[test]
fn every_module_has_its_imports_listed() {
    let modules: BTreeSet<&str> =
        PRODUCTION.iter().filter_map(|s| s.path.strip_prefix("src/")?.split(['/', '.']).next()).collect();
    let listed = MAY_IMPORT.iter().map(|(name, _)| *name).chain(PUTS_TOGETHER.iter().copied()).collect();
    assert_eq!(modules, listed);
    assert!(module("app").iter().all(|s| !s.code.contains("crate::cli")), "the parts know no command");
}

#[test]
fn modules_import_only_what_they_may() {
    for (name, allowed) in MAY_IMPORT {
        for source in module(name) {
            for (i, _) in source.code.match_indices("crate::") {
                let target: String =
                    source.code[i + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let ok = target == *name || allowed.contains(&target.as_str());
                assert!(ok, "{} imports {target}", source.path);
            }
        }
    }
}

#[test]
fn the_core_knows_nothing_of_the_outside() {
    for name in ["complaint", "calendar", "reception", "rules"] {
        for source in module(name) {
            for word in ["async ", "sqlx", "reqwest", "lettre", "axum", "tokio"] {
                assert!(!source.code.contains(word), "{} holds {word}", source.path);
            }
        }
    }
}

#[test]
fn sql_stands_in_the_store_only() {
    let begins_as_sql = |text: &str| {
        ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "]
            .iter()
            .any(|w| text.trim_start().starts_with(w))
    };
    let (store, others): (Vec<&Source>, Vec<&Source>) =
        PRODUCTION.iter().partition(|s| s.path.starts_with("src/store/"));
    let sql = |s: &Source| s.literals.iter().find(|l| begins_as_sql(&l.text)).map(|l| l.line);
    assert!(store.iter().any(|s| sql(s).is_some()), "SQL is recognised");
    for source in others {
        assert_eq!(sql(source), None, "{} holds SQL", source.path);
    }
}

/// Where the store itself is at hand; everybody else has a handle for a purpose, from `workflow`.
const MAY_HAVE_THE_STORE: &[&str] = &["src/store/", "src/workflow/", "src/app.rs", "src/app/backup/"];

/// Returns what in a text reaches the store itself; its row types are no reach.
fn reach_of_the_store(code: &str) -> Option<&str> {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let field = |rest: &str| ends(rest) && !rest.starts_with('(');
    let flat: fn(&str) -> bool = |list| list.split(',').any(|name| name.trim() == "Store");
    let is_imported = |rest: &str| match rest.strip_prefix('{') {
        Some(list) => flat(list.split('}').next().unwrap_or_default()),
        None => rest.strip_prefix("Store").is_some_and(ends),
    };
    let fields = code.match_indices(".store").filter(|(i, word)| field(&code[i + word.len()..]));
    let imports = code.match_indices("store::").filter(|(i, word)| is_imported(&code[i + word.len()..]));
    fields.chain(imports).map(|(_, word)| word).next()
}

#[test]
fn complaints_change_only_through_workflow() {
    let (inside, outside): (Vec<&Source>, Vec<&Source>) =
        PRODUCTION.iter().partition(|s| MAY_HAVE_THE_STORE.iter().any(|place| s.path.starts_with(place)));
    assert!(inside.iter().filter(|s| reach_of_the_store(&s.code).is_some()).count() > 10, "it is recognised");
    for source in outside {
        assert_eq!(reach_of_the_store(&source.code), None, "{} reaches the store", source.path);
    }
}

#[test]
fn a_reach_of_the_store_is_found() {
    let reach = ["app.store.cases()", "let s = &app.store;", "self\n    .store\n    .mails()"];
    let imports = ["use crate::store::Store;", "use crate::store::{Candidate, Store, StoreError};"];
    for code in reach.iter().chain(&imports) {
        assert!(reach_of_the_store(code).is_some(), "{code}");
    }
    let rows = ["use crate::store::{Audit, StoredEvent, StoreError};", "use crate::store::StoreError;"];
    for code in rows.iter().chain(&["flag.store(true, Ordering::Relaxed);", "self.stored"]) {
        assert_eq!(reach_of_the_store(code), None, "{code}");
    }
}

#[test]
fn delivery_never_evaluates_rules() {
    for source in module("delivery") {
        assert!(!source.code.contains("crate::rules"), "{}", source.path);
    }
}

#[test]
fn every_file_says_what_it_owns_and_is_not_too_long() {
    for path in
        files(&repository().join("src")).into_iter().filter(|p| p.extension().is_some_and(|e| e == "rs"))
    {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} has no header", path.display());
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}

/// Where the shipped procedure is spoken of on purpose.
const ABOUT_THE_SHIPPED_PROCEDURE: &[(&str, &str)] = &[
    ("src/cli/demo/", "the demonstration plays the shipped procedure"),
    ("src/cli/help.rs", "its examples are of the shipped procedure"),
];

/// Names of the shipped procedure that are words of Redress itself too, and what for. Such a word may be the whole of a
/// text in Rust. Inside a longer text (SQL, a script, TOML), and where the code beside it makes a name or speaks of a
/// state, it can only be the procedure's.
const OUR_OWN_WORDS: &[(&str, &str)] = &[
    ("adopted", "event kind, and a count of a plan: rules taken for fired"),
    ("closed", "column of the register: when a complaint was closed"),
    ("complainant_replied", "event kind"),
    ("decided", "count of a report"),
    ("decision", "what a column of an earlier register is called"),
    ("declined", "answer to an invitation (RFC 5546, PARTSTAT=DECLINED)"),
    ("done", "an import that is over; a word of earlier registers"),
    ("escalated", "event kind"),
    ("handler", "what a column of an earlier register is called"),
    ("info", "level of the log"),
    ("letter_failed", "event kind"),
    ("meeting", "field of a complaint"),
    ("merged", "kind of link between complaints"),
    ("no", "English: a value that is false, a stop word, Auto-Submitted: no (RFC 3834)"),
    ("no_reply", "a mailbox behind which nobody reads"),
    ("open", "count of a report"),
    ("other", "key of an event's data: the complaint linked to"),
    ("received", "event kind, and a count of a report"),
    ("registered", "event kind, and a count of a report"),
    ("reply", "word of scenarios: the complainant answers"),
    ("resolved", "a word of earlier registers"),
    ("triage", "word of scenarios: why a mail needs a person"),
    ("withdrawn", "count of a report"),
    ("yes", "English: a value that is true"),
];

/// What still names the shipped procedure and is to go: file and name.
const KNOWN_NAMES: &[(&str, &[&str])] = &[
    // The state of a proposal, in the example of what a program sends.
    ("src/web/api/rules/operations.rs", &["open"]),
];

/// `file:line: kind name`, of every name of the shipped procedure that a compiled-in file says without leave.
fn named_in_rust(names: &ProcedureNames) -> Vec<(String, String, usize)> {
    let mut found = Vec::new();
    for source in PRODUCTION.iter() {
        let lines: Vec<&str> = source.code.lines().collect();
        for literal in &source.literals {
            let code = lines[literal.line - 1];
            let makes_a_name = code.contains("::from(") || code.contains("state");
            for (name, said) in names.said_in(&literal.text) {
                let is_ours = OUR_OWN_WORDS.iter().any(|(word, _)| *word == name);
                if said == Said::Inside || !is_ours || makes_a_name {
                    found.push((source.path.clone(), name.to_owned(), literal.line));
                }
            }
        }
    }
    for path in
        files(&repository().join("src")).into_iter().filter(|p| p.extension().is_none_or(|e| e != "rs"))
    {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let file = path.strip_prefix(repository()).unwrap().to_str().unwrap().to_owned();
        for (i, line) in text.lines().enumerate() {
            found.extend(
                names.said_in(line).into_iter().map(|(name, _)| (file.clone(), name.to_owned(), i + 1)),
            );
        }
    }
    found.retain(|(file, ..)| !ABOUT_THE_SHIPPED_PROCEDURE.iter().any(|(place, _)| file.starts_with(place)));
    found
}

#[test]
fn rust_names_nothing_of_the_shipped_procedure() {
    let names = ProcedureNames::read(&repository().join("rules"));
    assert!(names.len() > 300, "the names are found: {}", names.len());
    let found = named_in_rust(&names);
    let is_known =
        |file: &str, name: &str| KNOWN_NAMES.iter().any(|(f, known)| *f == file && known.contains(&name));
    let new: Vec<String> = found
        .iter()
        .filter(|(file, name, _)| !is_known(file, name))
        .map(|(file, name, line)| format!("{file}:{line}: `{name}` ({})", names.kind(name).unwrap()))
        .collect();
    assert_eq!(new, Vec::<String>::new(), "names belong in rules/");
    let known = KNOWN_NAMES.iter().flat_map(|(file, names)| names.iter().map(move |name| (*file, *name)));
    let gone: Vec<_> =
        known.filter(|(file, name)| !found.iter().any(|(f, n, _)| f == file && n == name)).collect();
    assert!(gone.is_empty(), "these are named no longer; take them off the list: {gone:?}");
    for (word, _) in OUR_OWN_WORDS {
        assert!(names.kind(word).is_some(), "`{word}` is no name of the procedure: take it off the list");
    }
}

#[test]
fn no_file_needs_itself_by_way_of_others() {
    let circles: Vec<String> =
        Imports::read(&PRODUCTION).circles().iter().map(|c| c.join("\n  needs ")).collect();
    assert!(
        circles.is_empty(),
        "{} circles of files; the shortest first:\n\n{}",
        circles.len(),
        circles.join("\n\n")
    );
}

/// The steps of `src/rules`, each a file or a folder, from the ground up: each may need what stands before it.
const RULES_STAIRCASE: &[&str] = &[
    "mutants",
    "diagnostics",
    "language",
    "procedure",
    "words",
    "machine",
    "statements",
    "check",
    "ruleset",
    "evaluate",
    "decide",
    "observe",
    "editor",
];

/// Arrows between the steps of a folder that point up, and files that stand on no step.
fn misplaced(sources: &[Source], folder: &str, steps: &[&str]) -> Vec<String> {
    let step = |file: &str| {
        let name = file.strip_prefix(folder)?;
        let name = name.split_once('/').map_or_else(|| name.trim_end_matches(".rs"), |(first, _)| first);
        steps.iter().position(|s| *s == name)
    };
    let mut found = Vec::new();
    for (from, needed) in Imports::read(sources).needs {
        if !from.starts_with(folder) || from == format!("{folder}mod.rs") {
            continue;
        }
        let Some(low) = step(&from) else {
            found.push(format!("{from} stands on no step"));
            continue;
        };
        let up = needed.iter().filter(|to| step(to).is_some_and(|high| high > low));
        found.extend(up.map(|to| format!("{from} needs {to}, which stands above it")));
    }
    found
}

#[test]
fn inside_rules_every_arrow_points_down() {
    // The steps are being built; from the day that the words have theirs, all of them stand.
    if repository().join("src/rules/words").exists() || repository().join("src/rules/words.rs").exists() {
        assert_eq!(misplaced(&PRODUCTION, "src/rules/", RULES_STAIRCASE), Vec::<String>::new());
    }
}

#[test]
fn an_arrow_up_the_stairs_is_found() {
    let sources = [
        ("src/rules/mod.rs", "pub use decide::decide;\nuse words::Word;\nfn f(w: Word) {}"),
        (
            "src/rules/words/mod.rs",
            "use crate::rules::language::Language;\nuse super::decide;\npub struct Word;\nfn g() { decide::decide() }",
        ),
        ("src/rules/language.rs", "pub struct Language;\nfn f(w: super::words::Word) {}"),
        ("src/rules/decide.rs", "use super::words::Word;\npub fn decide() {}"),
        ("src/rules/loose.rs", ""),
    ];
    let sources: Vec<Source> = sources.iter().map(|(path, text)| Source::new(path, text)).collect();
    assert_eq!(
        misplaced(&sources, "src/rules/", &["language", "words", "decide"]),
        [
            "src/rules/language.rs needs src/rules/words/mod.rs, which stands above it",
            "src/rules/loose.rs stands on no step",
            "src/rules/words/mod.rs needs src/rules/decide.rs, which stands above it",
        ]
    );
}
