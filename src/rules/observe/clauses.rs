//! Clauses: the sentences of the company's text, each with the rules, messages and scenarios that carry it.

use crate::complaint::Text;
use crate::rules::diagnostics::kinds::{clause_name, clause_twice, declarations};
use crate::rules::diagnostics::{Diagnostic, Location, Words};
use crate::rules::language::files::collect;
use crate::rules::ruleset::loaded::Ruleset;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One row of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The number of the row, as docs/procedure.md counts them.
    pub row: u32,
    /// The meaning of the sentence, in Dutch as people read it.
    pub text: String,
    /// The names of rules and schedules and the ids of actions that carry it.
    #[serde(default)]
    pub rules: Vec<String>,
    /// The messages that carry it.
    #[serde(default)]
    pub messages: Vec<String>,
    /// The deadlines that carry it.
    #[serde(default)]
    pub deadlines: Vec<String>,
    /// The names of the scenarios that prove it.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// The reason why no rule carries it, where the text asks for nothing; none where one does.
    #[serde(default)]
    pub no_rule: Option<String>,
}

/// The map of the company's text: `clauses.toml` of a rules folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clauses {
    /// The rows, in the order of the file.
    #[serde(default, rename = "clause")]
    pub clauses: Vec<Clause>,
    /// The text it was read from, in which mistakes have their place.
    #[serde(skip)]
    text: String,
}

impl Clauses {
    /// The file of a rules folder that holds it.
    pub const FILE: &str = "clauses.toml";

    /// Reads `clauses.toml` of a rules folder, which maps the company's text to the rules; none without such
    /// a file.
    pub fn read(folder: &Path) -> Result<Option<Self>, Vec<Diagnostic>> {
        Self::read_text(folder)?.as_deref().map(Self::parse).transpose()
    }

    /// Reads the text of `clauses.toml` of a rules folder; none without such a file.
    pub fn read_text(folder: &Path) -> Result<Option<String>, Vec<Diagnostic>> {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files, &|name| name == Self::FILE)?;
        Ok(files.into_values().next())
    }

    /// Reads the text of a `clauses.toml`.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let read: Self =
            toml::from_str(text).map_err(|e| vec![declarations::report(Self::FILE, text, &e)])?;
        Ok(Self { text: text.to_owned(), ..read })
    }

    /// Finds mistakes: names that do not exist, rows given twice.
    pub fn mistakes(&self, ruleset: &Ruleset, scenarios: &BTreeSet<String>) -> Vec<Diagnostic> {
        let workings: BTreeSet<&str> = ruleset.workings().collect();
        let messages: BTreeSet<&str> = ruleset.source().messages().map(|(_, m, _)| m).collect();
        let deadlines: BTreeSet<&str> = ruleset.procedure().deadlines.keys().map(|d| d.as_str()).collect();
        let scenarios: BTreeSet<&str> = scenarios.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        let mut rows = BTreeSet::new();
        for clause in &self.clauses {
            if !rows.insert(clause.row) {
                let at = Location::first(Self::FILE, &self.text, &format!("row = {}\n", clause.row));
                found.push(clause_twice::report(at, clause.row));
            }
            for (what, names, known) in [
                (
                    Words::new("regel, actie of planning", "rule, action or schedule"),
                    &clause.rules,
                    &workings,
                ),
                (Words::new("bericht", "message"), &clause.messages, &messages),
                (Words::new("termijn", "deadline"), &clause.deadlines, &deadlines),
                (Words::new("scenario", "scenario"), &clause.scenarios, &scenarios),
            ] {
                for name in names.iter().filter(|n| !known.contains(n.as_str())) {
                    let at = Location::quoted(Self::FILE, &self.text, name);
                    found.push(clause_name::report(at, clause.row, what, name, known.iter().copied()));
                }
            }
        }
        found
    }

    /// Finds what is missing: rows without rule or scenario, and rules that no row accounts for.
    pub fn gaps(&self, ruleset: &Ruleset) -> Vec<Text> {
        let mut gaps = Vec::new();
        for Clause { row, text, rules, scenarios, .. } in self.clauses.iter().filter(|c| c.no_rule.is_none())
        {
            if rules.is_empty() {
                gaps.push(Text::new(
                    format!("rij {row} heeft geen regel: {text}"),
                    format!("row {row} has no rule: {text}"),
                ));
            }
            if scenarios.is_empty() {
                gaps.push(Text::new(
                    format!("rij {row} heeft geen scenario: {text}"),
                    format!("row {row} has no scenario: {text}"),
                ));
            }
        }
        let named: BTreeSet<&str> = self.clauses.iter().flat_map(|c| &c.rules).map(String::as_str).collect();
        let unnamed = ruleset.workings().filter(|w| !named.contains(w));
        gaps.extend(
            unnamed.map(|w| {
                Text::new(format!("geen rij noemt \"{w}\""), format!("no row accounts for \"{w}\""))
            }),
        );
        gaps
    }
}
