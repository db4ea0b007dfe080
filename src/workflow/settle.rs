//! Settling batches: load, decide in parallel, commit conditionally, and again for what changed meanwhile.

use super::prepare::{Job, Prepared, Sending, Studio, prepare};
use super::{Workflow, WorkflowError, triggers};
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Fault, Notification, Source};
use crate::message::BuiltinMessage;
use crate::rules::{Input, Need, Trigger};
use crate::store::{Commit, Notice, ScheduleRun, StoreError};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often a decision is computed anew when the complaint changed meanwhile (docs/semantics.md 5.2).
pub(super) const ATTEMPTS: u32 = 5;
/// The wall-clock backstop of one batch (docs/semantics.md 4.5).
const BACKSTOP: Duration = Duration::from_secs(5);
/// Below this, spreading over cores costs more than it gains.
const PARALLEL_FROM: usize = 16;

impl Workflow {
    pub(super) fn studio(&self) -> Studio {
        Studio {
            published: self.published(),
            settings: Arc::clone(&self.settings),
            router: Arc::clone(&self.router),
            key: self.store.key().clone(),
        }
    }

    /// Decides what these complaints wait for, one trigger each; how many decisions were committed.
    pub async fn settle(&self, ids: &[ComplaintId]) -> Result<usize, WorkflowError> {
        let mut left: BTreeSet<ComplaintId> = ids.iter().copied().collect();
        let mut done = 0;
        for _ in 0..ATTEMPTS {
            if left.is_empty() {
                break;
            }
            let ids: Vec<ComplaintId> = left.iter().copied().collect();
            let jobs = self.jobs(&ids).await?;
            let known: BTreeSet<ComplaintId> = jobs.iter().map(|j| j.input.case.id).collect();
            left.retain(|id| known.contains(id));
            let written = self.decide_and_commit(jobs).await?;
            done += written.len();
            left.retain(|id| !written.contains(id));
        }
        // What is still left stays due and is tried again by the next tick.
        Ok(done)
    }

    async fn jobs(&self, ids: &[ComplaintId]) -> Result<Vec<Job>, WorkflowError> {
        let now = self.now().await?;
        let published = self.published();
        let cases = self.store.cases().load(ids).await?;
        let mut triggers = self.store.cases().triggers(ids).await?;
        Ok(cases
            .into_iter()
            .map(|case| {
                let waiting = triggers.remove(&case.id);
                let trigger = waiting.as_ref().map_or(Trigger::Due, |w| triggers::read(&w.content));
                Job {
                    has_more: waiting.as_ref().is_some_and(|w| w.waiting > 1),
                    consumed: waiting.map(|w| w.id),
                    input: Input {
                        adopt_at: published.adopts(&case),
                        case,
                        trigger,
                        now,
                        unrenderable: Vec::new(),
                    },
                }
            })
            .collect())
    }

    async fn decide_and_commit(&self, jobs: Vec<Job>) -> Result<BTreeSet<ComplaintId>, WorkflowError> {
        let mut commits = Vec::new();
        let mut faults = Vec::new();
        for (job, prepared) in self.prepare_all(jobs).await? {
            match prepared {
                Prepared::Commit(commit, new) => {
                    faults.extend(new.into_iter().map(|f| (commit.case.clone(), f)));
                    commits.push(*commit);
                }
                Prepared::Needs(_) | Prepared::Cancelled => return Err(WorkflowError::Cancelled),
                Prepared::Refused(why) => {
                    tracing::warn!(complaint = job.input.case.id.0, why, "a decision was refused");
                }
            }
        }
        let written = self.commit(commits).await?;
        faults.retain(|(case, _)| written.contains(&case.id));
        self.tell_faults(&faults).await?;
        Ok(written)
    }

    /// Prepares on all cores, with the facts that rules turn out to need.
    pub(super) async fn prepare_all(&self, jobs: Vec<Job>) -> Result<Vec<(Job, Prepared)>, WorkflowError> {
        let prepared = self.spread(jobs).await?;
        let (needy, mut ready): (Vec<_>, Vec<_>) =
            prepared.into_iter().partition(|(_, p)| matches!(p, Prepared::Needs(Need::Text)));
        if !needy.is_empty() {
            let mut again = Vec::new();
            let ids: Vec<ComplaintId> = needy.iter().map(|(job, _)| job.input.case.id).collect();
            let mut texts = self.store.cases().texts(&ids).await?;
            for (mut job, _) in needy {
                let text = texts.remove(&job.input.case.id).unwrap_or_default();
                job.input.case.text = Some(text.into());
                again.push(job);
            }
            ready.extend(self.spread(again).await?);
        }
        Ok(ready)
    }

