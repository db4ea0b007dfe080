//! `mail_sightings`: mails that were seen again: in another mailbox, after a crash, sent twice.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    pub(in crate::store) struct MailSightingRow in "mail_sightings" as "mail" ("message_id", "body_hash") {
        pub message_id: String,
        pub body_hash: String,
        pub at: Moment,
        pub source: String,
    }
}
