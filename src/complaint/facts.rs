//! `Complaint`: the facts of one complaint, everything a rule may read and a decision may change.

use super::{IntakeId, Letter, Link, Measure, Meeting, MessageName, Name, Number, State};
use crate::calendar::{Date, Moment};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The store's key of a complaint; ids are given in order of intake and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ComplaintId(pub i64);

/// Somebody outside the organisation, as the mail names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    /// Lower case; empty when unknown.
    pub email: String,
}

/// How the complaint reached the organisation (procedure rows 6 and 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Email,
    /// A mail that an employee passed on; who complains is for the receiver to confirm.
    Forwarded,
    /// Told to an employee, who logged the contact (procedure row 11, T2).
    Phone,
    Paper,
    Chat,
}

impl Channel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Forwarded => "forwarded",
            Self::Phone => "phone",
            Self::Paper => "paper",
            Self::Chat => "chat",
        }
    }
}

/// Who was responsible from when (procedure, roles: dated history).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsibility {
    /// None while nobody was.
    pub person: Option<String>,
    pub from: Moment,
    pub by: String,
}

/// Customers "both internal and external" (procedure row 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplainantKind {
    Internal,
    External,
}

impl ComplainantKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    pub intake_id: IntakeId,
    pub number: Option<Number>,
    pub state: State,
    pub subject: String,
    pub channel: Channel,
    pub complainant_kind: ComplainantKind,
    /// `nl` or `en`: the language of letters to the complainant.
    pub language: String,
    /// Nothing the complainant wrote says which language it is.
    #[serde(default)]
    pub language_is_assumed: bool,
    pub complainant: Party,
    /// Who wrote on the complainant's behalf, when that was somebody else (edge case 11).
    #[serde(default)]
    pub submitter: Option<String>,
    /// The employee complained of, who neither handles this complaint nor hears of it (T32, edge case 8).
    #[serde(default)]
    pub about: Option<String>,
    /// What complaints about the same incident share (edge cases 5 and 17).
    #[serde(default)]
    pub incident: Option<String>,
    /// The employee who passed the mail on, when one did.
    pub forwarded_by: Option<String>,
    /// Who seems to complain in a mail that was passed on; a person confirms it.
    #[serde(default)]
    pub proposed_complainant: Option<Party>,
    /// Why a person must look at it first: forwarded, stranger_reply, after_closing, no_sender, unreadable, no_auto_reply.
    pub triage_reason: Option<Name>,
    /// The Message-ID of the first mail, which letters answer.
    pub message_id: String,
    pub received_at: Moment,
    /// The day of the first contact by another channel; terms count from the email (procedure row 11).
    #[serde(default)]
    pub first_contact_on: Option<Date>,
    pub arose_on: Option<Date>,
    pub registered_at: Option<Moment>,
    pub promised_by: Option<Date>,
    pub promised_by_original: Option<Date>,
    pub decided_on: Option<Date>,
    pub verdict: Option<Name>,
    pub ground: Option<Name>,
    pub reasons: Option<String>,
    pub solution: Option<String>,
    pub description: Option<String>,
    pub cause: Option<String>,
    /// From the procedure's taxonomy of causes (procedure row 28).
    #[serde(default)]
    pub cause_kind: Option<Name>,
    /// yes, no, no_reply or not_applicable; none until known (procedure row 25).
    pub agreement: Option<Name>,
    /// The escalation region, beside the main state.
    pub escalation: Option<Name>,
    /// The one responsible person, by address.
    pub responsible: Option<String>,
    pub proposed_by: Option<String>,
    /// The number of the complaint this one repeats, was merged into, or follows.
    pub refers_to: Option<Number>,
    pub flags: BTreeSet<Name>,
    pub counters: BTreeMap<Name, i64>,
    pub extra: BTreeMap<Name, serde_json::Value>,
    /// When each kind of thing last happened: action ids, states entered, kinds of mail.
    pub last: BTreeMap<Name, Moment>,
    pub letters: BTreeMap<MessageName, Letter>,
    pub measures: Vec<Measure>,
    pub links: Vec<Link>,
    #[serde(default)]
    pub responsibilities: Vec<Responsibility>,
    /// The latest meeting, also when it is over or off.
    #[serde(default)]
    pub meeting: Option<Meeting>,
    /// The ruleset in force when the number was given, for information (semantics 1.5).
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
            language: "nl".to_owned(),
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
