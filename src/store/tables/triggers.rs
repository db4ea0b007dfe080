//! `triggers`: what happened to a complaint and is not yet decided upon: a mail, the outcome of a delivery.

use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::error::StoreError;
use crate::store::row::row;
use crate::store::sets::{Conflict, insert};
use crate::store::statement::Tx;

row! {
    pub(in crate::store) struct TriggerRow in "triggers" as "trigger" ("id") {
        pub id: String,
        pub complaint_id: ComplaintId,
        pub at: Moment,
        pub content: String,
    }
}

/// Returns the id of the trigger of a complaint's first mail.
pub(in crate::store) fn received(complaint: ComplaintId) -> String {
    format!("received {}", complaint.0)
}

/// Adds triggers; one that waits already is not added again.
pub(in crate::store) async fn add(tx: &mut Tx, triggers: Vec<TriggerRow>) -> Result<(), StoreError> {
    insert(tx, triggers, Conflict::Keeps("id")).await?;
    Ok(())
}
