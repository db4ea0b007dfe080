//! `Views`: the handle of who looked at which complaint, by the hour.

use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::views::View;
use crate::complaint::ComplaintId;

/// The handle of who looked at which complaint.
#[derive(Clone, Debug)]
pub struct Views(pub(super) Database);

impl Views {
    /// Writes views, each once, and removes those of hours before `oldest`.
    pub async fn write(&self, views: Vec<View>, oldest: i64) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        insert(&mut tx, views, Conflict::Keeps("complaint_id, hour, email")).await?;
        Statement::new("DELETE FROM views WHERE hour < $1").with(oldest).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Reads the latest views of a complaint, newest first, at most `limit`.
    pub async fn of(&self, id: ComplaintId, limit: usize) -> Result<Vec<View>, StoreError> {
        let latest = Statement::select::<View>(
            "FROM views WHERE complaint_id = $1 ORDER BY hour DESC, email DESC LIMIT $2",
        );
        latest.with(id).with(limit).all(&self.0.reader).await
    }
}
