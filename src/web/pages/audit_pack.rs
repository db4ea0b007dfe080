//! `/reports/YEAR/pack`: what an auditor takes home on a year, for who may see all complaints.

use super::dossier::sent;
use crate::intake::{TEXT_CHARACTERS, attachments_bytes};
use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::trouble::Trouble;
use crate::workflow::{DossierError, DossierWish, PackError, PackWish};
use axum::extract::{Path, State};
use axum::response::Response;
use std::io;
use std::sync::Arc;

impl From<PackError> for Trouble {
    fn from(error: PackError) -> Self {
        match error {
            PackError::NoYear(_) => Self::NotFound,
            PackError::Busy => Self::Busy,
            PackError::Dossier(_, DossierError::Workflow(error)) | PackError::Workflow(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

pub(in crate::web) async fn download(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(year): Path<String>,
) -> Result<Response, Trouble> {
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let number = year.parse().ok().filter(|_| is_year).ok_or(Trouble::NotFound)?;
    let viewer = signed.person.email.clone();
    if page.workflow.records().reads_open(&viewer).await? {
        return Err(Trouble::NotFound);
    }
    let wish = PackWish {
        year: number,
        seed: page.workflow.new_seed(),
        dossiers: DossierWish {
            language: signed.language,
            open: attachments_bytes,
            longest: TEXT_CHARACTERS,
        },
        viewer: Some(viewer),
    };
    let failed = |e: io::Error| Trouble::Failed(format!("an audit pack cannot be written: {e}"));
    let file = page.workflow.scratch().map_err(failed)?;
    let written = file.try_clone().map_err(failed)?;
    page.workflow.write_audit_pack(wish, written).await?;
    sent(file, &format!("audit-{year}.zip")).await
}
