//! `Placeholders`: a message parsed for looking at, and what is wrong with its placeholders where it is sent.

use super::mistake::Mistake;
use super::shape::Shape;
use super::typing::Typing;
use super::{blocks, grammar};
use minijinja::machinery::ast::Stmt;

/// A part of a message's file: its subject or its body.
struct Section<'t> {
    text: &'t str,
    /// Lines of the file before it.
    lines: usize,
    /// Characters of its first line before it.
    columns: usize,
}

/// A message whose front matter and templates are well formed.
pub struct Placeholders<'t> {
    sections: Vec<(Section<'t>, Stmt<'t>)>,
}

impl std::fmt::Debug for Placeholders<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Placeholders")
    }
}

impl<'t> Placeholders<'t> {
    /// Parses a message; none when it is not well formed, which [`Templates::load`](super::Templates::load) tells.
    pub fn parse(text: &'t str) -> Option<Self> {
        let sections = sections(text)?.into_iter().map(|section| {
            let parsed = grammar::parsed(section.text).ok()?.ok()?;
            Some((section, parsed))
        });
        Some(Self { sections: sections.collect::<Option<_>>()? })
    }

    /// Returns what is wrong with a message where it sees values of this shape.
    pub fn mistakes(&self, seen: &Shape) -> Vec<Mistake> {
        let mut found = Vec::new();
        for (section, parsed) in &self.sections {
            let typing = Typing::of(section.text, seen).statement(parsed);
            found.extend(typing.into_iter().map(|m| section.placed(m)));
        }
        found
    }
}

/// Returns what is wrong with how a message is written, wherever it is sent: braces and blocks that are not closed,
/// and filters that do not exist.
pub fn slips(text: &str) -> Vec<Mistake> {
    let mut found = Vec::new();
    for section in sections(text).unwrap_or_default() {
        found.extend(blocks::slips(section.text).into_iter().map(|m| section.placed(m)));
    }
    if found.is_empty()
        && let Some(placeholders) = Placeholders::parse(text)
    {
        found = placeholders.mistakes(&Shape::Any);
    }
    found
}

/// Returns the subject and the body; none when there is no front matter.
fn sections(text: &str) -> Option<Vec<Section<'_>>> {
    let (head, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    let mut found = Vec::new();
    for (i, line) in head.lines().enumerate() {
        if let Some(("subject", subject)) = line.split_once(':') {
            let text = subject.trim();
            let columns = line.chars().count() - subject.trim_start().chars().count();
            found.push(Section { text, lines: i + 1, columns });
        }
    }
    found.push(Section { text: body, lines: head.lines().count() + 2, columns: 0 });
    Some(found)
}

impl Section<'_> {
    /// Returns a mistake by its place in the file.
    fn placed(&self, mistake: Mistake) -> Mistake {
        let columns = if mistake.line == 1 { self.columns } else { 0 };
        Mistake { line: mistake.line + self.lines, column: mistake.column + columns, ..mistake }
    }
}
