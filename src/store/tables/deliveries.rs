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
    pub id: String,
    /// None for an event that nobody was notified of.
    pub notification_id: Option<String>,
    pub complaint: Option<ComplaintId>,
    pub plugin: String,
    /// `notification.<message>` or `event.<kind>`.
    pub topic: String,
    pub recipient: String,
    /// Rises within a complaint.
    pub position: i64,
    /// What the channel sends, as JSON.
    pub payload: String,
    /// Whether its outcome is a fact of the complaint.
    pub is_letter: bool,
    /// The address whose cap on automated mail it counts towards.
    pub capped_address: Option<String>,
    /// Whether it is the first letter about a complaint, which the narrow cap lets through.
    pub is_first_letter: bool,
    /// Whether incoming mail caused it.
    pub is_reaction: bool,
    /// The message id under which a reply will come back.
    pub message_id: Option<String>,
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
            next_at: at,
            lease_until: Moment::from_millis(0),
            created_at: at,
            finished_at: None,
            last_error: None,
        }
    }
}

row! {
    /// What an attempt makes of a delivery.
    pub(in crate::store) struct OutcomeRow in "deliveries" as "delivery" ("id") {
        pub id: String,
        pub state: DeliveryState,
        pub next_at: Moment,
        pub finished_at: Option<Moment>,
        pub last_error: Option<String>,
        /// Attempts that the claim counted and that were none.
        pub uncounted: i64,
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
        pub id: String,
        pub plugin: String,
        pub topic: String,
        pub recipient: String,
        pub state: DeliveryState,
        pub attempts: i64,
        pub created_at: Moment,
        pub next_at: Moment,
        pub last_error: Option<String>,
    }
}

view! {
    /// What a delivery carries, and the complaint it is about.
    pub(in crate::store) struct Carried in "deliveries" as "delivery" ("id") {
        pub payload: String,
        pub reference: Option<String>,
    }
}

view! {
    /// A delivery that was put back in the queue.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Replayed in "deliveries" as "delivery" ("id") {
        pub id: String,
        pub plugin: String,
    }
}

view! {
    /// How many deliveries of a plugin are in one state.
    pub(in crate::store) struct DeliveryCount in "deliveries" as "plugin" ("plugin") {
        pub plugin: String,
        pub state: DeliveryState,
        pub deliveries: i64,
    }
}

view! {
    /// How many mails an address was sent.
    pub(in crate::store) struct MailedCount in "deliveries" as "address" ("capped_address") {
        pub capped_address: String,
        pub in_hour: i64,
        pub in_day: i64,
    }
}
