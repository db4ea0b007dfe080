//! `Checkpoints`: what was committed to the log of SQLite is brought into its file beside what is being written, on another
//! connection, so that no commit has to do it.

use super::dialect::Engine;
use sqlx::{Any, Pool};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, Notify};
use tokio::task::JoinSet;
use tracing::Instrument;

/// The rows after which the log is brought into the file, in a pause: some thousand pages, of which many are written several
/// times and brought there once.
const ENOUGH: u64 = 1_000;
/// The rows after which no pause is waited for.
const MUCH: u64 = 4_000;
/// The time without a commit that is a pause. What somebody waits for would stand behind the disk's work.
const PAUSE: Duration = Duration::from_millis(250);

/// The rows that were committed since the log was last brought into the file.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    committed: Arc<Committed>,
    /// What brings it there, which ends with this; nothing where there is no such log.
    _at_work: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Committed {
    rows: AtomicU64,
    enough: Notify,
    /// SQLite lets one bring it there at a time, and turns others away at once.
    one: Mutex<()>,
}

impl Checkpoints {
    /// Begins to look after the log of a database.
    pub fn of(engine: Engine, pool: &Pool<Any>) -> Self {
        let mut checkpoints = Self::default();
        if let Some(sql) = engine.checkpoint_beside() {
            let (committed, pool) = (Arc::clone(&checkpoints.committed), pool.clone());
            let work = async move {
                while !pool.is_closed() {
                    committed.come_to_enough().await;
                    let _one = committed.one.lock().await;
                    // What is not done now is done by the next one, and at last by a commit.
                    let done = sqlx::query(sql).execute(&pool).await;
                    done.inspect_err(|e| tracing::debug!("the log stays as it is for now: {e}")).ok();
                }
            };
            checkpoints._at_work.spawn(work.in_current_span());
        }
        checkpoints
    }

    /// Waits until nothing is being brought there; nothing is while this is held.
    pub async fn hold(&self) -> MutexGuard<'_, ()> {
        self.committed.one.lock().await
    }

    /// Counts rows that were committed.
    pub fn count(&self, rows: u64) {
        if self.committed.rows.fetch_add(rows, Ordering::Relaxed) + rows >= ENOUGH {
            self.committed.enough.notify_one();
        }
    }
}

impl Committed {
    /// Waits until so much was committed that it is worth while, and then for a pause, or for much.
    async fn come_to_enough(&self) {
        while self.rows.load(Ordering::Relaxed) < ENOUGH {
            self.enough.notified().await;
        }
        while self.rows.load(Ordering::Relaxed) < MUCH {
            if tokio::time::timeout(PAUSE, self.enough.notified()).await.is_err() {
                break;
            }
        }
        self.rows.store(0, Ordering::Relaxed);
    }
}
