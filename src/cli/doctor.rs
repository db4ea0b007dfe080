//! `redress doctor`: what needs somebody's attention, worst first.

use super::{Failure, Output};
use crate::app::App;
use crate::calendar::EQUALISED_VALID_UNTIL;
use serde_json::json;

pub(super) async fn run(app: &App, output: &Output) -> Result<(), Failure> {
    let reading = app.workflow.reading();
    let clock = app.workflow.clock().now();
    let totals = reading.figures().totals(clock).await?;
    let behind = reading.trail().high_water().await?.map_or(0, |mark| mark.millis() - clock.millis());
    let finds = reading.found_by_sweeps().await?;
    let mut attention = Vec::new();
    if behind > 60_000 {
        attention
            .push(format!("the clock is {} minutes behind the last decision; set it right", behind / 60_000));
    }
    attention.extend(
        app.folder_faults.iter().map(|f| format!("rules folder: {}", f.in_language(app.settings.language))),
    );
    if app.folder_differs {
        attention
            .push("the rules folder differs from the published ruleset; `redress rules publish`".to_owned());
    }
    for (count, what) in [
        (totals.faulty, "complaints for which a rule fails; `redress show` names it"),
        (totals.undeliverable, "notifications that reach nobody; see people and plugins"),
        (totals.dead, "deliveries given up; `redress deliveries list --state dead`"),
        (totals.overdue_deadlines, "deadlines passed and not met"),
        (finds, "firings that only the sweep found: a bug in Redress"),
    ] {
        if count > 0 {
            attention.push(format!("{count} {what}"));
        }
    }
    attention.extend(plugins(app).await?);
    let (year, month, day) = EQUALISED_VALID_UNTIL;
    let known_until = crate::calendar::Date::from_ymd_opt(year, month, day);
    let horizon =
        app.settings.calendar.day_of(clock).ok().and_then(|d| d.checked_add_days(chrono::Days::new(120)));
    if horizon.zip(known_until).is_some_and(|(h, k)| h > k) {
        attention
            .push(format!("equalised holidays are known until {year}-{month}-{day} only; update Redress"));
    }
    if output.json {
        output.document(
            &json!({"totals": totals, "duplicates": reading.figures().duplicates().await?, "attention": attention, "engine": format!("{:?}", reading.engine()),
            "ruleset": app.workflow.published().ruleset.hash()}),
        );
        return Ok(());
    }
    output.line(format!(
        "{} complaints, {} of them live; {} deliveries queued",
        totals.complaints, totals.live, totals.queued
    ));
    output.line(format!("ruleset {}", app.workflow.published().ruleset.hash()));
    if attention.is_empty() {
        output.line("nothing needs attention");
    }
    for line in attention {
        output.line(format!("- {line}"));
    }
    Ok(())
}

/// Plugins that fail, and those for which something waits that nothing will deliver.
async fn plugins(app: &App) -> Result<Vec<String>, Failure> {
    let reading = app.workflow.reading();
    let broken = app.plugins.broken();
    let mut attention: Vec<String> =
        broken.iter().map(|(name, e)| format!("plugin {name}: its folder cannot be used: {e}")).collect();
    for (name, health) in reading.healths().await? {
        attention.push(match health.disabled_at {
            Some(_) => format!(
                "plugin {name} is switched off ({}); `redress plugins enable {name}`",
                health.last_error
            ),
            None if health.failing_since.is_some() => format!("plugin {name} fails: {}", health.last_error),
            None => continue,
        });
    }
    for address in reading.bouncing().await? {
        attention.push(format!(
            "mail to {address} comes back; mend it, then `redress deliveries resume {address}`"
        ));
    }
    for waiting in reading.waiting().await?.iter().filter(|w| w.queued > 0) {
        if app.plugins.find(&waiting.plugin).is_none_or(|p| !p.manifest.enabled) {
            attention.push(format!(
                "{} deliveries wait for plugin {}, which is not enabled",
                waiting.queued, waiting.plugin
            ));
        }
    }
    Ok(attention)
}
