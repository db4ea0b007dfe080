//! Planning: every live complaint is decided as if the candidate had just come in force, in chunks on all
//! cores; then what follows of it at once.

use super::cascade::{Cascade, Seeds};
use super::effects::{Reach, decided, effects, notice};
use super::grouping::{ROUNDS, as_stored, supply};
use super::plan::{Effect, Plan, PlanOptions, SchedulePlan};
use super::plan_ground::{ALL, Ground};
use super::prepare::Job;
use super::renderer::Renderer;
use super::{Published, Workflow, WorkflowError, triggers};
use crate::complaint::{Case, ComplaintId};
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::{Need, Outcome, Renames, Trigger};
use crate::store::Share;
use std::collections::BTreeMap;
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
        let (in_force, now, cases) = (self.published(), self.now().await?, self.store.cases());
        let mut coming = candidate.succeeding(&in_force, options.adopt.then_some(now));
        if mutated(Mutant::PlanWithoutRenames) {
            coming.renames = Renames::default();
        }
        let mut plan = Plan::begin(&coming.ruleset, &in_force.ruleset, &coming.renames, options.adopt);
        plan.complaints = cases.live().await?;
        // In the order in which they are evaluated once it is in force.
        let stale = cases.stale(Share::ALL, &coming.stamp, ALL).await?;
        let closed = cases.newest_finished(options.sample_closed).await?;
        plan.closed = closed.len();
        let ground = Ground {
            store: self.store.clone(),
            renderer: Renderer { published: Arc::new(coming), ..self.renderer() },
            in_force,
            waiting: Arc::new(cases.waiting_triggers().await?),
            now,
        };
        let all = stale.len() + closed.len();
        let first = first_decisions(&ground, &stale, &|done| progress(done, all)).await?;
        for (effect, _) in
            first_decisions(&ground, &closed, &|done| progress(stale.len() + done, all)).await?
        {
            plan.add_finished(effect);
        }
        let mut found: BTreeMap<ComplaintId, Effect> = BTreeMap::new();
        let mut seeds = Seeds::default();
        for (effect, reach) in first {
            seeds.add(effect.complaint.id, reach);
            found.insert(effect.complaint.id, effect);
        }
        if !mutated(Mutant::PlanOneDeep) {
            let cascade = Cascade::new(self, ground.clone(), &stale, seeds).await?;
            for effect in cascade.run().await? {
                found.insert(effect.complaint.id, effect);
            }
        }
        found.into_values().for_each(|effect| plan.add(effect));
        self.plan_schedules(&ground, &mut plan).await?;
        Ok(plan)
    }

    /// Adds the runs of schedules that are due once the candidate is in force.
    async fn plan_schedules(&self, ground: &Ground, plan: &mut Plan) -> Result<(), WorkflowError> {
        let mut schedules: BTreeMap<String, SchedulePlan> = BTreeMap::new();
        for due in self.due_runs(&ground.renderer.published, ground.now).await? {
            let ran = self.try_run(&ground.renderer, &due, ground.now).await?;
            let schedule = schedules.entry(due.name).or_default();
            schedule.runs += 1;
            schedule.faults += ran.faults.len();
            schedule.messages.extend(ran.rows.iter().map(notice));
        }
        schedules.into_iter().for_each(|(name, schedule)| plan.add_schedule(name, schedule));
        Ok(())
    }
}

/// Decides about complaints for the first time under the candidate, in any order.
async fn first_decisions(
    ground: &Ground,
    ids: &[ComplaintId],
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<(Effect, Reach)>, WorkflowError> {
    let mut chunks = ids.chunks(CHUNK).map(<[ComplaintId]>::to_vec);
    let mut under_way = JoinSet::new();
    let (mut found, mut done) = (Vec::new(), 0);
    loop {
        while under_way.len() < CHUNKS {
            let Some(chunk) = chunks.next() else { break };
            under_way.spawn(effects_on(ground.clone(), chunk));
        }
        let Some(finished) = under_way.join_next().await else { break };
        let (effects, count) = finished.map_err(|_| WorkflowError::Interrupted)??;
        found.extend(effects);
        done += count;
        progress(done);
    }
    Ok(found)
}

/// Returns the effects on a chunk of complaints, and how many there were.
async fn effects_on(
    ground: Ground,
    chunk: Vec<ComplaintId>,
) -> Result<(Vec<(Effect, Reach)>, usize), WorkflowError> {
    let cases = ground.store.cases().load(&chunk).await?;
    let Ground { store, renderer, in_force, waiting, now } = ground;
    let job = |case: Case| {
        let triggers = waiting.get(&case.id);
        let trigger = triggers.and_then(|t| t.front()).map_or(Trigger::Due, |text| triggers::read(text));
        let has_more = triggers.is_some_and(|t| t.len() > 1);
        Job { has_more, ..Job::of(renderer.published.input(case, trigger, now)) }
    };
    let jobs: Vec<Job> = cases.into_iter().map(job).collect();
    let count = jobs.len();
    let work = move || {
        let outcomes = decided(&renderer, &jobs);
        (renderer, jobs, outcomes)
    };
    let work = tokio::task::spawn_blocking(work).await;
    let (renderer, mut jobs, mut outcomes) = work.map_err(|_| WorkflowError::Interrupted)?;
    // Few rules ask about the text of the mail or about groups; only their complaints have them loaded.
    for _ in 1..ROUNDS {
        let needs = |outcome: &Outcome| match outcome {
            Outcome::Needs(need) => Some(need.clone()),
            _ => None,
        };
        let needy: Vec<(usize, Need)> =
            outcomes.iter().enumerate().filter_map(|(place, o)| Some((place, needs(o)?))).collect();
        if needy.is_empty() {
            break;
        }
        let (places, needs): (Vec<usize>, Vec<Need>) = needy.into_iter().unzip();
        let mut asking: Vec<Job> = places.iter().map(|place| jobs[*place].clone()).collect();
        let mut cases: Vec<_> =
            asking.iter_mut().map(|job| Arc::make_mut(&mut job.input.case)).zip(needs).collect();
        supply(&store, renderer.published.ruleset.grouping(), &mut cases, &as_stored).await?;
        let held = renderer.clone();
        let again = tokio::task::spawn_blocking(move || (decided(&held, &asking), asking)).await;
        let (again, asked) = again.map_err(|_| WorkflowError::Interrupted)?;
        for ((place, job), outcome) in places.into_iter().zip(asked).zip(again) {
            jobs[place] = job;
            outcomes[place] = outcome;
        }
    }
    let work = move || (effects(&renderer, &in_force, jobs, outcomes), count);
    tokio::task::spawn_blocking(work).await.map_err(|_| WorkflowError::Interrupted)
}
