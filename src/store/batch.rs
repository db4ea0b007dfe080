//! What a commit takes and returns: a batch of decisions, and what became of it.

use super::tables::deliveries::NewDelivery;
use super::tables::notifications::RenderedNotification;
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Deadline, Event, Number};
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

/// What became of a batch.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    pub written: HashSet<ComplaintId>,
    /// Numbers given in this transaction.
    pub numbers: BTreeMap<ComplaintId, Number>,
}
