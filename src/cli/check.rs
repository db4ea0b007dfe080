//! `redress rules check`: all that is wrong with a rules folder, for people and as data.

use super::fix::{self, Edit};
use super::{Failure, Output, diagnostics};
use crate::app::Places;
use crate::clock::{Clock, SystemClock};
use crate::complaint::Language;
use crate::config::Settings;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::workflow::{CheckedFolder, Published, next_runs};
use clap::Args;
use serde::Serialize;
use serde_json::json;

/// The next runs of a schedule, as `check` shows them.
#[derive(Serialize)]
struct NextRuns {
    name: String,
    next: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// nl or en; the organisation's language when not given
    #[arg(long)]
    language: Option<Language>,
    /// Mend what can only be meant in one way, such as a misspelt name, and show what changed
    #[arg(long)]
    fix: bool,
    /// With --fix: show what would change, and change nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

impl Check {
    pub fn run(self, places: &Places, settings: &Settings, output: &Output) -> Result<(), Failure> {
        let language = self.language.unwrap_or(settings.language);
        let mut folder =
            RulesFolder::read(&places.rules).map_err(|found| broken(places, &found, language, output))?;
        let mut edits = Vec::new();
        if self.fix {
            let mended = folder.mended(settings);
            edits = fix::edits(&folder, &mended);
            if !self.dry_run {
                fix::write(&places.rules, &edits)?;
                folder = mended;
            }
        }
        if !output.json {
            edits.iter().for_each(|edit| output.line(edit.diff.trim_end()));
        }
        report(places, settings, &folder.check(settings), &edits, language, output)
    }
}

/// Prints what the check of a folder found; a mistake is a failure.
fn report(
    places: &Places,
    settings: &Settings,
    checked: &CheckedFolder,
    edits: &[Edit],
    language: Language,
    output: &Output,
) -> Result<(), Failure> {
    let Some(published) = checked.published.as_ref().filter(|_| checked.is_sound()) else {
        return Err(broken_after(places, &checked.diagnostics, edits, language, output));
    };
    let rules = published.ruleset.rule_names().count();
    let schedules = schedules(places, settings, published);
    if output.json {
        output.document(&json!({
            "diagnostics": checked.diagnostics,
            "edits": edits,
            "ruleset": {"hash": published.ruleset.hash(), "rules": rules, "schedules": schedules},
        }));
        return Ok(());
    }
    for warning in diagnostics::shown(&checked.diagnostics, &places.rules, language) {
        output.line(warning);
    }
    for schedule in &schedules {
        output.line(format!("schedule \"{}\" runs next {}", schedule.name, schedule.next.join(", ")));
    }
    output.line(format!("{rules} rules, no mistakes; ruleset {}", &published.ruleset.hash()[..12]));
    Ok(())
}

/// Prints the mistakes of a folder; they are the failure.
pub(super) fn broken(places: &Places, found: &[Diagnostic], language: Language, output: &Output) -> Failure {
    broken_after(places, found, &[], language, output)
}

fn broken_after(
    places: &Places,
    found: &[Diagnostic],
    edits: &[Edit],
    language: Language,
    output: &Output,
) -> Failure {
    if output.json {
        let mistakes = found.iter().filter(|d| d.kind.severity == Severity::Error).count();
        output.document(&json!({"diagnostics": found, "edits": edits, "ruleset": null}));
        return Failure::new(format!("{mistakes} mistakes"));
    }
    Failure::new(diagnostics::shown(found, &places.rules, language).join("\n"))
}

fn schedules(places: &Places, settings: &Settings, published: &Published) -> Vec<NextRuns> {
    let now = places.clock.unwrap_or_else(|| SystemClock.now());
    let calendar = &settings.calendar;
    let local = |at| Some(calendar.local(at).ok()?.format("%a %-d %b %Y %H:%M").to_string());
    let runs = |cron| next_runs(calendar, cron, now, 3).into_iter().filter_map(local).collect();
    published
        .ruleset
        .schedules()
        .map(|(name, cron)| NextRuns { name: name.to_owned(), next: runs(cron) })
        .collect()
}
