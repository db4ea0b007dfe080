//! `Vocabulary`: the closed sets of names that a text in a script can come from.

use crate::complaint::{
    Channel, Coming, ComplainantKind, EventKind, Language, LetterStatus, MeetingStatus, Name, TriageReason,
};
use crate::rules::diagnostics::Words;
use crate::rules::procedure::declared::Procedure;
use crate::rules::procedure::label::Label;
use std::collections::{BTreeMap, BTreeSet};

/// A closed set of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    Flag,
    Counter,
    ExtraField,
    /// The fields by which complaints can be grouped.
    GroupField,
    /// The happenings that `happened` and `last` remember: actions, states and escalation steps entered,
    /// kinds of mail.
    Event,
    Channel,
    ComplainantKind,
    Language,
    /// The progress of a letter, `none` included.
    LetterState,
    /// The progress of a letter that was sent.
    SentLetterState,
    TriageReason,
    MeetingState,
    /// The ways in which a meeting can end.
    MeetingEnd,
    MeetingAnswer,
}

/// The word that `letter("…")` gives before a letter of that name was sent.
pub(in crate::rules) const NO_LETTER: &str = "none";
/// The kinds of mail that a complaint remembers.
const REMEMBERED: [EventKind; 3] = [EventKind::Received, EventKind::MailAdded, EventKind::ComplainantReplied];

/// The names that a ruleset declares, by which its scripts are checked.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Declared<'a> {
    pub procedure: &'a Procedure,
    pub messages: BTreeSet<&'a str>,
    pub actions: BTreeSet<&'a str>,
    /// The fields of a complaint.
    pub fields: Vec<&'static str>,
}

impl Vocabulary {
    /// Lists every vocabulary.
    pub const ALL: &[Self] = &[
        Self::State,
        Self::Deadline,
        Self::Role,
        Self::Message,
        Self::Action,
        Self::Escalation,
        Self::Measure,
        Self::Cause,
        Self::Verdict,
        Self::Ground,
        Self::Agreement,
        Self::Field,
        Self::Flag,
        Self::Counter,
        Self::ExtraField,
        Self::GroupField,
        Self::Event,
        Self::Channel,
        Self::ComplainantKind,
        Self::Language,
        Self::LetterState,
        Self::SentLetterState,
        Self::TriageReason,
        Self::MeetingState,
        Self::MeetingEnd,
        Self::MeetingAnswer,
    ];

    /// Returns what one name of it is called: "verdict".
    pub fn word(self) -> Words {
        match self {
            Self::State => Words::new("status", "state"),
            Self::Deadline => Words::new("termijn", "deadline"),
            Self::Role => Words::new("rol", "role"),
            Self::Message => Words::new("bericht", "message"),
            Self::Action => Words::new("actie", "action"),
            Self::Escalation => Words::new("escalatiestap", "escalation"),
            Self::Measure => Words::new("status van een maatregel", "measure state"),
            Self::Cause => Words::new("oorzaak", "cause"),
            Self::Verdict => Words::new("oordeel", "verdict"),
            Self::Ground => Words::new("grond", "ground"),
            Self::Agreement => Words::new("antwoord over het besluit", "agreement"),
            Self::Field => Words::new("gegeven", "field"),
            Self::Flag => Words::new("markering", "flag"),
            Self::Counter => Words::new("teller", "counter"),
            Self::ExtraField => Words::new("eigen veld", "own field"),
            Self::GroupField => Words::new("veld om op te groeperen", "field to group by"),
            Self::Event => Words::new("gebeurtenis", "event"),
            Self::Channel => Words::new("kanaal", "channel"),
            Self::ComplainantKind => Words::new("soort klager", "kind of complainant"),
            Self::Language => Words::new("taal", "language"),
            Self::LetterState | Self::SentLetterState => Words::new("status van een brief", "letter state"),
            Self::TriageReason => Words::new("reden om eerst te kijken", "triage reason"),
            Self::MeetingState | Self::MeetingEnd => Words::new("status van een gesprek", "meeting status"),
            Self::MeetingAnswer => Words::new("antwoord op een uitnodiging", "answer to an invitation"),
        }
    }

    /// Returns what people read instead of its names, where messages show them so.
    pub fn labels(self, procedure: &Procedure) -> Option<&BTreeMap<Name, Label>> {
        match self {
            Self::Verdict => Some(&procedure.verdicts),
            Self::Ground => Some(&procedure.grounds),
            Self::Agreement => Some(&procedure.agreements),
            Self::Escalation => Some(&procedure.escalations),
            Self::Cause => Some(&procedure.causes),
            _ => None,
        }
    }

    /// Returns every name of it that exists.
    pub fn names<'a>(self, declared: &Declared<'a>) -> Vec<&'a str> {
        fn keys<V>(map: &BTreeMap<Name, V>) -> Vec<&str> {
            map.keys().map(Name::as_str).collect()
        }
        let p = declared.procedure;
        match self {
            Self::State => p.states.keys().map(|k| k.as_str()).collect(),
            Self::Deadline => p.deadlines.keys().map(|k| k.as_str()).collect(),
            Self::Role => p.roles.keys().map(|k| k.as_str()).collect(),
            Self::Message => declared.messages.iter().copied().collect(),
            Self::Action => declared.actions.iter().copied().collect(),
            Self::Field => declared.fields.clone(),
            Self::Escalation => keys(&p.escalations),
            Self::Measure => keys(&p.measures),
            Self::Cause => keys(&p.causes),
            Self::Verdict => keys(&p.verdicts),
            Self::Ground => keys(&p.grounds),
            Self::Agreement => keys(&p.agreements),
            Self::Flag => keys(&p.flags),
            Self::Counter => keys(&p.counters),
            Self::ExtraField => keys(&p.extra),
            Self::GroupField => p.group_fields(),
            Self::Event => {
                let mut names: Vec<&str> = Self::State.names(declared);
                names.extend(Self::Action.names(declared));
                names.extend(Self::Escalation.names(declared));
                names.extend(REMEMBERED.map(EventKind::as_str));
                names
            }
            Self::Channel => Channel::ALL.iter().map(|c| c.as_str()).collect(),
            Self::ComplainantKind => ComplainantKind::ALL.iter().map(|c| c.as_str()).collect(),
            Self::Language => Language::ALL.iter().map(|l| l.as_str()).collect(),
            Self::LetterState => {
                std::iter::once(NO_LETTER).chain(LetterStatus::ALL.iter().map(|l| l.as_str())).collect()
            }
            Self::SentLetterState => LetterStatus::ALL.iter().map(|l| l.as_str()).collect(),
            Self::TriageReason => TriageReason::ALL.iter().map(|t| t.as_str()).collect(),
            Self::MeetingState => MeetingStatus::ALL.iter().map(|m| m.as_str()).collect(),
            Self::MeetingEnd => {
                let ends = MeetingStatus::ALL.iter().filter(|m| **m != MeetingStatus::Planned);
                ends.map(|m| m.as_str()).collect()
            }
            Self::MeetingAnswer => Coming::ALL.iter().map(|c| c.as_str()).collect(),
        }
    }
}
