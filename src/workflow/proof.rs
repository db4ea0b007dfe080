//! The proof of the clause map: without a rule that a row names, one of the row's scenarios no longer holds.

use super::{Published, scenario};
use crate::config::Settings;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::{Clauses, RulesetSource};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A link of the clause map that no scenario bears out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unproven {
    /// The number of the row, as docs/procedure.md counts them.
    pub row: u32,
    /// The rule, action or schedule without which all scenarios of the row still hold.
    pub rule: String,
}

/// Tries every link. `progress` hears how many rules have been tried, and of how many.
pub fn prove(
    source: &RulesetSource,
    settings: &Settings,
    clauses: &Clauses,
    scenarios: &BTreeMap<String, String>,
    progress: &dyn Fn(usize, usize),
) -> Result<Vec<Unproven>, Vec<Diagnostic>> {
    let rules: BTreeSet<&String> = clauses.clauses.iter().flat_map(|c| &c.rules).collect();
    let mut unproven = Vec::new();
    for (i, rule) in rules.iter().enumerate() {
        progress(i, rules.len());
        let rows = clauses.clauses.iter().filter(|c| c.rules.contains(rule));
        let wanted: BTreeSet<&str> = rows.clone().flat_map(|c| &c.scenarios).map(String::as_str).collect();
        let without = Published::load_without(source.clone(), settings, &|name| name == rule.as_str())?;
        let outcomes = scenario::play_some(without, settings, scenarios, &|name| wanted.contains(name));
        let fails = |name: &String| outcomes.iter().any(|o| o.name == *name && o.failure.is_some());
        let missing = rows.filter(|c| !c.scenarios.iter().any(fails));
        unproven.extend(missing.map(|c| Unproven { row: c.row, rule: (*rule).clone() }));
    }
    Ok(unproven)
}
