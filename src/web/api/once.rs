//! `Once`: what was answered to a request that does something, by its `Idempotency-Key`, so that the same that is sent again is
//! answered again and done once. What is done to complaints has its key in the trail, for good; this is for everything else,
//! and is kept for a day by the process that answered.

use super::problem::{Kind, Problem};
use crate::calendar::Moment;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long an answer is kept.
const KEPT_MILLIS: i64 = 24 * 3_600_000;
/// The answers that are kept, and the largest one in bytes.
const KEPT: usize = 2_000;
const LARGEST: usize = 64 << 10;

/// An answer.
#[derive(Clone, Debug)]
struct Kept {
    /// The digest of what was sent.
    sent: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// The answer to one key; whoever sends the same at once waits for it.
type Place = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// The answers of a process.
#[derive(Debug, Default)]
pub(super) struct Once(Mutex<BTreeMap<String, (Moment, Place)>>);

/// What is sent, and the key with which.
pub(super) struct Sent<'s> {
    /// The key, of one caller.
    pub key: &'s str,
    pub path: &'s str,
    pub body: &'s [u8],
}

impl Once {
    /// Answers what was sent: as it was answered before, or by doing it.
    pub async fn answer(
        &self,
        sent: Sent<'_>,
        now: Moment,
        doing: impl Future<Output = Result<Response, Problem>>,
    ) -> Result<Response, Problem> {
        let place = self.place(sent.key, now);
        let mut held = place.lock().await;
        let digest = digest(&sent);
        if let Some(kept) = held.as_ref() {
            return if kept.sent == digest { Ok(kept.again()) } else { Err(Kind::KeyReused.into()) };
        }
        let (parts, body) = doing.await?.into_parts();
        let body = to_bytes(body, LARGEST).await.map_err(|_| Kind::Failed)?;
        let kept = Kept { sent: digest, status: parts.status, headers: parts.headers, body };
        let answer = kept.again();
        *held = Some(kept);
        Ok(answer)
    }

    fn place(&self, key: &str, now: Moment) -> Place {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, _)| now.millis() - at.millis() < KEPT_MILLIS);
        if let Some((_, place)) = all.get(key) {
            return Arc::clone(place);
        }
        if all.len() >= KEPT
            && let Some(oldest) = all.iter().min_by_key(|(_, (at, _))| *at).map(|(key, _)| key.clone())
        {
            all.remove(&oldest);
        }
        let place = Place::default();
        all.insert(key.to_owned(), (now, Arc::clone(&place)));
        place
    }
}

fn digest(sent: &Sent<'_>) -> String {
    let mut digest = Sha256::new();
    digest.update(sent.path);
    digest.update([0]);
    digest.update(sent.body);
    format!("{:x}", digest.finalize())
}

impl Kept {
    fn again(&self) -> Response {
        let mut answer = Response::new(Body::from(self.body.clone()));
        *answer.status_mut() = self.status;
        *answer.headers_mut() = self.headers.clone();
        answer
    }
}
