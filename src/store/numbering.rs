//! Numbers: given by the commit, gap-free by local year, and put where the decision left a mark
//! (docs/semantics.md 5.3).

use super::batch::Commit;
use super::database::Database;
use super::error::StoreError;
use super::statement::Tx;
use super::tables::counters::{Counter, raise};
use crate::complaint::{ComplaintId, Number};
use std::collections::BTreeMap;

/// Gives the complaints of a batch that were registered their numbers, and returns them.
pub(super) async fn give_numbers(
    db: &Database,
    tx: &mut Tx,
    batch: &mut [Commit],
) -> Result<BTreeMap<ComplaintId, Number>, StoreError> {
    let mut by_year: BTreeMap<i32, Vec<&mut Commit>> = BTreeMap::new();
    for commit in batch.iter_mut().filter(|c| c.is_to_be_numbered()) {
        let year = Number::year(commit.at, &db.calendar);
        let year = year.map_err(|e| StoreError::unwritable("complaints", "number", e))?;
        by_year.entry(year).or_default().push(commit);
    }
    let mut numbers = BTreeMap::new();
    for (year, commits) in by_year {
        let count = commits.len() as i64;
        let last = raise(tx, Counter::Number(year), count).await?;
        for (commit, sequence) in commits.into_iter().zip(last - count + 1..) {
            let number = Number::new(year, sequence);
            commit.give_number(&number, &db.key.check_letters(number.as_str()));
            numbers.insert(commit.case.id, number);
        }
    }
    Ok(numbers)
}
