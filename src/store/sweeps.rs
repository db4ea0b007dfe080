//! `Sweeps`: the handle of the slow sweep: how far it has come, and what only it has found
//! (docs/semantics.md 2.7).

use super::database::Database;
use super::error::StoreError;
use super::tables::meta::Meta;
use crate::complaint::ComplaintId;

/// The handle of the slow sweep's memory.
#[derive(Clone, Debug)]
pub struct Sweeps(pub(super) Database);

impl Sweeps {
    /// Returns the complaint after which the next sweep begins; id 0 for the beginning.
    pub async fn reached(&self) -> Result<ComplaintId, StoreError> {
        let reached: Option<i64> = Meta::SweepAfter.read(&self.0.reader).await?;
        Ok(ComplaintId(reached.unwrap_or(0)))
    }

    /// Returns how many events only sweeps have found.
    pub async fn found(&self) -> Result<i64, StoreError> {
        Ok(Meta::SweepFinds.read(&self.0.reader).await?.unwrap_or(0))
    }

    /// Records a sweep: the complaint it came to, and the number of events that only it found.
    pub async fn record(&self, reached: ComplaintId, found: i64) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::SweepAfter.write(&mut tx, reached.0).await?;
        if found > 0 {
            let before: Option<i64> = Meta::SweepFinds.read(&mut tx).await?;
            Meta::SweepFinds.write(&mut tx, before.unwrap_or(0) + found).await?;
        }
        Ok(tx.commit().await?)
    }
}
