//! The procedure in force as the workbench shows it: where each rule, action, schedule and scenario stands, and how often
//! each has worked.

use super::{ProposalError, Proposals};
use crate::calendar::Moment;
use crate::complaint::State;
use crate::rules::{RulesFolder, scenario, written_statements};
use crate::store::StoreError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The milliseconds for which counts of the whole are kept.
const KEPT_MILLIS: i64 = 60_000;

/// Where something stands: the file and the line.
pub type WrittenAt = (String, usize);

/// Where each rule, action, schedule and scenario stands, by its name.
pub type Places = BTreeMap<String, WrittenAt>;

/// How often what is named has worked, and how many of its terms have passed.
#[derive(Debug, Default)]
pub struct LiveCounts {
    /// The firings of rules, the actions taken, the runs of schedules.
    pub workings: BTreeMap<String, i64>,
    /// The running terms that have passed, by name.
    pub overdue: BTreeMap<String, i64>,
    /// The complaints in each state of the procedure, up to [`MOST_IN_STATE`](super::MOST_IN_STATE).
    pub in_states: BTreeMap<State, i64>,
}

/// What was found of the procedure in force a moment ago.
#[derive(Debug, Default)]
pub(super) struct KeptOfProcedure {
    counts: Mutex<Option<(Moment, Arc<LiveCounts>)>>,
    places: Mutex<Option<(String, Arc<Places>)>>,
}

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
            in_states.insert(state.clone(), figures.in_state(state, super::MOST_IN_STATE).await?);
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
        let places = Arc::new(statements.chain(scenario::places(&folder.scenarios)).collect());
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((digest, Arc::clone(&places)));
        places
    }
}
