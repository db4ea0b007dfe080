//! The database of an installation, opened from outside while nothing runs, with the durability that the program asks for.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
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

/// Writes what stands in the log beside a database into its file, so that the file is all of it.
pub async fn settle(file: &Path) {
    open(file).await.close().await.unwrap();
}
