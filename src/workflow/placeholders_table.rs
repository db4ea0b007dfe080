//! The table of placeholders: what a message about a complaint can fill in, from the shape of what it sees.

use super::Published;
use super::message_shape::of_message;
use crate::message::{Part, Presence, Shape};
use crate::rules::{Certain, Reference};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Groups whose parts have the organisation's own names; one row stands for all.
const NAMED: &[&str] = &["deadline", "terms", "complaint.flags", "complaint.extra", "complaint.counters"];

impl Published {
    /// Returns the table of everything that a message about a complaint can fill in, as Markdown.
    pub fn placeholders_table(&self) -> String {
        let fields = Reference::of(&self.ruleset).fields;
        let help = fields.iter().map(|field| (format!("complaint.{}", field.name), field.help.en)).collect();
        let seen = of_message(&self.ruleset, Some(&Certain::default()), Shape::group([]));
        let mut table = Table { help, text: "| placeholder | is | |\n|---|---|---|\n".to_owned() };
        if let Shape::Group(parts) = seen {
            parts.iter().filter(|(name, _)| *name != "data").for_each(|(name, part)| table.add(name, part));
        }
        table.text
    }
}

struct Table {
    help: BTreeMap<String, &'static str>,
    text: String,
}

impl Table {
    fn add(&mut self, path: &str, part: &Part) {
        match &part.shape {
            Shape::Group(parts) if NAMED.contains(&path) => match parts.values().next() {
                Some(one) if path != "terms" => self.add(&format!("{path}.NAME"), one),
                _ => self.row(&format!("{path}.NAME"), "what stands there: a term with `\\|term`", part),
            },
            Shape::Group(parts) => {
                parts.iter().for_each(|(name, part)| self.add(&format!("{path}.{name}"), part));
            }
            Shape::List(item) => {
                self.row(path, "a list, for `{% for x in … %}`", part);
                if let Shape::Group(parts) = item.as_ref() {
                    parts.iter().for_each(|(name, part)| self.add(&format!("{path}: x.{name}"), part));
                }
            }
            shape => self.row(path, kind(shape), part),
        }
    }

    fn row(&mut self, path: &str, kind: &str, part: &Part) {
        let help = self.help.get(path).copied().unwrap_or_default();
        let empty = if part.presence == Presence::Certain { "" } else { "may be empty" };
        let between = if help.is_empty() || empty.is_empty() { "" } else { "; " };
        let _ = writeln!(self.text, "| `{path}` | {kind} | {help}{between}{empty} |");
    }
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text => "text",
        Shape::Number => "number",
        Shape::YesNo => "yes or no, for `{% if … %}`",
        Shape::Date => "day, with `\\|date`",
        Shape::Moment => "moment, with `\\|date` or `\\|moment`",
        Shape::Term => "term, with `\\|term`",
        Shape::Any | Shape::List(_) | Shape::Group(_) => "",
    }
}
