//! Complaints as cases: batched reads of everything a decision starts from.

use super::rows::{ROWS, list};
use super::{Store, StoreError};
use crate::calendar::Moment;
use crate::complaint::{
    Case, Complaint, ComplaintId, Deadline, DeadlineName, LinkKind, Number, Related, Role, Source, State, Via,
};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::HashMap;

impl Store {
    /// The complaints due at `now`, most overdue first.
    pub async fn due(&self, now: Moment, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let sql =
            "SELECT id FROM complaints WHERE wake_at IS NOT NULL AND wake_at <= $1 ORDER BY wake_at LIMIT $2";
        let rows = sqlx::query(sql).bind(now.millis()).bind(limit as i64).fetch_all(&self.reader).await?;
        rows.iter().map(|r| Ok(ComplaintId(r.try_get(0)?))).collect()
    }

    pub async fn next_wake(&self) -> Result<Option<Moment>, StoreError> {
        let sql = "SELECT wake_at FROM complaints WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1";
        let row: Option<i64> = sqlx::query_scalar(sql).fetch_optional(&self.reader).await?;
        Ok(row.map(Moment::from_millis))
    }

    /// Live complaints last evaluated under another stamp; two ranges, so that the index answers at once.
    pub async fn stale(&self, stamp: &str, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let mut found = Vec::new();
        for range in ["<", ">"] {
            let sql = format!(
                "SELECT id FROM complaints WHERE is_live = 1 AND evaluated_under {range} $1 ORDER BY evaluated_under, id LIMIT $2"
            );
            let rows = sqlx::query(&sql).bind(stamp.to_owned()).bind((limit - found.len()) as i64);
            for row in rows.fetch_all(&self.reader).await? {
                found.push(ComplaintId(row.try_get(0)?));
            }
        }
        Ok(found)
    }

    /// Every live complaint, in id order.
    pub async fn live_ids(&self) -> Result<Vec<ComplaintId>, StoreError> {
        let sql = "SELECT id FROM complaints WHERE is_live = 1 ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&self.reader).await?;
        rows.iter().map(|r| Ok(ComplaintId(r.try_get(0)?))).collect()
    }

    /// The newest complaints that are finished.
    pub async fn newest_finished(&self, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let sql = "SELECT id FROM complaints WHERE is_live = 0 ORDER BY id DESC LIMIT $1";
        let rows = sqlx::query(sql).bind(limit as i64).fetch_all(&self.reader).await?;
        rows.iter().map(|r| Ok(ComplaintId(r.try_get(0)?))).collect()
    }

    /// Live complaints after `after` in id order, for the sweep's rotating sample.
    pub async fn live_after(&self, after: ComplaintId, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let sql = "SELECT id FROM complaints WHERE id > $1 AND is_live = 1 ORDER BY id LIMIT $2";
        let rows = sqlx::query(sql).bind(after.0).bind(limit as i64).fetch_all(&self.reader).await?;
        rows.iter().map(|r| Ok(ComplaintId(r.try_get(0)?))).collect()
    }

    /// Loads cases with their current deadlines and what they are linked to; unknown ids are left out.
    pub async fn load(&self, ids: &[ComplaintId]) -> Result<Vec<Case>, StoreError> {
        let mut cases = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(ROWS) {
            cases.extend(self.load_set(chunk).await?);
        }
        Ok(cases)
    }

