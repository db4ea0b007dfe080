//! `redress rules check`: all that is wrong with a rules folder, for people and as data.

use super::{Failure, Output, diagnostics};
use crate::app::Places;
use crate::clock::{Clock, SystemClock};
use crate::complaint::Language;
use crate::config::Settings;
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::workflow::{Published, RulesFolder, next_runs};
use serde::Serialize;
use serde_json::json;

/// The next runs of a schedule, as `check` shows them.
#[derive(Serialize)]
struct NextRuns {
    name: String,
    next: Vec<String>,
}

pub(super) fn run(
    places: &Places,
    settings: &Settings,
    language: Language,
    output: &Output,
) -> Result<(), Failure> {
    let folder =
        RulesFolder::read(&places.rules).map_err(|found| broken(places, &found, language, output))?;
    let checked = folder.check(settings);
    let Some(published) = checked.published.as_ref().filter(|_| checked.is_sound()) else {
        return Err(broken(places, &checked.diagnostics, language, output));
    };
    let rules = published.ruleset.rule_names().count();
    let schedules = schedules(places, settings, published);
    if output.json {
        output.document(&json!({
            "diagnostics": checked.diagnostics,
            "ruleset": {"hash": published.ruleset.hash(), "rules": rules, "schedules": schedules},
        }));
        return Ok(());
    }
    for warning in &checked.diagnostics {
        output.line(diagnostics::shown(warning, &places.rules, language));
    }
    for schedule in &schedules {
        output.line(format!("schedule \"{}\" runs next {}", schedule.name, schedule.next.join(", ")));
    }
    output.line(format!("{rules} rules, no mistakes; ruleset {}", &published.ruleset.hash()[..12]));
    Ok(())
}

/// Prints the mistakes of a folder; they are the failure.
pub(super) fn broken(places: &Places, found: &[Diagnostic], language: Language, output: &Output) -> Failure {
    if output.json {
        let mistakes = found.iter().filter(|d| d.kind.severity == Severity::Error).count();
        output.document(&json!({"diagnostics": found, "ruleset": null}));
        return Failure::new(format!("{mistakes} mistakes"));
    }
    let shown: Vec<String> = found.iter().map(|d| diagnostics::shown(d, &places.rules, language)).collect();
    Failure::new(shown.join("\n"))
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
