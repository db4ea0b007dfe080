//! The plan: what a candidate ruleset would do at once to every live complaint, by the evaluator of production and
//! without effects. Publishing recomputes it and compares digests.

use super::prepare::{Job, Prepared, Studio, finish};
use super::{Published, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Event, EventKind, Latch};
use crate::rules::{Input, Need, Outcome, Ruleset, Trigger, decide_all};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Complaints that are loaded and evaluated together.
const CHUNK: usize = 1_000;
/// Chunks under way at a time.
const CHUNKS: usize = 4;
/// Complaints that are shown one by one; the counts are of all.
const SHOWN: usize = 200;

/// What a rule would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RulePlan {
    pub fires: usize,
    /// Complaints for which it has fired and would no longer hold.
    pub no_longer: usize,
    pub faults: usize,
    /// Complaints for which it holds and is taken for fired (`--adopt`).
    pub adopted: usize,
    /// One of the complaints.
    pub example: String,
}

/// What would happen to one complaint at once.
#[derive(Clone, Debug, Serialize)]
pub struct ComplaintPlan {
    #[serde(skip)]
    pub id: ComplaintId,
    pub reference: String,
    pub fires: Vec<String>,
    pub adopted: Vec<String>,
    pub no_longer: Vec<String>,
    /// `decision_term armed`, `reply met`…
    pub deadlines: Vec<String>,
    /// `recipient message`.
    pub messages: Vec<String>,
    pub faults: Vec<String>,
    #[serde(skip)]
    pub events: Vec<Event>,
}

/// Rules by name, compared with those in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
    /// Old name to new.
    pub renamed: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    pub candidate: String,
    pub published: String,
    pub changes: Changes,
    /// Whether what holds already is to be taken for fired.
    pub adopts: bool,
    pub complaints: usize,
    pub closed: usize,
    pub affected: usize,
    /// Complaints for which something would happen at another moment than now planned.
    pub rescheduled: usize,
    pub rules: BTreeMap<String, RulePlan>,
    pub deadlines: BTreeMap<String, usize>,
    pub messages: BTreeMap<String, usize>,
    pub shown: Vec<ComplaintPlan>,
}

impl Plan {
    /// Whether publishing would send nothing and fail nowhere.
    pub fn is_silent(&self) -> bool {
        self.messages.is_empty() && self.rules.values().all(|r| r.faults == 0)
    }

    /// How many complainants would be written to.
    pub fn mails_to_complainants(&self) -> usize {
        self.messages.iter().filter(|(m, _)| m.starts_with("complainant ")).map(|(_, n)| n).sum()
    }

    /// What is approved: the texts and every count, but no complaint by name.
    pub fn digest(&self) -> String {
        let counts = json!({
            "candidate": self.candidate, "published": self.published, "adopts": self.adopts,
            "rules": self.rules.iter().map(|(n, r)| (n.clone(), json!([r.fires, r.no_longer, r.faults, r.adopted]))).collect::<BTreeMap<_, _>>(),
            "deadlines": self.deadlines, "messages": self.messages, "affected": self.affected,
        });
        Sha256::digest(counts.to_string()).iter().take(8).map(|b| format!("{b:02x}")).collect()
    }

    pub fn to_json(&self) -> Value {
        let mut value = json!(self);
        value["digest"] = json!(self.digest());
        value
    }

    fn add(&mut self, effect: Effect) {
        self.rescheduled += usize::from(effect.is_rescheduled);
        let c = effect.complaint;
        let lists = [&c.fires, &c.no_longer, &c.faults, &c.deadlines, &c.messages];
        let is_affected = lists.iter().any(|list| !list.is_empty());
        if !is_affected && c.adopted.is_empty() {
            return;
        }
        self.affected += usize::from(is_affected);
        let mut count = |names: &[String], what: fn(&mut RulePlan)| {
            for name in names {
                let rule = self.rules.entry(name.clone()).or_default();
                what(rule);
                if rule.example.is_empty() {
                    rule.example = c.reference.clone();
                }
            }
        };
        count(&c.fires, |r| r.fires += 1);
        count(&c.no_longer, |r| r.no_longer += 1);
        count(&c.faults, |r| r.faults += 1);
        count(&c.adopted, |r| r.adopted += 1);
        c.deadlines.iter().for_each(|d| *self.deadlines.entry(d.clone()).or_insert(0) += 1);
        c.messages.iter().for_each(|m| *self.messages.entry(m.clone()).or_insert(0) += 1);
        if self.shown.len() < SHOWN {
            self.shown.push(c);
        }
    }
}

struct Effect {
    complaint: ComplaintPlan,
    is_rescheduled: bool,
}

