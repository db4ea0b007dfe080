//! `redress backup`: a copy of everything in one file while everything runs; when that was is told by `/metrics` and
//! `redress doctor`.

use super::{Failure, Output};
use crate::app::App;
use crate::app::backup::{KeyChoice, make};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; it must not be there yet
    #[arg(required_unless_present = "recorded")]
    file: Option<PathBuf>,
    /// Put audit.key into the file as well: whoever has it can then forge the trail
    #[arg(long)]
    with_key: bool,
    /// Only record that a backup was made by other means, such as pg_dump
    #[arg(long, conflicts_with_all = ["file", "with_key"])]
    recorded: bool,
}

impl Backup {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let Some(file) = self.file else {
            let now = app.workflow.clock().now();
            app.workflow.overseeing().oversight().record_backup(now).await?;
            let at = app.settings.calendar.rfc3339(now);
            if output.json {
                output.document(&json!({"file": null, "at": at}));
            } else {
                output.line(format!("recorded: backed up at {at}"));
            }
            return Ok(());
        };
        if file.exists() {
            return Err(Failure::usage(format!("{} is there already; name another file", file.display())));
        }
        let key = if self.with_key { KeyChoice::Included } else { KeyChoice::LeftOut };
        let made = make(app, &file, key).await?;
        app.workflow.overseeing().oversight().record_backup(made.at).await?;
        let at = app.settings.calendar.rfc3339(made.at);
        if output.json {
            output.document(&json!({
                "file": file, "at": at, "complaints": made.complaints, "events": made.event, "has_key": self.with_key,
            }));
            return Ok(());
        }
        output.line(format!("{}: {} complaints, {} events", file.display(), made.complaints, made.event));
        output.line(match key {
            KeyChoice::LeftOut => {
                "audit.key is not in it: keep a copy of it somewhere else; without it nothing starts"
            }
            KeyChoice::Included => {
                "audit.key is in it: whoever has the file can forge the trail; keep it closed"
            }
        });
        output.line("redress.toml, the rules, the plugins and secrets are not in it: copy them as well");
        Ok(())
    }
}
