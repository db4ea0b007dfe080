//! Rows written in sets: sqlx hands each statement to a thread, so a statement writes hundreds of rows.

use super::column::Cell;
use super::dialect::Engine;
use super::error::StoreError;
use super::row::{Row, Written};
use super::statement::Tx;
use sqlx::Any;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;

/// SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535.
const PARAMETERS: usize = 30_000;
/// The longest IN list, and the most rows in one statement.
pub(super) const ROWS: usize = 500;
/// The most rows that are changed by their ids at once.
const IDS: usize = 1_024;

/// The fate of a row whose key is taken when it is inserted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Conflict<'c> {
    /// The insert fails: it is a mistake of ours.
    Fails,
    /// The row that was there stays: `ON CONFLICT (…) DO NOTHING`.
    Keeps(&'c str),
    /// These columns but the key become what the new row says, where a condition (if any) holds.
    Updates { key: &'c str, columns: &'c [&'c str], only_if: Option<&'c str> },
    /// The value of the new row is added to that of the row that was there.
    Adds { table: &'c str, key: &'c str, column: &'c str },
}

impl Conflict<'_> {
    fn sql(self) -> String {
        match self {
            Self::Fails => String::new(),
            Self::Keeps(key) => format!(" ON CONFLICT ({key}) DO NOTHING"),
            Self::Updates { key, columns, only_if } => {
                // The key is the same. Were it written, SQLite would look for its rows in every table that refers to
                // it, from beginning to end where no index leads there.
                let is_key = |column: &str| key.split(", ").any(|k| k == column);
                let columns = columns.iter().filter(|c| !is_key(c));
                let set: Vec<String> = columns.map(|c| format!("{c} = excluded.{c}")).collect();
                let only_if = only_if.map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
                format!(" ON CONFLICT ({key}) DO UPDATE SET {}{only_if}", set.join(", "))
            }
            Self::Adds { table, key, column } => {
                format!(" ON CONFLICT ({key}) DO UPDATE SET {column} = {table}.{column} + excluded.{column}")
            }
        }
    }
}

/// Inserts rows in sets, and returns how many were written.
pub(super) async fn insert<R: Written>(
    tx: &mut Tx,
    rows: Vec<R>,
    conflict: Conflict<'_>,
) -> Result<u64, StoreError> {
    let end = conflict.sql();
    let mut written = 0;
    for set in sets::<R>(cells(rows)?) {
        let sql = insert_sql::<R>(Engine::of_connection(tx), set.len(), &end);
        written += tx.execute(bind_all(&sql, set)).await?;
    }
    Ok(written)
}

/// Inserts rows in sets, and reads those that were written.
pub(super) async fn insert_returning<R: Written, T: Row>(
    tx: &mut Tx,
    rows: Vec<R>,
    conflict: Conflict<'_>,
) -> Result<Vec<T>, StoreError> {
    insert_cells_returning::<R, T>(tx, cells(rows)?, conflict).await
}

/// Inserts rows that are cells already as [`insert_returning`] does.
pub(super) async fn insert_cells_returning<R: Written, T: Row>(
    tx: &mut Tx,
    rows: Vec<Vec<Cell>>,
    conflict: Conflict<'_>,
) -> Result<Vec<T>, StoreError> {
    let end = format!("{} RETURNING {}", conflict.sql(), T::columns());
    let mut returned = Vec::new();
    for set in sets::<R>(rows) {
        let sql = insert_sql::<R>(Engine::of_connection(tx), set.len(), &end);
        let found: Vec<AnyRow> = bind_all(&sql, set).fetch_all(&mut **tx).await?;
        tx.wrote(found.len() as u64);
        for row in &found {
            returned.push(T::read(row)?);
        }
    }
    Ok(returned)
}

/// Inserts rows that are cells already, at most as many as a statement takes.
pub(super) async fn insert_cells(
    tx: &mut Tx,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Result<(), StoreError> {
    let most = (PARAMETERS / columns.len().max(1)).max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let set: Vec<Vec<Cell>> = rows.by_ref().take(most).collect();
        let values = values(Engine::of_connection(tx), columns, set.len(), FirstRow::Plain);
        let sql = format!("INSERT INTO {table} ({}) VALUES {values}", columns.join(", "));
        tx.execute(bind_all(&sql, set)).await?;
    }
    Ok(())
}

/// Updates a row for each of `rows`, in sets: `change` is what follows SET, with the row's columns as `v.…`.
pub(super) async fn update<R: Written>(tx: &mut Tx, rows: Vec<R>, change: &str) -> Result<(), StoreError> {
    for set in sets::<R>(cells(rows)?) {
        let engine = Engine::of_connection(tx);
        let sql = format!(
            "WITH v ({}) AS (VALUES {}) UPDATE {} SET {change}",
            R::COLUMNS.join(", "),
            values(engine, R::TYPES, set.len(), FirstRow::Typed),
            R::TABLE
        );
        tx.execute(bind_all(&sql, set)).await?;
    }
    Ok(())
}

/// Changes the rows of a table with these ids, in sets: `change` is what follows SET, with a `?` for each of `values`.
pub(super) async fn change(
    tx: &mut Tx,
    table: &str,
    (change, values): (&str, &[Cell]),
    ids: &[String],
) -> Result<(), StoreError> {
    for set in ids.chunks(IDS) {
        // The engine knows a statement by its text: lists of few lengths make few texts. A row that is named twice is changed
        // once.
        let length = set.len().next_power_of_two();
        let padded = set.iter().chain(set.last().into_iter().cycle()).take(length);
        let sql = change_sql(Engine::of_connection(tx), table, change, length);
        let cells = values.iter().cloned().chain(padded.map(Cell::from));
        let changing = cells.fold(sqlx::query(&sql), |query, cell| cell.bind(query));
        tx.execute(changing).await?;
    }
    Ok(())
}

fn change_sql(engine: Engine, table: &str, change: &str, ids: usize) -> String {
    let mut sql = format!("UPDATE {table} SET ");
    let ids = vec!["?"; ids].join(",");
    for (n, text) in format!("{change} WHERE id IN ({ids})").split('?').enumerate() {
        if n > 0 {
            engine.push_placeholder(&mut sql, n);
        }
        sql.push_str(text);
    }
    sql
}

fn cells<R: Written>(rows: Vec<R>) -> Result<Vec<Vec<Cell>>, StoreError> {
    rows.into_iter().map(Written::cells).collect()
}

fn sets<R: Written>(rows: Vec<Vec<Cell>>) -> Vec<Vec<Vec<Cell>>> {
    let most = ROWS.min(PARAMETERS / R::COLUMNS.len().max(1)).max(1);
    let mut sets: Vec<Vec<Vec<Cell>>> = Vec::new();
    for cells in rows {
        match sets.last_mut().filter(|set| set.len() < most) {
            Some(set) => set.push(cells),
            None => sets.push(vec![cells]),
        }
    }
    sets
}

fn insert_sql<R: Written>(engine: Engine, rows: usize, end: &str) -> String {
    let values = values(engine, R::TYPES, rows, FirstRow::Plain);
    format!("INSERT INTO {} ({}) VALUES {values}{end}", R::TABLE, R::COLUMNS.join(", "))
}

fn bind_all(sql: &str, set: Vec<Vec<Cell>>) -> Query<'_, Any, AnyArguments<'_>> {
    set.into_iter().flatten().fold(sqlx::query(sql), |query, cell| cell.bind(query))
}

/// The form of the first row of a list of values: outside of an insert PostgreSQL takes the types of all rows
/// from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FirstRow {
    Plain,
    Typed,
}

