//! `mails`: every mail and logged contact, with the complaint it belongs to, if any.

use super::mailboxes::Cursor;
use crate::calendar::Moment;
use crate::complaint::{Attachment, ComplaintId, MailKind};
use crate::store::column::{Json, Lines};
use crate::store::row::{row, view};
use serde::Serialize;

row! {
    pub(in crate::store) struct MailRow in "mails" as "mail" ("id") {
        id: i64,
        complaint_id: Option<ComplaintId>,
        received_at: Moment,
        source: String,
        kind: MailKind,
        message_id: String,
        body_hash: String,
        sender: String,
        subject: String,
        body: String,
        attachments: Json<Vec<Attachment>>,
        remarks: Lines,
        raw: Vec<u8>,
        history_at: Option<i64>,
    }
}

/// A mail to be kept with what it caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    pub received_at: Moment,
    pub source: String,
    pub kind: MailKind,
    pub message_id: String,
    pub body_hash: String,
    pub sender: String,
    pub subject: String,
    pub body: String,
    pub attachments: Vec<Attachment>,
    /// What was odd about it, in a line each.
    pub remarks: Vec<String>,
    /// The byte of the body at which the quoted history begins.
    pub history_at: Option<i64>,
    pub raw: Vec<u8>,
    /// The place in a mailbox that has been taken in with this mail.
    pub cursor: Option<Cursor>,
}

impl MailRow {
    pub fn new(id: i64, complaint_id: Option<ComplaintId>, mail: NewMail) -> Self {
        Self {
            id,
            complaint_id,
            received_at: mail.received_at,
            source: mail.source,
            kind: mail.kind,
            message_id: mail.message_id,
            body_hash: mail.body_hash,
            sender: mail.sender,
            subject: mail.subject,
            body: mail.body,
            attachments: Json(mail.attachments),
            remarks: Lines(mail.remarks),
            raw: mail.raw,
            history_at: mail.history_at,
        }
    }
}

view! {
    pub(in crate::store) struct ListedMail in "mails" as "mail" ("id") {
        id: i64,
        received_at: Moment,
        kind: MailKind,
        sender: String,
        subject: String,
        body: String,
        attachments: Json<Vec<Attachment>>,
        remarks: Lines,
        history_at: Option<i64>,
    }
}

/// A mail as people read it.
#[derive(Clone, Debug, Serialize)]
pub struct MailSummary {
    pub id: i64,
    #[serde(skip)]
    pub received_at: Moment,
    pub kind: MailKind,
    pub sender: String,
    pub subject: String,
    pub body: String,
    pub attachments: Vec<Attachment>,
    pub remarks: Vec<String>,
    /// The byte of the body at which the quoted history begins.
    #[serde(skip)]
    pub history_at: Option<i64>,
}

impl From<ListedMail> for MailSummary {
    fn from(row: ListedMail) -> Self {
        Self {
            id: row.id,
            received_at: row.received_at,
            kind: row.kind,
            sender: row.sender,
            subject: row.subject,
            body: row.body,
            attachments: row.attachments.0,
            remarks: row.remarks.0,
            history_at: row.history_at,
        }
    }
}

view! {
    /// What tells a mail from another of its Message-ID.
    pub(in crate::store) struct MailDigest in "mails" as "mail" ("id") {
        pub body_hash: String,
    }
}

view! {
    /// A mail as it came in.
    pub(in crate::store) struct RawMail in "mails" as "mail" ("id") {
        pub raw: Vec<u8>,
    }
}

view! {
    /// Subject and text of a complaint's first mail.
    pub(in crate::store) struct MailText in "mails" as "mail" ("id") {
        pub complaint_id: ComplaintId,
        pub subject: String,
        pub body: String,
    }
}
