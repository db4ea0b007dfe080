//! `redress act`: an action of a person on a complaint.

use super::{Failure, Output};
use crate::app::App;
use crate::complaint::Via;
use crate::workflow::ActError;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Args)]
pub(super) struct Act {
    /// K-number or intake id
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
        let acted = app.workflow.act(&self.number, &self.action, &self.actor, input, Via::CommandLine).await;
        let id = acted.map_err(failure)?;
        app.turn().await?;
        let found = app.workflow.store.candidate(id).await?;
        let case = app.workflow.store.load(&[id]).await?.pop();
        let state = case.map(|c| c.complaint.state.to_string()).unwrap_or_default();
        let number = found.map(|f| f.number.map_or(f.intake_id, |n| n.to_string())).unwrap_or_default();
        if output.json {
            output.document(&json!({"number": number, "action": self.action, "state": state}));
        } else {
            output.line(format!("{number}: {} done; the complaint is now {state}", self.action));
        }
        Ok(())
    }
}

fn failure(error: ActError) -> Failure {
    match error {
        ActError::Changed => Failure::temporary(error.to_string()),
        ActError::Workflow(e) => e.into(),
        other => Failure::new(other.to_string()),
    }
}