/// Returns `($1,$2),($3,$4)` as the engine reads it fastest.
fn values(engine: Engine, types: &[&str], rows: usize, first: FirstRow) -> String {
    let mut text = String::with_capacity(rows * types.len() * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        let is_typed = row == 0 && first == FirstRow::Typed;
        for (column, sql_type) in types.iter().enumerate() {
            if column > 0 {
                text.push(',');
            }
            text.push_str(if is_typed { "CAST(" } else { "" });
            engine.push_placeholder(&mut text, row * types.len() + column + 1);
            if is_typed {
                text.push_str(" AS ");
                text.push_str(sql_type);
                text.push(')');
            }
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_a_change_stand_before_the_ids() {
        let sql = |engine| change_sql(engine, "t", "a = ?, b = ?", 2);
        assert_eq!(sql(Engine::Sqlite), "UPDATE t SET a = ?, b = ? WHERE id IN (?,?)");
        assert_eq!(sql(Engine::Postgres), "UPDATE t SET a = $1, b = $2 WHERE id IN ($3,$4)");
    }

    #[test]
    fn a_key_that_is_there_is_not_written_again() {
        let updates = |key, columns| Conflict::Updates { key, columns, only_if: None }.sql();
        assert_eq!(
            updates("id", &["id", "state", "identity"]),
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, identity = excluded.identity"
        );
        assert_eq!(updates("a, b", &["a", "b", "c"]), " ON CONFLICT (a, b) DO UPDATE SET c = excluded.c");
    }
}
