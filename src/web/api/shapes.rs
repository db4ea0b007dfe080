//! The shapes of what programs send and are answered. Moments are UTC as RFC 3339, days are local; names are in camel case.

use crate::accounts::Scope;
use crate::calendar::{Date, Moment};
use chrono::{DateTime, SecondsFormat};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A moment, in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub Moment);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = DateTime::from_timestamp_millis(self.0.millis()).unwrap_or_default();
        serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl JsonSchema for At {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

/// A local day.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Day(pub Date);

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

/// Something that has a name in the procedure and words for people.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Named {
    /// Its name in the procedure.
    pub name: String,
    /// What people call it, in the language of the answer.
    pub label: String,
}

/// In whose name a key is used.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Caller {
    /// The key, as people name it.
    pub key: String,
    /// The address of the person.
    pub email: String,
    /// The name of the person.
    pub name: String,
    /// The roles of the person.
    pub roles: Vec<Named>,
    /// What the key is good for.
    #[schemars(with = "Vec<String>")]
    pub scopes: Vec<Scope>,
}

/// A complaint in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ComplaintSummary {
    /// The number, or the intake id until there is one.
    pub reference: String,
    /// The number.
    pub number: Option<String>,
    /// The id that it has from the first moment.
    pub intake_id: String,
    /// Where it stands.
    pub state: Named,
    /// The subject of the first mail.
    pub subject: String,
    /// The complainant.
    pub complainant: Option<String>,
    /// The address of who is responsible.
    pub responsible: Option<String>,
    /// The moment at which it was received.
    pub received_at: At,
    /// The local day of that.
    pub received_on: Option<Day>,
    /// The day by which a decision was promised.
    pub promised_on: Option<Day>,
    /// The local day on which the next term ends.
    pub next_term_on: Option<Day>,
    /// Where it is read.
    pub path: String,
}

/// A page of complaints.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ComplaintList {
    pub complaints: Vec<ComplaintSummary>,
    /// The path and query of the next page; null where this is the last.
    pub next: Option<String>,
}

/// A term of a complaint.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Term {
    #[serde(flatten)]
    pub named: Named,
    /// Whose term it is.
    pub owner: Named,
    /// The moment from which it is counted.
    pub counted_from: Option<At>,
    /// The end.
    pub due_at: At,
    /// The local day of the end.
    pub due_on: Option<Day>,
    /// Why the end is a later day than the count alone gives.
    pub rolled_because: Option<String>,
    /// The moment at which it was met.
    pub met_at: Option<At>,
    /// The moment at which it passed.
    pub breached_at: Option<At>,
    /// The moment from which on it stands still; null while it does not.
    pub paused_at: Option<At>,
    /// Whether it runs or stands still: neither met, nor cancelled, nor replaced.
    pub is_open: bool,
}

/// One complaint.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ComplaintDetails {
    #[serde(flatten)]
    pub summary: ComplaintSummary,
    /// Its version, which every decision raises; the ETag.
    pub version: i64,
    /// The address of the complainant.
    pub complainant_email: Option<String>,
    pub description: Option<String>,
    pub reasons: Option<String>,
    pub solution: Option<String>,
    pub verdict: Option<Named>,
    pub agreement: Option<Named>,
    pub cause_kind: Option<Named>,
    pub cause: Option<String>,
    /// The names of the flags that are set.
    pub flags: Vec<String>,
    /// The complaint to which it refers.
    pub refers_to: Option<String>,
    pub terms: Vec<Term>,
    /// The words for what was taken away of it for good; null where nothing was.
    pub forgotten_at: Option<At>,
}

/// Something that happened.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Event {
    /// The place in the trail.
    pub sequence: i64,
    pub at: At,
    /// The local day of that.
    pub on: Option<Day>,
    pub kind: String,
    /// The address of the person behind it, or `system`.
    pub by: String,
    /// The route by which it came.
    pub via: String,
    /// The rule or the action behind it.
    pub rule: Option<String>,
    /// The ruleset under which it was decided.
    pub ruleset: String,
    /// What happened, in words.
    pub words: String,
}

/// What happened to a complaint.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EventList {
    pub events: Vec<Event>,
    /// The path and query of what comes next; null where there is no more.
    pub next: Option<String>,
}

/// A mail that came in, or a letter that went out.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    /// `in` or `out`.
    pub direction: String,
    pub at: At,
    /// The kind of mail, or the name of the letter.
    pub kind: String,
    /// The address it came from; null for a letter.
    pub from: Option<String>,
    /// The addresses it goes to; empty for a mail.
    pub to: Vec<String>,
    pub subject: String,
    pub body: String,
    /// The names of its attachments.
    pub attachments: Vec<String>,
    /// The files that came with a mail.
    pub files: Vec<MessageFile>,
    /// Under which a mail is read (`/raw`, `/original`), and a letter is asked about (`/why`) or called back (`/recalls`).
    pub path: String,
    /// What became of a letter.
    pub state: Option<String>,
    /// The moment at which a letter goes that can be called back until then.
    pub goes_at: Option<At>,
    /// Whether the person of the key can call it back now.
    pub is_recallable: bool,
}

/// A file that came with a mail.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MessageFile {
    pub name: String,
    /// Its media type, as far as its first bytes show it.
    pub kind: String,
    /// Its size in bytes.
    pub size: usize,
    pub sha256: String,
    /// Where it is read.
    pub path: String,
}

