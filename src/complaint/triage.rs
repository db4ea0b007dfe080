//! `TriageReason`: the reason why a person must look at a complaint before anything else happens.

use super::word_enum;

word_enum! {
    /// The reasons why a new complaint waits for a person's judgement (docs/procedure.md rows 5 and 6).
    TriageReason("reason for triage") {
        /// An employee passed the mail on; who complains is to be confirmed.
        Forwarded = "forwarded",
        /// Somebody who is no party of a complaint refers to it.
        StrangerReply = "stranger_reply",
        /// A party of a complaint that takes no mail any more writes again (docs/procedure.md edge case 1).
        AfterClosing = "after_closing",
        /// Encrypted, hidden in winmail.dat, or no mail at all.
        Unreadable = "unreadable",
        /// No address to answer to.
        NoSender = "no_sender",
        /// The sender asks that no machine answers (`X-Auto-Response-Suppress`).
        NoAutoReply = "no_auto_reply",
        /// A form of a website or a group address wrote it for somebody; who complains is to be confirmed.
        WrittenFor = "written_for",
        /// It is older than what is answered without a person.
        OldMail = "old_mail",
    }
}
