//! `Faults`: the rules, schedules and messages that fail for complaints, and the complaints for which rules are suspended, as
//! far as somebody may see them; and trying those again.

use super::visibility::viewer;
use super::{ActError, Workflow, WorkflowError, WrittenAt};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Fault, Text, Via};
use crate::store::{FaultyComplaint, StoredEvent};
use std::collections::BTreeMap;

/// The complaints that are looked at, the newest first.
const LOOKED_AT: usize = 500;
/// The complaints that are named of each rule.
const NAMED: usize = 20;
/// The complaints with suspended rules that are listed.
const SUSPENDED: usize = 50;

/// What fails.
#[derive(Clone, Debug)]
pub struct Faults {
    /// What failed, that for the most complaints first.
    pub rules: Vec<FaultyRule>,
    /// The newest complaints for which rules are suspended.
    pub suspended: Vec<SuspendedRules>,
    /// How many more of those there are among what was looked at.
    pub more_suspended: usize,
    /// The complaints for which something failed.
    pub complaints: i64,
    /// Those of them that were looked at, the newest.
    pub looked_at: usize,
}

/// A rule, action or schedule that fails, or the engine with one of its messages.
#[derive(Clone, Debug)]
pub struct FaultyRule {
    /// Its name.
    pub name: String,
    /// What failed last, in words for whoever edits the rules.
    pub says: Text,
    /// Where that stands in the rules in force.
    pub place: Option<WrittenAt>,
    /// Whether it fails under the rules in force; else under earlier ones, with which a complaint ended.
    pub is_in_force: bool,
    /// For how many complaints it fails, of those that were looked at.
    pub count: usize,
    /// The newest of these.
    pub complaints: Vec<String>,
    /// When it failed last for one of those that are named.
    pub last: Option<Moment>,
}

/// A complaint for which rules are suspended.
#[derive(Clone, Debug)]
pub struct SuspendedRules {
    /// Its number, or its intake id.
    pub reference: String,
    /// The names of the rules.
    pub rules: Vec<String>,
}

impl Workflow {
    /// Returns what fails for the complaints that somebody may see.
    pub async fn faults_seen_by(&self, person: &str) -> Result<Faults, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let viewer = viewer(&settings, published.ruleset.procedure(), person, now);
        let register = self.store.register();
        let complaints = register.count_faulty(&viewer).await?;
        let mut faulty = register.faulty(&viewer, LOOKED_AT).await?;
        let looked_at = faulty.len();
        // The condition in the store may let through what a rare course of deputies keeps back.
        faulty.retain(|c| self.sees(&c.facts, person, now));
        let (in_force, files) = (published.ruleset.hash(), published.ruleset.source().files());
        let failing = failing(&faulty);
        let named: Vec<ComplaintId> = failing.values().flat_map(|of| of.named.iter().map(|c| c.id)).collect();
        let events = register.failures(&named).await?;
        let mut rules: Vec<FaultyRule> =
            failing.into_iter().map(|(key, of)| of.into_rule(key, in_force, &events)).collect();
        for rule in &mut rules {
            // A line of earlier rules is none of those that are shown.
            rule.place.take_if(|(file, _)| !rule.is_in_force || !files.contains_key(file));
        }
        rules.sort_by_key(|rule| (!rule.is_in_force, std::cmp::Reverse(rule.count)));
        let mut suspended: Vec<SuspendedRules> =
            faulty.iter().filter_map(|complaint| suspended(complaint, in_force)).collect();
        let more_suspended = suspended.len().saturating_sub(SUSPENDED);
        suspended.truncate(SUSPENDED);
        Ok(Faults { rules, suspended, more_suspended, complaints, looked_at })
    }

    /// Tries the suspended rules of a complaint again, as somebody who may change the rules and see the complaint; false where
    /// the person may not.
    pub async fn try_again(&self, (person, via): (&str, Via), reference: &str) -> Result<bool, ActError> {
        if !self.may_of_rules(person).await?.change {
            return Ok(false);
        }
        let Some(id) = self.seen_by(person, reference).await? else { return Ok(false) };
        self.resume_as(id, person, via).await?;
        Ok(true)
    }
}

fn suspended(complaint: &FaultyComplaint, in_force: &str) -> Option<SuspendedRules> {
    let rules = complaint.suspensions.iter().filter(|s| s.ruleset == in_force);
    let rules: Vec<String> = rules.map(|s| s.rule.to_string()).collect();
    let reference = complaint.facts.reference().to_owned();
    (!rules.is_empty()).then_some(SuspendedRules { reference, rules })
}

/// What fails, by its name and ruleset.
type Key<'c> = (String, &'c str);

/// The complaints for which something fails.
struct Failing<'c> {
    newest: &'c Fault,
    count: usize,
    named: Vec<&'c FaultyComplaint>,
}

fn failing(faulty: &[FaultyComplaint]) -> BTreeMap<Key<'_>, Failing<'_>> {
    let mut failing: BTreeMap<Key<'_>, Failing<'_>> = BTreeMap::new();
    for complaint in faulty {
        for fault in &complaint.faults {
            let key = (fault.source.subject(), fault.ruleset.as_str());
            let of = failing.entry(key).or_insert(Failing { newest: fault, count: 0, named: Vec::new() });
            of.count += 1;
            if of.named.len() < NAMED {
                of.named.push(complaint);
            }
        }
    }
    failing
}

impl Failing<'_> {
    fn into_rule(self, (name, ruleset): Key<'_>, in_force: &str, events: &[StoredEvent]) -> FaultyRule {
        let is_told = |e: &&StoredEvent| {
            e.ruleset == ruleset
                && e.source().subject() == name
                && self.named.iter().any(|complaint| e.complaint_id == Some(complaint.id))
        };
        FaultyRule {
            says: self.newest.text.clone(),
            place: written_at(&self.newest.place),
            is_in_force: ruleset == in_force,
            count: self.count,
            complaints: self.named.iter().map(|c| c.facts.reference().to_owned()).collect(),
            last: events.iter().filter(is_told).map(|e| e.at).max(),
            name,
        }
    }
}

/// Reads a place as faults name it: `rules/30_treatment.rhai:12:7`; none where it is no line of a file.
fn written_at(place: &str) -> Option<WrittenAt> {
    let mut parts = place.strip_prefix("rules/")?.split(':');
    let (file, line) = (parts.next()?, parts.next()?);
    Some((file.to_owned(), line.parse().ok()?))
}
