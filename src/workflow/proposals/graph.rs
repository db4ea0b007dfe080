//! The graph of a procedure: its states, and the steps between them that the rules say and that the scenarios take.

use super::error::ProposalError;
use super::handle::Proposals;
use super::steps::{Kept, KeptSteps};
use crate::rules::{RulesFolder, StateGraph};
use crate::workflow::WorkflowError;
use crate::workflow::published::Published;
use crate::workflow::steps_taken::steps_taken;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The scenarios that are played of a folder.
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

impl Proposals<'_> {
    /// Returns the graph of a folder. The first who asks has its scenarios played, and does not wait for that.
    pub async fn graph(self, folder: &RulesFolder) -> Result<GraphOfRules, ProposalError> {
        let (steps, digest, settings) = (&self.0.trials.steps, folder.digest(), self.0.settings());
        let found = match steps.find(&digest, &settings) {
            Some(found) => found,
            None => {
                let published = self.loaded(folder).await?;
                let begun = Kept { digest, settings, published: Arc::clone(&published), taken: None };
                begin(steps, begun, folder.scenarios.clone());
                (published, None)
            }
        };
        let (published, taken) = found;
        let is_played = taken.is_some();
        let of = Arc::clone(&published);
        let read = move || StateGraph::of(&of.ruleset, &taken.unwrap_or_default());
        let graph = tokio::task::spawn_blocking(read).await;
        let graph = graph.map_err(|_| WorkflowError::Interrupted)?;
        Ok(GraphOfRules { graph, published, is_played })
    }

    /// Loads the ruleset of a folder.
    pub(super) async fn loaded(self, folder: &RulesFolder) -> Result<Arc<Published>, ProposalError> {
        let in_force = self.0.published();
        match *in_force.ruleset.source() == folder.source {
            true => Ok(in_force),
            false => self.0.candidate(folder).await,
        }
    }
}

/// Has scenarios played, unless they are already or so many folders wait that this one is for later.
fn begin(steps: &KeptSteps, begun: Kept, files: BTreeMap<String, String>) {
    let (digest, settings) = (begun.digest.clone(), Arc::clone(&begun.settings));
    let published = Arc::clone(&begun.published);
    if !steps.enter(begun) {
        return;
    }
    let all = steps.clone();
    tokio::spawn(async move {
        let Ok(_turn) = all.turn.acquire().await else { return };
        let under = Arc::clone(&settings);
        let play = move || steps_taken(&published, &under, &files, SCENARIOS);
        let taken = tokio::task::spawn_blocking(play).await;
        all.end(&digest, &settings, taken.ok());
    });
}
