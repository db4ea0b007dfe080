//! `Views`: who looked at which complaint, for who oversees. A look is noted in memory and written behind the answer, with
//! what was noted meanwhile; no page waits for it.

use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::{Store, StoreError, View};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const HOUR_MILLIS: i64 = 3_600_000;
/// The hours for which a view is kept: thirteen months.
const KEPT_HOURS: i64 = 397 * 24;
/// The most views that wait in memory; what comes beyond them while the database does not answer is not noted.
const WAITING: usize = 10_000;

/// What waits to be written.
#[derive(Debug, Default)]
struct Noted {
    views: BTreeMap<(ComplaintId, i64, String), Moment>,
    /// True while something writes.
    is_writing: bool,
}

/// The handle of who looked at what.
#[derive(Clone, Debug)]
pub struct Views {
    store: Store,
    noted: Arc<Mutex<Noted>>,
    /// Held while something is written, so that whoever reads afterwards finds it.
    writing: Arc<tokio::sync::Mutex<()>>,
}

impl Views {
    pub(super) fn new(store: Store) -> Self {
        Self { store, noted: Arc::default(), writing: Arc::default() }
    }

    /// Notes that somebody looked at a complaint, and returns at once.
    pub fn note(&self, person: &str, id: ComplaintId, now: Moment) {
        let mut noted = self.noted();
        if noted.views.len() < WAITING {
            let key = (id, now.millis().div_euclid(HOUR_MILLIS), person.to_lowercase());
            noted.views.entry(key).or_insert(now);
        }
        if noted.is_writing {
            return;
        }
        noted.is_writing = true;
        let views = self.clone();
        tokio::spawn(async move { views.write_all().await });
    }

    /// Notes that somebody looked at a complaint, and returns when it is written.
    ///
    /// # Errors
    /// The store failed.
    pub async fn note_at_once(&self, person: &str, id: ComplaintId, now: Moment) -> Result<(), StoreError> {
        let hour = now.millis().div_euclid(HOUR_MILLIS);
        let view = View { complaint_id: id, hour, email: person.to_lowercase(), at: now };
        self.write(vec![view]).await
    }

    /// Writes what waits, for somebody who wants to read it; what is being written is waited for.
    pub(super) async fn settle(&self) -> Result<(), StoreError> {
        let _alone = self.writing.lock().await;
        let waiting = self.take();
        let written = self.write(waiting.clone()).await;
        if written.is_err() {
            let back = waiting.into_iter().map(|v| ((v.complaint_id, v.hour, v.email), v.at));
            self.noted().views.extend(back);
        }
        written
    }

    /// Writes until nothing waits. What cannot be written waits for the next look.
    async fn write_all(&self) {
        loop {
            let written = self.settle().await;
            if let Err(error) = &written {
                tracing::warn!("who looked at complaints is not written yet: {error}");
            }
            let mut noted = self.noted();
            if written.is_err() || noted.views.is_empty() {
                noted.is_writing = false;
                return;
            }
        }
    }

    fn take(&self) -> Vec<View> {
        let views = std::mem::take(&mut self.noted().views);
        let view = |((complaint_id, hour, email), at)| View { complaint_id, hour, email, at };
        views.into_iter().map(view).collect()
    }

    async fn write(&self, views: Vec<View>) -> Result<(), StoreError> {
        let Some(newest) = views.iter().map(|view| view.hour).max() else { return Ok(()) };
        self.store.views().write(views, newest - KEPT_HOURS).await
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
