//! The plan: what a candidate ruleset would do at once to every live complaint, by the evaluator of
//! production and without effects. Publishing recomputes it and compares digests.

use crate::complaint::{Case, ComplaintId, Event};
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
    /// The rules that would fire.
    pub fires: Vec<String>,
    /// The rules that hold and are taken for fired.
    pub adopted: Vec<String>,
    /// The rules that have fired and would no longer hold.
    pub no_longer: Vec<String>,
    /// The changes of deadlines: `decision_term armed`, `reply met`…
    pub deadlines: Vec<String>,
    /// The messages that would be sent, as `recipient message`.
    pub messages: Vec<String>,
    /// The number of them that are for the complainant.
    #[serde(skip)]
    pub letters: usize,
    /// The failures, in words.
    pub faults: Vec<String>,
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
            fires: Vec::new(),
            adopted: Vec::new(),
            no_longer: Vec::new(),
            deadlines: Vec::new(),
            messages: Vec::new(),
            letters: 0,
            faults: Vec::new(),
            events: Vec::new(),
        }
    }
}

/// The effects on one complaint, and whether anything would happen at another moment than now planned.
pub(super) struct Effect {
    pub complaint: ComplaintPlan,
    pub is_rescheduled: bool,
}

/// Rules by name, compared with those in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
    /// Old name to new.
    pub renamed: Renames,
}

/// The effects of a candidate ruleset on every live complaint, if it came in force now.
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
    /// The live complaints that were looked at.
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
    /// The first complaints to which something would happen.
    pub shown: Vec<ComplaintPlan>,
}

impl Plan {
    /// Returns whether publishing would send nothing and fail nowhere.
    pub fn is_silent(&self) -> bool {
        self.messages.is_empty() && self.rules.values().all(|r| r.faults == 0)
    }

    /// Counts the letters that complainants would get.
    pub fn mails_to_complainants(&self) -> usize {
        self.letters
    }

    /// Returns the digest that is approved: over the texts and every count, but no complaint by name.
    pub fn digest(&self) -> String {
        let counts = json!({
            "candidate": self.candidate, "published": self.published, "adopts": self.adopts,
            "rules": self.rules.iter().map(|(n, r)| (n.clone(), json!([r.fires, r.no_longer, r.faults, r.adopted]))).collect::<BTreeMap<_, _>>(),
            "deadlines": self.deadlines, "messages": self.messages, "affected": self.affected,
        });
        Sha256::digest(counts.to_string()).iter().take(8).map(|b| format!("{b:02x}")).collect()
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
            shown: Vec::new(),
        }
    }

    /// Counts what would happen to one complaint.
    pub(super) fn add(&mut self, effect: Effect) {
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
        self.letters += c.letters;
        c.messages.iter().for_each(|m| *self.messages.entry(m.clone()).or_insert(0) += 1);
        if self.shown.len() < SHOWN {
            self.shown.push(c);
        }
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
