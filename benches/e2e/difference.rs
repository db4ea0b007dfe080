//! What a stage left behind: the rows that are new, changed or gone between two databases, and the files that are new.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection, Row, TypeInfo, ValueRef};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A value of a row.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What is different in a table.
#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// New rows, with all columns.
    pub new: Vec<Vec<Value>>,
    /// The columns in which any row has changed.
    pub changing: Vec<String>,
    /// The row's id, and then those columns.
    pub changed: Vec<Vec<Value>>,
    /// Ids of rows that are gone.
    pub gone: Vec<i64>,
}

/// Compares two databases.
pub async fn between(before: &Path, after: &Path) -> Vec<Table> {
    let mut store = super::database::open(before).await;
    let attach = format!("ATTACH '{}' AS later", after.display());
    sqlx::query(&attach).execute(&mut store).await.unwrap();
    // The index of texts is no table of rows: the bare writing has the texts and no index.
    let names = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' \
        AND name NOT LIKE 'search_index%'";
    let names: Vec<String> = sqlx::query_scalar(names).fetch_all(&mut store).await.unwrap();
    let mut tables = Vec::new();
    for name in names {
        tables.push(table(&mut store, name).await);
    }
    store.close().await.unwrap();
    tables
}

async fn table(store: &mut SqliteConnection, name: String) -> Table {
    let columns = format!("SELECT name FROM pragma_table_info('{name}')");
    let columns: Vec<String> = sqlx::query_scalar(&columns).fetch_all(&mut *store).await.unwrap();
    let both = format!("FROM later.{name} l LEFT JOIN main.{name} m ON m.rowid = l.rowid");
    let differs = |column: &String| format!("l.{column} IS NOT m.{column}");
    let all = |columns: &[String]| columns.iter().map(|c| format!("l.{c}")).collect::<Vec<_>>().join(", ");
    let new = format!("SELECT {} {both} WHERE m.rowid IS NULL", all(&columns));
    let new = values(store, &new).await;
    let maxima: Vec<String> = columns.iter().map(|c| format!("MAX({})", differs(c))).collect();
    let changing = format!("SELECT {} {both} WHERE m.rowid IS NOT NULL", maxima.join(", "));
    let row = sqlx::query(&changing).fetch_one(&mut *store).await.unwrap();
    let is_changing = |i: usize| row.get::<Option<i64>, _>(i) == Some(1);
    let changing: Vec<String> =
        columns.iter().enumerate().filter(|(i, _)| is_changing(*i)).map(|(_, c)| c.clone()).collect();
    let changed = match changing.is_empty() {
        true => Vec::new(),
        false => {
            let any: Vec<String> = changing.iter().map(differs).collect();
            let any = any.join(" OR ");
            let sql =
                format!("SELECT l.rowid, {} {both} WHERE m.rowid IS NOT NULL AND ({any})", all(&changing));
            values(store, &sql).await
        }
    };
    let gone = format!(
        "SELECT m.rowid FROM main.{name} m LEFT JOIN later.{name} l ON m.rowid = l.rowid WHERE l.rowid IS NULL"
    );
    let gone = sqlx::query_scalar(&gone).fetch_all(&mut *store).await.unwrap();
    Table { name, columns, new, changing, changed, gone }
}

async fn values(store: &mut SqliteConnection, sql: &str) -> Vec<Vec<Value>> {
    let rows = sqlx::query(sql).fetch_all(store).await.unwrap();
    rows.iter().map(|row| (0..row.len()).map(|i| value(row, i)).collect()).collect()
}

fn value(row: &SqliteRow, i: usize) -> Value {
    let raw = row.try_get_raw(i).unwrap();
    if raw.is_null() {
        return Value::Null;
    }
    match raw.type_info().name() {
        "INTEGER" => Value::Integer(row.get_unchecked(i)),
        "TEXT" => Value::Text(row.get_unchecked(i)),
        "BLOB" => Value::Bytes(row.get_unchecked(i)),
        other => panic!("a value of type {other}"),
    }
}

/// The names of the files in a folder; none when there is no folder.
pub fn names(folder: &Path) -> BTreeSet<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
