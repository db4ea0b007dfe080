//! The pauses of a term, for people and for documents.

use crate::calendar::{Added, Calendar, Moment};
use crate::complaint::Deadline;
use serde_json::{Value, json};

/// Returns each pause: when it began and ended, what paused the term and what let it run on, and the time that was added.
pub(super) fn pauses(calendar: &Calendar, d: &Deadline) -> Vec<Value> {
    let at = |m: Moment| calendar.rfc3339(m);
    let pauses = d.pauses.iter().map(|pause| {
        let ended = pause.ended.as_ref();
        json!({
            "from": at(pause.from), "by": pause.by.name(), "to": ended.map(|end| at(end.at)),
            "ended_by": ended.and_then(|end| end.by.name()), "added": ended.map(|end| added(end.added)),
        })
    });
    pauses.collect()
}

/// Returns the ledger in a line: "paused 2027-03-03 to 2027-03-10, 7 days added"; empty where there is none.
pub(super) fn pauses_in_words(calendar: &Calendar, d: &Deadline) -> String {
    let day = |m: Moment| calendar.day_of(m).map(|d| d.to_string()).unwrap_or_default();
    let over = d.met_at.or(d.cancelled_at).or(d.replaced_at);
    let pauses = d.pauses.iter().map(|pause| match (&pause.ended, over) {
        (Some(end), _) => {
            format!("paused {} to {}, {} added", day(pause.from), day(end.at), added(end.added))
        }
        (None, Some(over)) => format!("paused {} until it was over on {}", day(pause.from), day(over)),
        (None, None) => format!("paused since {}", day(pause.from)),
    });
    pauses.collect::<Vec<_>>().join("; ")
}

fn added(added: Added) -> String {
    match added {
        Added::Days(1) => "1 day".to_owned(),
        Added::Days(n) => format!("{n} days"),
        Added::Millis(n) => format!("{} h {} min", n / 3_600_000, n / 60_000 % 60),
    }
}
