//! `undo`: a complaint as it was before an event, as far as webhooks show it. Pure.

use crate::complaint::{Complaint, EventKind};
use serde_json::Value;

/// The word in the trail for a field that holds nothing.
const NOT_SET: &str = "not set";

/// What stands before the name of an own field.
const OWN: &str = "extra.";

/// Takes the change of an event back, in what an outline shows of a complaint; `data` is what the trail keeps of it.
pub(super) fn undo(complaint: &mut Complaint, kind: EventKind, data: &Value) {
    let text = |name: &str| data.get(name).and_then(Value::as_str);
    match kind {
        EventKind::Registered => complaint.number = None,
        EventKind::Entered => {
            if let Some(from) = text("from") {
                complaint.state = from.into();
            }
        }
        EventKind::Escalated => complaint.escalation = text("from").map(Into::into),
        EventKind::FactChanged => match (text("flag"), text("field").zip(text("from"))) {
            (Some(flag), _) => {
                let was_set = data.get("to") == Some(&Value::Bool(false));
                match was_set {
                    true => complaint.flags.insert(flag.into()),
                    false => complaint.flags.remove(flag),
                };
            }
            (None, Some((field, from))) => undo_field(complaint, field, from),
            (None, None) => {}
        },
        _ => {}
    }
}

fn undo_field(c: &mut Complaint, field: &str, from: &str) {
    let before = Some(from).filter(|from| *from != NOT_SET);
    let (name, day) = (before.map(Into::into), before.and_then(|day| day.parse().ok()));
    match field {
        "verdict" => c.verdict = name,
        "ground" => c.ground = name,
        "agreement" => c.agreement = name,
        "cause_kind" => c.cause_kind = name,
        "promised_by" => c.promised_by = day,
        "decided_on" => c.decided_on = day,
        "complainant_kind" => c.complainant_kind = from.parse().unwrap_or(c.complainant_kind),
        "language" => c.language = from.parse().unwrap_or(c.language),
        _ => {}
    }
}

/// Takes the change of a field back that only the organisation itself sees; `change` is what the trail keeps of it, which may
/// have been removed.
pub(super) fn undo_text(c: &mut Complaint, kind: EventKind, change: &Value) {
    let text = |name: &str| change.get(name).and_then(Value::as_str);
    if kind != EventKind::FactChanged {
        return;
    }
    if let Some(own) = text("field").and_then(|field| field.strip_prefix(OWN)) {
        match change.get("from") {
            None | Some(Value::Null) => c.extra.remove(own),
            Some(before) => c.extra.insert(own.into(), before.clone()),
        };
        return;
    }
    let Some((field, from)) = text("field").zip(text("from")) else { return };
    let before = Some(from.to_owned()).filter(|from| from != NOT_SET);
    match field {
        "responsible" => c.responsible = before,
        "proposed_by" => c.proposed_by = before,
        "about" => c.about = before,
        "submitter" => c.submitter = before,
        "complainant" => c.complainant.email = before.unwrap_or_default(),
        "complainant_name" => c.complainant.name = before.unwrap_or_default(),
        "description" => c.description = before,
        "cause" => c.cause = before,
        "reasons" => c.reasons = before,
        "solution" => c.solution = before,
        _ => {}
    }
}
