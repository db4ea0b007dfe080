//! `Placeholders`: a message parsed for looking at, and what is wrong with its placeholders where it is sent.

use super::head::{Letter, Section, read};
use super::mistake::Mistake;
use super::parse::parsed;
use super::shape::Shape;
use super::walk::Walk;
use minijinja::machinery::ast::Stmt;

/// A message whose head and templates are well formed.
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
        let Letter { subject, body, line, .. } = read(text).ok()?;
        let parsed = |section: Section<'t>| Some((section, parsed(section.text).ok()?));
        let sections = [subject, body].into_iter().chain(line).map(parsed);
        Some(Self { sections: sections.collect::<Option<_>>()? })
    }

    /// Returns the paths that a message shows, each with its line and column in the file.
    pub fn shown(&self) -> Vec<(String, (usize, usize))> {
        let sections = self.sections.iter();
        let shown = sections.flat_map(|(section, parsed)| {
            let shown = Walk::shown_in(section.text, parsed).into_iter();
            shown.map(|(path, offset)| (path, section.place(offset))).collect::<Vec<_>>()
        });
        shown.collect()
    }

    /// Returns what is wrong with a message where it sees values of this shape.
    pub fn mistakes(&self, seen: &Shape) -> Vec<Mistake> {
        let sections = self.sections.iter();
        let found = sections.flat_map(|(section, parsed)| {
            let found = Walk::through(section.text, parsed, seen).into_iter();
            found.map(|m| section.placed(m)).collect::<Vec<_>>()
        });
        found.collect()
    }
}
