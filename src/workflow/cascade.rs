//! `Cascade`: the decisions that follow at once on the first ones of a plan, in the batches and the order in
//! which production takes them, on copies of the complaints concerned. Nothing is stored.

use super::backlog::BATCH;
use super::effects::{NOT_EVALUATED, Reach, baseline, no_longer, record};
use super::plan::{ComplaintPlan, Effect};
use super::plan_ground::{ALL, Ground, Waiting};
use super::prepare::{Job, Prepared};
use super::{Workflow, WorkflowError, triggers};
use crate::complaint::{Case, ComplaintId, Group, GroupKey, Member, Related, is_seen_otherwise};
use crate::rules::Trigger;
use crate::store::{Commit, Share};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// The most decisions about one complaint; more of them at once are a circle, and a failure of the plan.
const DECISIONS: usize = 100;
/// Stands among the faults of a complaint that does not come to rest.
const RESTLESS: &str = "does not come to rest";

/// The complaints from which something follows.
#[derive(Debug, Default)]
pub(super) struct Seeds {
    again: Vec<ComplaintId>,
    others: Vec<ComplaintId>,
}

impl Seeds {
    /// Adds a complaint, if its first decision reaches far enough.
    pub fn add(&mut self, id: ComplaintId, reach: Reach) {
        match reach {
            Reach::Itself => {}
            Reach::Others => self.others.push(id),
            Reach::Again => self.again.push(id),
        }
    }
}

/// A complaint as it would be after what was decided about it so far.
struct Ahead {
    before: Arc<Case>,
    case: Case,
    is_live: bool,
    plan: ComplaintPlan,
}

/// A decision's meaning for the complaints that list its complaint.
struct Change {
    id: ComplaintId,
    /// They are due at once.
    wakes: bool,
    /// The groups whose complaints are due at once.
    groups: Vec<GroupKey>,
}

/// What a decision sees of other complaints.
#[derive(Clone, Copy)]
enum Sight {
    /// What the store holds.
    Stored,
    /// What has become of them.
    Ahead,
}

pub(super) struct Cascade<'w> {
    workflow: &'w Workflow,
    ground: Ground,
    /// The batch in which each complaint is evaluated anew.
    batches: HashMap<ComplaintId, usize>,
    /// The batches that have been committed.
    done: usize,
    /// The complaints that are still to be decided on in their batch.
    to_come: BTreeMap<usize, BTreeSet<ComplaintId>>,
    waiting: Waiting,
    ahead: BTreeMap<ComplaintId, Ahead>,
    /// Changed by their first decision, but listed by no complaint of the store.
    unlisted: HashSet<ComplaintId>,
}

impl<'w> Cascade<'w> {
    /// Prepares what follows from `seeds`; `stale` are the complaints that are evaluated anew, in order.
    pub async fn new(
        workflow: &'w Workflow,
        ground: Ground,
        stale: &[ComplaintId],
        seeds: Seeds,
    ) -> Result<Self, WorkflowError> {
        let cases = ground.store.cases();
        let due = cases.due(Share::ALL, ground.now, ALL).await?;
        let listed: HashSet<ComplaintId> =
            cases.listing(&seeds.others).await?.into_iter().map(|(_, listed)| listed).collect();
        let (seeded, unlisted): (Vec<_>, Vec<_>) =
            seeds.others.into_iter().partition(|id| listed.contains(id));
        let is_idle = due.is_empty() && seeded.is_empty() && seeds.again.is_empty();
        let stale = if is_idle { &[] } else { stale };
        let batches = stale.iter().enumerate().map(|(place, id)| (*id, place / BATCH)).collect();
        let waiting = Waiting::clone(&ground.waiting);
        let mut cascade = Self {
            workflow,
            ground,
            batches,
            done: 0,
            to_come: BTreeMap::new(),
            waiting,
            ahead: BTreeMap::new(),
            unlisted: unlisted.into_iter().collect(),
        };
        seeded.into_iter().chain(seeds.again).for_each(|id| cascade.expect(id));
        // What is evaluated anew is no longer due; the rest is.
        let due: Vec<ComplaintId> = due.into_iter().filter(|id| !cascade.batches.contains_key(id)).collect();
        cascade.bring(&due).await?;
        Ok(cascade)
    }

