//! `MailKind` and `Attachment`: what is kept of a mail beside its texts.

use super::word_enum;
use serde::{Deserialize, Serialize};

word_enum! {
    /// What a stored mail was to the complaint it belongs to, or why it belongs to none (column `mails.kind`).
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
        /// It goes in circles.
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
    /// The media type that the sender says.
    pub kind: String,
    /// The media type that its first bytes say; none when they say nothing.
    pub sniffed: Option<String>,
    /// In bytes.
    pub size: usize,
    /// The digest of its bytes, in hex.
    pub sha256: String,
}