/// The mails and letters of a complaint, oldest first.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MessageList {
    pub messages: Vec<Message>,
    /// The path and query of what comes next; null where there is no more.
    pub next: Option<String>,
}

/// A question of an action.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question {
    /// The name under which it is answered.
    pub name: String,
    pub label: String,
    /// `text`, `longText`, `date`, `choice`, `person`, `yesNo`, `number` or `file`.
    pub kind: String,
    /// What can be chosen.
    pub options: Vec<Named>,
    /// Whether it must be answered.
    pub required: bool,
    /// The answer where none is given.
    #[schemars(with = "Option<bool>", extend("type" = ["string", "number", "boolean", "null"]))]
    pub preset: Option<Value>,
    pub help: Option<String>,
}

/// An action that can be taken now.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Offered {
    #[serde(flatten)]
    pub named: Named,
    /// The roles that may take it.
    pub by: Vec<Named>,
    pub asks: Vec<Question>,
}

/// An action that cannot be taken now.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NotOffered {
    #[serde(flatten)]
    pub named: Named,
    /// What must be so first.
    pub needs: Vec<String>,
}

/// What can be done with a complaint.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActionList {
    pub offered: Vec<Offered>,
    pub not_offered: Vec<NotOffered>,
}

/// Answers to the questions of an action.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerWish {
    /// The answers, by question: texts, numbers or booleans; days as `2026-11-22`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, AnswerGiven>")]
    pub answers: BTreeMap<String, Value>,
}

/// Nothing more is said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoWish {}

/// An action that is to be taken.
pub(super) type ActionWish = AnswerWish;

/// An answer to a question.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it says what an answer looks like")]
pub(super) enum AnswerGiven {
    Text(String),
    Number(i64),
    YesNo(bool),
    Nothing(()),
}

/// An action that was taken. However often the same is sent, all but `wasTakenBefore` is the same.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActionAnswer {
    /// The complaint, as it was asked for.
    pub reference: String,
    /// The version of the complaint that the action made; the ETag.
    pub version: i64,
    /// Whether it was taken when the same was sent before.
    pub was_taken_before: bool,
}

/// A letter that would go.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeseenLetter {
    /// Whom it is for: `complainant`, `responsible`, a role or an address.
    pub recipient: String,
    pub to: Vec<String>,
    pub language: String,
    pub subject: String,
    pub body: String,
    /// The minutes for which it would wait, to be called back.
    pub waits_minutes: i64,
}

/// What would happen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Foreseen {
    /// The version on which it is foreseen.
    pub version: i64,
    pub before: Named,
    pub after: Named,
    pub events: Vec<String>,
    pub letters: Vec<ForeseenLetter>,
    /// What would fail.
    pub faults: Vec<String>,
}

/// A term that waits for somebody.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Task {
    pub reference: String,
    pub subject: String,
    pub term: Named,
    pub due_at: At,
    /// The local day of the end.
    pub due_on: Option<Day>,
    /// Whose turn it is: `responsible` or `role` where it is the person's own, `standsIn` where it is in place of somebody,
    /// `others` where somebody else has it on a complaint of the person.
    pub turn: String,
    /// The role whose turn it is.
    pub role: Option<Named>,
    /// The action by which the person meets it; null where no single one does.
    pub action: Option<Named>,
    /// Where the complaint is read.
    pub path: String,
}

/// What waits for somebody.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TaskList {
    pub tasks: Vec<Task>,
    /// The path and query of the next page; null where this is the last.
    pub next: Option<String>,
}

/// Somebody who looked at a complaint.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct View {
    pub email: String,
    /// The first look of an hour.
    pub at: At,
}

/// Who looked at a complaint.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ViewList {
    pub views: Vec<View>,
}

/// A person of whom is asked what is kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct PersonalDataWish {
    /// The mail address, in any case.
    #[schemars(length(max = 320))]
    pub address: String,
}

/// What is looked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct SearchWish {
    /// Words, a number or an address; quotation marks keep words together.
    #[schemars(length(max = 1000))]
    pub words: String,
    /// The most that are answered.
    #[serde(default)]
    #[schemars(range(min = 1, max = 200))]
    pub page_size: Option<usize>,
    /// Where the page begins, as `next` of the page before says.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A complaint that was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Found {
    pub complaint: ComplaintSummary,
    /// What stands around what was found.
    pub excerpt: String,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SearchAnswer {
    pub found: Vec<Found>,
    /// The cursor of the next page; null where this is the last.
    pub next: Option<String>,
}

/// A report that is kept.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeptReport {
    pub from: Day,
    pub to: Day,
    pub made_at: At,
    pub is_concluded: bool,
    /// The SHA-256 of the page, in hexadecimal, as the trail has it.
    pub sha256: String,
    /// Where it is read.
    pub path: String,
}

/// The reports that are kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ReportList {
    pub reports: Vec<KeptReport>,
}

/// A delivery.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Delivery {
    pub id: String,
    pub plugin: String,
    /// The kind of content.
    pub topic: String,
    pub recipient: String,
    pub state: String,
    pub attempts: i64,
    pub created_at: At,
    /// The moment of the next attempt; null where none follows.
    pub next_at: Option<At>,
    pub last_error: Option<String>,
}

/// Deliveries.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Deliveries {
    pub deliveries: Vec<Delivery>,
    /// The path and query of the next page; null where this is the last.
    pub next: Option<String>,
}

/// What was put in the queue again.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Replayed {
    pub replayed: usize,
}
