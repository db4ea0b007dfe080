//! `redress rules`: check a folder, play its scenarios, put it in force.

use super::{Failure, Output, clauses};
use crate::app::{App, Places};
use crate::config::Settings;
use crate::rules::{Coverage, Gap, RulesetSource};
use crate::workflow::Published;
use crate::workflow::scenario::{self, ScenarioOutcome};
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Rules {
    /// Find every mistake that can be found without running
    Check,
    /// Play the scenarios of rules/tests
    Test {
        /// Only scenarios whose name contains this
        #[arg(default_value = "")]
        name: String,
        /// Show which conditions, and which parts of them, no scenario has seen both ways
        #[arg(long)]
        coverage: bool,
    },
    /// Show which sentence of the company's text is carried by which rules, with gaps and live counts
    Clauses {
        /// Prove each link: without the rule, one of the row's scenarios must fail
        #[arg(long)]
        prove: bool,
    },
    /// Try the rules again that were suspended for a complaint because they went round in circles
    Resume {
        number: String,
        /// Who decides so
        #[arg(long = "as", value_name = "EMAIL")]
        by: String,
    },
    /// Put the folder in force, after check and scenarios
    Publish {
        /// Why, for the record
        #[arg(long, default_value = "")]
        reason: String,
        /// Who publishes
        #[arg(long = "as", value_name = "EMAIL", default_value = "system")]
        by: String,
    },
}

impl Rules {
    pub async fn run(self, places: &Places, output: &Output) -> Result<(), Failure> {
        let settings = Settings::load(places.config.as_deref()).map_err(|e| Failure::new(e.to_string()))?;
        match self {
            Self::Resume { number, by } => resume(places, &number, &by, output).await,
            Self::Check => {
                checked(&candidate(places, &settings, output)?, output);
                Ok(())
            }
            Self::Test { name, coverage } => {
                let mut published = candidate(places, &settings, output)?;
                let covered = if coverage { published.cover() } else { None };
                test(places, &settings, published, &name, covered.as_deref(), output)
            }
            Self::Clauses { prove } => {
                let published = candidate(places, &settings, output)?;
                clauses::run(places, &settings, &published, prove, output).await
            }
            Self::Publish { reason, by } => {
                let published = candidate(places, &settings, output)?;
                let tested = candidate(places, &settings, output)?;
                if tested.ruleset.hash() != published.ruleset.hash() {
                    return Err(Failure::temporary("the rules folder changed meanwhile; publish again"));
                }
                test(places, &settings, tested, "", None, output)?;
                publish(places, published, &by, &reason, output).await
            }
        }
    }
}

/// The folder, loaded and checked; its mistakes, when it has any, are the failure.
fn candidate(places: &Places, settings: &Settings, output: &Output) -> Result<Published, Failure> {
    let source = RulesetSource::read(&places.rules).map_err(|d| vec![d]);
    source.and_then(|source| Published::load(source, settings)).map_err(|found| {
        if output.json {
            output.document(&json!({"errors": found}));
            return Failure::new(format!("{} mistakes", found.len()));
        }
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        Failure::new(lines.join("\n"))
    })
}

async fn publish(
    places: &Places,
    published: Published,
    by: &str,
    reason: &str,
    output: &Output,
) -> Result<(), Failure> {
    let app = App::open(places).await?;
    let hash = published.ruleset.hash().to_owned();
    let renames = app.workflow.publish(published, by, reason).await?;
    let (ticked, _) = app.turn().await?;
    if output.json {
        output.document(&json!({"ruleset": hash, "renames": renames, "evaluated": ticked.decisions}));
    } else {
        for (old, new) in &renames {
            output.line(format!("rule \"{old}\" is now called \"{new}\"; it repeats nothing"));
        }
        output.line(format!(
            "ruleset {} is in force; {} complaints evaluated",
            &hash[..12],
            ticked.decisions
        ));
    }
    Ok(())
}

async fn resume(places: &Places, number: &str, by: &str, output: &Output) -> Result<(), Failure> {
    let app = App::open(places).await?;
    let id = app.workflow.resume(number, by).await.map_err(|e| Failure::new(e.to_string()))?;
    app.turn().await?;
    let cases = app.workflow.store.load(&[id]).await?;
    let suspended: Vec<&str> = cases.iter().flat_map(|c| &c.suspensions).map(|s| s.rule.as_str()).collect();
    if output.json {
        output.document(&json!({"number": number, "suspended": suspended}));
    } else if suspended.is_empty() {
        output.line(format!("{number}: no rule is suspended"));
    } else {
        output.line(format!("{number}: suspended again: {}", suspended.join(", ")));
    }
    Ok(())
}

fn checked(published: &Published, output: &Output) {
    let rules = published.ruleset.rule_names().count();
    let warnings = published.ruleset.warnings();
    if output.json {
        output.document(
            &json!({"errors": [], "warnings": warnings, "rules": rules, "ruleset": published.ruleset.hash()}),
        );
    } else {
        warnings.iter().for_each(|w| output.line(format!("warning: {w}")));
        output.line(format!("{rules} rules, no mistakes; ruleset {}", &published.ruleset.hash()[..12]));
    }
}

fn test(
    places: &Places,
    settings: &Settings,
    published: Published,
    name: &str,
    coverage: Option<&Coverage>,
    output: &Output,
) -> Result<(), Failure> {
    let files = RulesetSource::read_scenarios(&places.rules).map_err(|d| Failure::new(d.to_string()))?;
    let outcomes = scenario::play_some(published, settings, &files, &|n| n.contains(name));
    let failed = outcomes.iter().filter(|o| o.failure.is_some()).count();
    if output.json {
        match coverage {
            Some(c) => output.document(&json!({"scenarios": outcomes, "gaps": c.gaps()})),
            None => output.document(&outcomes),
        }
    } else {
        for outcome in &outcomes {
            print(outcome, output);
        }
        output.line(format!("{} passed, {failed} failed", outcomes.len() - failed));
        if let Some(coverage) = coverage {
            print_coverage(coverage, output);
        }
    }
    if failed > 0 { Err(Failure::new(format!("{failed} scenarios failed"))) } else { Ok(()) }
}

fn print_coverage(coverage: &Coverage, output: &Output) {
    let gaps = coverage.gaps();
    let (parts, wholes): (Vec<&Gap>, Vec<&Gap>) = gaps.iter().partition(|g| g.line > 0);
    let all = coverage.conditions();
    output.line(format!("\n{} of {all} conditions seen both ways", all - wholes.len()));
    let rows = |gaps: &[&Gap]| -> Vec<Vec<String>> {
        let place =
            |g: &Gap| if g.line > 0 { format!("{}:{}:{}", g.file, g.line, g.column) } else { g.file.clone() };
        gaps.iter().map(|g| vec![place(g), format!("never {}", g.never), g.name.clone()]).collect()
    };
    for (title, gaps) in [("Conditions", &wholes), ("Parts of conditions", &parts)] {
        if !gaps.is_empty() {
            output.line(format!("\n{title} not seen both ways"));
            output.table(&["place", "", "of"], &rows(gaps));
        }
    }
}

fn print(outcome: &ScenarioOutcome, output: &Output) {
    match &outcome.failure {
        None => output.line(format!("ok      {}", outcome.name)),
        Some(why) => output.line(format!(
            "FAILED  {} ({})\n        {}",
            outcome.name,
            outcome.place,
            why.replace('\n', "\n        ")
        )),
    }
}
