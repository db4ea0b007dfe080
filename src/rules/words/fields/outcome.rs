//! Fields about what was decided, and the texts that go with it.

use crate::complaint::Words;
use crate::rules::words::convert::{declared, filled, name, optional, put, text};
use crate::rules::words::field::Access::Write;
use crate::rules::words::field::Field;
use crate::rules::words::field::Presence::Always;
use crate::rules::words::field::Privacy::{FreeText, Personal};
use crate::rules::words::kind::Kind::{Name, Text};
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::help;

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "verdict",
        kind: Name(Vocabulary::Verdict),
        get: |case, _| name(&case.complaint.verdict),
        access: Write(|c, v, e| {
            put(&mut c.verdict, declared(v, &e.procedure.verdicts, Words::new("oordeel", "verdict")))
        }),
        help: help("het oordeel", "the decision"),
        ..Field::READ
    },
    Field {
        name: "ground",
        kind: Name(Vocabulary::Ground),
        get: |case, _| name(&case.complaint.ground),
        access: Write(|c, v, e| {
            put(&mut c.ground, declared(v, &e.procedure.grounds, Words::new("grond", "ground")))
        }),
        help: help("waarom de klacht niet in behandeling is genomen", "why it was not taken up"),
        ..Field::READ
    },
    Field {
        name: "cause_kind",
        kind: Name(Vocabulary::Cause),
        get: |case, _| name(&case.complaint.cause_kind),
        access: Write(|c, v, e| {
            put(&mut c.cause_kind, declared(v, &e.procedure.causes, Words::new("oorzaak", "cause")))
        }),
        help: help("uit de lijst van oorzaken", "from the list of causes"),
        ..Field::READ
    },
    Field {
        name: "agreement",
        kind: Name(Vocabulary::Agreement),
        get: |case, _| name(&case.complaint.agreement),
        access: Write(|c, v, e| {
            put(
                &mut c.agreement,
                declared(v, &e.procedure.agreements, Words::new("overeenstemming", "agreement")),
            )
        }),
        help: help("of de klager het ermee eens is", "whether the complainant agrees"),
        ..Field::READ
    },
    Field {
        name: "subject",
        kind: Text,
        presence: Always,
        privacy: Personal,
        get: |case, _| case.complaint.subject.as_str().into(),
        access: Write(|c, v, _| put(&mut c.subject, text(v))),
        help: help("het onderwerp van de eerste mail", "the subject of the first mail"),
    },
    Field {
        name: "description",
        kind: Text,
        privacy: FreeText,
        get: |case, _| optional(case.complaint.description.as_deref()),
        access: Write(|c, v, _| put(&mut c.description, filled(v))),
        help: help("vrije tekst, voor het register", "free text, for the register"),
        ..Field::READ
    },
    Field {
        name: "reasons",
        kind: Text,
        privacy: FreeText,
        get: |case, _| optional(case.complaint.reasons.as_deref()),
        access: Write(|c, v, _| put(&mut c.reasons, filled(v))),
        help: help("vrije tekst: waarom zo besloten is", "free text: why it was decided so"),
        ..Field::READ
    },
    Field {
        name: "solution",
        kind: Text,
        privacy: FreeText,
        get: |case, _| optional(case.complaint.solution.as_deref()),
        access: Write(|c, v, _| put(&mut c.solution, filled(v))),
        help: help("vrije tekst, voor het register", "free text, for the register"),
        ..Field::READ
    },
    Field {
        name: "cause",
        kind: Text,
        privacy: FreeText,
        get: |case, _| optional(case.complaint.cause.as_deref()),
        access: Write(|c, v, _| put(&mut c.cause, filled(v))),
        help: help("vrije tekst: wat er misging", "free text: what went wrong"),
        ..Field::READ
    },
];
