//! Planning: every live complaint is decided as if the candidate had just come in force, in chunks on all
//! cores.

use super::effects::{decided, effects};
use super::plan::{Effect, Plan, PlanOptions};
use super::renderer::Renderer;
use super::{Published, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::{Need, Outcome, Renames};
use crate::store::Store;
use std::sync::Arc;
use tokio::task::JoinSet;

/// The complaints that are loaded and evaluated together.
const CHUNK: usize = 1_000;
/// The chunks under way at a time.
const CHUNKS: usize = 4;

impl Workflow {
    /// Plans the publication of `candidate`. `progress` hears how many complaints are done, and of how many.
    pub async fn plan(
        &self,
        candidate: Arc<Published>,
        options: PlanOptions,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Plan, WorkflowError> {
        let in_force = self.published();
        let now = self.now().await?;
        let mut ids = self.store.cases().live_ids().await?;
        let live = ids.len();
        ids.extend(self.store.cases().newest_finished(options.sample_closed).await?);
        let mut coming = candidate.succeeding(&in_force, options.adopt.then_some(now));
        if mutated(Mutant::PlanWithoutRenames) {
            coming.renames = Renames::default();
        }
        let mut plan = Plan::begin(&coming.ruleset, &in_force.ruleset, &coming.renames, options.adopt);
        (plan.complaints, plan.closed) = (live, ids.len() - live);
        let renderer = Renderer { published: Arc::new(coming), ..self.renderer() };
        let mut chunks = ids.chunks(CHUNK).map(<[ComplaintId]>::to_vec);
        let mut under_way = JoinSet::new();
        let mut found = Vec::new();
        let mut done = 0;
        loop {
            while under_way.len() < CHUNKS {
                let Some(chunk) = chunks.next() else { break };
                let (store, renderer, in_force) =
                    (self.store.clone(), renderer.clone(), Arc::clone(&in_force));
                under_way.spawn(effects_on(store, renderer, in_force, chunk, now));
            }
            let Some(finished) = under_way.join_next().await else { break };
            let (effects, count) = finished.map_err(|_| WorkflowError::Interrupted)??;
            found.extend(effects);
            done += count;
            progress(done, ids.len());
        }
        // Chunks finish in any order; the plan does not show it.
        found.sort_by_key(|e: &Effect| e.complaint.id);
        found.into_iter().for_each(|effect| plan.add(effect));
        Ok(plan)
    }
}

/// Returns the effects on a chunk of complaints, and how many there were.
async fn effects_on(
    store: Store,
    renderer: Renderer,
    in_force: Arc<Published>,
    chunk: Vec<ComplaintId>,
    now: Moment,
) -> Result<(Vec<Effect>, usize), WorkflowError> {
    let cases = store.cases().load(&chunk).await?;
    let count = cases.len();
    let work = move || {
        let outcomes = decided(&renderer, &cases, now);
        (renderer, cases, outcomes)
    };
    let work = tokio::task::spawn_blocking(work).await;
    let (renderer, mut cases, mut outcomes) = work.map_err(|_| WorkflowError::Interrupted)?;
    // Few rules ask about the text of the mail; only their complaints have it loaded.
    let asks = |place: &usize| matches!(outcomes[*place], Outcome::Needs(Need::Text));
    for place in (0..cases.len()).filter(asks).collect::<Vec<_>>() {
        cases[place].text = Some(store.cases().text(cases[place].id).await?.into());
        let again = decided(&renderer, &cases[place..=place], now).pop();
        outcomes[place] = again.unwrap_or(Outcome::Cancelled);
    }
    let work = move || (effects(&renderer, &in_force, cases, outcomes, now), count);
    tokio::task::spawn_blocking(work).await.map_err(|_| WorkflowError::Interrupted)
}
