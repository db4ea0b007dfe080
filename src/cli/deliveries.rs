//! `redress deliveries`: the outbox, and another chance for dead letters.

use super::output::clip;
use super::{Failure, Output};
use crate::app::{App, Places};
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Deliveries {
    /// List deliveries, newest first
    List {
        /// queued, accepted or dead
        #[arg(long)]
        state: Option<String>,
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Put dead deliveries back in the queue
    Retry { ids: Vec<String> },
}

impl Deliveries {
    pub async fn run(self, look: &Places, change: &Places, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List { state, limit } => {
                let found = App::open(look).await?.workflow.store.deliveries(state.as_deref(), limit).await?;
                if output.json {
                    output.document(&found);
                    return Ok(());
                }
                let row = |d: crate::store::DeliverySummary| {
                    let error = clip(&d.last_error.unwrap_or_default(), 60);
                    vec![d.id, d.plugin, d.message, d.recipient, d.state, d.attempts.to_string(), error]
                };
                let rows: Vec<_> = found.into_iter().map(row).collect();
                output.table(&["delivery", "plugin", "message", "to", "state", "tries", "error"], &rows);
            }
            Self::Retry { ids } => {
                let app = App::open(change).await?;
                let replayed = app.workflow.store.replay(&ids, app.workflow.clock.now()).await?;
                app.turn().await?;
                if output.json {
                    output.document(&json!({"replayed": replayed}));
                } else {
                    output.line(format!("{replayed} of {} put back in the queue", ids.len()));
                }
            }
        }
        Ok(())
    }
}
