//! The plan: what a candidate ruleset would do at once to every live complaint, by the evaluator of
//! production and without effects. Publishing recomputes it and compares digests.

use crate::complaint::{Case, ComplaintId, Event, EventKind};
use crate::rules::{Renames, Ruleset};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The most complaints that are shown one by one; the counts are of all.
const SHOWN: usize = 200;

/// The effects that one rule would have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RulePlan {
    /// The complaints for which it would fire.
    pub fires: usize,
    /// The complaints for which it has fired and would no longer hold.
    pub no_longer: usize,
    /// The complaints for which it would fail.
    pub faults: usize,
    /// The complaints for which it holds and is taken for fired (`--adopt`).
    pub adopted: usize,
    /// The number or intake id of one of the complaints.
    pub example: String,
}

/// The effects on one complaint at once.
#[derive(Clone, Debug, Serialize)]
pub struct ComplaintPlan {
    /// The store's key.
    #[serde(skip)]
    pub id: ComplaintId,
    /// The number, or the intake id without one.
    pub reference: String,
    /// The number of decisions about it at once; what a decision leads to may ask for another.
    pub decisions: usize,
    /// The rules that would fire.
    pub fires: Vec<String>,
    /// The rules that hold and are taken for fired.
    pub adopted: Vec<String>,
    /// The rules that have fired and would no longer hold.
    pub no_longer: Vec<String>,
    /// The states that it would enter, in order.
    pub states: Vec<String>,
    /// The changes of deadlines: `decision_term armed`, `reply met`…
    pub deadlines: Vec<String>,
    /// The messages that would be sent, as `recipient message`.
    pub messages: Vec<String>,
    /// The number of them that are for the complainant.
    #[serde(skip)]
    pub letters: usize,
    /// The failures, in words.
    pub faults: Vec<String>,
    /// Everything that would happen to it and everybody who would be written to, in the words of the digest.
    #[serde(skip)]
    pub gets: Vec<String>,
    /// The events that would be recorded.
    #[serde(skip)]
    pub events: Vec<Event>,
}

impl ComplaintPlan {
    /// Returns the plan for a complaint that nothing happens to.
    pub(super) fn untouched(case: &Case) -> Self {
        Self {
            id: case.id,
            reference: case.complaint.reference().to_owned(),
            decisions: 0,
            fires: Vec::new(),
            adopted: Vec::new(),
            no_longer: Vec::new(),
            states: Vec::new(),
            deadlines: Vec::new(),
            messages: Vec::new(),
            letters: 0,
            faults: Vec::new(),
            gets: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Returns whether anything would happen to it, beside rules that are taken for fired.
    fn is_affected(&self) -> bool {
        let lists = [&self.fires, &self.no_longer, &self.faults];
        let happens = |e: &Event| e.kind != EventKind::Adopted;
        lists.iter().any(|list| !list.is_empty()) || self.events.iter().any(happens)
    }
}

/// The effects on one complaint, and whether anything would happen at another moment than now planned.
pub(super) struct Effect {
    pub complaint: ComplaintPlan,
    pub is_rescheduled: bool,
}

/// The runs of a schedule that are due at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SchedulePlan {
    /// The number of runs.
    pub runs: usize,
    /// The messages that would be sent, as `recipient message`.
    pub messages: Vec<String>,
    /// The number of failures.
    pub faults: usize,
}

/// Rules, actions and schedules by name, compared with those in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
    /// Old name to new.
    pub renamed: Renames,
}

/// The effects of a candidate ruleset on every live complaint, if it came in force now: everything that
/// follows without time passing and without an answer from outside.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The hash of the candidate.
    pub candidate: String,
    /// The hash of the ruleset in force.
    pub published: String,
    /// The rules that differ.
    pub changes: Changes,
    /// True when rules that hold already are to be taken for fired.
    pub adopts: bool,
    /// The live complaints.
    pub complaints: usize,
    /// The finished complaints that were looked at as well.
    pub closed: usize,
    /// The complaints to which something would happen.
    pub affected: usize,
    /// The complaints for which something would happen at another moment than now planned.
    pub rescheduled: usize,
    /// The effects by rule.
    pub rules: BTreeMap<String, RulePlan>,
    /// The changes of deadlines with their counts: `decision_term armed`…
    pub deadlines: BTreeMap<String, usize>,
    /// The messages with their counts, as `recipient message`.
    pub messages: BTreeMap<String, usize>,
    /// The number of messages that are for complainants.
    #[serde(skip)]
    pub letters: usize,
    /// The schedules that would run at once, by name.
    pub schedules: BTreeMap<String, SchedulePlan>,
    /// The first complaints to which something would happen.
    pub shown: Vec<ComplaintPlan>,
    /// The finished complaints on which the ruleset would have effects if they were not finished. Nothing of
    /// it happens.
    pub finished: Vec<ComplaintPlan>,
    /// The hash over who gets what, of all complaints, in hexadecimal.
    pub effects: String,
}

