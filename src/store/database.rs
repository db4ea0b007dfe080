//! `Database`: the connections to one store, shared by every handle.

use super::checkpoints::Checkpoints;
use super::dialect::Engine;
use super::error::StoreError;
use super::key::AuditKey;
use super::migrations::{Migrated, migrate};
use super::statement::{Statement, Tx, Writing};
use super::tables::counters::{Counter, raise};
use super::turns::{Precedence, Turns};
use crate::calendar::Calendar;
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, Connection, Pool};
use std::sync::Arc;
use std::time::Duration;

const READERS: u32 = 4;
/// The longest wait for a connection to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// The pause between two looks at what is still being given back while a store closes.
const CLOSING: Duration = Duration::from_millis(1);

/// The connections of a store, what its dates mean, and the key of its trail.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub engine: Engine,
    /// SQLite has one writer; more connections would only wait for each other.
    writer: Pool<Any>,
    pub reader: Pool<Any>,
    turns: Turns,
    checkpoints: Arc<Checkpoints>,
    /// For whom what is written through this is written.
    precedence: Precedence,
    pub calendar: Arc<Calendar>,
    pub key: AuditKey,
}

impl Database {
    pub async fn open(url: &str, calendar: Arc<Calendar>, key: AuditKey) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        try_to_connect(engine, url).await?;
        let connections = if engine == Engine::Sqlite { READERS } else { engine.writers() };
        let reader = pool(engine, url, (connections, engine.on_connect().to_vec())).await?;
        // Not on the connection that writes, which keeps in memory what it sorts: migrations sort whole tables.
        if migrate(&reader).await? == Migrated::Something {
            // What migrations wrote is not to take its room twice, in the file and in the log beside it; the tables are there
            // either way.
            checkpoint(engine, &reader).await.ok();
        }
        let writer = match engine {
            Engine::Sqlite => {
                let told = [engine.on_connect(), engine.on_connect_to_write()].concat();
                pool(engine, url, (engine.writers(), told)).await?
            }
            Engine::Postgres => reader.clone(),
        };
        let turns = Turns::new(engine.writers());
        let checkpoints = Arc::new(Checkpoints::of(engine, &reader));
        Ok(Self { engine, writer, reader, turns, checkpoints, precedence: Precedence::People, calendar, key })
    }

    /// Returns the same connections for what nobody waits for.
    pub fn in_background(&self) -> Self {
        Self { precedence: Precedence::Background, ..self.clone() }
    }

    /// Brings everything into the file of the database, where it is one. Returns false when others were in the way.
    pub async fn checkpoint(&self) -> Result<bool, StoreError> {
        let _held = self.checkpoints.hold().await;
        checkpoint(self.engine, &self.reader).await
    }

    pub async fn close(&self) {
        for pool in [&self.reader, &self.writer] {
            // Who still holds a connection when nobody waits any more keeps it until the process ends.
            tokio::time::timeout(self.engine.patience(), close(pool)).await.ok();
        }
    }

    /// Begins a transaction that will write.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        self.begin_by(self.engine.begin()).await
    }

    /// Begins a transaction that will write leases and nothing else: a file does not wait for the disk to have them.
    pub async fn begin_leasing(&self) -> Result<Tx, StoreError> {
        self.begin_by(self.engine.begin_leasing()).await
    }

    async fn begin_by(&self, statement: &'static str) -> Result<Tx, StoreError> {
        let waiting = tokio::time::timeout(self.engine.patience(), self.turns.wait(self.precedence));
        let turn = waiting.await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let writing = Writing { checkpoints: Arc::clone(&self.checkpoints), _turn: turn };
        Ok(Tx::new(self.writer.begin_with(statement).await?, Some(writing)))
    }

    /// Begins a transaction that reads everything as it stands at one instant.
    pub async fn begin_reading(&self) -> Result<Tx, StoreError> {
        Ok(Tx::new(self.reader.begin_with(self.engine.begin_reading()).await?, None))
    }

    /// Commits a transaction, and on PostgreSQL counts the change for the other processes; SQLite counts by
    /// itself.
    pub async fn finish(&self, mut tx: Tx) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            raise(&mut tx, Counter::Change, 1).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Connects once: a pool takes what goes wrong at first for a server that is starting, and tries for half a
