//! `redress person`: every complaint that names a person by an address or has a mail of theirs, and every mail of theirs that
//! belongs to no complaint, for whoever asks what is kept of them (GDPR, art. 15): printed one by one as it is read, or in one file.

use super::beside::{Tongue, free_place, put};
use super::{Failure, Output};
use crate::app::App;
use crate::complaint::Language;
use crate::escape;
use crate::intake::{TEXT_CHARACTERS, attachments_bytes};
use crate::workflow::{
    DossierWish, Kept, KeptEvent, KeptLetter, KeptMail, PersonalData, PersonalDataError, PersonalDataWish,
};
use clap::Args;
use serde_json::json;
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
    let (mut complaints, mut alone) = (0, 0);
    let mut pieces = data.pieces(data.complaints().await?);
    while let Some(piece) = pieces.next().await? {
        match &piece {
            Kept::Complaint(_) => complaints += 1,
            Kept::Mail(mail) if mail.complaint.is_none() => alone += 1,
            _ => {}
        }
        match &mut list {
            Some(list) => list.push(&piece),
            None => tell(output, &piece),
        }
    }
    match list {
        Some(list) => list.end(),
        None => summed(output, data.address(), complaints, alone),
    }
    Ok(())
}

/// Says how much was found.
fn summed(output: &Output, address: &str, complaints: usize, mails: usize) {
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

/// Writes what somebody wrote; no line of it begins as one of ours.
fn quote(output: &Output, written: &str) {
    for line in escape::text(written).lines() {
        output.line(format!("   {line}"));
    }
}

/// Writes a piece of what is kept for people.
fn tell(output: &Output, piece: &Kept) {
    let heading = |text: String| output.line(escape::line(&text));
    match piece {
        Kept::Person(own) => {
            output.line(format!("{} is one of our own people: {}", own.name, own.roles.join(", ")));
        }
        Kept::Complaint(complaint) => {
            heading(format!("== {} {}", complaint.number, complaint.facts.subject));
            complaint.views.iter().for_each(|view| heading(format!("-- {} {} looked", view.at, view.by)));
        }
        Kept::Mail(mail) => {
            let KeptMail { id, at, from, subject, .. } = mail;
            match &mail.complaint {
                Some(_) => heading(format!("-- mails: {at} {from}: {subject}")),
                None => heading(format!("== mail {id} of no complaint: {at} {from}: {subject}")),
            }
            quote(output, &mail.text);
        }
        Kept::Letter(KeptLetter { at, to, subject, text, .. }) => {
            heading(format!("-- letters and messages: {at} {to}: {subject}"));
            quote(output, text);
        }
        Kept::Event(KeptEvent { at, by, what, personal, .. }) => {
            let personal = if personal.is_null() { String::new() } else { format!(" {personal}") };
            heading(format!("-- {at} {by}: {what}{personal}"));
        }
    }
}
