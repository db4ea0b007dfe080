//! What a commit takes and returns: a batch of decisions, and what became of it.

use super::tables::deliveries::NewDelivery;
use super::tables::notifications::RenderedNotification;
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Deadline, Event, Number, new_candidates};
use std::collections::{BTreeMap, HashSet};

/// One decision, ready to be written.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The case after the decision; its version is one more than what was loaded.
    pub case: Case,
    pub at: Moment,
    pub wake_at: Option<Moment>,
    pub is_live: bool,
    /// Ruleset and settings it was evaluated under.
    pub stamp: String,
    pub ruleset: String,
    pub events: Vec<Event>,
    pub deadlines: Vec<Deadline>,
    pub notifications: Vec<RenderedNotification>,
    pub deliveries: Vec<NewDelivery>,
    /// The trigger that this decision answers.
    pub consumed: Option<String>,
    /// Whether complaints that list this one must look again (docs/semantics.md 2.6).
    pub concerns_others: bool,
    /// Whether it is somebody else's now, so that other complaints of that sender are candidates.
    pub sender_changed: bool,
}

impl Commit {
    /// Links other complaints of its sender that it does not have yet; it looks at them at once.
    pub fn add_candidates(&mut self, of_sender: impl IntoIterator<Item = ComplaintId>) {
        let links = &mut self.case.complaint.links;
        let new = new_candidates(self.case.id, links, of_sender);
        if !new.is_empty() {
            links.extend(new);
            self.concerns_others = true;
            self.wake_at = Some(self.at);
        }
    }

    /// Puts the number in the facts and in every text that was written before it was known.
    pub fn give_number(&mut self, number: &Number, check_letters: &str) {
        self.case.complaint.number = Some(number.clone());
        let fill = |text: &mut String| {
            if text.contains(Number::PENDING) {
                let numbered = text.replace(Number::PENDING, number.as_str());
                *text = numbered.replace(Number::PENDING_CHECK, check_letters);
            }
        };
        for n in &mut self.notifications {
            fill(&mut n.subject);
            fill(&mut n.body);
        }
        for d in &mut self.deliveries {
            fill(&mut d.payload);
        }
    }
}

/// What became of a batch.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    pub written: HashSet<ComplaintId>,
    /// Numbers given in this transaction.
    pub numbers: BTreeMap<ComplaintId, Number>,
}
