//! The audit trail: append-only, hash-chained in commit order, with personal facts as salted digests.

use super::rows::{Cell, cells, insert};
use super::{Store, StoreError, set_meta};
use crate::calendar::Moment;
use crate::complaint::{Actor, ComplaintId, Event, Number, Source, Via};
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
use std::sync::Arc;

const HEAD: &str = "audit_head";
/// Where the chain begins.
const GENESIS: &str = "0";

/// The key of the chain; it is never in the database or a backup (semantics 5.4).
#[derive(Clone)]
pub struct AuditKey(Arc<[u8]>);

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditKey(…)")
    }
}

impl AuditKey {
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Three letters that prove a number in a subject was written by us (email.md, "Number guessing").
    pub fn check_letters(&self, reference: &str) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let digest = self.sign(&["reply tag", reference]);
        digest
            .bytes()
            .take(6)
            .collect::<Vec<_>>()
            .chunks(2)
            .map(|pair| {
                let n = pair.iter().fold(0, |n, b| n * 16 + (*b as char).to_digit(16).unwrap_or(0) as usize);
                LETTERS[n % LETTERS.len()] as char
            })
            .collect()
    }

    /// Keyed digest in hexadecimal; also gives the check letters of reply tags.
    pub fn sign(&self, parts: &[&str]) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// An event with its place in the trail.
#[derive(Clone, Debug, Serialize)]
pub struct StoredEvent {
    pub seq: i64,
    pub complaint_id: Option<i64>,
    pub version: i64,
    pub at: Moment,
    pub kind: String,
    pub by: Actor,
    pub via: Via,
    /// The name of the source; none for the engine and persons.
    pub rule: Option<String>,
    #[serde(skip)]
    pub source: Source,
    /// The source as written; none in rows from before sources were kept.
    #[serde(skip)]
    written_source: Option<String>,
    pub ruleset: String,
    pub summary: String,
    pub data: String,
    pub personal: Option<String>,
    #[serde(skip)]
    salt: Option<String>,
    #[serde(skip)]
    personal_digest: Option<String>,
    #[serde(skip)]
    prev: String,
    pub hash: String,
}

impl StoredEvent {
    fn digest(&self, key: &AuditKey) -> String {
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let (seq, complaint) = (self.seq.to_string(), number(self.complaint_id));
        let (version, at) = (self.version.to_string(), self.at.millis().to_string());
        let mut parts = vec![
            self.prev.as_str(),
            &seq,
            &complaint,
            &version,
            &at,
            &self.kind,
            self.by.as_str(),
            self.via.as_str(),
            self.rule.as_deref().unwrap_or_default(),
            &self.ruleset,
            &self.summary,
            &self.data,
            self.personal_digest.as_deref().unwrap_or_default(),
        ];
        // Rows from before sources were kept have one part less; parts carry their lengths, so neither passes for the other.
        parts.extend(self.written_source.as_deref());
        key.sign(&parts)
    }

    fn cells(self, on_day: String) -> Vec<Cell> {
        cells![
            self.seq,
            self.complaint_id,
            self.version,
            self.at.millis(),
            on_day,
            self.kind,
            self.by.as_str(),
            self.via.as_str(),
            self.rule,
            self.ruleset,
            self.summary,
            self.data,
            self.personal,
            self.salt,
            self.personal_digest,
            self.prev,
            self.hash,
            self.written_source,
        ]
    }
}

fn personal_digest(salt: &str, personal: &str) -> String {
    hex(&Sha256::new().chain_update(salt).chain_update(personal).finalize())
}

/// The events of one decision on their way into the trail.
pub(super) struct Entry<'e> {
    pub complaint: Option<ComplaintId>,
    pub version: i64,
    pub at: Moment,
    pub ruleset: &'e str,
    pub number: Option<&'e Number>,
    pub events: &'e [Event],
}

impl Store {
    /// Appends to the trail. The head row is read and locked here, so this comes last in a transaction.
    pub(super) async fn append(
        &self,
        tx: &mut Transaction<'static, Any>,
        entries: &[Entry<'_>],
    ) -> Result<(), StoreError> {
        if entries.iter().all(|e| e.events.is_empty()) {
            return Ok(());
        }
        let sql = format!("SELECT value FROM meta WHERE name = '{HEAD}'{}", self.engine.for_update());
        let head: Option<String> = sqlx::query_scalar(&sql).fetch_optional(&mut **tx).await?;
        let (mut seq, mut prev) = head.as_deref().and_then(parse_head).unwrap_or((0, GENESIS.to_owned()));
        let mut rows = Vec::new();
        for entry in entries {
            let day = self.calendar.day_of(entry.at).map(|d| d.to_string()).unwrap_or_default();
            for event in entry.events {
                seq += 1;
                let mut stored = stored(entry, event, seq, prev);
                stored.hash = stored.digest(&self.key);
                prev = stored.hash.clone();
                rows.push(stored.cells(day.clone()));
            }
        }
        insert(tx, "events", rows, "").await?;
        set_meta(tx, HEAD, &format!("{seq} {prev}")).await
    }

    /// The number of the newest event; 0 when there is none.
    pub async fn last_event(&self) -> Result<i64, StoreError> {
        Ok(self.meta(HEAD).await?.as_deref().and_then(parse_head).map_or(0, |(seq, _)| seq))
    }

    /// The latest moment at which anything was decided.
    pub async fn high_water(&self) -> Result<Moment, StoreError> {
        let sql = "SELECT at FROM events ORDER BY seq DESC LIMIT 1";
        let at: Option<i64> = sqlx::query_scalar(sql).fetch_optional(&self.reader).await?;
        Ok(Moment::from_millis(at.unwrap_or(0)))
    }

    /// The events of one complaint, oldest first.
    pub async fn events(&self, id: ComplaintId) -> Result<Vec<StoredEvent>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE complaint_id = $1 ORDER BY seq");
        let rows = sqlx::query(&sql).bind(id.0).fetch_all(&self.reader).await?;
        rows.iter().map(read).collect()
    }

