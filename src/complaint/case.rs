//! `Case`: everything a decision about one complaint starts from.

use super::{
    Complaint, ComplaintId, Deadline, DeadlineName, FiringCount, Group, GroupKey, Latch, LinkKind, Related,
    RuleName, Source, Text,
};
use crate::calendar::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Stands in a complaint's text before each later mail; no mail holds it.
pub const LATER_MAIL: char = '\u{1E}';

/// A rule that is not evaluated for one complaint, because it and others kept turning each other on
/// (docs/semantics.md 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The suspended rule, by the name it has in `ruleset`.
    pub rule: RuleName,
    /// The hash of the ruleset under which it holds; another ruleset lifts it.
    pub ruleset: String,
    /// The other rules of the cycle, which are suspended as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<RuleName>,
}

/// The ways in which a rule, a schedule or a message of the engine fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The script failed.
    Script,
    /// The script exceeded a limit.
    Limit,
    /// Rules keep turning each other on.
    Cycle,
    /// A message could not be rendered.
    Message,
}

/// A failure for one complaint: of a rule, a schedule, or a message of the engine's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenFault", into = "WrittenFault")]
pub struct Fault {
    /// The rule, action, schedule or engine at fault.
    pub source: Source,
    /// The hash of the ruleset under which it failed; under a new one it is tried again.
    pub ruleset: String,
    /// The way in which it failed.
    pub kind: FaultKind,
    /// The place in the scripts, as `rules/30_treatment.rhai:12:7`.
    pub place: String,
    /// The error, in words for whoever edits the rules.
    pub text: Text,
}

/// A fault as documents hold it: `rule` is what people see, and all there was before sources were kept.
#[derive(Serialize, Deserialize)]
struct WrittenFault {
    rule: String,
    source: Option<Source>,
    ruleset: String,
    kind: FaultKind,
    place: String,
    text: Text,
}

impl From<WrittenFault> for Fault {
    fn from(written: WrittenFault) -> Self {
        let WrittenFault { rule, source, ruleset, kind, place, text } = written;
        let source = source.unwrap_or_else(|| Source::Rule(rule.into()));
        Self { source, ruleset, kind, place, text }
    }
}

impl From<Fault> for WrittenFault {
    fn from(fault: Fault) -> Self {
        let Fault { source, ruleset, kind, place, text } = fault;
        Self { rule: source.subject(), source: Some(source), ruleset, kind, place, text }
    }
}

/// The facts of one complaint from which a decision about it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The store's key of the complaint.
    pub id: ComplaintId,
    /// The number of decisions so far, 0 before the first; a commit succeeds only on the version it was
    /// computed from (docs/semantics.md 5.2).
    pub version: i64,
    /// The facts of the complaint itself.
    pub complaint: Complaint,
    /// The newest instance of each deadline's name, armed or not.
    pub deadlines: Vec<Deadline>,
    /// The rules that have fired and have not been false since, one per element of `for`
    /// (docs/semantics.md 4.1).
    pub latches: Vec<Latch>,
    /// How often rules have fired on the day of the last decision.
    pub firings: Vec<FiringCount>,
    /// The rules that are not evaluated for this complaint.
    pub suspensions: Vec<Suspension>,
    /// The failures under the ruleset in force; they flag the complaint, and each is told once.
    pub faults: Vec<Fault>,
    /// Subject and body of the first mail, and after [`LATER_MAIL`] what else the complainant
    /// wrote. None where no rule asks for them (`text_mentions`, `text_length`).
    pub text: Option<Arc<str>>,
    /// The complaints it is linked to, as they were when the case was loaded (docs/semantics.md 2.6).
    pub related: Vec<Related>,
    /// The groups that rules have asked for, as they were when they were loaded; this complaint is left out of
    /// them or stands there as it was (docs/semantics.md 7.2).
    pub groups: BTreeMap<GroupKey, Group>,
    /// The wake-up at which it was due; a message that goes out long after says how late it is. None when
    /// nothing was due.
    pub wake_at: Option<Moment>,
    /// The moment of the last decision, or of receipt; no later decision is dated before it
    /// (docs/semantics.md 2.1).
    pub decided_at: Moment,
    /// The stamp of ruleset and settings of the last decision; empty before the first.
    pub evaluated_under: String,
}

impl Case {
    /// Makes the case of a complaint before its first decision.
    pub fn new(id: ComplaintId, complaint: Complaint) -> Self {
        Self {
            id,
            version: 0,
            decided_at: complaint.received_at,
            complaint,
            deadlines: Vec::new(),
            latches: Vec::new(),
            firings: Vec::new(),
            suspensions: Vec::new(),
            faults: Vec::new(),
            text: None,
            related: Vec::new(),
            groups: BTreeMap::new(),
            wake_at: None,
            evaluated_under: String::new(),
        }
    }

    /// Returns the complaint as one sees it that has a link of this kind to it.
    pub fn related(&self, kind: LinkKind) -> Related {
        let c = &self.complaint;
        Related {
            id: self.id,
            kind,
            number: c.number.clone(),
            intake_id: c.intake_id.to_string(),
            state: c.state.clone(),
            subject: c.subject.clone(),
            complainant_email: c.complainant.email.clone(),
            decided_on: c.decided_on,
        }
    }

    /// Returns whether its last decision was made under another ruleset than this one.
    pub fn comes_from_another(&self, ruleset_hash: &str) -> bool {
        !self.evaluated_under.is_empty() && !self.evaluated_under.starts_with(ruleset_hash)
    }

    /// Finds the armed instance of a deadline; none while it is not armed.
    pub fn armed(&self, name: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|d| d.name.as_str() == name && d.is_armed())
    }

    /// Returns the number of a deadline's armed instance, from 1; 0 while none is armed.
    pub fn armed_instance(&self, name: &DeadlineName) -> u32 {
        self.armed(name.as_str()).map_or(0, |d| d.instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn faults_and_deadlines_from_before_sources_were_kept_are_read() {
        let written =
            json!({"rule": "Herinnering", "ruleset": "r1", "kind": "script", "place": "p", "text": "t"});
        let fault: Fault = serde_json::from_value(written).expect("reads");
        assert_eq!(fault.source, Source::Rule("Herinnering".into()));
        let written = json!({
            "name": "reply", "instance": 1, "owner": "handler", "base": null, "span": null, "raw_end": 1, "due": 1,
            "alarm_at": 1, "rolled_because": null, "armed_at": 1, "armed_by": "Termijn", "met_at": null,
            "cancelled_at": null, "replaced_at": null, "breached_at": null,
        });
        let deadline: Deadline = serde_json::from_value(written).expect("reads");
        assert_eq!(deadline.armed_by, Source::Rule("Termijn".into()));
    }

    #[test]
    fn a_fault_is_read_as_it_was_written_and_shows_a_name() {
        for (source, shown) in
            [(Source::Engine, "the engine"), (Source::Schedule("Kwartaal".into()), "Kwartaal")]
        {
            let ruleset = "r1".to_owned();
            let (place, text) = ("p".to_owned(), Text::new("nl", "en"));
            let fault = Fault { source, ruleset, kind: FaultKind::Message, place, text };
            let written = json!(fault);
            assert_eq!(written["rule"], shown);
            assert_eq!(serde_json::from_value::<Fault>(written.clone()).expect("reads"), fault);
            // Before both languages were kept there was one.
            let mut before = written;
            before["text"] = json!("it failed");
            let read = serde_json::from_value::<Fault>(before).expect("reads");
            assert_eq!(read, Fault { text: Text::same("it failed"), ..fault });
        }
    }
}
