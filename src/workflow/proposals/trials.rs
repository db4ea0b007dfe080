//! Trying a proposal, behind what people do: its scenarios are played, its plan is made, it is published; one at a time in a
//! process, with how far it is. What a trial found stands in the store, so that every process shows it.

use super::error::{ProposalError, UnreadyBecause};
use super::running::{KeptCheck, Running, TrialAsked};
use super::start::Opened;
use crate::config::Settings;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
use crate::store::{Trial, TrialKind};
use crate::workflow::plan::PlanOptions;
use crate::workflow::published::Published;
use crate::workflow::rules_folder::CheckedFolder;
use crate::workflow::{Workflow, WorkflowError};
use serde_json::json;
use std::sync::Arc;

/// Work that ends, also where it breaks off: else nothing could be done with its proposal until the next start.
struct Ending(Arc<Running>);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.ended.set(Err(WorkflowError::Interrupted.into()));
    }
}

impl Workflow {
    /// Returns the work on a proposal that is under way in this process, or ended last.
    pub fn work_on_proposal(&self, id: i64) -> Option<Arc<Running>> {
        self.trials.of(id)
    }

    /// Begins to try or to publish a proposal, behind what people do; while something is under way, nothing is begun.
    pub async fn try_proposal(
        self: &Arc<Self>,
        id: i64,
        by: &str,
        asked: TrialAsked,
    ) -> Result<(), ProposalError> {
        match &asked {
            TrialAsked::Publish(order) => self.proposals().permit(order).await?,
            _ => self.proposals().own(id, by).await.map(|_| ())?,
        }
        let is_publishing = matches!(asked, TrialAsked::Publish(_));
        let Some(running) = self.trials.begin(id, asked) else {
            // Who asks twice for a trial sees the one that is under way; nobody is to think that it is being published.
            return if is_publishing { Err(ProposalError::UnderWay) } else { Ok(()) };
        };
        let workflow = Arc::clone(self);
        tokio::spawn(async move {
            let ending = Ending(running);
            let ended = workflow.work(id, &ending.0).await;
            if let Err(ProposalError::Workflow(e)) = &ended {
                tracing::error!("work on a proposal failed: {e}");
            }
            let _ = ending.0.ended.set(ended);
        });
        Ok(())
    }

    async fn work(&self, id: i64, running: &Arc<Running>) -> Result<(), ProposalError> {
        let _turn = self.trials.turn.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        let progress = |done: usize, all: usize| running.moved(done, all);
        match &running.asked {
            TrialAsked::Scenarios => self.play_proposal(id, running).await,
            TrialAsked::Plan(options) => self.plan_proposal(id, *options, &progress).await,
            TrialAsked::Publish(order) => self.proposals().publish(order, &progress).await,
        }
    }

    async fn play_proposal(&self, id: i64, running: &Arc<Running>) -> Result<(), ProposalError> {
        let opened = self.proposals().one(id).await?;
        let played = self.proposals().play(&opened, running).await?;
        self.note_trial(&opened, TrialKind::Scenarios, json!(played).to_string()).await
    }

    async fn plan_proposal(
        &self,
        id: i64,
        options: PlanOptions,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(), ProposalError> {
        let opened = self.proposals().one(id).await?;
        let candidate = self.candidate(&opened.folder).await?;
        let plan = self.plan(candidate, options, progress).await?;
        let found = json!({"plan": plan.to_json(), "letters": plan.mails_to_complainants()});
        self.note_trial(&opened, TrialKind::Plan, found.to_string()).await
    }

    async fn note_trial(&self, opened: &Opened, kind: TrialKind, found: String) -> Result<(), ProposalError> {
        let (proposal_id, tried, at) = (opened.proposal.id, opened.tried(), self.now().await?);
        Ok(self.store.proposals().note_trial(Trial { proposal_id, kind, tried, at, found }).await?)
    }

    /// Loads what a proposal comes to.
    pub(super) async fn candidate(&self, folder: &RulesFolder) -> Result<Arc<Published>, ProposalError> {
        let (source, settings) = (folder.source.clone(), self.settings());
        let loaded = tokio::task::spawn_blocking(move || Published::load(source, &settings)).await;
        let loaded = loaded.map_err(|_| WorkflowError::Interrupted)?;
        let broken = |found: Vec<Diagnostic>| ProposalError::Unready(UnreadyBecause::Mistakes(found.len()));
        loaded.map(Arc::new).map_err(broken)
    }

    /// Finds every mistake of a folder that can be found without running; what was found a moment ago under the same settings is
    /// not looked for again.
    pub async fn check_folder(&self, folder: RulesFolder) -> Result<Arc<CheckedFolder>, WorkflowError> {
        let digest = folder.digest();
        let (checked, settings) = self.checked(folder, &digest).await?;
        self.trials.remember(KeptCheck { digest, settings, checked: Arc::clone(&checked) });
        Ok(checked)
    }

    /// Does the same with a text that is being typed, which is another a moment later: nothing is kept of it.
    pub(super) async fn check_typing(
        &self,
        folder: RulesFolder,
    ) -> Result<Arc<CheckedFolder>, WorkflowError> {
        let digest = folder.digest();
        Ok(self.checked(folder, &digest).await?.0)
    }

    /// Checks two folders at a time.
    async fn checked(
        &self,
        folder: RulesFolder,
        digest: &str,
    ) -> Result<(Arc<CheckedFolder>, Arc<Settings>), WorkflowError> {
        let settings = self.settings();
        let known = || self.trials.checked_before(digest, &settings);
        if let Some(kept) = known() {
            return Ok((kept, settings));
        }
        let _turn = self.trials.checks.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        if let Some(kept) = known() {
            return Ok((kept, settings));
        }
        let under = Arc::clone(&settings);
        let work = tokio::task::spawn_blocking(move || folder.check(&under)).await;
        Ok((Arc::new(work.map_err(|_| WorkflowError::Interrupted)?), settings))
    }
}

impl Opened {
    /// Returns by what a trial of it is known to be of what it is now: its texts, and what is in force.
    pub fn tried(&self) -> String {
        format!("{} {}", self.folder.digest(), self.in_force)
    }
}
