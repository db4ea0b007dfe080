//! The shape of what a template sees: what each value of [`TemplateContext`](super::template_context::TemplateContext)
//! is, and what of it is certain to be there where a message is sent.

use crate::message::{Part, Parts, Presence, Shape};
use crate::rules::{Certain, ExtraKind, NotifySite, Procedure, Ruleset, ValueKind, field_kinds};
use serde_json::Value;
use std::collections::BTreeMap;

/// Returns the shape of what a message sees that is sent from a place. `others` are the data that other places hand
/// along with the same message: those are known there, and missing here.
pub(super) fn of_site(ruleset: &Ruleset, site: &NotifySite, others: &BTreeMap<String, ValueKind>) -> Shape {
    let mut data: Parts = others.iter().map(|(name, kind)| (name.clone(), missing(of_kind(*kind)))).collect();
    for (name, kind) in &site.kinds {
        let presence = presence(!site.least_data[name.as_str()].is_null());
        data.insert(name.clone(), Part { shape: of_kind(*kind), presence });
    }
    of_message(ruleset, site.certain.as_ref(), Shape::Group(data))
}

/// Returns the shape of what a message of the engine sees, by the data that the engine hands along.
pub(super) fn of_engine(ruleset: &Ruleset, certain: Option<&Certain>, data: &Value) -> Shape {
    of_message(ruleset, certain, of_value(data))
}

fn of_value(value: &Value) -> Shape {
    match value {
        Value::Object(parts) => {
            Shape::Group(parts.iter().map(|(name, value)| (name.clone(), sure(of_value(value)))).collect())
        }
        Value::Array(items) => Shape::List(Box::new(items.first().map_or(Shape::Any, of_value))),
        Value::String(text) if chrono::DateTime::parse_from_rfc3339(text).is_ok() => Shape::Moment,
        Value::String(_) => Shape::Text,
        Value::Number(_) => Shape::Number,
        Value::Bool(_) => Shape::YesNo,
        Value::Null => Shape::Any,
    }
}

/// Returns the shape of what a message sees, about a complaint of which some is certain, or about none.
pub(super) fn of_message(ruleset: &Ruleset, certain: Option<&Certain>, data: Shape) -> Shape {
    let terms: Parts =
        ruleset.term_kinds().into_iter().map(|(name, kind)| (name, sure(of_kind(kind)))).collect();
    let survey = Shape::group([("question", Shape::Text), ("link", Shape::Text), ("until", Shape::Date)]);
    let mut root: Parts = [
        ("language", sure(Shape::Text)),
        ("data", sure(data)),
        ("terms", sure(Shape::Group(terms))),
        ("recipient", sure(Shape::group([("name", Shape::Text)]))),
        ("organisation", sure(Shape::group([("name", Shape::Text), ("mailbox", Shape::Text)]))),
        ("today", sure(Shape::Date)),
        ("late", doubtful(Shape::Text)),
        ("survey", doubtful(survey)),
    ]
    .map(|(name, part)| (name.to_owned(), part))
    .into();
    // A schedule has no complaint, but sends messages that rules send too.
    let part = if certain.is_some() { sure } else { missing };
    let (nothing, procedure) = (Certain::default(), ruleset.procedure());
    let certain = certain.unwrap_or(&nothing);
    root.insert("complaint".to_owned(), part(complaint(procedure, certain)));
    root.insert("deadline".to_owned(), part(deadlines(procedure, certain)));
    Shape::Group(root)
}

