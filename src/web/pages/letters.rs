//! `/complaints/NUMBER/letters/VERSION/PLACE/recall`: a letter called back before it goes.

use super::complaint::seen;
use crate::complaint::Via;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{RecallError, SentLetter};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

pub(in crate::web) async fn recall(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, version, ordinal)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let (id, _) = seen(&page, &signed, &reference).await?;
    let (version, ordinal) = (version.parse(), ordinal.parse());
    let (Ok(version), Ok(ordinal)) = (version, ordinal) else { return Err(Trouble::NotFound) };
    let letter = SentLetter { complaint: id, version, ordinal };
    match page.workflow.recall((&signed.person.email, Via::Page), letter).await {
        Ok(()) => Ok(see_other(&format!("/complaints/{reference}?recalled=1"))),
        Err(RecallError::NotFound) => Err(Trouble::NotFound),
        Err(RecallError::OnItsWay) => {
            let title = say(signed.language, "recall_too_late_title", &[]);
            let text = say(signed.language, "recall_too_late", &[]);
            let of = context! { text };
            page.show(&signed, StatusCode::CONFLICT, Shown { template: "message", title, here: "", of })
        }
        Err(RecallError::Workflow(e)) => Err(e.into()),
    }
}
