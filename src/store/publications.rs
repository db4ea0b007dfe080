//! `Publications`: the handle of publishing: rulesets as they came in force, and who approved their plans.

use super::chain::{Entry, append};
use super::database::Database;
use super::error::StoreError;
use super::proposals;
use super::row::Row;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::approvals::ApprovalRow;
use super::tables::companions::StoredCompanions;
use super::tables::counters::{Counter, raise};
use super::tables::meta::Meta;
use super::tables::publications::{PastPublication, PublicationHead};
use super::tables::rulesets::{RulesetRow, StoredRuleset};
use super::tables::schedules::ScheduleRun;
use crate::calendar::Moment;
use crate::complaint::Event;

/// The handle of publishing.
#[derive(Clone, Debug)]
pub struct Publications(pub(super) Database);

/// The ruleset in force, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRuleset {
    /// Its texts and hash.
    pub ruleset: StoredRuleset,
    /// The moment at which it came in force, if rules that held then are taken for fired; none if they fire.
    pub adopt_at: Option<Moment>,
}

/// A publication: the ruleset, who publishes it, when and why.
#[derive(Clone, Debug)]
pub struct Publication<'p> {
    /// The ruleset's hash.
    pub hash: &'p str,
    /// The ruleset's files, as JSON: path to text.
    pub content: &'p str,
    /// The rules that only changed their name, as JSON: old name to new.
    pub renames: &'p str,
    /// The moment at which it comes in force.
    pub at: Moment,
    /// The address of the publisher; `system` for the first start.
    pub by: &'p str,
    /// The publisher's reason, in words.
    pub reason: &'p str,
    /// The event that tells of it in the trail.
    pub event: Event,
    /// The names of schedules that start to count from now; those known keep their last run.
    pub schedules: Vec<String>,
    /// The approved plan as JSON; empty for a first start.
    pub plan: &'p str,
    /// True when rules that hold now are taken for fired.
    pub adopts: bool,
    /// What belongs to the ruleset and decides nothing; none where nobody says.
    pub companions: Option<&'p StoredCompanions>,
    /// The hash of the ruleset in force that was planned against; none for a first start.
    pub expects: Option<&'p str>,
    /// The proposal that comes in force, and the version that was looked at.
    pub proposal: Option<(i64, i64)>,
}

/// What came of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicationEnd {
    /// It is in force.
    InForce,
    /// Another ruleset came in force since it was planned, or its proposal was changed: nothing was done.
    Overtaken,
}

impl Publications {
    /// Reads the ruleset in force, if one was ever published.
    pub async fn in_force(&self) -> Result<Option<PublishedRuleset>, StoreError> {
        let Some(hash) = self.hash_in_force().await? else { return Ok(None) };
        let stored = Statement::select::<StoredRuleset>("FROM rulesets WHERE hash = $1").with(&hash);
        let Some(ruleset) = stored.first::<StoredRuleset>(&self.0.reader).await? else { return Ok(None) };
        let last = "FROM publications WHERE ruleset = $1 ORDER BY seq DESC LIMIT 1";
        let last = Statement::select::<PastPublication>(last).with(&hash);
        let last: Option<PastPublication> = last.first(&self.0.reader).await?;
        let adopt_at = last.filter(|publication| publication.adopts).map(|publication| publication.at);
        Ok(Some(PublishedRuleset { ruleset, adopt_at }))
    }

    /// Returns the hash of the ruleset in force; none before the first publication.
    pub async fn hash_in_force(&self) -> Result<Option<String>, StoreError> {
        Meta::RulesetInForce.read(&self.0.reader).await
    }

    /// Lists every time a ruleset came in force, newest first.
    pub async fn history(&self) -> Result<Vec<PastPublication>, StoreError> {
        Statement::select::<PastPublication>("FROM publications ORDER BY seq DESC").all(&self.0.reader).await
    }

    /// Finds the stored rulesets whose hash begins with `prefix`: none, one, or two when that is not enough
    /// of it.
    pub async fn rulesets_like(&self, prefix: &str) -> Result<Vec<StoredRuleset>, StoreError> {
        let alike = "FROM rulesets WHERE substr(hash, 1, CAST($1 AS INTEGER)) = $2 ORDER BY hash LIMIT 2";
        let alike = Statement::select::<StoredRuleset>(alike).with(prefix.chars().count()).with(prefix);
        alike.all(&self.0.reader).await
    }

    /// Records that somebody approves the plan with this digest, and `event`; false when they did before,
    /// which stays as it was.
    pub async fn approve(
        &self,
        digest: &str,
        by: &str,
        event: Event,
        ruleset: &str,
        at: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let row = ApprovalRow { digest: digest.to_owned(), approved_by: by.to_owned(), at };
        if insert(&mut tx, vec![row], Conflict::Keeps("digest, approved_by")).await? == 0 {
            return Ok(false);
        }
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }

