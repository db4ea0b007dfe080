//! `redress intake`: raw mails from files or standard input. To store a mail needs a data folder that can be
//! written, and nothing else; without one, exit code 75 asks a mail server to try again.

use super::actor::actor;
use super::opened::on;
use super::{Failure, Output};
use crate::app::{App, AppError, Places, inbox_of};
use crate::complaint::Actor;
use crate::intake::{Arrival, Mailbox, MailboxError, Maildir, TakenMail, parse, take_in_all};
use crate::reception::IntakeOutcome;
use clap::Args;
use futures_util::FutureExt;
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct Intake {
    /// Files with one raw mail each; - or none reads standard input
    files: Vec<String>,
    /// Fetch what is new in a mailbox of redress.toml, once
    #[arg(long, value_name = "NAME", conflicts_with = "files")]
    mailbox: Option<String>,
    /// Leave the mail at which the mailbox has stopped to people, and go on behind it
    #[arg(long, value_name = "UID", requires = "mailbox", requires = "by")]
    step_over: Option<u32>,
    /// Who decided that
    #[arg(long = "as", value_name = "EMAIL", requires = "step_over")]
    by: Option<String>,
    /// Only show what the mails are read as
    #[arg(long, conflicts_with = "mailbox")]
    read: bool,
}

/// A mail that was handed over.
struct Handed {
    /// Its file, or `-` for standard input.
    file: String,
    raw: Arc<[u8]>,
}

impl Handed {
    fn arrival(&self) -> Arrival {
        let source = if self.file == "-" { "stdin" } else { &self.file };
        Arrival { raw: Arc::clone(&self.raw), source: source.to_owned(), ..Arrival::default() }
    }
}

impl Intake {
    /// Returns whether mails are handed over, which their sender would get back when this fails.
    pub fn takes_mail(&self) -> bool {
        self.mailbox.is_none() && !self.read
    }

    pub async fn run(self, places: &Places, output: &Output) -> Result<(), Failure> {
        if let Some(name) = &self.mailbox {
            return on(places, async |app| {
                if let Some(uid) = self.step_over {
                    step_over(app, name, uid, actor(app, self.by.as_deref())?, output).await?;
                }
                fetch(app, name, output).await
            })
            .await;
        }
        let files = if self.files.is_empty() { vec!["-".to_owned()] } else { self.files };
        let handed: Vec<Handed> = files.into_iter().map(read).collect::<Result<_, _>>()?;
        if self.read {
            let app = App::open(places).await?;
            for mail in &handed {
                output.document(&serde_json::json!(parse(&mail.raw, app.settings.authserv_id.as_deref())));
            }
            return Ok(());
        }
        // What is wrong with us is no reason to send a complaint back: it is kept.
        let opened = AssertUnwindSafe(App::open(places)).catch_unwind().await;
        let app = match opened
            .unwrap_or_else(|_| Err(AppError::Data("Redress failed while starting".to_owned())))
        {
            Ok(app) => app,
            // What is meant for a rehearsal must not wait in a real folder, nor the other way round.
            Err(wrong @ AppError::Purpose(_)) => return Err(Failure::temporary(Failure::from(wrong).text)),
            Err(wrong) => return keep(places, &handed, &Failure::from(wrong).text, output),
        };
        let done = store(&app, places, &handed, output).await;
        app.close().await;
        done
    }
}

