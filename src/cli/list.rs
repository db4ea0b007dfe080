//! `redress list`: the complaints, a line each.

use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Date;
use crate::complaint::State;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those in this state
    #[arg(long)]
    state: Option<String>,
    /// Only those of this incident
    #[arg(long)]
    incident: Option<String>,
    /// Only what this person may see
    #[arg(long = "as", value_name = "EMAIL")]
    viewer: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 1000)]
    limit: usize,
}

impl List {
    /// Refuses a state that this procedure does not have.
    fn check_state(&self, app: &App, state: &str) -> Result<(), Failure> {
        let published = app.workflow.published();
        let states: Vec<&str> = published.ruleset.procedure().states.keys().map(State::as_str).collect();
        match states.contains(&state) {
            true => Ok(()),
            false => Err(Failure::usage(format!(
                "there is no state `{state}`\n  help: the states are {}",
                states.join(", ")
            ))),
        }
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        if let Some(state) = &self.state {
            self.check_state(app, state)?;
        }
        let mut rows = app.workflow.reading().register().list(self.state.as_deref(), self.limit).await?;
        rows.retain(|r| self.incident.is_none() || r.facts.incident == self.incident);
        if let Some(viewer) = &self.viewer {
            let now = app.workflow.now().await?;
            rows.retain(|r| app.workflow.sees(&r.facts, viewer, now));
        }
        let calendar = &app.settings.calendar;
        if output.json {
            let rows = rows.iter().map(|r| {
                let mut value = json!(r);
                value["received_at"] = json!(calendar.rfc3339(r.received_at));
                value
            });
            output.document(&rows.collect::<Vec<_>>());
            return Ok(());
        }
        let day = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|r| {
                let received = calendar.day_of(r.received_at).map(|d| d.to_string()).unwrap_or_default();
                vec![
                    r.number.map_or(r.intake_id, |n| n.to_string()),
                    r.state.to_string(),
                    received,
                    day(r.promised_by),
                    day(r.next_deadline),
                    clip(&r.complainant, 24),
                    if r.is_faulty { "fault".to_owned() } else { String::new() },
                    clip(&r.subject, 44),
                ]
            })
            .collect();
        output
            .table(&["number", "state", "received", "promised", "next", "complainant", "", "subject"], &rows);
        Ok(())
    }
}
