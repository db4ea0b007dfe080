//! `threads`: every message id that belongs to a complaint, received or sent: what replies refer to.

use crate::complaint::ComplaintId;
use crate::store::row::row;

row! {
    pub(in crate::store) struct ThreadRow in "threads" as "message" ("message_id") {
        pub message_id: String,
        pub complaint_id: ComplaintId,
    }
}
