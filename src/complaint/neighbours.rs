//! What a change of one complaint means for others.

use super::{Complaint, ComplaintId, Link, LinkKind};
use crate::calendar::Moment;

/// Returns whether complaints that list this one must look again (docs/semantics.md 2.6).
pub fn is_about_others(before: &Complaint, after: &Complaint) -> bool {
    before.state != after.state
        || before.verdict != after.verdict
        || before.decided_on != after.decided_on
        || before.links != after.links
}

/// Returns whether complaints that list this one see it otherwise than before.
pub fn is_seen_otherwise(before: &Complaint, after: &Complaint) -> bool {
    before.state != after.state
        || before.number != after.number
        || before.subject != after.subject
        || before.decided_on != after.decided_on
        || before.complainant.email != after.complainant.email
}

/// Returns whether it is somebody else's now, so that other complaints of that sender are candidates.
pub fn is_other_sender(before: &Complaint, after: &Complaint) -> bool {
    before.complainant.email != after.complainant.email
}

/// Returns the links to complaints of the same sender that a complaint does not have yet.
pub fn new_candidates(
    id: ComplaintId,
    links: &[Link],
    of_sender: impl IntoIterator<Item = ComplaintId>,
) -> Vec<Link> {
    let is_new = |other: &ComplaintId| *other != id && !links.iter().any(|l| l.other == *other);
    let new = of_sender.into_iter().filter(is_new);
    new.map(|other| Link { kind: LinkKind::Candidate, other }).collect()
}

/// Returns when a complaint is due that is woken at a moment: no later than it was. None stands for never.
pub fn woken(wake_at: Option<Moment>, at: Moment) -> Moment {
    wake_at.map_or(at, |due| due.min(at))
}

/// Returns whether a complaint must look again when `changed` has changed.
pub fn must_look_again(is_live: bool, links: &[Link], changed: ComplaintId) -> bool {
    is_live && links.iter().any(|l| l.other == changed)
}
