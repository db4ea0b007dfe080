//! `redress simulate`: how a complaint would go on, with assumed answers. Nothing is changed.

use super::{Failure, Output};
use crate::app::App;
use crate::calendar::{Date, Moment};
use crate::workflow::simulate::{Assumptions, SimulateError, is_telling};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// K-number or intake id
    number: String,
    /// Up to and including this day; a year ahead when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<Date>,
    /// What people are assumed to do: [[assume]] with at = "2026-12-01 10:00" (or in = "decided", after_days
    /// = 3), action, as and input; without an action the complainant writes
    #[arg(long, value_name = "FILE")]
    assume: Option<PathBuf>,
}

impl Simulate {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let assumptions = match &self.assume {
            None => Assumptions::default(),
            Some(file) => {
                let place = file.display();
                let text =
                    std::fs::read_to_string(file).map_err(|e| Failure::new(format!("{place}: {e}")))?;
                toml::from_str(&text).map_err(|e| Failure::new(format!("{place}: {}", e.message())))?
            }
        };
        let id = app.workflow.id_of(&self.number).await.map_err(|e| Failure::new(e.to_string()))?;
        let course = app.workflow.simulate(id, self.until, &assumptions).await;
        let course = course.map_err(|e| match e {
            SimulateError::Refused(text) => Failure::new(text.in_language(app.settings.language)),
            SimulateError::Store(e) => e.into(),
        })?;
        let at = |m: Moment| app.settings.calendar.rfc3339(m);
        if output.json {
            let events = course.events.iter().map(|(when, e)| {
                json!({"at": at(*when), "kind": e.kind, "rule": e.origin.source.name(), "by": e.origin.by, "summary": e.summary})
            });
            let events: Vec<_> = events.collect();
            let digests = course
                .digests
                .iter()
                .map(|(when, to, lines)| json!({"at": at(*when), "to": to, "lines": lines}));
            let digests: Vec<_> = digests.collect();
            output.document(&json!({
                "events": events, "digests": digests, "refused": course.refused, "state": course.state, "until": at(course.until),
            }));
            return Ok(());
        }
        let told = course.events.iter().filter(|(_, e)| is_telling(e));
        let mut lines: Vec<(Moment, String)> = told.map(|(when, e)| (*when, e.summary.clone())).collect();
        let digests = course.digests.iter();
        lines.extend(digests.map(|(when, to, said)| (*when, format!("digest to {to}: {}", said.join("; ")))));
        lines.sort_by_key(|(when, _)| *when);
        for (when, line) in lines {
            let when = at(when).chars().take(16).collect::<String>().replace('T', " ");
            output.line(format!("{when}  {line}"));
        }
        course.refused.iter().for_each(|why| output.line(format!("assumed, but refused: {why}")));
        let until = at(course.until).chars().take(10).collect::<String>();
        output.line(format!(
            "{} would be in state {} on {until}; nothing was changed",
            self.number, course.state
        ));
        Ok(())
    }
}
