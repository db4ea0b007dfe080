//! `Trials`: what a process does with proposals at the moment, how far it is, and the checks that it has made.

use super::error::ProposalError;
use super::kept::{KeptOfProcedure, KeptWorkspaces};
use super::plays::KeptPlays;
use crate::complaint::Via;
use crate::config::Settings;
use crate::workflow::plan::PlanOptions;
use crate::workflow::rules_folder::CheckedFolder;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::Semaphore;

/// The proposals of which it is remembered how their last work ended.
const REMEMBERED: usize = 200;
/// The checks at once, and those that are remembered.
const CHECKS: usize = 2;
const CHECKED: usize = 4;

/// The order to publish a proposal, as it was looked at.
#[derive(Clone, Debug)]
pub struct ProposalOrder {
    /// The proposal, and the version that was looked at.
    pub proposal: (i64, i64),
    /// The address of the publisher.
    pub by: String,
    /// The route by which it came.
    pub via: Via,
    /// The publisher's reason, in words.
    pub reason: String,
    /// The digest of the plan that was looked at.
    pub plan: String,
}

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
    pub(super) ended: OnceLock<Result<(), ProposalError>>,
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

    /// Notes how many are done, and of how many.
    pub fn moved(&self, done: usize, all: usize) {
        self.done.store(done, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
    }
}

/// A check that was made.
#[derive(Debug)]
pub(super) struct KeptCheck {
    pub digest: String,
    pub settings: Arc<Settings>,
    pub checked: Arc<CheckedFolder>,
}

/// The work of this process on proposals.
#[derive(Debug)]
pub struct Trials {
    running: Mutex<BTreeMap<i64, Arc<Running>>>,
    pub(super) turn: Semaphore,
    pub(super) checks: Semaphore,
    /// The last checks, newest last.
    checked: Mutex<Vec<KeptCheck>>,
    pub(super) procedure: KeptOfProcedure,
    pub(super) plays: KeptPlays,
    pub(super) workspaces: KeptWorkspaces,
    pub(super) editors: Semaphore,
    pub(in crate::workflow) stories: Semaphore,
}

impl Default for Trials {
    fn default() -> Self {
        Self {
            running: Mutex::default(),
            turn: Semaphore::new(1),
            checks: Semaphore::new(CHECKS),
            checked: Mutex::default(),
            procedure: KeptOfProcedure::default(),
            plays: KeptPlays::default(),
            workspaces: KeptWorkspaces::default(),
            editors: Semaphore::new(CHECKS),
            stories: Semaphore::new(CHECKS),
        }
    }
}

impl Trials {
    /// Returns the work on a proposal that is under way or ended last.
    pub(super) fn of(&self, id: i64) -> Option<Arc<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Begins work on a proposal, unless some is under way.
    pub(super) fn begin(&self, id: i64, asked: TrialAsked) -> Option<Arc<Running>> {
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

impl Trials {
    pub(super) fn checked_before(
        &self,
        digest: &str,
        settings: &Arc<Settings>,
    ) -> Option<Arc<CheckedFolder>> {
        let all = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|kept| kept.digest == digest && Arc::ptr_eq(&kept.settings, settings));
        found.map(|kept| Arc::clone(&kept.checked))
    }

    /// Keeps a check behind the others, in place of the same one and of the one that was asked about longest ago.
    pub(super) fn remember(&self, kept: KeptCheck) {
        let mut all = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.digest != kept.digest);
        if all.len() >= CHECKED {
            all.remove(0);
        }
        all.push(kept);
    }
}
