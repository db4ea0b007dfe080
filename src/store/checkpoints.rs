//! `Checkpoints`: what was committed to the log of SQLite is brought into its file beside what is being written, on another
//! connection, so that no commit has to do it.

use super::dialect::Engine;
use sqlx::{Any, Pool};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tracing::Instrument;

/// The rows after which the log is brought into the file: some thousand pages, of which many are written several times and
/// brought there once.
const ROWS: u64 = 1_000;

/// The rows that were committed since the log was last brought into the file.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    rows: AtomicU64,
    enough: Arc<Notify>,
    /// What brings it there, which ends with this; nothing where there is no such log.
    _at_work: JoinSet<()>,
}

impl Checkpoints {
    /// Begins to look after the log of a database.
    pub fn of(engine: Engine, pool: &Pool<Any>) -> Self {
        let mut checkpoints = Self::default();
        if let Some(sql) = engine.checkpoint_beside() {
            let (enough, pool) = (Arc::clone(&checkpoints.enough), pool.clone());
            let work = async move {
                while !pool.is_closed() {
                    enough.notified().await;
                    // What is not done now is done by the next one, and at last by a commit.
                    let done = sqlx::query(sql).execute(&pool).await;
                    done.inspect_err(|e| tracing::debug!("the log stays as it is for now: {e}")).ok();
                }
            };
            checkpoints._at_work.spawn(work.in_current_span());
        }
        checkpoints
    }

    /// Counts rows that were committed.
    pub fn count(&self, rows: u64) {
        if self.rows.fetch_add(rows, Ordering::Relaxed) + rows >= ROWS {
            self.rows.store(0, Ordering::Relaxed);
            self.enough.notify_one();
        }
    }
}
