//! `redress forget`: takes the names and texts of a complaint away before its retention has passed, by the action that the
//! procedure declares for it. Without `--yes` it says what would go and what would stay.

use super::{Failure, Output};
use crate::app::App;
use crate::complaint::{ComplaintId, Via};
use crate::workflow::{ActError, ForgettingStep, Holdings};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The question that the action asks.
const REASON: &str = "reason";
/// What stays, in words.
const STAYS: &str =
    "number, dates, states, terms, categories, verdict, agreement, and who of our own people acted";

#[derive(Debug, Args)]
pub(super) struct Forget {
    /// K-number or intake id
    number: String,
    /// Why, without names: it is kept
    #[arg(long)]
    reason: String,
    /// Who decides
    #[arg(long = "as", value_name = "EMAIL")]
    actor: String,
    /// Do it; it cannot be undone
    #[arg(long)]
    yes: bool,
}

impl Forget {
    /// Returns whether it changes anything.
    pub fn changes(&self) -> bool {
        self.yes
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let workflow = &app.workflow;
        let Some(action) = workflow.forgets_early() else {
            return Err(Failure::new(
                "the procedure has no action for this\n  help: name it in procedure.toml, as `forgets_early`",
            ));
        };
        let id = workflow.id_of(&self.number).await.map_err(|e| failure(app, e))?;
        let holdings = workflow.holdings_of(id).await?;
        if !self.yes {
            let answers = BTreeMap::from([(REASON.to_owned(), self.reason.clone())]);
            // Refused as it would be.
            workflow.foresee(&self.actor, id, &action, &answers).await.map_err(|e| failure(app, e))?;
            self.tell(output, &holdings, None);
            return Ok(());
        }
        let answers = BTreeMap::from([(REASON.to_owned(), Value::from(self.reason.clone()))]);
        let acted = workflow.act(&self.number, &action, &self.actor, answers, Via::CommandLine).await;
        acted.map_err(|e| failure(app, e))?;
        app.turn().await?;
        self.tell(output, &holdings, Some(is_done(app, id).await?));
        Ok(())
    }

    fn tell(&self, output: &Output, goes: &Holdings, is_done: Option<bool>) {
        let Holdings { mails, attachments, letters, notes, .. } = goes;
        if output.json {
            output.document(&json!({
                "number": self.number, "goes": goes, "stays": STAYS, "forgotten": is_done,
            }));
            return;
        }
        let goes = format!(
            "names, addresses, subject and texts, {mails} mails with {attachments} attachments, {letters} messages, what is \
             personal of {notes} events, drafts, who looked, and what is searched"
        );
        match is_done {
            None => {
                output.line(format!("{}: would go: {goes}", self.number));
                output.line(format!("would stay: {STAYS}"));
                output.line("nothing was changed; with --yes it is done, and cannot be undone");
            }
            Some(true) => output.line(format!("{}: gone are {goes}; what stays: {STAYS}", self.number)),
            Some(false) => output.line(format!(
                "{}: {goes} go as soon as what is under way has been sent; `redress serve` and `redress tick` go on with it",
                self.number
            )),
        }
    }
}

async fn is_done(app: &App, id: ComplaintId) -> Result<bool, Failure> {
    let forgetting = app.workflow.forgetting_of(id).await?;
    Ok(forgetting.is_some_and(|one| one.step == ForgettingStep::Done))
}

fn failure(app: &App, error: ActError) -> Failure {
    match error {
        ActError::Changed => Failure::temporary(error.to_string()),
        ActError::Workflow(e) => e.into(),
        ActError::Refused(text) => Failure::new(text.in_language(app.settings.language).to_owned()),
        other => Failure::new(other.to_string()),
    }
}
