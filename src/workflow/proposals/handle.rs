//! The handle of proposals, and what somebody may do about the rules.

use crate::calendar::Moment;
use crate::workflow::change_control::RuleChange;
use crate::workflow::{Workflow, WorkflowError};

/// The handle of proposals.
#[derive(Clone, Copy, Debug)]
pub struct Proposals<'w>(pub(super) &'w Workflow);

/// What somebody may do about the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MayOfRules {
    /// Look at the procedure, its rules, and what is proposed.
    pub look: bool,
    /// Propose changes and publish them.
    pub change: bool,
    /// Approve what somebody else proposes.
    pub approve: bool,
}

impl Workflow {
    /// Returns the handle of proposals.
    pub fn proposals(&self) -> Proposals<'_> {
        Proposals(self)
    }

    /// Returns what somebody may do about the rules today.
    pub async fn may_of_rules(&self, person: &str) -> Result<MayOfRules, WorkflowError> {
        Ok(self.may_of_rules_at(person, self.now().await?))
    }

    /// Returns what somebody may do about the rules at a moment.
    pub fn may_of_rules_at(&self, person: &str, now: Moment) -> MayOfRules {
        let publishing = self.publishing();
        let change = publishing.may(RuleChange::Publish, person, now);
        let approve = publishing.may(RuleChange::Approve, person, now);
        MayOfRules { look: change || approve || self.oversees(person, now), change, approve }
    }
}
