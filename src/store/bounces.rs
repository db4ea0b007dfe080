//! `Bounces`: addresses of our own people to which mail does not arrive.

use super::chain::{Entry, append};
use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert_returning};
use super::statement::Statement;
use super::tables::bounced_addresses::BouncedAddressRow;
use crate::calendar::Moment;
use crate::complaint::Event;

/// An address is held to bounce after so many letters that came back.
const BOUNCES: i64 = 2;
/// The most addresses in one answer.
const ADDRESSES: i64 = 1_000;

/// The handle for counting bounces and forgetting them.
#[derive(Clone, Debug)]
pub struct Bounces(pub(super) Database);

impl Bounces {
    /// Counts a bounce of an address, and returns how many there were with it.
    pub async fn count(&self, address: &str, now: Moment) -> Result<i64, StoreError> {
        let mut tx = self.0.begin().await?;
        let row = BouncedAddressRow { address: address.to_owned(), bounces: 1, last_at: now };
        let more = Conflict::Adds { table: "bounced_addresses", key: "address", column: "bounces" };
        let counted: Vec<BouncedAddressRow> = insert_returning(&mut tx, vec![row], more).await?;
        self.0.finish(tx).await?;
        Ok(counted.first().map_or(0, |row| row.bounces))
    }

    /// Returns the addresses that bounced at least twice.
    pub async fn bouncing(&self) -> Result<Vec<String>, StoreError> {
        let often = "FROM bounced_addresses WHERE bounces >= $1 ORDER BY address LIMIT $2";
        let often = Statement::select::<BouncedAddressRow>(often).with(BOUNCES).with(ADDRESSES);
        let rows: Vec<BouncedAddressRow> = often.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.address).collect())
    }

    /// Forgets the bounces of an address, because its mail arrives again; false when there were none.
    pub async fn forget(
        &self,
        address: &str,
        event: Event,
        ruleset: &str,
        at: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let gone = Statement::new("DELETE FROM bounced_addresses WHERE address = $1").with(address);
        if gone.run(&mut tx).await? == 0 {
            return Ok(false);
        }
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }
}