    /// Takes the decisions; the effects on every complaint that was decided about.
    pub async fn run(mut self) -> Result<Vec<Effect>, WorkflowError> {
        while let Some((&batch, ids)) = self.to_come.first_key_value() {
            self.done = batch;
            let ids: Vec<ComplaintId> = ids.iter().copied().collect();
            self.bring(&ids).await?;
            self.bring_seen(&ids).await?;
            if self.to_come.get(&batch).is_some_and(|expected| expected.len() > ids.len()) {
                // Others of the batch have come into sight.
                continue;
            }
            self.to_come.remove(&batch);
            let changes = self.decide(&ids, Sight::Ahead).await?;
            self.done = batch + 1;
            self.spread(changes).await?;
        }
        self.done = usize::MAX;
        loop {
            let due = self.due();
            if due.is_empty() {
                return Ok(self.into_effects());
            }
            self.bring_seen(&due).await?;
            let changes = self.decide(&due, Sight::Ahead).await?;
            self.spread(changes).await?;
        }
    }

    /// Has a complaint decided on in its batch, if that is still to come.
    fn expect(&mut self, id: ComplaintId) {
        if let Some(batch) = self.batches.get(&id).filter(|batch| **batch >= self.done) {
            self.to_come.entry(*batch).or_default().insert(id);
        }
    }

    /// Returns the next batch of what is due, as ticks take it.
    fn due(&mut self) -> Vec<ComplaintId> {
        let reached = self.ahead.values().map(|a| a.case.decided_at).max();
        let now = reached.map_or(self.ground.now, |at| at.max(self.ground.now));
        let mut due = Vec::new();
        for (id, ahead) in &mut self.ahead {
            let Some(at) = ahead.case.wake_at.filter(|at| *at <= now) else { continue };
            if ahead.plan.decisions < DECISIONS {
                due.push((at, *id));
            } else {
                ahead.case.wake_at = None;
                ahead.plan.faults.push(RESTLESS.to_owned());
            }
        }
        due.sort_unstable();
        due.into_iter().take(BATCH).map(|(_, id)| id).collect()
    }

    /// Loads complaints that are not here yet, and decides about those whose batch is over as it did.
    async fn bring(&mut self, ids: &[ComplaintId]) -> Result<(), WorkflowError> {
        let absent: Vec<ComplaintId> =
            ids.iter().copied().filter(|id| !self.ahead.contains_key(id)).collect();
        for before in self.ground.store.cases().load(&absent).await? {
            let is_live = !self.ground.in_force.ruleset.procedure().is_terminal(&before.complaint.state);
            let (case, plan) = (before.clone(), ComplaintPlan::untouched(&before));
            self.ahead.insert(before.id, Ahead { before: Arc::new(before), case, is_live, plan });
        }
        let is_over = |id: &ComplaintId| self.batches.get(id).is_some_and(|batch| *batch < self.done);
        let (over, to_come): (Vec<_>, Vec<_>) = absent.into_iter().partition(is_over);
        to_come.into_iter().for_each(|id| self.expect(id));
        if !over.is_empty() {
            // Nothing that they list had changed before their batch, or they would have been expected there;
            // and nothing listed them that has looked since.
            self.decide(&over, Sight::Stored).await?;
        }
        Ok(())
    }

    /// Brings what these complaints list and the store does not show as it is by now: complaints of which
    /// they have learned since, and such as have changed without being listed by anybody.
    async fn bring_seen(&mut self, ids: &[ComplaintId]) -> Result<(), WorkflowError> {
        let mut seen = BTreeSet::new();
        for ahead in ids.iter().filter_map(|id| self.ahead.get(id)) {
            let is_shown = |id: &ComplaintId| ahead.before.related.iter().any(|r| r.id == *id);
            let listed = ahead.case.complaint.links.iter().map(|link| link.other);
            seen.extend(listed.filter(|id| self.unlisted.contains(id) || !is_shown(id)));
        }
        self.bring(&seen.into_iter().collect::<Vec<_>>()).await
    }

