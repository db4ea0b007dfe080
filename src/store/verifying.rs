//! Verifying: whether every event of the chain is as it was written.

use super::chain::{Head, is_signed_by, personal_digest};
use super::database::Database;
use super::error::StoreError;
use super::forgetting::vouched;
use super::lost_key::{Seal, newest_seal};
use super::row::view;
use super::sets::ROWS;
use super::statement::Statement;
use super::tables::events::StoredEvent;
use super::tables::meta::Meta;
use crate::complaint::{ComplaintId, EventKind};
use std::collections::{BTreeMap, BTreeSet};

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

/// Walks the whole chain; `progress` hears how many events it has passed.
pub(super) async fn verify(
    db: &Database,
    depth: Depth,
    progress: &(dyn Fn(i64) + Sync),
) -> Result<Audit, StoreError> {
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
        let mut vouching = BTreeMap::new();
        let named = events.iter().filter_map(|event| event.as_ref().ok()?.forgotten_by);
        add_vouching(db, &mut vouching, named.collect()).await?;
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
            let is_whole = is_personal_as_it_was(&event, &vouching);
            if !(is_as_written && is_whole && is_next(&event, &reached)) {
                return Ok(Audit::Broken { seq: reached.seq + 1 });
            }
            reached = Head { seq: event.seq, hash: event.hash };
        }
        progress(reached.seq);
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

/// Returns whether an event is the next after `before`.
fn is_next(event: &StoredEvent, before: &Head) -> bool {
    event.seq == before.seq + 1 && event.prev == before.hash
}

/// The events that others were emptied by: the complaint of each, and what it vouches for. That they are as they were written
/// themselves is seen where the walk comes to them.
type Vouching = BTreeMap<i64, (Option<ComplaintId>, BTreeMap<i64, String>)>;

view! {
    struct VouchingRow in "events" as "event" ("seq") {
        seq: i64,
        complaint_id: Option<ComplaintId>,
        data: String,
    }
}

async fn add_vouching(
    db: &Database,
    vouching: &mut Vouching,
    places: BTreeSet<i64>,
) -> Result<(), StoreError> {
    let places: Vec<i64> = places.into_iter().collect();
    for set in places.chunks(ROWS) {
        let these = Statement::select::<VouchingRow>("FROM events WHERE kind = $1 AND seq IN ");
        let these = these.with(EventKind::Forgotten.as_str()).and_list(set.iter().copied());
        for row in these.all::<VouchingRow>(&db.reader).await? {
            vouching.insert(row.seq, (row.complaint_id, vouched(&row.data)));
        }
    }
    Ok(())
}

/// Returns whether what is personal of an event is as it was, or was taken out of it by an event that vouches for it.
fn is_personal_as_it_was(event: &StoredEvent, vouching: &Vouching) -> bool {
    match (&event.personal, &event.salt, &event.personal_digest, event.forgotten_by) {
        (Some(personal), Some(salt), Some(digest), None) => *digest == personal_digest(salt, personal),
        (None, None, None, None) => true,
        (None, None, Some(digest), Some(place)) => {
            let by = vouching.get(&place).filter(|_| place > event.seq);
            by.is_some_and(|(complaint, vouched)| {
                *complaint == event.complaint_id && vouched.get(&event.seq) == Some(digest)
            })
        }
        _ => false,
    }
}