/// minute.
async fn try_to_connect(engine: Engine, url: &str) -> Result<(), StoreError> {
    let url = engine.connection_url(url);
    let connecting = tokio::time::timeout(CONNECT, sqlx::AnyConnection::connect(&url));
    let mut connection = connecting.await.map_err(|_| StoreError::NoAnswer)??;
    for pragma in engine.on_connect() {
        sqlx::query(pragma).execute(&mut connection).await?;
    }
    Ok(connection.close().await?)
}

/// Closes all connections of a pool. The pool leaves one that is just being given back, which whoever gives it back or another
/// call closes; the last one that is closed brings everything into the file.
async fn close(pool: &Pool<Any>) {
    pool.close().await;
    while pool.size() > 0 {
        tokio::time::sleep(CLOSING).await;
        pool.close().await;
    }
}

/// Makes a pool of so many connections, each of which is told these pragmas.
async fn pool(
    engine: Engine,
    url: &str,
    (connections, told): (u32, Vec<&'static str>),
) -> Result<Pool<Any>, StoreError> {
    let options = AnyPoolOptions::new().max_connections(connections).acquire_timeout(engine.patience());
    // A connection is asked whether it lives when it is given back. A server may hang up after that, a file does not.
    let options = options.test_before_acquire(engine == Engine::Postgres);
    let options = options.after_connect(move |connection, _| {
        let told = told.clone();
        Box::pin(async move {
            for pragma in told {
                sqlx::query(pragma).execute(&mut *connection).await?;
            }
            Ok(())
        })
    });
    // A full disk ends a transaction of SQLite by itself; the driver's own ROLLBACK then fails, and it would go on
    // to take the connection for one inside a transaction, on which nothing can begin. Such a one is closed.
    let options = options.after_release(|connection, _| {
        Box::pin(async move {
            if connection.is_in_transaction() {
                // A rollback may only have been asked for yet; this waits for it.
                connection.ping().await?;
            }
            Ok(!connection.is_in_transaction())
        })
    });
    Ok(options.connect(&engine.connection_url(url)).await?)
}

/// Brings everything into the file of the database, where it is one. Returns false when others were in the way.
async fn checkpoint(engine: Engine, pool: &Pool<Any>) -> Result<bool, StoreError> {
    let Some(sql) = engine.checkpoint() else { return Ok(true) };
    let busy: Option<i64> = Statement::new(sql).value("busy", pool).await?;
    Ok(busy.unwrap_or(0) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Moment;
    use crate::store::Store;
    use crate::store::outbox::{Claim, ClaimFirst, Outbox};

    /// What SQLite says of a transaction that does not wait for the disk, and of one that does.
    const WITH_THE_NEXT: i64 = 1;
    const AT_ONCE: i64 = 2;

    async fn synced(mut tx: Tx) -> Option<i64> {
        Statement::new("PRAGMA synchronous").value("synchronous", &mut tx).await.unwrap()
    }

    #[tokio::test]
    async fn whatever_was_leased_before_what_is_written_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let database = Store::of_file(&folder.path().join("t.db")).await.0;
        assert_eq!(synced(database.begin().await.unwrap()).await, Some(AT_ONCE));
        assert_eq!(synced(database.begin_leasing().await.unwrap()).await, Some(WITH_THE_NEXT));
        // Also behind a lease that was given up while it was being taken.
        assert_eq!(synced(database.in_background().begin().await.unwrap()).await, Some(AT_ONCE));
        database.begin_leasing().await.unwrap().commit().await.unwrap();
        assert_eq!(synced(database.begin().await.unwrap()).await, Some(AT_ONCE));
        // A claim is such a lease.
        let (now, lease_until) = (Moment::from_millis(1_000), Moment::from_millis(2_000));
        let first = ClaimFirst::Oldest;
        let claim = Claim { plugin: "p", now, lease_until, limit: 1, ordered: false, first };
        Outbox(database.clone()).claim(claim).await.unwrap();
        let told = Statement::new("PRAGMA synchronous").value("synchronous", &database.writer).await.unwrap();
        assert_eq!(told, Some(WITH_THE_NEXT));
        database.close().await;
    }
}
