//! Fields about where a complaint stands in the procedure.

use crate::complaint::{Case, Coming, MeetingStatus, Number, TriageReason};
use crate::rules::words::convert::{day, filled, name, optional, put};
use crate::rules::words::element::Element;
use crate::rules::words::field::Access::Write;
use crate::rules::words::field::Field;
use crate::rules::words::field::Presence::Always;
use crate::rules::words::field::Privacy::Personal;
use crate::rules::words::kind::Items;
use crate::rules::words::kind::Kind::{Date, List, Name, Text, YesNo};
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::help;
use crate::script::meter;
use rhai::{Array, Dynamic};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "state",
        kind: Name(Vocabulary::State),
        presence: Always,
        get: |case, _| case.complaint.state.as_str().into(),
        help: help("waar de klacht in de procedure is", "where it is in the procedure"),
        ..Field::READ
    },
    Field {
        name: "is_open",
        kind: YesNo,
        presence: Always,
        get: |case, p| p.is_open(&case.complaint.state).into(),
        help: help("of de klacht op een uitkomst wacht", "whether it waits for its outcome"),
        ..Field::READ
    },
    Field {
        name: "number",
        kind: Text,
        get: |case, _| optional(case.complaint.number.as_ref().map(Number::as_str)),
        help: help("K-2026-0001, zodra de klacht geregistreerd is", "K-2026-0001, once registered"),
        ..Field::READ
    },
    Field {
        name: "earlier_number",
        kind: Text,
        privacy: Personal,
        get: |case, _| optional(case.complaint.earlier_number.as_deref()),
        help: help(
            "het nummer in het register waaruit de klacht is overgenomen",
            "the number in the register from which it was imported",
        ),
        ..Field::READ
    },
    Field {
        name: "channel",
        kind: Name(Vocabulary::Channel),
        presence: Always,
        get: |case, _| case.complaint.channel.as_str().into(),
        help: help("email, forwarded, phone, paper of chat", "email, forwarded, phone, paper or chat"),
        ..Field::READ
    },
    Field {
        name: "escalation",
        kind: Name(Vocabulary::Escalation),
        get: |case, _| name(&case.complaint.escalation),
        help: help("de stap van de escalatie", "the step of the escalation"),
        ..Field::READ
    },
    Field {
        name: "triage_reason",
        kind: Name(Vocabulary::TriageReason),
        get: |case, _| optional(case.complaint.triage_reason.map(TriageReason::as_str)),
        help: help("waarom er eerst iemand naar moet kijken", "why a person must look first"),
        ..Field::READ
    },
    Field {
        name: "meeting_status",
        kind: Name(Vocabulary::MeetingState),
        get: |case, _| optional(case.complaint.meeting.as_ref().map(|m| MeetingStatus::as_str(m.status))),
        help: help("planned, held of cancelled", "planned, held or cancelled"),
        ..Field::READ
    },
    Field {
        name: "meeting_on",
        kind: Date,
        get: |case, _| day(case.complaint.meeting.as_ref().map(|m| m.day)),
        help: help("de dag van het gesprek", "the day of the meeting"),
        ..Field::READ
    },
    Field {
        name: "meeting_answer",
        kind: Name(Vocabulary::MeetingAnswer),
        get: |case, _| {
            let answer = case.complaint.meeting.as_ref().and_then(|m| m.answer);
            optional(answer.map(Coming::as_str))
        },
        help: help(
            "accepted, declined of tentative: wat de klager op de uitnodiging antwoordde",
            "accepted, declined or tentative: what the complainant answered to the invitation",
        ),
        ..Field::READ
    },
    Field {
        name: "measures",
        kind: List(Items::Measures),
        presence: Always,
        get: |case, _| measures(case).into(),
        help: help("lijst: .id .state .owner .due .check_on", "list: .id .state .owner .due .check_on"),
        ..Field::READ
    },
    Field {
        name: "duplicates",
        kind: List(Items::Complaints),
        presence: Always,
        get: |case, _| related(case).into(),
        help: help(
            "andere klachten van deze afzender: .number .state .decided_on .is_candidate .is_parent",
            "other complaints of this sender: .number .state .decided_on .is_candidate .is_parent",
        ),
        ..Field::READ
    },
    Field {
        name: "refers_to",
        kind: Text,
        privacy: Personal,
        get: |case, _| optional(case.complaint.refers_to.as_ref().map(Number::as_str)),
        access: Write(|c, v, _| {
            c.refers_to = filled(v)?.map(Number::from);
            Ok(())
        }),
        help: help(
            "het nummer van de klacht die deze herhaalt of opvolgt",
            "the number of the complaint it repeats or follows",
        ),
        ..Field::READ
    },
    Field {
        name: "incident",
        kind: Text,
        privacy: Personal,
        get: |case, _| optional(case.complaint.incident.as_deref()),
        access: Write(|c, v, _| put(&mut c.incident, filled(v))),
        help: help("wat klachten over dezelfde gebeurtenis delen", "what complaints about one event share"),
        ..Field::READ
    },
];

fn measures(case: &Case) -> Array {
    let measures = case.complaint.measures.iter();
    meter::charge(2 * measures.len() as u64);
    measures.map(|m| Dynamic::from(Element::Measure(m.clone()))).collect()
}

/// Returns the other complaints, newest first, however they were loaded (docs/semantics.md 2.6).
fn related(case: &Case) -> Array {
    meter::charge(2 * case.related.len() as u64);
    let mut newest_first: Vec<_> = case.related.iter().collect();
    newest_first.sort_by_key(|r| std::cmp::Reverse(r.id));
    newest_first.into_iter().map(|r| Dynamic::from(Element::Related(r.clone()))).collect()
}
