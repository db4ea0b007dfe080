//! Taking the texts of a complaint out of the index, when they are to be gone.

use super::Search;
use super::text::{WIDTH, first_id};
use crate::complaint::ComplaintId;
use crate::store::error::StoreError;
use crate::store::statement::Statement;

/// The pages of an index that one step goes through, and the most steps.
const PAGES: i64 = 500;
const STEPS: usize = 100_000;

impl Search {
    /// Takes every text of these complaints out of what is searched. The file keeps what was deleted until `merge`.
    pub async fn forget(&self, ids: &[ComplaintId]) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        for id in ids {
            let first = first_id(*id);
            let texts = Statement::new("DELETE FROM search WHERE id >= $1 AND id < $2");
            texts.with(first).with(first.saturating_add(WIDTH)).run(&mut tx).await?;
        }
        self.0.finish(tx).await
    }

    /// Takes what was deleted out of the file: an index keeps it until its parts are merged, which is done in steps, between
    /// which others write. It goes through the whole index, so it is done once for all that was deleted.
    pub async fn merge(&self) -> Result<(), StoreError> {
        let Some((step, changes)) = self.0.engine.search_merging() else { return Ok(()) };
        for n in 0..STEPS {
            let mut tx = self.0.begin().await?;
            let before: i64 = Statement::new(changes).value("changes", &mut tx).await?.unwrap_or(0);
            // The first step takes all parts of the index together, the further ones go on with it.
            Statement::new(step).with(if n == 0 { -PAGES } else { PAGES }).run(&mut tx).await?;
            let after: i64 = Statement::new(changes).value("changes", &mut tx).await?.unwrap_or(0);
            tx.commit().await?;
            // A step that had nothing to do counts itself.
            if n > 0 && after - before < 2 {
                break;
            }
        }
        Ok(())
    }
}
