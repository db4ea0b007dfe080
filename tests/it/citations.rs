//! What comments cite is in the repository: each citation has one form and a target that exists, and the forms that
//! led outside are refused.
//!
//! The form is a document's path and what is meant in it: `docs/semantics.md 4.3`, `docs/procedure.md row 26`,
//! `docs/procedure.md T34; edge case 12`, `docs/mail.md "Mail loops"`, `ARCHITECTURE.md "Limits"`; and for a standard,
//! its number with the sections of it that docs/standards.md lists: `RFC 5545, 3.8.7.4`.

use crate::support::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where comments are read, and what begins one there.
const COMMENTED: &[(&str, &str)] =
    &[("rs", "//"), ("rhai", "//"), ("toml", "#"), ("txt", "#"), ("sql", "--"), ("", "#")];
const FOLDERS: &[&str] = &["src", "tests", "benches", "rules", "plugins", "migrations", ".ci"];
/// Landed migrations never change, so these two keep the form of their day.
const LANDED: &[&str] = &["20261122000000_foundation.sql", "20261122200000_records.sql"];
/// Documents that are not in the repository, or not under this name.
const FOREIGN: &[&str] =
    &["design", "design.md", "semantics.md", "procedure.md", "email.md", "mail.md", "style.md"];

/// What a citation points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Document,
    Section(String),
    Row(u32),
    Transition(u32),
    EdgeCase(u32),
    Heading(String),
}

/// What there is to cite.
struct Library {
    documents: BTreeMap<String, BTreeSet<Target>>,
    standards: BTreeMap<String, BTreeSet<String>>,
}

impl Library {
    fn read() -> Self {
        let root = repository();
        let mut paths: Vec<String> = markdown_in(&root, "docs");
        paths.extend(["rules/README.md", "plugins/README.md"].map(str::to_owned));
        paths.extend(markdown_in(&root, ""));
        let documents = paths.into_iter().map(|path| {
            let text = std::fs::read_to_string(root.join(&path)).unwrap();
            let targets = targets(&text);
            (path, targets)
        });
        let standards = std::fs::read_to_string(root.join("docs/standards.md")).unwrap();
        Self { documents: documents.collect(), standards: standards_of(&standards) }
    }
}

fn markdown_in(root: &Path, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root.join(folder)).unwrap().flatten();
    let names = entries.filter_map(|e| e.file_name().into_string().ok()).filter(|n| n.ends_with(".md"));
    names.map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") }).collect()
}

/// The numbered paragraphs, headings, rows, transitions and edge cases of a document.
fn targets(text: &str) -> BTreeSet<Target> {
    let mut found = BTreeSet::from([Target::Document]);
    let mut chapter = String::new();
    for line in text.lines() {
        let heading = line.trim_start_matches('#').trim();
        if line.starts_with('#') {
            found.insert(Target::Heading(heading.to_owned()));
            chapter = heading.to_owned();
        }
        let number = heading.split(' ').next().unwrap_or_default().trim_end_matches('.');
        let is_numbered = line.starts_with('#') || number.contains('.');
        if is_numbered && is_section(number) {
            found.insert(Target::Section(number.to_owned()));
        }
        if let Some(n) = line.strip_prefix("| ").and_then(|l| l.split(" |").next()?.parse().ok()) {
            found.insert(if chapter.starts_with("1.2") { Target::Transition(n) } else { Target::Row(n) });
        }
        if chapter.starts_with("1.3")
            && let Some(n) = line.split_once(". **").and_then(|(n, _)| n.parse().ok())
        {
            found.insert(Target::EdgeCase(n));
        }
    }
    found
}

/// The RFCs of the table, each with its listed sections.
fn standards_of(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let rows = text.lines().filter_map(|l| l.strip_prefix("| ")).map(|l| l.split(" | ").collect::<Vec<_>>());
    let rows = rows.filter(|cells| cells.len() == 3 && is_section(cells[0]));
    rows.map(|cells| {
        let sections = cells[2].trim_end_matches(" |").split(';').map(str::trim);
        let numbers = sections.filter_map(|s| s.split(' ').next()).filter(|n| is_section(n));
        (cells[0].to_owned(), numbers.map(str::to_owned).collect())
    })
    .collect()
}

fn is_section(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
}

fn transition(word: &str) -> Option<u32> {
    word.strip_prefix('T')?.parse().ok()
}

