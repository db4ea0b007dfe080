//! The table of placeholders: what a message about a complaint can fill in, from the shape of what it sees.

use super::Published;
use super::message_shape::of_message;
use crate::complaint::Words;
use crate::message::{Part, Presence, Shape};
use crate::rules::{Certain, Reference};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Groups whose parts have the organisation's own names; one row stands for all.
const NAMED: &[&str] = &["deadline", "terms", "complaint.flags", "complaint.extra", "complaint.counters"];

/// What a message can fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What stands between the braces; NAME for a name of the organisation's own.
    pub path: String,
    /// What it is.
    pub kind: PlaceholderKind,
    /// What it tells; none where its name does.
    pub help: Option<Words>,
    /// True where it is filled whenever the message is sent.
    pub is_certain: bool,
}

/// The kinds of what can be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceholderKind {
    /// Words.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// A day.
    Date,
    /// A day and a time.
    Moment,
    /// A span of time.
    Term,
    /// One of the terms of the rules.
    NamedTerm,
    /// Several.
    List,
    /// What a script decides.
    Any,
}

impl PlaceholderKind {
    fn as_markdown(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::YesNo => "yes or no, for `{% if … %}`",
            Self::Date => "day, with `\\|date`",
            Self::Moment => "moment, with `\\|date` or `\\|moment`",
            Self::Term => "term, with `\\|term`",
            Self::NamedTerm => "what stands there: a term with `\\|term`",
            Self::List => "a list, for `{% for x in … %}`",
            Self::Any => "",
        }
    }
}

impl Published {
    /// Returns the table of everything that a message about a complaint can fill in, as Markdown.
    pub fn placeholders_table(&self) -> String {
        let seen = of_message(&self.ruleset, Some(&Certain::default()), Shape::group([]));
        let mut text = "| placeholder | is | |\n|---|---|---|\n".to_owned();
        for Placeholder { path, kind, help, is_certain } in self.placeholders_in(&seen) {
            let help = help.map(|help| help.en).unwrap_or_default();
            let empty = if is_certain { "" } else { "may be empty" };
            let between = if help.is_empty() || empty.is_empty() { "" } else { "; " };
            let _ = writeln!(text, "| `{path}` | {} | {help}{between}{empty} |", kind.as_markdown());
        }
        text
    }

    /// Lists what a message that sees this can fill in.
    pub(super) fn placeholders_in(&self, seen: &Shape) -> Vec<Placeholder> {
        let fields = Reference::of(&self.ruleset).fields;
        let help = fields.iter().map(|field| {
            let help = Words { nl: field.help.nl, en: field.help.en };
            (format!("complaint.{}", field.name), help)
        });
        let mut table = Table { help: help.collect(), rows: Vec::new() };
        if let Shape::Group(parts) = seen {
            let is_there = |part: &Part| part.presence != Presence::MaybeMissing;
            parts.iter().filter(|(_, part)| is_there(part)).for_each(|(name, part)| table.add(name, part));
        }
        table.rows
    }
}

struct Table {
    help: BTreeMap<String, Words>,
    rows: Vec<Placeholder>,
}

impl Table {
    fn add(&mut self, path: &str, part: &Part) {
        match &part.shape {
            Shape::Group(parts) if NAMED.contains(&path) => match parts.values().next() {
                Some(one) if path != "terms" => self.add(&format!("{path}.NAME"), one),
                _ => self.row(&format!("{path}.NAME"), PlaceholderKind::NamedTerm, part),
            },
            Shape::Group(parts) => {
                parts.iter().for_each(|(name, part)| self.add(&format!("{path}.{name}"), part));
            }
            Shape::List(item) => {
                self.row(path, PlaceholderKind::List, part);
                if let Shape::Group(parts) = item.as_ref() {
                    parts.iter().for_each(|(name, part)| self.add(&format!("{path}: x.{name}"), part));
                }
            }
            shape => self.row(path, kind(shape), part),
        }
    }

    fn row(&mut self, path: &str, kind: PlaceholderKind, part: &Part) {
        let help = self.help.get(path).copied();
        let is_certain = part.presence == Presence::Certain;
        self.rows.push(Placeholder { path: path.to_owned(), kind, help, is_certain });
    }
}

fn kind(shape: &Shape) -> PlaceholderKind {
    match shape {
        Shape::Text => PlaceholderKind::Text,
        Shape::Number => PlaceholderKind::Number,
        Shape::YesNo => PlaceholderKind::YesNo,
        Shape::Date => PlaceholderKind::Date,
        Shape::Moment => PlaceholderKind::Moment,
        Shape::Term => PlaceholderKind::Term,
        Shape::Any | Shape::List(_) | Shape::Group(_) => PlaceholderKind::Any,
    }
}
