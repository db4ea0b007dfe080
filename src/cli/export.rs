//! `redress export`: the dossier of a complaint in one file, for an auditor or a court; and whether such a file is as it was made.

use super::agreement::{self, Of};
use super::beside::{Tongue, free_place, put, wrong};
use super::{Failure, Output, audit_pack};
use crate::app::{App, Places, is_installation};
use crate::complaint::Language;
use crate::dossier::{Checked, check, is_pack};
use crate::escape;
use crate::intake::{TEXT_CHARACTERS, attachments_bytes};
use crate::workflow::{DossierError, DossierWish};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Export {
    /// K-number or intake id
    #[arg(required_unless_present = "check")]
    number: Option<String>,
    /// The file to write, which must not be there yet; NUMBER.zip in this folder where none is named
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The language of the page in it; that of the organisation where none is named
    #[arg(long, value_enum)]
    language: Option<Tongue>,
    /// As this person may see it; their look is noted
    #[arg(long = "as", value_name = "EMAIL")]
    viewer: Option<String>,
    /// Say whether a dossier is as it was made, and agrees with the trail where that is at hand
    #[arg(long, value_name = "FILE", conflicts_with_all = ["number", "output", "language", "viewer"])]
    check: Option<PathBuf>,
}

impl From<DossierError> for Failure {
    fn from(error: DossierError) -> Self {
        match error {
            DossierError::Workflow(error) => error.into(),
            DossierError::Changing | DossierError::Forgetting => Self::temporary(error.to_string()),
            other => Self::new(other.to_string()),
        }
    }
}

impl Export {
    /// Returns whether something is written into the database: who looked.
    pub fn changes(&self) -> bool {
        self.viewer.is_some()
    }

    pub async fn run(self, places: &Places, output: &Output) -> Result<(), Failure> {
        match &self.check {
            Some(file) => look(places, file, output).await,
            None => self.write(&App::open(places).await?, output).await,
        }
    }

    async fn write(self, app: &App, output: &Output) -> Result<(), Failure> {
        let reference = self.number.unwrap_or_default();
        let unknown = || Failure::new(format!("there is no complaint {reference}"));
        let found = app.workflow.reading().find(&reference).await?.ok_or_else(unknown)?;
        let case = app.workflow.reading().case(found.id).await?.ok_or_else(unknown)?;
        let now = app.workflow.now().await?;
        if let Some(viewer) = &self.viewer {
            if !app.workflow.sees(&case.complaint, viewer, now) {
                return Err(Failure::new(format!("{viewer} may not look at {reference}")));
            }
            app.workflow.views().note_at_once(viewer, found.id, now).await?;
        }
        let place = free_place(self.output, &format!("{}.zip", case.complaint.reference()))?;
        let language = self.language.map_or(app.settings.language, Language::from);
        let wish = DossierWish { language, open: attachments_bytes, longest: TEXT_CHARACTERS };
        let write = async |file| app.workflow.write_dossier(found.id, wish, &file).await;
        let made = put(&place, write).await?;
        if output.json {
            output.document(&json!({
                "file": place, "files": made.files, "steps": made.steps, "check_number": made.check_number,
            }));
        } else {
            output.line(format!("{}: {} files, {} steps", place.display(), made.files, made.steps));
            output.line(format!("check number: {}", made.check_number));
        }
        Ok(())
    }
}

/// Says whether a dossier is as it was made.
async fn look(places: &Places, file: &Path, output: &Output) -> Result<(), Failure> {
    let read = file.to_owned();
    let kind = tokio::task::spawn_blocking(move || is_pack(&read)).await;
    if kind.map_err(|e| Failure::new(e.to_string()))?.map_err(|e| wrong(file, &e))? {
        return audit_pack::look(places, file, output).await;
    }
    let read = file.to_owned();
    let checked = tokio::task::spawn_blocking(move || check(&read)).await;
    let checked = checked.map_err(|e| Failure::new(e.to_string()))?.map_err(|e| wrong(file, &e))?;
    let agreement = match is_installation(&places.data) {
        true => Some(App::open(places).await?.workflow.agrees(&checked).await?),
        false => None,
    };
    if output.json {
        output.document(&json!({
            "reference": checked.manifest.reference, "made_at": checked.manifest.made_at,
            "files": checked.manifest.files.len() + 2, "steps": checked.manifest.steps,
            "check_number": checked.manifest.check_number, "trail": agreement.map(agreement::word),
        }));
    } else {
        say(&checked, output);
    }
    agreement::say(Of::Dossier, agreement, output)
}

fn say(checked: &Checked, output: &Output) {
    let m = &checked.manifest;
    let line = |text: &str| escape::line(text).into_owned();
    let made = format!("{}, made at {} by {}", line(&m.reference), line(&m.made_at), line(&m.organisation));
    output.line(format!("{made}: {} files, each as it was written", m.files.len() + 2));
    output.line(format!("check number: {}", line(&m.check_number)));
}
