//! `Complaint`: the facts of one complaint, everything a rule may read and a decision may change.

use super::{
    Channel, IntakeId, Language, Letter, Link, Measure, Meeting, MessageName, Name, Number, State, Survey,
    TriageReason, word_enum,
};
use crate::calendar::{Date, Moment};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody outside the organisation, as the mail names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// As the mail or the note names them; empty when unknown.
    pub name: String,
    /// Lower case; empty when unknown.
    pub email: String,
}

impl Party {
    /// Returns the address; none while it is unknown. Two who are unknown are not the same.
    pub fn address(&self) -> Option<&str> {
        Some(self.email.as_str()).filter(|email| !email.is_empty())
    }
}

/// The person responsible from a moment on; a list of them is the dated history (docs/procedure.md, roles).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsibility {
    /// The person's address. None while nobody was responsible.
    pub person: Option<String>,
    /// The first moment it holds; it ends where the next one begins.
    pub from: Moment,
    /// The address of who assigned it, or `system`.
    pub by: String,
}

word_enum! {
    /// The side a complainant stands on: customers "both internal and external" (docs/procedure.md row 2).
    ComplainantKind("kind of complainant") {
        Internal = "internal",
        External = "external",
    }
}

/// The facts of one complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// Its identity from the first moment.
    pub intake_id: IntakeId,
    /// Its number; none until it is registered (docs/procedure.md row 12).
    pub number: Option<Number>,
    /// The number that it had in an earlier register, from which it was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_number: Option<String>,
    /// The main state, declared in `procedure.toml` (docs/procedure.md 1.2).
    pub state: State,
    /// The subject of its first mail.
    pub subject: String,
    /// The way it reached the organisation.
    pub channel: Channel,
    /// The side the complainant stands on: within the organisation or outside.
    pub complainant_kind: ComplainantKind,
    /// The language of letters to the complainant.
    pub language: Language,
    /// True while nothing the complainant wrote says which language it is, so that `language` is a guess.
    #[serde(default)]
    pub language_is_assumed: bool,
    /// The complainant; empty until it is known.
    pub complainant: Party,
    /// The address of whoever wrote on the complainant's behalf, when that was somebody else
    /// (docs/procedure.md edge case 11).
    #[serde(default)]
    pub submitter: Option<String>,
    /// The address of the employee complained of, who neither handles this complaint nor hears of it
    /// (docs/procedure.md T32, edge case 8).
    #[serde(default)]
    pub about: Option<String>,
    /// The name that complaints about the same incident share (docs/procedure.md edge cases 5 and 17).
    #[serde(default)]
    pub incident: Option<String>,
    /// The address of the employee who passed the mail on, when one did.
    pub forwarded_by: Option<String>,
    /// The likely complainant in a mail that was passed on; a person confirms it.
    #[serde(default)]
    pub proposed_complainant: Option<Party>,
    /// The reason why a person must look at it first; none when nobody must.
    pub triage_reason: Option<TriageReason>,
    /// The Message-ID of the first mail, which letters answer.
    pub message_id: String,
    /// The moment at which the organisation first received it; terms count from here.
    pub received_at: Moment,
    /// The day of the first contact by another channel; terms count from the email
    /// (docs/procedure.md row 11).
    #[serde(default)]
    pub first_contact_on: Option<Date>,
    /// The day on which what is complained of happened, as the complainant says; none while unknown.
    pub arose_on: Option<Date>,
    /// The moment at which its number was given.
    pub registered_at: Option<Moment>,
    /// The day by which an answer is promised to the complainant (docs/procedure.md row 14).
    pub promised_by: Option<Date>,
    /// The day first promised; stays when `promised_by` is extended (docs/procedure.md edge case 9).
    pub promised_by_original: Option<Date>,
    /// The day of the decision.
    pub decided_on: Option<Date>,
    /// The verdict, declared in `procedure.toml` (docs/procedure.md row 18).
    pub verdict: Option<Name>,
    /// The ground on which it is not treated, declared in `procedure.toml` (docs/procedure.md T9).
    pub ground: Option<Name>,
    /// The reasons given to the complainant.
    pub reasons: Option<String>,
    /// The solution offered to the complainant (docs/procedure.md row 19).
    pub solution: Option<String>,
    /// The description of what happened, in the words of the handler.
    pub description: Option<String>,
    /// The cause, in the words of the handler.
    pub cause: Option<String>,
    /// From the procedure's taxonomy of causes (docs/procedure.md row 28).
    #[serde(default)]
    pub cause_kind: Option<Name>,
    /// `yes`, `no`, `no_reply` or `not_applicable`; none until known (docs/procedure.md row 25).
    pub agreement: Option<Name>,
    /// The step of the escalation, beside the main state (docs/procedure.md 1.2, region E); none while there
    /// was none.
    pub escalation: Option<Name>,
    /// The one responsible person, by address.
    pub responsible: Option<String>,
    /// The address of who proposed the decision, for four eyes (docs/semantics.md 4.7).
    pub proposed_by: Option<String>,
    /// The number of the complaint this one repeats, was merged into, or follows.
    pub refers_to: Option<Number>,
    /// The flags that are set, of those the procedure declares.
    pub flags: BTreeSet<Name>,
    /// The counters declared in `procedure.toml`, where they are not 0.
    pub counters: BTreeMap<Name, i64>,
    /// The organisation's own fields, declared in `redress.toml`, by name.
    pub extra: BTreeMap<Name, serde_json::Value>,
    /// The last moment of each kind of thing: action ids, states entered, kinds of mail.
    pub last: BTreeMap<Name, Moment>,
    /// The latest letter of each message.
    pub letters: BTreeMap<MessageName, Letter>,
    /// Preventive measures, oldest first.
    pub measures: Vec<Measure>,
    /// Other complaints it has to do with.
    pub links: Vec<Link>,
    /// The persons responsible one after another, oldest first.
    #[serde(default)]
    pub responsibilities: Vec<Responsibility>,
    /// The latest meeting, also when it is over or off.
    #[serde(default)]
    pub meeting: Option<Meeting>,
    /// How satisfied the complainant is with the handling, as far as that was asked.
    #[serde(default, skip_serializing_if = "Survey::is_untouched")]
    pub survey: Survey,
    /// The hash of the ruleset in force when the number was given, for information (docs/semantics.md 1.5).
    pub registered_under: Option<String>,
}

