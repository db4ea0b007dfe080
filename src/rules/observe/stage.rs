//! `Stage`: the world in which a scenario is played, and what a scenario sketches for it.

use crate::calendar::{Date, Span};
use crate::complaint::Text;
use serde_json::Value;
use std::collections::BTreeMap;

/// A mail as a scenario sketches it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailSketch {
    /// The sender's address.
    pub from: String,
    /// The sender's name.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The reason for triage, by its word; empty when nobody must look first.
    pub triage: String,
    /// The address of who wrote the mail that a colleague passes on; empty for other mail.
    pub passed_on_from: String,
}

/// A contact as a scenario sketches it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactSketch {
    /// The channel, by its word: phone, paper or chat.
    pub channel: String,
    /// The complainant's address; empty when unknown.
    pub from: String,
    /// The complainant's name.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// The words that were told.
    pub text: String,
    /// The address of the employee who logs it.
    pub by: String,
}

/// A change that a scenario makes to the organisation's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleChange {
    /// Somebody has these roles, and is added when unknown.
    Person {
        /// The address.
        email: String,
        /// The roles, in place of those of before.
        roles: Vec<String>,
    },
    /// Somebody is away from a day to a day, both included.
    Absent {
        /// The address.
        email: String,
        /// The first day away, `YYYY-MM-DD`.
        from: String,
        /// The last day away, `YYYY-MM-DD`.
        to: String,
    },
    /// Somebody has a deputy.
    Deputy {
        /// The address of who is stood in for.
        email: String,
        /// The address of who stands in.
        deputy: String,
    },
}

/// The facts of a deadline that a scenario can expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineSeen {
    /// The local day of the legal end, `YYYY-MM-DD`.
    pub due: String,
    /// The state: armed, overdue, met or cancelled.
    pub status: String,
}

/// A digest that a scenario can expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestSeen {
    /// The messages that its lines are of, in order.
    pub messages: Vec<String>,
    /// Subject and text.
    pub words: String,
}

/// What a scenario expects.
#[derive(Clone, Copy, Debug)]
pub enum Expected<'e> {
    /// A field of a case has a value.
    Fact {
        /// The place of the case.
        case: usize,
        /// The field.
        name: &'e str,
        /// The value.
        value: &'e Value,
    },
    /// A deadline runs up to and including a day, `YYYY-MM-DD`.
    Runs {
        /// The place of the case.
        case: usize,
        /// The deadline.
        name: &'e str,
        /// The day.
        due: &'e str,
    },
    /// A deadline has a status, by its word ([`DeadlineSeen`]).
    Term {
        /// The place of the case.
        case: usize,
        /// The deadline.
        name: &'e str,
        /// The word.
        status: &'e str,
    },
    /// What was sent about a case since the last look, each `recipient message`.
    Notified {
        /// The place of the case.
        case: usize,
        /// The messages.
        notices: &'e [String],
    },
    /// What was sent about no case since the last look.
    Sent {
        /// The messages.
        notices: &'e [String],
    },
    /// The digests that went to an address since the last look.
    Digest {
        /// The address.
        to: &'e str,
        /// The messages that they carry.
        messages: &'e [String],
        /// Words that stand in them.
        words: &'e [String],
    },
    /// The newest message of a name holds words.
    Letter {
        /// The place of the case.
        case: usize,
        /// The message.
        message: &'e str,
        /// The words.
        words: &'e [String],
    },
    /// The newest `recipient message` reached addresses.
    Reached {
        /// The place of the case.
        case: usize,
        /// The message, with its recipient.
        notice: &'e str,
        /// The addresses.
        addresses: &'e [String],
    },
    /// An action is possible, or is not.
    Offer {
        /// The place of the case.
        case: usize,
        /// The action.
        action: &'e str,
        /// Whether it is to be possible.
        is_expected: bool,
    },
}

