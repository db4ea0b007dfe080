//! `Proposals`: the handle of what is proposed to change of the rules. Every change is conditional on the version that its
//! maker saw, so that two who change one lose nothing.

use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::{Statement, Tx};
use super::tables::companions::StoredCompanions;
use super::tables::counters::{Counter, raise};
use super::tables::proposal_files::ProposalFileRow;
use super::tables::proposal_trials::Trial;
use super::tables::proposals::{Proposal, ProposalState};
use crate::calendar::Moment;
use std::collections::BTreeMap;

/// The most proposals that are open at once.
const OPEN: i64 = 100;

/// The handle of proposals.
#[derive(Clone, Debug)]
pub struct Proposals(pub(super) Database);

/// The files that differ, by path: the text, or none where the file is left out.
pub type ChangedFiles = BTreeMap<String, Option<String>>;

/// A proposal that is begun.
#[derive(Clone, Debug)]
pub struct NewProposal<'n> {
    /// Its name.
    pub name: &'n str,
    /// The address of its owner.
    pub owner: &'n str,
    /// Where it starts from.
    pub base: Base<'n>,
    /// What differs from there.
    pub files: ChangedFiles,
}

/// Where a proposal starts from.
#[derive(Clone, Copy, Debug)]
pub struct Base<'b> {
    /// The hash of a ruleset that was published.
    pub ruleset: &'b str,
    /// What belonged to it.
    pub companions: &'b StoredCompanions,
}

/// A change of a proposal; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct ProposalChange<'c> {
    /// The files that change: their text, or none where they are left out; a path without an entry stays.
    pub put: ChangedFiles,
    /// The files that are again as they were where it starts from.
    pub put_back: Vec<String>,
    /// Its name from now on.
    pub name: Option<&'c str>,
    /// Where it starts from now on.
    pub base: Option<Base<'c>>,
}

impl Proposals {
    /// Begins a proposal, and returns its id; none where too many are open.
    pub async fn begin(&self, new: NewProposal<'_>, now: Moment) -> Result<Option<i64>, StoreError> {
        let mut tx = self.0.begin().await?;
        let open = Statement::counting("proposals WHERE state = $1").with(ProposalState::Open.as_str());
        if open.count(&mut tx).await? >= OPEN {
            return Ok(None);
        }
        keep_companions(&mut tx, new.base.companions).await?;
        let proposal = Proposal {
            id: raise(&mut tx, Counter::Proposal, 1).await?,
            name: new.name.to_owned(),
            owner: new.owner.to_owned(),
            state: ProposalState::Open,
            version: 1,
            ruleset: new.base.ruleset.to_owned(),
            companions: new.base.companions.digest.clone(),
            begun_at: now,
            changed_at: now,
        };
        let id = proposal.id;
        insert(&mut tx, vec![proposal], Conflict::Fails).await?;
        put(&mut tx, id, new.files).await?;
        self.0.finish(tx).await?;
        Ok(Some(id))
    }

