//! Where a reply belongs: with the complaint it answers, with the one that was merged into, or with none any
//! more; and what its sender is to the organisation.

use super::Workflow;
use crate::calendar::Moment;
use crate::complaint::{Case, LinkKind};
use crate::config::Settings;
use crate::reception::{SenderStanding, Thread};
use crate::rules::{Procedure, TakesMail};
use crate::store::{Candidate, StoreError};

/// Mergers of mergers that are followed.
const MERGERS: usize = 10;

impl Workflow {
    /// Follows mergers to the complaint in whose thread a reply is (docs/procedure.md row 27).
    pub(super) async fn thread_home(
        &self,
        found: Candidate,
        now: Moment,
    ) -> Result<(Candidate, Thread), StoreError> {
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
                None => {
                    let thread = thread_of(self.published().ruleset.procedure(), &case, now);
                    return Ok((found, thread));
                }
            }
        }
        let thread = Thread {
            complaint: found.id,
            number: found.number.clone(),
            complainant: Some(found.complainant_email.clone()).filter(|email| !email.is_empty()),
            submitter: None,
            takes_mail: false,
        };
        Ok((found, thread))
    }
}

/// Returns a complaint as the thread of a mail, and whether its state still takes mail
/// (docs/procedure.md edge case 1).
pub(super) fn thread_of(procedure: &Procedure, case: &Case, now: Moment) -> Thread {
    Thread {
        complaint: case.id,
        number: case.complaint.number.clone(),
        complainant: case.complaint.complainant.address().map(str::to_owned),
        submitter: case.complaint.submitter.clone(),
        takes_mail: takes_mail(procedure, case, now),
    }
}

/// Returns what the sender with an address is to the organisation. Its mailbox is nobody.
pub fn standing_of(settings: &Settings, address: &str) -> SenderStanding {
    let is_own = settings.is_own_domain(address) && !settings.mailbox.eq_ignore_ascii_case(address);
    match settings.people.find(address) {
        Some(_) => SenderStanding::Colleague,
        None if is_own => SenderStanding::Employee,
        None => SenderStanding::Outsider,
    }
}

fn takes_mail(procedure: &Procedure, case: &Case, now: Moment) -> bool {
    match procedure.states.get(&case.complaint.state).map(|s| &s.takes_mail) {
        None | Some(TakesMail::Always) => true,
        Some(TakesMail::Never) => false,
        Some(TakesMail::Until(name)) => {
            case.armed(name.as_str()).is_some_and(|d| d.paused_at().is_some() || now <= d.due)
        }
    }
}
