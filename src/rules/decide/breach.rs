//! Breaches: the engine, not the rules, records that a deadline has passed, and sees to it that somebody is
//! told (docs/semantics.md 3.3).

use super::settle::Firing;
use crate::complaint::{DeadlineName, EventKind, Origin, Recipient, Source};
use crate::rules::words::context::Eval;
use crate::rules::words::notices::record_notification;
use serde_json::json;

/// The message that the engine itself sends; its text is compiled in, so it works with every script broken.
pub const BREACH_MESSAGE: &str = "deadline_breached";

/// Records the deadlines that have passed, once per instance; their names.
pub(super) fn record_breaches(eval: &Eval) -> Vec<DeadlineName> {
    let mut working = eval.working();
    let mut breached = Vec::new();
    for i in 0..working.case.deadlines.len() {
        let deadline = &mut working.case.deadlines[i];
        if !deadline.is_armed() || deadline.breached_at.is_some() || eval.now <= deadline.due {
            continue;
        }
        deadline.breached_at = Some(deadline.due.next());
        let (name, due) = (deadline.name.clone(), deadline.due);
        let data = json!({"deadline": name, "instance": deadline.instance, "due": due});
        working.record(EventKind::DeadlineBreached, format!("deadline {name} passed"), data);
        breached.push(name);
    }
    breached
}

/// Tells of a breach that no rule told to somebody entitled to hear.
pub(super) fn alarm(eval: &Eval, breached: &[DeadlineName], firings: &[Firing]) {
    let mut working = eval.working();
    for name in breached {
        let Some(declaration) = eval.procedure.deadlines.get(name) else { continue };
        let is_entitled = |recipient: &Recipient| match recipient {
            Recipient::Role(role) => declaration.alarms.contains(role),
            Recipient::Complainant | Recipient::Responsible | Recipient::Person(_) => false,
        };
        let told = firings.iter().filter(|f| f.readings.iter().any(|r| r.deadline == *name)).any(|f| {
            let sent = working.notifications.get(f.notifications.clone()).unwrap_or_default();
            sent.iter().any(|n| is_entitled(&n.recipient))
        });
        if told {
            continue;
        }
        working.origin = Origin::ENGINE;
        let due = working.case.deadlines.iter().find(|d| d.name == *name).map(|d| d.due);
        let data = json!({
            "deadline": name, "label": {"nl": declaration.nl, "en": declaration.en},
            "due": due.map(|d| eval.calendar.rfc3339(d)),
        });
        for role in &declaration.alarms {
            let (recipient, message) = (role.clone().into(), BREACH_MESSAGE.into());
            record_notification(&mut working, recipient, message, data.clone(), Source::Engine);
        }
    }
}
