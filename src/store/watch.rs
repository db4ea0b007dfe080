//! `Watch`: notices commits of other processes.

use super::database::Database;
use super::dialect::Engine;
use super::error::StoreError;

/// A connection that tells when any process commits (docs/semantics.md 5.6).
#[derive(Debug)]
pub struct Watch {
    engine: Engine,
    connection: sqlx::AnyConnection,
}

impl Watch {
    /// Takes a connection of its own: SQLite counts per connection.
    pub(super) async fn new(db: &Database) -> Result<Self, StoreError> {
        Ok(Self { engine: db.engine, connection: db.reader.acquire().await?.detach() })
    }

    /// Returns a value that changes when another process commits.
    pub async fn stamp(&mut self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(self.engine.change_stamp()).fetch_one(&mut self.connection).await?)
    }
}
