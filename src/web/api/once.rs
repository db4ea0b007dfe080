//! `Once`: what was answered to a request that does something, by its `Idempotency-Key`, so that the same that is sent again is
//! answered again and done once. What is done to complaints has its key in the trail, for good; this is for everything else, and is
//! kept for a day, by whichever process. It is begun before it is done: what broke off is told, and not done twice.

use super::operation::Answering;
use super::problem::{Kind, Problem};
use crate::calendar::Moment;
use crate::workflow::{KeptAnswer, KeptAnswers};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// How long an answer is kept.
const KEPT_MILLIS: i64 = 24 * 3_600_000;
/// The largest answer in bytes.
const LARGEST: usize = 4 << 20;

/// What is kept of an answer in its place: one that tells a secret tells it once.
#[derive(Clone, Debug)]
pub(super) struct KeptBody(pub String);

/// The requests that are being done by this process, by their keys; whoever sends the same at once waits for it.
#[derive(Debug, Default)]
pub(super) struct Once(Mutex<BTreeMap<String, Weak<Turn>>>);

type Turn = tokio::sync::Mutex<()>;

/// What is sent, and the key with which.
pub(super) struct Sent<'s> {
    /// The key, of one caller.
    pub key: &'s str,
    pub path: &'s str,
    pub body: &'s [u8],
}

impl Once {
    /// Answers what was sent: as it was answered before, or by doing it. Whoever sent it may leave; what was begun goes on to its
    /// end, and is answered when it is sent again.
    pub async fn answer(
        &self,
        kept: KeptAnswers,
        sent: Sent<'_>,
        now: Moment,
        doing: Answering,
    ) -> Result<Response, Problem> {
        let (key, sent) = (format!("{:x}", Sha256::digest(sent.key)), digest(&sent));
        let turn = self.turn(&key);
        let work = tokio::spawn(async move {
            let _turn = turn.lock().await;
            answered(&kept, (&key, &sent), now, doing).await
        });
        work.await.map_err(|_| Kind::Failed)?
    }

    fn turn(&self, key: &str) -> Arc<Turn> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = all.get(key).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        all.insert(key.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

async fn answered(
    kept: &KeptAnswers,
    (key, sent): (&str, &str),
    now: Moment,
    doing: Answering,
) -> Result<Response, Problem> {
    if let Some(before) = kept.begin((key, sent), now, now.plus_millis(-KEPT_MILLIS)).await? {
        return if before.sent == sent { again(before) } else { Err(Kind::KeyReused.into()) };
    }
    let (parts, body) = match doing.await {
        Ok(answer) => answer.into_parts(),
        Err(problem) => {
            // Whether it was done is not known where it failed; whatever else is refused was not done.
            if problem.kind != Kind::Failed {
                kept.drop(key).await?;
            }
            return Err(problem);
        }
    };
    let body = to_bytes(body, LARGEST).await.map_err(|_| Kind::Failed)?;
    let text = std::str::from_utf8(&body).map_err(|_| Kind::Failed)?;
    let headers =
        parts.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let headers = serde_json::json!(headers.collect::<Vec<_>>()).to_string();
    let text = parts.extensions.get::<KeptBody>().map_or(text, |kept| kept.0.as_str());
    kept.keep(key, parts.status.as_u16(), &headers, text).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Returns an answer again; why not, where what was begun has not ended.
fn again(before: KeptAnswer) -> Result<Response, Problem> {
    let (Some(status), Some(headers), Some(body)) = (before.status, before.headers, before.body) else {
        return Err(Kind::Unfinished.into());
    };
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let headers: Vec<(String, String)> = serde_json::from_str(&headers).unwrap_or_default();
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status.unwrap_or_default();
    let headers = headers.into_iter().filter_map(|(name, value)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
    });
    *answer.headers_mut() = HeaderMap::from_iter(headers);
    Ok(answer)
}

fn digest(sent: &Sent<'_>) -> String {
    let mut digest = Sha256::new();
    digest.update(sent.path);
    digest.update([0]);
    digest.update(sent.body);
    format!("{:x}", digest.finalize())
}
