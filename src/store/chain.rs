//! The audit chain: events in commit order, each signed with the one before, personal facts as salted
//! digests.

use super::column::Verbatim;
use super::database::Database;
use super::error::StoreError;
use super::key::{AuditKey, hex};
use super::sets::{Conflict, insert};
use super::statement::{Statement, Tx};
use super::tables::events::StoredEvent;
use super::tables::meta::{Meta, MetaRow};
use crate::calendar::{Date, Moment};
use crate::complaint::{ComplaintId, Event, Number};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The newest event of the chain: its place and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub seq: i64,
    pub hash: String,
}

impl Head {
    /// Returns where the chain begins, before its first event.
    pub fn genesis() -> Self {
        Self { seq: 0, hash: "0".to_owned() }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.seq, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once(' ').and_then(|(seq, hash)| Some((seq.parse().ok()?, hash.to_owned())));
        parts.map(|(seq, hash)| Self { seq, hash }).ok_or_else(|| format!("`{text}` is no place and hash"))
    }
}

/// The events of one decision, or of something that belongs to no complaint, on their way into the chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'e> {
    /// The complaint and its version after the decision.
    pub decision: Option<(ComplaintId, i64)>,
    pub at: Moment,
    pub ruleset: &'e str,
    /// The number that the complaint was given in this transaction.
    pub number: Option<&'e Number>,
    pub events: &'e [Event],
}

impl<'e> Entry<'e> {
    /// Makes the entry of events that belong to no complaint.
    pub fn alone(at: Moment, ruleset: &'e str, events: &'e [Event]) -> Self {
        Self { decision: None, at, ruleset, number: None, events }
    }
}

/// Appends to the chain. The head is read and locked here, so this comes last in a transaction.
pub(super) async fn append(db: &Database, tx: &mut Tx, entries: &[Entry<'_>]) -> Result<(), StoreError> {
    if entries.iter().all(|e| e.events.is_empty()) {
        return Ok(());
    }
    let lock = db.engine.for_update();
    let locked = Statement::select::<MetaRow>("FROM meta WHERE name = $1").and(lock);
    let head: Option<Head> = Meta::AuditHead.read_by(locked, &mut *tx).await?;
    let mut head = head.unwrap_or_else(Head::genesis);
    let mut rows = Vec::new();
    for entry in entries {
        let on_day = db.calendar.day_of(entry.at);
        let on_day = on_day.map_err(|e| StoreError::unwritable("events", "on_day", e))?;
        for event in entry.events {
            let mut stored = unsigned(entry, event, on_day, head);
            stored.hash = signature(&stored, Covers::Everything, &db.key);
            head = Head { seq: stored.seq, hash: stored.hash.clone() };
            rows.push(stored);
        }
    }
    insert(tx, rows, Conflict::Fails).await?;
    Meta::AuditHead.write(tx, head).await
}

/// Returns the next event of the chain, but for its signature.
fn unsigned(entry: &Entry, event: &Event, on_day: Date, head: Head) -> StoredEvent {
    let numbered = |text: String| match entry.number {
        Some(number) => text.replace(Number::PENDING, number.as_str()),
        None => text,
    };
    let personal = event.personal.as_ref().map(|p| numbered(p.to_string()));
    let salt = personal.as_ref().map(|_| crate::random::hex::<16>());
    let digest = salt.as_ref().zip(personal.as_ref()).map(|(salt, text)| personal_digest(salt, text));
    StoredEvent {
        seq: head.seq + 1,
        complaint_id: entry.decision.map(|(complaint, _)| complaint),
        version: entry.decision.map_or(0, |(_, version)| version),
        at: entry.at,
        on_day,
        kind: event.kind,
        by: event.origin.by.clone(),
        via: event.origin.via,
        rule: event.origin.source.name().map(str::to_owned),
        source: Some(Verbatim { text: event.origin.source.to_json(), document: event.origin.source.clone() }),
        ruleset: entry.ruleset.to_owned(),
        summary: numbered(event.summary.clone()),
        data: numbered(event.data.to_string()),
        personal,
        salt,
        personal_digest: digest,
        prev: head.hash,
        hash: String::new(),
    }
}

fn personal_digest(salt: &str, personal: &str) -> String {
    hex(&Sha256::new().chain_update(salt).chain_update(personal).finalize())
}

/// The parts of a row that its signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Covers {
    Everything,
    /// All but the local day, as rows were signed before it was covered.
    AllButTheDay,
}

