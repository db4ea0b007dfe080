//! `counters`: ids and numbers without gaps; a transaction that is rolled back takes its numbers back.

use crate::store::error::StoreError;
use crate::store::row::row;
use crate::store::sets::{Conflict, insert_returning};
use crate::store::statement::Tx;
use std::fmt;

row! {
    pub(in crate::store) struct CounterRow in "counters" as "counter" ("name") {
        name: String,
        value: i64,
    }
}

/// The sequences that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Counter {
    Complaint,
    Mail,
    /// Complaints taken in, by local year.
    Intake(i32),
    /// Numbers given, by local year.
    Number(i32),
    Publication,
    Proposal,
    Recommendation,
    Import,
    /// Changes of groups; raising it first lets one of them happen after the other.
    Regrouping,
    /// Commits, where the engine does not count them by itself.
    Change,
}

impl fmt::Display for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complaint => f.write_str("complaint"),
            Self::Mail => f.write_str("mail"),
            Self::Intake(year) => write!(f, "intake {year}"),
            Self::Number(year) => write!(f, "number {year}"),
            Self::Publication => f.write_str("publication"),
            Self::Proposal => f.write_str("proposal"),
            Self::Recommendation => f.write_str("recommendation"),
            Self::Import => f.write_str("import"),
            Self::Regrouping => f.write_str("regrouping"),
            Self::Change => f.write_str("change"),
        }
    }
}

/// The numbers by which a counter was raised, from the first to the last.
#[derive(Clone, Debug)]
pub(in crate::store) struct Raised {
    next: i64,
}

impl Raised {
    /// Returns the next number. Whoever raised the counter by `n` takes no more than `n`.
    pub fn take(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }
}

/// Raises counters, each by a number of its own, in one statement. One that is raised by nothing is left alone.
pub(in crate::store) async fn raise_all<const N: usize>(
    tx: &mut Tx,
    counters: [(Counter, usize); N],
) -> Result<[Raised; N], StoreError> {
    let by = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let rows = counters.iter().filter(|(_, n)| *n > 0);
    let raised = raise_rows(tx, rows.map(|(c, n)| CounterRow { name: c.to_string(), value: by(*n) })).await?;
    let mut numbers = [const { Raised { next: 0 } }; N];
    for (numbers, (counter, n)) in numbers.iter_mut().zip(counters).filter(|(_, (_, n))| *n > 0) {
        numbers.next = value_of(&raised, counter)? - by(n) + 1;
    }
    Ok(numbers)
}

/// Raises a counter by `n`, and returns its new value.
pub(in crate::store) async fn raise(tx: &mut Tx, counter: Counter, n: i64) -> Result<i64, StoreError> {
    let raised = raise_rows(tx, [CounterRow { name: counter.to_string(), value: n }].into_iter()).await?;
    value_of(&raised, counter)
}

async fn raise_rows(
    tx: &mut Tx,
    rows: impl Iterator<Item = CounterRow>,
) -> Result<Vec<CounterRow>, StoreError> {
    let adds = Conflict::Adds { table: "counters", key: "name", column: "value" };
    insert_returning(tx, rows.collect(), adds).await
}

fn value_of(raised: &[CounterRow], counter: Counter) -> Result<i64, StoreError> {
    let name = counter.to_string();
    let found = raised.iter().find(|row| row.name == name).map(|row| row.value);
    found.ok_or_else(|| StoreError::unwritable("counters", "value", format!("`{name}` was not raised")))
}
