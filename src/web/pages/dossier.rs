//! `/complaints/NUMBER/dossier`: the dossier of a complaint, to be kept.

use super::complaint::seen;
use crate::intake::{TEXT_CHARACTERS, attachments_bytes};
use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::trouble::Trouble;
use crate::workflow::{DossierError, DossierWish};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use std::io::{self, SeekFrom};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// The bytes that are sent at once.
const PIECE: usize = 64 * 1_024;

impl From<DossierError> for Trouble {
    fn from(error: DossierError) -> Self {
        match error {
            DossierError::Missing => Self::NotFound,
            DossierError::Forgetting | DossierError::Changing => Self::Busy,
            DossierError::Workflow(error) => error.into(),
            DossierError::Unwritable(error) => Self::Failed(format!("a dossier cannot be written: {error}")),
        }
    }
}

pub(in crate::web) async fn download(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let wish = DossierWish { language: signed.language, open: attachments_bytes, longest: TEXT_CHARACTERS };
    let failed = |e: io::Error| Trouble::Failed(format!("a dossier cannot be written: {e}"));
    let file = page.workflow.scratch().map_err(failed)?;
    page.workflow.write_dossier(id, wish, &file).await?;
    // A number and an intake id are plain.
    sent(file, &format!("{}.zip", case.complaint.reference())).await
}

/// Sends a file on that was made aside, in pieces.
pub(super) async fn sent(file: std::fs::File, name: &str) -> Result<Response, Trouble> {
    let failed = |e: io::Error| Trouble::Failed(format!("a file cannot be sent: {e}"));
    let mut file = tokio::fs::File::from_std(file);
    let length = file.seek(SeekFrom::End(0)).await.map_err(failed)?;
    file.rewind().await.map_err(failed)?;
    let body = Body::from_stream(try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, io::Error>((read > 0).then(|| (Bytes::from(piece), file)))
    }));
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, name),
        (CONTENT_LENGTH, length.to_string()),
    ];
    Ok((headers, body).into_response())
}
