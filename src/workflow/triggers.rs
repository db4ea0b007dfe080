//! Triggers as they wait in the store.

use crate::complaint::{Coming, LetterStatus, Via};
use crate::rules::{Sender, Trigger};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoredTrigger {
    Received {
        by: String,
    },
    /// Told to an employee, who logged it.
    Contact {
        by: String,
    },
    Mail {
        by: String,
        from_complainant: bool,
    },
    /// An answer to an invitation.
    Attendance {
        by: String,
        meeting: u32,
        coming: Coming,
    },
    Delivered {
        message: String,
        version: i64,
        ordinal: u32,
        status: LetterStatus,
    },
}

impl StoredTrigger {
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// What it asks to be decided; an unreadable one asks to look again.
    pub(super) fn read(text: &str) -> Trigger {
        match serde_json::from_str(text) {
            Ok(Self::Received { by }) => Trigger::Received { by, via: Via::Mail },
            Ok(Self::Contact { by }) => Trigger::Received { by, via: Via::CommandLine },
            Ok(Self::Mail { by, from_complainant }) => {
                let sender = if from_complainant { Sender::Complainant } else { Sender::Other };
                Trigger::Mail { by, sender }
            }
            Ok(Self::Attendance { by, meeting, coming }) => Trigger::Attendance { by, meeting, coming },
            Ok(Self::Delivered { message, version, ordinal, status }) => {
                Trigger::Delivered { message: message.into(), version, ordinal, status }
            }
            Err(_) => Trigger::Due,
        }
    }
}
