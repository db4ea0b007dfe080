//! The health of plugins, and what mail has counted towards its caps.

use super::rows::{cells, insert, list};
use super::{Store, StoreError};
use crate::calendar::Moment;
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
use std::collections::HashMap;

/// How the target of a plugin fares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Failures in a row.
    pub failures: u32,
    pub failing_since: Option<Moment>,
    /// No attempts before this.
    pub paused_until: Option<Moment>,
    /// When its owner was told that it fails.
    pub told_at: Option<Moment>,
    /// When it was switched off by itself; only a person switches it on again.
    pub disabled_at: Option<Moment>,
    pub last_error: String,
}

const COLUMNS: &str = "plugin, failures, failing_since, paused_until, told_at, disabled_at, last_error";

impl Health {
    fn read(row: &AnyRow) -> Result<(String, Self), StoreError> {
        let moment = |i: usize| -> Result<Option<Moment>, StoreError> {
            Ok(row.try_get::<Option<i64>, _>(i)?.map(Moment::from_millis))
        };
        let health = Self {
            failures: u32::try_from(row.try_get::<i64, _>(1)?).unwrap_or(u32::MAX),
            failing_since: moment(2)?,
            paused_until: moment(3)?.filter(|m| m.millis() > 0),
            told_at: moment(4)?,
            disabled_at: moment(5)?,
            last_error: row.try_get(6)?,
        };
        Ok((row.try_get(0)?, health))
    }
}

pub(super) async fn health_of(
    tx: &mut Transaction<'static, Any>,
    plugin: &str,
) -> Result<Health, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM plugin_health WHERE plugin = $1");
    let row = sqlx::query(&sql).bind(plugin.to_owned()).fetch_optional(&mut **tx).await?;
    Ok(row.as_ref().map(Health::read).transpose()?.map(|(_, health)| health).unwrap_or_default())
}

pub(super) async fn set_health(
    tx: &mut Transaction<'static, Any>,
    plugin: &str,
    health: &Health,
) -> Result<(), StoreError> {
    if *health == Health::default() {
        let sql = "DELETE FROM plugin_health WHERE plugin = $1";
        sqlx::query(sql).bind(plugin.to_owned()).execute(&mut **tx).await?;
        return Ok(());
    }
    let ms = |m: Option<Moment>| m.map(Moment::millis);
    let row = cells![
        plugin,
        health.failures,
        ms(health.failing_since),
        health.paused_until.map_or(0, Moment::millis),
        ms(health.told_at),
        ms(health.disabled_at),
        health.last_error.as_str(),
    ];
    let suffix = "ON CONFLICT (plugin) DO UPDATE SET failures = excluded.failures, \
        failing_since = excluded.failing_since, paused_until = excluded.paused_until, told_at = excluded.told_at, \
        disabled_at = excluded.disabled_at, last_error = excluded.last_error";
    insert(tx, &format!("plugin_health ({COLUMNS})"), vec![row], suffix).await?;
    Ok(())
}

impl Store {
    /// The plugins that have trouble.
    pub async fn healths(&self) -> Result<Vec<(String, Health)>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM plugin_health ORDER BY plugin");
        sqlx::query(&sql).fetch_all(&self.reader).await?.iter().map(Health::read).collect()
    }

    /// How one plugin fares.
    pub async fn health(&self, plugin: &str) -> Result<Health, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM plugin_health WHERE plugin = $1");
        let row = sqlx::query(&sql).bind(plugin.to_owned()).fetch_optional(&self.reader).await?;
        Ok(row.as_ref().map(Health::read).transpose()?.map(|(_, health)| health).unwrap_or_default())
    }

    /// Switches a plugin on again that was switched off by itself, and ends its pause; false when it had no trouble.
    /// What is still kept of its trouble lets its recovery be told.
    pub async fn enable_plugin(&self, plugin: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE plugin_health SET disabled_at = NULL, paused_until = 0, failures = 0, failing_since = NULL \
            WHERE plugin = $1";
        let changed = sqlx::query(sql).bind(plugin.to_owned()).execute(&mut *tx).await?.rows_affected();
        self.finish(tx).await?;
        Ok(changed > 0)
    }

    /// How many automated mails these addresses were sent, after `hour` and after `day`.
    pub async fn mailed(
        &self,
        addresses: &[String],
        hour: Moment,
        day: Moment,
    ) -> Result<HashMap<String, (i64, i64)>, StoreError> {
        let mut found = HashMap::new();
        for set in addresses.chunks(super::rows::ROWS) {
            let sql = format!(
                "SELECT capped_address, CAST(SUM(CASE WHEN finished_at > $1 THEN 1 ELSE 0 END) AS BIGINT), COUNT(*) \
                 FROM deliveries WHERE finished_at > $2 AND state = 'accepted' AND capped_address IN ({}) \
                 GROUP BY capped_address",
                list(2, set.len())
            );
            let query = sqlx::query(&sql).bind(hour.millis()).bind(day.millis());
            let query = set.iter().fold(query, |query, address| query.bind(address.clone()));
            for row in query.fetch_all(&self.reader).await? {
                found.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
            }
        }
        Ok(found)
    }

    /// How many letters that incoming mail caused were sent after `since`.
    pub async fn reactions(&self, since: Moment) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM deliveries WHERE is_reaction = 1 AND state = 'accepted' AND finished_at > $1";
        Ok(sqlx::query_scalar(sql).bind(since.millis()).fetch_one(&self.reader).await?)
    }
}
