//! `Input`: everything that a decision depends on beside the ruleset and the calendar.

use crate::calendar::Moment;
use crate::complaint::{Case, Coming, Fault, LetterStatus, MessageName, Role, Via};
use crate::rules::language::cancel::Cancel;
use crate::rules::ruleset::renames::Renames;
use serde_json::Value;
use std::collections::BTreeMap;

/// What sets a decision going that nobody can refuse.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// The complaint has just come in.
    Received {
        /// The address of who wrote, or of who logged the contact.
        by: String,
        via: Via,
    },
    /// Another mail for it.
    Mail {
        /// The address of who wrote.
        by: String,
        sender: Sender,
    },
    /// Its wake-up, a published ruleset, or a change elsewhere: look again.
    Due,
    /// Suspended rules are to be tried again (docs/semantics.md 4.2).
    Resume { by: String },
    /// An answer to the invitation to a meeting.
    Attendance { by: String, meeting: u32, coming: Coming },
    /// What became of a letter that this version and ordinal sent.
    Delivered { message: MessageName, version: i64, ordinal: u32, status: LetterStatus },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    Complainant,
    Other,
}

/// An action that a person or integration asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionCall {
    pub id: String,
    /// The address of who asks.
    pub actor: String,
    pub roles: Vec<Role>,
    pub input: BTreeMap<String, Value>,
    pub via: Via,
}

/// Everything that a decision depends on. `T` is what sets it going: a trigger, or an action somebody asks for.
#[derive(Clone, Debug)]
pub struct Input<T = Trigger> {
    pub case: Case,
    pub trigger: T,
    pub now: Moment,
    /// What failed when this was decided before: the rules at the root are left out (docs/semantics.md 4.4).
    pub without: Vec<Fault>,
    /// Rules whose condition holds at this moment are taken for fired, without effects: a ruleset was published so.
    pub adopt_at: Option<Moment>,
    /// The rules that only changed their name when the ruleset came in force.
    pub renames: Renames,
    /// The flag of the batch it belongs to.
    pub cancel: Cancel,
}

impl<T> Input<T> {
    /// Makes the input for a ruleset that has long been in force and a batch that nobody watches.
    pub fn new(case: Case, trigger: T, now: Moment) -> Self {
        let (without, adopt_at) = (Vec::new(), None);
        Self { case, trigger, now, without, adopt_at, renames: Renames::default(), cancel: Cancel::default() }
    }
}
