//! Numbers: given by the commit, gap-free by local year, and put where the decision left a mark
//! (docs/semantics.md 5.3).

use super::database::Database;
use super::error::StoreError;
use super::ready::Ready;
use super::statement::Tx;
use super::tables::counters::{Counter, raise};
use crate::complaint::{ComplaintId, Number};
use std::collections::BTreeMap;

/// Gives the complaints of a batch that were registered their numbers, and returns them.
pub(super) async fn give_numbers(
    db: &Database,
    tx: &mut Tx,
    batch: &mut [Ready],
) -> Result<BTreeMap<ComplaintId, Number>, StoreError> {
    let mut by_year: BTreeMap<i32, Vec<&mut Ready>> = BTreeMap::new();
    for ready in batch.iter_mut().filter(|ready| ready.commit.is_to_be_numbered()) {
        let year = Number::year(ready.commit.at, &db.calendar);
        let year = year.map_err(|e| StoreError::unwritable("complaints", "number", e))?;
        by_year.entry(year).or_default().push(ready);
    }
    let mut numbers = BTreeMap::new();
    for (year, batch) in by_year {
        let count = batch.len() as i64;
        let last = raise(tx, Counter::Number(year), count).await?;
        for (ready, sequence) in batch.into_iter().zip(last - count + 1..) {
            let number = Number::new(year, sequence);
            ready.give_number(db, &number)?;
            numbers.insert(ready.commit.case.id, number);
        }
    }
    Ok(numbers)
}
