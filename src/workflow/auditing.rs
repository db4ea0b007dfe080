//! What an auditor looks at on the page: whether the trail holds, walked through behind the request and by one at a time in a
//! process; its head, and to whom that was given; and who looked at which complaint.

use super::visibility::viewer;
use super::walks::{Walked, Walking};
use super::{Workflow, WorkflowError};
use crate::calendar::{Date, Moment};
use crate::store::{Audit, Look, LookPlace};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The walks until an end that others are writing at counts as broken.
const TRIES: usize = 3;

/// The trail as an auditor finds it.
#[derive(Clone, Debug)]
pub struct TrailStanding {
    /// The last walk through all of it in this process.
    pub walked: Option<Walked>,
    /// The events that the walk under way has passed, and how many there are; none while there is no walk.
    pub under_way: Option<(i64, i64)>,
    /// The moment of its first event; none before.
    pub begun_at: Option<Moment>,
    /// The place and the hash of the newest event.
    pub head: String,
    /// The day on which the head was last given out, and its place; none where it never was.
    pub told: Option<(Date, i64)>,
}

/// A page of who looked at what.
#[derive(Clone, Debug)]
pub struct LooksPage {
    /// The looks, the newest hour first.
    pub looks: Vec<Look>,
    /// The place after which the next page begins; none where this is the last.
    pub next: Option<LookPlace>,
}

impl Workflow {
    /// Returns whether somebody may see what auditors do: who sees every complaint that is not about them.
    pub async fn audits(&self, person: &str) -> Result<bool, WorkflowError> {
        Ok(!self.records().reads_open(person).await?)
    }

    /// Returns how the trail stands. Where it was not walked through within the hour, that begins.
    pub async fn trail_standing(self: &Arc<Self>) -> Result<TrailStanding, WorkflowError> {
        let (now, trail) = (self.now().await?, self.store.trail());
        let all = trail.last_event().await?;
        if let Some(walking) = self.walks.begin(now, all) {
            let workflow = Arc::clone(self);
            tokio::spawn(async move { workflow.walk(now, &walking).await });
        }
        let told = trail.head_told().await?.map(|told| (told.on, told.seq));
        let (begun_at, head) = (trail.begun_at().await?, trail.head().await?);
        let walks = self.walks.now();
        let under_way = walks.under_way.as_ref().map(|w| (w.done.load(Ordering::Relaxed).min(w.all), w.all));
        Ok(TrailStanding { walked: walks.last, under_way, begun_at, head, told })
    }

    async fn walk(&self, at: Moment, walking: &Walking) {
        let progress = |done: i64| walking.done.store(done, Ordering::Relaxed);
        let mut found = self.store.trail().verify_telling(&progress).await;
        for _ in 1..TRIES {
            // What is written while the end is looked at makes it look cut: it is looked at again.
            let is_new = matches!(found, Ok(Audit::Broken { seq }) if seq > walking.all);
            if !is_new {
                break;
            }
            found = self.store.trail().verify_telling(&progress).await;
        }
        if let Err(e) = &found {
            tracing::error!("the trail could not be walked through: {e}");
        }
        let mut walks = self.walks.now();
        walks.last = Some(Walked { at, found: found.ok() });
        walks.under_way = None;
    }

    /// Returns a page of who looked at complaints, as somebody may see it who sees all, of at most `limit` looks; none for
    /// anybody else.
    pub async fn looks_page(
        &self,
        person: &str,
        after: Option<&LookPlace>,
        limit: usize,
    ) -> Result<Option<LooksPage>, WorkflowError> {
        if !self.audits(person).await? {
            return Ok(None);
        }
        self.views.settle().await?;
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let viewer = viewer(&settings, published.ruleset.procedure(), person, now);
        // One more than is shown says whether there is more.
        let mut looks = self.store.views().newest(&viewer, after, limit + 1).await?;
        let has_more = looks.len() > limit;
        looks.truncate(limit);
        let next = looks.last().filter(|_| has_more).map(|last| LookPlace {
            hour: last.hour,
            complaint_id: last.complaint_id,
            email: last.email.clone(),
        });
        // The condition in the store may let through what a rare course of deputies keeps back.
        looks.retain(|look| self.sees(look.facts(), person, now));
        Ok(Some(LooksPage { looks, next }))
    }
}
