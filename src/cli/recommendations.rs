//! `redress recommendations`: the director's recommendations and what became of them
//! (docs/procedure.md row 38).

use super::reports::failure;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Date;
use crate::complaint::Via;
use crate::workflow::RecommendationChange;
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Recommendations {
    /// List them all
    List,
    /// Record a new one
    Add {
        /// What is recommended
        text: String,
        #[command(flatten)]
        change: Change,
    },
    /// Record what became of one
    Update {
        id: i64,
        /// Other words for it
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        change: Change,
    },
}

#[derive(Debug, Args)]
pub(super) struct Change {
    /// A state of procedure.toml: open, adopted, done…
    #[arg(long)]
    state: Option<String>,
    /// Who sees to it
    #[arg(long)]
    owner: Option<String>,
    /// What became of it so far
    #[arg(long)]
    note: Option<String>,
    /// When it is looked at again; in a year when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    follow_up: Option<Date>,
    /// A complaint it follows from; may be given more than once
    #[arg(long = "complaint", value_name = "NUMBER")]
    complaints: Vec<String>,
    /// Who records it
    #[arg(long = "as", value_name = "EMAIL")]
    by: String,
}

impl Recommendations {
    pub fn changes(&self) -> bool {
        !matches!(self, Self::List)
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let (id, text, change) = match self {
            Self::List => return list(app, output).await,
            Self::Add { text, change } => (None, Some(text), change),
            Self::Update { id, text, change } => (Some(id), text, change),
        };
        let Change { state, owner, note, follow_up, complaints, by } = change;
        let complaints = Some(complaints).filter(|complaints| !complaints.is_empty());
        let change =
            RecommendationChange { content: text, owner, state, note, follow_up_on: follow_up, complaints };
        let id = app
            .workflow
            .records()
            .keep_recommendation(id, change, (&by, Via::CommandLine))
            .await
            .map_err(|e| failure(e, app.settings.language))?;
        if output.json {
            output.document(&json!({"id": id}));
        } else {
            output.line(format!("recommendation {id} is recorded"));
        }
        Ok(())
    }
}

async fn list(app: &App, output: &Output) -> Result<(), Failure> {
    let kept = app.workflow.records().recommendations().await?;
    if output.json {
        output.document(&kept);
        return Ok(());
    }
    let rows: Vec<Vec<String>> = kept
        .into_iter()
        .map(|r| {
            vec![
                r.id.to_string(),
                r.state,
                r.made_on.to_string(),
                r.follow_up_on.to_string(),
                r.owner,
                r.content,
            ]
        })
        .collect();
    output.table(&["id", "state", "made", "follow up", "owner", "recommendation"], &rows);
    Ok(())
}
