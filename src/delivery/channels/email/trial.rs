//! A mail to try an email plugin with.

use super::message::EmailMessage;
use crate::delivery::channels::transport::{Exchange, PluginSource, Subscriber};
use crate::delivery::error::PluginError;
use crate::workflow::{Outgoing, OutgoingContent};
use uuid::Uuid;

fn wrong(source: &PluginSource, why: impl ToString) -> PluginError {
    PluginError::new(source.place.clone(), why.to_string(), "plugins/README.md explains it")
}

/// Returns a mail to the first address of the message, as the outbox would hold it.
pub(in crate::delivery::channels) fn sample(
    outgoing: &Outgoing,
    subscriber: &Subscriber,
    source: &PluginSource,
    id: &str,
) -> Result<String, PluginError> {
    let to = match &outgoing.content {
        OutgoingContent::Message { addresses, .. } => addresses.first(),
        OutgoingContent::Event(_) => None,
    };
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, id.as_bytes());
    let mail = to.and_then(|to| EmailMessage::of(outgoing, id, to, subscriber.settings));
    let mail = mail.ok_or_else(|| wrong(source, "there is nobody to send a sample to"))?;
    serde_json::to_string(&mail).map_err(|e| wrong(source, e))
}

/// Returns what is handed over where: the mail as data.
pub(in crate::delivery::channels) fn exchange(
    method: &'static str,
    url: String,
    payload: &str,
    source: &PluginSource,
) -> Result<Exchange, PluginError> {
    let body = serde_json::from_str(payload).map_err(|e| wrong(source, e))?;
    Ok(Exchange { method, url, headers: Vec::new(), body })
}