    /// Changes an open proposal whose version is the one that was seen; false where it is another.
    pub async fn change(
        &self,
        id: i64,
        version: i64,
        change: ProposalChange<'_>,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        if let Some(base) = change.base {
            keep_companions(&mut tx, base.companions).await?;
        }
        let sql = "UPDATE proposals SET version = version + 1, changed_at = $1, name = COALESCE($2, name), \
                   ruleset = COALESCE($3, ruleset), companions = COALESCE($4, companions) \
                   WHERE id = $5 AND version = $6 AND state = $7";
        let changed = Statement::new(sql).with(now).with(change.name.map(str::to_owned));
        let changed = changed.with(change.base.map(|base| base.ruleset.to_owned()));
        let changed = changed.with(change.base.map(|base| base.companions.digest.clone()));
        let changed = changed.with(id).with(version).with(ProposalState::Open.as_str()).run(&mut tx).await?;
        if changed == 0 {
            return Ok(false);
        }
        if !change.put_back.is_empty() {
            let back = Statement::new("DELETE FROM proposal_files WHERE proposal_id = $1 AND path IN ");
            back.with(id).and_list(&change.put_back).run(&mut tx).await?;
        }
        put(&mut tx, id, change.put).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }

    /// Gives up an open proposal, or takes up again one that was given up; false where it stands otherwise.
    pub async fn stand(&self, id: i64, state: ProposalState, now: Moment) -> Result<bool, StoreError> {
        let before = match state {
            ProposalState::Open => ProposalState::Withdrawn,
            ProposalState::Withdrawn | ProposalState::Published => ProposalState::Open,
        };
        let mut tx = self.0.begin().await?;
        let sql = "UPDATE proposals SET state = $1, changed_at = $2, version = version + 1 WHERE id = $3 AND state = $4";
        let stands = Statement::new(sql).with(state.as_str()).with(now).with(id).with(before.as_str());
        let is_changed = stands.run(&mut tx).await? > 0;
        self.0.finish(tx).await?;
        Ok(is_changed)
    }

    /// Lists the proposals that stand so, last changed first, at most `limit`.
    pub async fn in_state(&self, state: ProposalState, limit: usize) -> Result<Vec<Proposal>, StoreError> {
        let these = "FROM proposals WHERE state = $1 ORDER BY changed_at DESC LIMIT $2";
        Statement::select::<Proposal>(these).with(state.as_str()).with(limit).all(&self.0.reader).await
    }

    /// Returns a proposal; none where there is none.
    pub async fn find(&self, id: i64) -> Result<Option<Proposal>, StoreError> {
        Statement::select::<Proposal>("FROM proposals WHERE id = $1").with(id).first(&self.0.reader).await
    }

    /// Returns the files of a proposal that differ from where it starts.
    pub async fn files(&self, id: i64) -> Result<ChangedFiles, StoreError> {
        let files =
            Statement::select::<ProposalFileRow>("FROM proposal_files WHERE proposal_id = $1").with(id);
        let files: Vec<ProposalFileRow> = files.all(&self.0.reader).await?;
        Ok(files.into_iter().map(|file| (file.path, file.text)).collect())
    }

    /// Returns what belongs to rulesets under a digest.
    pub async fn companions(&self, digest: &str) -> Result<Option<StoredCompanions>, StoreError> {
        let these = Statement::select::<StoredCompanions>("FROM companions WHERE digest = $1").with(digest);
        these.first(&self.0.reader).await
    }

    /// Keeps what a trial found, in place of what the one before found.
    pub async fn note_trial(&self, trial: Trial) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let again =
            Conflict::Updates { key: "proposal_id, kind", columns: &["tried", "at", "found"], only_if: None };
        insert(&mut tx, vec![trial], again).await?;
        self.0.finish(tx).await
    }

    /// Returns what the trials of a proposal found last.
    pub async fn trials(&self, id: i64) -> Result<Vec<Trial>, StoreError> {
        let these = Statement::select::<Trial>("FROM proposal_trials WHERE proposal_id = $1 ORDER BY kind");
        these.with(id).all(&self.0.reader).await
    }
}

/// Keeps what belongs to a ruleset, once for each digest.
pub(super) async fn keep_companions(tx: &mut Tx, companions: &StoredCompanions) -> Result<(), StoreError> {
    insert(tx, vec![companions.clone()], Conflict::Keeps("digest")).await.map(|_| ())
}

async fn put(tx: &mut Tx, id: i64, files: ChangedFiles) -> Result<(), StoreError> {
    let row = |(path, text)| ProposalFileRow { proposal_id: id, path, text };
    let again = Conflict::Updates { key: "proposal_id, path", columns: &["text"], only_if: None };
    insert(tx, files.into_iter().map(row).collect(), again).await.map(|_| ())
}

/// Has an open proposal be published, in the transaction in which its ruleset comes in force; false where it is another
/// than was seen.
pub(super) async fn publish(tx: &mut Tx, (id, version): (i64, i64), now: Moment) -> Result<bool, StoreError> {
    let sql =
        "UPDATE proposals SET state = $1, changed_at = $2 WHERE id = $3 AND version = $4 AND state = $5";
    let done = Statement::new(sql).with(ProposalState::Published.as_str()).with(now).with(id).with(version);
    Ok(done.with(ProposalState::Open.as_str()).run(tx).await? > 0)
}
