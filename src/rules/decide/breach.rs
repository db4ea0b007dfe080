//! Breaches: the engine, not the rules, records that a deadline has passed, and sees to it that somebody is
//! told (docs/semantics.md 3.3).

use crate::calendar::Moment;
use crate::complaint::{EventKind, Notification, Origin, Reading, Recipient, Source};
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::words::context::Eval;
use crate::rules::words::notices::record_notification;
use serde_json::json;
use std::collections::BTreeSet;

/// The message that the engine itself sends; its text is compiled in, so it works with every script broken.
pub const BREACH_MESSAGE: &str = "deadline_breached";

/// A breach that was just recorded.
#[derive(Debug)]
pub(super) struct Breach {
    pub reading: Reading,
    due: Moment,
}

/// A firing: which of the decision's notifications it sent, and which terms' breaches brought it about.
#[derive(Debug)]
pub(super) struct Firing {
    pub breaches: Vec<Reading>,
    pub notifications: std::ops::Range<usize>,
}

/// Records the deadlines that have passed, once per instance.
pub(super) fn record_breaches(eval: &Eval) -> Vec<Breach> {
    let mut working = eval.working();
    let mut breached = Vec::new();
    for i in 0..working.case.deadlines.len() {
        let deadline = &mut working.case.deadlines[i];
        let runs = deadline.runs() || mutated(Mutant::PausedBreaches) && deadline.is_armed();
        if !runs || deadline.breached_at.is_some() || eval.now <= deadline.due {
            continue;
        }
        deadline.breached_at = Some(deadline.due.next());
        let (name, instance, due) = (deadline.name.clone(), deadline.instance, deadline.due);
        let data = json!({"deadline": name, "instance": instance, "due": due});
        working.origin = Origin::ENGINE;
        working.record(EventKind::DeadlineBreached, format!("deadline {name} passed"), data);
        breached.push(Breach { reading: Reading { deadline: name, instance }, due });
    }
    breached
}

/// Tells of each breach every role entitled to hear that no firing brought about by it told.
pub(super) fn alarm(eval: &Eval, breached: &[Breach], firings: &[Firing]) {
    for breach in breached {
        let Some(declaration) = eval.procedure.deadlines.get(&breach.reading.deadline) else { continue };
        let mut working = eval.working();
        let telling = firings.iter().filter(|f| f.breaches.contains(&breach.reading));
        let is_entitled = |n: &&mut Notification| match &n.recipient {
            Recipient::Role(role) => declaration.alarms.contains(role),
            // By whatever name, it may be somebody who has one of the roles.
            Recipient::Responsible | Recipient::Person(_) => !declaration.alarms.is_empty(),
            Recipient::Complainant => false,
        };
        for firing in telling.clone() {
            let sent = working.notifications.get_mut(firing.notifications.clone()).unwrap_or_default();
            sent.iter_mut().filter(is_entitled).for_each(|n| n.tells_breach = true);
        }
        let sent =
            telling.flat_map(|f| working.notifications.get(f.notifications.clone()).unwrap_or_default());
        let sent = sent.filter(|n| n.recipient != Recipient::Complainant);
        let (mut told, mut ordinals): (BTreeSet<Recipient>, Vec<u32>) =
            sent.map(|n| (n.recipient.clone(), n.ordinal)).unzip();
        working.origin = Origin::ENGINE;
        let data = json!({
            "deadline": breach.reading.deadline, "label": {"nl": declaration.nl, "en": declaration.en},
            "due": eval.calendar.rfc3339(breach.due),
        });
        for role in &declaration.alarms {
            let recipient = Recipient::from(role.clone());
            if !told.insert(recipient.clone()) {
                continue;
            }
            record_notification(&mut working, recipient, BREACH_MESSAGE.into(), data.clone(), Source::Engine);
            if let Some(notice) = working.notifications.last_mut() {
                notice.unless_reached_by.clone_from(&ordinals);
                ordinals.push(notice.ordinal);
            }
        }
    }
}
