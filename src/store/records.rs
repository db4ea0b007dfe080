//! The director's records: concluded reports and recommendations; and how often each rule has worked.

use super::audit::Entry;
use super::rows::{cells, insert};
use super::{Store, StoreError};
use crate::calendar::{Date, Moment};
use crate::complaint::Event;
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// A report that somebody has put conclusions under (procedure rows 36 and 37).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConcludedReport {
    pub from: Date,
    pub to: Date,
    pub conclusions: String,
    /// The counts as they stood, as JSON.
    #[serde(skip)]
    pub counts: String,
    pub concluded_by: String,
    #[serde(skip)]
    pub concluded_at: Moment,
}

/// A recommendation to prevent complaints or improve the procedure (procedure row 38).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// Counts from 1; 0 before it is stored.
    pub id: i64,
    pub made_on: Date,
    pub made_by: String,
    pub content: String,
    pub owner: String,
    /// Declared in `procedure.toml`.
    pub state: String,
    pub note: String,
    pub follow_up_on: Date,
    pub complaints: Vec<String>,
    #[serde(skip)]
    pub changed_at: Moment,
}

impl Store {
    pub async fn concluded_reports(&self) -> Result<Vec<ConcludedReport>, StoreError> {
        let sql = "SELECT from_on, to_on, conclusions, counts, concluded_by, concluded_at FROM reports ORDER BY to_on, from_on";
        let rows = sqlx::query(sql).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                Ok(ConcludedReport {
                    from: day(r, 0)?,
                    to: day(r, 1)?,
                    conclusions: r.try_get(2)?,
                    counts: r.try_get(3)?,
                    concluded_by: r.try_get(4)?,
                    concluded_at: Moment::from_millis(r.try_get(5)?),
                })
            })
            .collect()
    }

    /// Records the conclusions; false when the report was concluded before, which stays as it was.
    pub async fn conclude_report(
        &self,
        report: &ConcludedReport,
        event: Event,
        ruleset: &str,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let row = cells![
            report.from.to_string(),
            report.to.to_string(),
            report.conclusions.as_str(),
            report.counts.as_str(),
            report.concluded_by.as_str(),
            report.concluded_at.millis(),
        ];
        let columns = "reports (from_on, to_on, conclusions, counts, concluded_by, concluded_at)";
        let fresh = "ON CONFLICT (from_on, to_on) DO NOTHING RETURNING to_on";
        if insert(&mut tx, columns, vec![row], fresh).await?.is_empty() {
            return Ok(false);
        }
        let at = report.concluded_at;
        let entry = Entry { complaint: None, version: 0, at, ruleset, number: None, events: &[event] };
        self.append(&mut tx, &[entry]).await?;
        self.finish(tx).await?;
        Ok(true)
    }

    pub async fn recommendations(&self) -> Result<Vec<Recommendation>, StoreError> {
        let sql = "SELECT id, made_on, made_by, content, owner, state, note, follow_up_on, complaints, changed_at \
            FROM recommendations ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                let complaints: String = r.try_get(8)?;
                Ok(Recommendation {
                    id: r.try_get(0)?,
                    made_on: day(r, 1)?,
                    made_by: r.try_get(2)?,
                    content: r.try_get(3)?,
                    owner: r.try_get(4)?,
                    state: r.try_get(5)?,
                    note: r.try_get(6)?,
                    follow_up_on: day(r, 7)?,
                    complaints: serde_json::from_str(&complaints)
                        .map_err(|e| StoreError::corrupt("recommendation", e))?,
                    changed_at: Moment::from_millis(r.try_get(9)?),
                })
            })
            .collect()
    }

    /// Adds a recommendation (id 0) or changes one; its id.
    pub async fn keep_recommendation(
        &self,
        r: &Recommendation,
        event: impl FnOnce(i64) -> Event,
        ruleset: &str,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let id = if r.id == 0 { super::commit::raise(&mut tx, "recommendation", 1).await? } else { r.id };
        let row = cells![
            id,
            r.made_on.to_string(),
            r.made_by.as_str(),
            r.content.as_str(),
            r.owner.as_str(),
            r.state.as_str(),
            r.note.as_str(),
            r.follow_up_on.to_string(),
            serde_json::json!(r.complaints).to_string(),
            r.changed_at.millis(),
        ];
        let columns = "recommendations (id, made_on, made_by, content, owner, state, note, follow_up_on, complaints, changed_at)";
        let change = "ON CONFLICT (id) DO UPDATE SET content = excluded.content, owner = excluded.owner, \
            state = excluded.state, note = excluded.note, follow_up_on = excluded.follow_up_on, \
            complaints = excluded.complaints, changed_at = excluded.changed_at";
        insert(&mut tx, columns, vec![row], change).await?;
        let events = [event(id)];
        let entry =
            Entry { complaint: None, version: 0, at: r.changed_at, ruleset, number: None, events: &events };
        self.append(&mut tx, &[entry]).await?;
        self.finish(tx).await?;
        Ok(id)
    }

    /// How often each rule fired, action was taken and schedule ran, by its name or id.
    pub async fn workings(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        let sql = "SELECT rule, COUNT(*) FROM events \
            WHERE kind IN ('rule_fired', 'action_taken', 'schedule_ran') AND rule IS NOT NULL GROUP BY rule";
        let rows = sqlx::query(sql).fetch_all(&self.reader).await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
    }

    /// How many deadlines of each name are armed and overdue.
    pub async fn overdue_by_name(&self, now: Moment) -> Result<BTreeMap<String, i64>, StoreError> {
        let sql = "SELECT name, COUNT(*) FROM deadlines WHERE is_current = 1 AND met_at IS NULL \
            AND cancelled_at IS NULL AND due < $1 GROUP BY name";
        let rows = sqlx::query(sql).bind(now.millis()).fetch_all(&self.reader).await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
    }
}

fn day(row: &AnyRow, column: usize) -> Result<Date, StoreError> {
    let text: String = row.try_get(column)?;
    text.parse().map_err(|e| StoreError::corrupt("date", e))
}
