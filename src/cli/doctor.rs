//! `redress doctor`: what needs somebody's attention and what to do about it, as the watchdog sees it.

use super::why::local;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Moment;
use crate::complaint::Language;
use serde_json::json;

pub(super) async fn run(app: &App, output: &Output) -> Result<(), Failure> {
    app.look_at_folder();
    let reading = app.workflow.reading();
    let totals = reading.figures().totals(app.workflow.clock().now()).await?;
    let findings = app.watchdog.findings(Language::English).await;
    let processes = reading.processes().await?;
    let unsearched = app.workflow.search_waiting().await?;
    let backup = app.workflow.overseeing().oversight().backed_up_at().await?;
    let ruleset = app.workflow.published().ruleset.hash().to_owned();
    if output.json {
        output.document(
            &json!({"totals": totals, "duplicates": reading.figures().duplicates().await?, "attention": findings,
            "engine": format!("{:?}", reading.engine()), "ruleset": ruleset, "processes": processes,
            "not_searchable": unsearched, "last_backup": backup.map(|at| local(app, at))}),
        );
    } else {
        output.line(format!(
            "{} complaints, {} of them live; {} deliveries queued",
            totals.complaints, totals.live, totals.queued
        ));
        output.line(format!("ruleset {ruleset}"));
        output.line(match backup {
            Some(at) => format!("last backup: {}, {}", local(app, at), ago(app.workflow.clock().now(), at)),
            None => "last backup: none is recorded".to_owned(),
        });
        if unsearched > 0 {
            output.line(format!(
                "{unsearched} older complaints cannot be found by their texts yet; `serve` goes through them"
            ));
        }
        if processes.len() > 1 {
            output.line(format!("{} processes share the database:", processes.len()));
        }
        for process in processes.iter().filter(|_| processes.len() > 1) {
            output.line(format!("  {}", process.place));
        }
        if findings.is_empty() {
            output.line("nothing needs attention");
        }
        for finding in &findings {
            output.line(format!("- {}\n  help: {}", finding.what, finding.remedy));
        }
    }
    match findings.is_empty() {
        true => Ok(()),
        false => Err(Failure::said()),
    }
}

/// Says how long ago something was, in whole hours or days.
fn ago(now: Moment, at: Moment) -> String {
    match (now.millis() - at.millis()).max(0) / 3_600_000 {
        0 => "within the hour".to_owned(),
        1 => "1 hour ago".to_owned(),
        hours @ 2..48 => format!("{hours} hours ago"),
        hours => format!("{} days ago", hours / 24),
    }
}
