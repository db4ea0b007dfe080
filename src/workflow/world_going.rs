//! Messages as they go in a world in memory: everything that has an address is delivered, and somebody may read it.

use crate::calendar::Moment;
use crate::complaint::{Case, Notification, Recipient};
use crate::store::{NewDelivery, RenderedNotification};
use crate::workflow::renderer::Renderer;
use crate::workflow::{Departure, Outgoing, OutgoingContent, Router};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A message as it goes, with the facts it goes by.
pub(in crate::workflow) struct Going<'w> {
    pub renderer: &'w Renderer,
    pub notification: &'w Notification,
    /// The complaint as the decision left it; none for what is about no complaint.
    pub case: Option<&'w Case>,
    pub now: Moment,
    /// The words as they go.
    pub row: &'w RenderedNotification,
}

/// Looks at each message as it goes.
pub(in crate::workflow) type Reader = Box<dyn FnMut(&Going<'_>) + Send>;

/// Delivers everything that has an address, and keeps what was asked for, by id, until it has gone.
#[derive(Debug, Default)]
pub(super) struct Everything(Mutex<BTreeMap<String, Notification>>);

impl Everything {
    pub fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Notification>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Router for Everything {
    fn deliveries(&self, outgoing: &Outgoing) -> Vec<NewDelivery> {
        let OutgoingContent::Message { notification, notification_id, addresses, invitation, .. } =
            &outgoing.content
        else {
            return Vec::new();
        };
        self.kept().insert((*notification_id).to_owned(), (*notification).clone());
        let row = NewDelivery {
            id: (*notification_id).to_owned(),
            notification_id: Some((*notification_id).to_owned()),
            complaint: outgoing.complaint.map(|(id, _)| id),
            plugin: "mail".to_owned(),
            topic: format!("notification.{}", notification.message),
            recipient: notification.recipient.to_string(),
            position: outgoing.position(),
            payload: invitation.as_ref().map(|(_, text)| text.clone()).unwrap_or_default(),
            is_letter: notification.recipient == Recipient::Complainant,
            capped_address: None,
            is_first_letter: false,
            is_reaction: false,
            message_id: None,
            not_before: match outgoing.departure {
                Departure::Recallable(until) => Some(until),
                _ => None,
            },
        };
        let goes = !addresses.is_empty() && outgoing.departure != Departure::Gathered;
        if goes { vec![row] } else { Vec::new() }
    }

    fn gatherers(&self, _: &Outgoing) -> Vec<String> {
        vec!["mail".to_owned()]
    }

    fn takes_events(&self) -> bool {
        false
    }
}
