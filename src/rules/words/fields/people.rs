//! Fields about who is concerned.

use crate::complaint::ComplainantKind;
use crate::rules::words::convert::{address, filled, language, optional, put, text};
use crate::rules::words::field::Access::Write;
use crate::rules::words::field::Field;
use crate::rules::words::field::Presence::Always;
use crate::rules::words::field::Privacy::Personal;
use crate::rules::words::kind::Kind::{Address, Name, Text};
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::help;

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "complainant",
        kind: Text,
        presence: Always,
        privacy: Personal,
        get: |case, _| case.complaint.complainant.email.as_str().into(),
        access: Write(|c, v, _| put(&mut c.complainant.email, text(v).map(|t| t.trim().to_lowercase()))),
        help: help("het adres van de klager", "the complainant's address"),
    },
    Field {
        name: "complainant_name",
        kind: Text,
        presence: Always,
        privacy: Personal,
        get: |case, _| case.complaint.complainant.name.as_str().into(),
        access: Write(|c, v, _| put(&mut c.complainant.name, text(v))),
        help: help("de naam van de klager", "the complainant's name"),
    },
    Field {
        name: "complainant_kind",
        kind: Name(Vocabulary::ComplainantKind),
        presence: Always,
        get: |case, _| ComplainantKind::as_str(case.complaint.complainant_kind).into(),
        help: help("internal of external", "internal or external"),
        ..Field::READ
    },
    Field {
        name: "language",
        kind: Name(Vocabulary::Language),
        presence: Always,
        get: |case, _| case.complaint.language.as_str().into(),
        access: Write(|c, v, _| put(&mut c.language, language(v))),
        help: help("nl of en, van de brieven", "nl or en, of letters"),
        ..Field::READ
    },
    Field {
        name: "submitter",
        kind: Address,
        privacy: Personal,
        get: |case, _| optional(case.complaint.submitter.as_deref()),
        access: Write(|c, v, _| put(&mut c.submitter, address(v))),
        help: help("wie namens de klager schreef", "who wrote on the complainant's behalf"),
        ..Field::READ
    },
    Field {
        name: "forwarded_by",
        kind: Address,
        privacy: Personal,
        get: |case, _| optional(case.complaint.forwarded_by.as_deref()),
        help: help("de medewerker die de mail doorstuurde", "the employee who passed the mail on"),
        ..Field::READ
    },
    Field {
        name: "proposed_complainant",
        kind: Text,
        privacy: Personal,
        get: |case, _| {
            let proposed = case.complaint.proposed_complainant.as_ref();
            optional(proposed.map(|p| p.email.as_str()))
        },
        help: help(
            "het adres in een doorgestuurde mail, voor iemand om te bevestigen",
            "the address in a mail that an employee passed on, for a person to confirm",
        ),
        ..Field::READ
    },
    Field {
        name: "about",
        kind: Address,
        privacy: Personal,
        get: |case, _| optional(case.complaint.about.as_deref()),
        access: Write(|c, v, _| put(&mut c.about, address(v))),
        help: help("de medewerker over wie geklaagd wordt", "the employee complained of"),
        ..Field::READ
    },
    Field {
        name: "responsible",
        kind: Address,
        privacy: Personal,
        get: |case, _| optional(case.complaint.responsible.as_deref()),
        access: Write(|c, v, _| put(&mut c.responsible, address(v))),
        help: help("het adres van wie verantwoordelijk is", "the address of who is responsible"),
        ..Field::READ
    },
    Field {
        name: "proposed_by",
        kind: Address,
        privacy: Personal,
        get: |case, _| optional(case.complaint.proposed_by.as_deref()),
        access: Write(|c, v, _| put(&mut c.proposed_by, filled(v))),
        help: help("wie voorstelde niet in behandeling te nemen", "who proposed to decline"),
        ..Field::READ
    },
];
