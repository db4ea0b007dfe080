//! `notifications`: messages to people, with their words.

use crate::calendar::Moment;
use crate::complaint::{About, ComplaintId, Recipient, Source, Via};
use crate::store::column::Json;
use crate::store::delivery_state::{DeliveryState, GatheredState, NotificationState};
use crate::store::row::{row, view};
use crate::store::statement::Statement;
use crate::store::tables::gathered::{GatheredLine, GatheredRow};
use serde::Serialize;

row! {
    pub(in crate::store) struct NotificationRow in "notifications" as "notification" ("id") {
        id: String,
        complaint_id: Option<ComplaintId>,
        version: i64,
        ordinal: u32,
        at: Moment,
        recipient: Recipient,
        addresses: Json<Vec<String>>,
        message: String,
        language: String,
        /// The name of the source; none for the engine and persons.
        rule: Option<String>,
        /// None in rows from before sources were kept.
        source: Option<Source>,
        /// None in rows from before subjects were kept.
        about: Option<Json<About>>,
        subject: String,
        body: String,
        is_deliverable: bool,
        /// None in rows from before digests.
        is_gathered: Option<bool>,
        /// The complaint that it tells of, where it belongs to none.
        tells_of: Option<ComplaintId>,
    }
}

/// A notification with its words, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedNotification {
    /// The id: complaint id / version / ordinal, or a text of its own where there is no complaint.
    pub id: String,
    /// The place within its decision, from 1.
    pub ordinal: u32,
    /// The one it is for.
    pub recipient: Recipient,
    /// The addresses it goes to; none makes it undeliverable.
    pub addresses: Vec<String>,
    /// The template's name.
    pub message: String,
    /// The language it is written in: `nl` or `en`.
    pub language: String,
    /// The rule, action, schedule or engine that sent it.
    pub source: Source,
    /// What it is about, for programs; none in rows from before that was kept.
    pub about: Option<About>,
    /// The subject, in one line.
    pub subject: String,
    /// The text, Markdown that reads well as plain text.
    pub body: String,
    /// True when at least one plugin takes it to somebody.
    pub is_deliverable: bool,
    /// The line by which mail tells of it in a digest; none when it goes by itself.
    pub gathered: Option<GatheredLine>,
}

impl NotificationRow {
    /// Makes the row of a notification of a decision, or of no complaint.
    pub fn new(decision: Option<(ComplaintId, i64)>, at: Moment, n: &RenderedNotification) -> Self {
        Self {
            id: n.id.clone(),
            complaint_id: decision.map(|(complaint, _)| complaint),
            version: decision.map_or(0, |(_, version)| version),
            ordinal: n.ordinal,
            at,
            recipient: n.recipient.clone(),
            addresses: Json(n.addresses.clone()),
            message: n.message.clone(),
            language: n.language.clone(),
            rule: n.source.name().map(str::to_owned),
            source: Some(n.source.clone()),
            about: n.about.clone().map(Json),
            subject: n.subject.clone(),
            body: n.body.clone(),
            is_deliverable: n.is_deliverable,
            is_gathered: Some(n.gathered.is_some()),
            tells_of: None,
        }
    }

    /// Returns the row of one that belongs to no complaint and tells of this one.
    pub fn telling_of(self, tells_of: Option<ComplaintId>) -> Self {
        Self { tells_of, ..self }
    }
}

/// Returns the rows of those notifications that wait for a digest.
pub(in crate::store) fn gathered(
    notifications: &[RenderedNotification],
) -> impl Iterator<Item = GatheredRow> + '_ {
    notifications.iter().filter_map(|n| Some(GatheredRow::new(&n.id, n.gathered.as_ref()?)))
}

/// A notification as it was sent, with the decision that sent it.
#[derive(Clone, Debug)]
pub struct SentNotification {
    /// The complaint and its version after the decision; none for what belongs to none.
    pub decision: Option<(ComplaintId, i64)>,
    /// The moment of the decision.
    pub at: Moment,
    /// The notification itself; its line, where it is gathered, is not read.
    pub notification: RenderedNotification,
    /// True when mail tells of it in a digest.
    pub is_gathered: bool,
}