/// The world of one scenario: virtual time, cases in memory, no store and no network.
pub trait Stage: Send {
    /// Hears the line of its file that a scenario has come to, before what stands there is done.
    fn line(&mut self, _line: usize) {}
    /// Hears what is expected, before it is looked at.
    fn expects(&mut self, _expected: Expected<'_>) {}
    /// Hears that what was expected last holds.
    fn holds(&mut self) {}
    /// Moves the clock to a local time, letting everything happen that falls due on the way.
    fn until(&mut self, local: &str) -> Result<(), Text>;
    /// Moves the clock on by a span, letting everything happen that falls due on the way.
    fn wait(&mut self, span: Span) -> Result<(), Text>;
    /// Moves the clock as `until` does, while Redress stands still: everything missed is due at once.
    fn outage(&mut self, local: &str) -> Result<(), Text>;
    /// Takes in a mail that opens a complaint; returns its place among the cases.
    fn mail(&mut self, mail: MailSketch) -> Result<usize, Text>;
    /// Logs a contact by phone, paper or chat; returns its place among the cases.
    fn contact(&mut self, contact: ContactSketch) -> Result<usize, Text>;
    /// Takes in a mail of the complainant, or of somebody else, in the thread of a case; returns the place of
    /// the case where it ended up.
    fn reply(&mut self, case: usize, from: &str) -> Result<usize, Text>;
    /// Takes in the answer of the complainant's calendar to the invitation: accepted, declined or tentative.
    fn answer_invitation(&mut self, case: usize, answer: &str) -> Result<(), Text>;
    /// Changes the organisation's people, for this scenario.
    fn people(&mut self, change: PeopleChange) -> Result<(), Text>;
    /// Concludes the report of a period, as the director would; days are `YYYY-MM-DD`.
    fn conclude(&mut self, from: &str, to: &str) -> Result<(), Text>;
    /// Records a recommendation, to be looked at again on a day, `YYYY-MM-DD`.
    fn recommend(&mut self, follow_up_on: &str) -> Result<(), Text>;
    /// Carries out an action as a person, with the answers to what it asks.
    fn act(
        &mut self,
        case: usize,
        actor: &str,
        action: &str,
        input: BTreeMap<String, Value>,
    ) -> Result<ActionOutcome, Text>;
    /// Calls the latest letter of a message back, while it waits, as a person.
    fn recall(&mut self, case: usize, who: &str, message: &str) -> Result<(), Text>;
    /// Reports that the latest letter of a message could not be delivered after all.
    fn bounce(&mut self, case: usize, message: &str) -> Result<(), Text>;
    /// Returns a field of a case as scripts see it, as JSON; none when there is no such field.
    fn fact(&self, case: usize, name: &str) -> Option<Value>;
    /// Returns the newest instance of a deadline; none when it was never armed.
    fn deadline(&self, case: usize, name: &str) -> Option<DeadlineSeen>;
    /// Returns the local day; none when the clock is out of range.
    fn today(&self) -> Option<Date>;
    /// Returns a day as the letters of a case write it, without the day of the week.
    fn day_in_words(&self, case: usize, day: Date) -> String;
    /// Returns a span as the letters of a case write it: "6 weken".
    fn span_in_words(&self, case: usize, span: Span) -> String;
    /// Returns subject, text and invitation of the newest message of a name; none when none was sent.
    fn letter(&self, case: usize, message: &str) -> Option<String>;
    /// Returns the addresses that the newest `recipient message` reached; none when none was sent.
    fn reached(&self, case: usize, notice: &str) -> Option<Vec<String>>;
    /// Returns `recipient message` of what was sent since the last look, in order.
    fn take_notified(&mut self, case: usize) -> Vec<String>;
    /// Returns the same for what belongs to no complaint.
    fn take_sent(&mut self) -> Vec<String>;
    /// Returns the digests that went to an address since the last look, in order.
    fn take_digests(&mut self, address: &str) -> Vec<DigestSeen>;
    /// Returns whether a case offers an action now.
    fn offers(&self, case: usize, action: &str) -> bool;
}

/// The outcome of an action in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionOutcome {
    /// It was carried out.
    Done,
    /// The rules refused it, in words for the person who asked.
    Refused(Text),
}

impl ActionOutcome {
    /// Takes a refusal for a failure, where the story needs the action to be done.
    pub fn done(self) -> Result<(), Text> {
        match self {
            Self::Done => Ok(()),
            Self::Refused(text) => Err(text),
        }
    }
}
