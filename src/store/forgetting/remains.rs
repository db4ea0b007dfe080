//! What a database keeps of what was deleted: the log that is not in its file yet, pages that are free, rows that nobody sees
//! any more.

use super::Forgettings;
use crate::store::error::StoreError;
use crate::store::statement::Statement;

impl Forgettings {
    /// Overwrites what the database keeps of what was deleted, as far as it can be told to. Returns false when others were
    /// in the way, and it is to be done again.
    pub async fn overwrite(&self) -> Result<bool, StoreError> {
        for sql in self.0.engine.cleaning() {
            let _: Option<i64> = Statement::new(*sql).value("", &self.0.reader).await?;
        }
        let Some(sql) = self.0.engine.checkpoint() else { return Ok(true) };
        let busy: Option<i64> = Statement::new(sql).value("busy", &self.0.reader).await?;
        Ok(busy.unwrap_or(0) == 0)
    }
}
