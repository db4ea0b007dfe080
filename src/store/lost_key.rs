//! Going on under another key, when the one of the trail is lost: what was written so far is sealed with the new one
//! (docs/semantics.md 5.4).

use super::chain::{Entry, Head, append, is_signed_by, sealed};
use super::database::Database;
use super::error::StoreError;
use super::statement::Statement;
use super::tables::events::StoredEvent;
use super::tables::meta::Meta;
use crate::calendar::Moment;
use crate::complaint::{Event, EventKind};
use serde::{Deserialize, Serialize};

/// The events that are looked at in one go.
const BATCH: i64 = 1_000;

/// The seal on everything that was signed with keys that are lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    /// The newest event under it.
    pub through: i64,
    /// The keyed digest over the events, each with the one before.
    pub seal: String,
}

impl Seal {
    /// Returns the beginning of a seal, over no event.
    pub fn begin() -> Self {
        Self { through: 0, seal: String::new() }
    }

    /// Puts the seal over the next event as well.
    pub fn over(&mut self, event: &StoredEvent, db: &Database) {
        *self = Self { through: event.seq, seal: sealed(&self.seal, event, &db.key) };
    }
}

/// Lets the trail go on under the key that the store was opened with, and records it by `event`, whose data are the
/// seal.
pub(super) async fn replace_key(
    db: &Database,
    event: Event,
    ruleset: &str,
    at: Moment,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // Nobody appends while the head is locked.
    let lock =
        Statement::new(format!("SELECT name, value FROM meta WHERE name = $1{}", db.engine.for_update()));
    let head: Option<Head> = Meta::AuditHead.read_by(lock, &mut tx).await?;
    let mut seal = Seal::begin();
    loop {
        let next = "FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";
        let next = Statement::select::<StoredEvent>(next).with(seal.through).with(BATCH);
        let events = next.all::<StoredEvent>(&mut tx).await?;
        if events.is_empty() {
            break;
        }
        events.iter().for_each(|event| seal.over(event, db));
    }
    if head.is_some_and(|head| head.seq != seal.through) {
        return Err(StoreError::unwritable("events", "seq", "the newest events are missing"));
    }
    let data = serde_json::json!(seal);
    append(db, &mut tx, &Entry::alone(at, ruleset, &[Event { data, ..event }])).await?;
    Meta::KeyFingerprint.write(&mut tx, db.key.fingerprint()).await?;
    db.finish(tx).await
}

/// Returns the newest seal that the key of the store signed; none where no key was ever lost.
pub(super) async fn newest_seal(db: &Database) -> Result<Option<Seal>, StoreError> {
    let replaced = Statement::select::<StoredEvent>("FROM events WHERE kind = $1 ORDER BY seq DESC LIMIT 1");
    let replaced = replaced.with(EventKind::KeyReplaced.as_str());
    match replaced.first::<StoredEvent>(&db.reader).await {
        Ok(found) => {
            let signed = found.filter(|event| is_signed_by(event, &db.key));
            Ok(signed.and_then(|event| serde_json::from_str(&event.data).ok()))
        }
        // A row that cannot be read seals nothing; walking the chain names it.
        Err(StoreError::Unreadable { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}
