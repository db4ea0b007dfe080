//! `gathered`: notifications that go as lines of digests, and what became of them.

use crate::calendar::Moment;
use crate::complaint::{ComplaintId, LatchKey, Recipient};
use crate::store::column::Json;
use crate::store::delivery_state::GatheredState;
use crate::store::row::{row, view};
use serde_json::Value;

row! {
    pub(in crate::store) struct GatheredRow in "gathered" as "gathered notification" ("notification_id") {
        notification_id: String,
        due_at: Moment,
        part: Option<String>,
        line: String,
        data: Json<Value>,
        stands_on: Option<Json<LatchKey>>,
        state: GatheredState,
        settled_at: Option<Moment>,
    }
}

/// The line of a notification, ready to wait for a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatheredLine {
    /// The moment of the digest that is to carry it.
    pub due_at: Moment,
    /// The part of the digest in which it stands; none for the last.
    pub part: Option<String>,
    /// The line in words.
    pub line: String,
    /// The data that the script handed along.
    pub data: Value,
    /// The firing that it stands on; none when it stands by itself.
    pub stands_on: Option<LatchKey>,
}

impl GatheredRow {
    /// Makes the row of a notification that waits.
    pub fn new(notification_id: &str, line: &GatheredLine) -> Self {
        Self {
            notification_id: notification_id.to_owned(),
            due_at: line.due_at,
            part: line.part.clone(),
            line: line.line.clone(),
            data: Json(line.data.clone()),
            stands_on: line.stands_on.clone().map(Json),
            state: GatheredState::Waiting,
            settled_at: None,
        }
    }
}

view! {
    /// A gathered notification that waits, with the notification itself.
    pub(in crate::store) struct WaitingRow in "gathered" as "gathered notification" ("notification_id") {
        notification_id: String,
        complaint_id: Option<ComplaintId>,
        recipient: Recipient,
        message: String,
        at: Moment,
        due_at: Moment,
        part: Option<String>,
        line: String,
        data: Json<Value>,
        stands_on: Option<Json<LatchKey>>,
    }
}

/// A gathered notification that waits for its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLine {
    /// The id of the notification.
    pub notification_id: String,
    /// The complaint it is about; none for what a schedule says.
    pub complaint: Option<ComplaintId>,
    /// The one it is for.
    pub recipient: Recipient,
    /// The template's name.
    pub message: String,
    /// The moment of the decision that sent it.
    pub at: Moment,
    /// The line.
    pub gathered: GatheredLine,
}

impl From<WaitingRow> for WaitingLine {
    fn from(row: WaitingRow) -> Self {
        Self {
            notification_id: row.notification_id,
            complaint: row.complaint_id,
            recipient: row.recipient,
            message: row.message,
            at: row.at,
            gathered: GatheredLine {
                due_at: row.due_at,
                part: row.part,
                line: row.line,
                data: row.data.0,
                stands_on: row.stands_on.map(|Json(key)| key),
            },
        }
    }
}