/// Returns the signature of an event over everything that may not change; what is absent is signed as an
/// empty text. Rows from before sources or days were signed have parts less; parts carry their lengths, so none
/// passes for another.
fn signature(event: &StoredEvent, covers: Covers, key: &AuditKey) -> String {
    let complaint = event.complaint_id.map_or_else(String::new, |id| id.0.to_string());
    let (seq, version, at) =
        (event.seq.to_string(), event.version.to_string(), event.at.millis().to_string());
    let mut parts = vec![
        event.prev.as_str(),
        &seq,
        &complaint,
        &version,
        &at,
        event.kind.as_str(),
        event.by.as_str(),
        event.via.as_str(),
        event.rule.as_deref().unwrap_or(""),
        &event.ruleset,
        &event.summary,
        &event.data,
        event.personal_digest.as_deref().unwrap_or(""),
    ];
    parts.extend(event.source.as_ref().map(|source| source.text.as_str()));
    let day = event.on_day.to_string();
    parts.extend(Some(day.as_str()).filter(|_| covers == Covers::Everything));
    key.sign(&parts)
}

/// The finding of `verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {
    /// Every event is as it was written.
    Holds {
        /// The number of events in the chain.
        events: i64,
    },
    /// The first event that is missing or not as it was written.
    Broken {
        /// Its place in the chain, from 1.
        seq: i64,
    },
}

/// Walks the whole chain.
pub(super) async fn verify(db: &Database) -> Result<Audit, StoreError> {
    let mut reached = Head::genesis();
    loop {
        let next = Statement::select::<StoredEvent>("FROM events WHERE seq > $1 ORDER BY seq LIMIT 1000");
        let events = next.with(reached.seq).each::<StoredEvent>(&db.reader).await?;
        if events.is_empty() {
            break;
        }
        for event in events {
            match event {
                Ok(event) if follows(&event, &reached, &db.key) => {
                    reached = Head { seq: event.seq, hash: event.hash };
                }
                // A row that cannot be read is not as it was written.
                Ok(_) | Err(StoreError::Unreadable { .. }) => {
                    return Ok(Audit::Broken { seq: reached.seq + 1 });
                }
                Err(other) => return Err(other),
            }
        }
    }
    let head = match Meta::AuditHead.read::<Head>(&db.reader).await {
        Ok(head) => head.unwrap_or_else(Head::genesis),
        Err(StoreError::Unreadable { .. }) => return Ok(Audit::Broken { seq: reached.seq + 1 }),
        Err(other) => return Err(other),
    };
    let seq = reached.seq;
    Ok(if head == reached { Audit::Holds { events: seq } } else { Audit::Broken { seq: seq + 1 } })
}

fn follows(event: &StoredEvent, before: &Head, key: &AuditKey) -> bool {
    let personal_holds = match (&event.personal, &event.salt) {
        (Some(personal), Some(salt)) => event.personal_digest == Some(personal_digest(salt, personal)),
        // Never was personal, or was anonymised: then both are gone, and the digest stands.
        (None, None) => true,
        _ => false,
    };
    let in_place = event.seq == before.seq + 1 && event.prev == before.hash;
    in_place && personal_holds && is_signed_by(event, key)
}

/// Returns whether an event was signed with this key, as it stands.
pub(super) fn is_signed_by(event: &StoredEvent, key: &AuditKey) -> bool {
    let is_signed = |covers| signature(event, covers, key) == event.hash;
    is_signed(Covers::Everything) || is_signed(Covers::AllButTheDay)
}