    /// Returns the addresses of who has approved the plan with this digest.
    pub async fn approvers(&self, digest: &str) -> Result<Vec<String>, StoreError> {
        let sql = format!(
            "SELECT {} FROM approvals WHERE digest = $1 ORDER BY approved_by",
            ApprovalRow::columns()
        );
        let rows: Vec<ApprovalRow> = Statement::new(sql).with(digest).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.approved_by).collect())
    }

    /// Returns the moment at which the first ruleset came in force; none before.
    pub async fn first_at(&self) -> Result<Option<Moment>, StoreError> {
        let first = "SELECT published_at FROM rulesets ORDER BY published_at LIMIT 1";
        Ok(Statement::new(first).value("published_at", &self.0.reader).await?.map(Moment::from_millis))
    }

    /// Lists the newest times that a ruleset came in force, newest first, without their plans.
    pub async fn newest(&self, limit: usize) -> Result<Vec<PublicationHead>, StoreError> {
        let newest = Statement::select::<PublicationHead>("FROM publications ORDER BY seq DESC LIMIT $1");
        newest.with(limit).all(&self.0.reader).await
    }

    /// Returns one time that a ruleset came in force, without its plan; none where there is none.
    pub async fn head(&self, seq: i64) -> Result<Option<PublicationHead>, StoreError> {
        let one = Statement::select::<PublicationHead>("FROM publications WHERE seq = $1").with(seq);
        one.first(&self.0.reader).await
    }

    /// Returns one time that a ruleset came in force; none where there is none.
    pub async fn one(&self, seq: i64) -> Result<Option<PastPublication>, StoreError> {
        let one = Statement::select::<PastPublication>("FROM publications WHERE seq = $1").with(seq);
        one.first(&self.0.reader).await
    }

    /// Returns the ruleset of a hash; none where there is none.
    pub async fn ruleset(&self, hash: &str) -> Result<Option<StoredRuleset>, StoreError> {
        let stored = Statement::select::<StoredRuleset>("FROM rulesets WHERE hash = $1").with(hash);
        stored.first(&self.0.reader).await
    }

    /// Returns what belonged to a ruleset when it came in force last; none where nobody says.
    pub async fn companions_of(&self, hash: &str) -> Result<Option<StoredCompanions>, StoreError> {
        let last = "FROM companions WHERE digest = (SELECT companions FROM publications WHERE ruleset = $1 \
                    AND companions IS NOT NULL ORDER BY seq DESC LIMIT 1)";
        let last = Statement::select::<StoredCompanions>(last).with(hash);
        last.first(&self.0.reader).await
    }

    /// Stores a ruleset, with its texts and plan, and puts it in force, unless something came before it.
    pub async fn publish(&self, p: Publication<'_>) -> Result<PublicationEnd, StoreError> {
        let mut tx = self.0.begin().await?;
        // Held until the end, so that of two who publish at once the second sees what the first put in force.
        let seq = raise(&mut tx, Counter::Publication, 1).await?;
        let in_force: Option<String> = Meta::RulesetInForce.read(&mut tx).await?;
        if p.expects.is_some_and(|expected| in_force.as_deref() != Some(expected)) {
            return Ok(PublicationEnd::Overtaken);
        }
        if let Some(proposal) = p.proposal
            && !proposals::publish(&mut tx, proposal, p.at).await?
        {
            return Ok(PublicationEnd::Overtaken);
        }
        if let Some(companions) = p.companions {
            proposals::keep_companions(&mut tx, companions).await?;
        }
        let ruleset = RulesetRow {
            hash: p.hash.to_owned(),
            content: p.content.to_owned(),
            published_at: p.at,
            published_by: p.by.to_owned(),
            reason: p.reason.to_owned(),
            renames: p.renames.to_owned(),
        };
        let again = Conflict::Updates { key: "hash", columns: &["renames"], only_if: None };
        insert(&mut tx, vec![ruleset], again).await?;
        Meta::RulesetInForce.write(&mut tx, p.hash).await?;
        let publication = PastPublication {
            seq,
            ruleset: p.hash.to_owned(),
            at: p.at,
            by: p.by.to_owned(),
            reason: p.reason.to_owned(),
            plan: p.plan.to_owned(),
            adopts: p.adopts,
            companions: p.companions.map(|companions| companions.digest.clone()),
        };
        insert(&mut tx, vec![publication], Conflict::Fails).await?;
        let schedules = p.schedules.into_iter().map(|name| ScheduleRun { name, nominal: p.at });
        insert(&mut tx, schedules.collect(), Conflict::Keeps("name")).await?;
        append(&self.0, &mut tx, &Entry::alone(p.at, p.hash, &[p.event])).await?;
        self.0.finish(tx).await?;
        Ok(PublicationEnd::InForce)
    }
}
