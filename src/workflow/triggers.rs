//! What a stored trigger asks to be decided.

use crate::complaint::{StoredTrigger, Via};
use crate::rules::{Sender, Trigger};

/// Reads a trigger as it waits in the store; an unreadable one asks to look again.
pub(super) fn read(text: &str) -> Trigger {
    serde_json::from_str(text).map_or(Trigger::Due, trigger_of)
}

/// Turns what happened into what is to be decided.
pub(super) fn trigger_of(stored: StoredTrigger) -> Trigger {
    match stored {
        StoredTrigger::Received { by } => Trigger::Received { by, via: Via::Mail },
        StoredTrigger::Contact { by, via } => Trigger::Received { by, via },
        StoredTrigger::Mail { by, from_complainant } => {
            let sender = if from_complainant { Sender::Complainant } else { Sender::Other };
            Trigger::Mail { by, sender }
        }
        StoredTrigger::Attendance { by, meeting, coming } => Trigger::Attendance { by, meeting, coming },
        StoredTrigger::Delivered { message, version, ordinal, status } => {
            Trigger::Delivered { message: message.into(), version, ordinal, status }
        }
        StoredTrigger::Recalled { by, via, message, version, ordinal } => {
            Trigger::Recalled { by, via, message: message.into(), version, ordinal }
        }
    }
}
