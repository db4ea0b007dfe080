//! `redress act`: an action of a person on a complaint.

use super::why::local;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, GroupBy, GroupKey, Language, Via};
use crate::store::ListFilter;
use crate::workflow::ActError;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Args)]
pub(super) struct Act {
    /// K-number or intake id; several with commas between them, or incident:NAME for all of an incident
    number: String,
    /// The action, as `redress show` lists it
    action: String,
    /// An answer to what the action asks
    #[arg(long, value_name = "KEY=VALUE")]
    input: Vec<String>,
    /// Who acts
    #[arg(long = "as", value_name = "EMAIL")]
    actor: String,
}

impl Act {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let mut input = BTreeMap::new();
        for pair in &self.input {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(Failure::usage(format!("--input {pair} is not KEY=VALUE")));
            };
            input.insert(key.to_owned(), Value::from(value));
        }
        let references = references(app, &self.number).await?;
        let mut done = Vec::new();
        for reference in &references {
            let acted =
                app.workflow.act(reference, &self.action, &self.actor, input.clone(), Via::CommandLine).await;
            let id = acted
                .map_err(|e| failure(reference, references.len(), done.len(), e, app.settings.language))?;
            app.turn().await?;
            done.push(self.outcome(app, id, output).await?);
        }
        if output.json {
            match &done[..] {
                [only] => output.document(only),
                several => output.document(&several),
            }
        }
        Ok(())
    }

    async fn outcome(&self, app: &App, id: ComplaintId, output: &Output) -> Result<Value, Failure> {
        let found = app.workflow.reading().candidate(id).await?;
        let case = app.workflow.reading().case(id).await?;
        let state = case.map(|c| c.complaint.state.to_string()).unwrap_or_default();
        let number = found.map(|f| f.number.map_or(f.intake_id, |n| n.to_string())).unwrap_or_default();
        let waiting = waiting(app, id).await?;
        if !output.json {
            output.line(format!("{number}: {} done; the complaint is now {state}", self.action));
            for (message, goes_at) in &waiting {
                let goes_at = local(app, *goes_at);
                output.line(format!(
                    "{number}: the letter `{message}` goes at {goes_at}, sent by `redress serve`; until then it can be called back on the page"
                ));
            }
        }
        let goes_at = |at| app.settings.calendar.rfc3339(at);
        let waiting =
            waiting.into_iter().map(|(message, at)| json!({"message": message, "goes_at": goes_at(at)}));
        let waiting: Vec<Value> = waiting.collect();
        Ok(json!({"number": number, "action": self.action, "state": state, "letters_that_wait": waiting}))
    }
}

/// Returns the letters of a complaint that wait, to be called back, each with the moment at which it goes.
async fn waiting(app: &App, id: ComplaintId) -> Result<Vec<(String, Moment)>, Failure> {
    let now = app.workflow.now().await?;
    let letters = app.workflow.reading().register().notifications(id).await?;
    let outside = letters.into_iter().filter(|letter| app.workflow.is_outside(&letter.recipient));
    let waits = |at: &Moment| *at > now;
    Ok(outside.filter_map(|letter| Some((letter.message, letter.goes_at.filter(waits)?))).collect())
}

/// Returns the complaints meant: one, several, or all of an incident (docs/procedure.md edge case 17).
async fn references(app: &App, text: &str) -> Result<Vec<String>, Failure> {
    let Some(incident) = text.strip_prefix("incident:") else {
        return Ok(text.split(',').map(|r| r.trim().to_owned()).filter(|r| !r.is_empty()).collect());
    };
    let group = GroupKey::of_value(&GroupBy::Incident, incident);
    let filter = ListFilter { group, ..ListFilter::default() };
    let alike = app.workflow.reading().register().list(&filter, usize::MAX).await?;
    let of_incident = alike.into_iter().filter(|r| r.facts.incident.as_deref() == Some(incident));
    let references: Vec<String> =
        of_incident.map(|r| r.number.map_or(r.intake_id, |n| n.to_string())).collect();
    if references.is_empty() {
        Err(Failure::new(format!("no complaint belongs to the incident {incident}")))
    } else {
        Ok(references)
    }
}

/// Makes the failure of one of several complaints; those before it are done.
fn failure(reference: &str, of: usize, done: usize, error: ActError, language: Language) -> Failure {
    let place = if of > 1 { format!("{reference} (after {done} done): ") } else { String::new() };
    match error {
        ActError::Changed => Failure::temporary(format!("{place}{error}")),
        ActError::Workflow(e) => e.into(),
        ActError::Refused(text) => Failure::new(format!("{place}{}", text.in_language(language))),
        other => Failure::new(format!("{place}{other}")),
    }
}
