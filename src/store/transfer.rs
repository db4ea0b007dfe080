//! Copying a whole store into another one, of whichever engine: every table, row by row as they stand, in one transaction
//! on either side, so that it is one instant that is copied, and all of it or nothing that arrives.

use super::Store;
use super::column::Cell;
use super::error::StoreError;
use super::sets::{ROWS, insert_cells};
use super::statement::{Statement, Tx};
use futures_util::TryStreamExt;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// Every table, each after those that it refers to.
const TABLES: &[&str] = &[
    "meta",
    "counters",
    "rulesets",
    "publications",
    "approvals",
    "companions",
    "proposals",
    "proposal_files",
    "proposal_trials",
    "complaints",
    "forgettings",
    "forgotten_files",
    "deadlines",
    "kept_reports",
    "imports",
    "import_rows",
    "events",
    "mails",
    "threads",
    "triggers",
    "links",
    "conversations",
    "group_keys",
    "notifications",
    "deliveries",
    "delivery_attempts",
    "gathered",
    "digest_lines",
    "plugin_health",
    "mailboxes",
    "mail_sightings",
    "bounced_addresses",
    "schedules",
    "told_faults",
    "reports",
    "recommendations",
    "alarms",
    "accounts",
    "sessions",
    "drafts",
    "recovery_codes",
    "reset_requests",
    "feeds",
    "api_tokens",
    "kept_answers",
    "webhook_subscriptions",
    "absences",
    "deputies",
    "views",
    "search",
];
/// What a database has that was only just made.
const NEW_HAS: &[&str] = &["meta", "counters", "processes"];
/// The bytes of rows that are written at once.
const SET_BYTES: usize = 4 << 20;

/// The number of rows of a table.
pub type RowCount = (&'static str, i64);

/// A column as both engines have it.
struct ColumnOf {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Bytes,
}

impl Store {
    /// Copies everything into a store in which nothing was done yet, and returns how many rows each table has, which is
    /// counted on both sides before it is committed.
    ///
    /// # Errors
    /// Where the other is not new, and where counts differ; then nothing is written.
    pub async fn copy_into(&self, target: &Store) -> Result<Vec<RowCount>, StoreError> {
        let (mut from, mut to) = (self.0.begin_reading().await?, target.0.begin().await?);
        for table in TABLES.iter().filter(|table| !NEW_HAS.contains(table)) {
            if count(&mut to, table).await? > 0 {
                return Err(StoreError::NotEmpty { table });
            }
        }
        for table in ["meta", "counters"] {
            Statement::new(format!("DELETE FROM {table}")).run(&mut to).await?;
        }
        let mut counted = Vec::new();
        for table in TABLES {
            copy_table(&mut from, &mut to, table).await?;
            let (there, here) = (count(&mut from, table).await?, count(&mut to, table).await?);
            if there != here {
                return Err(StoreError::CountsDiffer { table, there, here });
            }
            counted.push((*table, here));
        }
        // Nobody knew of the target before: there is no change to tell other processes of.
        to.commit().await?;
        Ok(counted)
    }

    /// Returns the name of a table that holds something; none where nothing was done yet.
    pub async fn first_filled(&self) -> Result<Option<&'static str>, StoreError> {
        let mut tx = self.0.begin_reading().await?;
        for table in TABLES.iter().filter(|table| !NEW_HAS.contains(table)) {
            if count(&mut tx, table).await? > 0 {
                return Ok(Some(table));
            }
        }
        Ok(None)
    }

    /// Returns how many rows each table has at one instant.
    pub async fn counts(&self) -> Result<Vec<RowCount>, StoreError> {
        let mut tx = self.0.begin_reading().await?;
        let mut counted = Vec::new();
        for table in TABLES {
            counted.push((*table, count(&mut tx, table).await?));
        }
        Ok(counted)
    }
}

async fn count(tx: &mut Tx, table: &str) -> Result<i64, StoreError> {
    Statement::counting(&format!("{table} copied")).count(tx).await
}

async fn copy_table(from: &mut Tx, to: &mut Tx, table: &'static str) -> Result<(), StoreError> {
    let columns = columns(from, table).await?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut all = Statement::new(format!("SELECT {} FROM {table} copied", names.join(", ")));
    let (mut set, mut bytes) = (Vec::new(), 0);
    let mut rows = all.streamed(from);
    while let Some(row) = rows.try_next().await? {
        let cells = cells(&row, &columns, table)?;
        bytes += cells.iter().map(Cell::size).sum::<usize>();
        set.push(cells);
        if set.len() == ROWS || bytes >= SET_BYTES {
            insert_cells(to, table, &names, std::mem::take(&mut set)).await?;
            bytes = 0;
        }
    }
    if !set.is_empty() {
        insert_cells(to, table, &names, set).await?;
    }
    Ok(())
}

async fn columns(tx: &mut Tx, table: &'static str) -> Result<Vec<ColumnOf>, StoreError> {
    let engine = super::Engine::of_connection(tx);
    let sql = engine.columns();
    let names: Vec<String> = Statement::new(sql).with(table).values("name", &mut *tx).await?;
    let kinds: Vec<String> = Statement::new(sql).with(table).values("kind", &mut *tx).await?;
    let column = |(name, kind): (String, String)| {
        let kind = match kind.to_ascii_lowercase().as_str() {
            "bigint" => Ok(Kind::Number),
            "text" => Ok(Kind::Text),
            "bytea" => Ok(Kind::Bytes),
            other => Err(StoreError::unwritable(table, "name", format!("{name} is of a kind {other}"))),
        };
        Ok(ColumnOf { kind: kind?, name })
    };
    names.into_iter().zip(kinds).map(column).collect()
}

fn cells(row: &AnyRow, columns: &[ColumnOf], table: &'static str) -> Result<Vec<Cell>, StoreError> {
    let cell = |column: &ColumnOf| {
        let name = column.name.as_str();
        let cell = match column.kind {
            Kind::Number => row.try_get(name).map(Cell::OptionalInt),
            Kind::Text => row.try_get(name).map(Cell::OptionalText),
            Kind::Bytes => row.try_get(name).map(Cell::Bytes),
        };
        cell.map_err(|e| StoreError::Unreadable {
            table,
            column: column.name.clone(),
            row: "a row".to_owned(),
            why: e.to_string(),
        })
    };
    columns.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Leases of processes that live: they are nothing that a copy has.
    const NOT_COPIED: &[&str] = &["processes"];

    /// Whoever adds a table says here whether it is copied.
    #[tokio::test]
    async fn no_table_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::of_file(&folder.path().join("t.db")).await;
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
            AND name NOT LIKE 'search_index%' AND name <> '_sqlx_migrations'";
        let found: Vec<String> = sqlx::query_scalar(sql).fetch_all(&store.0.reader).await.unwrap();
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        let listed: BTreeSet<&str> = TABLES.iter().chain(NOT_COPIED).copied().collect();
        assert_eq!(found, listed);
    }
}
