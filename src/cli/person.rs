//! `redress person`: every complaint that names a person by an address or has a mail of theirs, and every mail of theirs that
//! belongs to no complaint, for whoever asks what is kept of them (GDPR, art. 15): printed one by one as it is read, or in one file.

use super::beside::{Tongue, free_place, put};
use super::{Failure, Output};
use crate::app::App;
use crate::complaint::Language;
use crate::escape;
use crate::intake::{TEXT_CHARACTERS, attachments_bytes};
use crate::workflow::{
    DossierWish, KeptComplaint, KeptMail, PersonalData, PersonalDataError, PersonalDataWish,
};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Person {
    /// The address of the person
    address: String,
    /// Write it into this file, which must not be there yet, with dossiers and mails as they came
    #[arg(long, value_name = "FILE.zip")]
    output: Option<PathBuf>,
    /// The language in which it is told; that of the organisation where none is named
    #[arg(long, value_enum)]
    language: Option<Tongue>,
    /// As this person may see it; their looks are noted
    #[arg(long = "as", value_name = "EMAIL", requires = "output")]
    viewer: Option<String>,
}

impl From<PersonalDataError> for Failure {
    fn from(error: PersonalDataError) -> Self {
        match error {
            PersonalDataError::Workflow(error) => error.into(),
            PersonalDataError::Busy => Self::temporary(error.to_string()),
            other => Self::new(other.to_string()),
        }
    }
}

impl Person {
    /// Returns whether something is written into the database: who looked.
    pub fn changes(&self) -> bool {
        self.viewer.is_some()
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        if let Some(viewer) = &self.viewer
            && app.workflow.records().reads_open(viewer).await?
        {
            return Err(Failure::new(format!("{viewer} may not look at all complaints")));
        }
        let language = self.language.map_or(app.settings.language, Language::from);
        let wish = PersonalDataWish { address: self.address, language, viewer: self.viewer };
        let data = app.workflow.personal_data(wish).await?;
        match self.output {
            None => print(&data, output).await,
            Some(place) => {
                let place = free_place(Some(place), "")?;
                write(data, language, &place, output).await
            }
        }
    }
}

async fn write(
    data: PersonalData<'_>,
    language: Language,
    place: &Path,
    output: &Output,
) -> Result<(), Failure> {
    let dossiers = DossierWish { language, open: attachments_bytes, longest: TEXT_CHARACTERS };
    let made = put(place, async |file| data.write(dossiers, file).await).await?;
    if output.json {
        output.document(&json!({
            "file": place, "files": made.files, "complaints": made.complaints, "mails": made.mails,
            "without_dossier": made.without_dossier,
        }));
        return Ok(());
    }
    let (complaints, mails) = (made.complaints, made.mails);
    output.line(format!("{}: {} files", place.display(), made.files));
    output.line(format!("{complaints} complaints, {mails} mails that belong to no complaint"));
    for without in &made.without_dossier {
        output.line(format!("no dossier of {}: {}", without.reference, without.why));
    }
    output.line("look through it before it is handed over: dossiers may hold what is of others too");
    Ok(())
}

async fn print(data: &PersonalData<'_>, output: &Output) -> Result<(), Failure> {
    let mut list = output.json.then(|| output.list());
    if let Some(person) = data.own_person() {
        match &mut list {
            Some(list) => list.push(&person),
            None => {
                output.line(format!("{} is one of our own people: {}", person.name, person.roles.join(", ")))
            }
        }
    }
    let mut found = 0;
    for complaint in data.complaints().await? {
        let Some(kept) = data.complaint(&complaint).await? else { continue };
        found += 1;
        match &mut list {
            Some(list) => list.push(&kept),
            None => tell(output, &kept),
        }
    }
    let (mut after, mut alone) = (0, 0);
    loop {
        let part = data.mails_after(after).await?;
        let Some(last) = part.last() else { break };
        after = last.id;
        alone += part.len();
        for mail in &part {
            match &mut list {
                Some(list) => list.push(mail),
                None => tell_alone(output, mail),
            }
        }
    }
    match list {
        Some(list) => list.end(),
        None => summed(output, data.address(), found, alone),
    }
    Ok(())
}

/// Says how much was found.
fn summed(output: &Output, address: &str, complaints: u64, mails: usize) {
    match (complaints, mails) {
        (0, 0) => output.line(format!("no complaint of {address} is kept, and no mail")),
        (0, _) => {}
        _ => output.line(format!(
            "{complaints} complaints; the mails as they came, with their attachments: `redress mail NUMBER --all`"
        )),
    }
    if mails > 0 {
        output.line(format!(
            "{mails} mails that belong to no complaint; as they came: `redress mail --filed --raw ID`"
        ));
    }
    if complaints > 0 || mails > 0 {
        output.line("all of it in one file: --output FILE.zip");
    }
}

/// Writes a mail that belongs to no complaint for people.
fn tell_alone(output: &Output, mail: &KeptMail) {
    let KeptMail { id, at, from, subject, .. } = mail;
    output.line(escape::line(&format!("== mail {id} of no complaint: {at} {from}: {subject}")));
    quote(output, &mail.text);
}

/// Writes what somebody wrote; no line of it begins as one of ours.
fn quote(output: &Output, written: &str) {
    for line in escape::text(written).lines() {
        output.line(format!("   {line}"));
    }
}

/// Writes what is kept of one complaint for people.
fn tell(output: &Output, kept: &KeptComplaint) {
    output.line(format!("== {} {}", kept.number, escape::line(&kept.facts.subject)));
    for mail in &kept.mails {
        let heading = format!("-- mails: {} {}: {}", mail.at, mail.from, mail.subject);
        output.line(escape::line(&heading));
        quote(output, &mail.text);
    }
    for letter in &kept.letters {
        let heading = format!("-- letters and messages: {} {}: {}", letter.at, letter.to, letter.subject);
        output.line(escape::line(&heading));
        quote(output, &letter.text);
    }
    for event in &kept.events {
        let personal = match &event.personal {
            Value::Null => String::new(),
            personal => format!(" {personal}"),
        };
        let heading = format!("-- {} {}: {}{personal}", event.at, event.by, event.what);
        output.line(escape::line(&heading));
    }
    for view in &kept.views {
        output.line(format!("-- {} {} looked", view.at, view.by));
    }
}