/// Reads words and quoted texts off a comment.
#[derive(Clone)]
struct Cursor<'t> {
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    /// The next word, without the punctuation around it; none at the end.
    fn word(&mut self) -> Option<&'t str> {
        let is_part = |c: char| c.is_alphanumeric() || "./-_§".contains(c);
        let start = self.rest.find(is_part)?;
        let text = &self.rest[start..];
        let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
        let word = text[..end].trim_end_matches('.');
        self.rest = &text[word.len().max(1)..];
        Some(word)
    }

    /// The next word if only `between` stands before it.
    fn word_after(&mut self, between: &str) -> Option<&'t str> {
        let gap = self.rest.find(|c: char| !c.is_whitespace() && !between.contains(c))?;
        let mut ahead = Cursor { rest: &self.rest[gap..] };
        if !ahead.rest.starts_with(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let word = ahead.word()?;
        self.rest = ahead.rest;
        Some(word)
    }

    fn quoted_after(&mut self, between: &str) -> Option<&'t str> {
        let gap =
            self.rest.find(|c: char| !c.is_whitespace() && !between.contains(c)).filter(|gap| *gap > 0)?;
        let (text, rest) = self.rest[gap..].strip_prefix('"')?.split_once('"')?;
        self.rest = rest;
        Some(text)
    }
}

/// One citation that was read: where it leads.
#[derive(Debug, PartialEq, Eq)]
enum Cited {
    In(String, Vec<Target>),
    Standard(String, Vec<String>),
}

/// The citations of a text, and what of it has a form that is refused.
fn citations(text: &str, library: &Library) -> (Vec<Cited>, Vec<String>) {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    let mut cursor = Cursor { rest: text };
    let mut before = "";
    while let Some(word) = cursor.word() {
        let lower = word.to_lowercase();
        let next = cursor.clone().word_after("").unwrap_or_default();
        if library.documents.contains_key(word) {
            found.push(Cited::In(word.to_owned(), items(&mut cursor)));
        } else if word.starts_with("docs/") && word.ends_with(".md") {
            wrong.push(format!("there is no {word}"));
        } else if word == "RFC" && is_section(next) {
            cursor.word();
            found.push(Cited::Standard(next.to_owned(), sections(&mut cursor)));
        } else if FOREIGN.contains(&lower.as_str()) && (lower.ends_with(".md") || word == "DESIGN") {
            wrong.push(format!("`{word}` is not in the repository"));
        } else if word.contains('§') || next.starts_with('§') {
            wrong.push(format!("`{word} {next}`: write docs/NAME.md and the number"));
        } else if is_bare(before, &lower, next) || transition(word).is_some() {
            wrong.push(format!("`{before} {word} {next}`: write the document before it"));
        }
        before = word;
    }
    (found, wrong)
}

/// Whether the words point into a document without naming it.
fn is_bare(before: &str, word: &str, next: &str) -> bool {
    match word {
        "row" | "rows" | "semantics" => is_section(next),
        "case" | "cases" => before.eq_ignore_ascii_case("edge") && is_section(next),
        "procedure" => is_section(next) || next == "row" || next == "rows",
        _ => false,
    }
}

/// What is cited in a document whose path has just been read.
fn items(cursor: &mut Cursor) -> Vec<Target> {
    let mut found: Vec<Target> = Vec::new();
    let mut make: fn(&str) -> Option<Target> = section;
    loop {
        if let Some(text) = cursor.quoted_after(",;") {
            found.push(Target::Heading(text.split_whitespace().collect::<Vec<_>>().join(" ")));
            continue;
        }
        let mut ahead = cursor.clone();
        let Some(word) = ahead.word_after(",;") else { return found };
        let mut further = ahead.clone();
        let next = further.word_after("").unwrap_or_default();
        match (word, next) {
            ("row" | "rows", _) => make = |n| Some(Target::Row(n.parse().ok()?)),
            ("edge", "case" | "cases") => {
                make = |n| Some(Target::EdgeCase(n.parse().ok()?));
                ahead = further;
            }
            ("and", _) if make(next).is_some() || one(next).is_some() => {}
            ("to", _) => match (found.last().cloned(), one(next).or_else(|| make(next))) {
                (Some(from), Some(until)) => {
                    found.extend(between(&from, &until));
                    ahead = further;
                }
                _ => return found,
            },
            _ => match one(word).or_else(|| make(word)) {
                Some(target) => found.push(target),
                None => return found,
            },
        }
        *cursor = ahead;
    }
}

fn section(text: &str) -> Option<Target> {
    is_section(text).then(|| Target::Section(text.to_owned()))
}

fn one(text: &str) -> Option<Target> {
    transition(text).map(Target::Transition)
}