    async fn load_set(&self, ids: &[ComplaintId]) -> Result<Vec<Case>, StoreError> {
        let marks = list(0, ids.len());
        let sql = format!(
            "SELECT id, version, decided_at, facts, latches, suspensions, faults, wake_at, evaluated_under, terms FROM complaints WHERE id IN ({marks}) ORDER BY id"
        );
        let rows = bind_ids(sqlx::query(&sql), ids).fetch_all(&self.reader).await?;
        // One unreadable row must not hold up the others of its batch; it stays due, and the tick says so.
        let readable = rows.iter().map(read_case).filter_map(|case| match case {
            Err(StoreError::Corrupt { what, why }) => {
                tracing::error!(what, "a complaint cannot be read: {why}");
                None
            }
            other => Some(other),
        });
        let mut cases = readable.collect::<Result<Vec<_>, _>>()?;
        let old: Vec<ComplaintId> = rows
            .iter()
            .filter(|r| r.try_get::<Option<String>, _>(9).is_ok_and(|terms| terms.is_none()))
            .filter_map(|r| r.try_get(0).ok().map(ComplaintId))
            .collect();
        if !old.is_empty() {
            self.load_old_terms(&mut cases, &old).await?;
        }
        self.load_related(&mut cases).await?;
        Ok(cases)
    }

    /// Complaints written before their terms stood beside them.
    async fn load_old_terms(&self, cases: &mut [Case], ids: &[ComplaintId]) -> Result<(), StoreError> {
        let place: HashMap<i64, usize> = cases.iter().enumerate().map(|(i, c)| (c.id.0, i)).collect();
        let sql = format!(
            "SELECT {DEADLINE_COLUMNS} FROM deadlines WHERE complaint_id IN ({}) AND is_current = 1 ORDER BY complaint_id, name",
            list(0, ids.len())
        );
        for row in bind_ids(sqlx::query(&sql), ids).fetch_all(&self.reader).await? {
            if let Some(i) = place.get(&row.try_get(0)?) {
                cases[*i].deadlines.push(read_deadline(&row)?);
            }
        }
        Ok(())
    }

    async fn load_related(&self, cases: &mut [Case]) -> Result<(), StoreError> {
        let mut wanted: Vec<ComplaintId> =
            cases.iter().flat_map(|c| c.complaint.links.iter().map(|l| l.other)).collect();
        wanted.sort();
        wanted.dedup();
        let mut found: HashMap<i64, Related> = HashMap::new();
        for chunk in wanted.chunks(ROWS) {
            let sql = format!(
                "SELECT id, number, intake_id, state, subject, complainant_email, decided_on FROM complaints WHERE id IN ({})",
                list(0, chunk.len())
            );
            for row in bind_ids(sqlx::query(&sql), chunk).fetch_all(&self.reader).await? {
                let related = read_related(&row)?;
                found.insert(related.id.0, related);
            }
        }
        for case in cases {
            let links = case.complaint.links.iter();
            case.related = links
                .filter_map(|l| Some(Related { kind: l.kind, ..found.get(&l.other.0)?.clone() }))
                .collect();
        }
        Ok(())
    }

    /// All instances of all deadlines of a complaint, oldest first.
    pub async fn deadlines(&self, id: ComplaintId) -> Result<Vec<Deadline>, StoreError> {
        let sql = format!(
            "SELECT {DEADLINE_COLUMNS} FROM deadlines WHERE complaint_id = $1 ORDER BY armed_at, name, instance"
        );
        let rows = sqlx::query(&sql).bind(id.0).fetch_all(&self.reader).await?;
        rows.iter().map(read_deadline).collect()
    }

    /// Subject and bodies of what the complainant wrote first, in lower case, subject on the first line.
    pub async fn text(&self, id: ComplaintId) -> Result<String, StoreError> {
        Ok(self.texts(&[id]).await?.remove(&id).unwrap_or_default())
    }

    /// The same of many complaints, in sets.
    pub async fn texts(&self, ids: &[ComplaintId]) -> Result<HashMap<ComplaintId, String>, StoreError> {
        let mut texts = HashMap::new();
        for set in ids.chunks(ROWS) {
            let sql = format!(
                "SELECT complaint_id, subject, body FROM mails WHERE id IN \
                 (SELECT MIN(id) FROM mails WHERE complaint_id IN ({}) GROUP BY complaint_id)",
                list(0, set.len())
            );
            for row in bind_ids(sqlx::query(&sql), set).fetch_all(&self.reader).await? {
                let (subject, body): (String, String) = (row.try_get(1)?, row.try_get(2)?);
                texts.insert(ComplaintId(row.try_get(0)?), format!("{subject}\n{body}").to_lowercase());
            }
        }
        Ok(texts)
    }
}

