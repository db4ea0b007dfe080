//! Settling batches: load, decide in parallel, commit conditionally, and again for what changed meanwhile.

use super::grouping::{Overlay, ROUNDS, as_stored, supply};
use super::prepare::{Job, Prepared, prepare, prepare_action};
use super::renderer::Renderer;
use super::watching::watched;
use super::{Workflow, WorkflowError, triggers};
use crate::complaint::{ComplaintId, EventKind, Fault};
use crate::progress::Count;
use crate::rules::{ActionCall, Cancel, Refusal, Trigger, unobserved};
use crate::store::{Commit, Ready, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinHandle;

/// The most times a decision is computed anew when the complaint changed meanwhile (docs/semantics.md 5.2).
pub(super) const ATTEMPTS: u32 = 5;
/// The least number of complaints that are spread over cores; below it spreading costs more than it gains.
const PARALLEL_FROM: usize = 16;

/// What became of complaints that were to be settled.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// The decisions that were committed.
    pub decisions: usize,
    /// The complaints whose decision was stopped by the wall clock; they stay due.
    pub stopped: BTreeSet<ComplaintId>,
}

/// What was decided on complaints, and is not written yet.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub ready: Vec<Ready>,
    /// The faults that came up, each with its complaint.
    faults: Vec<(ComplaintId, Fault)>,
    /// The complaints whose decision was stopped by the wall clock, by what people call them: they hold up no other.
    pub stopped: BTreeMap<ComplaintId, String>,
}

impl Decided {
    /// Adds what else was decided.
    pub fn add(&mut self, other: Self) {
        self.ready.extend(other.ready);
        self.faults.extend(other.faults);
        self.stopped.extend(other.stopped);
    }
}

impl Workflow {
    pub(super) fn renderer(&self) -> Renderer {
        Renderer {
            published: self.published(),
            settings: self.settings(),
            router: Arc::clone(&self.router),
            key: self.store.key().clone(),
        }
    }

    /// Decides what these complaints wait for, one trigger each.
    pub(super) async fn settle(&self, ids: &[ComplaintId]) -> Result<Settled, WorkflowError> {
        let mut left: BTreeSet<ComplaintId> = ids.iter().copied().collect();
        let mut settled = Settled::default();
        for _ in 0..ATTEMPTS {
            if left.is_empty() {
                break;
            }
            let decided = self.decide(&left.iter().copied().collect::<Vec<_>>()).await?;
            left = decided.ready.iter().map(|ready| ready.commit().case.id).collect();
            self.tell_all_stopped(&decided).await?;
            settled.stopped.extend(decided.stopped.keys());
            let written = self.write(decided).await?;
            settled.decisions += written.len();
            left.retain(|id| !written.contains(id));
        }
        // What is still left stays due and is tried again by the next tick.
        Ok(settled)
    }

    /// Decides on complaints, one trigger each, and writes nothing.
    pub(super) async fn decide(&self, ids: &[ComplaintId]) -> Result<Decided, WorkflowError> {
        let mut decided = Decided::default();
        if ids.is_empty() {
            return Ok(decided);
        }
        let (jobs, mut commits) = (self.jobs(ids).await?, Vec::new());
        for (job, prepared) in self.prepare_all(&self.renderer(), jobs).await? {
            let Prepared::Commit(commit, new) = prepared else {
                let reference = job.input.case.complaint.reference().to_owned();
                decided.stopped.insert(job.input.case.id, reference);
                continue;
            };
            let id = commit.case.id;
            decided.faults.extend(new.into_iter().map(|fault| (id, fault)));
            commits.push(*commit);
        }
        decided.ready = self.make_ready(commits).await?;
        Ok(decided)
    }

    /// Tells of the decisions that were stopped.
    pub(super) async fn tell_all_stopped(&self, decided: &Decided) -> Result<(), WorkflowError> {
        for reference in decided.stopped.values() {
            self.tell_stopped(reference).await?;
        }
        Ok(())
    }

    /// Writes what was decided, of the complaints that did not change meanwhile; returns those.
    pub(super) async fn write(&self, decided: Decided) -> Result<BTreeSet<ComplaintId>, WorkflowError> {
        let Decided { ready, faults, .. } = decided;
        let written = self.commit(&self.store.in_background(), ready).await?;
        let faults = faults.into_iter().filter(|(id, _)| written.contains(id));
        self.tell_faults(faults.map(|(id, fault)| (Some(id), fault)).collect()).await?;
        Ok(written)
    }

    async fn jobs(&self, ids: &[ComplaintId]) -> Result<Vec<Job>, WorkflowError> {
        let now = self.now().await?;
        let published = self.published();
        let cases = self.store.cases().load(ids).await?;
        let mut triggers = self.store.cases().triggers(ids).await?;
        let jobs = cases.into_iter().map(|case| {
            let waiting = triggers.remove(&case.id);
            let trigger = waiting.as_ref().map_or(Trigger::Due, |w| triggers::read(&w.content));
            Job {
                has_more: waiting.as_ref().is_some_and(|w| w.waiting > 1),
                consumed: waiting.map(|w| w.id),
                input: published.input(case, trigger, now),
            }
        });
        let mut jobs: Vec<Job> = jobs.collect();
        if published.ruleset.asks_for_mail_texts() {
            self.hand_mail_texts(published.ruleset.grouping(), &mut jobs).await?;
        }
        Ok(jobs)
    }

    /// Prepares on all cores, with the facts that rules turn out to need.
    pub(super) async fn prepare_all(
        &self,
        renderer: &Renderer,
        jobs: Vec<Job>,
    ) -> Result<Vec<(Job, Prepared)>, WorkflowError> {
        self.prepare_seeing(renderer, jobs, &as_stored).await
    }

