//! Taking what is personal out of the trail of a complaint that is forgotten: a later event, signed like any other, names the
//! events that were emptied and their digests, so that nobody else can empty one (docs/semantics.md 5.4).

use super::{Forgettings, pass};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event, EventKind, Origin};
use crate::store::chain::{Entry, Head, append};
use crate::store::error::StoreError;
use crate::store::row::view;
use crate::store::statement::Statement;
use crate::store::tables::forgettings::ForgettingStep;
use crate::store::tables::meta::{Meta, MetaRow};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The events that are emptied in one transaction, and named by one event.
const EVENTS: i64 = 200;
/// The name under which an event lists those it vouches for.
const EMPTIED: &str = "emptied";

view! {
    struct PersonalEvent in "events" as "event" ("seq") {
        seq: i64,
        personal_digest: Option<String>,
    }
}

view! {
    struct VersionRow in "complaints" as "complaint" ("id") {
        version: i64,
    }
}

impl Forgettings {
    /// Empties the oldest events of a complaint that hold something personal; false when there are none left.
    pub async fn empty_events(
        &self,
        id: ComplaintId,
        ruleset: &str,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let personal = "FROM events WHERE complaint_id = $1 AND personal IS NOT NULL ORDER BY seq LIMIT $2";
        let found = Statement::select::<PersonalEvent>(personal).with(id).with(EVENTS);
        let found: Vec<PersonalEvent> = found.all(&mut tx).await?;
        if found.is_empty() {
            pass(&mut tx, id, ForgettingStep::Trail).await?;
            self.0.finish(tx).await?;
            return Ok(false);
        }
        // Nobody appends while the head is locked, so the place of the event that vouches is known.
        let lock = Statement::select::<MetaRow>("FROM meta WHERE name = $1").and(self.0.engine.for_update());
        let head: Option<Head> = Meta::AuditHead.read_by(lock, &mut tx).await?;
        let place = head.map_or(0, |head| head.seq) + 1;
        let empty = "UPDATE events SET personal = NULL, salt = NULL, forgotten_by = $1 WHERE seq IN ";
        let empty = Statement::new(empty).with(place).and_list(found.iter().map(|event| event.seq));
        empty.run(&mut tx).await?;
        let version = Statement::select::<VersionRow>("FROM complaints WHERE id = $1").with(id);
        let version = version.first::<VersionRow>(&mut tx).await?.map_or(0, |row| row.version);
        let event = vouching(&found);
        let (decision, events) = (Some((id, version)), std::slice::from_ref(&event));
        append(&self.0, &mut tx, &Entry { decision, at: now, ruleset, events }).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }
}

/// Makes the event that vouches for those that are emptied.
fn vouching(emptied: &[PersonalEvent]) -> Event {
    let digest = |event: &PersonalEvent| Value::from(event.personal_digest.clone());
    let emptied: Map<String, Value> = emptied.iter().map(|e| (e.seq.to_string(), digest(e))).collect();
    Event {
        kind: EventKind::Forgotten,
        origin: Origin::ENGINE,
        summary: format!("what was personal was taken out of {} events", emptied.len()),
        data: json!({EMPTIED: emptied}),
        personal: None,
    }
}

/// Reads which events an event vouches for, each with its digest.
pub(in crate::store) fn vouched(data: &str) -> BTreeMap<i64, String> {
    let data: Value = serde_json::from_str(data).unwrap_or_default();
    let Some(emptied) = data[EMPTIED].as_object() else { return BTreeMap::new() };
    let read = |(seq, digest): (&String, &Value)| Some((seq.parse().ok()?, digest.as_str()?.to_owned()));
    emptied.iter().filter_map(read).collect()
}