/// What is asked of a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlanOptions {
    /// How many of the newest finished complaints are looked at as well.
    pub sample_closed: usize,
    /// Take what holds already for fired.
    pub adopt: bool,
}

impl Workflow {
    /// Plans the publication of `candidate`. `progress` hears how many complaints are done, and of how many.
    pub async fn plan(
        &self,
        candidate: Arc<Published>,
        options: PlanOptions,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Plan, WorkflowError> {
        let published = self.published();
        let now = self.now().await?;
        let mut ids = self.store.cases().live_ids().await?;
        let live = ids.len();
        ids.extend(self.store.cases().newest_finished(options.sample_closed).await?);
        let mut plan = Plan {
            candidate: candidate.ruleset.hash().to_owned(),
            published: published.ruleset.hash().to_owned(),
            changes: changes(&candidate.ruleset, &published.ruleset),
            adopts: options.adopt,
            complaints: live,
            closed: ids.len() - live,
            affected: 0,
            rescheduled: 0,
            rules: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            messages: BTreeMap::new(),
            shown: Vec::new(),
        };
        let studio = Studio { published: candidate, ..self.studio() };
        let adopt_at = options.adopt.then_some(now);
        let mut chunks = ids.chunks(CHUNK).map(<[ComplaintId]>::to_vec).collect::<Vec<_>>().into_iter();
        let mut under_way = JoinSet::new();
        let mut effects = Vec::new();
        let mut done = 0;
        loop {
            while under_way.len() < CHUNKS {
                let Some(chunk) = chunks.next() else { break };
                let (store, studio, published) = (self.store.clone(), studio.clone(), Arc::clone(&published));
                under_way.spawn(async move {
                    let cases = store.cases().load(&chunk).await?;
                    let count = cases.len();
                    let (studio, cases, outcomes) = {
                        let work = move || {
                            let outcomes = decided(&studio, &cases, now, adopt_at);
                            (studio, cases, outcomes)
                        };
                        tokio::task::spawn_blocking(work).await.map_err(|_| WorkflowError::Interrupted)?
                    };
                    let (mut cases, mut outcomes) = (cases, outcomes);
                    // Few rules ask about the text of the mail; only their complaints have it loaded.
                    let asks = |o: &Outcome| matches!(o, Outcome::Needs(Need::Text));
                    for place in (0..cases.len()).filter(|i| asks(&outcomes[*i])).collect::<Vec<_>>() {
                        cases[place].text = Some(store.cases().text(cases[place].id).await?.into());
                        let again = decided(&studio, &cases[place..=place], now, adopt_at).pop();
                        outcomes[place] = again.unwrap_or(Outcome::Cancelled);
                    }
                    let work =
                        move || (effects_of(&studio, &published, cases, outcomes, now, adopt_at), count);
                    tokio::task::spawn_blocking(work).await.map_err(|_| WorkflowError::Interrupted)
                });
            }
            let Some(finished) = under_way.join_next().await else { break };
            let (found, count) = finished.map_err(|_| WorkflowError::Interrupted)??;
            effects.extend(found);
            done += count;
            progress(done, ids.len());
        }
        // Chunks finish in any order; the plan does not show it.
        effects.sort_by_key(|e| e.complaint.id);
        effects.into_iter().for_each(|e| plan.add(e));
        Ok(plan)
    }
}

fn decided(studio: &Studio, cases: &[Case], now: Moment, adopt_at: Option<Moment>) -> Vec<Outcome> {
    decide_all(&studio.published.ruleset, &studio.settings.calendar, inputs(cases, now, adopt_at))
}

fn inputs(cases: &[Case], now: Moment, adopt_at: Option<Moment>) -> Vec<Input> {
    let input = |case: &Case| Input {
        case: case.clone(),
        trigger: Trigger::Due,
        now,
        unrenderable: Vec::new(),
        adopt_at,
    };
    cases.iter().map(input).collect()
}

fn effects_of(
    studio: &Studio,
    published: &Published,
    cases: Vec<Case>,
    outcomes: Vec<Outcome>,
    now: Moment,
    adopt_at: Option<Moment>,
) -> Vec<Effect> {
    let effects = outcomes.into_iter().zip(&cases).filter_map(|(outcome, case)| {
        // Most complaints are not touched; only those that are get their messages rendered.
        let untouched = match &outcome {
            Outcome::Decided(d) => d.is_empty() && d.new_faults.is_empty(),
            _ => false,
        };
        let lost = match &outcome {
            Outcome::Decided(d) => lost(&case.latches, &d.case.latches, &studio.published.ruleset),
            _ => Vec::new(),
        };
        let wake_at = match &outcome {
            Outcome::Decided(d) => d.wake_at,
            _ => case.wake_at,
        };
        let is_rescheduled = wake_at != case.wake_at;
        if untouched && lost.is_empty() {
            let complaint = blank(case);
            return is_rescheduled.then_some(Effect { complaint, is_rescheduled });
        }
        let job = Job {
            input: inputs(std::slice::from_ref(case), now, adopt_at).pop()?,
            consumed: None,
            has_more: false,
        };
        let baseline = baseline(published, studio, case, now);
        Some(Effect { complaint: effect(studio, &job, outcome, case, lost, &baseline), is_rescheduled })
    });
    effects.collect()
}

fn blank(case: &Case) -> ComplaintPlan {
    ComplaintPlan {
        id: case.id,
        reference: case.complaint.reference().to_owned(),
        fires: Vec::new(),
        adopted: Vec::new(),
        no_longer: Vec::new(),
        deadlines: Vec::new(),
        messages: Vec::new(),
        faults: Vec::new(),
        events: Vec::new(),
    }
}

/// Latches that the candidate lets go: the rule has fired, and its condition no longer holds or it is gone.
fn lost(before: &[Latch], after: &[Latch], candidate: &Ruleset) -> Vec<String> {
    let is_kept = |l: &&Latch| {
        let name = candidate.current_name(l.rule.as_str());
        name.is_some_and(|name| after.iter().any(|a| a.rule == *name && a.element == l.element))
    };
    before.iter().filter(|l| !is_kept(l)).map(|l| l.rule.to_string()).collect()
}

/// The rules that would fire under the ruleset in force, to name those that no longer do.
fn baseline(published: &Published, studio: &Studio, case: &Case, now: Moment) -> BTreeSet<String> {
    let outcome = decide_all(
        &published.ruleset,
        &studio.settings.calendar,
        inputs(std::slice::from_ref(case), now, None),
    )
    .pop();
    match outcome {
        Some(Outcome::Decided(d)) => fired(&d.events).into_iter().collect(),
        _ => BTreeSet::new(),
    }
}

fn fired(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .filter(|e| e.kind == EventKind::RuleFired)
        .filter_map(|e| e.origin.source.name().map(str::to_owned))
        .collect()
}

fn effect(
    studio: &Studio,
    job: &Job,
    outcome: Outcome,
    case: &Case,
    lost: Vec<String>,
    baseline: &BTreeSet<String>,
) -> ComplaintPlan {
    let mut plan = blank(case);
    match finish(studio, job, outcome) {
        Prepared::Commit(commit, faults) => {
            plan.fires = fired(&commit.events);
            let adopted = commit.events.iter().filter(|e| e.kind == EventKind::Adopted);
            let names = adopted.filter_map(|e| e.data["rules"].as_array()).flatten();
            plan.adopted = names.filter_map(|n| n.as_str().map(str::to_owned)).collect();
            plan.faults = faults.into_iter().map(|f| f.source.subject()).collect();
            plan.messages =
                commit.notifications.iter().map(|n| format!("{} {}", n.recipient, n.message)).collect();
            plan.deadlines = commit.events.iter().filter_map(deadline_change).collect();
            plan.events = commit.events;
        }
        Prepared::Refused(text) => plan.faults = vec![text],
        Prepared::Needs(_) | Prepared::Cancelled => plan.faults = vec!["not evaluated".to_owned()],
    }
    let gone = baseline.iter().filter(|rule| !plan.fires.contains(rule)).cloned();
    plan.no_longer = lost.into_iter().chain(gone).collect::<BTreeSet<_>>().into_iter().collect();
    plan
}

fn deadline_change(event: &Event) -> Option<String> {
    let verb = match event.kind {
        EventKind::DeadlineArmed if event.data["replaces_due"].is_null() => "armed",
        EventKind::DeadlineArmed => "moved",
        EventKind::DeadlineMet => "met",
        EventKind::DeadlineCancelled => "cancelled",
        EventKind::DeadlineBreached => "breached",
        _ => return None,
    };
    Some(format!("{} {verb}", event.data["deadline"].as_str()?))
}

fn changes(candidate: &Ruleset, published: &Ruleset) -> Changes {
    let renamed = candidate.renames_since(published);
    let (new, old) = (candidate.texts(), published.texts());
    let is_renamed = |name: &str| renamed.contains_key(name) || renamed.values().any(|n| n == name);
    let names = |of: &BTreeMap<String, String>, keep: &dyn Fn(&str) -> bool| -> Vec<String> {
        of.keys().filter(|name| keep(name) && !is_renamed(name)).cloned().collect()
    };
    Changes {
        added: names(&new, &|n| !old.contains_key(n)),
        changed: names(&new, &|n| old.get(n).is_some_and(|text| *text != new[n])),
        removed: names(&old, &|n| !new.contains_key(n)),
        renamed,
    }
}
