//! What can go wrong in the store, by what to do about it.

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database belongs to a newer version of Redress; install that version (nothing was changed)")]
    Newer,
    #[error("`{0}` is not a database address; write sqlite:path/to/file or postgres://user@host/name")]
    Address(String),
    /// Busy, a lock cycle or a serialisation failure: the same work may succeed at once.
    #[error("the database is busy")]
    Busy,
    #[error("the stored {what} cannot be read: {why}")]
    Corrupt { what: &'static str, why: String },
    #[error("database")]
    Database(#[source] sqlx::Error),
    #[error("migration")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|e| e.code()).unwrap_or_default();
        // SQLite BUSY and its extensions (low byte 5), LOCKED (6); PostgreSQL serialisation and deadlock.
        let sqlite_busy = code.parse::<u32>().is_ok_and(|c| c < 1_000 && matches!(c & 0xFF, 5 | 6));
        if sqlite_busy || matches!(&*code, "40001" | "40P01") { Self::Busy } else { Self::Database(error) }
    }
}

impl StoreError {
    pub(super) fn corrupt(what: &'static str, why: impl ToString) -> Self {
        Self::Corrupt { what, why: why.to_string() }
    }
}
