//! Clauses: the sentences of the company's text, each with the rules, messages and scenarios that carry it.

use crate::rules::language::diagnostic::{Diagnostic, nearest};
use crate::rules::language::files::collect;
use crate::rules::ruleset::loaded::Ruleset;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FILE: &str = "clauses.toml";

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
}

impl Clauses {
    /// Reads `clauses.toml` of a rules folder, which maps the company's text to the rules; none without such
    /// a file.
    pub fn read(folder: &Path) -> Result<Option<Self>, Diagnostic> {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files, &|name| name == FILE)?;
        files.values().next().map(|text| Self::parse(text)).transpose()
    }

    /// Reads the text of a `clauses.toml`.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(0, |s| text.get(..s.start).unwrap_or("").lines().count().max(1));
            Diagnostic { file: FILE.to_owned(), line, column: 1, message: e.message().to_owned(), help: None }
        })
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
                found.push(Diagnostic::file(FILE, format!("row {} stands there twice", clause.row)));
            }
            for (what, names, known) in [
                ("rule, action or schedule", &clause.rules, &workings),
                ("message", &clause.messages, &messages),
                ("deadline", &clause.deadlines, &deadlines),
                ("scenario", &clause.scenarios, &scenarios),
            ] {
                for name in names.iter().filter(|n| !known.contains(n.as_str())) {
                    let text = format!("row {}: there is no {what} \"{name}\"", clause.row);
                    let help = nearest(name, known.iter().copied()).map(|n| format!("did you mean \"{n}\"?"));
                    found.push(Diagnostic { help, ..Diagnostic::file(FILE, text) });
                }
            }
        }
        found
    }

    /// Finds what is missing: rows without rule or scenario, and rules that no row accounts for.
    pub fn gaps(&self, ruleset: &Ruleset) -> Vec<String> {
        let mut gaps = Vec::new();
        for clause in self.clauses.iter().filter(|c| c.no_rule.is_none()) {
            if clause.rules.is_empty() {
                gaps.push(format!("row {} has no rule: {}", clause.row, clause.text));
            }
            if clause.scenarios.is_empty() {
                gaps.push(format!("row {} has no scenario: {}", clause.row, clause.text));
            }
        }
        let named: BTreeSet<&str> = self.clauses.iter().flat_map(|c| &c.rules).map(String::as_str).collect();
        let unnamed = ruleset.workings().filter(|w| !named.contains(w));
        gaps.extend(unnamed.map(|w| format!("no row accounts for \"{w}\"")));
        gaps
    }
}
