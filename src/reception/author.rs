//! `Author`: the person or kind of machine that wrote a mail.

use crate::complaint::word_enum;

word_enum! {
    /// The person or kind of machine that wrote a mail, as its headers and parts tell
    /// (docs/mail.md "Auto-replies").
    Author("author of mail") {
        /// Somebody wrote it, or nothing says otherwise.
        Human = "human",
        /// An answer by a machine: out of office, "we have received your mail".
        AutoReply = "auto_reply",
        /// Made by a machine without being asked, a form or a notice (RFC 3834, auto-generated).
        Generated = "generated",
        /// Sent from an address that nobody reads, by a form or a notice.
        Nobody = "nobody",
        /// A report about a letter that did not arrive, or not yet.
        Bounce = "bounce",
        /// A read receipt (RFC 8098).
        Receipt = "receipt",
        /// Sent to many at once.
        List = "list",
        /// A mail that goes in circles: more than 25 hops.
        Loop = "loop",
    }
}
