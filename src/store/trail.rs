//! `Trail`: the handle of reading the audit events, and of whether their chain holds.

use super::chain::{Entry, Head, append};
use super::database::Database;
use super::error::StoreError;
use super::reconcile::{Disagreement, reconcile};
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::deliveries::{DeliveryRow, NewDelivery};
use super::tables::events::{StoredEvent, ToldChange};
use super::tables::meta::Meta;
use super::verifying::{Audit, Depth, verify};
use crate::calendar::{Date, Moment};
use crate::complaint::{ComplaintId, Event, EventKind};
use std::collections::HashMap;

/// The most events in one answer.
const EVENTS: i64 = 10_000;

/// The newest event of a trail as it once was, kept by somebody outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptHead {
    /// The place of the event.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

impl std::str::FromStr for KeptHead {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (seq, hash) = text.trim().split_once(' ').ok_or(())?;
        let seq: i64 = seq.parse().map_err(|_| ())?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match (seq, hash) {
            (0, "0") => {}
            (1.., _) if is_hash => {}
            _ => return Err(()),
        }
        Ok(Self { seq, hash: hash.to_owned() })
    }
}

/// When the head was last given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadTold {
    /// The local day.
    pub on: Date,
    /// The place of the event that says so.
    pub seq: i64,
}

impl std::fmt::Display for HeadTold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.on, self.seq)
    }
}

impl std::str::FromStr for HeadTold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once(' ').and_then(|(on, seq)| Some((on.parse().ok()?, seq.parse().ok()?)));
        parts.map(|(on, seq)| Self { on, seq }).ok_or_else(|| format!("`{text}` is no day and place"))
    }
}

/// How a kept head stands to the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadStanding {
    /// It is an event of the trail.
    Holds {
        /// The events that came since.
        later: i64,
    },
    /// The event at its place is another one.
    Differs,
    /// The trail ends before it.
    Cut {
        /// The place of the newest event.
        last: i64,
    },
}

/// The handle of the audit trail.
#[derive(Clone, Debug)]
pub struct Trail(pub(super) Database);

impl Trail {
    /// Returns the place of the newest event; 0 when there is none.
    pub async fn last_event(&self) -> Result<i64, StoreError> {
        let head: Option<Head> = Meta::AuditHead.read(&self.0.reader).await?;
        Ok(head.map_or(0, |head| head.seq))
    }

    /// Returns the moment of the newest event, behind which the clock may not fall; none before the first.
    pub async fn high_water(&self) -> Result<Option<Moment>, StoreError> {
        let sql = "SELECT at FROM events ORDER BY seq DESC LIMIT 1";
        Ok(Statement::new(sql).value("at", &self.0.reader).await?.map(Moment::from_millis))
    }

    /// Returns the latest time that was noted as seen; none before the first.
    pub async fn time_seen(&self) -> Result<Option<Moment>, StoreError> {
        Ok(Meta::TimeSeen.read(&self.0.reader).await?.map(Moment::from_millis))
    }

    /// Notes a time as seen.
    pub async fn note_time(&self, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::TimeSeen.write(&mut tx, now.millis()).await?;
        Ok(tx.commit().await?)
    }

