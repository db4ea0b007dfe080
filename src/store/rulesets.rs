//! Published rulesets and the runs of schedules.

use super::audit::Entry;
use super::rows::{cells, insert};
use super::{Store, StoreError, set_meta};
use crate::calendar::Moment;
use crate::complaint::Event;
use sqlx::Row;

const IN_FORCE: &str = "ruleset";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRuleset {
    pub hash: String,
    pub content: String,
    /// Rules that only changed their name when it was published, as JSON: old name to new.
    pub renames: String,
}

/// Who publishes what, when and why.
#[derive(Clone, Debug)]
pub struct Publication<'p> {
    pub hash: &'p str,
    pub content: &'p str,
    pub renames: &'p str,
    pub at: Moment,
    pub by: &'p str,
    pub reason: &'p str,
    pub event: Event,
    /// Schedules that start to count from now; those known keep their last run.
    pub schedules: Vec<String>,
}

impl Store {
    /// The ruleset in force, if one was ever published.
    pub async fn ruleset_in_force(&self) -> Result<Option<PublishedRuleset>, StoreError> {
        let Some(hash) = self.meta(IN_FORCE).await? else { return Ok(None) };
        let sql = "SELECT content, renames FROM rulesets WHERE hash = $1";
        let row = sqlx::query(sql).bind(hash.clone()).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(PublishedRuleset { hash, content: row.try_get(0)?, renames: row.try_get(1)? }))
    }

    /// When the first ruleset came in force.
    pub async fn first_published(&self) -> Result<Option<Moment>, StoreError> {
        let first: Option<i64> =
            sqlx::query_scalar("SELECT MIN(published_at) FROM rulesets").fetch_one(&self.reader).await?;
        Ok(first.map(Moment::from_millis))
    }

    pub async fn hash_in_force(&self) -> Result<Option<String>, StoreError> {
        self.meta(IN_FORCE).await
    }

    pub async fn publish(&self, p: Publication<'_>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let row = cells![p.hash, p.content, p.at.millis(), p.by, p.reason, p.renames];
        let columns = "rulesets (hash, content, published_at, published_by, reason, renames)";
        let again = "ON CONFLICT (hash) DO UPDATE SET renames = excluded.renames";
        insert(&mut tx, columns, vec![row], again).await?;
        set_meta(&mut tx, IN_FORCE, p.hash).await?;
        let rows = p.schedules.iter().map(|name| cells![name.as_str(), p.at.millis()]).collect();
        insert(&mut tx, "schedules (name, last_nominal)", rows, "ON CONFLICT (name) DO NOTHING").await?;
        let events = [p.event];
        let entry =
            Entry { complaint: None, version: 0, at: p.at, ruleset: p.hash, number: None, events: &events };
        self.append(&mut tx, &[entry]).await?;
        self.finish(tx).await
    }

    /// The nominal time of each schedule's last run.
    pub async fn schedule_runs(&self) -> Result<Vec<(String, Moment)>, StoreError> {
        let rows = sqlx::query("SELECT name, last_nominal FROM schedules ORDER BY name")
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, Moment::from_millis(r.try_get(1)?)))).collect()
    }

    /// Notes that a rule's fault is being told; false when it has been told before (DESIGN §2, faults).
    pub async fn tell_fault(&self, rule: &str, ruleset: &str, at: Moment) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let row = cells![rule, ruleset, at.millis()];
        let suffix = "ON CONFLICT (rule, ruleset) DO NOTHING RETURNING rule";
        let told = insert(&mut tx, "told_faults (rule, ruleset, told_at)", vec![row], suffix).await?;
        self.finish(tx).await?;
        Ok(!told.is_empty())
    }
}
