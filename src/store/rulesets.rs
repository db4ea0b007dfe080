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
    /// When it came in force, if what held then is taken for fired.
    pub adopt_at: Option<Moment>,
}

/// One time that a ruleset came in force.
#[derive(Clone, Debug, serde::Serialize)]
pub struct PastPublication {
    pub seq: i64,
    pub ruleset: String,
    #[serde(skip)]
    pub at: Moment,
    pub by: String,
    pub reason: String,
    /// The approved plan as JSON; empty for a first start.
    pub plan: String,
    pub adopts: bool,
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
    /// The approved plan as JSON.
    pub plan: &'p str,
    /// Whether what holds now is taken for fired.
    pub adopts: bool,
}

impl Store {
    /// The ruleset in force, if one was ever published.
    pub async fn ruleset_in_force(&self) -> Result<Option<PublishedRuleset>, StoreError> {
        let Some(hash) = self.meta(IN_FORCE).await? else { return Ok(None) };
        let sql = "SELECT content, renames FROM rulesets WHERE hash = $1";
        let row = sqlx::query(sql).bind(hash.clone()).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let sql = "SELECT at, adopts FROM publications WHERE ruleset = $1 ORDER BY seq DESC LIMIT 1";
        let last = sqlx::query(sql).bind(hash.clone()).fetch_optional(&self.reader).await?;
        let adopt_at = match last {
            Some(last) if last.try_get::<i64, _>(1)? == 1 => Some(Moment::from_millis(last.try_get(0)?)),
            _ => None,
        };
        Ok(Some(PublishedRuleset { hash, content: row.try_get(0)?, renames: row.try_get(1)?, adopt_at }))
    }

    /// Every time a ruleset came in force, newest first.
    pub async fn publications(&self) -> Result<Vec<PastPublication>, StoreError> {
        let sql =
            "SELECT seq, ruleset, at, published_by, reason, plan, adopts FROM publications ORDER BY seq DESC";
        let rows = sqlx::query(sql).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                Ok(PastPublication {
                    seq: r.try_get(0)?,
                    ruleset: r.try_get(1)?,
                    at: Moment::from_millis(r.try_get(2)?),
                    by: r.try_get(3)?,
                    reason: r.try_get(4)?,
                    plan: r.try_get(5)?,
                    adopts: r.try_get::<i64, _>(6)? == 1,
                })
            })
            .collect()
    }

    /// The texts of the stored ruleset whose hash begins so; none, or several when that is not enough of it.
    pub async fn rulesets_like(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT hash, content FROM rulesets WHERE substr(hash, 1, $1) = $2 ORDER BY hash LIMIT 2";
        let length = prefix.chars().count() as i64;
        let rows = sqlx::query(sql).bind(length).bind(prefix.to_owned()).fetch_all(&self.reader).await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
    }

    /// Records that somebody approves a plan.
    pub async fn approve(&self, digest: &str, by: &str, at: Moment) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let row = cells![digest, by, at.millis()];
        insert(
            &mut tx,
            "approvals (digest, approved_by, at)",
            vec![row],
            "ON CONFLICT (digest, approved_by) DO NOTHING",
        )
        .await?;
        self.finish(tx).await
    }

    /// Who has approved a plan.
    pub async fn approvers(&self, digest: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT approved_by FROM approvals WHERE digest = $1 ORDER BY approved_by";
        Ok(sqlx::query_scalar(sql).bind(digest.to_owned()).fetch_all(&self.reader).await?)
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
        let seq = super::commit::raise(&mut tx, "publication", 1).await?;
        let row = cells![seq, p.hash, p.at.millis(), p.by, p.reason, p.plan, p.adopts];
        let columns = "publications (seq, ruleset, at, published_by, reason, plan, adopts)";
        insert(&mut tx, columns, vec![row], "").await?;
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

    /// Claims the telling of something that is wrong under a ruleset: a rule's fault, by its name, or another alarm.
    /// False when it was claimed before.
    pub async fn claim_alarm(&self, subject: &str, ruleset: &str, at: Moment) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let row = cells![subject, ruleset, at.millis()];
        let suffix = "ON CONFLICT (rule, ruleset) DO NOTHING RETURNING rule";
        let told = insert(&mut tx, "told_faults (rule, ruleset, told_at)", vec![row], suffix).await?;
        self.finish(tx).await?;
        Ok(!told.is_empty())
    }
}
