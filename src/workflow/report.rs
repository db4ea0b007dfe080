//! What a report on a period counts (docs/procedure.md 2.7): complaints by the day on which they came in, each once, from
//! their facts.

use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, Language, Name, State};
use crate::rules::{CountsAs, Label, Procedure};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns the counts of the complaints that came in from a day to a day, with names in a language.
pub(super) fn counts(
    complaints: &[Complaint],
    procedure: &Procedure,
    language: Language,
    (from, to): (Date, Date),
) -> Value {
    let of = |kind: CountsAs| complaints.iter().filter(move |c| counts_as(c, procedure) == kind);
    let declined: Vec<&Complaint> = of(CountsAs::Declined).collect();
    let counted: Vec<&Complaint> = of(CountsAs::Complaint).chain(declined.iter().copied()).collect();
    let decided: Vec<&Complaint> = counted.iter().copied().filter(|c| c.decided_on.is_some()).collect();
    let open = counted.iter().filter(|c| procedure.is_open(&c.state));
    let in_time = decided.iter().filter(|c| decided_in_time(c) == Some(true));
    let named = |names: &BTreeMap<Name, Label>, of: &[&Complaint], field: fn(&Complaint) -> Option<&Name>| {
        let rows = names.iter().map(|(name, label)| {
            let count = of.iter().filter(|c| field(c) == Some(name)).count();
            json!({"name": name, "label": label.in_language(language), "count": count})
        });
        rows.collect::<Value>()
    };
    json!({
        "from": from, "to": to,
        "messages": complaints.len(),
        "no_complaint": of(CountsAs::NoComplaint).count(),
        "merged": of(CountsAs::Merged).count(),
        "withdrawn": of(CountsAs::Withdrawn).count(),
        "received": counted.len(),
        "registered": counted.iter().filter(|c| c.number.is_some()).count(),
        "declined": declined.len(),
        "grounds": named(&procedure.grounds, &declined, |c| c.ground.as_ref()),
        "decided": decided.len(),
        "in_time": in_time.count(),
        "verdicts": named(&procedure.verdicts, &decided, |c| c.verdict.as_ref()),
        "agreements": named(&procedure.agreements, &decided, |c| c.agreement.as_ref()),
        "awaiting_reply": decided.iter().filter(|c| c.agreement.is_none()).count(),
        "escalated": counted.iter().filter(|c| c.escalation.is_some()).count(),
        "open": open.clone().filter(|c| c.decided_on.is_none()).count(),
        "recommendations": [],
    })
}

/// Returns what a complaint counts as: by the state it is in, or, where that says nothing of it, by the state that it
/// entered last of those that do and of those in which it was open.
pub(super) fn counts_as(c: &Complaint, procedure: &Procedure) -> CountsAs {
    let says = |state: &State| procedure.states.get(state).map(|d| (d.open, d.counts_as));
    let speaks = |(open, kind): (bool, CountsAs)| open || kind != CountsAs::Complaint;
    if let Some((_, kind)) = says(&c.state).filter(|said| speaks(*said)) {
        return kind;
    }
    let entered = procedure.states.keys().filter_map(|state| {
        let said = says(state).filter(|said| speaks(*said))?;
        Some((*c.last.get(state.as_str())?, !said.0, said.1))
    });
    // At one moment the end comes after what was open.
    entered.max_by_key(|(at, is_end, _)| (*at, *is_end)).map_or(CountsAs::Complaint, |(_, _, kind)| kind)
}

/// Returns whether the decision came by the date that was first promised; none without a decision or a promise.
pub fn decided_in_time(c: &Complaint) -> Option<bool> {
    Some(c.decided_on? <= c.promised_by_original.or(c.promised_by)?)
}

/// Returns the moment at which a complaint last stopped waiting for its outcome; none while it waits.
pub fn ended_at(c: &Complaint, procedure: &Procedure) -> Option<Moment> {
    if procedure.is_open(&c.state) {
        return None;
    }
    let entered =
        procedure.states.iter().filter_map(|(name, state)| Some((state.open, *c.last.get(name.as_str())?)));
    let (open, ended): (Vec<_>, Vec<_>) = entered.partition(|(is_open, _)| *is_open);
    let opened = open.into_iter().map(|(_, at)| at).max();
    ended.into_iter().map(|(_, at)| at).filter(|at| opened.is_none_or(|opened| *at >= opened)).min()
}
