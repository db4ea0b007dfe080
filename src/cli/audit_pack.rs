//! `redress audit pack`: what an auditor takes home on a year, in one file; and whether such a file is as it was made.

use super::agreement::{self, Of};
use super::beside::{Tongue, free_place, put, wrong};
use super::{Failure, Output};
use crate::app::{App, Places, is_installation};
use crate::complaint::Language;
use crate::dossier::check_pack;
use crate::escape;
use crate::intake::{TEXT_CHARACTERS, attachments_bytes};
use crate::random;
use crate::workflow::{DossierWish, PackError, PackWish};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct AuditPack {
    /// The year in which the complaints came in
    #[arg(long, required_unless_present = "check", value_parser = clap::value_parser!(i32).range(1970..=2400))]
    year: Option<i32>,
    /// The file to write, which must not be there yet; audit-YEAR.zip in this folder where none is named
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What the sample is drawn with, chosen by the auditor; drawn by chance and printed where none is named
    #[arg(long, value_name = "TEXT", value_parser = seed)]
    seed: Option<String>,
    /// The language; that of the organisation where none is named
    #[arg(long, value_enum)]
    language: Option<Tongue>,
    /// As this person may see it, who must see all complaints; their looks are noted
    #[arg(long = "as", value_name = "EMAIL")]
    viewer: Option<String>,
    /// Say whether a pack is as it was made, and is of the trail where that is at hand
    #[arg(long, value_name = "FILE", conflicts_with_all = ["year", "output", "seed", "language", "viewer"])]
    check: Option<PathBuf>,
}

fn seed(text: &str) -> Result<String, String> {
    let is_one =
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_one.then(|| text.to_owned()).ok_or_else(|| "write at most 64 letters, digits and dashes".to_owned())
}

impl From<PackError> for Failure {
    fn from(error: PackError) -> Self {
        match error {
            PackError::Workflow(error) => error.into(),
            PackError::Busy => Self::temporary(error.to_string()),
            other => Self::new(other.to_string()),
        }
    }
}

impl AuditPack {
    pub async fn run(self, look_at: &Places, change: &Places, output: &Output) -> Result<(), Failure> {
        match (&self.check, self.viewer.is_some()) {
            (Some(file), _) => look(look_at, file, output).await,
            (None, true) => self.write(&App::open(change).await?, output).await,
            (None, false) => self.write(&App::open(look_at).await?, output).await,
        }
    }

    async fn write(self, app: &App, output: &Output) -> Result<(), Failure> {
        let year = self.year.unwrap_or_default();
        if let Some(viewer) = &self.viewer
            && app.workflow.records().reads_open(viewer).await?
        {
            return Err(Failure::new(format!("{viewer} may not look at all complaints")));
        }
        let place = free_place(self.output, &format!("audit-{year}.zip"))?;
        let language = self.language.map_or(app.settings.language, Language::from);
        let wish = PackWish {
            year,
            seed: self.seed.unwrap_or_else(random::hex::<8>),
            dossiers: DossierWish { language, open: attachments_bytes, longest: TEXT_CHARACTERS },
            viewer: self.viewer,
        };
        let made = put(&place, async |file| app.workflow.write_audit_pack(wish, file).await).await?;
        let m = &made.manifest;
        if output.json {
            output.document(&json!({
                "file": place, "files": made.files, "seed": m.seed, "drawn_from": m.drawn_from,
                "sample": m.sample, "escalated": m.escalated, "without_dossier": m.without_dossier, "head": m.head,
            }));
            return Ok(());
        }
        output.line(format!("{}: {} files", place.display(), made.files));
        output.line(format!(
            "{} of {} complaints drawn with the seed {}",
            m.sample.len(),
            m.drawn_from,
            m.seed
        ));
        output.line(format!("{} of {} escalated complaints", m.escalated.len(), m.escalated_of));
        for without in &m.without_dossier {
            output.line(format!("no dossier of {}: {}", without.reference, without.why));
        }
        output.line(format!("head of the trail: {}", m.head));
        Ok(())
    }
}

/// Says whether a pack is as it was made.
pub(super) async fn look(places: &Places, file: &Path, output: &Output) -> Result<(), Failure> {
    let read = file.to_owned();
    let checked = tokio::task::spawn_blocking(move || check_pack(&read)).await;
    let checked = checked.map_err(|e| Failure::new(e.to_string()))?.map_err(|e| wrong(file, &e))?;
    let standing = match is_installation(&places.data) {
        true => Some(App::open(places).await?.workflow.pack_agrees(&checked).await?),
        false => None,
    };
    let m = &checked.manifest;
    if output.json {
        output.document(&json!({
            "year": m.year, "made_at": m.made_at, "files": m.files.len() + 2, "head": m.head,
            "trail": standing.map(agreement::word),
        }));
    } else {
        let line = |text: &str| escape::line(text).into_owned();
        let made = format!("{}, made at {} by {}", m.year, line(&m.made_at), line(&m.organisation));
        output.line(format!("audit pack of {made}: {} files, each as it was written", m.files.len() + 2));
        output.line(format!("head of the trail: {}", line(&m.head)));
    }
    agreement::say(Of::Pack, standing, output)
}
