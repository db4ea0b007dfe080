//! `KeptAnswers`: the handle of what was answered to programs under their keys: begun before it is done, so that neither a crash
//! nor another process does it twice.

use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::kept_answers::KeptAnswer;
use crate::calendar::Moment;

/// The handle of kept answers.
#[derive(Clone, Debug)]
pub struct KeptAnswers(pub(super) Database);

impl KeptAnswers {
    /// Notes that something begins to be done under a key, and forgets what was kept before a moment. Where something was sent
    /// under that key before, nothing is noted, and that is returned.
    pub async fn begin(
        &self,
        (key, sent): (&str, &str),
        at: Moment,
        kept_since: Moment,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        let mut tx = self.0.begin().await?;
        let over = Statement::new("DELETE FROM kept_answers WHERE begun_at < $1").with(kept_since);
        over.run(&mut tx).await?;
        let (key, sent) = (key.to_owned(), sent.to_owned());
        let begun = KeptAnswer { key, sent, begun_at: at, status: None, headers: None, body: None };
        if insert(&mut tx, vec![begun.clone()], Conflict::Keeps("key")).await? == 1 {
            self.0.finish(tx).await?;
            return Ok(None);
        }
        let before = Statement::select::<KeptAnswer>("FROM kept_answers WHERE key = $1").with(&begun.key);
        let before: Vec<KeptAnswer> = before.all(&mut tx).await?;
        self.0.finish(tx).await?;
        Ok(before.into_iter().next())
    }

    /// Keeps the answer to what was begun.
    pub async fn keep(&self, key: &str, status: u16, headers: &str, body: &str) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let kept = "UPDATE kept_answers SET status = $1, headers = $2, body = $3 WHERE key = $4";
        let kept = Statement::new(kept).with(i64::from(status)).with(headers).with(body).with(key);
        kept.run(&mut tx).await?;
        self.0.finish(tx).await
    }

    /// Forgets what was begun and not done.
    pub async fn drop(&self, key: &str) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Statement::new("DELETE FROM kept_answers WHERE key = $1").with(key).run(&mut tx).await?;
        self.0.finish(tx).await
    }
}
