//! `Decision`: the outcome of deciding about one complaint, before anything of it is rendered or written.

use crate::calendar::Moment;
use crate::complaint::{
    Case, Deadline, Event, EventKind, Fault, FaultKind, LetterStatus, Notification, Origin, Recipient, Text,
};
use crate::rules::words::context::Need;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The outcome of deciding about one complaint.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The case as it is after the decision: facts, deadlines, latches, suspensions, faults.
    pub case: Case,
    /// The effective now of the decision: never before the complaint's last one (docs/semantics.md 2.1).
    pub at: Moment,
    /// The events, in order.
    pub events: Vec<Event>,
    /// The messages, in order, not yet rendered.
    pub notifications: Vec<Notification>,
    /// The instances that are new or changed, older ones of the same name included.
    pub deadlines: Vec<Deadline>,
    /// The least instant at which anything can change (docs/semantics.md 2.5); none when nothing is ahead.
    pub wake_at: Option<Moment>,
    /// The faults that the complaint did not have before.
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

    /// Leaves out the notifications, and the events that record them, whose ordinal is not among these.
    pub fn keep_notifications(&mut self, ordinals: &BTreeSet<u32>) {
        if self.notifications.len() == ordinals.len() {
            return;
        }
        let dropped = self.notifications.iter().map(|n| n.ordinal).filter(|o| !ordinals.contains(o));
        let dropped: Vec<Value> = dropped.map(Value::from).collect();
        self.events.retain(|e| e.kind != EventKind::Notified || !dropped.contains(&e.data["ordinal"]));
        self.notifications.retain(|n| ordinals.contains(&n.ordinal));
    }

    /// Notes that a letter carries the question of the survey.
    pub fn note_question(&mut self, ordinal: u32) {
        let version = self.case.version;
        let mut letters = self.case.complaint.letters.values_mut();
        if let Some(letter) = letters.find(|l| (l.version, l.ordinal) == (version, ordinal)) {
            letter.asks = true;
        }
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
        data: json!({"kind": fault.kind, "place": fault.place}),
        // The words of an error may repeat a value.
        personal: Some(json!({"text": fault.text})),
    }
}

/// The result of deciding. Nothing here can be refused.
#[derive(Debug)]
pub enum Outcome {
    /// The decision, which may be empty.
    Decided(Box<Decision>),
    /// More facts are needed: load them and decide again.
    Needs(Need),
    /// Stopped by the wall clock, or at a time that no calendar has; nobody's fault, to be tried again.
    Cancelled,
}

/// The reason why an action did not happen, in words for the person who asked for it. Nothing is to be
/// committed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub Text);
