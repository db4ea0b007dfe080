//! `redress contact`: log a complaint told by phone, on paper or in a chat (docs/procedure.md T2).

use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Date;
use crate::complaint::{ContactChannel, Party, Via};
use crate::intake::{self, ContactError, log_contact};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

/// Reads one of the channels by which contacts come, and lists them in the help.
fn channels() -> impl TypedValueParser<Value = ContactChannel> {
    let words = ContactChannel::ALL.iter().map(|channel| channel.as_str());
    PossibleValuesParser::new(words).try_map(|word| word.parse::<ContactChannel>())
}

#[derive(Debug, Args)]
pub(super) struct Contact {
    /// How it was told
    #[arg(long, value_parser = channels())]
    channel: ContactChannel,
    /// Who complains
    #[arg(long, default_value = "")]
    name: String,
    /// The complainant's address, to which the invitation to write is sent
    #[arg(long, default_value = "", value_name = "EMAIL")]
    email: String,
    /// What it is about, in a line
    #[arg(long)]
    subject: String,
    /// What was told
    #[arg(long, default_value = "")]
    text: String,
    /// The day of the contact; today when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<Date>,
    /// The employee who logs it
    #[arg(long = "as", value_name = "EMAIL")]
    by: String,
}

impl Contact {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let contact = intake::Contact {
            channel: self.channel,
            complainant: Party { name: self.name, email: self.email },
            subject: self.subject,
            text: self.text,
            on: self.on,
            by: self.by,
            via: Via::CommandLine,
        };
        let logged = log_contact(&app.workflow, contact).await.map_err(|e| match e {
            ContactError::Refused(text) => Failure::new(text),
            ContactError::Store(e) => e.into(),
        })?;
        app.turn().await?;
        match logged {
            _ if output.json => output.document(&json!({"intake_id": logged})),
            Some(id) => {
                output.line(format!("{id}: contact logged; its complainant is asked to confirm by email"))
            }
            None => output.line("this contact was logged before"),
        }
        Ok(())
    }
}
