//! `Snapshot`: undoes what a failed body did, and shows the facts as they were before a body.

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

    /// Exchanges the facts that scripts see for those kept here.
    pub fn swap(&mut self, eval: &Eval) {
        let mut working = eval.working();
        std::mem::swap(&mut working.case.complaint, &mut self.complaint);
        std::mem::swap(&mut working.case.deadlines, &mut self.deadlines);
        std::mem::swap(&mut working.case.related, &mut self.related);
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