impl From<NotificationRow> for SentNotification {
    fn from(row: NotificationRow) -> Self {
        let source = Source::of_row(row.source, row.rule.as_deref(), Via::Rule);
        Self {
            decision: row.complaint_id.map(|complaint| (complaint, row.version)),
            at: row.at,
            notification: RenderedNotification {
                id: row.id,
                ordinal: row.ordinal,
                recipient: row.recipient,
                addresses: row.addresses.0,
                message: row.message,
                language: row.language,
                source,
                about: row.about.map(|about| about.0),
                subject: row.subject,
                body: row.body,
                is_deliverable: row.is_deliverable,
                gathered: None,
            },
            is_gathered: row.is_gathered.unwrap_or_default(),
        }
    }
}

view! {
    /// A notification and the worst state of its unfinished deliveries.
    pub(in crate::store) struct ListedNotification in "notifications" as "notification" ("id") {
        version: i64,
        ordinal: u32,
        at: Moment,
        recipient: Recipient,
        addresses: String,
        message: String,
        subject: String,
        body: String,
        rule: Option<String>,
        is_deliverable: bool,
        unfinished: Option<DeliveryState>,
        gathered: Option<GatheredState>,
        /// The moment of the digest that carried it or is to carry it.
        digest_at: Option<Moment>,
        /// The moment of the first attempt of a delivery that was never attempted.
        goes_at: Option<Moment>,
    }
}

/// A notification as people read it.
#[derive(Clone, Debug, Serialize)]
pub struct NotificationSummary {
    /// The decision that sent it, by the complaint's version, and its place within that decision.
    #[serde(skip)]
    pub decision: (i64, u32),
    /// The moment of the decision that sent it.
    #[serde(skip)]
    pub at: Moment,
    /// The one it is for.
    pub recipient: Recipient,
    /// The addresses it goes to, as JSON.
    pub addresses: String,
    /// The template's name.
    pub message: String,
    /// The subject, in one line.
    pub subject: String,
    /// The text, Markdown that reads well as plain text.
    #[serde(skip)]
    pub body: String,
    /// The name of the rule, action or schedule that sent it; none for the engine.
    pub rule: Option<String>,
    /// The progress, as far as the delivery that is furthest behind.
    pub state: NotificationState,
    /// The moment of the digest that carried it, or for which it waits; none when it goes by itself.
    #[serde(skip)]
    pub digest_at: Option<Moment>,
    /// The moment of its first attempt, while none was made; none otherwise.
    #[serde(skip)]
    pub goes_at: Option<Moment>,
}

impl From<ListedNotification> for NotificationSummary {
    fn from(row: ListedNotification) -> Self {
        Self {
            decision: (row.version, row.ordinal),
            goes_at: row.goes_at,
            at: row.at,
            recipient: row.recipient,
            addresses: row.addresses,
            message: row.message,
            subject: row.subject,
            body: row.body,
            rule: row.rule,
            state: NotificationState::of(row.is_deliverable, row.unfinished, row.gathered),
            digest_at: row.digest_at,
        }
    }
}

view! {
    /// The notification, by its decision, that a delivery carried.
    pub(in crate::store) struct CarriedLetter in "notifications" as "delivery" ("delivery_id") {
        pub delivery_id: String,
        is_letter: bool,
        complaint_id: Option<ComplaintId>,
        message: String,
        version: i64,
        ordinal: u32,
    }
}

/// A letter by the decision that sent it, whose outcome its complaint is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingOutcome {
    /// The complaint.
    pub complaint: ComplaintId,
    /// The template's name.
    pub message: String,
    /// The decision, by the complaint's version.
    pub version: i64,
    /// The place within that decision, from 1.
    pub ordinal: u32,
}

/// A letter or notification that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BouncedLetter {
    /// The letter; none for a notification to one of our own people.
    pub letter: Option<PendingOutcome>,
    /// The complaint it was about; none for reports and alarms.
    pub complaint: Option<ComplaintId>,
}

impl CarriedLetter {
    /// Returns the select of deliveries `d` with their notifications `n`, to be narrowed.
    pub fn statement() -> Statement {
        Statement::new(
            "SELECT d.id AS delivery_id, d.is_letter, n.complaint_id, n.message, n.version, n.ordinal \
             FROM deliveries d JOIN notifications n ON n.id = d.notification_id",
        )
    }

    /// Returns the letter that its complaint is told of; none for a notification to one of our own people.
    pub fn letter(self) -> Option<PendingOutcome> {
        let Self { message, version, ordinal, .. } = self;
        let complaint = self.complaint_id.filter(|_| self.is_letter)?;
        Some(PendingOutcome { complaint, message, version, ordinal })
    }

    pub fn bounced(self) -> BouncedLetter {
        BouncedLetter { complaint: self.complaint_id, letter: self.letter() }
    }
}
