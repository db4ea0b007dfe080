//! `redress clock`: what to do about a clock that has jumped.

use super::actor::actor;
use super::{Failure, Output};
use crate::app::App;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum ClockCommand {
    /// Say that the computer's clock is right, after a jump: time goes on from there, ahead or back
    Confirm {
        /// Who has looked at the clock
        #[arg(long = "as", value_name = "EMAIL")]
        by: String,
    },
}

impl ClockCommand {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let Self::Confirm { by } = self;
        let by = actor(app, Some(&by))?;
        let now = app.workflow.confirm_clock(by).await?;
        let now = app.settings.calendar.rfc3339(now);
        if output.json {
            output.document(&json!({"now": now}));
        } else {
            output.line(format!("time goes on from {now}"));
        }
        Ok(())
    }
}
