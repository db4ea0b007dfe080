//! The procedure in force as the workbench shows it: where each rule, action, schedule and scenario stands, and how often
//! each has worked.

use super::error::ProposalError;
use super::handle::Proposals;
use super::kept::{LiveCounts, MOST_IN_STATE, Places};
use crate::calendar::Moment;
use crate::complaint::State;
use crate::rules::{RulesFolder, scenario_places, written_statements};
use crate::store::{Figures, StoreError};
use crate::workflow::WorkflowError;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// The milliseconds for which counts of the whole are kept.
const KEPT_MILLIS: i64 = 60_000;
/// The time for which a page waits for them.
const PATIENCE: Duration = Duration::from_millis(400);

impl Proposals<'_> {
    /// Returns what has worked, as it was counted within the last minute; where counting takes longer than a page may, as it was
    /// counted before that, if it was.
    pub async fn live_counts(self) -> Result<Arc<LiveCounts>, ProposalError> {
        let now = self.0.now().await?;
        let counts = Arc::clone(&self.0.trials.procedure.counts);
        let is_fresh = |at: Moment| (0..KEPT_MILLIS).contains(&(now.millis() - at.millis()));
        let kept = counts.kept();
        if let Some((at, kept)) = &kept
            && is_fresh(*at)
        {
            return Ok(Arc::clone(kept));
        }
        if let Ok(turn) = Arc::clone(&counts.turn).try_acquire_owned() {
            let figures = self.0.store.figures();
            let states = self.0.published().ruleset.procedure().states.keys().cloned().collect();
            let counting = tokio::spawn(async move {
                let _turn = turn;
                let counted = Arc::new(count(&figures, states, now).await?);
                counts.keep(now, Arc::clone(&counted));
                Ok::<_, StoreError>(counted)
            });
            if let Ok(counted) = tokio::time::timeout(PATIENCE, counting).await {
                return Ok(counted.map_err(|_| WorkflowError::Interrupted)??);
            }
        }
        Ok(kept.map(|(_, kept)| kept).unwrap_or_default())
    }

    /// Returns where each rule, action, schedule and scenario of the folder in force stands, by its name.
    pub fn places(self, folder: &RulesFolder) -> Arc<Places> {
        let kept = &self.0.trials.procedure.places;
        let digest = folder.digest();
        if let Some((of, places)) = &*kept.lock().unwrap_or_else(PoisonError::into_inner)
            && *of == digest
        {
            return Arc::clone(places);
        }
        let statements = written_statements(&folder.source).into_iter();
        let statements = statements.map(|statement| (statement.name, (statement.file, statement.line)));
        let places = Arc::new(statements.chain(scenario_places(&folder.scenarios)).collect());
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((digest, Arc::clone(&places)));
        places
    }
}

async fn count(figures: &Figures, states: Vec<State>, now: Moment) -> Result<LiveCounts, StoreError> {
    let (workings, overdue) = (figures.workings().await?, figures.overdue_by_name(now).await?);
    let mut in_states = BTreeMap::new();
    for state in states {
        let there = figures.in_state(&state, MOST_IN_STATE).await?;
        in_states.insert(state, there);
    }
    Ok(LiveCounts { workings, overdue, in_states })
}
