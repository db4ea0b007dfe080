//! Reading citations off a text, and telling those that have a form which led outside.

use super::library::{Library, Target};

/// Documents that are not in the repository, or not under this name.
const FOREIGN: &[&str] =
    &["design", "design.md", "semantics.md", "procedure.md", "email.md", "mail.md", "style.md"];

pub fn is_section(text: &str) -> bool {
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
    /// Returns the next word, without the punctuation around it; none at the end.
    fn word(&mut self) -> Option<&'t str> {
        let is_part = |c: char| c.is_alphanumeric() || "./-_§".contains(c);
        let start = self.rest.find(is_part)?;
        let text = &self.rest[start..];
        let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
        let word = text[..end].trim_end_matches('.');
        self.rest = &text[word.len().max(1)..];
        Some(word)
    }

    /// Returns the next word if only `between` stands before it.
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

/// A citation, as it was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Cited {
    In(String, Vec<Target>),
    Standard(String, Vec<String>),
}

/// Returns the citations of a text, and what of it has a form that is refused.
pub fn citations(text: &str, library: &Library) -> (Vec<Cited>, Vec<String>) {
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

/// Returns whether the words point into a document without naming it.
fn is_bare(before: &str, word: &str, next: &str) -> bool {
    match word {
        "row" | "rows" | "semantics" => is_section(next),
        "case" | "cases" => before.eq_ignore_ascii_case("edge") && is_section(next),
        "procedure" => is_section(next) || next == "row" || next == "rows",
        _ => false,
    }
}

/// Reads what is cited in a document whose path has just been read.
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

/// Returns all from the one after `from` until `until`.
fn between(from: &Target, until: &Target) -> Vec<Target> {
    match (from, until) {
        (Target::Row(a), Target::Row(b)) => (a + 1..=*b).map(Target::Row).collect(),
        (Target::Transition(a), Target::Transition(b)) => (a + 1..=*b).map(Target::Transition).collect(),
        (Target::EdgeCase(a), Target::EdgeCase(b)) => (a + 1..=*b).map(Target::EdgeCase).collect(),
        _ => vec![until.clone()],
    }
}

/// Reads the sections after an RFC's number.
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
