//! `take_in`: raw mails, each to exactly one outcome. Facts are gathered, `reception` decides, and what it decided is
//! stored, in sets.

use super::error::IntakeError;
use super::incoming::Arrival;
use super::read::ReadMail;
use super::set::Taking;
use super::taken::TakenMail;
use crate::workflow::Workflow;

/// Takes in one whole mail; `source` tells the way it came.
pub async fn ingest(workflow: &Workflow, raw: &[u8], source: &str) -> Result<TakenMail, IntakeError> {
    take_in(workflow, Arrival { raw: raw.into(), source: source.to_owned(), ..Arrival::default() }).await
}

/// Takes in one mail. When this returns, the mail is stored and its complaint's row exists; the next tick
/// decides on it.
pub async fn take_in(workflow: &Workflow, arrival: Arrival) -> Result<TakenMail, IntakeError> {
    let taken = take_in_all(workflow, vec![arrival], 1).await.pop();
    taken.unwrap_or(Err(IntakeError::Interrupted))
}

/// Takes in mails in their order, as [`take_in`] does one by one, and stores them in sets. Returns what became of each.
/// After `enough` failures in a row, at least one, it is not the mails that fail: those behind are left alone.
pub async fn take_in_all(
    workflow: &Workflow,
    arrivals: Vec<Arrival>,
    enough: usize,
) -> Vec<Result<TakenMail, IntakeError>> {
    Taking::new(workflow, enough.max(1)).take_in(arrivals).await
}

/// Takes in mails that are read, as [`take_in_all`] does.
pub(super) async fn take_in_read(
    workflow: &Workflow,
    mails: &[ReadMail],
    enough: usize,
) -> Vec<Result<TakenMail, IntakeError>> {
    Taking::new(workflow, enough.max(1)).take_in_read(mails).await
}
