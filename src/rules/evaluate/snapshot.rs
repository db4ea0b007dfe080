//! `Snapshot`: undoes what a failed body did.

use crate::complaint::{Complaint, Deadline, Related};
use crate::rules::words::context::Eval;

/// The part of the working copy that a failed body must not have changed.
pub(in crate::rules) struct Snapshot {
    complaint: Complaint,
    deadlines: Vec<Deadline>,
    related: Vec<Related>,
    events: usize,
    pub notifications: usize,
    retired: usize,
}

impl Snapshot {
    pub fn take(eval: &Eval) -> Self {
        let working = eval.working();
        Self {
            complaint: working.case.complaint.clone(),
            deadlines: working.case.deadlines.clone(),
            related: working.case.related.clone(),
            events: working.events.len(),
            notifications: working.notifications.len(),
            retired: working.retired.len(),
        }
    }

    pub fn restore(self, eval: &Eval) {
        let mut working = eval.working();
        working.case.complaint = self.complaint;
        working.case.deadlines = self.deadlines;
        working.case.related = self.related;
        working.events.truncate(self.events);
        working.notifications.truncate(self.notifications);
        working.retired.truncate(self.retired);
        working.performs.clear();
    }
}
