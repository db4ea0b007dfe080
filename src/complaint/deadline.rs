//! `Deadline`: one instance of a term, with how its end was reckoned.

use super::{DeadlineName, Role, Source};
use crate::calendar::{Added, Moment};
use serde::{Deserialize, Serialize};

/// A time in which a term was paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The moment at which it began.
    pub from: Moment,
    /// The rule or action that paused the term.
    pub by: Source,
    /// Its end and what it added to the term. None while the term is paused, and when it was met, lapsed or was replaced
    /// meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<PauseEnd>,
}

/// The end of a pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseEnd {
    /// The moment at which the term ran on.
    pub at: Moment,
    /// The rule or action that let it run on.
    pub by: Source,
    /// The time that was added.
    pub added: Added,
}

/// One instance of a term: its owner, its end and how that was reckoned, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The term, declared in `procedure.toml`.
    pub name: DeadlineName,
    /// The number of this instance among those of its name and complaint, from 1.
    pub instance: u32,
    /// The role that must meet it.
    pub owner: Role,
    /// The moment the term was counted from. None when it was not written as base + span.
    pub base: Option<Moment>,
    /// The span as people read it: "1 months". None when it was not written as base + span.
    pub span: Option<String>,
    /// The end before rolling.
    pub raw_end: Moment,
    /// The legal end: `raw_end`, rolled to the next working day if it is a day off (docs/procedure.md 2.5).
    pub due: Moment,
    /// The start of alarms: the last open day on or before `raw_end` (docs/semantics.md 3.2).
    pub alarm_at: Moment,
    /// The days that were skipped, in Dutch: "25 dec is Eerste Kerstdag". None when the end did not move.
    pub rolled_because: Option<String>,
    /// The moment of the decision that armed it.
    pub armed_at: Moment,
    /// The rule or action that armed it.
    #[serde(deserialize_with = "Source::or_rule_name")]
    pub armed_by: Source,
    /// The moment at which the duty was done. None while it is not.
    pub met_at: Option<Moment>,
    /// The moment at which the duty lapsed. None if it did not.
    pub cancelled_at: Option<Moment>,
    /// The moment at which the same name was armed again. None for the current instance.
    pub replaced_at: Option<Moment>,
    /// The moment at which the engine recorded that `due` had passed unmet (docs/semantics.md 3.3). None if
    /// it never did.
    pub breached_at: Option<Moment>,
    /// The times in which it was paused, oldest first (docs/semantics.md 3.4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

/// The state of a deadline in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineStatus {
    /// Running, its end still ahead.
    Armed,
    /// Waiting: it neither runs nor passes.
    Paused,
    /// Breached and still not met.
    Overdue,
    /// Met, in time or late.
    Met,
    /// Lapsed: the duty need not be done any more.
    Cancelled,
    /// Armed again under the same name.
    Replaced,
}

impl Deadline {
    /// Returns the first instance of a term with a fixed end, as it is when it is armed.
    pub fn armed(name: DeadlineName, owner: Role, due: Moment, at: Moment, by: Source) -> Self {
        Self {
            name,
            instance: 1,
            owner,
            base: None,
            span: None,
            raw_end: due,
            due,
            alarm_at: due,
            rolled_because: None,
            armed_at: at,
            armed_by: by,
            met_at: None,
            cancelled_at: None,
            replaced_at: None,
            breached_at: None,
            pauses: Vec::new(),
        }
    }

    /// Returns whether the instance is armed and unmet; also after its breach (docs/semantics.md 3.2).
    pub fn is_armed(&self) -> bool {
        self.met_at.is_none() && self.cancelled_at.is_none() && self.replaced_at.is_none()
    }

    /// Returns the moment since which it is paused; none while it runs, and once it is over.
    pub fn paused_at(&self) -> Option<Moment> {
        let last = self.pauses.last().filter(|pause| pause.ended.is_none() && self.is_armed());
        last.map(|pause| pause.from)
    }

    /// Returns whether it is armed and not paused, so that its end counts.
    pub fn runs(&self) -> bool {
        self.is_armed() && self.paused_at().is_none()
    }

    /// Returns the state in one word. A deadline met after its breach counts as met.
    pub fn status(&self) -> DeadlineStatus {
        match (self.met_at, self.cancelled_at, self.replaced_at, self.breached_at) {
            (Some(_), ..) => DeadlineStatus::Met,
            (_, Some(_), ..) => DeadlineStatus::Cancelled,
            (_, _, Some(_), _) => DeadlineStatus::Replaced,
            (_, _, _, Some(_)) => DeadlineStatus::Overdue,
            _ if self.paused_at().is_some() => DeadlineStatus::Paused,
            _ => DeadlineStatus::Armed,
        }
    }
}
