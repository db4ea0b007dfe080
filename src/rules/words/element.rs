//! `Element`: a measure or another complaint, as `for` and lists hand it to scripts.

use super::kind::Kind;
use super::vocabulary::Vocabulary;
use super::word::{Help, help};
use crate::complaint::{LinkKind, Measure, Related};
use rhai::{Dynamic, Engine, FuncRegistration};
use serde_json::{Value, json};

/// A snapshot; changing the original is for effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Element {
    Measure(Measure),
    Related(Related),
}

impl Element {
    /// Returns an id that is stable over time, for the latch (docs/semantics.md 4.3).
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

type Getter = fn(&Element) -> Option<Dynamic>;

/// A property of what lists hold.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Property {
    pub name: &'static str,
    /// The kind of the property of a measure; none when a measure lacks it.
    pub of_measure: Option<Kind>,
    /// The kind of the property of another complaint; none when a complaint lacks it.
    pub of_complaint: Option<Kind>,
    pub help: Help,
    get: Getter,
}

impl std::fmt::Debug for Property {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Property {
    /// Returns what it is of an element of a kind; of what is not known, when both agree.
    pub fn kind(&self, of: Kind) -> Option<Kind> {
        match of {
            Kind::Measure => self.of_measure,
            Kind::Complaint => self.of_complaint,
            _ if self.of_measure == self.of_complaint => self.of_measure,
            _ => Some(Kind::Any),
        }
    }
}

/// The properties of elements; one that the element lacks is nothing, `()`.
pub(in crate::rules) const PROPERTIES: &[Property] = &[
    Property {
        name: "id",
        of_measure: Some(Kind::Number),
        of_complaint: Some(Kind::Number),
        help: help("het volgnummer", "its number in the list or the store"),
        get: |e| match e {
            Element::Measure(m) => Some(i64::from(m.id).into()),
            Element::Related(r) => Some(r.id.0.into()),
        },
    },
    Property {
        name: "state",
        of_measure: Some(Kind::Name(Vocabulary::Measure)),
        of_complaint: Some(Kind::Name(Vocabulary::State)),
        help: help("de status", "its state"),
        get: |e| match e {
            Element::Measure(m) => Some(m.state.as_str().into()),
            Element::Related(r) => Some(r.state.as_str().into()),
        },
    },
    Property {
        name: "owner",
        of_measure: Some(Kind::Text),
        of_complaint: None,
        help: help("wie de maatregel uitvoert", "who carries the measure out"),
        get: |e| match e {
            Element::Measure(m) => Some(m.owner.as_str().into()),
            Element::Related(_) => None,
        },
    },
    Property {
        name: "due",
        of_measure: Some(Kind::Date),
        of_complaint: None,
        help: help("wanneer de maatregel uitgevoerd is", "by when the measure is carried out"),
        get: |e| match e {
            Element::Measure(m) => m.due.map(Dynamic::from),
            Element::Related(_) => None,
        },
    },
    Property {
        name: "check_on",
        of_measure: Some(Kind::Date),
        of_complaint: None,
        help: help("wanneer het effect bekeken wordt", "when the effect is looked at"),
        get: |e| match e {
            Element::Measure(m) => m.check_on.map(Dynamic::from),
            Element::Related(_) => None,
        },
    },
    Property {
        name: "number",
        of_measure: None,
        of_complaint: Some(Kind::Text),
        help: help("het nummer van de andere klacht", "the number of the other complaint"),
        get: |e| match e {
            Element::Related(r) => r.number.as_ref().map(|n| n.as_str().into()),
            Element::Measure(_) => None,
        },
    },
    Property {
        name: "decided_on",
        of_measure: None,
        of_complaint: Some(Kind::Date),
        help: help("de dag van het besluit over de andere klacht", "the day the other complaint was decided"),
        get: |e| match e {
            Element::Related(r) => r.decided_on.map(Dynamic::from),
            Element::Measure(_) => None,
        },
    },
    Property {
        name: "is_parent",
        of_measure: None,
        of_complaint: Some(Kind::YesNo),
        help: help("of deze klacht erin is samengevoegd", "whether this complaint was merged into it"),
        get: |e| match e {
            Element::Related(r) => Some((r.kind == LinkKind::Merged).into()),
            Element::Measure(_) => None,
        },
    },
    Property {
        name: "is_candidate",
        of_measure: None,
        of_complaint: Some(Kind::YesNo),
        help: help("of het alleen dezelfde afzender is", "whether it is only of the same sender"),
        get: |e| match e {
            Element::Related(r) => Some((r.kind == LinkKind::Candidate).into()),
            Element::Measure(_) => None,
        },
    },
];

/// Registers the properties of measures and complaints.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Element>("element");
    for property in PROPERTIES {
        let get = property.get;
        FuncRegistration::new_getter(property.name)
            .with_purity(true)
            .register_into_engine(engine, move |element: &mut Element| get(element).unwrap_or(Dynamic::UNIT));
    }
}
