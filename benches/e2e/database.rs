//! The database of an installation, opened from outside while nothing runs, with the durability that the program asks for.

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use std::path::Path;

/// Opens a database as the program does, but that nothing is checked for keys of other tables.
pub async fn open(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        .foreign_keys(false);
    options.connect().await.unwrap()
}
