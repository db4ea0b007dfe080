//! `Element`: a measure or another complaint, as `for` and lists hand it to scripts.

use crate::complaint::{LinkKind, Measure, Related};
use crate::rules::words::context::Working;
use rhai::{Array, Dynamic, Engine, FuncRegistration};
use serde_json::{Value, json};

/// A snapshot; changing the original is for effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Element {
    Measure(Measure),
    Related(Related),
}

impl Element {
    /// Stable over time, for the latch (semantics 4.3).
    pub fn id(&self) -> String {
        match self {
            Self::Measure(m) => format!("measure {}", m.id),
            Self::Related(r) => format!("complaint {}", r.id.0),
        }
    }

    pub fn to_json(&self) -> Value {
        match self {
            Self::Measure(m) => json!({
                "id": m.id, "description": m.description, "owner": m.owner, "due": m.due, "state": m.state,
                "check_on": m.check_on, "note": m.note,
            }),
            Self::Related(r) => json!({
                "number": r.number, "intake_id": r.intake_id, "state": r.state, "decided_on": r.decided_on,
            }),
        }
    }
}

pub(in crate::rules) fn measures(working: &Working) -> Array {
    let measures = working.case.complaint.measures.iter();
    measures.map(|m| Dynamic::from(Element::Measure(m.clone()))).collect()
}

pub(in crate::rules) fn related(working: &Working) -> Array {
    working.case.related.iter().map(|r| Dynamic::from(Element::Related(r.clone()))).collect()
}

type Getter = fn(&Element) -> Option<Dynamic>;

/// The properties of elements; one that the element lacks is nothing, `()`.
pub(in crate::rules) const PROPERTIES: &[(&str, Getter)] = &[
    ("id", |e| match e {
        Element::Measure(m) => Some(i64::from(m.id).into()),
        Element::Related(r) => Some(r.id.0.into()),
    }),
    ("state", |e| match e {
        Element::Measure(m) => Some(m.state.as_str().into()),
        Element::Related(r) => Some(r.state.as_str().into()),
    }),
    ("owner", |e| match e {
        Element::Measure(m) => Some(m.owner.as_str().into()),
        Element::Related(_) => None,
    }),
    ("due", |e| match e {
        Element::Measure(m) => m.due.map(Dynamic::from),
        Element::Related(_) => None,
    }),
    ("check_on", |e| match e {
        Element::Measure(m) => m.check_on.map(Dynamic::from),
        Element::Related(_) => None,
    }),
    ("number", |e| match e {
        Element::Related(r) => r.number.as_ref().map(|n| n.as_str().into()),
        Element::Measure(_) => None,
    }),
    ("decided_on", |e| match e {
        Element::Related(r) => r.decided_on.map(Dynamic::from),
        Element::Measure(_) => None,
    }),
    ("is_parent", |e| match e {
        Element::Related(r) => Some((r.kind == LinkKind::Merged).into()),
        Element::Measure(_) => None,
    }),
    ("is_candidate", |e| match e {
        Element::Related(r) => Some((r.kind == LinkKind::Candidate).into()),
        Element::Measure(_) => None,
    }),
];

pub(in crate::rules) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Element>("element");
    for (name, get) in PROPERTIES {
        FuncRegistration::new_getter(*name)
            .with_purity(true)
            .register_into_engine(engine, move |element: &mut Element| get(element).unwrap_or(Dynamic::UNIT));
    }
}