/// All from the one after `from` until `until`.
fn between(from: &Target, until: &Target) -> Vec<Target> {
    match (from, until) {
        (Target::Row(a), Target::Row(b)) => (a + 1..=*b).map(Target::Row).collect(),
        (Target::Transition(a), Target::Transition(b)) => (a + 1..=*b).map(Target::Transition).collect(),
        (Target::EdgeCase(a), Target::EdgeCase(b)) => (a + 1..=*b).map(Target::EdgeCase).collect(),
        _ => vec![until.clone()],
    }
}

/// The sections after an RFC's number.
fn sections(cursor: &mut Cursor) -> Vec<String> {
    let mut found = Vec::new();
    if !cursor.rest.starts_with(',') {
        return found;
    }
    loop {
        let mut ahead = cursor.clone();
        let word = ahead.word_after(",").unwrap_or_default();
        match word {
            "section" | "sections" | "and" => {}
            _ if is_section(word) => found.push(word.to_owned()),
            _ => return found,
        }
        *cursor = ahead;
    }
}

/// What is wrong with the citations of a text.
fn mistakes(text: &str, library: &Library) -> Vec<String> {
    let (found, mut wrong) = citations(text, library);
    for cited in found {
        match cited {
            Cited::In(path, targets) => {
                let known = &library.documents[&path];
                let missing = targets.into_iter().filter(|t| !known.contains(t));
                wrong.extend(missing.map(|t| format!("{path} has no {t:?}")));
            }
            Cited::Standard(number, sections) => match library.standards.get(&number) {
                None => wrong.push(format!("RFC {number} is not in docs/standards.md")),
                Some(listed) => {
                    let missing = sections.into_iter().filter(|s| !listed.contains(s));
                    wrong.extend(
                        missing.map(|s| format!("docs/standards.md lists no section {s} of RFC {number}")),
                    );
                }
            },
        }
    }
    wrong
}

