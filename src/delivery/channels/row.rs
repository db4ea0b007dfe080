//! The outbox row of a message or event, and its id, which stays the same whenever the row is made again.

use crate::workflow::{NewDelivery, Outgoing, OutgoingContent};
use uuid::Uuid;

/// The namespace of delivery ids (RFC 9562, version 5): the same notification and plugin give the same id.
const NAMESPACE: Uuid = Uuid::from_bytes(*b"redress-delivery");

/// Returns the id of a delivery that is one of its kind under `key`.
pub(super) fn delivery_id(key: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, key.as_bytes())
}

/// Returns `notification.<message>` or `event.<kind>`.
pub(super) fn topic(outgoing: &Outgoing) -> String {
    match &outgoing.content {
        OutgoingContent::Message { notification, .. } => format!("notification.{}", notification.message),
        OutgoingContent::Event(event) => format!("event.{}", event.kind.as_str()),
    }
}

/// Returns a row that no cap counts and no complaint waits for.
pub(super) fn plain_row(plugin: &str, outgoing: &Outgoing, id: Uuid, payload: String) -> NewDelivery {
    let (notification_id, recipient) = match &outgoing.content {
        OutgoingContent::Message { notification, notification_id, .. } => {
            (Some((*notification_id).to_owned()), notification.recipient.to_string())
        }
        OutgoingContent::Event(_) => (None, String::new()),
    };
    NewDelivery {
        id: id.to_string(),
        notification_id,
        complaint: outgoing.complaint.map(|(id, _)| id),
        plugin: plugin.to_owned(),
        topic: topic(outgoing),
        recipient,
        position: outgoing.position(),
        payload,
        is_letter: false,
        capped_address: None,
        is_first_letter: false,
        is_reaction: false,
        message_id: None,
        not_before: None,
    }
}
