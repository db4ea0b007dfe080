//! `Element`: a measure or another complaint, as `for` and lists hand it to scripts.

use super::kind::Kind;
use super::vocabulary::Vocabulary;
use super::word::{Help, help};
use crate::calendar::Date;
use crate::complaint::{Channel, LinkKind, Measure, Member, Name, Related};
use rhai::{Dynamic, Engine, FuncRegistration};
use serde_json::{Value, json};
use std::sync::Arc;

/// A snapshot; changing the original is for effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Element {
    Measure(Measure),
    Related(Related),
    Member(Grouped),
}

/// A complaint of a group as one who looks at it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Grouped {
    pub member: Arc<Member>,
    pub received_on: Date,
    pub is_open: bool,
    /// True for the complaint that is decided about.
    pub is_this: bool,
    /// True for the first of the list.
    pub is_newest: bool,
    /// False where the number would tell whom somebody complained of (docs/semantics.md 7.3).
    pub shows_number: bool,
}

/// `.flags` of a complaint of a group.
#[derive(Clone, Debug)]
pub(super) struct MemberFlags(pub Arc<Member>);

/// `.counters` of a complaint of a group.
#[derive(Clone, Debug)]
pub(super) struct MemberCounters(pub Arc<Member>);

impl Element {
    /// Returns an id that is stable over time, for the latch (docs/semantics.md 4.3).
    pub fn id(&self) -> String {
        match self {
            Self::Measure(m) => format!("measure {}", m.id),
            Self::Related(r) => format!("complaint {}", r.id.0),
            Self::Member(m) => format!("complaint {}", m.member.id.0),
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
            Self::Member(m) => {
                let (number, intake_id) = (m.member.number.as_ref(), &m.member.intake_id);
                let shown = |shown: Value| if m.shows_number { shown } else { Value::Null };
                json!({
                    "number": shown(json!(number)), "intake_id": shown(json!(intake_id)), "state": m.member.state,
                    "received_on": m.received_on, "decided_on": m.member.decided_on, "is_open": m.is_open,
                })
            }
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
    /// The kind of the property of a complaint of a group; none when it lacks it.
    pub of_member: Option<Kind>,
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
            Kind::Member => self.of_member,
            _ if self.of_measure.is_some() && self.of_measure == self.of_complaint => self.of_measure,
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
        of_member: None,
        help: help("het volgnummer", "its number in the list or the store"),
        get: |e| match e {
            Element::Measure(m) => Some(i64::from(m.id).into()),
            Element::Related(r) => Some(r.id.0.into()),
            Element::Member(_) => None,
        },
    },
    Property {
        name: "state",
        of_measure: Some(Kind::Name(Vocabulary::Measure)),
        of_complaint: Some(Kind::Name(Vocabulary::State)),
        of_member: Some(Kind::Name(Vocabulary::State)),
        help: help("de status", "its state"),
        get: |e| match e {
            Element::Member(m) => Some(m.member.state.as_str().into()),
            Element::Measure(m) => Some(m.state.as_str().into()),
            Element::Related(r) => Some(r.state.as_str().into()),
        },
    },
    Property {
        name: "owner",
        of_measure: Some(Kind::Text),
        of_complaint: None,
        of_member: None,
        help: help("wie de maatregel uitvoert", "who carries the measure out"),
        get: |e| match e {
            Element::Measure(m) => Some(m.owner.as_str().into()),
            Element::Related(_) | Element::Member(_) => None,
        },
    },
    Property {
        name: "due",
        of_measure: Some(Kind::Date),
        of_complaint: None,
        of_member: None,
        help: help("wanneer de maatregel uitgevoerd is", "by when the measure is carried out"),
        get: |e| match e {
            Element::Measure(m) => m.due.map(Dynamic::from),
            Element::Related(_) | Element::Member(_) => None,
        },
    },
    Property {
        name: "check_on",
        of_measure: Some(Kind::Date),
        of_complaint: None,
        of_member: None,
        help: help("wanneer het effect bekeken wordt", "when the effect is looked at"),
        get: |e| match e {
            Element::Measure(m) => m.check_on.map(Dynamic::from),
            Element::Related(_) | Element::Member(_) => None,
        },
    },
    Property {
        name: "number",
        of_measure: None,
        of_complaint: Some(Kind::Text),
        of_member: None,
        help: help("het nummer van de andere klacht", "the number of the other complaint"),
        get: |e| match e {
            Element::Related(r) => r.number.as_ref().map(|n| n.as_str().into()),
            Element::Measure(_) | Element::Member(_) => None,
        },
    },
    Property {
        name: "decided_on",
        of_measure: None,
        of_complaint: Some(Kind::Date),
        of_member: Some(Kind::Date),
        help: help("de dag van het besluit over de andere klacht", "the day the other complaint was decided"),
        get: |e| match e {
            Element::Member(m) => m.member.decided_on.map(Dynamic::from),
            Element::Related(r) => r.decided_on.map(Dynamic::from),
            Element::Measure(_) => None,
        },
    },
    Property {
        name: "is_parent",
        of_measure: None,
        of_complaint: Some(Kind::YesNo),
        of_member: None,
        help: help("of deze klacht erin is samengevoegd", "whether this complaint was merged into it"),
        get: |e| match e {
            Element::Related(r) => Some((r.kind == LinkKind::Merged).into()),
            Element::Measure(_) | Element::Member(_) => None,
        },
    },
    Property {
        name: "is_candidate",
        of_measure: None,
        of_complaint: Some(Kind::YesNo),
        of_member: None,
        help: help("of het alleen dezelfde afzender is", "whether it is only of the same sender"),
        get: |e| match e {
            Element::Related(r) => Some((r.kind == LinkKind::Candidate).into()),
            Element::Measure(_) | Element::Member(_) => None,
        },
    },
    Property {
        name: "received_on",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Date),
        help: help("de dag van ontvangst", "the day it was received"),
        get: |e| of_member(e, |m| Some(Dynamic::from(m.received_on))),
    },
    Property {
        name: "is_open",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::YesNo),
        help: help("of zij op haar uitkomst wacht", "whether it waits for its outcome"),
        get: |e| of_member(e, |m| Some(m.is_open.into())),
    },
    Property {
        name: "is_this",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::YesNo),
        help: help("of het deze klacht zelf is", "whether it is this complaint itself"),
        get: |e| of_member(e, |m| Some(m.is_this.into())),
    },
    Property {
        name: "is_newest",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::YesNo),
        help: help("of het de nieuwste van de lijst is", "whether it is the newest of the list"),
        get: |e| of_member(e, |m| Some(m.is_newest.into())),
    },
    Property {
        name: "verdict",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Name(Vocabulary::Verdict)),
        help: help("het oordeel", "the verdict"),
        get: |e| of_member(e, |m| name(m.member.verdict.as_ref())),
    },
    Property {
        name: "ground",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Name(Vocabulary::Ground)),
        help: help("de grond om haar niet te behandelen", "the ground on which it is not treated"),
        get: |e| of_member(e, |m| name(m.member.ground.as_ref())),
    },
    Property {
        name: "cause",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Name(Vocabulary::Cause)),
        help: help("de oorzaak, uit de lijst", "the cause, of the list"),
        get: |e| of_member(e, |m| name(m.member.cause.as_ref())),
    },
    Property {
        name: "agreement",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Name(Vocabulary::Agreement)),
        help: help("wat de klager van het besluit vond", "what the complainant said to the decision"),
        get: |e| of_member(e, |m| name(m.member.agreement.as_ref())),
    },
    Property {
        name: "escalation",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Name(Vocabulary::Escalation)),
        help: help("de stap van de escalatie", "the step of its escalation"),
        get: |e| of_member(e, |m| name(m.member.escalation.as_ref())),
    },
    Property {
        name: "channel",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Name(Vocabulary::Channel)),
        help: help("langs welke weg zij kwam", "the way it came"),
        get: |e| of_member(e, |m| Some(Channel::as_str(m.member.channel).into())),
    },
    Property {
        name: "flags",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Flags),
        help: help("haar markeringen", "its flags"),
        get: |e| of_member(e, |m| Some(Dynamic::from(MemberFlags(Arc::clone(&m.member))))),
    },
    Property {
        name: "counters",
        of_measure: None,
        of_complaint: None,
        of_member: Some(Kind::Counters),
        help: help("haar tellers", "its counters"),
        get: |e| of_member(e, |m| Some(Dynamic::from(MemberCounters(Arc::clone(&m.member))))),
    },
];

fn of_member(element: &Element, get: fn(&Grouped) -> Option<Dynamic>) -> Option<Dynamic> {
    match element {
        Element::Member(grouped) => get(grouped),
        Element::Measure(_) | Element::Related(_) => None,
    }
}

fn name(name: Option<&Name>) -> Option<Dynamic> {
    name.map(|name| name.as_str().into())
}

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