    async fn spread(&self, jobs: Vec<Job>) -> Result<Vec<(Job, Prepared)>, WorkflowError> {
        let studio = self.studio();
        let cancelled = Arc::clone(studio.published.ruleset.cancelled());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let parts = if jobs.len() < PARALLEL_FROM { 1 } else { cores };
        let size = jobs.len().div_ceil(parts).max(1);
        let mut jobs = jobs;
        let mut tasks = Vec::new();
        while !jobs.is_empty() {
            let part: Vec<Job> = jobs.drain(..size.min(jobs.len())).collect();
            let studio = studio.clone();
            tasks.push(tokio::task::spawn_blocking(move || {
                let prepared = prepare(&studio, &part);
                part.into_iter().zip(prepared).collect::<Vec<_>>()
            }));
        }
        let all = async {
            let mut done = Vec::new();
            for task in tasks {
                done.extend(task.await.map_err(|_| WorkflowError::Interrupted)?);
            }
            Ok::<_, WorkflowError>(done)
        };
        tokio::pin!(all);
        match tokio::time::timeout(BACKSTOP, &mut all).await {
            Ok(done) => done,
            Err(_) => {
                cancelled.store(true, Ordering::Relaxed);
                let done = all.await;
                cancelled.store(false, Ordering::Relaxed);
                done
            }
        }
    }

    /// Commits, as often as the database says it is busy; the complaints that were written.
    pub(super) async fn commit(&self, commits: Vec<Commit>) -> Result<BTreeSet<ComplaintId>, WorkflowError> {
        if commits.is_empty() {
            return Ok(BTreeSet::new());
        }
        let has_deliveries = commits.iter().any(|c| !c.deliveries.is_empty());
        let mut attempt = 1;
        let committed = loop {
            match self.store.cases().commit(commits.clone()).await {
                Err(StoreError::Busy) if attempt < ATTEMPTS => attempt += 1,
                other => break other?,
            }
        };
        if has_deliveries {
            self.outbox.ring();
        }
        self.due.notify_one();
        Ok(committed.written.into_iter().collect())
    }

    /// Tells the quality manager of faults, once per rule and ruleset.
    pub(super) async fn tell_faults(&self, faults: &[(Case, Fault)]) -> Result<(), WorkflowError> {
        let studio = self.studio();
        let now = self.now().await?;
        for (case, fault) in faults {
            tracing::warn!(source = %fault.source, place = fault.place, "{}", fault.text);
            if !self.store.notices().tell_fault(&fault.source.subject(), &fault.ruleset, now).await? {
                continue;
            }
            let notification = Notification {
                ordinal: 1,
                recipient: studio.published.ruleset.procedure().faults_to.clone().into(),
                message: BuiltinMessage::RuleFault.as_str().into(),
                data: json!({
                    "rule": fault.source.subject(), "place": fault.place, "text": fault.text,
                    "ruleset": fault.ruleset.get(..12), "reference": case.complaint.reference(),
                }),
                source: Source::Engine,
            };
            let id = format!("fault/{}/{}", fault.ruleset, fault.source.subject());
            self.send_alone(&studio, id, &notification, now, None).await?;
        }
        Ok(())
    }

    /// Sends a notification that belongs to no complaint.
    pub(super) async fn send_alone(
        &self,
        studio: &Studio,
        id: String,
        notification: &Notification,
        now: Moment,
        ran: Option<(&str, Moment)>,
    ) -> Result<(), WorkflowError> {
        let nominal = ran.map(|(_, nominal)| nominal);
        self.send(studio, Sending::alone(id, notification, now, nominal), ran).await
    }

    pub(super) async fn send(
        &self,
        studio: &Studio,
        sending: Sending<'_>,
        ran: Option<(&str, Moment)>,
    ) -> Result<(), WorkflowError> {
        let now = sending.now;
        let rendered = studio.notification(sending);
        let (row, deliveries) = match rendered {
            Ok(rendered) => rendered,
            Err(e) => {
                tracing::error!("a message could not be rendered: {e}");
                return Ok(());
            }
        };
        let ruleset = studio.published.ruleset.hash();
        let run = ran.map(|(name, nominal)| ScheduleRun { name: name.to_owned(), nominal });
        let notice = Notice {
            at: now,
            ruleset,
            notifications: &[row],
            deliveries: &deliveries,
            events: &[],
            run: run.as_ref(),
        };
        self.store.notices().commit(notice).await?;
        self.outbox.ring();
        Ok(())
    }
}
