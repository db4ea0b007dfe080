//! The comparison: what a stage left behind, written by nothing but the database, the file system and an HTTP client.
//! Rows go in sets of 500, all tables of a set in one transaction; each file is synced, and its folder, as the program
//! does; requests go 64 at once. All three at the same time. Letters and rows are ready in memory before it begins.

use super::database::open;
use super::difference::{Table, Value};
use super::spend::{Own, Spent};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection};
use sqlx::{Connection, Executor};
use std::path::Path;
use std::sync::Mutex;
use tokio::runtime::Runtime;

/// Rows in a statement, and their greatest number of parameters.
const SET: usize = 500;
const PARAMETERS: usize = 30_000;
/// Files written and requests made at once, as the program does.
const WRITERS: usize = 8;
const IN_FLIGHT: usize = 64;

/// What is written.
pub struct Work {
    pub tables: Vec<Table>,
    pub files: Vec<Vec<u8>>,
    pub bodies: Vec<String>,
    pub url: String,
}

impl Work {
    /// Writes all of it into a database as it stood before, and into an empty folder.
    pub fn write(mut self, runtime: &Runtime, database: &Path, folder: &Path) -> Spent {
        let files = std::mem::take(&mut self.files);
        std::fs::create_dir_all(folder).unwrap();
        let own = Own::start();
        let left = Mutex::new(files.into_iter().enumerate());
        std::thread::scope(|threads| {
            for _ in 0..WRITERS {
                threads.spawn(|| {
                    while let Some((i, bytes)) = { left.lock().unwrap().next() } {
                        let name = format!("{i}.eml");
                        redress::files::put(&folder.join(format!(".{name}.tmp")), &folder.join(name), &bytes)
                            .unwrap();
                    }
                });
            }
            runtime.block_on(async {
                tokio::join!(write_rows(database, &self.tables), post(&self.url, &self.bodies));
            });
        });
        own.spent()
    }
}

/// Reads the columns of every complaint, as a list of them does at least.
pub fn read_complaints(runtime: &Runtime, database: &Path) -> Spent {
    let own = Own::start();
    runtime.block_on(async {
        let mut store = open(database).await;
        let rows = sqlx::query("SELECT * FROM complaints ORDER BY id").fetch_all(&mut store).await.unwrap();
        std::hint::black_box(rows);
        store.close().await.unwrap();
    });
    own.spent()
}

async fn write_rows(database: &Path, tables: &[Table]) {
    let mut store = open(database).await;
    let sets = |table: &Table| table.new.len().max(table.changed.len()).max(table.gone.len()).div_ceil(SET);
    for set in 0..tables.iter().map(sets).max().unwrap_or(0) {
        let mut tx = store.begin_with("BEGIN IMMEDIATE").await.unwrap();
        for table in tables {
            write_set(&mut tx, table, set).await;
        }
        tx.commit().await.unwrap();
    }
    store.close().await.unwrap();
}

async fn write_set(tx: &mut SqliteConnection, table: &Table, set: usize) {
    let of_set = |len: usize| (set * SET).min(len)..((set + 1) * SET).min(len);
    let name = &table.name;
    for rows in parts(&table.new[of_set(table.new.len())], table.columns.len()) {
        let columns = table.columns.join(", ");
        let sql = format!("INSERT INTO {name} ({columns}) VALUES {}", marks(rows));
        run(tx, &sql, rows).await;
    }
    for rows in parts(&table.changed[of_set(table.changed.len())], table.changing.len() + 1) {
        let becomes: Vec<String> =
            table.changing.iter().enumerate().map(|(i, c)| format!("{c} = v.column{}", i + 2)).collect();
        let sql = format!(
            "UPDATE {name} SET {} FROM (VALUES {}) v WHERE {name}.rowid = v.column1",
            becomes.join(", "),
            marks(rows)
        );
        run(tx, &sql, rows).await;
    }
    let gone = &table.gone[of_set(table.gone.len())];
    if !gone.is_empty() {
        let ids: Vec<Vec<Value>> = vec![gone.iter().map(|id| Value::Integer(*id)).collect()];
        run(tx, &format!("DELETE FROM {name} WHERE rowid IN {}", marks(&ids)), &ids).await;
    }
}

fn parts(rows: &[Vec<Value>], columns: usize) -> impl Iterator<Item = &[Vec<Value>]> {
    rows.chunks((PARAMETERS / columns).min(SET))
}

fn marks(rows: &[Vec<Value>]) -> String {
    let row = |row: &Vec<Value>| format!("({})", vec!["?"; row.len()].join(","));
    rows.iter().map(row).collect::<Vec<_>>().join(",")
}

async fn run(tx: &mut SqliteConnection, sql: &str, rows: &[Vec<Value>]) {
    let query = rows.iter().flatten().fold(sqlx::query(sql), bind);
    tx.execute(query).await.unwrap();
}

fn bind<'q>(
    query: Query<'q, Sqlite, SqliteArguments<'q>>,
    value: &'q Value,
) -> Query<'q, Sqlite, SqliteArguments<'q>> {
    match value {
        Value::Null => query.bind(None::<i64>),
        Value::Integer(n) => query.bind(n),
        Value::Text(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
    }
}

async fn post(url: &str, bodies: &[String]) {
    if bodies.is_empty() {
        return;
    }
    // Another provider may be there already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let worker = || async {
        while let Some(body) = bodies.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let answer = client.post(url).body(body.clone()).send().await.unwrap();
            assert!(answer.status().is_success());
        }
    };
    futures_util::future::join_all((0..IN_FLIGHT).map(|_| worker())).await;
}
