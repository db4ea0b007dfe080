//! What a report on a period counts (docs/procedure.md 2.7): complaints by the day on which they came in, each once, from
//! their facts.

use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, Language, Name, State};
use crate::rules::{CountsAs, Label, Procedure};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The counts of a report, to which complaints are added one by one.
#[derive(Debug)]
pub(super) struct Counts<'p> {
    procedure: &'p Procedure,
    messages: usize,
    no_complaint: usize,
    merged: usize,
    withdrawn: usize,
    received: usize,
    registered: usize,
    declined: usize,
    grounds: BTreeMap<Name, usize>,
    decided: usize,
    in_time: usize,
    verdicts: BTreeMap<Name, usize>,
    agreements: BTreeMap<Name, usize>,
    awaiting_reply: usize,
    escalated: usize,
    open: usize,
}

impl<'p> Counts<'p> {
    /// Begins with nothing counted.
    pub fn new(procedure: &'p Procedure) -> Self {
        Self {
            procedure,
            messages: 0,
            no_complaint: 0,
            merged: 0,
            withdrawn: 0,
            received: 0,
            registered: 0,
            declined: 0,
            grounds: BTreeMap::new(),
            decided: 0,
            in_time: 0,
            verdicts: BTreeMap::new(),
            agreements: BTreeMap::new(),
            awaiting_reply: 0,
            escalated: 0,
            open: 0,
        }
    }

    /// Counts a complaint of the period.
    pub fn add(&mut self, c: &Complaint) {
        self.messages += 1;
        match counts_as(c, self.procedure) {
            CountsAs::NoComplaint => return self.no_complaint += 1,
            CountsAs::Merged => return self.merged += 1,
            CountsAs::Withdrawn => return self.withdrawn += 1,
            CountsAs::Declined => {
                self.declined += 1;
                count(&mut self.grounds, c.ground.as_ref());
            }
            CountsAs::Complaint => {}
        }
        self.received += 1;
        self.registered += usize::from(c.number.is_some());
        self.escalated += usize::from(c.escalation.is_some());
        if c.decided_on.is_none() {
            self.open += usize::from(self.procedure.is_open(&c.state));
            return;
        }
        self.decided += 1;
        self.in_time += usize::from(decided_in_time(c) == Some(true));
        self.awaiting_reply += usize::from(c.agreement.is_none());
        count(&mut self.verdicts, c.verdict.as_ref());
        count(&mut self.agreements, c.agreement.as_ref());
    }

    /// Returns the counts of a period from a day to a day, with names in a language.
    pub fn to_json(&self, language: Language, (from, to): (Date, Date)) -> Value {
        let named = |names: &BTreeMap<Name, Label>, counted: &BTreeMap<Name, usize>| {
            let rows = names.iter().map(|(name, label)| {
                let count = counted.get(name).copied().unwrap_or(0);
                json!({"name": name, "label": label.in_language(language), "count": count})
            });
            rows.collect::<Value>()
        };
        json!({
            "from": from, "to": to,
            "messages": self.messages,
            "no_complaint": self.no_complaint,
            "merged": self.merged,
            "withdrawn": self.withdrawn,
            "received": self.received,
            "registered": self.registered,
            "declined": self.declined,
            "grounds": named(&self.procedure.grounds, &self.grounds),
            "decided": self.decided,
            "in_time": self.in_time,
            "verdicts": named(&self.procedure.verdicts, &self.verdicts),
            "agreements": named(&self.procedure.agreements, &self.agreements),
            "awaiting_reply": self.awaiting_reply,
            "escalated": self.escalated,
            "open": self.open,
            "recommendations": [],
        })
    }
}

fn count(counted: &mut BTreeMap<Name, usize>, name: Option<&Name>) {
    if let Some(name) = name {
        *counted.entry(name.clone()).or_default() += 1;
    }
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
pub(super) fn decided_in_time(c: &Complaint) -> Option<bool> {
    Some(c.decided_on? <= c.promised_by_original.or(c.promised_by)?)
}

/// Returns the moment at which a complaint last stopped waiting for its outcome; none while it waits.
pub(super) fn ended_at(c: &Complaint, procedure: &Procedure) -> Option<Moment> {
    if procedure.is_open(&c.state) {
        return None;
    }
    let entered =
        procedure.states.iter().filter_map(|(name, state)| Some((state.open, *c.last.get(name.as_str())?)));
    let (open, ended): (Vec<_>, Vec<_>) = entered.partition(|(is_open, _)| *is_open);
    let opened = open.into_iter().map(|(_, at)| at).max();
    ended.into_iter().map(|(_, at)| at).filter(|at| opened.is_none_or(|opened| *at >= opened)).min()
}
