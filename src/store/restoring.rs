//! A database that was restored from a copy: it stands still until somebody says that the one it was copied from has
//! stopped, and what it would send of what was due before then is held (docs/semantics.md 5.10).

use super::Store;
use super::chain::{Entry, append};
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::statement::Statement;
use super::tables::meta::Meta;
use crate::calendar::Moment;
use crate::complaint::Event;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// What a delivery says that is held.
const HELD: &str = "held: the database was restored, and it may have been sent since the copy was made";

/// The copy that a database was restored from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoredFrom {
    /// The moment of the copy.
    pub copied_at: Moment,
    /// The newest event in it.
    pub event: i64,
}

impl fmt::Display for RestoredFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.copied_at.millis(), self.event)
    }
}

impl FromStr for RestoredFrom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts =
            text.split_once(' ').and_then(|(at, event)| Some((at.parse().ok()?, event.parse().ok()?)));
        let (at, event) = parts.ok_or_else(|| format!("`{text}` is no moment and event"))?;
        Ok(Self { copied_at: Moment::from_millis(at), event })
    }
}

impl Store {
    /// Marks it as restored. Sessions and links of the page may have ended since the copy was made, so none counts.
    pub async fn mark_restored(&self, from: RestoredFrom) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::Restored.write(&mut tx, from).await?;
        Meta::BackedUpAt.write(&mut tx, from.copied_at.millis()).await?;
        Statement::new("DELETE FROM sessions").run(&mut tx).await?;
        Statement::new("UPDATE accounts SET link = NULL WHERE link IS NOT NULL").run(&mut tx).await?;
        self.0.finish(tx).await
    }

    /// Holds what waits to be sent, and lets it go on; `event` says so, of how many are held.
    pub async fn let_go_on(
        &self,
        event: impl FnOnce(u64) -> Event,
        ruleset: &str,
        now: Moment,
    ) -> Result<u64, StoreError> {
        let mut tx = self.0.begin().await?;
        let hold = format!(
            "UPDATE deliveries SET state = '{}', finished_at = $1, last_error = $2, lease_until = 0 WHERE {}",
            DeliveryState::Dead,
            DeliveryState::Queued.condition()
        );
        let held = Statement::new(hold).with(now).with(HELD).run(&mut tx).await?;
        Statement::new("DELETE FROM meta WHERE name = $1").with(Meta::Restored.name()).run(&mut tx).await?;
        append(&self.0, &mut tx, &Entry::alone(now, ruleset, &[event(held)])).await?;
        self.0.finish(tx).await?;
        Ok(held)
    }

    /// Copies it to a file of SQLite that is empty or not there, as it stands at one instant, while others go on writing.
    pub async fn copy_to_file(&self, file: &Path) -> Result<(), StoreError> {
        if self.engine() == super::Engine::Sqlite {
            let copy = Statement::new("VACUUM INTO $1").with(file.display().to_string());
            let _: Option<i64> = copy.value("", &self.0.reader).await?;
            return Ok(());
        }
        let url = format!("sqlite:{}", file.display());
        let copy = Self::open(&url, self.0.calendar.clone(), self.0.key.clone()).await?;
        let copied = self.copy_into(&copy).await;
        let closed = copy.close_file().await;
        copied?;
        closed
    }

    /// Closes it, with everything in its file, which may then be read or moved. A plain close brings it there at a time of
    /// its own, and not before a process that ends.
    pub async fn close_file(&self) -> Result<(), StoreError> {
        let is_done = self.0.checkpoint().await?;
        self.close().await;
        if is_done { Ok(()) } else { Err(StoreError::Busy) }
    }

    /// Reads all of the file to see whether it is sound, and says what is wrong; nothing where a server looks after that.
    pub async fn unsoundness(&self) -> Result<Option<String>, StoreError> {
        let Some(sql) = self.0.engine.soundness() else { return Ok(None) };
        let found: Option<String> = Statement::new(sql).value("found", &self.0.reader).await?;
        Ok(found.filter(|found| found != "ok"))
    }
}

#[cfg(test)]
mod tests {
    use crate::store::Store;

    #[tokio::test]
    async fn a_file_that_was_closed_holds_everything() {
        let folder = tempfile::tempdir().unwrap();
        let (file, moved) = (folder.path().join("a.db"), folder.path().join("b.db"));
        let store = Store::of_file(&file).await;
        store.set_purpose("real").await.unwrap();
        store.close_file().await.unwrap();
        // Without what stands beside it.
        std::fs::copy(&file, &moved).unwrap();
        let store = Store::of_file(&moved).await;
        assert_eq!(store.purpose().await.unwrap().as_deref(), Some("real"));
    }

    /// Whatever is being given back while it closes.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_store_that_was_closed_leaves_no_log() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        for n in 0..40 {
            let store = Store::of_file(&file).await;
            store.set_purpose(&n.to_string()).await.unwrap();
            assert_eq!(store.purpose().await.unwrap(), Some(n.to_string()));
            store.close().await;
            assert!(!folder.path().join("a.db-wal").exists(), "the {n}th time");
        }
    }
}