/// The comments of a file, those on consecutive lines together, each with its first line.
fn comments(text: &str, mark: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (i, line) in text.lines().enumerate() {
        let whole = line.trim_start().strip_prefix(mark).map(|l| l.trim_start_matches(['/', '!']));
        match (whole, found.last_mut()) {
            (Some(more), Some((_, block))) if is_open => {
                block.push('\n');
                block.push_str(more);
            }
            (Some(first), _) => found.push((i + 1, first.to_owned())),
            (None, _) => {
                let trailing = line.split_once(&format!(" {mark} ")).map(|(_, comment)| comment);
                found.extend(trailing.map(|comment| (i + 1, comment.to_owned())));
            }
        }
        is_open = whole.is_some();
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Every comment of the repository, with its place.
fn every_comment() -> Vec<(String, String)> {
    let root = repository();
    let mut paths: Vec<PathBuf> = FOLDERS.iter().flat_map(|folder| files(&root.join(folder))).collect();
    let at_top = std::fs::read_dir(&root).unwrap().flatten().map(|e| e.path()).filter(|p| p.is_file());
    paths.extend(at_top);
    let mut found = Vec::new();
    for path in paths {
        let extension = path.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
        let Some((_, mark)) = COMMENTED.iter().find(|(e, _)| *e == extension) else { continue };
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let is_landed = LANDED.iter().any(|file| name.ends_with(file));
        for (line, comment) in comments(&text, mark) {
            let comment =
                if is_landed { comment.replace("procedure row", "docs/procedure.md row") } else { comment };
            found.push((format!("{name}:{line}"), comment));
        }
    }
    found
}

#[test]
fn every_citation_of_a_comment_leads_to_something_in_the_repository() {
    let library = Library::read();
    let own = file!().replace('\\', "/");
    let comments = every_comment();
    let others = comments.iter().filter(|(place, _)| !own.ends_with(place.split(':').next().unwrap()));
    let wrong: Vec<String> = others
        .flat_map(|(place, text)| mistakes(text, &library).into_iter().map(move |m| format!("{place}: {m}")))
        .collect();
    assert!(wrong.is_empty(), "{} citations lead nowhere:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_documents_cite_each_other_truly() {
    let library = Library::read();
    let mut wrong = Vec::new();
    for path in library.documents.keys() {
        let text = std::fs::read_to_string(repository().join(path)).unwrap();
        for cited in citations(&text, &library).0 {
            let Cited::In(document, targets) = cited else { continue };
            let known = &library.documents[&document];
            let missing = targets.into_iter().filter(|t| !known.contains(t));
            wrong.extend(missing.map(|t| format!("{path}: {document} has no {t:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_standard_is_listed_that_nothing_cites() {
    let library = Library::read();
    let mut cited: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    for (_, text) in every_comment() {
        for found in citations(&text, &library).0 {
            let Cited::Standard(number, sections) = found else { continue };
            cited.extend(sections.into_iter().map(|s| (number.clone(), Some(s))));
            cited.insert((number, None));
        }
    }
    for (number, sections) in &library.standards {
        assert!(cited.contains(&(number.clone(), None)), "no comment cites RFC {number}");
        for section in sections {
            let is_cited = cited.contains(&(number.clone(), Some(section.clone())));
            assert!(is_cited, "no comment cites RFC {number}, {section}");
        }
    }
}

#[test]
fn what_can_be_cited_is_found_in_the_documents() {
    let library = Library::read();
    let procedure = &library.documents["docs/procedure.md"];
    assert!((1..=39).all(|n| procedure.contains(&Target::Row(n))));
    assert!((1..=36).all(|n| procedure.contains(&Target::Transition(n))));
    assert!((1..=20).all(|n| procedure.contains(&Target::EdgeCase(n))));
    let sections =
        |path: &str| library.documents[path].iter().filter(|t| matches!(t, Target::Section(_))).count();
    assert_eq!(sections("docs/semantics.md"), 40, "six chapters and their paragraphs");
    assert!(library.documents["docs/mail.md"].contains(&Target::Heading("Mail loops".to_owned())));
}

#[test]
fn a_right_citation_is_read_whole() {
    let library = Library::read();
    let read = |text: &str| citations(text, &library).0;
    let of = |path: &str, targets: Vec<Target>| vec![Cited::In(path.to_owned(), targets)];
    let sections = |numbers: &[&str]| numbers.iter().map(|n| Target::Section((*n).to_owned())).collect();
    assert_eq!(read("Never goes back (docs/semantics.md 2.1)."), of("docs/semantics.md", sections(&["2.1"])));
    assert_eq!(read("see docs/semantics.md 3.3 and 4.4"), of("docs/semantics.md", sections(&["3.3", "4.4"])));
    assert_eq!(
        read("(docs/procedure.md rows 2, 6 to 8 and 32; T1, T4 to T6;\nedge cases 3 and 4.) And 5 more."),
        of(
            "docs/procedure.md",
            [2, 6, 7, 8, 32]
                .map(Target::Row)
                .into_iter()
                .chain([1, 4, 5, 6].map(Target::Transition))
                .chain([3, 4].map(Target::EdgeCase))
                .collect()
        )
    );
    let headings = vec![Target::Heading("Mail loops".to_owned()), Target::Heading("Bounces".to_owned())];
    assert_eq!(read("as docs/mail.md \"Mail\nloops\", \"Bounces\" say"), of("docs/mail.md", headings));
    assert_eq!(
        read("RFC 6749, sections 4.4 and 6, and RFC 9562, version 5"),
        [
            Cited::Standard("6749".to_owned(), vec!["4.4".to_owned(), "6".to_owned()]),
            Cited::Standard("9562".to_owned(), Vec::new())
        ]
    );
}

#[test]
fn a_wrong_citation_is_found() {
    let library = Library::read();
    for wrong in [
        "docs/semantics.md 9.9",
        "docs/semantics.md 4.3, 4.9",
        "docs/procedure.md row 40",
        "docs/procedure.md rows 38 to 41",
        "docs/procedure.md T37",
        "docs/procedure.md edge case 21",
        "docs/mail.md \"No such topic\"",
        "docs/design.md",
        "RFC 1, for example",
        "RFC 5545, 9.9",
        // The forms that led outside.
        "semantics 4.3",
        "(semantics §6)",
        "semantics.md 1.5",
        "procedure row 26",
        "(procedure §2.5)",
        "Rows 36 and 37",
        "a letter that will not arrive has failed (T34)",
        "(edge cases 5 and 17)",
        "DESIGN §6",
        "(DESIGN, faults)",
        "email.md, \"Mail loops\"",
    ] {
        assert!(!mistakes(wrong, &library).is_empty(), "{wrong}");
    }
}

#[test]
fn comments_are_found_where_they_stand() {
    let text = "//! One\n//! two.\nlet a = \"https://x\"; // Three.\n    /// Four\nfn b() {}\n";
    let expected = [(1, " One\n two."), (3, "Three."), (4, " Four")];
    assert_eq!(comments(text, "//"), expected.map(|(line, text)| (line, text.to_owned())));
}