fn bind_ids<'q>(
    query: sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments<'q>>,
    ids: &[ComplaintId],
) -> sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments<'q>> {
    ids.iter().fold(query, |query, id| query.bind(id.0))
}

fn read_case(row: &AnyRow) -> Result<Case, StoreError> {
    let json = |column: usize| -> Result<String, StoreError> { Ok(row.try_get(column)?) };
    let complaint: Complaint =
        serde_json::from_str(&json(3)?).map_err(|e| StoreError::corrupt("complaint", e))?;
    let mut case = Case::new(ComplaintId(row.try_get(0)?), complaint);
    case.version = row.try_get(1)?;
    case.decided_at = Moment::from_millis(row.try_get(2)?);
    case.latches = serde_json::from_str(&json(4)?).map_err(|e| StoreError::corrupt("latches", e))?;
    case.suspensions = serde_json::from_str(&json(5)?).map_err(|e| StoreError::corrupt("suspensions", e))?;
    case.faults = serde_json::from_str(&json(6)?).map_err(|e| StoreError::corrupt("faults", e))?;
    case.wake_at = row.try_get::<Option<i64>, _>(7)?.map(Moment::from_millis);
    case.evaluated_under = row.try_get(8)?;
    if let Some(terms) = row.try_get::<Option<String>, _>(9)? {
        case.deadlines = serde_json::from_str(&terms).map_err(|e| StoreError::corrupt("terms", e))?;
        // In one order, whatever the last decision left: decisions depend on nothing but facts.
        case.deadlines.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(case)
}

const DEADLINE_COLUMNS: &str = "complaint_id, name, instance, owner, base, span, raw_end, due, alarm_at, \
    rolled_because, armed_at, armed_by, met_at, cancelled_at, replaced_at, breached_at, source";

fn read_deadline(row: &AnyRow) -> Result<Deadline, StoreError> {
    let moment =
        |column: usize| -> Result<Moment, StoreError> { Ok(Moment::from_millis(row.try_get(column)?)) };
    let maybe = |column: usize| -> Result<Option<Moment>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(Moment::from_millis))
    };
    let instance: i64 = row.try_get(2)?;
    let (armed_by, source): (String, Option<String>) = (row.try_get(11)?, row.try_get(16)?);
    let source = Source::of_row(source.as_deref(), Some(&armed_by), Via::Rule);
    Ok(Deadline {
        name: DeadlineName::from(row.try_get::<String, _>(1)?),
        instance: u32::try_from(instance).map_err(|e| StoreError::corrupt("deadline", e))?,
        owner: Role::from(row.try_get::<String, _>(3)?),
        base: maybe(4)?,
        span: row.try_get(5)?,
        raw_end: moment(6)?,
        due: moment(7)?,
        alarm_at: moment(8)?,
        rolled_because: row.try_get(9)?,
        armed_at: moment(10)?,
        armed_by: source.map_err(|e| StoreError::corrupt("source of a deadline", e))?,
        met_at: maybe(12)?,
        cancelled_at: maybe(13)?,
        replaced_at: maybe(14)?,
        breached_at: maybe(15)?,
    })
}

pub(super) fn read_related(row: &AnyRow) -> Result<Related, StoreError> {
    let decided_on: Option<String> = row.try_get(6)?;
    Ok(Related {
        id: ComplaintId(row.try_get(0)?),
        kind: LinkKind::Candidate,
        number: row.try_get::<Option<String>, _>(1)?.map(Number::from),
        intake_id: row.try_get(2)?,
        state: State::from(row.try_get::<String, _>(3)?),
        subject: row.try_get(4)?,
        complainant_email: row.try_get(5)?,
        decided_on: decided_on.and_then(|d| d.parse().ok()),
    })
}
