//! How a message to somebody becomes mails in the outbox, one to each address: one that is refused must not
//! hold up the others.

use super::message::EmailMessage;
use crate::complaint::Recipient;
use crate::config::Settings;
use crate::delivery::breaker::AutoDisable;
use crate::delivery::channels::row::{delivery_id, plain_row};
use crate::delivery::channels::transport::{PluginSource, SCRIPT, Subscriber};
use crate::delivery::error::PluginError;
use crate::delivery::policy::{Claiming, DeliveryOrder, LanePolicy};
use crate::delivery::retry::Retry;
use crate::workflow::{Cause, NewDelivery, Outgoing, OutgoingContent};

/// Mails claimed at once.
const AT_MOST: usize = 200;

/// Returns how mail is sent: it counts towards caps, and is never given up by switching off.
pub(in crate::delivery::channels) fn policy(concurrency: usize) -> LanePolicy {
    LanePolicy {
        concurrency,
        rate_per_second: None,
        retry: Retry::Standard,
        auto_disable: AutoDisable::Never,
        claiming: Claiming::Counted { at_most: AT_MOST },
        order: DeliveryOrder::Free,
    }
}

/// Refuses a payload script, which no mail would ever run.
pub(in crate::delivery::channels) fn check_folder(source: &PluginSource) -> Result<(), PluginError> {
    let script = source.folder().map(|f| f.join(SCRIPT)).filter(|path| path.exists());
    match script {
        None => Ok(()),
        Some(path) => Err(PluginError::new(
            path.display().to_string(),
            "an email plugin has no payload script",
            "remove the file",
        )),
    }
}

fn is_outside(address: &str, settings: &Settings) -> bool {
    !settings.is_ours(address)
}

pub(in crate::delivery::channels) fn rows(
    outgoing: &Outgoing,
    subscriber: &Subscriber,
) -> Result<Vec<NewDelivery>, serde_json::Error> {
    let OutgoingContent::Message { notification, notification_id, addresses, is_first_letter, .. } =
        &outgoing.content
    else {
        return Ok(Vec::new());
    };
    let Subscriber { plugin, settings, .. } = *subscriber;
    let is_letter = notification.recipient == Recipient::Complainant;
    let mut rows = Vec::with_capacity(addresses.len());
    for address in *addresses {
        let id = delivery_id(&format!("{notification_id} {plugin} {address}"));
        let Some(mail) = EmailMessage::of(outgoing, id, address, settings) else { continue };
        let is_outside = is_outside(address, settings);
        let is_capped = (is_outside || is_letter) && outgoing.cause != Cause::Person;
        let payload = serde_json::to_string(&mail)?;
        rows.push(NewDelivery {
            is_letter,
            // A colleague who complains is written to as often as anybody else.
            capped_address: is_capped.then(|| address.clone()),
            is_first_letter: is_letter && *is_first_letter,
            is_reaction: is_outside && outgoing.cause == Cause::IncomingMail,
            message_id: outgoing.complaint.map(|_| mail.message_id),
            ..plain_row(plugin, outgoing, id, payload)
        });
    }
    Ok(rows)
}
