//! Statements: text and values together, and what they return as rows.

use super::checkpoints::Checkpoints;
use super::column::{Cell, Stored};
use super::error::StoreError;
use super::row::Row;
use super::turns::Turn;
use futures_util::TryStreamExt;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Pool, Transaction};
use std::future::ready;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// The column of a count.
const COUNTED: &str = "counted";

/// A transaction of the store.
#[derive(Debug)]
pub(super) struct Tx {
    transaction: Transaction<'static, Any>,
    /// The rows that were written in it.
    rows: u64,
    /// Given on after the transaction has ended; none for one that only reads.
    writing: Option<Writing>,
}

/// What a transaction has that writes.
#[derive(Debug)]
pub(super) struct Writing {
    pub checkpoints: Arc<Checkpoints>,
    pub _turn: Turn,
}

impl Tx {
    /// Makes a transaction that has begun.
    pub(super) fn new(transaction: Transaction<'static, Any>, writing: Option<Writing>) -> Self {
        Self { transaction, rows: 0, writing }
    }

    /// Makes what was written last, or fails and leaves nothing of it.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await?;
        if let Some(writing) = &self.writing {
            writing.checkpoints.count(self.rows);
        }
        Ok(())
    }

    /// Runs a statement in it, and returns how many rows that wrote.
    pub(super) async fn execute<'q>(
        &mut self,
        query: Query<'q, Any, AnyArguments<'q>>,
    ) -> Result<u64, sqlx::Error> {
        let rows = query.execute(&mut *self.transaction).await?.rows_affected();
        self.wrote(rows);
        Ok(rows)
    }

    /// Notes that rows were written in it.
    pub(super) fn wrote(&mut self, rows: u64) {
        self.rows += rows;
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

/// The connection on which a statement runs.
#[derive(Debug)]
pub(super) enum On<'c> {
    /// On any connection, outside of a transaction.
    Pool(&'c Pool<Any>),
    Transaction(&'c mut AnyConnection),
}

impl<'c> From<&'c Pool<Any>> for On<'c> {
    fn from(pool: &'c Pool<Any>) -> Self {
        Self::Pool(pool)
    }
}

impl<'c> From<&'c mut Tx> for On<'c> {
    fn from(tx: &'c mut Tx) -> Self {
        Self::Transaction(tx)
    }
}

impl On<'_> {
    /// Returns the same connection for another statement.
    pub(super) fn again(&mut self) -> On<'_> {
        match self {
            On::Pool(pool) => On::Pool(pool),
            On::Transaction(tx) => On::Transaction(tx),
        }
    }
}

/// A statement and the values of its parameters.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    sql: String,
    values: Vec<Cell>,
}

