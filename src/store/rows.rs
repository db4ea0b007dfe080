//! Multi-row statements: sqlx hands each statement to a thread, so rows are written in sets.

use super::{Engine, StoreError};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Transaction};

/// SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535.
const PARAMETERS: usize = 30_000;
/// The longest IN list, and the most rows in one statement.
pub(super) const ROWS: usize = 500;

/// A value bound to a statement.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Int(i64),
    Text(String),
    OptionalInt(Option<i64>),
    OptionalText(Option<String>),
    Bytes(Vec<u8>),
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}
impl From<u32> for Cell {
    fn from(n: u32) -> Self {
        Self::Int(i64::from(n))
    }
}
impl From<bool> for Cell {
    fn from(b: bool) -> Self {
        Self::Int(i64::from(b))
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<Option<i64>> for Cell {
    fn from(n: Option<i64>) -> Self {
        Self::OptionalInt(n)
    }
}
impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        Self::OptionalText(text)
    }
}
impl From<Vec<u8>> for Cell {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// `[1.into(), "a".into()]` without the noise.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::rows::Cell::from($value)),*] };
}
pub(super) use cells;

pub(super) fn bind<'q>(
    query: Query<'q, Any, AnyArguments<'q>>,
    cell: Cell,
) -> Query<'q, Any, AnyArguments<'q>> {
    match cell {
        Cell::Int(n) => query.bind(n),
        Cell::Text(text) => query.bind(text),
        Cell::OptionalInt(n) => query.bind(n),
        Cell::OptionalText(text) => query.bind(text),
        Cell::Bytes(bytes) => query.bind(bytes),
    }
}

/// `INSERT INTO table (columns) VALUES (…),(…) suffix`, in sets; the rows that `suffix` returns.
pub(super) async fn insert(
    tx: &mut Transaction<'static, Any>,
    into: &str,
    rows: Vec<Vec<Cell>>,
    suffix: &str,
) -> Result<Vec<AnyRow>, StoreError> {
    let Some(width) = rows.first().map(Vec::len) else { return Ok(Vec::new()) };
    let set = ROWS.min(PARAMETERS / width.max(1)).max(1);
    let mut returned = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Cell>> = rows.by_ref().take(set).collect();
        let sql = format!(
            "INSERT INTO {into} VALUES {} {suffix}",
            placeholders(Engine::of_connection(tx), chunk.len(), width)
        );
        let mut query = sqlx::query(&sql);
        for cell in chunk.into_iter().flatten() {
            query = bind(query, cell);
        }
        if suffix.contains("RETURNING") {
            returned.extend(query.fetch_all(&mut **tx).await?);
        } else {
            query.execute(&mut **tx).await?;
        }
    }
    Ok(returned)
}

/// `($1,$2),($3,$4)` as the engine reads it fastest.
pub(super) fn placeholders(engine: Engine, rows: usize, width: usize) -> String {
    let mut text = String::with_capacity(rows * width * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..width {
            if column > 0 {
                text.push(',');
            }
            engine.push_placeholder(&mut text, row * width + column + 1);
        }
        text.push(')');
    }
    text
}

/// `$1,$2,…` for an IN list of `n`, starting after `before` other parameters.
pub(super) fn list(before: usize, n: usize) -> String {
    let marks: Vec<String> = (1..=n).map(|i| format!("${}", before + i)).collect();
    marks.join(",")
}
