//! The procedure in force as the workbench shows it: where each rule, action, schedule and scenario stands, and how often
//! each has worked.

use super::error::ProposalError;
use super::handle::Proposals;
use super::kept::{LiveCounts, MOST_IN_STATE, Places};
use crate::calendar::Moment;
use crate::rules::{RulesFolder, scenario_places, written_statements};
use crate::store::StoreError;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// The milliseconds for which counts of the whole are kept.
const KEPT_MILLIS: i64 = 60_000;

impl Proposals<'_> {
    /// Counts what has worked, of at most a minute ago.
    pub async fn live_counts(self) -> Result<Arc<LiveCounts>, ProposalError> {
        let now = self.0.now().await?;
        let kept = &self.0.trials.procedure.counts;
        let is_fresh = |at: Moment| (0..KEPT_MILLIS).contains(&(now.millis() - at.millis()));
        if let Some((at, counts)) = &*kept.lock().unwrap_or_else(PoisonError::into_inner)
            && is_fresh(*at)
        {
            return Ok(Arc::clone(counts));
        }
        let counts = Arc::new(self.count(now).await?);
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&counts)));
        Ok(counts)
    }

    async fn count(self, now: Moment) -> Result<LiveCounts, StoreError> {
        let figures = self.0.store.figures();
        let (workings, overdue) = (figures.workings().await?, figures.overdue_by_name(now).await?);
        let mut in_states = BTreeMap::new();
        for state in self.0.published().ruleset.procedure().states.keys() {
            in_states.insert(state.clone(), figures.in_state(state, MOST_IN_STATE).await?);
        }
        Ok(LiveCounts { workings, overdue, in_states })
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
