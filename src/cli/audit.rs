//! `redress audit verify`: whether the trail is as it was written.

use super::{Failure, Output};
use crate::app::App;
use crate::store::Audit;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Walk the whole chain
    Verify,
}

impl AuditCommand {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        match app.workflow.reading().trail().verify().await? {
            Audit::Holds { events } if output.json => {
                output.document(&json!({"holds": true, "events": events}))
            }
            Audit::Holds { events } => output.line(format!("the audit trail holds: {events} events")),
            Audit::Broken { seq } => {
                return Err(Failure::new(format!(
                    "the audit trail is broken at event {seq}; compare it with a backup, and keep both"
                )));
            }
        }
        Ok(())
    }
}
