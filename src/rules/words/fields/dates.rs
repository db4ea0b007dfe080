//! Fields that are days and moments.

use crate::rules::words::convert::{date, day, put, receipt};
use crate::rules::words::field::Access::Write;
use crate::rules::words::field::Field;
use crate::rules::words::field::Presence::Always;
use crate::rules::words::kind::Kind::{Date, Moment};
use crate::rules::words::moments::ScriptMoment;
use crate::rules::words::word::help;
use rhai::Dynamic;

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "received_at",
        kind: Moment,
        presence: Always,
        get: |case, _| Dynamic::from(ScriptMoment::from(case.complaint.received_at)),
        access: Write(|c, v, e| put(&mut c.received_at, receipt(v, e))),
        help: help(
            "wanneer de klacht binnenkwam; termijnen tellen vanaf dan",
            "when it came in; terms count from it",
        ),
        ..Field::READ
    },
    Field {
        name: "registered_at",
        kind: Moment,
        get: |case, _| {
            case.complaint.registered_at.map_or(Dynamic::UNIT, |m| Dynamic::from(ScriptMoment::from(m)))
        },
        help: help("wanneer de klacht een nummer kreeg", "when it got its number"),
        ..Field::READ
    },
    Field {
        name: "first_contact_on",
        kind: Date,
        get: |case, _| day(case.complaint.first_contact_on),
        access: Write(|c, v, _| put(&mut c.first_contact_on, date(v))),
        help: help(
            "de dag van een contact op een andere manier dan per mail",
            "the day of a contact by another channel",
        ),
        ..Field::READ
    },
    Field {
        name: "arose_on",
        kind: Date,
        get: |case, _| day(case.complaint.arose_on),
        access: Write(|c, v, _| put(&mut c.arose_on, date(v))),
        help: help("de dag waarop de klacht ontstond, zoals opgegeven", "the day it arose, as claimed"),
        ..Field::READ
    },
    Field {
        name: "promised_by",
        kind: Date,
        get: |case, _| day(case.complaint.promised_by),
        access: Write(|c, v, _| {
            c.promised_by = date(v)?;
            c.promised_by_original = c.promised_by_original.or(c.promised_by);
            Ok(())
        }),
        help: help("de dag waarop de klacht behandeld is", "the day by which it is handled"),
        ..Field::READ
    },
    Field {
        name: "promised_by_original",
        kind: Date,
        get: |case, _| day(case.complaint.promised_by_original),
        help: help("de dag die het eerst werd toegezegd", "the first day that was promised"),
        ..Field::READ
    },
    Field {
        name: "decided_on",
        kind: Date,
        get: |case, _| day(case.complaint.decided_on),
        access: Write(|c, v, _| put(&mut c.decided_on, date(v))),
        help: help("de dag van het besluit", "the day of the decision"),
        ..Field::READ
    },
];