impl Plan {
    /// Returns whether publishing would send nothing and fail nowhere.
    pub fn is_silent(&self) -> bool {
        let fails = |rule: &RulePlan| rule.faults > 0;
        self.messages.is_empty()
            && !self.rules.values().any(fails)
            && self.schedules.values().all(|s| s.faults == 0)
    }

    /// Counts the letters that complainants would get.
    pub fn mails_to_complainants(&self) -> usize {
        self.letters
    }

    /// Returns the digest that is approved: over the texts, what is taken for the same or for fired, and who
    /// gets what.
    pub fn digest(&self) -> String {
        let whole = json!({
            "candidate": self.candidate, "published": self.published, "adopts": self.adopts,
            "renamed": self.changes.renamed, "schedules": self.schedules, "effects": self.effects,
        });
        format!("{:.16x}", Sha256::digest(whole.to_string()))
    }

    /// Returns the plan as JSON, with its digest.
    pub fn to_json(&self) -> Value {
        let mut value = json!(self);
        value["digest"] = json!(self.digest());
        value
    }

    /// Starts a plan that nothing has been added to.
    pub(super) fn begin(candidate: &Ruleset, published: &Ruleset, renames: &Renames, adopts: bool) -> Self {
        Self {
            candidate: candidate.hash().to_owned(),
            published: published.hash().to_owned(),
            changes: changes(candidate, published, renames),
            adopts,
            complaints: 0,
            closed: 0,
            affected: 0,
            rescheduled: 0,
            rules: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            messages: BTreeMap::new(),
            letters: 0,
            schedules: BTreeMap::new(),
            shown: Vec::new(),
            finished: Vec::new(),
            effects: String::new(),
        }
    }

    /// Counts what would happen to one complaint. The order of complaints enters the digest.
    pub(super) fn add(&mut self, effect: Effect) {
        self.rescheduled += usize::from(effect.is_rescheduled);
        let c = effect.complaint;
        let is_affected = c.is_affected();
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
        self.letters += c.letters;
        c.messages.iter().for_each(|m| *self.messages.entry(m.clone()).or_insert(0) += 1);
        let line = json!([self.effects, c.id.0, c.fires, c.adopted, c.no_longer, c.faults, c.gets]);
        self.effects = format!("{:x}", Sha256::digest(line.to_string()));
        if self.shown.len() < SHOWN {
            self.shown.push(c);
        }
    }

    /// Adds a finished complaint; it counts nowhere.
    pub(super) fn add_finished(&mut self, effect: Effect) {
        let c = effect.complaint;
        if self.finished.len() < SHOWN && (c.is_affected() || !c.adopted.is_empty()) {
            self.finished.push(c);
        }
    }

    /// Counts the runs of a schedule.
    pub(super) fn add_schedule(&mut self, name: String, schedule: SchedulePlan) {
        schedule.messages.iter().for_each(|m| *self.messages.entry(m.clone()).or_insert(0) += 1);
        self.schedules.insert(name, schedule);
    }
}

/// The options of a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlanOptions {
    /// The number of newest finished complaints that are looked at as well.
    pub sample_closed: usize,
    /// True when rules that hold already are to be taken for fired.
    pub adopt: bool,
}

fn changes(candidate: &Ruleset, published: &Ruleset, renamed: &Renames) -> Changes {
    let (new, old) = (candidate.texts(), published.texts());
    let is_renamed = |name: &str| renamed.iter().any(|(old, new)| *old == *name || *new == *name);
    let names = |of: &BTreeMap<String, String>, keep: &dyn Fn(&str) -> bool| -> Vec<String> {
        of.keys().filter(|name| keep(name) && !is_renamed(name)).cloned().collect()
    };
    Changes {
        added: names(&new, &|n| !old.contains_key(n)),
        changed: names(&new, &|n| old.get(n).is_some_and(|text| *text != new[n])),
        removed: names(&old, &|n| !new.contains_key(n)),
        renamed: renamed.clone(),
    }
}