    /// The events after a place in the trail, oldest first.
    pub async fn events_after(&self, seq: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE seq > $1 ORDER BY seq LIMIT 10000");
        let rows = sqlx::query(&sql).bind(seq).fetch_all(&self.reader).await?;
        rows.iter().map(read).collect()
    }

    /// Walks the whole chain and says whether it holds.
    pub async fn verify(&self) -> Result<Audit, StoreError> {
        let mut prev = GENESIS.to_owned();
        let mut checked = 0;
        loop {
            let sql = format!("SELECT {COLUMNS} FROM events WHERE seq > $1 ORDER BY seq LIMIT 1000");
            let rows = sqlx::query(&sql).bind(checked).fetch_all(&self.reader).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let event = read(row)?;
                let personal_holds = match (&event.personal, &event.salt) {
                    (Some(personal), Some(salt)) => {
                        event.personal_digest == Some(personal_digest(salt, personal))
                    }
                    // Anonymised: the salt is gone and the digest stands.
                    _ => true,
                };
                let in_place = event.seq == checked + 1 && event.prev == prev;
                if !in_place || !personal_holds || event.digest(&self.key) != event.hash {
                    return Ok(Audit::Broken { seq: checked + 1 });
                }
                prev = event.hash;
                checked = event.seq;
            }
        }
        let head = self.meta(HEAD).await?;
        let expected = head.as_deref().and_then(parse_head).unwrap_or((0, GENESIS.to_owned()));
        Ok(if expected == (checked, prev) {
            Audit::Holds { events: checked }
        } else {
            Audit::Broken { seq: checked + 1 }
        })
    }
}

/// What `verify` found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {
    Holds {
        events: i64,
    },
    /// The first event that is missing or not as it was written.
    Broken {
        seq: i64,
    },
}

fn parse_head(text: &str) -> Option<(i64, String)> {
    let (seq, hash) = text.split_once(' ')?;
    Some((seq.parse().ok()?, hash.to_owned()))
}

fn stored(entry: &Entry, event: &Event, seq: i64, prev: String) -> StoredEvent {
    let numbered = |text: String| match entry.number {
        Some(number) => text.replace(Number::PENDING, number.as_str()),
        None => text,
    };
    let personal = event.personal.as_ref().map(|p| numbered(p.to_string()));
    let salt = personal.as_ref().map(|_| crate::random::hex::<16>());
    let digest = salt.as_ref().zip(personal.as_ref()).map(|(s, p)| personal_digest(s, p));
    StoredEvent {
        seq,
        complaint_id: entry.complaint.map(|c| c.0),
        version: entry.version,
        at: entry.at,
        kind: event.kind.as_str().to_owned(),
        by: event.origin.by.clone(),
        via: event.origin.via,
        rule: event.origin.source.name().map(str::to_owned),
        source: event.origin.source.clone(),
        written_source: Some(event.origin.source.to_json()),
        ruleset: entry.ruleset.to_owned(),
        summary: numbered(event.summary.clone()),
        data: numbered(event.data.to_string()),
        personal,
        salt,
        personal_digest: digest,
        prev,
        hash: String::new(),
    }
}

const COLUMNS: &str = "seq, complaint_id, version, at, kind, caused_by, via, rule, ruleset, summary, data, \
    personal, salt, personal_digest, prev, hash, source";

fn read(row: &AnyRow) -> Result<StoredEvent, StoreError> {
    let by: String = row.try_get(5)?;
    let via: String = row.try_get(6)?;
    let via = via.parse::<Via>().map_err(|e| StoreError::corrupt("event", e))?;
    let (rule, written): (Option<String>, Option<String>) = (row.try_get(7)?, row.try_get(16)?);
    let source = Source::of_row(written.as_deref(), rule.as_deref(), via);
    Ok(StoredEvent {
        seq: row.try_get(0)?,
        complaint_id: row.try_get(1)?,
        version: row.try_get(2)?,
        at: Moment::from_millis(row.try_get(3)?),
        kind: row.try_get(4)?,
        by: by.as_str().into(),
        via,
        rule,
        source: source.map_err(|e| StoreError::corrupt("source of an event", e))?,
        written_source: written,
        ruleset: row.try_get(8)?,
        summary: row.try_get(9)?,
        data: row.try_get(10)?,
        personal: row.try_get(11)?,
        salt: row.try_get(12)?,
        personal_digest: row.try_get(13)?,
        prev: row.try_get(14)?,
        hash: row.try_get(15)?,
    })
}
