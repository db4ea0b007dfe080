//! How the end of a term came about, and what became of it, in words.

use super::telling::Telling;
use crate::complaint::{Deadline, DeadlineStatus, filled, span_in_words};
use crate::dossier::Term;
use crate::workflow::fact_words as words;

/// Returns the terms of a complaint, in the order in which they began.
pub(super) fn all(telling: &Telling, deadlines: &[Deadline]) -> Vec<Term> {
    let term = |d: &Deadline| Term {
        name: telling.labels.term(&d.name),
        owner: telling.owner(&d.owner),
        end: telling.day_of(d.due),
        how: how(telling, d),
        became: became(telling, d),
    };
    let mut by_time: Vec<&Deadline> = deadlines.iter().collect();
    by_time.sort_by_key(|d| (d.armed_at, d.due));
    by_time.into_iter().map(term).collect()
}

/// Says from what a term was counted, how far, why it moved and when it stood still.
fn how(telling: &Telling, d: &Deadline) -> String {
    let end = telling.day_of(d.raw_end);
    let mut said = match (d.base, &d.span) {
        (Some(base), Some(span)) => {
            let span = span_in_words(span, telling.language).unwrap_or_else(|| span.clone());
            let values = [("base", &*telling.day_of(base)), ("span", &span), ("end", &end)];
            filled(telling.say(words::COUNTED), &values)
        }
        _ => filled(telling.say(words::FIXED), &[("end", &end)]),
    };
    let mut more = |text: String| {
        said.push(' ');
        said.push_str(&text);
    };
    if let Some(why) = &d.rolled_because {
        more(filled(telling.say(words::ROLLED), &[("end", &telling.day_of(d.due)), ("why", why)]));
    }
    for pause in &d.pauses {
        let from = telling.moment(pause.from);
        more(match &pause.ended {
            Some(end) => {
                let values = [("from", &*from), ("to", &telling.moment(end.at))];
                filled(telling.say(words::STOOD_STILL), &values)
            }
            None => filled(telling.say(words::STANDS_STILL), &[("from", &from)]),
        });
    }
    said
}

/// Says what became of a term.
fn became(telling: &Telling, d: &Deadline) -> String {
    let on = |text, at: Option<_>| {
        filled(telling.say(text), &[("at", &at.map(|at| telling.moment(at)).unwrap_or_default())])
    };
    match d.status() {
        DeadlineStatus::Met if d.breached_at.is_some() => on(words::MET_LATE, d.met_at),
        DeadlineStatus::Met => on(words::MET, d.met_at),
        DeadlineStatus::Cancelled => on(words::LAPSED, d.cancelled_at),
        DeadlineStatus::Replaced => on(words::REPLACED, d.replaced_at),
        DeadlineStatus::Overdue => on(words::PASSED, d.breached_at),
        DeadlineStatus::Paused => telling.say(words::WAITS).to_owned(),
        DeadlineStatus::Armed => telling.say(words::RUNS).to_owned(),
    }
}
