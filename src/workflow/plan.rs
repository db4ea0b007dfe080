//! The plan: what a candidate ruleset would do at once to every live complaint, by the evaluator of production and
//! without effects. Publishing recomputes it and compares digests.

use crate::complaint::{Case, ComplaintId, Event};
use crate::rules::{Renames, Ruleset};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

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
    /// How many of them are for the complainant.
    #[serde(skip)]
    pub letters: usize,
    pub faults: Vec<String>,
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

/// What would happen to one complaint, and whether anything would happen at another moment than now planned.
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
    /// How many of the messages are for complainants.
    #[serde(skip)]
    pub letters: usize,
    pub shown: Vec<ComplaintPlan>,
}

impl Plan {
    /// Whether publishing would send nothing and fail nowhere.
    pub fn is_silent(&self) -> bool {
        self.messages.is_empty() && self.rules.values().all(|r| r.faults == 0)
    }

    /// How many complainants would be written to.
    pub fn mails_to_complainants(&self) -> usize {
        self.letters
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

/// What is asked of a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlanOptions {
    /// How many of the newest finished complaints are looked at as well.
    pub sample_closed: usize,
    /// Take what holds already for fired.
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
