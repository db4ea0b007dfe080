//! Rows: a struct knows its table, what identifies a row there, its columns, and reads and writes them by
//! name.

use super::column::{Cell, Column, Stored};
use super::error::StoreError;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A struct that is read from the columns of its name, of a table or of a query on it.
pub(super) trait Row: Sized {
    const TABLE: &'static str;
    /// The noun for a row of the table in errors.
    const NOUN: &'static str;
    /// The columns that identify a row of the table.
    const KEY: &'static [&'static str];
    const COLUMNS: &'static [&'static str];

    fn read(row: &AnyRow) -> Result<Self, StoreError>;

    /// Returns the columns as a select lists them, with those that identify the row.
    fn columns() -> String {
        let key = Self::KEY.iter().filter(|column| !Self::COLUMNS.contains(column));
        let columns: Vec<&str> = Self::COLUMNS.iter().chain(key).copied().collect();
        columns.join(", ")
    }
}

/// A row as it is written, cell by cell in the order of its columns.
pub(super) trait Written: Row {
    /// The type of each column in SQL.
    const TYPES: &'static [&'static str];

    fn cells(self) -> Result<Vec<Cell>, StoreError>;
}

/// Reads the cells of one row; errors name table, column and row.
pub(super) struct Cells<'r> {
    row: &'r AnyRow,
    table: &'static str,
    noun: &'static str,
    key: &'static [&'static str],
}

impl<'r> Cells<'r> {
    pub(super) fn of<R: Row>(row: &'r AnyRow) -> Self {
        Self { row, table: R::TABLE, noun: R::NOUN, key: R::KEY }
    }

    pub(super) fn get<T: Column>(&self, column: &str) -> Result<T, StoreError> {
        let stored = self.row.try_get::<T::Stored, _>(column).map_err(|e| match e {
            sqlx::Error::ColumnDecode { source, .. } => self.unreadable(column, source.to_string()),
            other => self.unreadable(column, other.to_string()),
        })?;
        T::restore(stored).map_err(|why| self.unreadable(column, why))
    }

    fn unreadable(&self, column: &str, why: String) -> StoreError {
        let key: Vec<String> = self.key.iter().map(|column| self.text(column)).collect();
        let row = format!("{} {}", self.noun, key.join("/"));
        StoreError::Unreadable { table: self.table, column: column.to_owned(), row, why }
    }

    fn text(&self, column: &str) -> String {
        let number = || self.row.try_get::<i64, _>(column).map(|n| n.to_string());
        self.row.try_get::<String, _>(column).or_else(|_| number()).unwrap_or_else(|_| "?".to_owned())
    }
}

/// Returns a value as its column takes it.
pub(super) fn cell<T: Column>(
    table: &'static str,
    column: &'static str,
    value: T,
) -> Result<Cell, StoreError> {
    value.store().map(Stored::cell).map_err(|why| StoreError::unwritable(table, column, why))
}

/// Puts another value in a row that is cells already.
pub(super) fn put<R: Row, T: Column>(
    row: &mut [Cell],
    column: &'static str,
    value: T,
) -> Result<(), StoreError> {
    let place = R::COLUMNS.iter().position(|c| *c == column).and_then(|place| row.get_mut(place));
    let place = place.ok_or_else(|| StoreError::unwritable(R::TABLE, column, "there is no such column"))?;
    *place = cell(R::TABLE, column, value)?;
    Ok(())
}

/// Defines a row that is read and written: `struct Name in "table" as "noun" ("key", …) { field: Type =
/// "column", … }`. A field without a column is called as its column is.
macro_rules! row {
    (@column $field:ident) => { stringify!($field) };
    (@column $field:ident $column:literal) => { $column };
    (
        $(#[$meta:meta])* $vis:vis struct $name:ident $(<$life:lifetime>)?
        in $table:literal as $noun:literal ($($key:literal),+)
        { $($(#[$of_field:meta])* $seen:vis $field:ident: $type:ty $(= $column:literal)?),+ $(,)? }
    ) => {
        $crate::store::row::view! {
            $(#[$meta])* $vis struct $name $(<$life>)? in $table as $noun ($($key),+)
            { $($(#[$of_field])* $seen $field: $type $(= $column)?),+ }
        }

        impl $(<$life>)? $crate::store::row::Written for $name $(<$life>)? {
            const TYPES: &'static [&'static str] = &[$(
                <<$type as $crate::store::column::Column>::Stored as $crate::store::column::Stored>::SQL
            ),+];

            fn cells(self) -> Result<Vec<$crate::store::column::Cell>, $crate::store::error::StoreError> {
                Ok(vec![$($crate::store::row::cell(
                    $table,
                    $crate::store::row::row!(@column $field $($column)?),
                    self.$field,
                )?),+])
            }
        }
    };
}
pub(super) use row;

/// Defines a row that is only read: part of a table, or what a query makes of it.
macro_rules! view {
    (
        $(#[$meta:meta])* $vis:vis struct $name:ident $(<$life:lifetime>)?
        in $table:literal as $noun:literal ($($key:literal),+)
        { $($(#[$of_field:meta])* $seen:vis $field:ident: $type:ty $(= $column:literal)?),+ $(,)? }
    ) => {
        $(#[$meta])*
        $vis struct $name $(<$life>)? { $($(#[$of_field])* $seen $field: $type),+ }

        impl $(<$life>)? $crate::store::row::Row for $name $(<$life>)? {
            const TABLE: &'static str = $table;
            const NOUN: &'static str = $noun;
            const KEY: &'static [&'static str] = &[$($key),+];
            const COLUMNS: &'static [&'static str] =
                &[$($crate::store::row::row!(@column $field $($column)?)),+];

            fn read(row: &sqlx::any::AnyRow) -> Result<Self, $crate::store::error::StoreError> {
                let cells = $crate::store::row::Cells::of::<Self>(row);
                Ok(Self { $($field: cells.get($crate::store::row::row!(@column $field $($column)?))?),+ })
            }
        }
    };
}
pub(super) use view;
