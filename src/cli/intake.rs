//! `redress intake`: raw mails from files or standard input. Exit code 75 asks a mail server to try again.

use super::{Failure, Output};
use crate::app::App;
use crate::intake::{IntakeError, Mailbox, TakenMail, ingest, parse};
use crate::reception::IntakeOutcome;
use clap::Args;
use std::io::Read;

#[derive(Debug, Args)]
pub(super) struct Intake {
    /// Files with one raw mail each; - or none reads standard input
    files: Vec<String>,
    /// Fetch what is new in a mailbox of redress.toml, once
    #[arg(long, value_name = "NAME", conflicts_with = "files")]
    mailbox: Option<String>,
    /// Only show what the mails are read as
    #[arg(long, conflicts_with = "mailbox")]
    read: bool,
}

impl Intake {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        if let Some(name) = &self.mailbox {
            return fetch(app, name, output).await;
        }
        let files = if self.files.is_empty() { vec!["-".to_owned()] } else { self.files };
        let mut taken = Vec::new();
        for file in files {
            let raw = read(&file)?;
            if self.read {
                let mail = parse(&raw, app.settings.authserv_id.as_deref());
                output.document(&serde_json::json!(mail));
                continue;
            }
            let source = if file == "-" { "stdin" } else { &file };
            taken.push(ingest(&app.workflow, &raw, source).await.map_err(|e| temporary(&file, e))?);
        }
        if self.read {
            return Ok(());
        }
        app.turn().await.map_err(|e| Failure::temporary(e.to_string()))?;
        for mail in &mut taken {
            renumber(app, mail).await?;
        }
        if output.json {
            output.document(&taken);
        } else {
            for t in &taken {
                output.line(describe(t));
            }
        }
        Ok(())
    }
}

async fn fetch(app: &App, name: &str, output: &Output) -> Result<(), Failure> {
    let settings = app.settings.mailboxes.iter().find(|m| m.name == name);
    let settings = settings.ok_or_else(|| {
        let names: Vec<&str> = app.settings.mailboxes.iter().map(|m| m.name.as_str()).collect();
        Failure::usage(format!(
            "there is no mailbox `{name}` in redress.toml; there is: {}",
            names.join(", ")
        ))
    })?;
    let failed = |e: crate::intake::MailboxError| Failure::temporary(format!("mailbox {name}: {e}"));
    let mailbox = Mailbox::new(settings.clone(), app.plugins.network()).map_err(failed)?;
    let taken = mailbox.take_in(&app.workflow).await.map_err(failed)?;
    app.turn().await.map_err(|e| Failure::temporary(e.to_string()))?;
    if output.json {
        output.document(&serde_json::json!({"mailbox": name, "taken": taken}));
    } else {
        output.line(format!("{taken} mails taken in from {name}"));
    }
    Ok(())
}

fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let mut raw = Vec::new();
    let outcome = if file == "-" {
        std::io::stdin().lock().read_to_end(&mut raw).map(|_| ())
    } else {
        std::fs::read(file).map(|bytes| raw = bytes)
    };
    outcome.map_err(|e| Failure::temporary(format!("{file} cannot be read: {e}")))?;
    Ok(raw)
}

fn temporary(file: &str, error: IntakeError) -> Failure {
    Failure::temporary(format!("{file} was not taken in: {error}"))
}

/// Reads the number, now that the rules have decided.
async fn renumber(app: &App, mail: &mut TakenMail) -> Result<(), Failure> {
    if let Some(id) = &mail.intake_id {
        let found = app.workflow.reading().find(id).await?;
        mail.number = found.and_then(|f| f.number).map(|n| n.to_string());
    }
    Ok(())
}

fn describe(t: &TakenMail) -> String {
    let what = match t.outcome {
        IntakeOutcome::Complaint => "complaint",
        IntakeOutcome::Addition => "added to",
        IntakeOutcome::Automated => "automated mail, not answered",
        IntakeOutcome::Duplicate => "the same mail was taken in before",
    };
    let reference = t.number.clone().or_else(|| t.intake_id.clone()).unwrap_or_default();
    format!("{}: {what} {reference}", t.source).trim_end().to_owned()
}
