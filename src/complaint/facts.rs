//! `Complaint`: the facts of one complaint, everything a rule may read and a decision may change.

use super::{
    Channel, IntakeId, Language, Letter, Link, Measure, Meeting, MessageName, Name, Number, State,
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

/// Who was responsible from when (procedure, roles: dated history).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsibility {
    /// None while nobody was.
    pub person: Option<String>,
    /// Since when.
    pub from: Moment,
    /// The address of who decided it.
    pub by: String,
}

word_enum! {
    /// Customers "both internal and external" (docs/procedure.md row 2).
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
    /// The main state.
    pub state: State,
    /// The subject of its first mail.
    pub subject: String,
    /// How it reached the organisation.
    pub channel: Channel,
    /// Whether the complainant belongs to the organisation.
    pub complainant_kind: ComplainantKind,
    /// The language of letters to the complainant.
    pub language: Language,
    /// Nothing the complainant wrote says which language it is.
    #[serde(default)]
    pub language_is_assumed: bool,
    /// Who complains; empty until it is known.
    pub complainant: Party,
    /// Who wrote on the complainant's behalf, when that was somebody else (docs/procedure.md edge case 11).
    #[serde(default)]
    pub submitter: Option<String>,
    /// The employee complained of, who neither handles this complaint nor hears of it (docs/procedure.md T32, edge case 8).
    #[serde(default)]
    pub about: Option<String>,
    /// What complaints about the same incident share (docs/procedure.md edge cases 5 and 17).
    #[serde(default)]
    pub incident: Option<String>,
    /// The employee who passed the mail on, when one did.
    pub forwarded_by: Option<String>,
    /// Who seems to complain in a mail that was passed on; a person confirms it.
    #[serde(default)]
    pub proposed_complainant: Option<Party>,
    /// Why a person must look at it first; none when nobody must.
    pub triage_reason: Option<TriageReason>,
    /// The Message-ID of the first mail, which letters answer.
    pub message_id: String,
    /// When the organisation first received it.
    pub received_at: Moment,
    /// The day of the first contact by another channel; terms count from the email (docs/procedure.md row 11).
    #[serde(default)]
    pub first_contact_on: Option<Date>,
    /// The day of what is complained of.
    pub arose_on: Option<Date>,
    /// When its number was given.
    pub registered_at: Option<Moment>,
    /// The day by which an answer is promised to the complainant.
    pub promised_by: Option<Date>,
    /// The day first promised, before it was extended.
    pub promised_by_original: Option<Date>,
    /// The day of the decision.
    pub decided_on: Option<Date>,
    /// What was decided, of the procedure's verdicts.
    pub verdict: Option<Name>,
    /// Why it is not treated, of the procedure's grounds.
    pub ground: Option<Name>,
    /// The reasons given to the complainant.
    pub reasons: Option<String>,
    /// What is offered to the complainant.
    pub solution: Option<String>,
    /// What happened, in the words of the handler.
    pub description: Option<String>,
    /// What led to it, in the words of the handler.
    pub cause: Option<String>,
    /// From the procedure's taxonomy of causes (docs/procedure.md row 28).
    #[serde(default)]
    pub cause_kind: Option<Name>,
    /// yes, no, no_reply or not_applicable; none until known (docs/procedure.md row 25).
    pub agreement: Option<Name>,
    /// The escalation region, beside the main state.
    pub escalation: Option<Name>,
    /// The one responsible person, by address.
    pub responsible: Option<String>,
    /// The address of who proposed the decision.
    pub proposed_by: Option<String>,
    /// The number of the complaint this one repeats, was merged into, or follows.
    pub refers_to: Option<Number>,
    /// The flags that are set, of those the procedure declares.
    pub flags: BTreeSet<Name>,
    /// The counters of the procedure, where they are not 0.
    pub counters: BTreeMap<Name, i64>,
    /// The organisation's own fields.
    pub extra: BTreeMap<Name, serde_json::Value>,
    /// When each kind of thing last happened: action ids, states entered, kinds of mail.
    pub last: BTreeMap<Name, Moment>,
    /// The latest letter of each message.
    pub letters: BTreeMap<MessageName, Letter>,
    /// Preventive measures, oldest first.
    pub measures: Vec<Measure>,
    /// Other complaints it has to do with.
    pub links: Vec<Link>,
    /// Who was responsible, oldest first.
    #[serde(default)]
    pub responsibilities: Vec<Responsibility>,
    /// The latest meeting, also when it is over or off.
    #[serde(default)]
    pub meeting: Option<Meeting>,
    /// The ruleset in force when the number was given, for information (docs/semantics.md 1.5).
    pub registered_under: Option<String>,
}

impl Complaint {
    /// The facts known at the first moment; everything else is for rules and people to fill.
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
            registered_under: None,
        }
    }

    /// The number, or the intake id while there is none.
    pub fn reference(&self) -> &str {
        self.number.as_ref().map_or(self.intake_id.as_str(), Number::as_str)
    }
}
