//! `Author`: who or what wrote a mail.

use crate::complaint::word_enum;

word_enum! {
    /// Who or what wrote a mail, as its headers and parts tell.
    Author("author of mail") {
        /// Somebody wrote it, or nothing says otherwise.
        Human = "human",
        /// An answer by a machine: out of office, "we have received your mail".
        AutoReply = "auto_reply",
        /// A report about a letter that did not arrive, or not yet.
        Bounce = "bounce",
        /// A read receipt (RFC 8098).
        Receipt = "receipt",
        /// Sent to many at once.
        List = "list",
        /// It goes in circles.
        Loop = "loop",
    }
}
