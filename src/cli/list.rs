//! `redress list`: the complaints, a line each.

use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Date;
use crate::complaint::{GroupBy, GroupKey, State};
use crate::store::{ListFilter, ListedComplaint};
use clap::Args;
use serde_json::json;

/// The complaints that are read at once.
const PAGE: usize = 500;

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

    /// Reads page after page until there are as many as asked for of those that are meant and may be seen.
    async fn matching(&self, app: &App) -> Result<Vec<ListedComplaint>, Failure> {
        let (register, now) = (app.workflow.reading().register(), app.workflow.now().await?);
        let group = self.incident.as_deref().and_then(|i| GroupKey::of_value(&GroupBy::Incident, i));
        let mut filter = ListFilter { after: None, state: self.state.clone(), group };
        let mut found = Vec::new();
        while found.len() < self.limit {
            let page = register.list(&filter, PAGE).await?;
            let Some(last) = page.last() else { break };
            filter.after = Some(last.id);
            found.extend(page.into_iter().filter(|r| {
                let is_seen = self.viewer.as_ref().is_none_or(|v| app.workflow.sees(&r.facts, v, now));
                is_seen && (self.incident.is_none() || r.facts.incident == self.incident)
            }));
        }
        found.truncate(self.limit);
        Ok(found)
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        if let Some(state) = &self.state {
            self.check_state(app, state)?;
        }
        let rows = self.matching(app).await?;
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
