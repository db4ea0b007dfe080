//! `redress rules`: check a folder, play its scenarios, put it in force.

use super::opened::on;
use super::publish::{self, Intent};
use super::{Failure, Output, check, clauses, explain, letters, plan, retold, story, terms};
use crate::app::{Access, App, Places};
use crate::complaint::Language;
use crate::config::Settings;
use crate::lsp;
use crate::rules::{Coverage, Gap, Observer, Reference, RulesFolder, RulesetSource, unobserved};
use crate::workflow::scenario::{self, ScenarioOutcome};
use crate::workflow::{PlanOptions, Published, Pulled, companions_of};
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub(super) enum Rules {
    /// Find every mistake that can be found without running
    Check(check::Check),
    /// Explain a kind of mistake with an example; without a name, list them all
    Explain(explain::Explain),
    /// Play the scenarios of rules/tests
    Test {
        /// Only scenarios whose name contains this
        #[arg(default_value = "")]
        name: String,
        /// Show which conditions, and which parts of them, no scenario has seen both ways
        #[arg(long)]
        coverage: bool,
        /// Play them again whenever a file of the folder is saved
        #[arg(long)]
        watch: bool,
        /// Tell one scenario from day to day: what is done, what the rules do, what is expected
        #[arg(long, value_name = "NAME", conflicts_with_all = ["name", "coverage", "watch"])]
        story: Option<String>,
    },
    /// Make a scenario of a real complaint, with nothing personal of it
    Scenario {
        /// The number or intake id of the complaint
        reference: String,
    },
    /// Write every letter of every scenario into one page, to be read
    Letters {
        /// The page: a file that ends in .html
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Show which sentence of the company's text is carried by which rules, with gaps and live counts
    Clauses {
        /// Prove each link: without the rule, one of the row's scenarios must fail
        #[arg(long)]
        prove: bool,
    },
    /// Show the terms of the rules and what each touches, or change one
    Terms(terms::TermsCommand),
    /// Print every word that rules may use, with an example each, as Markdown or with --json
    Reference {
        /// nl or en; the organisation's language when not given
        #[arg(long)]
        language: Option<Language>,
    },
    /// Serve an editor over the Language Server Protocol, on standard input and output
    Lsp,
    /// Try the rules again that were suspended for a complaint because they went round in circles
    Resume {
        number: String,
        /// Who decides so
        #[arg(long = "as", value_name = "EMAIL")]
        by: String,
    },
    /// Show what the folder would do to every live complaint, without doing it
    Plan {
        /// Look at the newest N finished complaints as well
        #[arg(long, default_value_t = 0, value_name = "N")]
        sample_closed: usize,
        /// As it would be with `publish --adopt`
        #[arg(long)]
        adopt: bool,
    },
    /// Put the folder in force, after check, scenarios and a plan that you have looked at
    Publish {
        /// The plan, as `rules plan` printed it
        #[arg(long, value_name = "DIGEST")]
        plan: Option<String>,
        /// Take what holds already for fired, so that only what turns true from now on has effects
        #[arg(long)]
        adopt: bool,
        /// Why, for the record
        #[arg(long, default_value = "")]
        reason: String,
        /// Who publishes: somebody whose role procedure.toml names for it
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Approve a plan that somebody else will publish (rules.four_eyes)
    Approve {
        /// The plan, as `rules plan` printed it
        plan: String,
        /// Why, for the record
        #[arg(long, default_value = "")]
        reason: String,
        /// Who approves: never who publishes
        #[arg(long = "as", value_name = "EMAIL")]
        by: String,
    },
    /// List every ruleset that came in force: when, by whom, why, with which plan
    History,
    /// Show how the folder differs from the ruleset in force, or from an earlier one
    Diff {
        /// The beginning of a ruleset's hash
        ruleset: Option<String>,
    },
    /// Bring the folder up to date with what is in force; a file that somebody edited there stays
    Pull {
        /// A file that is replaced though somebody edited it there; more than once for several
        #[arg(long, value_name = "FILE")]
        replace: Vec<String>,
    },
    /// Put an earlier ruleset in force again; without --plan, show what that would do
    Restore {
        /// The beginning of its hash, from `rules history`
        ruleset: String,
        /// The plan, as `rules restore` printed it
        #[arg(long, value_name = "DIGEST")]
        plan: Option<String>,
        /// Take what holds already for fired
        #[arg(long)]
        adopt: bool,
        /// Why, for the record
        #[arg(long, default_value = "")]
        reason: String,
        /// Who restores
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
}

impl Rules {
    pub async fn run(self, places: &Places, output: &Output) -> Result<(), Failure> {
        let settings = Settings::load(places.config.as_deref()).map_err(|e| Failure::new(e.to_string()))?;
        match self {
            Self::Resume { number, by } => {
                on(places, async |app| resume(app, &number, &by, output).await).await
            }
            Self::Check(check) => check.run(places, &settings, output),
            Self::Terms(terms) => terms.run(places, &settings, output),
            Self::Explain(explain) => explain.run(&settings, output),
            Self::Test { name, watch: true, .. } => watch(places, &settings, &name, output).await,
            Self::Test { story: Some(name), .. } => {
                let published = candidate(places, &settings, output)?;
                story::run(&places.rules, &settings, published, &name, output)
            }
            Self::Test { name, coverage, watch: false, .. } => {
                let published = candidate(places, &settings, output)?;
                let covered = coverage.then(|| Arc::new(Coverage::of(&published.ruleset)));
                test(places, &settings, Arc::new(published), &name, covered, output)
            }
            Self::Reference { language } => {
                let published = candidate(places, &settings, output)?;
                let reference = Reference::of(&published.ruleset);
                if output.json {
                    output.document(&json!(reference));
                } else {
                    output.line(reference.markdown(language.unwrap_or(settings.language)));
                }
                Ok(())
            }
            Self::Lsp => match lsp::serve(&places.rules, settings)? {
                lsp::Ended::Properly => Ok(()),
                lsp::Ended::Abruptly => Err(Failure::new("the editor left without saying shutdown")),
            },
            Self::Scenario { reference } => {
                let app = App::open(&look(places)).await?;
                retold::run(&app, &reference, settings.language, output).await
            }
            Self::Letters { out } => {
                let published = candidate(places, &settings, output)?;
                letters::run(&places.rules, &settings, published, &out, output)
            }
            Self::Clauses { prove } => {
                let published = candidate(places, &settings, output)?;
                clauses::run(places, &settings, &published, prove, output).await
            }
            Self::Plan { sample_closed, adopt } => {
                let published = Arc::new(candidate(places, &settings, output)?);
                let app = App::open(&look(places)).await?;
                plan::show(&app, &published, PlanOptions { sample_closed, adopt }, output).await
            }
            Self::Publish { plan, adopt, reason, by } => {
                let published = Arc::new(candidate(places, &settings, output)?);
                let quiet = Output { quiet: output.json, ..*output };
                test(places, &settings, Arc::clone(&published), "", None, &quiet)?;
                let companions = RulesFolder::read(&places.rules)
                    .map_err(|found| check::broken(places, &found, settings.language, output))?;
                let companions = companions_of(&companions);
                let intent = Intent { by: by.as_deref(), reason: &reason, plan: plan.as_deref(), adopt };
                let what = (published, Some(&companions));
                on(places, async |app| publish::publish(app, what, intent, output).await).await
            }
            Self::Approve { plan, reason, by } => {
                on(places, async |app| publish::approve(app, &plan, &by, &reason, output).await).await
            }
            Self::History => publish::history(&App::open(&look(places)).await?, output).await,
            Self::Diff { ruleset } => {
                let app = App::open(&look(places)).await?;
                publish::diff(&app, &places.rules, ruleset.as_deref(), output).await
            }
            Self::Pull { replace } => pull(&App::open(&look(places)).await?, &replace, output).await,
            Self::Restore { ruleset, plan: None, adopt, .. } => {
                let app = App::open(&look(places)).await?;
                let published = Arc::new(publish::earlier(&app, &ruleset).await?);
                plan::show(&app, &published, PlanOptions { adopt, ..PlanOptions::default() }, output).await
            }
            Self::Restore { ruleset, plan, adopt, reason, by } => {
                on(places, async |app| {
                    let published = Arc::new(publish::earlier(app, &ruleset).await?);
                    let companions =
                        app.workflow.publishing().companions_of(published.ruleset.hash()).await?;
                    let intent = Intent { by: by.as_deref(), reason: &reason, plan: plan.as_deref(), adopt };
                    publish::publish(app, (published, companions.as_ref()), intent, output).await
                })
                .await
            }
        }
    }
}

/// Returns the same places, for a command that changes nothing.
fn look(places: &Places) -> Places {
    Places { access: Access::Look, ..places.clone() }
}

/// Loads and checks the folder; its mistakes, when it has any, are the failure.
fn candidate(places: &Places, settings: &Settings, output: &Output) -> Result<Published, Failure> {
    let source = RulesetSource::read(&places.rules);
    source
        .and_then(|source| Published::load(source, settings))
        .map_err(|found| check::broken(places, &found, settings.language, output))
}

async fn pull(app: &App, replace: &[String], output: &Output) -> Result<(), Failure> {
    let pulled = app.workflow.proposals().pull(replace).await.map_err(|e| Failure::new(e.to_string()))?;
    if output.json {
        output.document(&pulled);
    } else if pulled == Pulled::default() {
        output.line("the folder is what is in force");
    } else {
        let written = pulled.written.iter().map(|path| vec!["written".to_owned(), path.clone()]);
        let left = pulled.left.iter().map(|path| vec!["left".to_owned(), path.clone()]);
        output.table(&["", "file"], &written.chain(left).collect::<Vec<_>>());
    }
    match pulled.left.first() {
        None => Ok(()),
        Some(path) => Err(Failure::new(format!(
            "somebody edited {} in the folder\n  help: publish the edit, or replace it: redress rules pull --replace {path}",
            pulled.left.join(", ")
        ))),
    }
}

async fn resume(app: &App, number: &str, by: &str, output: &Output) -> Result<(), Failure> {
    let id = app.workflow.resume(number, by).await.map_err(|e| Failure::new(e.to_string()))?;
    app.turn().await?;
    let case = app.workflow.reading().case(id).await?;
    let suspended: Vec<&str> = case.iter().flat_map(|c| &c.suspensions).map(|s| s.rule.as_str()).collect();
    if output.json {
        output.document(&json!({"number": number, "suspended": suspended}));
    } else if suspended.is_empty() {
        output.line(format!("{number}: no rule is suspended"));
    } else {
        output.line(format!("{number}: suspended again: {}", suspended.join(", ")));
    }
    Ok(())
}

fn test(
    places: &Places,
    settings: &Settings,
    published: Arc<Published>,
    name: &str,
    coverage: Option<Arc<Coverage>>,
    output: &Output,
) -> Result<(), Failure> {
    let files = RulesetSource::read_scenarios(&places.rules)
        .map_err(|found| Failure::of_rules(&found, settings.language))?;
    let observer = coverage.clone().map_or_else(|| Arc::clone(unobserved()), |c| c as Arc<dyn Observer>);
    let outcomes = scenario::play_observed(published, settings, &files, &|n| n.contains(name), &observer);
    let failed = outcomes.iter().filter(|o| o.failure.is_some()).count();
    if output.json {
        match &coverage {
            Some(c) => output.document(&json!({"scenarios": outcomes, "gaps": c.gaps()})),
            None => output.document(&outcomes),
        }
    } else {
        for outcome in &outcomes {
            print(outcome, settings.language, output);
        }
        output.line(format!("{} passed, {failed} failed", outcomes.len() - failed));
        if let Some(coverage) = &coverage {
            print_coverage(coverage, output);
        }
    }
    if failed > 0 { Err(Failure::new(format!("{failed} scenarios failed"))) } else { Ok(()) }
}

/// The pause between two looks at the folder.
const LOOK: std::time::Duration = std::time::Duration::from_millis(500);

/// Plays the scenarios now and after every save, until it is interrupted.
async fn watch(places: &Places, settings: &Settings, name: &str, output: &Output) -> Result<(), Failure> {
    let saved = || {
        let rules = RulesetSource::read(&places.rules).map(|s| s.hash()).unwrap_or_default();
        let scenarios = RulesetSource::read_scenarios(&places.rules).unwrap_or_default();
        (rules, scenarios)
    };
    loop {
        let played = saved();
        let outcome = candidate(places, settings, output)
            .and_then(|published| test(places, settings, Arc::new(published), name, None, output));
        if let Err(failure) = outcome {
            output.failure(&failure);
        }
        output.line("\nwaiting for a file to be saved; Ctrl-C stops");
        while saved() == played {
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn print_coverage(coverage: &Coverage, output: &Output) {
    let gaps = coverage.gaps();
    let (parts, wholes): (Vec<&Gap>, Vec<&Gap>) = gaps.iter().partition(|g| g.line > 0);
    let all = coverage.conditions();
    output.line(format!("\n{} of {all} conditions seen both ways", all - wholes.len()));
    let rows = |gaps: &[&Gap]| -> Vec<Vec<String>> {
        let place =
            |g: &Gap| if g.line > 0 { format!("{}:{}:{}", g.file, g.line, g.column) } else { g.file.clone() };
        gaps.iter().map(|g| vec![place(g), format!("never {}", g.never.as_str()), g.name.clone()]).collect()
    };
    for (title, gaps) in [("Conditions", &wholes), ("Parts of conditions", &parts)] {
        if !gaps.is_empty() {
            output.line(format!("\n{title} not seen both ways"));
            output.table(&["place", "", "of"], &rows(gaps));
        }
    }
}

fn print(outcome: &ScenarioOutcome, language: Language, output: &Output) {
    match &outcome.failure {
        None => output.line(format!("ok      {}", outcome.name)),
        Some(why) => output.line(format!(
            "FAILED  {} ({})\n        {}",
            outcome.name,
            outcome.place,
            why.in_language(language).replace('\n', "\n        ")
        )),
    }
}
