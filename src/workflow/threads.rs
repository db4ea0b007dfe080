//! Where a reply belongs: with the complaint it answers, with the one that was merged into, or with none any more.

use super::Workflow;
use crate::calendar::Moment;
use crate::complaint::{Case, LinkKind};
use crate::rules::{Procedure, TakesMail};
use crate::store::{Candidate, StoreError};

/// Mergers of mergers that are followed.
const MERGERS: usize = 10;

impl Workflow {
    /// The complaint in whose thread a reply is, following mergers (procedure row 27), and whether the reply is
    /// still added to it, as its state declares (edge case 1).
    pub async fn thread_home(&self, found: Candidate, now: Moment) -> Result<(Candidate, bool), StoreError> {
        let mut found = found;
        for _ in 0..MERGERS {
            let Some(case) = self.store.cases().load(&[found.id]).await?.pop() else { break };
            let merged = case.complaint.links.iter().find(|l| l.kind == LinkKind::Merged);
            let parent = match merged {
                Some(link) => self.store.cases().candidate(link.other).await?,
                None => None,
            };
            match parent {
                Some(parent) => found = parent,
                None => return Ok((found, takes_mail(self.published().ruleset.procedure(), &case, now))),
            }
        }
        Ok((found, false))
    }
}

pub(super) fn takes_mail(procedure: &Procedure, case: &Case, now: Moment) -> bool {
    match procedure.states.get(&case.complaint.state).map(|s| &s.takes_mail) {
        None | Some(TakesMail::Always) => true,
        Some(TakesMail::Never) => false,
        Some(TakesMail::Until(name)) => case.armed(name.as_str()).is_some_and(|d| now <= d.due),
    }
}
