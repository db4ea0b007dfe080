//! What scripts see of the program: types, facts, time, effects, questions. Nothing else reaches them.

pub(in crate::rules) mod asks;
pub(in crate::rules) mod compare;
pub(in crate::rules) mod context;
pub(in crate::rules) mod convert;
pub(in crate::rules) mod effects;
pub(in crate::rules) mod element;
pub(in crate::rules) mod extra;
pub(in crate::rules) mod facts;
pub(in crate::rules) mod field_help;
pub(in crate::rules) mod fields;
pub(in crate::rules) mod measures;
pub(in crate::rules) mod meetings;
pub(in crate::rules) mod text;
pub(in crate::rules) mod time;
pub(in crate::rules) mod values;
pub(in crate::rules) mod vocabulary;

pub(in crate::rules) use asks::typed_inputs;
pub(in crate::rules) use effects::record_notification;
pub(in crate::rules) use element::{Element, PROPERTIES};
pub(in crate::rules) use facts::ComplaintHandle;
pub(in crate::rules) use fields::FIELDS;
pub(in crate::rules) use time::{Now, ScriptMoment, Today};
pub(in crate::rules) use values::to_json;

use rhai::Engine;

/// Variables that the program gives; no script may use these names for its own.
pub(in crate::rules) const VARIABLES: &[&str] = &["complaint", "it", "input", "actor", "now", "today"];

/// Functions that a rule file may call: name, and the numbers of arguments it takes.
pub(in crate::rules) const FUNCTIONS: &[(&str, &[usize])] = &[
    ("hours", &[1]),
    ("days", &[1]),
    ("weeks", &[1]),
    ("months", &[1]),
    ("years", &[1]),
    ("workdays", &[1]),
    ("at", &[2]),
    ("first_workday_from", &[1]),
    ("last_workday_until", &[1]),
    ("previous_quarter", &[0]),
    ("previous_year", &[0]),
    ("report", &[1]),
    ("concluded", &[1]),
    ("recommendations_by", &[1]),
    ("due", &[1]),
    ("alarm_at", &[1]),
    ("overdue", &[1]),
    ("armed", &[1]),
    ("overdue_terms", &[0]),
    ("letter", &[1]),
    ("known", &[1]),
    ("happened", &[1]),
    ("last", &[1]),
    ("text_mentions", &[1]),
    ("text_length", &[0]),
    ("same_subject", &[2]),
    ("from_same_sender", &[1]),
    ("register", &[0]),
    ("enter", &[1]),
    ("deadline", &[3]),
    ("met", &[1]),
    ("cancel", &[1]),
    ("notify", &[2, 3]),
    ("perform", &[2]),
    ("escalate", &[1]),
    ("refuse", &[1]),
    ("link", &[1]),
    ("merge", &[1]),
    ("unmerge", &[0]),
    ("resend_failed_letters", &[0]),
    ("letters", &[1]),
    ("meet", &[1]),
    ("end_meeting", &[1]),
    ("own_fields", &[0]),
    ("record_own_fields", &[0]),
    ("measure", &[1, 2]),
    ("remark", &[1]),
    ("text", &[1]),
    ("long_text", &[1]),
    ("date", &[1]),
    ("choice", &[2]),
    ("person", &[1]),
    ("yes_no", &[1]),
    ("number", &[1]),
    ("file", &[1]),
    ("preset", &[1]),
    ("optional", &[0]),
    ("help", &[1]),
    // From Rhai's own packages.
    ("len", &[0, 1]),
    ("is_empty", &[0, 1]),
    ("contains", &[1, 2]),
    ("filter", &[1]),
    ("map", &[1]),
    ("some", &[1]),
    ("all", &[1]),
    ("find", &[1]),
    ("push", &[1]),
    ("to_lower", &[0]),
    ("to_upper", &[0]),
    ("trim", &[0]),
    ("starts_with", &[1]),
    ("ends_with", &[1]),
    ("to_string", &[0, 1]),
    ("abs", &[0, 1]),
    ("min", &[2]),
    ("max", &[2]),
    ("range", &[2]),
    ("keys", &[0]),
    ("values", &[0]),
    ("sort", &[0, 1]),
    ("reverse", &[0]),
];

/// The functions with an effect, which no condition may call.
pub(in crate::rules) const EFFECTS: &[&str] = &[
    "register",
    "enter",
    "deadline",
    "met",
    "cancel",
    "notify",
    "perform",
    "escalate",
    "refuse",
    "link",
    "merge",
    "unmerge",
    "measure",
    "remark",
    "meet",
    "end_meeting",
    "resend_failed_letters",
    "record_own_fields",
];

pub(in crate::rules) fn register(engine: &mut Engine) {
    compare::register(engine);
    time::register(engine);
    facts::register(engine);
    fields::register(engine);
    element::register(engine);
    effects::register(engine);
    measures::register(engine);
    meetings::register(engine);
    extra::register(engine);
    asks::register(engine);
}
