//! `deliveries`: the outbox.

use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::delivery_state::DeliveryState;
use crate::store::row::{row, view};
use serde::Serialize;

row! {
    pub(in crate::store) struct DeliveryRow in "deliveries" as "delivery" ("id") {
        id: String,
        notification_id: Option<String>,
        complaint_id: Option<ComplaintId>,
        plugin: String,
        topic: String,
        recipient: String,
        position: i64,
        payload: String,
        is_letter: bool,
        capped_address: Option<String>,
        is_first_letter: bool,
        is_reaction: bool,
        state: DeliveryState,
        attempts: i64,
        next_at: Moment,
        /// 0 for no lease.
        lease_until: Moment,
        created_at: Moment,
        finished_at: Option<Moment>,
        last_error: Option<String>,
    }
}

/// A delivery on its way into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// The stable id: a UUIDv5 of the notification's id and the plugin (docs/semantics.md 5.3).
    pub id: String,
    /// The notification it carries; none for an event that nobody was notified of.
    pub notification_id: Option<String>,
    /// The complaint it is about; none for reports and alarms.
    pub complaint: Option<ComplaintId>,
    /// The plugin it goes through.
    pub plugin: String,
    /// The kind of content: `notification.<message>` or `event.<kind>`.
    pub topic: String,
    /// The recipient without personal data, as subscriptions name it; empty for an event.
    pub recipient: String,
    /// The place in the order of its complaint's deliveries, rising.
    pub position: i64,
    /// The content for the channel, as JSON.
    pub payload: String,
    /// True for a message to the complainant, whose outcome is a fact of the complaint.
    pub is_letter: bool,
    /// The address whose cap on automated mail it counts towards; none when no cap applies.
    pub capped_address: Option<String>,
    /// True for the first letter about a complaint, which the narrow cap lets through.
    pub is_first_letter: bool,
    /// True when incoming mail caused it.
    pub is_reaction: bool,
    /// The message id under which a reply will come back; none for what is no mail.
    pub message_id: Option<String>,
    /// The moment before which it does not go; none when it goes at once.
    pub not_before: Option<Moment>,
}

impl DeliveryRow {
    pub fn new(d: &NewDelivery, at: Moment) -> Self {
        Self {
            id: d.id.clone(),
            notification_id: d.notification_id.clone(),
            complaint_id: d.complaint,
            plugin: d.plugin.clone(),
            topic: d.topic.clone(),
            recipient: d.recipient.clone(),
            position: d.position,
            payload: d.payload.clone(),
            is_letter: d.is_letter,
            capped_address: d.capped_address.clone(),
            is_first_letter: d.is_first_letter,
            is_reaction: d.is_reaction,
            state: DeliveryState::Queued,
            attempts: 0,
            next_at: d.not_before.map_or(at, |moment| moment.max(at)),
            lease_until: Moment::from_millis(0),
            created_at: at,
            finished_at: None,
            last_error: None,
        }
    }
}

view! {
    /// What carried a notification, and what became of it.
    #[derive(Clone, Debug)]
    pub struct CarriedDelivery in "deliveries" as "delivery" ("id") {
        /// The notification that it carries.
        pub notification_id: String,
        /// How it stands.
        pub state: DeliveryState,
        /// The moment at which it was over; none while it waits.
        pub finished_at: Option<Moment>,
        /// What was carried, as its channel has it.
        pub payload: String,
    }
}

row! {
    /// The columns that an attempt changes.
    pub(in crate::store) struct OutcomeRow in "deliveries" as "delivery" ("id") {
        pub id: String,
        pub state: DeliveryState,
        pub next_at: Moment,
        pub finished_at: Option<Moment>,
        pub last_error: Option<String>,
        /// 1 for an attempt, 0 for what was held back.
        pub made: i64,
    }
}

view! {
    /// A delivery as it is claimed.
    pub(in crate::store) struct ClaimedRow in "deliveries" as "delivery" ("id") {
        pub id: String,
        pub payload: String,
        pub attempts: i64,
        pub created_at: Moment,
        pub is_letter: bool,
        pub capped_address: Option<String>,
        pub is_first_letter: bool,
        pub is_reaction: bool,
        pub position: i64,
    }
}

view! {
    /// A delivery as people read it.
    #[derive(Clone, Debug, Serialize)]
    pub struct DeliverySummary in "deliveries" as "delivery" ("id") {
        /// The stable id.
        pub id: String,
        /// The plugin it goes through.
        pub plugin: String,
        /// The kind of content: `notification.<message>` or `event.<kind>`.
        pub topic: String,
        /// The recipient without personal data, as subscriptions name it.
        pub recipient: String,
        /// Its progress.
        pub state: DeliveryState,
        /// The number of attempts so far.
        pub attempts: i64,
        /// The moment of the decision that caused it.
        pub created_at: Moment,
        /// The moment of the next attempt; without meaning when it is finished.
        pub next_at: Moment,
        /// The latest failure, in words; none when nothing failed.
        pub last_error: Option<String>,
    }
}

view! {
    /// The content of a delivery, and the complaint it is about.
    pub(in crate::store) struct Carried in "deliveries" as "delivery" ("id") {
        pub payload: String,
        pub reference: Option<String>,
    }
}

view! {
    /// A delivery that was put back in the queue.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Replayed in "deliveries" as "delivery" ("id") {
        /// The delivery's id, which stays the same over all attempts.
        pub id: String,
        /// The plugin that carries it.
        pub plugin: String,
    }
}

view! {
    /// The number of deliveries of a plugin in one state.
    pub(in crate::store) struct DeliveryCount in "deliveries" as "plugin" ("plugin") {
        pub plugin: String,
        pub deliveries: i64,
    }
}

view! {
    /// The moment of the oldest decision whose delivery waits for a plugin.
    pub(in crate::store) struct OldestDelivery in "deliveries" as "plugin" ("plugin") {
        pub plugin: String,
        pub oldest: Moment,
    }
}

view! {
    /// The number of mails that an address was sent.
    pub(in crate::store) struct MailedCount in "deliveries" as "address" ("capped_address") {
        pub capped_address: String,
        pub in_hour: i64,
        pub in_day: i64,
    }
}