/// Takes in mails, decides on them, and says what became of them; what cannot be taken in is kept.
async fn store(app: &App, places: &Places, handed: &[Handed], output: &Output) -> Result<(), Failure> {
    let mut taken = Vec::new();
    let arrivals = handed.iter().map(Handed::arrival).collect();
    let (outcomes, _) = app.while_settling(take_in_all(&app.workflow, arrivals, 1)).await;
    for outcome in outcomes {
        match outcome {
            Ok(mail) => taken.push(mail),
            Err(e) => return keep(places, &handed[taken.len()..], &e.to_string(), output),
        }
    }
    // The mail is stored, whatever comes now; the next tick tries again.
    if let Err(e) = app.turn().await {
        tracing::error!("the mail is stored, and deciding on it failed: {e}");
    }
    for mail in &mut taken {
        renumber(app, mail).await;
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

/// Keeps mails in the inbox of the data folder, from where they are taken in as soon as that is possible.
fn keep(places: &Places, handed: &[Handed], why: &str, output: &Output) -> Result<(), Failure> {
    let kept = Maildir::open(&inbox_of(&places.data)).and_then(|maildir| {
        handed.iter().map(|mail| maildir.keep(&mail.raw, why)).collect::<Result<Vec<_>, _>>()
    });
    let kept = kept.map_err(|e| {
        Failure::temporary(format!("{why}\nand it cannot be kept in {}: {e}", places.data.display()))
    })?;
    tracing::error!("kept until it can be taken in: {why}");
    for (mail, place) in handed.iter().zip(kept) {
        output.line(format!("{}: kept in {}", mail.file, place.display()));
    }
    Ok(())
}

/// Goes on behind a mail, when it is the one at which the mailbox has stopped.
async fn step_over(app: &App, name: &str, uid: u32, by: Actor, output: &Output) -> Result<(), Failure> {
    match mailbox(app, name)?.take_in(&app.workflow).await {
        Err(MailboxError::Stopped { uid: stopped, .. }) if stopped == uid => {
            app.workflow.operations().step_over_mail(name, uid, by).await?;
            output.warn(format!("{name} goes on behind UID {uid}; that mail is left to people"));
            Ok(())
        }
        Err(stopped @ MailboxError::Stopped { .. }) => {
            Err(Failure::usage(format!("mailbox {name}: {stopped}")))
        }
        Err(e) => Err(Failure::temporary(format!("mailbox {name}: {e}"))),
        Ok(_) => {
            Err(Failure::usage(format!("mailbox {name} is read to its end; nothing is to be stepped over")))
        }
    }
}

fn mailbox(app: &App, name: &str) -> Result<Mailbox, Failure> {
    let settings = app.settings.mailboxes.iter().find(|m| m.name == name);
    let settings = settings.ok_or_else(|| {
        let names: Vec<&str> = app.settings.mailboxes.iter().map(|m| m.name.as_str()).collect();
        Failure::usage(format!(
            "there is no mailbox `{name}` in redress.toml; there is: {}",
            names.join(", ")
        ))
    })?;
    let mailbox = Mailbox::new(settings.clone(), app.plugins.network());
    mailbox.map_err(|e| Failure::temporary(format!("mailbox {name}: {e}")))
}

async fn fetch(app: &App, name: &str, output: &Output) -> Result<(), Failure> {
    let mailbox = mailbox(app, name)?;
    let (taken, _) = app.while_settling(mailbox.take_in(&app.workflow)).await;
    let taken = taken.map_err(|e| Failure::temporary(format!("mailbox {name}: {e}")))?;
    app.turn().await.map_err(|e| Failure::temporary(e.to_string()))?;
    if output.json {
        output.document(&serde_json::json!({"mailbox": name, "taken": taken}));
    } else {
        output.line(format!("{taken} mails taken in from {name}"));
    }
    Ok(())
}

fn read(file: String) -> Result<Handed, Failure> {
    let mut raw = Vec::new();
    let outcome = if file == "-" {
        std::io::stdin().lock().read_to_end(&mut raw).map(|_| ())
    } else {
        std::fs::read(&file).map(|bytes| raw = bytes)
    };
    outcome.map_err(|e| Failure::temporary(format!("{file} cannot be read: {e}")))?;
    Ok(Handed { file, raw: raw.into() })
}

/// Reads the number, now that the rules have decided.
async fn renumber(app: &App, mail: &mut TakenMail) {
    if let Some(id) = &mail.intake_id
        && let Ok(Some(found)) = app.workflow.reading().find(id).await
    {
        mail.number = found.number.map(|n| n.to_string());
    }
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
