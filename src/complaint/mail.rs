//! `MailKind` and `Attachment`: the facts that are kept of a mail beside its texts.

use super::word_enum;
use serde::{Deserialize, Serialize};

word_enum! {
    /// The part a stored mail played for its complaint, or the reason it belongs to none (column
    /// `mails.kind`).
    MailKind("kind of mail") {
        /// It opened a complaint.
        Complaint = "complaint",
        /// A person wrote it in the thread of a complaint.
        Addition = "addition",
        /// An employee's note of what was told by phone, on paper or in a chat.
        Contact = "contact",
        /// A calendar's answer to an invitation.
        Attendance = "attendance",
        /// An answer by a machine: out of office, "we have received your mail" (RFC 3834).
        AutoReply = "auto_reply",
        /// A report that a letter did not arrive, or not yet (RFC 3464).
        Bounce = "bounce",
        /// A read receipt (RFC 8098).
        Receipt = "receipt",
        /// Sent to many at once.
        List = "list",
        /// A mail that goes in circles: more than 25 hops (docs/mail.md "Mail loops").
        Loop = "loop",
        /// Our own letter, come back.
        Own = "own",
    }
}

/// An attachment of a mail; its bytes stay in the raw mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its file name, or one made up for what has none.
    pub name: String,
    /// The media type that the sender states, in lower case; `application/octet-stream` when none is stated.
    pub kind: String,
    /// The media type that its first bytes show; none when they show nothing.
    pub sniffed: Option<String>,
    /// Size in bytes.
    pub size: usize,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}
