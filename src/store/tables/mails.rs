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

/// A mail, or the note of a contact, to be kept with what it caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// The moment at which it arrived.
    pub received_at: Moment,
    /// The way it came: `stdin`, `maildir:…`, the name of a mailbox, or the channel of a contact.
    pub source: String,
    /// The part it played.
    pub kind: MailKind,
    /// The Message-ID without angle brackets, or one made from a digest.
    pub message_id: String,
    /// The SHA-256 of what follows the headers, in hexadecimal; it tells mails of one Message-ID apart.
    pub body_hash: String,
    /// The Message-IDs that it refers to, without angle brackets.
    pub references: Vec<String>,
    /// The sender's address, in lower case; empty when there is none.
    pub sender: String,
    /// The subject in a line; empty when there is none.
    pub subject: String,
    /// The text people wrote.
    pub body: String,
    /// The attachments; their bytes are in `raw`.
    pub attachments: Vec<Attachment>,
    /// The remarks on what was odd about it, a line each.
    pub remarks: Vec<String>,
    /// The byte of the body at which the quoted history begins; none when there is none.
    pub history_at: Option<i64>,
    /// The bytes as they came; empty for a contact.
    pub raw: Vec<u8>,
    /// The place in a mailbox that has been taken in with this mail; none for mail that comes another way.
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
    /// The store's key, in the order of taking in.
    pub id: i64,
    /// The moment at which it arrived.
    #[serde(skip)]
    pub received_at: Moment,
    /// The part it played.
    pub kind: MailKind,
    /// The sender's address, in lower case; empty when there was none.
    pub sender: String,
    /// The subject in a line.
    pub subject: String,
    /// The text people wrote.
    pub body: String,
    /// The attachments, without their bytes.
    pub attachments: Vec<Attachment>,
    /// The remarks on what was odd about it, a line each.
    pub remarks: Vec<String>,
    /// The byte of the body at which the quoted history begins; none when there is none.
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
    /// The digest that tells a mail from another of its Message-ID.
    pub(in crate::store) struct MailDigest in "mails" as "mail" ("id") {
        pub body_hash: String,
    }
}

view! {
    /// What stands for a mail that was emptied.
    pub(in crate::store) struct EmptiedMail in "mails" as "mail" ("id") {
        pub message_id: String,
        pub body_hash: String,
    }
}

view! {
    /// What a mail says, as one that comes under the same Message-ID is compared with it.
    #[derive(Clone, Debug)]
    pub struct MailOfId in "mails" as "mail" ("id") {
        /// The sender's address, in lower case; empty when there was none.
        pub sender: String,
        /// The text people wrote.
        pub body: String,
    }
}

view! {
    /// The first words of a mail or note of a complaint.
    #[derive(Clone, Debug)]
    pub struct Glance in "mails" as "mail" ("id") {
        /// The store's key, in the order of taking in.
        pub id: i64,
        /// The complaint.
        pub complaint: ComplaintId = "complaint_id",
        /// The first 600 characters of the text.
        pub text: String,
        attachments: Json<Vec<Attachment>>,
    }
}

impl Glance {
    /// Returns the attachments, without their bytes.
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments.0
    }
}

view! {
    /// A mail that was filed as no person's.
    #[derive(Clone, Debug)]
    pub struct FiledMail in "mails" as "mail" ("id") {
        /// The store's key, in the order of taking in.
        pub id: i64,
        /// The moment at which it arrived.
        pub received_at: Moment,
        /// The part it played.
        pub kind: MailKind,
        /// The sender's address, in lower case; empty when there was none.
        pub sender: String,
        /// The subject in a line.
        pub subject: String,
    }
}

view! {
    /// A mail as it came in.
    #[derive(Clone, Debug)]
    pub struct RawMail in "mails" as "mail" ("id") {
        /// The store's key, in the order of taking in.
        pub id: i64,
        /// Its bytes; empty for a contact that somebody logged.
        pub raw: Vec<u8>,
        attachments: Json<Vec<Attachment>>,
    }
}

impl RawMail {
    /// Returns the attachments, without their bytes.
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments.0
    }
}

view! {
    /// How much there is to read of a mail.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct MailSize in "mails" as "mail" ("id") {
        /// The store's key, in the order of taking in.
        pub id: i64,
        /// The length of its bytes and of its text together.
        pub size: i64,
    }
}

view! {
    /// Subject and text of a mail.
    pub(in crate::store) struct MailText in "mails" as "mail" ("id") {
        pub complaint_id: ComplaintId,
        pub subject: String,
        pub body: String,
        pub history_at: Option<i64>,
    }
}

impl MailText {
    /// Returns what its writer wrote now: without the history and without lines that quote.
    pub fn own_words(&self) -> String {
        let end = self.history_at.and_then(|at| usize::try_from(at).ok()).unwrap_or(self.body.len());
        let fresh = self.body.get(..end).unwrap_or(&self.body);
        fresh.lines().filter(|line| !line.trim_start().starts_with('>')).collect::<Vec<_>>().join("\n")
    }
}
