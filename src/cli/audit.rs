//! `redress audit verify`: whether the trail is as it was written, and the facts are what it says.

use super::{Failure, Output};
use crate::app::App;
use crate::store::Audit;
use clap::Subcommand;
use serde_json::json;

/// The most points that are named.
const NAMED: usize = 50;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Walk the whole chain, and compare what it says with the facts
    Verify,
}

impl AuditCommand {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let trail = app.workflow.reading().trail();
        let events = match trail.verify().await? {
            Audit::Holds { events } => events,
            Audit::Broken { seq } => {
                return Err(Failure::new(format!(
                    "the audit trail is broken at event {seq}; compare it with a backup, and keep both"
                )));
            }
        };
        let found = trail.reconcile().await?;
        if !found.is_empty() {
            let named: Vec<String> =
                found.iter().take(NAMED).map(|d| format!("  {}: {}", d.complaint, d.what)).collect();
            return Err(Failure::new(format!(
                "the audit trail holds, and the facts are not what it says, in {} points; compare them with a backup, \
                 and keep both:\n{}",
                found.len(),
                named.join("\n")
            )));
        }
        if output.json {
            output.document(&json!({"holds": true, "events": events}));
        } else {
            output.line(format!("the audit trail holds: {events} events"));
        }
        Ok(())
    }
}
