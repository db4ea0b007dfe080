//! `redress doctor`: what needs somebody's attention, worst first.

use super::{Failure, Output};
use crate::app::App;
use crate::calendar::EQUALISED_VALID_UNTIL;
use crate::workflow::ClockStanding;
use serde_json::json;

pub(super) async fn run(app: &App, output: &Output) -> Result<(), Failure> {
    let reading = app.workflow.reading();
    let clock = app.workflow.clock().now();
    let totals = reading.figures().totals(clock).await?;
    let finds = reading.found_by_sweeps().await?;
    let mut attention = Vec::new();
    match app.workflow.clock_standing().await? {
        ClockStanding::Right => {}
        ClockStanding::Behind { millis } => attention.push(format!(
            "the clock is {} minutes behind the last decision; set it right, or where the decision was ahead: \
             `redress clock confirm`",
            millis / 60_000
        )),
        ClockStanding::Ahead { millis } => attention.push(format!(
            "the clock is {} days ahead of the last time that was seen, and nothing is decided; set it right, or \
             where it is right: `redress clock confirm`",
            millis / 86_400_000
        )),
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
    attention.extend(inbox(app));
    if crate::files::is_open_to_others(&app.data) {
        let folder = app.data.display();
        attention.push(format!(
            "other users of this computer may look into {folder}; as its owner: chmod -R go-rwx {folder}"
        ));
    }
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

/// Mail that waits to be taken in, and files that cannot be read.
fn inbox(app: &App) -> Vec<String> {
    let maildirs = match app.maildirs() {
        Ok(maildirs) => maildirs,
        Err(e) => return vec![format!("the folder of new mail cannot be used: {e}")],
    };
    let mut attention = Vec::new();
    for maildir in &maildirs {
        match maildir.state() {
            Ok(state) => {
                if state.waiting > 0 {
                    let waiting = state.waiting;
                    attention.push(format!(
                        "{waiting} mails wait in the inbox; `redress tick` or `serve` takes them in"
                    ));
                }
                let unreadable = state.unreadable.iter();
                attention.extend(
                    unreadable
                        .map(|file| format!("a mail cannot be read, give Redress the right to: {file}")),
                );
            }
            Err(e) => attention.push(format!("the folder of new mail cannot be read: {e}")),
        }
    }
    attention
}

/// Plugins that fail, and those for which something waits that nothing will deliver.
async fn plugins(app: &App) -> Result<Vec<String>, Failure> {
    let reading = app.workflow.reading();
    let broken = app.plugins.broken();
    let mut attention: Vec<String> =
        broken.iter().map(|(name, e)| format!("plugin {name}: its folder cannot be used: {e}")).collect();
    attention.extend(app.plugins.fallback_mistake().map(|e| e.to_string()));
    for (name, health) in reading.healths().await? {
        attention.push(match health.disabled_at {
            Some(_) => format!(
                "plugin {name} is switched off ({}); `redress plugins enable {name}`",
                health.last_error
            ),
            None if health.is_failing() => format!("plugin {name} fails: {}", health.last_error),
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
