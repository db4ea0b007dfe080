//! `facts_at`: the facts and terms of a complaint as they stood at a moment, told by its trail. Pure.

use super::undo::{undo, undo_text};
use crate::calendar::{Calendar, Moment, TimeOfDay};
use crate::complaint::{Complaint, Deadline, EventKind};
use crate::store::ToldChange;
use serde_json::Value;
use std::collections::HashMap;

/// The kinds of event that tell how facts and terms stood, and that a complaint was there: each begins with one of the first two.
pub(super) const TELLING: &[EventKind] = &[
    EventKind::Received,
    EventKind::Imported,
    EventKind::Registered,
    EventKind::Entered,
    EventKind::Escalated,
    EventKind::FactChanged,
    EventKind::MeasureRecorded,
    EventKind::DeadlineArmed,
    EventKind::DeadlineResumed,
];

/// Takes back what happened from a moment on; none where nothing had happened yet.
pub(super) fn facts_at(
    now: Complaint,
    events: &[ToldChange],
    until: Moment,
    calendar: &Calendar,
) -> Option<Complaint> {
    events.first().filter(|first| first.at < until)?;
    let mut facts = now;
    for event in events.iter().rev().take_while(|event| event.at >= until) {
        let data = serde_json::from_str(&event.data).unwrap_or_default();
        undo(&mut facts, event.kind, &data);
        let personal = event.personal.as_deref().and_then(|text| serde_json::from_str(text).ok());
        for change in [Some(data), personal].into_iter().flatten() {
            undo_text(&mut facts, event.kind, &change);
            if let Some(received) = received_before(&change, calendar) {
                facts.received_at = received;
            }
        }
    }
    let before = events.iter().take_while(|event| event.at < until);
    tell_again(&mut facts, before, until);
    facts.responsibilities.retain(|one| one.from < until);
    facts.promised_by_original = facts.promised_by_original.filter(|_| facts.promised_by.is_some());
    facts.survey.answer = facts.survey.answer.filter(|answer| answer.at < until);
    Some(facts)
}

/// Tells again what is not taken back one by one: when states were entered, and how measures stood.
fn tell_again<'e>(facts: &mut Complaint, before: impl Iterator<Item = &'e ToldChange>, until: Moment) {
    facts.last.retain(|_, at| *at < until);
    let mut stood = HashMap::new();
    for event in before {
        let data = || serde_json::from_str::<Value>(&event.data).unwrap_or_default();
        match event.kind {
            EventKind::Entered => {
                if let Some(to) = data()["to"].as_str() {
                    facts.last.insert(to.into(), event.at);
                }
            }
            EventKind::MeasureRecorded => {
                let data = data();
                stood.insert(data["measure"].as_u64(), data);
            }
            _ => {}
        }
    }
    facts.measures.retain_mut(|measure| {
        let Some(then) = stood.get(&Some(u64::from(measure.id))) else { return false };
        measure.due = then["due"].as_str().and_then(|day| day.parse().ok());
        if let Some(state) = then["state"].as_str() {
            measure.state = state.into();
        }
        true
    });
}

/// Returns the moment of receipt before it was corrected, where a change corrects it.
fn received_before(change: &Value, calendar: &Calendar) -> Option<Moment> {
    let (day, time) =
        change["from"].as_str().filter(|_| change["field"] == "received_at")?.split_once(' ')?;
    calendar.at(day.parse().ok()?, TimeOfDay::parse_from_str(time, "%H:%M").ok()?).ok()
}

/// Returns the terms that had begun, without what became of them from a moment on.
pub(super) fn terms_at(terms: Vec<Deadline>, events: &[ToldChange], until: Moment) -> Vec<Deadline> {
    let mut ends: HashMap<(String, u64), Moment> = HashMap::new();
    for event in events.iter().take_while(|event| event.at < until) {
        if matches!(event.kind, EventKind::DeadlineArmed | EventKind::DeadlineResumed) {
            let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
            let name = data["deadline"].as_str().unwrap_or_default().to_owned();
            if let (Some(instance), Some(due)) = (data["instance"].as_u64(), data["due"].as_i64()) {
                ends.insert((name, instance), Moment::from_millis(due));
            }
        }
    }
    let begun = terms.into_iter().filter(|term| term.armed_at < until).map(|mut term| {
        let then = |at: Option<Moment>| at.filter(|at| *at < until);
        (term.met_at, term.cancelled_at) = (then(term.met_at), then(term.cancelled_at));
        (term.replaced_at, term.breached_at) = (then(term.replaced_at), then(term.breached_at));
        term.pauses.retain(|pause| pause.from < until);
        for pause in &mut term.pauses {
            pause.ended = pause.ended.take().filter(|end| end.at < until);
        }
        let end = ends.get(&(term.name.as_str().to_owned(), u64::from(term.instance)));
        term.due = end.copied().unwrap_or(term.due);
        term
    });
    begun.collect()
}