impl Complaint {
    /// Makes the facts known at the first moment; everything else is for rules and people to fill. The
    /// channel is email, the complainant external, the language Dutch.
    pub fn received(
        intake_id: IntakeId,
        state: State,
        subject: String,
        complainant: Party,
        at: Moment,
    ) -> Self {
        Self {
            intake_id,
            number: None,
            earlier_number: None,
            state,
            subject,
            channel: Channel::Email,
            complainant_kind: ComplainantKind::External,
            language: Language::Dutch,
            language_is_assumed: false,
            complainant,
            submitter: None,
            about: None,
            incident: None,
            forwarded_by: None,
            proposed_complainant: None,
            triage_reason: None,
            message_id: String::new(),
            received_at: at,
            first_contact_on: None,
            arose_on: None,
            registered_at: None,
            promised_by: None,
            promised_by_original: None,
            decided_on: None,
            verdict: None,
            ground: None,
            reasons: None,
            solution: None,
            description: None,
            cause: None,
            cause_kind: None,
            agreement: None,
            escalation: None,
            responsible: None,
            proposed_by: None,
            refers_to: None,
            flags: BTreeSet::new(),
            counters: BTreeMap::new(),
            extra: BTreeMap::new(),
            last: BTreeMap::new(),
            letters: BTreeMap::new(),
            measures: Vec::new(),
            links: Vec::new(),
            responsibilities: Vec::new(),
            meeting: None,
            survey: Survey::default(),
            registered_under: None,
        }
    }

    /// Returns the number, or the intake id while there is none.
    pub fn reference(&self) -> &str {
        self.number.as_ref().map_or(self.intake_id.as_str(), Number::as_str)
    }
}
