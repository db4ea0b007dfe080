//! `ReadMail`: a mail that is read, which asks nothing of the store: on another core, while the mails before it are stored.

use super::incoming::Arrival;
use super::limits::{KEPT_BYTES, MAX_BYTES};
use super::parse::{ParsedMail, parse};
use tokio::task::JoinHandle;

/// A mail and what it says.
pub(super) struct ReadMail {
    pub arrival: Arrival,
    pub mail: ParsedMail,
}

impl ReadMail {
    /// Reads a mail; of one that is too large its beginning.
    pub fn new(mut arrival: Arrival, authserv_id: Option<&str>) -> Self {
        if arrival.raw.len() > MAX_BYTES {
            arrival.raw = arrival.raw[..KEPT_BYTES].into();
            arrival.is_partial = true;
        }
        let mut mail = parse(&arrival.raw, authserv_id);
        if arrival.is_partial {
            mail.remarks.push(
                "larger than 40 MiB: only its beginning is kept here, ask for the attachments".to_owned(),
            );
        }
        Self { arrival, mail }
    }
}

/// Reads mails in their order.
pub(super) fn read_all(arrivals: Vec<Arrival>, authserv_id: Option<&str>) -> Vec<ReadMail> {
    arrivals.into_iter().map(|arrival| ReadMail::new(arrival, authserv_id)).collect()
}

/// Reads mails on another core.
pub(super) fn read_ahead(arrivals: Vec<Arrival>, authserv_id: Option<String>) -> JoinHandle<Vec<ReadMail>> {
    tokio::task::spawn_blocking(move || read_all(arrivals, authserv_id.as_deref()))
}
