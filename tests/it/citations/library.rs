//! What there is to cite: the documents with their numbered parts, and the standards that one of them lists.

use super::reading::is_section;
use crate::support::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A thing in a document that a citation points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Document,
    Section(String),
    Row(u32),
    Transition(u32),
    EdgeCase(u32),
    Heading(String),
}

/// Holds everything that there is to cite.
pub struct Library {
    pub documents: BTreeMap<String, BTreeSet<Target>>,
    pub standards: BTreeMap<String, BTreeSet<String>>,
}

impl Library {
    pub fn read() -> Self {
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

/// Finds the numbered paragraphs, headings, rows, transitions and edge cases of a document.
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

/// Reads the RFCs of the table, each with its listed sections.
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