fn complaint(procedure: &Procedure, certain: &Certain) -> Shape {
    let filled = |name: &str| presence(certain.fields.contains(name));
    let mut parts: Parts = field_kinds()
        .map(|field| {
            let presence = presence(field.is_always_filled || certain.fields.contains(field.name));
            (field.name.to_owned(), Part { shape: of_kind(field.kind), presence })
        })
        .collect();
    let meeting = Shape::group([
        ("number", Shape::Number),
        ("day", Shape::Date),
        ("time", Shape::Text),
        ("minutes", Shape::Number),
        ("place", Shape::Text),
        ("sequence", Shape::Number),
        ("status", Shape::Text),
        ("answer", Shape::Any),
    ]);
    let flags = procedure.flags.keys().map(|name| (name.to_string(), missing(Shape::YesNo))).collect();
    let extra = procedure.extra.iter().map(|(name, field)| {
        let shape = match field.kind {
            ExtraKind::Text | ExtraKind::Choice(_) => Shape::Text,
            ExtraKind::Date => Shape::Date,
            ExtraKind::Number => Shape::Number,
            ExtraKind::YesNo => Shape::YesNo,
        };
        let is_filled = certain.fields.contains(&format!("extra.{name}"));
        (name.to_string(), if is_filled { sure(shape) } else { missing(shape) })
    });
    let for_people = [
        ("reference", sure(Shape::Text)),
        ("intake_id", sure(Shape::Text)),
        ("state_label", sure(Shape::Text)),
        ("language_is_assumed", sure(Shape::YesNo)),
        ("complainant_email", sure(Shape::Text)),
        ("earlier_decided_on", doubtful(Shape::Date)),
        ("measures", sure(Shape::List(Box::new(measure())))),
        ("meeting", Part { shape: meeting, presence: filled("meeting") }),
        ("flags", sure(Shape::Group(flags))),
        ("extra", sure(Shape::Group(extra.collect()))),
    ];
    parts.extend(for_people.map(|(name, part)| (name.to_owned(), part)));
    Shape::Group(parts)
}

fn deadlines(procedure: &Procedure, certain: &Certain) -> Shape {
    let deadline = Shape::group([
        ("due", Shape::Moment),
        ("owner", Shape::Text),
        ("label", Shape::Text),
        ("rolled_because", Shape::Any),
        ("is_armed", Shape::YesNo),
        ("is_overdue", Shape::YesNo),
        ("is_paused", Shape::YesNo),
    ]);
    let parts = procedure.deadlines.keys().map(|name| {
        let is_there = certain.deadlines.contains(name.as_str());
        (name.to_string(), if is_there { sure(deadline.clone()) } else { missing(deadline.clone()) })
    });
    Shape::Group(parts.collect())
}

fn measure() -> Shape {
    let parts = [
        ("id", sure(Shape::Number)),
        ("description", sure(Shape::Text)),
        ("owner", sure(Shape::Text)),
        ("due", doubtful(Shape::Date)),
        ("check_on", doubtful(Shape::Date)),
        ("note", doubtful(Shape::Text)),
        ("state", sure(Shape::Text)),
        ("state_label", sure(Shape::Text)),
    ];
    Shape::Group(parts.map(|(name, part)| (name.to_owned(), part)).into())
}

/// Returns the shape of a complaint of a group (docs/semantics.md 7.3).
fn member() -> Shape {
    let parts = [
        ("number", doubtful(Shape::Text)),
        ("intake_id", doubtful(Shape::Text)),
        ("state", sure(Shape::Text)),
        ("received_on", sure(Shape::Date)),
        ("decided_on", doubtful(Shape::Date)),
        ("is_open", sure(Shape::YesNo)),
    ];
    Shape::Group(parts.map(|(name, part)| (name.to_owned(), part)).into())
}

/// Returns the shape of a value that a script hands along. What has parts of its own is not looked into: a rule that
/// ranges over measures has looked at what it hands along.
fn of_kind(kind: ValueKind) -> Shape {
    match kind {
        ValueKind::Text => Shape::Text,
        ValueKind::Number => Shape::Number,
        ValueKind::YesNo => Shape::YesNo,
        ValueKind::Date => Shape::Date,
        ValueKind::Moment => Shape::Moment,
        ValueKind::Span => Shape::Term,
        ValueKind::Period => Shape::group([("from", Shape::Date), ("to", Shape::Date)]),
        ValueKind::Complaints => Shape::List(Box::new(member())),
        ValueKind::Unknown => Shape::Any,
    }
}

fn sure(shape: Shape) -> Part {
    Part { shape, presence: Presence::Certain }
}

/// What is there, and may be empty.
fn doubtful(shape: Shape) -> Part {
    Part { shape, presence: Presence::MaybeEmpty }
}

fn missing(shape: Shape) -> Part {
    Part { shape, presence: Presence::MaybeMissing }
}

fn presence(is_certain: bool) -> Presence {
    if is_certain { Presence::Certain } else { Presence::MaybeEmpty }
}
