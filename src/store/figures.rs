//! `Figures`: counts for reports, `doctor` and the pages about rules.

use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::statement::Statement;
use super::tables::deadlines::{DeadlineCount, RUNS};
use super::tables::events::RuleCount;
use crate::calendar::{Date, Moment};
use crate::complaint::{EventKind, State};
use serde::Serialize;
use std::collections::BTreeMap;

/// The handle of counts, for people.
#[derive(Clone, Debug)]
pub struct Figures(pub(super) Database);

/// The counts of everything at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All complaints, finished ones included.
    pub complaints: i64,
    /// Complaints whose state is not terminal.
    pub live: i64,
    /// Complaints with a failure under the ruleset in force.
    pub faulty: i64,
    /// Armed deadlines whose legal end has passed.
    pub overdue_deadlines: i64,
    /// Deliveries that wait for an attempt.
    pub queued: i64,
    /// Dead letters.
    pub dead: i64,
    /// Notifications that no plugin takes to anybody.
    pub undeliverable: i64,
}

impl Figures {
    /// Counts everything as it stands at `now`.
    pub async fn totals(&self, now: Moment) -> Result<Totals, StoreError> {
        let count = async |rest: &str| Statement::counting(rest).count(&self.0.reader).await;
        let in_state = |state: DeliveryState| format!("deliveries WHERE {}", state.condition());
        // Ids are given without gaps, and no complaint is ever removed: the newest is as many as there are.
        let newest = Statement::new("SELECT id FROM complaints ORDER BY id DESC LIMIT 1");
        let overdue = Statement::counting(&format!("deadlines WHERE {RUNS} AND due < $1"));
        Ok(Totals {
            complaints: newest.value("id", &self.0.reader).await?.unwrap_or(0),
            live: count("complaints WHERE is_live = 1").await?,
            faulty: count("complaints WHERE faults <> '[]'").await?,
            overdue_deadlines: overdue.with(now).count(&self.0.reader).await?,
            queued: count(&in_state(DeliveryState::Queued)).await?,
            dead: count(&in_state(DeliveryState::Dead)).await?,
            undeliverable: count("notifications WHERE is_deliverable = 0").await?,
        })
    }

    /// Counts how often each rule fired, action was taken and schedule ran, by its name or id.
    pub async fn workings(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        self.workings_of(None).await
    }

    /// Counts the same within a period, both days included.
    pub async fn workings_within(&self, period: (Date, Date)) -> Result<BTreeMap<String, i64>, StoreError> {
        self.workings_of(Some(period)).await
    }

    async fn workings_of(&self, period: Option<(Date, Date)>) -> Result<BTreeMap<String, i64>, StoreError> {
        let kinds = [EventKind::RuleFired, EventKind::ActionTaken, EventKind::ScheduleRan];
        let sql = "SELECT rule, COUNT(*) AS events FROM events WHERE rule IS NOT NULL AND kind IN ";
        let counts = Statement::new(sql).and_list(kinds.map(EventKind::as_str));
        let (from, to) = period.unzip();
        let counts =
            counts.and_compared("on_day >=", from).and_compared("on_day <=", to).and(" GROUP BY rule");
        let rows: Vec<RuleCount> = counts.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| (row.rule, row.events)).collect())
    }

    /// Counts the deadlines of each name that are armed and overdue.
    pub async fn overdue_by_name(&self, now: Moment) -> Result<BTreeMap<String, i64>, StoreError> {
        let sql =
            format!("SELECT name, COUNT(*) AS rows FROM deadlines WHERE {RUNS} AND due < $1 GROUP BY name");
        let rows: Vec<DeadlineCount> = Statement::new(sql).with(now).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| (row.name, row.rows)).collect())
    }

    /// Counts the complaints in a state, up to so many.
    pub async fn in_state(&self, state: &State, most: i64) -> Result<i64, StoreError> {
        let first = "(SELECT id FROM complaints WHERE state = $1 LIMIT $2) c";
        Statement::counting(first).with(state.as_str()).with(most).count(&self.0.reader).await
    }

    /// Counts how often mails were seen again.
    pub async fn duplicates(&self) -> Result<i64, StoreError> {
        Statement::counting("mail_sightings").count(&self.0.reader).await
    }
}
