//! A proposal comes in force: when nothing in it is wrong, its scenarios hold, somebody looked at its plan and it still is
//! that, and, where two must, another approved it.

use super::error::{ProposalError, UnreadyBecause};
use super::handle::Proposals;
use super::playing::PlayedScenarios;
use super::running::ProposalOrder;
use super::start::{Opened, companions_of};
use crate::complaint::Via;
use crate::store::{Trial, TrialKind};
use crate::workflow::change_control::RuleChange;
use crate::workflow::change_error::{ChangeError, ChangeRefusal};
use crate::workflow::plan::PlanOptions;
use crate::workflow::publish::PublishOrder;
use crate::workflow::{WorkflowError, rules_folder::CheckedFolder};
use serde_json::Value;

impl Opened {
    /// Returns what a trial found, if it was one of the proposal as it is now.
    pub fn found(&self, trials: &[Trial], kind: TrialKind) -> Option<Value> {
        let tried = self.tried();
        let trial = trials.iter().find(|trial| trial.kind == kind && trial.tried == tried)?;
        serde_json::from_str(&trial.found).ok()
    }

    /// Returns the first reason why it cannot be published yet, beside who may and why; none where there is none.
    pub fn unready(&self, checked: &CheckedFolder, trials: &[Trial]) -> Option<UnreadyBecause> {
        if self.files.is_empty() {
            return Some(UnreadyBecause::Nothing);
        }
        if self.is_behind {
            return Some(UnreadyBecause::Behind);
        }
        match checked.mistakes() {
            0 => self.untried(trials),
            mistakes => Some(UnreadyBecause::Mistakes(mistakes)),
        }
    }

    /// Returns by what the approval of its plan is known: the plan, and the scenarios and the map of the text where it changes
    /// them, which the plan does not hold.
    fn approval(&self, plan: &str) -> String {
        let companions = companions_of(&self.folder).digest;
        match companions == self.proposal.companions {
            true => plan.to_owned(),
            false => format!("{plan} {companions:.16}"),
        }
    }

    fn untried(&self, trials: &[Trial]) -> Option<UnreadyBecause> {
        let played = PlayedScenarios::last(trials).filter(|(trial, _)| trial.tried == self.tried());
        let Some((_, played)) = played else { return Some(UnreadyBecause::NotPlayed) };
        let failing = played.outcomes.iter().filter(|outcome| outcome.failure.is_some()).count();
        if failing > 0 {
            return Some(UnreadyBecause::Failing(failing));
        }
        self.found(trials, TrialKind::Plan).is_none().then_some(UnreadyBecause::NotPlanned)
    }
}

fn unready<T>(because: UnreadyBecause) -> Result<T, ProposalError> {
    Err(ProposalError::Unready(because))
}

impl Proposals<'_> {
    /// Returns what the trials of a proposal found last.
    pub async fn trials(self, id: i64) -> Result<Vec<Trial>, ProposalError> {
        Ok(self.0.store.proposals().trials(id).await?)
    }

    /// Approves the plan of somebody else's proposal, as it was looked at.
    pub async fn approve(
        self,
        id: i64,
        (by, via): (&str, Via),
        (plan, reason): (&str, &str),
    ) -> Result<(), ProposalError> {
        let publishing = self.0.publishing();
        publishing.permit(RuleChange::Approve, Some(by), reason).await?;
        let opened = self.one(id).await?;
        if opened.proposal.owner.eq_ignore_ascii_case(by) {
            return Err(ProposalError::NotYours);
        }
        let found = opened.found(&self.trials(id).await?, TrialKind::Plan).unwrap_or_default();
        if found["plan"]["digest"] != *plan {
            return unready(UnreadyBecause::AnotherPlan);
        }
        publishing.approve(&opened.approval(plan), (by, via), reason).await?;
        Ok(())
    }

    /// Returns who has approved a proposal with a plan, as it is now.
    pub async fn approvers(self, opened: &Opened, plan: &str) -> Result<Vec<String>, ProposalError> {
        Ok(self.0.publishing().approvers(&opened.approval(plan)).await?)
    }

    /// Returns what keeps its owner from publishing a proposal with a plan until another has approved it; none where nothing does.
    pub async fn awaited(self, opened: &Opened, plan: &str) -> Result<Option<ChangeRefusal>, ProposalError> {
        let approval = opened.approval(plan);
        match self.0.publishing().require_approval(&approval, &opened.proposal.owner).await {
            Ok(()) => Ok(None),
            Err(ChangeError::Refused(why, _)) => Ok(Some(why)),
            Err(e) => Err(e.into()),
        }
    }

    /// Fails unless a proposal may be published by who asks, for the reason given, as it was looked at.
    pub(super) async fn permit(self, order: &ProposalOrder) -> Result<(), ProposalError> {
        let (id, version) = order.proposal;
        let publishing = self.0.publishing();
        let opened = self.own(id, &order.by).await?;
        publishing.permit(RuleChange::Publish, Some(&order.by), &order.reason).await?;
        if opened.proposal.version != version {
            return Err(ProposalError::Changed);
        }
        let checked = self.0.check_folder(opened.folder.clone()).await?;
        let trials = self.trials(id).await?;
        if let Some(because) = opened.unready(&checked, &trials) {
            return unready(because);
        }
        let found = opened.found(&trials, TrialKind::Plan).unwrap_or_default();
        if found["plan"]["digest"] != *order.plan {
            return unready(UnreadyBecause::AnotherPlan);
        }
        Ok(publishing.require_approval(&opened.approval(&order.plan), &order.by).await?)
    }

    /// Puts a proposal in force, if its plan still is the one that was looked at; then what came in force is written into the
    /// server's folder.
    pub(super) async fn publish(
        self,
        order: &ProposalOrder,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(), ProposalError> {
        let (id, version) = order.proposal;
        let opened = self.one(id).await?;
        if opened.proposal.version != version {
            return Err(ProposalError::Changed);
        }
        let candidate = self.0.candidate(&opened.folder).await?;
        let looked_at = opened.found(&self.trials(id).await?, TrialKind::Plan).unwrap_or_default();
        let adopt = looked_at["plan"]["adopts"] == Value::Bool(true);
        let options = PlanOptions { adopt, ..PlanOptions::default() };
        let plan = self.0.plan(std::sync::Arc::clone(&candidate), options, progress).await?;
        if plan.digest() != order.plan {
            return unready(UnreadyBecause::AnotherPlan);
        }
        let companions = companions_of(&opened.folder);
        let order = PublishOrder {
            by: &order.by.to_lowercase(),
            via: order.via,
            reason: order.reason.trim(),
            plan: Some(&plan),
            companions: Some(&companions),
            proposal: Some(&opened.proposal),
        };
        match self.0.publishing().publish(candidate, order).await {
            Ok(_) => {}
            Err(WorkflowError::Overtaken) => return unready(UnreadyBecause::Behind),
            Err(e) => return Err(e.into()),
        }
        self.write_back((*opened.base).clone(), opened.folder).await;
        Ok(())
    }
}
