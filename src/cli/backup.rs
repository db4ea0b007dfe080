//! `redress backup`: a copy of the database while everything runs; when that was is told by `/metrics`.

use super::{Failure, Output};
use crate::app::App;
use crate::files;
use crate::store::Engine;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; it must not be there yet
    #[arg(required_unless_present = "recorded")]
    file: Option<PathBuf>,
    /// Only record that a backup was made by other means, such as pg_dump
    #[arg(long, conflicts_with = "file")]
    recorded: bool,
}

impl Backup {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let oversight = app.workflow.overseeing().oversight();
        if let Some(file) = &self.file {
            if app.workflow.reading().engine() == Engine::Postgres {
                return Err(Failure::usage(
                    "the database is PostgreSQL: copy it with pg_dump, and then `redress backup --recorded`",
                ));
            }
            if file.exists() {
                return Err(Failure::usage(format!(
                    "{} is there already; name another file",
                    file.display()
                )));
            }
            let wrong =
                |e: std::io::Error| Failure::new(format!("{} cannot be written: {e}", file.display()));
            // The copy holds what the database holds: nobody else may read it.
            files::closed().write(true).create_new(true).open(file).map_err(wrong)?;
            let copied = oversight.copy_to(&file.display().to_string()).await;
            if let Err(e) = copied {
                let _ = std::fs::remove_file(file);
                return Err(e.into());
            }
            std::fs::File::open(file).and_then(|file| file.sync_all()).map_err(wrong)?;
        }
        let now = app.workflow.clock().now();
        oversight.record_backup(now).await?;
        let at = app.settings.calendar.rfc3339(now);
        if output.json {
            output.document(&json!({"file": self.file, "at": at}));
        } else if let Some(file) = self.file {
            output.line(format!(
                "copied to {}; keep audit.key of the data folder apart from it",
                file.display()
            ));
        } else {
            output.line(format!("recorded: backed up at {at}"));
        }
        Ok(())
    }
}
