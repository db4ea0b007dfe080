//! A decision that is stopped by the wall clock stops no other, also under the same ruleset
//! (docs/semantics.md 4.5).

use super::mutants::{ACTIVE, Mutant};
use super::{Cancel, Input, Outcome, Ruleset, RulesetSource, Trigger, decide, unobserved};
use crate::calendar::{Calendar, Moment};
use crate::complaint::{Case, Complaint, ComplaintId, IntakeId, Party, State};
use std::sync::Arc;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "proef", en = "trial" }
states.a = { nl = "a", en = "a", phase = "p", open = true }
roles.h = { nl = "h", en = "h" }
counters.c = { nl = "c", en = "c" }
deadlines.d = { nl = "d", en = "d", side = "own" }
"#;

/// Long enough for the flag to be looked at.
const SCRIPT: &str = "rule \"long\" when complaint.is_open then { \
    for i in range(0, 2000) { complaint.counters.c += 1; } }";

fn ruleset() -> Arc<Ruleset> {
    let files = [("procedure.toml", PROCEDURE), ("10.rhai", SCRIPT)];
    let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
    Arc::new(Ruleset::load(RulesetSource::new(files), Default::default()).expect("it loads"))
}

fn outcome(ruleset: &Arc<Ruleset>, cancel: &Cancel) -> Outcome {
    let now = Moment::from_millis(1_800_000_000_000);
    let calendar = Arc::new(Calendar::new(chrono_tz::UTC, []));
    let id = IntakeId::new(2026, 1);
    let complaint = Complaint::received(id, State::from("a"), "s".to_owned(), Party::default(), now);
    let input = Input::new(Case::new(ComplaintId(1), complaint), Trigger::Due, now);
    decide(ruleset, &calendar, Input { cancel: cancel.clone(), ..input }, unobserved())
}

/// Returns what is wrong when one of two decisions is stopped, if anything.
fn violation(mistake: Option<Mutant>) -> Option<String> {
    ACTIVE.set(mistake);
    let ruleset = ruleset();
    let (slow, neighbour) = (Cancel::of_decision(), Cancel::of_decision());
    slow.raise();
    let outcomes =
        (outcome(&ruleset, &slow), outcome(&ruleset, &neighbour), outcome(&ruleset, &Cancel::default()));
    ACTIVE.set(None);
    match outcomes {
        (Outcome::Cancelled, Outcome::Decided(_), Outcome::Decided(_)) => None,
        other => Some(format!("{other:?}")),
    }
}

#[test]
fn a_stopped_decision_stops_no_other() {
    assert_eq!(violation(None), None);
}

#[test]
fn a_shared_flag_is_found() {
    assert!(violation(Some(Mutant::SharedCancel)).is_some(), "it goes unnoticed");
}
