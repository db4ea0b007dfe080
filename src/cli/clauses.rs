//! `redress rules clauses`: the company's text beside the rules, with gaps and live counts.

use super::output::clip;
use super::{Failure, Output};
use crate::app::{Access, App, Places};
use crate::config::Settings;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::{Clause, Clauses, RulesetSource};
use crate::workflow::{Published, proof, scenario};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The counts that the store has of rules and deadlines; empty where there is no store yet.
#[derive(Default)]
struct Live {
    /// The number of firings, actions and runs by name.
    workings: BTreeMap<String, i64>,
    /// The number of overdue deadlines by name.
    overdue: BTreeMap<String, i64>,
}

impl Live {
    async fn read(places: &Places) -> Result<Self, Failure> {
        if !places.data.exists() {
            return Ok(Self::default());
        }
        let app = App::open(&Places { access: Access::Look, ..places.clone() }).await?;
        let now = app.workflow.now().await?;
        let reading = app.workflow.reading();
        Ok(Self {
            workings: reading.figures().workings().await?,
            overdue: reading.figures().overdue_by_name(now).await?,
        })
    }

    fn fired(&self, clause: &Clause) -> i64 {
        clause.rules.iter().filter_map(|r| self.workings.get(r)).sum()
    }

    fn overdue(&self, clause: &Clause) -> i64 {
        clause.deadlines.iter().filter_map(|d| self.overdue.get(d)).sum()
    }
}

pub(super) async fn run(
    places: &Places,
    settings: &Settings,
    published: &Published,
    prove: bool,
    output: &Output,
) -> Result<(), Failure> {
    let wrong = |found: Vec<Diagnostic>| Failure::of_rules(&found, settings.language);
    let files = RulesetSource::read_scenarios(&places.rules).map_err(wrong)?;
    let clauses = Clauses::read(&places.rules).map_err(wrong)?;
    let clauses = clauses.ok_or_else(|| {
        Failure::new(format!(
            "{} has no clauses.toml, the map from the text to the rules",
            places.rules.display()
        ))
    })?;
    let names: BTreeSet<String> = scenario::names(&files).into_iter().collect();
    let mistakes = clauses.mistakes(&published.ruleset, &names);
    if !mistakes.is_empty() {
        return Err(Failure::of_rules(&mistakes, settings.language));
    }
    let gaps = clauses.gaps(&published.ruleset);
    let mut gaps: Vec<String> =
        gaps.iter().map(|gap| gap.in_language(settings.language).to_owned()).collect();
    if prove {
        gaps.extend(unproven(settings, published, &clauses, &files, output)?);
    }
    let live = Live::read(places).await?;
    if output.json {
        let rows = clauses.clauses.iter().map(|c| {
            let mut value = json!(c);
            value["fired"] = json!(live.fired(c));
            value["overdue"] = json!(live.overdue(c));
            value
        });
        output.document(&json!({"clauses": rows.collect::<Vec<_>>(), "gaps": gaps}));
    } else {
        print(&clauses, &live, output);
        gaps.iter().for_each(|gap| output.line(format!("gap: {gap}")));
        let rules: usize = clauses.clauses.iter().map(|c| c.rules.len()).sum();
        output.line(format!("{} rows, {rules} links to rules, {} gaps", clauses.clauses.len(), gaps.len()));
    }
    if gaps.is_empty() { Ok(()) } else { Err(Failure::new(format!("{} gaps", gaps.len()))) }
}

fn unproven(
    settings: &Settings,
    published: &Published,
    clauses: &Clauses,
    files: &BTreeMap<String, String>,
    output: &Output,
) -> Result<Vec<String>, Failure> {
    let progress = |done: usize, all: usize| output.progress(&format!("trying without rule {done} of {all}"));
    let found = proof::prove(published.ruleset.source(), settings, clauses, files, &progress);
    output.progress("");
    let found = found.map_err(|found| Failure::of_rules(&found, settings.language))?;
    let shown = found.into_iter();
    Ok(shown.map(|u| format!("row {}: all its scenarios hold without \"{}\"", u.row, u.rule)).collect())
}

fn print(clauses: &Clauses, live: &Live, output: &Output) {
    for clause in &clauses.clauses {
        let counts = match (live.fired(clause), live.overdue(clause)) {
            (0, 0) => String::new(),
            (fired, 0) => format!("  ({fired} times)"),
            (fired, overdue) => format!("  ({fired} times, {overdue} overdue)"),
        };
        output.line(format!("{:>3}  {}{counts}", clause.row, clause.text));
        if let Some(why) = &clause.no_rule {
            output.line(format!("     no rule: {why}"));
        }
        for (what, names) in [
            ("rules", &clause.rules),
            ("messages", &clause.messages),
            ("deadlines", &clause.deadlines),
            ("scenarios", &clause.scenarios),
        ] {
            for (i, name) in names.iter().enumerate() {
                let what = if i == 0 { what } else { "" };
                output.line(format!("     {what:<10} {}", clip(name, 100)));
            }
        }
    }
}
