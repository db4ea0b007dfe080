//! `Input`: everything that a decision depends on beside the ruleset and the calendar.

use crate::calendar::Moment;
use crate::complaint::{Case, Coming, Fault, LetterStatus, MessageName, Role, State, SurveyStep, Via};
use crate::rules::language::cancel::Cancel;
use crate::rules::ruleset::renames::Renames;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An occurrence that sets a decision going and that nobody can refuse.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// The complaint has just come in.
    Received {
        /// The address of who wrote, or of who logged the contact.
        by: String,
        /// The route by which it came.
        via: Via,
    },
    /// Another mail for it.
    Mail {
        /// The address of who wrote.
        by: String,
        /// The part that the sender plays for the complaint.
        sender: Sender,
    },
    /// It was taken over from an earlier register; its facts are as they were there.
    Imported {
        /// The address of who imported it.
        by: String,
        /// The route by which it came.
        via: Via,
        /// The import, the digest of its file and the row, for the trail.
        from: Value,
    },
    /// Its import was undone.
    ImportUndone {
        /// The address of who undid it.
        by: String,
        /// The route by which it was asked.
        via: Via,
        /// The import.
        import: i64,
        /// The state to which it comes.
        to: State,
    },
    /// Its wake-up, a published ruleset, or a change elsewhere: look again.
    Due,
    /// Suspended rules are to be tried again (docs/semantics.md 4.2).
    Resume {
        /// The address of who decided so.
        by: String,
        /// The route by which it came.
        via: Via,
    },
    /// An answer to the invitation to a meeting.
    Attendance {
        /// The complainant's address.
        by: String,
        /// The number of the meeting within its complaint.
        meeting: u32,
        /// The answer.
        coming: Coming,
    },
    /// The outcome of a letter's delivery; of an older letter than the latest of its name it is ignored.
    Delivered {
        /// The message.
        message: MessageName,
        /// The decision that sent it: the complaint's version.
        version: i64,
        /// Its place within that decision, from 1.
        ordinal: u32,
        /// The outcome.
        status: LetterStatus,
    },
    /// Somebody who has the link of a letter said how satisfied they are with the handling.
    SurveyAnswered {
        /// The step that was chosen.
        step: SurveyStep,
    },
    /// Somebody called a letter back before it went.
    Recalled {
        /// The address of who did.
        by: String,
        /// The route by which they did.
        via: Via,
        /// The message.
        message: MessageName,
        /// The decision that sent it: the complaint's version.
        version: i64,
        /// Its place within that decision, from 1.
        ordinal: u32,
    },
}

impl Trigger {
    /// Returns whether what was due is settled before it, so that a late tick changes nothing
    /// (docs/semantics.md 5.1).
    pub(super) fn comes_after_what_is_due(&self) -> bool {
        match self {
            Self::Mail { .. }
            | Self::Attendance { .. }
            | Self::Delivered { .. }
            | Self::Recalled { .. }
            | Self::SurveyAnswered { .. } => true,
            // Nothing can be due before a complaint has come in, nor of a rule that was not looked at.
            Self::Received { .. }
            | Self::Imported { .. }
            | Self::ImportUndone { .. }
            | Self::Due
            | Self::Resume { .. } => false,
        }
    }
}

/// The part that the sender of a mail plays for a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The complainant.
    Complainant,
    /// Somebody else of its thread: a colleague, or who wrote on the complainant's behalf.
    Other,
}

/// An action that a person or integration asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionCall {
    /// The id of the action.
    pub id: String,
    /// The address of who asks.
    pub actor: String,
    /// The roles in which that person may act on this complaint now.
    pub roles: Vec<Role>,
    /// The answers to what the action asks, by name, as JSON.
    pub input: BTreeMap<String, Value>,
    /// The route by which it is asked.
    pub via: Via,
}

/// Everything that a decision depends on. `T` is what sets it going: a trigger, or an action somebody asks
/// for.
#[derive(Clone, Debug)]
pub struct Input<T = Trigger> {
    /// The case as it was loaded; each try at a decision works on a copy.
    pub case: Arc<Case>,
    /// The occurrence or action that sets the decision going.
    pub trigger: T,
    /// The clock's reading; the decision is never dated before the complaint's last one.
    pub now: Moment,
    /// The faults of earlier tries at this decision: the rules at their root are left out
    /// (docs/semantics.md 4.4).
    pub without: Vec<Fault>,
    /// The moment at which rules whose condition holds are taken for fired, without effects: a ruleset was
    /// published so. None otherwise.
    pub adopt_at: Option<Moment>,
    /// The rules that only changed their name when the ruleset came in force.
    pub renames: Renames,
    /// The flag by which somebody who watches the clock ends it.
    pub cancel: Cancel,
}

impl<T> Input<T> {
    /// Makes the input for a ruleset that has long been in force and that nobody watches.
    pub fn new(case: impl Into<Arc<Case>>, trigger: T, now: Moment) -> Self {
        let (case, without, adopt_at) = (case.into(), Vec::new(), None);
        Self { case, trigger, now, without, adopt_at, renames: Renames::default(), cancel: Cancel::default() }
    }
}
