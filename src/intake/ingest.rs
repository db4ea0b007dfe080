//! `take_in`: one raw mail to exactly one outcome. Facts are gathered, `reception` decides, and what it
//! decided is carried out.

use super::carry_out::carry_out;
use super::error::IntakeError;
use super::gather::gather;
use super::incoming::{Arrival, Incoming};
use super::parse::parse;
use super::taken::TakenMail;
use super::twin::is_same_letter;
use crate::progress::Count;
use crate::reception::receive;
use crate::workflow::{Known, Workflow};

/// The largest mail, in bytes, that is taken in whole.
pub const MAX_BYTES: usize = 40 << 20;
/// The bytes of a larger mail that are taken in, from its beginning: headers and text. The whole mail stays
/// in the mailbox or file that it came from.
pub const KEPT_BYTES: usize = 1 << 20;

/// Takes in one whole mail; `source` tells the way it came.
pub async fn ingest(workflow: &Workflow, raw: &[u8], source: &str) -> Result<TakenMail, IntakeError> {
    take_in(workflow, Arrival { raw, source, ..Arrival::default() }).await
}

/// Takes in one mail. When this returns, the mail is stored and its complaint's row exists; the next tick
/// decides on it.
pub async fn take_in(workflow: &Workflow, mut arrival: Arrival<'_>) -> Result<TakenMail, IntakeError> {
    if arrival.raw.len() > MAX_BYTES {
        arrival.raw = &arrival.raw[..KEPT_BYTES];
        arrival.is_partial = true;
    }
    let mut mail = parse(arrival.raw, workflow.settings().authserv_id.as_deref());
    if arrival.is_partial {
        mail.remarks
            .push("larger than 40 MiB: only its beginning is kept here, ask for the attachments".to_owned());
    }
    let now = workflow.now().await?;
    let mut known = workflow.taking_in().known(&mail.message_id, &mail.body_hash).await?;
    if known == Known::AnotherUnderItsId {
        let before = workflow.taking_in().mails_of_id(&mail.message_id).await?;
        if before.iter().any(|before| is_same_letter(&mail, before)) {
            known = Known::ThisMail;
        }
    }
    if known == Known::AnotherUnderItsId {
        mail.remarks.push("another mail came under the same Message-ID".to_owned());
    }
    let incoming = Incoming { workflow, mail: &mail, arrival: &arrival, known, now };
    let gathered = gather(incoming).await?;
    let reception = receive(&gathered.facts);
    tracing::debug!(outcome = reception.disposition.outcome().as_str(), "{}", reception.reason);
    let outcome = reception.disposition.outcome();
    let taken = carry_out(incoming, &gathered, reception).await?;
    workflow.progress().count(Count::Intake(outcome.as_str()), 1);
    let complaint = taken.number.as_deref().or(taken.intake_id.as_deref());
    tracing::info!(complaint, outcome = outcome.as_str(), "a mail is taken in");
    Ok(taken)
}