    /// Decides about complaints as one batch does: about all of them on what stood before it.
    async fn decide(&mut self, ids: &[ComplaintId], sight: Sight) -> Result<Vec<Change>, WorkflowError> {
        let jobs = ids.iter().filter_map(|id| self.job(*id, sight)).collect();
        let mut commits = Vec::new();
        let members = self.members(sight);
        let overlay = |key: &GroupKey, group: Group| members.shown(key, group);
        let renderer = &self.ground.renderer;
        for (job, prepared) in self.workflow.prepare_seeing(renderer, jobs, &overlay).await? {
            let before = job.input.case;
            match prepared {
                Prepared::Commit(mut commit, faults) => {
                    // As a batch finds them before any of it is written.
                    if commit.sender_changed {
                        let others = self.of_sender(&commit.case.complaint.complainant.email).await?;
                        commit.add_candidates(others);
                    }
                    commits.push((before, commit, faults));
                }
                Prepared::Needs(_) | Prepared::Cancelled => {
                    self.ahead.entry(before.id).and_modify(Ahead::give_up);
                }
            }
        }
        let mut changes = Vec::new();
        for (before, commit, faults) in commits {
            let (id, wakes, groups) = (commit.case.id, commit.concerns_others, commit.concerns.clone());
            if wakes || !groups.is_empty() || is_seen_otherwise(&before.complaint, &commit.case.complaint) {
                changes.push(Change { id, wakes, groups });
            }
            if let Some(ahead) = self.ahead.get_mut(&id) {
                record(&mut ahead.plan, &commit, faults, &self.ground.renderer.settings.calendar);
                ahead.accept(*commit);
            }
        }
        Ok(changes)
    }

    /// Returns what is decided about a complaint next: its oldest trigger, on what it sees.
    fn job(&mut self, id: ComplaintId, sight: Sight) -> Option<Job> {
        let ahead = self.ahead.get(&id)?;
        let mut case = ahead.case.clone();
        case.groups.clear();
        let seen = case.complaint.links.iter().filter_map(|link| {
            let other = match sight {
                Sight::Stored => None,
                Sight::Ahead => self.ahead.get(&link.other),
            };
            let stored = || ahead.before.related.iter().find(|r| r.id == link.other);
            match other {
                Some(other) => Some(other.case.related(link.kind)),
                None => stored().map(|stored| Related { kind: link.kind, ..stored.clone() }),
            }
        });
        case.related = seen.collect();
        let triggers = self.waiting.get_mut(&id);
        let (next, has_more) = triggers.map_or((None, false), |t| (t.pop_front(), !t.is_empty()));
        let trigger = next.map_or(Trigger::Due, |text| triggers::read(&text));
        let input = self.ground.renderer.published.input(case, trigger, self.ground.now);
        Some(Job { has_more, ..Job::of(input) })
    }

    /// Returns the complaints of a sender as a batch finds them, newest first.
    async fn of_sender(&self, email: &str) -> Result<Vec<ComplaintId>, WorkflowError> {
        let stored = self.ground.store.cases().of_sender(email).await?;
        let mut found: BTreeSet<ComplaintId> =
            stored.into_iter().filter(|id| !self.ahead.contains_key(id)).collect();
        let is_same = |a: &&Ahead| !email.is_empty() && a.case.complaint.complainant.email == email;
        found.extend(self.ahead.values().filter(is_same).map(|a| a.case.id));
        Ok(found.into_iter().rev().collect())
    }

    /// Has those that list a changed complaint look again: in their batch, if that is still to come, or else
    /// because they are due.
    async fn spread(&mut self, changes: Vec<Change>) -> Result<(), WorkflowError> {
        let ids: Vec<ComplaintId> = changes.iter().map(|c| c.id).collect();
        let mut listing: BTreeSet<(ComplaintId, ComplaintId)> =
            self.ground.store.cases().listing(&ids).await?.into_iter().collect();
        for ahead in self.ahead.values() {
            let listed = ahead.case.complaint.links.iter().filter(|link| ids.contains(&link.other));
            listing.extend(listed.map(|link| (ahead.case.id, link.other)));
        }
        let mut woken = BTreeSet::new();
        for (id, changed) in listing {
            if self.batches.get(&id).is_some_and(|batch| *batch >= self.done) {
                self.expect(id);
            } else if changes.iter().any(|c| c.id == changed && c.wakes) {
                woken.insert(id);
            }
        }
        for id in self.grouped_with(&changes).await? {
            if self.batches.get(&id).is_some_and(|batch| *batch >= self.done) {
                self.expect(id);
            } else {
                woken.insert(id);
            }
        }
        let woken: Vec<ComplaintId> = woken.into_iter().collect();
        self.bring(&woken).await?;
        for id in woken {
            if let Some(ahead) = self.ahead.get_mut(&id).filter(|ahead| ahead.is_live) {
                let now = self.ground.now.max(ahead.case.decided_at);
                ahead.case.wake_at = Some(crate::complaint::woken(ahead.case.wake_at, now));
                ahead.case.version += 1;
            }
        }
        Ok(())
    }

