//! `ApiTokens`: the handle of the keys by which programs use the interface. What makes or ends one is an event of the trail in
//! the same transaction.

use super::accounts::{Accounts, Recorded};
use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::api_tokens::ApiToken;
use crate::calendar::Moment;

/// The most keys that are listed.
const LISTED: usize = 500;

/// The handle of the keys by which programs use the interface.
#[derive(Clone, Debug)]
pub struct ApiTokens(pub(super) Database);

impl ApiTokens {
    /// Keeps a new key.
    pub async fn make(&self, token: ApiToken, recorded: Recorded) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        insert(&mut tx, vec![token], Conflict::Fails).await?;
        Accounts(self.0.clone()).record(tx, recorded).await
    }

    /// Ends a key; false when there is none, or it was ended before.
    pub async fn end(&self, id: &str, recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let ended = "UPDATE api_tokens SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
        if Statement::new(ended).with(recorded.at).with(id).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        Accounts(self.0.clone()).record(tx, recorded).await?;
        Ok(true)
    }

    /// Finds a key by its digest, whether it counts or not.
    pub async fn find(&self, digest: &str) -> Result<Option<ApiToken>, StoreError> {
        let this = Statement::select::<ApiToken>("FROM api_tokens WHERE digest = $1").with(digest);
        this.first(&self.0.reader).await
    }

    /// Finds a key by the name that it has for people.
    pub async fn named(&self, id: &str) -> Result<Option<ApiToken>, StoreError> {
        Statement::select::<ApiToken>("FROM api_tokens WHERE id = $1").with(id).first(&self.0.reader).await
    }

    /// Lists the keys of somebody that were not ended, newest first.
    pub async fn of(&self, email: &str) -> Result<Vec<ApiToken>, StoreError> {
        let theirs = format!(
            "FROM api_tokens WHERE email = $1 AND ended_at IS NULL ORDER BY made_at DESC LIMIT {LISTED}"
        );
        Statement::select::<ApiToken>(&theirs).with(email).all(&self.0.reader).await
    }

    /// Lists the keys of everybody that were not ended, by address.
    pub async fn all(&self) -> Result<Vec<ApiToken>, StoreError> {
        let all =
            format!("FROM api_tokens WHERE ended_at IS NULL ORDER BY email, made_at DESC LIMIT {LISTED}");
        Statement::select::<ApiToken>(&all).all(&self.0.reader).await
    }

    /// Notes that a key was used.
    pub async fn used(&self, id: &str, at: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let used = Statement::new("UPDATE api_tokens SET used_at = $1 WHERE id = $2");
        used.with(at).with(id).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}
