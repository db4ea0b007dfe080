//! `Feeds`: the handle of the calendars of terms. What changes one is an event of the trail in the same transaction.

use super::accounts::{Accounts, Recorded};
use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::feeds::Feed;

/// The handle of the calendars of terms.
#[derive(Clone, Debug)]
pub struct Feeds(pub(super) Database);

impl Feeds {
    /// Gives somebody a calendar, in place of the one before.
    pub async fn make(&self, feed: Feed, recorded: Recorded) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let columns = &["digest", "made_at"];
        insert(&mut tx, vec![feed], Conflict::Updates { key: "email", columns, only_if: None }).await?;
        Accounts(self.0.clone()).record(tx, recorded).await
    }

    /// Takes somebody's calendar away; false when there is none.
    pub async fn end(&self, email: &str, recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        if Statement::new("DELETE FROM feeds WHERE email = $1").with(email).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        Accounts(self.0.clone()).record(tx, recorded).await?;
        Ok(true)
    }

    /// Reads the calendar of somebody.
    pub async fn of(&self, email: &str) -> Result<Option<Feed>, StoreError> {
        Statement::select::<Feed>("FROM feeds WHERE email = $1").with(email).first(&self.0.reader).await
    }

    /// Finds a calendar by the digest of its secret.
    pub async fn find(&self, digest: &str) -> Result<Option<Feed>, StoreError> {
        Statement::select::<Feed>("FROM feeds WHERE digest = $1").with(digest).first(&self.0.reader).await
    }
}
