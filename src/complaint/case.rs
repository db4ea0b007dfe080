//! `Case`: everything a decision about one complaint starts from.

use super::{Complaint, ComplaintId, Deadline, DeadlineName, Latch, Related, RuleName, Source};
use crate::calendar::Moment;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A rule kept from one complaint because it went round in circles (docs/semantics.md 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub rule: RuleName,
    /// The ruleset under which it holds; another one lifts it.
    pub ruleset: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The script failed.
    Script,
    /// The script exceeded a limit.
    Limit,
    /// Rules keep turning each other on.
    Cycle,
    /// The message could not be rendered.
    Message,
}

/// What failed for one complaint: a rule, a schedule, or a message of the engine's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenFault", into = "WrittenFault")]
pub struct Fault {
    /// What failed.
    pub source: Source,
    /// The ruleset under which it failed; a new one gets a new chance.
    pub ruleset: String,
    pub kind: FaultKind,
    /// `rules/30_treatment.rhai:12:7`.
    pub place: String,
    pub text: String,
}

/// A fault as documents hold it: `rule` is what people see, and all there was before sources were kept.
#[derive(Serialize, Deserialize)]
struct WrittenFault {
    rule: String,
    source: Option<Source>,
    ruleset: String,
    kind: FaultKind,
    place: String,
    text: String,
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

/// Everything that a decision about one complaint starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: ComplaintId,
    /// Counts decisions, from 0 before the first; the commit is conditional on it.
    pub version: i64,
    pub complaint: Complaint,
    /// The newest instance of each name, armed or not.
    pub deadlines: Vec<Deadline>,
    pub latches: Vec<Latch>,
    pub suspensions: Vec<Suspension>,
    /// What failed under the ruleset in force; they flag the complaint, and each is told once.
    pub faults: Vec<Fault>,
    /// Subject and body in lower case, loaded only where a rule asks (`text_mentions`).
    pub text: Option<Arc<str>>,
    pub related: Vec<Related>,
    /// The wake-up it was loaded with; what fires long after it says how late it is.
    pub wake_at: Option<Moment>,
    /// Time never goes back for a complaint (docs/semantics.md 2.1).
    pub decided_at: Moment,
    /// Ruleset and settings of its last decision; empty before the first.
    pub evaluated_under: String,
}

impl Case {
    /// A case before its first decision.
    pub fn new(id: ComplaintId, complaint: Complaint) -> Self {
        Self {
            id,
            version: 0,
            decided_at: complaint.received_at,
            complaint,
            deadlines: Vec::new(),
            latches: Vec::new(),
            suspensions: Vec::new(),
            faults: Vec::new(),
            text: None,
            related: Vec::new(),
            wake_at: None,
            evaluated_under: String::new(),
        }
    }

    /// The armed instance of a deadline, if there is one.
    pub fn armed(&self, name: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|d| d.name.as_str() == name && d.is_armed())
    }

    /// The instance number that a condition depends on: the armed one, or 0.
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
            let (place, text) = ("p".to_owned(), "t".to_owned());
            let fault = Fault { source, ruleset, kind: FaultKind::Message, place, text };
            let written = json!(fault);
            assert_eq!(written["rule"], shown);
            assert_eq!(serde_json::from_value::<Fault>(written).expect("reads"), fault);
        }
    }
}
