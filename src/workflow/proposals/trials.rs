//! Trying a proposal, behind what people do: its scenarios are played, its plan is made, it is published; one at a time in a
//! process, with how far it is. What a trial found stands in the store, so that every process shows it.

use super::graph::KeptSteps;
use super::procedure::KeptOfProcedure;
use super::publishing::ProposalOrder;
use super::{Opened, ProposalError};
use crate::config::Settings;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::{RulesFolder, scenario::ScenarioOutcome};
use crate::store::{Trial, TrialKind};
use crate::workflow::plan::PlanOptions;
use crate::workflow::published::Published;
use crate::workflow::rules_folder::CheckedFolder;
use crate::workflow::{Workflow, WorkflowError, scenario};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::Semaphore;

/// The proposals of which it is remembered how their last work ended.
const REMEMBERED: usize = 200;
/// The checks at once, and those that are remembered.
const CHECKS: usize = 2;
const CHECKED: usize = 8;

/// What is asked to be done with a proposal.
#[derive(Clone, Debug)]
pub enum TrialAsked {
    /// Its scenarios are played.
    Scenarios,
    /// It is planned over all live complaints.
    Plan(PlanOptions),
    /// It is published.
    Publish(ProposalOrder),
}

/// Work that is under way, or has ended.
#[derive(Debug)]
pub struct Running {
    /// What is done.
    pub asked: TrialAsked,
    done: AtomicUsize,
    all: AtomicUsize,
    ended: OnceLock<Result<(), ProposalError>>,
}

impl Running {
    fn new(asked: TrialAsked) -> Self {
        Self { asked, done: AtomicUsize::new(0), all: AtomicUsize::new(0), ended: OnceLock::new() }
    }

    /// Returns how many are done, and of how many; of nought before it has begun.
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    /// Returns how it ended; none while it is under way.
    pub fn ended(&self) -> Option<&Result<(), ProposalError>> {
        self.ended.get()
    }

    fn moved(&self, done: usize, all: usize) {
        self.done.store(done, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
    }
}

/// A check that was made.
#[derive(Debug)]
struct Kept {
    digest: String,
    settings: Arc<Settings>,
    checked: Arc<CheckedFolder>,
}

/// The work of this process on proposals.
#[derive(Debug)]
pub struct Trials {
    running: Mutex<BTreeMap<i64, Arc<Running>>>,
    turn: Semaphore,
    checks: Semaphore,
    /// The last checks, newest last.
    checked: Mutex<Vec<Kept>>,
    pub(super) procedure: KeptOfProcedure,
    pub(super) steps: KeptSteps,
}

impl Default for Trials {
    fn default() -> Self {
        Self {
            running: Mutex::default(),
            turn: Semaphore::new(1),
            checks: Semaphore::new(CHECKS),
            checked: Mutex::default(),
            procedure: KeptOfProcedure::default(),
            steps: KeptSteps::default(),
        }
    }
}

impl Trials {
    /// Returns the work on a proposal that is under way or ended last.
    fn of(&self, id: i64) -> Option<Arc<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Begins work on a proposal, unless some is under way.
    fn begin(&self, id: i64, asked: TrialAsked) -> Option<Arc<Running>> {
        let mut all = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(&id).is_some_and(|running| running.ended().is_none()) {
            return None;
        }
        while all.len() >= REMEMBERED {
            let Some(ended) = all.iter().find(|(_, r)| r.ended().is_some()).map(|(id, _)| *id) else { break };
            all.remove(&ended);
        }
        let running = Arc::new(Running::new(asked));
        all.insert(id, Arc::clone(&running));
        Some(running)
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
        let Some(running) = self.trials.begin(id, asked) else { return Ok(()) };
        let workflow = Arc::clone(self);
        tokio::spawn(async move {
            let ended = workflow.work(id, &running).await;
            if let Err(ProposalError::Workflow(e)) = &ended {
                tracing::error!("work on a proposal failed: {e}");
            }
            let _ = running.ended.set(ended);
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
        let candidate = self.candidate(&opened.folder).await?;
        let (settings, files, running) =
            (self.settings(), opened.folder.scenarios.clone(), Arc::clone(running));
        let work = tokio::task::spawn_blocking(move || {
            let progress = |done: usize, all: usize| running.moved(done, all);
            scenario::play_telling(&candidate, &settings, &files, &progress)
        });
        let outcomes: Vec<ScenarioOutcome> = work.await.map_err(|_| WorkflowError::Interrupted)?;
        self.note_trial(&opened, TrialKind::Scenarios, json!(outcomes).to_string()).await
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
        let broken =
            |found: Vec<Diagnostic>| ProposalError::Unready(super::UnreadyBecause::Mistakes(found.len()));
        loaded.map(Arc::new).map_err(broken)
    }

    /// Finds every mistake of a folder that can be found without running, two at a time; what was found a moment ago under
    /// the same settings is not looked for again.
    pub async fn check_folder(&self, folder: RulesFolder) -> Result<Arc<CheckedFolder>, WorkflowError> {
        let (digest, settings) = (folder.digest(), self.settings());
        if let Some(kept) = self.trials.checked_before(&digest, &settings) {
            return Ok(kept);
        }
        let _turn = self.trials.checks.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        if let Some(kept) = self.trials.checked_before(&digest, &settings) {
            return Ok(kept);
        }
        let under = Arc::clone(&settings);
        let work = tokio::task::spawn_blocking(move || folder.check(&under)).await;
        let checked = Arc::new(work.map_err(|_| WorkflowError::Interrupted)?);
        self.trials.remember(Kept { digest, settings, checked: Arc::clone(&checked) });
        Ok(checked)
    }
}

impl Trials {
    fn checked_before(&self, digest: &str, settings: &Arc<Settings>) -> Option<Arc<CheckedFolder>> {
        let all = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|kept| kept.digest == digest && Arc::ptr_eq(&kept.settings, settings));
        found.map(|kept| Arc::clone(&kept.checked))
    }

    fn remember(&self, kept: Kept) {
        let mut all = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CHECKED {
            all.remove(0);
        }
        all.push(kept);
    }
}

impl Opened {
    /// Returns by what a trial of it is known to be of what it is now: its texts, and what is in force.
    pub fn tried(&self) -> String {
        format!("{} {}", self.folder.digest(), self.in_force)
    }
}