    /// Prepares as [`Workflow::prepare_all`] does, and shows groups with an overlay.
    pub(super) async fn prepare_seeing(
        &self,
        renderer: &Renderer,
        mut jobs: Vec<Job>,
        overlay: Overlay<'_>,
    ) -> Result<Vec<(Job, Prepared)>, WorkflowError> {
        let mut ready = Vec::new();
        for round in 1.. {
            let mut needy = Vec::new();
            for (job, prepared) in spread(renderer, jobs).await {
                match prepared {
                    Prepared::Needs(need) if round < ROUNDS => needy.push((job, need)),
                    prepared => ready.push((job, prepared)),
                }
            }
            if needy.is_empty() {
                break;
            }
            let grouping = renderer.published.ruleset.grouping();
            let (again, without) = self.supplied(grouping, needy, overlay).await?;
            ready.extend(without);
            jobs = again;
        }
        Ok(ready)
    }

    /// Prepares an action that somebody asks for, with the facts that rules turn out to need.
    pub(super) async fn prepare_action(
        &self,
        mut job: Job<ActionCall>,
    ) -> Result<Result<Prepared, Refusal>, WorkflowError> {
        for _ in 1..ROUNDS {
            let prepared = self.try_action(&job).await?;
            let Ok(Prepared::Needs(need)) = prepared else { return Ok(prepared) };
            let published = self.published();
            let mut case = [(Arc::make_mut(&mut job.input.case), need)];
            supply(&self.store, published.ruleset.grouping(), &mut case, &as_stored).await?;
        }
        self.try_action(&job).await
    }

    async fn try_action(&self, job: &Job<ActionCall>) -> Result<Result<Prepared, Refusal>, WorkflowError> {
        let (renderer, mut job, cancel) = (self.renderer(), job.clone(), Cancel::of_decision());
        job.input.cancel = cancel.clone();
        let work = tokio::task::spawn_blocking(move || prepare_action(&renderer, &job, unobserved()));
        watched(&[cancel], work).await.map_err(|_| WorkflowError::Interrupted)
    }

    /// Makes decisions ready to be written; many of them on all cores.
    pub(super) async fn make_ready(&self, commits: Vec<Commit>) -> Result<Vec<Ready>, WorkflowError> {
        let cases = self.store.cases();
        let opening = Arc::new(cases.opening_texts(&commits).await?);
        if commits.len() < PARALLEL_FROM {
            return Ok(cases.ready(commits, &opening)?);
        }
        let tasks = parts(commits).into_iter().map(|part| {
            let (cases, opening) = (cases.clone(), Arc::clone(&opening));
            tokio::task::spawn_blocking(move || cases.ready(part, &opening))
        });
        let tasks: Vec<_> = tasks.collect();
        let mut ready = Vec::new();
        for task in tasks {
            ready.extend(task.await.map_err(|_| WorkflowError::Interrupted)??);
        }
        Ok(ready)
    }

    /// Commits; returns the complaints that were written.
    pub(super) async fn commit(
        &self,
        store: &Store,
        batch: Vec<Ready>,
    ) -> Result<BTreeSet<ComplaintId>, WorkflowError> {
        if batch.is_empty() {
            return Ok(BTreeSet::new());
        }
        let has_deliveries = batch.iter().any(|ready| !ready.commit().deliveries.is_empty());
        let breaches = |c: &Commit| c.events.iter().filter(|e| e.kind == EventKind::DeadlineBreached).count();
        let breaches: Vec<_> = batch.iter().map(|r| (r.commit().case.id, breaches(r.commit()))).collect();
        let committed = store.cases().write(batch).await?;
        if has_deliveries {
            self.outbox.ring();
        }
        self.due.notify_one();
        let written: BTreeSet<ComplaintId> = committed.written.into_iter().collect();
        let breached = breaches.iter().filter(|(id, _)| written.contains(id)).map(|(_, count)| count);
        self.progress.count(Count::Breaches, breached.sum());
        self.progress.count(Count::Decisions, written.len());
        Ok(written)
    }
}

/// Shares work out among the cores; where it is little, all of it is one part.
fn parts<T>(mut work: Vec<T>) -> Vec<Vec<T>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let size = work.len().div_ceil(if work.len() < PARALLEL_FROM { 1 } else { cores });
    let mut parts = Vec::new();
    while !work.is_empty() {
        parts.push(work.drain(..size.min(work.len())).collect());
    }
    parts
}

/// Prepares on all cores.
async fn spread(renderer: &Renderer, mut jobs: Vec<Job>) -> Vec<(Job, Prepared)> {
    jobs.iter_mut().for_each(|job| job.input.cancel = Cancel::of_decision());
    let cancels: Vec<Cancel> = jobs.iter().map(|job| job.input.cancel.clone()).collect();
    let tasks: Vec<_> =
        parts(jobs).into_iter().map(|part| (part.clone(), prepare_apart(renderer.clone(), part))).collect();
    let all = async {
        let mut done = Vec::new();
        for (part, task) in tasks {
            match task.await {
                Ok(prepared) => done.extend(prepared),
                // One of them ended the thread: each is tried alone, and that one waits.
                Err(_) => {
                    for job in part {
                        let alone = prepare_apart(renderer.clone(), vec![job.clone()]).await;
                        done.extend(alone.unwrap_or_else(|_| vec![(job, Prepared::Cancelled)]));
                    }
                }
            }
        }
        done
    };
    watched(&cancels, all).await
}

/// Prepares decisions on a thread of their own.
fn prepare_apart(renderer: Renderer, part: Vec<Job>) -> JoinHandle<Vec<(Job, Prepared)>> {
    tokio::task::spawn_blocking(move || {
        let prepared = prepare(&renderer, &part, unobserved());
        part.into_iter().zip(prepared).collect()
    })
}
