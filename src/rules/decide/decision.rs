//! `Decision`: what was decided about one complaint, before anything of it is rendered or written.

use crate::calendar::Moment;
use crate::complaint::{
    Case, Deadline, Event, EventKind, Fault, FaultKind, LetterStatus, Notification, Origin, Recipient,
};
use crate::rules::words::context::Need;
use serde_json::json;

/// What was decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The case as it is after the decision: facts, deadlines, latches, suspensions, faults.
    pub case: Case,
    /// Effective now: never before the complaint's last decision.
    pub at: Moment,
    pub events: Vec<Event>,
    pub notifications: Vec<Notification>,
    /// Deadlines that are new or changed, older instances included.
    pub deadlines: Vec<Deadline>,
    pub wake_at: Option<Moment>,
    /// Faults that the complaint did not have before.
    pub new_faults: Vec<Fault>,
}

impl Decision {
    /// Returns whether nothing happened: evaluating once more at this instant changed nothing.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.notifications.is_empty() && self.deadlines.is_empty()
    }

    /// Records a fault, unless the complaint has one of the same source.
    pub fn record_fault(&mut self, fault: Fault) {
        if self.case.faults.iter().any(|f| f.source == fault.source) {
            return;
        }
        self.events.push(fault_event(&fault));
        self.case.faults.push(fault.clone());
        self.new_faults.push(fault);
    }

    /// Drops a notification that cannot be rendered, and records why. A letter that is dropped has failed.
    pub fn drop_notification(&mut self, ordinal: u32, fault: Fault) {
        let Some(place) = self.notifications.iter().position(|n| n.ordinal == ordinal) else { return };
        let dropped = self.notifications.remove(place);
        if dropped.recipient == Recipient::Complainant
            && let Some(letter) = self.case.complaint.letters.get_mut(&dropped.message)
            && letter.version == self.case.version
            && letter.ordinal == ordinal
        {
            letter.status = LetterStatus::Failed;
        }
        self.record_fault(fault);
    }
}

/// Returns the event that records a fault.
pub fn fault_event(fault: &Fault) -> Event {
    let kind = if fault.kind == FaultKind::Cycle { EventKind::Suspended } else { EventKind::Faulted };
    Event {
        kind,
        origin: Origin { source: fault.source.clone(), ..Origin::ENGINE },
        summary: format!("{} failed", fault.source),
        data: json!({"kind": fault.kind, "place": fault.place, "text": fault.text}),
        personal: None,
    }
}

/// What deciding comes to. Nothing here can be refused.
#[derive(Debug)]
pub enum Outcome {
    Decided(Box<Decision>),
    /// Load this as well and decide again.
    Needs(Need),
    /// Stopped by the wall-clock backstop, or at a time that no calendar has; try again, it is nobody's fault.
    Cancelled,
}

/// Why an action did not happen, in words for the person who asked for it. Nothing is to be committed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);
