//! Settling due complaints: load, all rules of the shipped procedure, one firing with a notification, commit.

use super::*;

#[divan::bench(sample_count = 3, sample_size = 1)]
fn five_hundred_due(bencher: Bencher) {
    bencher
        .counter(BATCH)
        .with_inputs(|| {
            let installation = Installation::with(BATCH);
            // Two weeks before the promised date everybody's reminder is due at once, and goes in one digest. What was due
            // before, and what schedules had to do, is done.
            let due = start().plus_millis(28 * 86_400_000 - 3_600_000);
            installation.clock.advance_to(due.plus_millis(-1));
            installation.runtime.block_on(installation.workflow.tick()).unwrap();
            installation.clock.advance_to(due);
            installation
        })
        .bench_local_values(|i| {
            let ticked = i.runtime.block_on(i.workflow.tick()).unwrap();
            assert!(ticked.decisions >= BATCH);
            // Two hundred lines in each.
            assert_eq!(ticked.digests, BATCH.div_ceil(200));
            i
        });
}

/// Measures the comparison: as many rows of the same tables as 500-row INSERTs, in one durable transaction. A
/// firing writes a complaint, two events, a notification, a delivery and a thread.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn the_same_rows_bare(bencher: Bencher) {
    bare(bencher, |n| format!("${n}"));
}

/// Measures the same with parameters without names, as the store writes them on SQLite.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn the_same_rows_unnamed_parameters(bencher: Bencher) {
    bare(bencher, |_| "?".to_owned());
}

fn bare(bencher: Bencher, mark: fn(usize) -> String) {
    bencher
        .counter(BATCH)
        .with_inputs(|| {
            let runtime = Runtime::new().unwrap();
            let folder = tempfile::tempdir().unwrap();
            let pool = runtime.block_on(bare_tables(folder.path()));
            (runtime, pool, folder)
        })
        .bench_local_values(|(runtime, pool, folder)| {
            runtime.block_on(bare_inserts(&pool, mark));
            (runtime, pool, folder)
        });
}

const TABLES: [(&str, usize); 6] = [("c", 24), ("e1", 17), ("e2", 17), ("n", 13), ("d", 10), ("t", 2)];

pub(super) async fn bare_tables(folder: &std::path::Path) -> sqlx::AnyPool {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}?mode=rwc", folder.join("bare.db").display());
    let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
    for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
        sqlx::query(pragma).execute(&pool).await.unwrap();
    }
    for (table, columns) in TABLES {
        let columns: Vec<String> = (1..columns).map(|i| format!("v{i} TEXT")).collect();
        let sql = format!("CREATE TABLE {table} (id BIGINT PRIMARY KEY, {})", columns.join(", "));
        sqlx::query(&sql).execute(&pool).await.unwrap();
    }
    pool
}

/// Inserts a row into each table, in one transaction.
pub(super) async fn bare_row(pool: &sqlx::AnyPool, id: i64) {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    for (table, columns) in TABLES {
        let sql = format!("INSERT INTO {table} VALUES ({})", vec!["?"; columns].join(","));
        let query = (1..columns).fold(sqlx::query(&sql).bind(id), |query, _| query.bind("x".repeat(60)));
        query.execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn bare_inserts(pool: &sqlx::AnyPool, mark: fn(usize) -> String) {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    for (table, columns) in TABLES {
        insert(&mut tx, table, columns, mark).await;
    }
    tx.commit().await.unwrap();
}

async fn insert(
    tx: &mut sqlx::Transaction<'_, sqlx::Any>,
    table: &str,
    columns: usize,
    mark: fn(usize) -> String,
) {
    let marks: Vec<String> = (0..BATCH)
        .map(|row| {
            let marks: Vec<String> = (1..=columns).map(|i| mark(row * columns + i)).collect();
            format!("({})", marks.join(","))
        })
        .collect();
    let sql = format!("INSERT INTO {table} VALUES {}", marks.join(","));
    let mut query = sqlx::query(&sql);
    for id in 0..BATCH {
        query = query.bind(id as i64);
        for column in 1..columns {
            let last = column == columns - 1;
            query = query.bind(if last { "x".repeat(600) } else { "a value of some length".to_owned() });
        }
    }
    query.execute(&mut **tx).await.unwrap();
}
