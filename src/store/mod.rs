//! All SQL: one set of statements for SQLite and PostgreSQL, a file per table.
//!
//! Knows complaints and their parts, nothing of rules, mail or delivery.

mod audit;
mod cases;
mod commit;
mod deliveries;
mod dialect;
mod error;
mod health;
mod intake;
mod lookup;
mod mailboxes;
mod outbox;
mod records;
mod rows;
mod rulesets;

pub use audit::{Audit, AuditKey, StoredEvent};
pub use commit::{Commit, Committed, NewMail, RenderedNotification};
pub use deliveries::{Attempted, DeliveryDetails, DeliveryFilter, DeliverySummary, NewDelivery, Waiting};
pub use dialect::Engine;
pub use error::StoreError;
pub use health::Health;
pub use intake::{Candidate, Known};
pub use lookup::{Comparable, ListedComplaint, MailSummary, NotificationSummary, Totals};
pub use mailboxes::{BouncedLetter, Cursor};
pub use outbox::{Claim, Claimed, ClaimedDelivery, DeliveryResult, Outcome, PendingOutcome};
pub use records::{ConcludedReport, Recommendation};
pub use rulesets::{PastPublication, Publication, PublishedRuleset};

use crate::calendar::Calendar;
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, Pool, Transaction};
use std::sync::Arc;

/// The one store of an installation.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    /// SQLite has one writer; more connections would only wait for each other.
    writer: Pool<Any>,
    reader: Pool<Any>,
    calendar: Arc<Calendar>,
    key: AuditKey,
}

const READERS: u32 = 4;

impl Store {
    /// Opens the store at `url` and brings its tables up to date; a newer one is refused untouched.
    pub async fn open(url: &str, calendar: Arc<Calendar>, key: AuditKey) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        let writer = pool(engine, url, engine.writers()).await?;
        dialect::migrate(&writer).await?;
        let reader =
            if engine == Engine::Sqlite { pool(engine, url, READERS).await? } else { writer.clone() };
        Ok(Self { engine, writer, reader, calendar, key })
    }

    pub fn key(&self) -> &AuditKey {
        &self.key
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.writer.begin_with(self.engine.begin()).await?)
    }

    /// Commits, and on PostgreSQL says so to the other processes; SQLite counts by itself.
    async fn finish(&self, mut tx: Transaction<'static, Any>) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            commit::raise(&mut tx, "change", 1).await?;
        }
        Ok(tx.commit().await?)
    }

    /// A value that changes when any process commits (semantics 5.6). Needs its own connection on SQLite.
    pub async fn watch(&self) -> Result<Watch, StoreError> {
        Ok(Watch { engine: self.engine, connection: self.reader.acquire().await?.detach() })
    }

    pub async fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(name.to_owned());
        Ok(row.fetch_optional(&self.reader).await?)
    }

    pub async fn set_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        set_meta(&mut tx, name, value).await?;
        Ok(tx.commit().await?)
    }
}

async fn set_meta(tx: &mut Transaction<'static, Any>, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    sqlx::query(sql).bind(name.to_owned()).bind(value.to_owned()).execute(&mut **tx).await?;
    Ok(())
}

async fn pool(engine: Engine, url: &str, connections: u32) -> Result<Pool<Any>, StoreError> {
    let options = AnyPoolOptions::new().max_connections(connections).after_connect(move |connection, _| {
        Box::pin(async move {
            for pragma in engine.on_connect() {
                sqlx::query(pragma).execute(&mut *connection).await?;
            }
            Ok(())
        })
    });
    Ok(options.connect(&engine.connection_url(url)).await?)
}

/// Notices commits of other processes.
#[derive(Debug)]
pub struct Watch {
    engine: Engine,
    connection: sqlx::AnyConnection,
}

impl Watch {
    pub async fn stamp(&mut self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(self.engine.change_stamp()).fetch_one(&mut self.connection).await?)
    }
}
