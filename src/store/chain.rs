//! The audit chain: events in commit order, each signed with the one before, personal facts as salted
//! digests.

use super::column::Verbatim;
use super::database::Database;
use super::error::StoreError;
use super::key::AuditKey;
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
    pub events: &'e [Event],
}

impl<'e> Entry<'e> {
    /// Makes the entry of events that belong to no complaint.
    pub fn alone(at: Moment, ruleset: &'e str, events: &'e [Event]) -> Self {
        Self { decision: None, at, ruleset, events }
    }
}

/// Appends to the chain. The head is read and locked here, so this comes last in a transaction.
pub(super) async fn append(db: &Database, tx: &mut Tx, entry: &Entry<'_>) -> Result<(), StoreError> {
    chain(db, tx, unchained(db, entry)?).await
}

/// Appends events that are made already, as [`append`] does.
pub(super) async fn chain(
    db: &Database,
    tx: &mut Tx,
    mut events: Vec<StoredEvent>,
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let lock = db.engine.for_update();
    let locked = Statement::select::<MetaRow>("FROM meta WHERE name = $1").and(lock);
    let head: Option<Head> = Meta::AuditHead.read_by(locked, &mut *tx).await?;
    let mut head = head.unwrap_or_else(Head::genesis);
    for event in &mut events {
        (event.seq, event.prev) = (head.seq + 1, head.hash);
        event.hash = signature(event, Covers::Everything, &db.key);
        head = Head { seq: event.seq, hash: event.hash.clone() };
    }
    insert(tx, events, Conflict::Fails).await?;
    Meta::AuditHead.write(tx, head).await
}

/// Makes events as they are written, but for their place in the chain and a number that is not given yet.
pub(super) fn unchained(db: &Database, entry: &Entry) -> Result<Vec<StoredEvent>, StoreError> {
    let on_day = db.calendar.day_of(entry.at);
    let on_day = on_day.map_err(|e| StoreError::unwritable("events", "on_day", e))?;
    Ok(entry.events.iter().map(|event| stored(entry, event, on_day)).collect())
}

fn stored(entry: &Entry, event: &Event, on_day: Date) -> StoredEvent {
    let personal = event.personal.as_ref().map(ToString::to_string);
    let salt = personal.as_ref().map(|_| crate::random::hex::<16>());
    let digest = salt.as_ref().zip(personal.as_ref()).map(|(salt, text)| personal_digest(salt, text));
    StoredEvent {
        seq: 0,
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
        summary: event.summary.clone(),
        data: event.data.to_string(),
        personal,
        salt,
        personal_digest: digest,
        prev: String::new(),
        hash: String::new(),
        forgotten_by: None,
    }
}

/// Puts the number that a complaint was given in an event that is not chained yet.
pub(super) fn give_number(event: &mut StoredEvent, number: &Number) {
    number.fill_in(&mut event.summary);
    number.fill_in(&mut event.data);
    if let (Some(personal), Some(salt)) = (&mut event.personal, &event.salt)
        && number.fill_in(personal)
    {
        event.personal_digest = Some(personal_digest(salt, personal));
    }
}

pub(super) fn personal_digest(salt: &str, personal: &str) -> String {
    format!("{:x}", Sha256::new().chain_update(salt).chain_update(personal).finalize())
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

/// Returns the keyed digest over an event, as it stands, and a digest over those before it.
pub(super) fn sealed(before: &str, event: &StoredEvent, key: &AuditKey) -> String {
    key.sign(&["seal", before, &event.hash, &signature(event, Covers::Everything, key)])
}

/// Returns whether an event was signed with this key, as it stands.
pub(super) fn is_signed_by(event: &StoredEvent, key: &AuditKey) -> bool {
    let is_signed = |covers| signature(event, covers, key) == event.hash;
    is_signed(Covers::Everything) || is_signed(Covers::AllButTheDay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaint::{EventKind, Origin};
    use serde_json::json;

    #[test]
    fn a_number_that_is_given_stands_in_all_that_the_chain_covers() {
        let pending = Number::PENDING;
        let event = Event {
            kind: EventKind::Registered,
            origin: Origin::ENGINE,
            summary: format!("registered as {pending}"),
            data: json!({ "number": pending }),
            personal: Some(json!({ "remark": format!("see {pending}") })),
        };
        let entry = Entry::alone(Moment::from_millis(0), "r", std::slice::from_ref(&event));
        let mut stored = stored(&entry, &event, Date::default());
        give_number(&mut stored, &Number::new(2026, 7));
        assert_eq!(stored.summary, "registered as K-2026-0007");
        assert_eq!(stored.data, r#"{"number":"K-2026-0007"}"#);
        let personal = r#"{"remark":"see K-2026-0007"}"#;
        assert_eq!(stored.personal.as_deref(), Some(personal));
        assert_eq!(stored.personal_digest, stored.salt.map(|salt| personal_digest(&salt, personal)));
    }
}
