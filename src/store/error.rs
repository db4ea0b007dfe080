//! `StoreError`: the failures of the store, by what to do about them.

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database has a migration that this program does not know.
    #[error("the database belongs to a newer version of Redress; install that version (nothing was changed)")]
    Newer,
    /// The URL is neither `sqlite:` nor `postgres://`.
    #[error("database.url is not a database address; write sqlite:path/to/file or postgres://user@host/name")]
    Address,
    /// Busy, a lock cycle or a serialisation failure: the same work may succeed at once.
    #[error("the database is busy")]
    Busy,
    /// A stored value that the program would not write there.
    #[error(
        "{table}.{column} of {row} cannot be read: {why}; put the row right in the database, or restore a backup"
    )]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
        /// The row as people find it: `complaint 12`.
        row: String,
        /// The reason, in words.
        why: String,
    },
    /// A value that has no form in its column; nothing of its transaction is written.
    #[error("{table}.{column} cannot be written: {why}; nothing was changed")]
    Unwritable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The reason, in words.
        why: String,
    },
    /// A database into which all of another one was to be copied holds something.
    #[error(
        "the database that is to be filled is not empty: there are {table}; name one that is new (nothing was changed)"
    )]
    NotEmpty {
        /// A table that has rows.
        table: &'static str,
    },
    /// A copy has not as many rows as what was copied.
    #[error("the copy is not whole: of {there} {table} it has {here}; nothing was kept, try again")]
    CountsDiffer {
        /// The table.
        table: &'static str,
        /// The rows where they were copied from.
        there: i64,
        /// The rows of the copy.
        here: i64,
    },
    /// The database did not answer in time.
    #[error("the database does not answer; see whether its server runs and can be reached from here")]
    NoAnswer,
    /// Another failure of the database: no connection, a full disk, a constraint.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
    /// A migration that could not be applied.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::NoAnswer;
        }
        let code = error.as_database_error().and_then(|e| e.code());
        let is_transient = code.is_some_and(|code| {
            // SQLite BUSY and its extensions (low byte 5), LOCKED (6); PostgreSQL serialisation and deadlock.
            let sqlite_busy = code.parse::<u32>().is_ok_and(|c| c < 1_000 && matches!(c & 0xFF, 5 | 6));
            sqlite_busy || matches!(&*code, "40001" | "40P01")
        });
        if is_transient { Self::Busy } else { Self::Database(error) }
    }
}

impl StoreError {
    /// Makes the error of a value that has no form in its column.
    pub(super) fn unwritable(table: &'static str, column: &'static str, why: impl ToString) -> Self {
        Self::Unwritable { table, column, why: why.to_string() }
    }
}

/// Passes over a complaint's row that cannot be read: it must not hold up others; the log says so.
pub(super) fn readable<T>(row: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match row {
        Ok(row) => Ok(Some(row)),
        Err(error @ StoreError::Unreadable { .. }) => {
            tracing::error!("a complaint is passed over: {error}");
            Ok(None)
        }
        Err(other) => Err(other),
    }
}
