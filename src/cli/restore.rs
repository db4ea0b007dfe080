//! `redress restore`: checks a backup, makes an installation of it, and lets that go on.

use super::actor::actor;
use super::{Failure, Output};
use crate::app::backup::{Checked, check, go_on, restore};
use crate::app::{Access, App, Places};
use crate::config::Settings;
use crate::store::Depth;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The file that `redress backup` made
    #[arg(required_unless_present = "go_on")]
    file: Option<PathBuf>,
    /// Only read it whole and say whether it can be restored
    #[arg(long)]
    check: bool,
    /// Let a restored database go on, because the installation it was copied from has stopped
    #[arg(long, conflicts_with_all = ["file", "check"], requires = "by")]
    go_on: bool,
    /// Who says so
    #[arg(long = "as", value_name = "EMAIL")]
    by: Option<String>,
}

impl Restore {
    pub async fn run(self, places: Places, output: &Output) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return let_go_on(&Places { access: Access::GoOn, ..places }, self.by.as_deref(), output).await;
        };
        let checked = match self.check {
            true => check(&places, file).await?,
            false => restore(&places, file).await?,
        };
        let settings = Settings::load(places.config.as_deref()).map_err(|e| Failure::new(e.to_string()))?;
        let at = settings.calendar.rfc3339(checked.made_at);
        if output.json {
            output.document(&json!({
                "restored": !self.check, "made_at": at, "program": checked.program, "complaints": checked.complaints,
                "events": checked.event, "signatures_checked": checked.depth == Depth::Signatures,
                "has_key": checked.has_key,
            }));
            return Ok(());
        }
        output.line(format!(
            "{}: whole, made {at} by version {}; {} complaints, {} events",
            file.display(),
            checked.program,
            checked.complaints,
            checked.event
        ));
        output.line(match checked.depth {
            Depth::Signatures => "the audit trail in it holds",
            Depth::Links => {
                "the events in it follow each other without a gap; whether they are signed cannot be told without audit.key"
            }
        });
        if !self.check {
            what_to_do(&checked, output);
        }
        Ok(())
    }
}

/// Says what is to be done after restoring.
fn what_to_do(checked: &Checked, output: &Output) {
    output.line("restored. What is to be done now:");
    if checked.depth == Depth::Links {
        output.line(format!("- put audit.key back: {} (mode 0600)", checked.key.display()));
    }
    output.line("- put redress.toml, the rules, the plugins and the secrets they name in their places");
    output.line("- `redress audit verify` and `redress doctor`");
    output.line(
        "- see that the installation it was copied from has stopped, and then: `redress restore --go-on --as YOU`. Until \
         then nothing is taken in, decided or sent",
    );
}

async fn let_go_on(places: &Places, by: Option<&str>, output: &Output) -> Result<(), Failure> {
    let app = App::open(places).await?;
    let by = actor(&app, by)?;
    let gone = go_on(&app, by).await?;
    let at = app.settings.calendar.rfc3339(gone.copied_at);
    if output.json {
        output.document(&json!({"copied_at": at, "held": gone.held}));
        return Ok(());
    }
    output.line(format!("the database goes on from the copy of {at}"));
    if gone.held > 0 {
        output.line(format!(
            "{} deliveries are held, because they may have been sent since: `redress deliveries list --state dead` names \
             them, and `redress deliveries retry` sends them",
            gone.held
        ));
    }
    output.line(
        "what happened after the copy is not known here: mail that is still in a mailbox is taken in again",
    );
    Ok(())
}
