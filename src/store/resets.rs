//! `Resets`: the handle of forgotten passwords: what was asked for, and the links that were given for it.

use super::accounts::{Accounts, Recorded};
use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::reset_requests::ResetRequest;
use crate::calendar::Moment;

/// The handle of forgotten passwords.
#[derive(Clone, Debug)]
pub struct Resets(pub(super) Database);

impl Resets {
    /// Notes a request, unless one of the same address waits.
    pub async fn ask(&self, request: ResetRequest) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        insert(&mut tx, vec![request], Conflict::Keeps("address")).await?;
        self.0.finish(tx).await
    }

    /// Reads requests that wait, at most `limit`.
    pub async fn waiting(&self, limit: usize) -> Result<Vec<ResetRequest>, StoreError> {
        let all = format!("FROM reset_requests ORDER BY address LIMIT {limit}");
        Statement::select::<ResetRequest>(&all).all(&self.0.reader).await
    }

    /// Forgets a request that was looked at.
    pub async fn forget(&self, request: &ResetRequest) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let this = Statement::new("DELETE FROM reset_requests WHERE address = $1 AND id = $2");
        this.with(&request.address).with(&request.id).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Gives somebody who has a password and is not locked out a link, in place of one that was not used; false when there is
    /// no such account, or as many links were not given before as were counted.
    pub async fn give(
        &self,
        email: &str,
        (digest, ends_at): (&str, Moment),
        given_before: i64,
        recorded: Recorded,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let given = "UPDATE accounts SET link = $1, link_ends_at = $2, resets = resets + 1, reset_at = $3, changed_at = $3 \
            WHERE email = $4 AND is_locked = 0 AND password IS NOT NULL AND resets = $5";
        let given = Statement::new(given).with(digest).with(ends_at).with(recorded.at).with(email);
        if given.with(given_before).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        Accounts(self.0.clone()).record(tx, recorded).await?;
        Ok(true)
    }
}
