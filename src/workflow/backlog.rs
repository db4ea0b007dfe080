//! The complaints that wait to be settled, batch by batch. While one is written, the next is decided on ahead; of that counts
//! what would be decided all the same once the one before is there.

use super::settle::Decided;
use super::{Workflow, WorkflowError};
use crate::complaint::{ComplaintId, GroupKey};
use crate::progress::Part;
use crate::store::{Commit, Ready, StoreError};
use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

/// The most complaints in one transaction, which whoever acts meanwhile waits for; few in tests, which then see several.
pub(super) const BATCH: usize = if cfg!(test) { 3 } else { 100 };
/// The batches in a row of which nothing is written before others are left to do the work.
const IN_VAIN: u32 = 2;

/// What complaints wait for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Backlog<'b> {
    /// Their moment has come.
    Due,
    /// They came in, and nothing was decided on them yet.
    Undecided,
    /// They were evaluated under another ruleset or other settings than those of this stamp (docs/semantics.md 1.6).
    Stale(&'b str),
}

/// Where a backlog is left.
#[derive(Clone, Copy, Debug)]
pub(super) enum Until {
    /// Nothing is left of it.
    Nothing,
    /// Less than a batch is left of it.
    LessThanABatch,
}

impl Until {
    fn is_reached(self, batch: &[ComplaintId]) -> bool {
        match self {
            Self::Nothing => batch.is_empty(),
            Self::LessThanABatch => batch.len() < BATCH,
        }
    }
}

/// What became of a backlog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Worked {
    /// The decisions that were committed.
    pub decisions: usize,
    /// Complaints of one batch that were decided on again and again while others were faster: those do the work.
    pub left: usize,
}

/// What others may see otherwise once a batch is written.
struct Seen {
    complaints: HashSet<ComplaintId>,
    groups: HashSet<GroupKey>,
}

impl Seen {
    fn of(batch: &[Ready]) -> Self {
        Self {
            complaints: batch.iter().map(|ready| ready.commit().case.id).collect(),
            groups: batch.iter().flat_map(|ready| ready.commit().concerns.iter().cloned()).collect(),
        }
    }

    /// Returns whether a decision looked at none of it.
    fn is_beside(&self, commit: &Commit) -> bool {
        let case = &commit.case;
        case.related.iter().all(|other| !self.complaints.contains(&other.id))
            && case.groups.keys().all(|group| !self.groups.contains(group))
    }
}

impl Workflow {
    /// Settles a backlog until so much is left, or until `stop`; that stays in it. Leaves out the complaints of `stopped`,
    /// and adds those whose decision is stopped by the wall clock.
    pub(super) async fn work_off(
        &self,
        (backlog, until): (Backlog<'_>, Until),
        stopped: &mut BTreeSet<ComplaintId>,
        stop: &AtomicBool,
    ) -> Result<Worked, WorkflowError> {
        let (mut worked, mut ahead, mut in_vain) = (Worked::default(), Decided::default(), 0);
        while !stop.load(Ordering::Relaxed) {
            let batch = self.waiting(backlog, stopped).await?;
            if until.is_reached(&batch) {
                break;
            }
            let decided = self.decide_rest(&batch, ahead).await?;
            self.tell_all_stopped(&decided).await?;
            let before = stopped.len();
            stopped.extend(decided.stopped.keys());
            let seen = Seen::of(&decided.ready);
            let mut left: Vec<ComplaintId> =
                decided.ready.iter().map(|ready| ready.commit().case.id).collect();
            let (written, next) =
                tokio::join!(self.write(decided), self.decide_ahead(backlog, &batch, stopped));
            let written = written?;
            left.retain(|id| !written.contains(id));
            let again = self.settle(&left).await?;
            stopped.extend(again.stopped);
            ahead = next?;
            ahead.ready.retain(|ready| seen.is_beside(ready.commit()));
            let decisions = written.len() + again.decisions;
            worked.decisions += decisions;
            self.progress.moved(&Part::Scheduler);
            in_vain = if decisions == 0 && stopped.len() == before { in_vain + 1 } else { 0 };
            if in_vain == IN_VAIN {
                worked.left = batch.len();
                break;
            }
        }
        Ok(worked)
    }

    /// Decides on what comes behind a batch that is being written; nothing where it was not full.
    async fn decide_ahead(
        &self,
        backlog: Backlog<'_>,
        batch: &[ComplaintId],
        stopped: &BTreeSet<ComplaintId>,
    ) -> Result<Decided, WorkflowError> {
        if batch.len() < BATCH {
            return Ok(Decided::default());
        }
        let passed: BTreeSet<ComplaintId> = stopped.iter().chain(batch).copied().collect();
        let next = self.waiting(backlog, &passed).await?;
        self.decide(&next).await
    }

    /// Decides on a batch, as far as that was not done ahead.
    async fn decide_rest(&self, batch: &[ComplaintId], ahead: Decided) -> Result<Decided, WorkflowError> {
        let mut decided = ahead;
        decided.ready.retain(|ready| batch.contains(&ready.commit().case.id));
        decided.stopped.retain(|id, _| batch.contains(id));
        let ids: Vec<ComplaintId> = decided.ready.iter().map(|ready| ready.commit().case.id).collect();
        let versions = self.store.cases().versions(&ids).await?;
        decided.ready.retain(|ready| {
            let case = &ready.commit().case;
            versions.get(&case.id).is_some_and(|now| now + 1 == case.version)
        });
        let is_done: BTreeSet<ComplaintId> =
            decided.ready.iter().map(|r| r.commit().case.id).chain(decided.stopped.keys().copied()).collect();
        let rest: Vec<ComplaintId> = batch.iter().copied().filter(|id| !is_done.contains(id)).collect();
        decided.add(self.decide(&rest).await?);
        Ok(decided)
    }

    /// Returns the next batch of a backlog, without those that are `passed` over.
    async fn waiting(
        &self,
        backlog: Backlog<'_>,
        passed: &BTreeSet<ComplaintId>,
    ) -> Result<Vec<ComplaintId>, StoreError> {
        let (share, most, cases) = (self.share(), BATCH + passed.len(), self.store.cases());
        let mut waiting = match backlog {
            Backlog::Due => cases.due(share, self.now().await?, most).await?,
            Backlog::Undecided => cases.undecided(share, most).await?,
            Backlog::Stale(stamp) => cases.stale(share, stamp, most).await?,
        };
        waiting.retain(|id| !passed.contains(id));
        waiting.truncate(BATCH);
        Ok(waiting)
    }
}
