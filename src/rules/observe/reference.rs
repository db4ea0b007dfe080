//! The reference of the rule language: every statement, word and field with what it does and an example. A test
//! proves that nothing is left out and that each example runs.

use crate::rules::words::field_help::FIELD_HELP;
use crate::rules::words::{FIELDS, FUNCTIONS, PROPERTIES};
use serde::{Deserialize, Serialize};

/// Where an example stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// A whole statement.
    File,
    /// After `when`.
    Condition,
    /// After `when`, in a rule with `for complaint.duplicates`.
    Element,
    /// In `then` of a rule.
    Body,
    /// In `then` of an action.
    Action,
    /// A value of `asks`.
    Asks,
    /// In `then` of a schedule.
    Schedule,
}

/// One entry.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    pub name: String,
    pub group: String,
    pub place: Where,
    pub help: String,
    pub example: String,
}

#[derive(Deserialize)]
struct File {
    word: Vec<Word>,
}

/// The words; fields are listed apart, from their own table. The text is compiled in and tested.
pub fn words() -> Vec<Word> {
    toml::from_str::<File>(include_str!("reference.toml")).map(|f| f.word).unwrap_or_default()
}

/// A field as the reference lists it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldEntry {
    pub name: &'static str,
    pub help: &'static str,
    /// Whether bodies may fill it in.
    pub writable: bool,
    /// Free text does not reach conditions.
    pub in_conditions: bool,
}

/// Every field of a complaint.
pub fn fields() -> Vec<FieldEntry> {
    let help = |name: &str| FIELD_HELP.iter().find(|(n, _)| *n == name).map_or("", |(_, help)| help);
    FIELDS
        .iter()
        .map(|f| FieldEntry {
            name: f.name,
            help: help(f.name),
            writable: f.is_writable(),
            in_conditions: !f.is_free_text(),
        })
        .collect()
}

/// The properties of what lists hold.
pub fn properties() -> Vec<&'static str> {
    PROPERTIES.iter().map(|(name, _)| *name).collect()
}

/// Every function that a rule file may call.
pub fn functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

impl Word {
    /// The example as a statement of its own.
    pub fn statement(&self) -> String {
        let example = self.example.as_str();
        match self.place {
            Where::File => example.to_owned(),
            Where::Condition => format!("rule \"Voorbeeld\" when {example} then {{ remark(\"x\"); }}"),
            Where::Element => {
                format!("rule \"Voorbeeld\" for complaint.duplicates when {example} then {{ link(it); }}")
            }
            Where::Body => format!("rule \"Voorbeeld\" when complaint.is_open then {{ {example} }}"),
            Where::Action => format!(
                "action voorbeeld \"Voorbeeld\" by [\"handler\"] asks #{{ a: text(\"A\").preset(\"ja\") }} when complaint.is_open then {{ {example} }}"
            ),
            Where::Asks => format!(
                "action voorbeeld \"Voorbeeld\" by [\"handler\"] asks #{{ a: {example} }} when complaint.is_open then {{ if input.a != () {{ remark(\"x\"); }} }}"
            ),
            Where::Schedule => format!("schedule \"Voorbeeld\" cron \"0 0 9 * * *\" then {{ {example} }}"),
        }
    }
}

/// The reference as Markdown.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The words of the rules\n\nMade by `redress rules reference`; each example runs as a test.\n",
    );
    let mut group = String::new();
    for word in words() {
        if word.group != group {
            group.clone_from(&word.group);
            text.push_str(&format!("\n## {group}\n\n| word | | example |\n|---|---|---|\n"));
        }
        let cell = |s: &str| s.replace('|', "\\|");
        text.push_str(&format!("| `{}` | {} | `{}` |\n", word.name, cell(&word.help), cell(&word.example)));
    }
    text.push_str("\n## Fields of `complaint`\n\n| field | | in `then` |\n|---|---|---|\n");
    for field in fields() {
        let note = if field.in_conditions { "" } else { "; a condition can only ask `known(…)`" };
        let access = if field.writable { "can be filled in" } else { "" };
        text.push_str(&format!("| `{}` | {}{note} | {access} |\n", field.name, field.help));
    }
    text.push_str("\nBeside these: `complaint.flags.NAME`, `complaint.counters.NAME` (declared in `procedure.toml`) and `complaint.extra.NAME` (in `redress.toml`).\n");
    text
}