    /// Returns the complaints of the groups that changed, those alone that changed them left out.
    async fn grouped_with(&self, changes: &[Change]) -> Result<BTreeSet<ComplaintId>, WorkflowError> {
        let keys: BTreeSet<&GroupKey> = changes.iter().flat_map(|c| &c.groups).collect();
        let keys: Vec<GroupKey> = keys.into_iter().cloned().collect();
        let stored = self.ground.store.cases().grouped(&keys).await?;
        let mut grouped: BTreeSet<(ComplaintId, GroupKey)> =
            stored.into_iter().filter(|(id, _)| !self.ahead.contains_key(id)).collect();
        for ahead in self.ahead.values().filter(|a| !a.case.evaluated_under.is_empty()) {
            let own =
                keys.iter().filter(|key| GroupKey::of(&key.by, &ahead.case.complaint).as_ref() == Some(*key));
            grouped.extend(own.map(|key| (ahead.case.id, key.clone())));
        }
        let is_other = |(id, key): &(ComplaintId, GroupKey)| {
            changes.iter().any(|c| c.id != *id && c.groups.contains(key))
        };
        Ok(grouped.into_iter().filter(is_other).map(|(id, _)| id).collect())
    }

    /// Returns what the complaints that are here show to others of their groups.
    fn members(&self, sight: Sight) -> Members {
        let grouping = self.ground.renderer.published.ruleset.grouping();
        match sight {
            Sight::Ahead if !grouping.is_empty() => {
                let evaluated = self.ahead.values().filter(|a| !a.case.evaluated_under.is_empty());
                let shown = |a: &Ahead| {
                    let (id, complaint) = (a.case.id, &a.case.complaint);
                    (id, (grouping.keys(complaint), Arc::new(Member::of(id, complaint))))
                };
                Members(evaluated.map(shown).collect())
            }
            _ => Members::default(),
        }
    }

    fn into_effects(self) -> Vec<Effect> {
        let Ground { renderer, in_force, now, .. } = &self.ground;
        let decided = self.ahead.into_values().filter(|ahead| ahead.plan.decisions > 0);
        let effect = |ahead: Ahead| {
            let Ahead { before, case, mut plan, .. } = ahead;
            let is_rescheduled = case.wake_at != before.wake_at;
            let would_fire =
                if plan.events.is_empty() { Vec::new() } else { baseline(renderer, in_force, &before, *now) };
            plan.no_longer = no_longer(&before, &case, &renderer.published, would_fire, &plan);
            Effect { complaint: plan, is_rescheduled }
        };
        decided.map(effect).collect()
    }
}

/// What complaints show to others of their groups, that the store does not show so yet.
#[derive(Default)]
struct Members(BTreeMap<ComplaintId, (Vec<GroupKey>, Arc<Member>)>);

impl Members {
    /// Returns a group of the store as it would be.
    fn shown(&self, key: &GroupKey, stored: Group) -> Group {
        if self.0.is_empty() {
            return stored;
        }
        let others = stored.members.into_iter().filter(|m| !self.0.contains_key(&m.id));
        let own = self.0.values().filter(|(keys, _)| keys.contains(key)).map(|(_, m)| Arc::clone(m));
        let group = Group::of(others.chain(own).collect());
        Group { is_cut: group.is_cut || stored.is_cut, ..group }
    }
}

impl Ahead {
    /// Takes a decision over as the store does.
    fn accept(&mut self, commit: Commit) {
        let Commit { case, wake_at, is_live, stamp, .. } = commit;
        self.case = Case { wake_at, evaluated_under: stamp, ..case };
        self.is_live = is_live;
    }

    /// Leaves a complaint about which nothing can be decided.
    fn give_up(&mut self) {
        self.plan.faults.push(NOT_EVALUATED.to_owned());
        self.plan.decisions += 1;
        self.case.wake_at = None;
    }
}
