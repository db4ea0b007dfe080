//! `Commit` and `Committed`: a batch of decisions on its way into the store, and the result of writing it.

use super::tables::deliveries::NewDelivery;
use super::tables::drafts::DraftKey;
use super::tables::forgettings::Forgets;
use super::tables::notifications::RenderedNotification;
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Deadline, Event, GroupKey, Number, Tally, new_candidates};
use std::collections::{BTreeMap, HashSet};

/// One decision, ready to be written.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The case after the decision; its version is one more than what was loaded.
    pub case: Case,
    /// The moment of the decision.
    pub at: Moment,
    /// The next moment at which the complaint is due; none when nothing is ahead.
    pub wake_at: Option<Moment>,
    /// True while its state is not terminal, so that rules still look at it.
    pub is_live: bool,
    /// The stamp of ruleset and settings it was evaluated under; another one makes it due for re-evaluation
    /// (docs/semantics.md 1.6).
    pub stamp: String,
    /// The hash of the ruleset it was decided under.
    pub ruleset: String,
    /// The events of the decision, in order.
    pub events: Vec<Event>,
    /// The instances that were armed or changed, the replaced ones included.
    pub deadlines: Vec<Deadline>,
    /// The messages of the decision, rendered and addressed.
    pub notifications: Vec<RenderedNotification>,
    /// The deliveries of those messages and of subscribed events.
    pub deliveries: Vec<NewDelivery>,
    /// The id of the trigger that this decision answers, deleted with the commit; none when it was only due.
    pub consumed: Option<String>,
    /// The draft that it carries out, which goes with the commit; none when nobody sent a form.
    pub sent_draft: Option<DraftKey>,
    /// True when complaints that list this one must look again (docs/semantics.md 2.6).
    pub concerns_others: bool,
    /// True when its complainant is somebody else now, so that other complaints of that sender are
    /// candidates.
    pub sender_changed: bool,
    /// True when it may be in other groups than before, or is in its first.
    pub is_regrouped: bool,
    /// True when what is searched of its facts may have changed, or it is its first decision.
    pub is_reworded: bool,
    /// Who brought it to where names and texts are taken away, so that they are; none in other states.
    pub forgets: Option<Forgets>,
    /// What reports count of it.
    pub tally: Tally,
    /// The soonest end of its running terms that bind the organisation; none where none runs.
    pub late_from: Option<Moment>,
    /// True when somebody else is responsible for it now.
    pub is_handed_over: bool,
    /// The groups whose complaints must look again (docs/semantics.md 7.2).
    pub concerns: Vec<GroupKey>,
}

impl Commit {
    /// Returns whether it has joined a group whose complaints look again, so that what changed there meanwhile is
    /// looked at.
    pub fn has_joined(&self) -> bool {
        self.is_regrouped && !self.concerns.is_empty()
    }

    /// Returns the instances whose rows are written: those that changed, and where somebody else is responsible all that
    /// are armed, since a row says whose it is.
    pub(super) fn changed_deadlines(&self) -> impl Iterator<Item = &Deadline> {
        let is_changed =
            |d: &Deadline| self.deadlines.iter().any(|c| c.name == d.name && c.instance == d.instance);
        let others =
            self.case.deadlines.iter().filter(move |d| self.is_handed_over && d.is_armed() && !is_changed(d));
        self.deadlines.iter().chain(others)
    }

    /// Returns the minutes for which a message waits before it goes; none when it goes at once.
    pub fn waits_minutes(&self, notification: &str) -> Option<i64> {
        let mut rows = self.deliveries.iter().filter(|d| d.notification_id.as_deref() == Some(notification));
        let until = rows.find_map(|d| d.not_before)?;
        Some((until.millis() - self.at.millis()).div_euclid(60_000)).filter(|minutes| *minutes > 0)
    }

    /// Links other complaints of its sender that it does not have yet; it is due at once to look at them.
    pub fn add_candidates(&mut self, of_sender: impl IntoIterator<Item = ComplaintId>) {
        let links = &mut self.case.complaint.links;
        let new = new_candidates(self.case.id, links, of_sender);
        if !new.is_empty() {
            links.extend(new);
            self.concerns_others = true;
            self.wake_at = Some(self.at);
        }
    }

    /// Returns whether this decision registers the complaint, and its number is to be given.
    pub fn is_to_be_numbered(&self) -> bool {
        self.case.complaint.number.as_ref().is_some_and(Number::is_pending)
    }

    /// Puts the number in the facts and in every text that was written before it was known.
    pub fn give_number(&mut self, number: &Number, check_letters: &str) {
        self.case.complaint.number = Some(number.clone());
        let fill = |text: &mut String| {
            if number.fill_in(text) {
                *text = text.replace(Number::PENDING_CHECK, check_letters);
            }
        };
        for n in &mut self.notifications {
            fill(&mut n.subject);
            fill(&mut n.body);
            if let Some(gathered) = &mut n.gathered {
                fill(&mut gathered.line);
                let mut data = gathered.data.to_string();
                fill(&mut data);
                gathered.data = serde_json::from_str(&data).unwrap_or_default();
            }
        }
        for d in &mut self.deliveries {
            fill(&mut d.payload);
        }
    }
}

/// The result of writing a batch.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// The complaints whose decisions were written; the others changed meanwhile and must be decided again.
    pub written: HashSet<ComplaintId>,
    /// The numbers given in this transaction, by complaint.
    pub numbers: BTreeMap<ComplaintId, Number>,
}
