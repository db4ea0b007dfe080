//! The graph of a procedure: its states, and the steps between them that the rules say and that the scenarios take.

use super::error::ProposalError;
use super::handle::Proposals;
use crate::rules::{RulesFolder, StateGraph};
use crate::workflow::WorkflowError;
use crate::workflow::published::Published;
use std::collections::BTreeSet;
use std::sync::Arc;

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
        let (published, seen) = self.played(folder).await?;
        let is_played = seen.is_some();
        let of = Arc::clone(&published);
        let read = move || {
            let none = BTreeSet::new();
            StateGraph::of(&of.ruleset, seen.as_ref().map_or(&none, |seen| &seen.steps))
        };
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
