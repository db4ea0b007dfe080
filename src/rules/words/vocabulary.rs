//! The vocabularies of declared names: where a name may stand, and which exist.

use crate::rules::check::lint::Checked;
use crate::rules::language::grammar::Statement;
use crate::rules::words::FIELDS;
use rhai::Expr;

/// The vocabularies that a name in a script can come from.
#[derive(Clone, Copy)]
pub(in crate::rules) enum Vocabulary {
    State,
    Deadline,
    Role,
    Message,
    Action,
    Escalation,
    Measure,
    Cause,
    Verdict,
    Ground,
    Agreement,
    Field,
}

impl Vocabulary {
    pub fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Deadline => "deadline",
            Self::Role => "role",
            Self::Message => "message",
            Self::Action => "action",
            Self::Escalation => "escalation",
            Self::Measure => "measure state",
            Self::Cause => "cause",
            Self::Verdict => "verdict",
            Self::Ground => "ground",
            Self::Agreement => "agreement",
            Self::Field => "field",
        }
    }

    /// Every name of it that exists.
    pub fn names<'a>(self, checked: &Checked<'a>) -> Vec<&'a str> {
        let p = checked.procedure;
        match self {
            Self::State => p.states.keys().map(|k| k.as_str()).collect(),
            Self::Deadline => p.deadlines.keys().map(|k| k.as_str()).collect(),
            Self::Role => p.roles.keys().map(|k| k.as_str()).collect(),
            Self::Escalation => p.escalations.keys().map(|k| k.as_str()).collect(),
            Self::Measure => p.measures.keys().map(|k| k.as_str()).collect(),
            Self::Cause => p.causes.keys().map(|k| k.as_str()).collect(),
            Self::Verdict => p.verdicts.keys().map(|k| k.as_str()).collect(),
            Self::Ground => p.grounds.keys().map(|k| k.as_str()).collect(),
            Self::Agreement => p.agreements.keys().map(|k| k.as_str()).collect(),
            Self::Field => FIELDS.iter().map(|f| f.name).collect(),
            Self::Message => checked.source.messages().map(|(_, m, _)| m).collect(),
            Self::Action => checked.files.iter().flat_map(|f| &f.statements).filter_map(action_id).collect(),
        }
    }
}

/// Arguments that must be declared names: function, argument, vocabulary.
pub(in crate::rules) const NAMED_ARGUMENTS: &[(&str, usize, Vocabulary)] = &[
    ("enter", 0, Vocabulary::State),
    ("deadline", 0, Vocabulary::Deadline),
    ("deadline", 2, Vocabulary::Role),
    ("met", 0, Vocabulary::Deadline),
    ("cancel", 0, Vocabulary::Deadline),
    ("due", 0, Vocabulary::Deadline),
    ("alarm_at", 0, Vocabulary::Deadline),
    ("overdue", 0, Vocabulary::Deadline),
    ("armed", 0, Vocabulary::Deadline),
    ("notify", 1, Vocabulary::Message),
    ("letter", 0, Vocabulary::Message),
    ("perform", 0, Vocabulary::Action),
    ("escalate", 0, Vocabulary::Escalation),
    ("known", 0, Vocabulary::Field),
];

/// Fields whose values are declared names.
const NAMED_FIELDS: &[(&str, Vocabulary)] = &[
    ("state", Vocabulary::State),
    ("verdict", Vocabulary::Verdict),
    ("ground", Vocabulary::Ground),
    ("agreement", Vocabulary::Agreement),
    ("escalation", Vocabulary::Escalation),
    ("cause_kind", Vocabulary::Cause),
];

fn action_id(s: &Statement) -> Option<&str> {
    match s.part("name") {
        Some(Expr::Variable(x, ..)) if s.kind == "action" => Some(x.1.as_str()),
        Some(Expr::StringConstant(text, _)) if s.kind == "action" => Some(text.as_str()),
        _ => None,
    }
}

pub(in crate::rules) fn vocabulary_of(field: &str) -> Option<Vocabulary> {
    NAMED_FIELDS.iter().find(|(f, _)| *f == field).map(|(_, v)| *v)
}
