//! Verifying: whether every event of the chain is as it was written.

use super::chain::{Head, is_signed_by, personal_digest};
use super::database::Database;
use super::error::StoreError;
use super::lost_key::{Seal, newest_seal};
use super::statement::Statement;
use super::tables::events::StoredEvent;
use super::tables::meta::Meta;

/// The finding of `verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {
    /// Every event is as it was written.
    Holds {
        /// The number of events in the chain.
        events: i64,
    },
    /// Every event is as it was written, or, where it was signed with a key that is lost, as it was when that was
    /// replaced.
    HoldsSince {
        /// The number of events in the chain.
        events: i64,
        /// The first event that is signed with the key at hand.
        signed_from: i64,
    },
    /// The first event that is missing or not as it was written.
    Broken {
        /// Its place in the chain, from 1.
        seq: i64,
    },
}

/// What is looked at in each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Whether it is signed, and everything else.
    Signatures,
    /// Whether it names the one before, and what is personal of it is as it was: all that can be seen without the key.
    Links,
}

/// Walks the whole chain.
pub(super) async fn verify(db: &Database, depth: Depth) -> Result<Audit, StoreError> {
    let mut reached = Head::genesis();
    let known = match depth {
        Depth::Signatures => newest_seal(db).await?,
        Depth::Links => None,
    };
    let mut seal = Seal::begin();
    loop {
        let next = Statement::select::<StoredEvent>("FROM events WHERE seq > $1 ORDER BY seq LIMIT 1000");
        let events = next.with(reached.seq).each::<StoredEvent>(&db.reader).await?;
        if events.is_empty() {
            break;
        }
        for event in events {
            let event = match event {
                Ok(event) => event,
                // A row that cannot be read is not as it was written.
                Err(StoreError::Unreadable { .. }) => return Ok(Audit::Broken { seq: reached.seq + 1 }),
                Err(other) => return Err(other),
            };
            let is_as_written = match &known {
                Some(known) if event.seq <= known.through => {
                    seal.over(&event, db);
                    event.seq < known.through || seal == *known
                }
                _ => depth == Depth::Links || is_signed_by(&event, &db.key),
            };
            if !(is_as_written && is_next(&event, &reached)) {
                return Ok(Audit::Broken { seq: reached.seq + 1 });
            }
            reached = Head { seq: event.seq, hash: event.hash };
        }
    }
    let head = match Meta::AuditHead.read::<Head>(&db.reader).await {
        Ok(head) => head.unwrap_or_else(Head::genesis),
        Err(StoreError::Unreadable { .. }) => return Ok(Audit::Broken { seq: reached.seq + 1 }),
        Err(other) => return Err(other),
    };
    let seq = reached.seq;
    Ok(match known {
        _ if head != reached => Audit::Broken { seq: seq + 1 },
        Some(known) => Audit::HoldsSince { events: seq, signed_from: known.through + 1 },
        None => Audit::Holds { events: seq },
    })
}

/// Returns whether an event is the next after `before`, and what is personal of it as it was.
fn is_next(event: &StoredEvent, before: &Head) -> bool {
    let personal_holds = match (&event.personal, &event.salt) {
        (Some(personal), Some(salt)) => event.personal_digest == Some(personal_digest(salt, personal)),
        // Never was personal, or was anonymised: then both are gone, and the digest stands.
        (None, None) => true,
        _ => false,
    };
    event.seq == before.seq + 1 && event.prev == before.hash && personal_holds
}