    /// Lets time go on from `now`, ahead or back, and records `event`, which is then the newest.
    pub async fn restart_time(&self, now: Moment, event: Event, ruleset: &str) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::TimeSeen.write(&mut tx, now.millis()).await?;
        append(&self.0, &mut tx, &Entry::alone(now, ruleset, &[event])).await?;
        self.0.finish(tx).await
    }

    /// Reads the events of one complaint, oldest first.
    pub async fn events(&self, id: ComplaintId) -> Result<Vec<StoredEvent>, StoreError> {
        let of_complaint =
            Statement::select::<StoredEvent>("FROM events WHERE complaint_id = $1 ORDER BY seq");
        of_complaint.with(id).all(&self.0.reader).await
    }

    /// Reads what happened to many complaints of these kinds, each's oldest first; those without any are left out.
    pub async fn changes_of(
        &self,
        ids: &[ComplaintId],
        kinds: &[EventKind],
    ) -> Result<HashMap<ComplaintId, Vec<ToldChange>>, StoreError> {
        let mut found: HashMap<ComplaintId, Vec<ToldChange>> = HashMap::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let of_complaints = Statement::select::<ToldChange>("FROM events WHERE complaint_id IN ");
        let of_kinds = of_complaints.and_list(ids.iter().copied()).and(" AND kind IN ");
        let of_kinds = of_kinds.and_list(kinds.iter().map(|kind| kind.as_str().to_owned()));
        for change in of_kinds.all::<ToldChange>(&self.0.reader).await? {
            found.entry(change.complaint_id).or_default().push(change);
        }
        found.values_mut().for_each(|changes| changes.sort_by_key(|change| change.seq));
        Ok(found)
    }

    /// Reads the first that happened to a complaint, or to the first behind it to which anything happened; none behind the last.
    pub async fn begun_from(&self, id: ComplaintId) -> Result<Option<ToldChange>, StoreError> {
        let first = "FROM events WHERE complaint_id >= $1 ORDER BY complaint_id, seq LIMIT 1";
        Statement::select::<ToldChange>(first).with(id).first(&self.0.reader).await
    }

    /// Reads the events after a place in the trail, oldest first, 10,000 at most.
    pub async fn events_after(&self, seq: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let later = Statement::select::<StoredEvent>("FROM events WHERE seq > $1 ORDER BY seq LIMIT $2");
        later.with(seq).with(EVENTS).all(&self.0.reader).await
    }

    /// Counts the events out of which what was personal was taken, each of which a walk has looked at.
    pub async fn forgotten(&self) -> Result<i64, StoreError> {
        Statement::counting("events WHERE forgotten_by IS NOT NULL").count(&self.0.reader).await
    }

    /// Compares what the trail says happened with the facts as they stand; empty when they agree.
    pub async fn reconcile(&self) -> Result<Vec<Disagreement>, StoreError> {
        reconcile(&self.0).await
    }

    /// Walks the whole chain and says whether it holds.
    pub async fn verify(&self) -> Result<Audit, StoreError> {
        self.verify_to(Depth::Signatures).await
    }

    /// Walks the whole chain and says whether it holds, as far as somebody looks.
    pub async fn verify_to(&self, depth: Depth) -> Result<Audit, StoreError> {
        verify(&self.0, depth, &|_| ()).await
    }

    /// Walks the whole chain and says whether it holds; `progress` hears how many events it has passed.
    pub async fn verify_telling(&self, progress: &(dyn Fn(i64) + Sync)) -> Result<Audit, StoreError> {
        verify(&self.0, Depth::Signatures, progress).await
    }

    /// Returns the place and the hash of the newest event, as `12 ab…`; that of nothing before the first.
    pub async fn head(&self) -> Result<String, StoreError> {
        let head: Option<Head> = Meta::AuditHead.read(&self.0.reader).await?;
        Ok(head.unwrap_or_else(Head::genesis).to_string())
    }

    /// Returns how a head that somebody kept, as [`Trail::head`] returned it, stands to this trail. The chain itself is looked
    /// at by [`Trail::verify`].
    pub async fn holds(&self, head: &KeptHead) -> Result<HeadStanding, StoreError> {
        let last = self.last_event().await?;
        if head.seq > last {
            return Ok(HeadStanding::Cut { last });
        }
        let hash = Statement::new("SELECT hash FROM events WHERE seq = $1").with(head.seq);
        let hash = match head.seq {
            0 => Some(Head::genesis().hash),
            _ => hash.value::<String>("hash", &self.0.reader).await?,
        };
        Ok(match hash {
            Some(hash) if hash == head.hash => HeadStanding::Holds { later: last - head.seq },
            _ => HeadStanding::Differs,
        })
    }

    /// Returns when the head was last given out; none before the first time.
    pub async fn head_told(&self) -> Result<Option<HeadTold>, StoreError> {
        Meta::HeadTold.read(&self.0.reader).await
    }

    /// Notes that there is nobody to give the head out to.
    pub async fn note_head_told(&self, told: HeadTold) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::HeadTold.write(&mut tx, told).await?;
        Ok(tx.commit().await?)
    }

    /// Puts the deliveries of the head into the outbox, and records by `event` that it was given out.
    pub async fn tell_head(
        &self,
        event: Event,
        deliveries: &[NewDelivery],
        at: Moment,
        ruleset: &str,
        on: Date,
    ) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let deliveries = deliveries.iter().map(|d| DeliveryRow::new(d, at));
        insert(&mut tx, deliveries.collect(), Conflict::Keeps("id")).await?;
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        let head: Option<Head> = Meta::AuditHead.read(&mut tx).await?;
        Meta::HeadTold.write(&mut tx, HeadTold { on, seq: head.map_or(0, |head| head.seq) }).await?;
        self.0.finish(tx).await
    }

    /// Returns the moment of the first event; none before.
    pub async fn begun_at(&self) -> Result<Option<Moment>, StoreError> {
        let sql = "SELECT at FROM events ORDER BY seq LIMIT 1";
        Ok(Statement::new(sql).value("at", &self.0.reader).await?.map(Moment::from_millis))
    }
}
