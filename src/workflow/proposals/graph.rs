//! The states of a procedure and the steps between them: what the rules say, and what complaints were seen to do while the
//! scenarios were played. They are played once for a folder, behind who looks, one folder at a time.

use super::{ProposalError, Proposals};
use crate::config::Settings;
use crate::rules::{RulesFolder, StateGraph, Transition};
use crate::workflow::published::Published;
use crate::workflow::scenario;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The complaints that are counted in a state; where it is this many, there may be more.
pub const MOST_IN_STATE: i64 = 1_000;
/// The folders of which the steps are kept, and the scenarios that are played of each.
const KEPT: usize = 8;
const SCENARIOS: usize = 2_000;

/// The graph of a folder.
#[derive(Clone, Debug)]
pub struct GraphOfRules {
    /// The states and the steps.
    pub graph: StateGraph,
    /// The ruleset, with its words.
    pub published: Arc<Published>,
    /// Whether the scenarios were played; else the steps are only those that the rules say.
    pub is_played: bool,
}

#[derive(Debug)]
struct Kept {
    digest: String,
    settings: Arc<Settings>,
    published: Arc<Published>,
    /// None while the scenarios are played.
    taken: Option<Arc<BTreeSet<Transition>>>,
}

/// The steps that were taken in the scenarios of the last folders, newest last.
#[derive(Clone, Debug)]
pub(super) struct KeptSteps {
    kept: Arc<Mutex<Vec<Kept>>>,
    turn: Arc<Semaphore>,
}

impl Default for KeptSteps {
    fn default() -> Self {
        Self { kept: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

impl Proposals<'_> {
    /// Returns the graph of a folder. The first who asks has its scenarios played, and does not wait for that.
    pub async fn graph(self, folder: &RulesFolder) -> Result<GraphOfRules, ProposalError> {
        let (steps, digest, settings) = (&self.0.trials.steps, folder.digest(), self.0.settings());
        let found = match steps.find(&digest, &settings) {
            Some(found) => found,
            None => {
                let published = self.loaded(folder).await?;
                let begun = Kept { digest, settings, published: Arc::clone(&published), taken: None };
                steps.begin(begun, folder.scenarios.clone());
                (published, None)
            }
        };
        let (published, taken) = found;
        let is_played = taken.is_some();
        let of = Arc::clone(&published);
        let read = move || StateGraph::of(&of.ruleset, &taken.unwrap_or_default());
        let graph = tokio::task::spawn_blocking(read).await;
        let graph = graph.map_err(|_| crate::workflow::WorkflowError::Interrupted)?;
        Ok(GraphOfRules { graph, published, is_played })
    }

    async fn loaded(self, folder: &RulesFolder) -> Result<Arc<Published>, ProposalError> {
        let in_force = self.0.published();
        match *in_force.ruleset.source() == folder.source {
            true => Ok(in_force),
            false => self.0.candidate(folder).await,
        }
    }
}

type Found = (Arc<Published>, Option<Arc<BTreeSet<Transition>>>);

impl KeptSteps {
    fn find(&self, digest: &str, settings: &Arc<Settings>) -> Option<Found> {
        let all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|kept| kept.is(digest, settings))?;
        Some((Arc::clone(&found.published), found.taken.clone()))
    }

    /// Has scenarios played, unless they are already or so many folders wait that this one is for later.
    fn begin(&self, begun: Kept, files: BTreeMap<String, String>) {
        let (digest, settings) = (begun.digest.clone(), Arc::clone(&begun.settings));
        let published = Arc::clone(&begun.published);
        if !self.enter(begun) {
            return;
        }
        let all = self.clone();
        tokio::spawn(async move {
            let Ok(_turn) = all.turn.acquire().await else { return };
            let under = Arc::clone(&settings);
            let play = move || scenario::steps_taken(&published, &under, &files, SCENARIOS);
            let taken = tokio::task::spawn_blocking(play).await;
            all.end(&digest, &settings, taken.ok());
        });
    }

    fn enter(&self, begun: Kept) -> bool {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().any(|kept| kept.is(&begun.digest, &begun.settings)) {
            return false;
        }
        if all.len() >= KEPT {
            let Some(oldest) = all.iter().position(|kept| kept.taken.is_some()) else { return false };
            all.remove(oldest);
        }
        all.push(begun);
        true
    }

    /// Keeps what was seen; where playing itself failed, whoever looks next begins anew.
    fn end(&self, digest: &str, settings: &Arc<Settings>, taken: Option<BTreeSet<Transition>>) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = all.iter().position(|kept| kept.is(digest, settings)) else { return };
        match taken {
            Some(taken) => all[place].taken = Some(Arc::new(taken)),
            None => drop(all.remove(place)),
        }
    }
}

impl Kept {
    fn is(&self, digest: &str, settings: &Arc<Settings>) -> bool {
        self.digest == digest && Arc::ptr_eq(&self.settings, settings)
    }
}
