//! Where a reply belongs: with the complaint it answers, with the one that was merged into, or with none any more.

use super::Workflow;
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, LinkKind};
use crate::rules::{Procedure, TakesMail};
use crate::store::{Candidate, StoreError};

/// Mergers of mergers that are followed.
const MERGERS: usize = 10;

impl Workflow {
    /// The complaint into which `found` was merged, or itself (procedure row 27).
    pub async fn follow_merger(&self, found: Candidate) -> Result<Candidate, StoreError> {
        let mut found = found;
        for _ in 0..MERGERS {
            let Some(case) = self.store.load(&[found.id]).await?.pop() else { break };
            let merged = case.complaint.links.iter().find(|l| l.kind == LinkKind::Merged);
            let Some(parent) = merged else { break };
            let Some(next) = self.store.candidate(parent.other).await? else { break };
            found = next;
        }
        Ok(found)
    }

    /// Whether a reply is still added to a complaint, as its state declares (edge case 1).
    pub async fn takes_mail(&self, id: ComplaintId, now: Moment) -> Result<bool, StoreError> {
        let Some(case) = self.store.load(&[id]).await?.pop() else { return Ok(false) };
        Ok(takes_mail(self.published().ruleset.procedure(), &case, now))
    }
}

pub(super) fn takes_mail(procedure: &Procedure, case: &Case, now: Moment) -> bool {
    match procedure.states.get(&case.complaint.state).map(|s| &s.takes_mail) {
        None | Some(TakesMail::Always) => true,
        Some(TakesMail::Never) => false,
        Some(TakesMail::Until(name)) => case.armed(name.as_str()).is_some_and(|d| now <= d.due),
    }
}