impl Statement {
    /// Makes a statement whose parameters are written `$1`, `$2`…
    pub(super) fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), values: Vec::new() }
    }

    /// Returns its text.
    #[cfg(test)]
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// Selects the columns of a row type: `select::<R>("FROM …")`.
    pub(super) fn select<R: Row>(rest: &str) -> Self {
        Self::new(format!("SELECT {} {rest}", R::columns()))
    }

    /// Counts rows: `counting("complaints WHERE …")`.
    pub(super) fn counting(rest: &str) -> Self {
        Self::new(format!("SELECT COUNT(*) AS {COUNTED} FROM {rest}"))
    }

    /// Gives the next parameter its value.
    pub(super) fn with(mut self, value: impl Into<Cell>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends text.
    pub(super) fn and(mut self, sql: &str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// Puts it between two texts.
    pub(super) fn within(mut self, before: &str, after: &str) -> Self {
        self.sql = format!("{before}{}{after}", self.sql);
        self
    }

    /// Appends a condition on a column where there is a value to compare it with.
    pub(super) fn and_equal(self, column: &str, value: Option<impl Into<Cell>>) -> Self {
        self.and_compared(&format!("{column} ="), value)
    }

    /// Appends a comparison, such as `at >=`, where there is a value to compare with.
    pub(super) fn and_compared(mut self, comparison: &str, value: Option<impl Into<Cell>>) -> Self {
        if let Some(value) = value {
            self.values.push(value.into());
            self.sql.push_str(&format!(" AND {comparison} ${}", self.values.len()));
        }
        self
    }

    /// Appends `($n,…)` with these values.
    pub(super) fn and_list<T: Into<Cell>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        let before = self.values.len();
        self.values.extend(values.into_iter().map(Into::into));
        let marks: Vec<String> = (before + 1..=self.values.len()).map(|n| format!("${n}")).collect();
        self.sql.push_str(&format!("({})", marks.join(",")));
        self
    }

    fn query(&mut self) -> Query<'_, Any, AnyArguments<'_>> {
        let values = std::mem::take(&mut self.values);
        values.into_iter().fold(sqlx::query(&self.sql), |query, cell| cell.bind(query))
    }

    /// Reads each row as it comes, and keeps what is read and nothing else: as the driver has them, a million keys would take
    /// 100 MB.
    async fn rows<T>(
        mut self,
        on: On<'_>,
        read: impl Fn(&AnyRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let query = self.query();
        let rows = match on {
            On::Pool(pool) => query.fetch(pool),
            On::Transaction(tx) => query.fetch(tx),
        };
        rows.map_err(StoreError::from).and_then(|row| ready(read(&row))).try_collect().await
    }

    async fn row(mut self, on: On<'_>) -> Result<Option<AnyRow>, StoreError> {
        let query = self.query();
        Ok(match on {
            On::Pool(pool) => query.fetch_optional(pool).await?,
            On::Transaction(tx) => query.fetch_optional(tx).await?,
        })
    }

    /// Reads every row.
    pub(super) async fn all<R: Row>(self, on: impl Into<On<'_>>) -> Result<Vec<R>, StoreError> {
        self.rows(on.into(), R::read).await
    }

    /// Reads every row, each on its own: one that cannot be read does not hold up the others.
    pub(super) async fn each<R: Row>(
        self,
        on: impl Into<On<'_>>,
    ) -> Result<Vec<Result<R, StoreError>>, StoreError> {
        self.rows(on.into(), |row| Ok(R::read(row))).await
    }

    /// Reads the first row, if there is one.
    pub(super) async fn first<R: Row>(self, on: impl Into<On<'_>>) -> Result<Option<R>, StoreError> {
        self.row(on.into()).await?.as_ref().map(R::read).transpose()
    }

    /// Reads the rows as they come, each when it is asked for.
    pub(super) fn streamed<'s>(
        &'s mut self,
        tx: &'s mut Tx,
    ) -> futures_util::stream::BoxStream<'s, Result<AnyRow, sqlx::Error>> {
        self.query().fetch(&mut **tx)
    }

    /// Reads one column of the first row, if there is one.
    pub(super) async fn value<T: Stored>(
        self,
        column: &str,
        on: impl Into<On<'_>>,
    ) -> Result<Option<T>, StoreError> {
        use sqlx::Row as _;
        Ok(self.row(on.into()).await?.map(|row| row.try_get(column)).transpose()?)
    }

    /// Reads one column of every row.
    pub(super) async fn values<T: Stored>(
        self,
        column: &str,
        on: impl Into<On<'_>>,
    ) -> Result<Vec<T>, StoreError> {
        use sqlx::Row as _;
        self.rows(on.into(), |row| Ok(row.try_get(column)?)).await
    }

    /// Reads what a counting statement counted.
    pub(super) async fn count(self, on: impl Into<On<'_>>) -> Result<i64, StoreError> {
        self.value(COUNTED, on).await?.ok_or(StoreError::Database(sqlx::Error::RowNotFound))
    }

    /// Runs it, and returns how many rows it wrote.
    pub(super) async fn run(mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        Ok(tx.execute(self.query()).await?)
    }
}
