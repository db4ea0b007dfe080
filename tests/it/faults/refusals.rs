//! `Refusals`: a SQLite database that refuses the n-th row that is written, or the commit of that row. It does so by
//! itself: triggers of every table count what is written, and undo or leave behind what no commit takes.

use sqlx::{Connection, Row};

/// What is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The statement that writes the row.
    Statement,
    /// The commit of the transaction in which it was written.
    Commit,
}

#[derive(Debug)]
pub struct Refusals {
    url: String,
}

impl Refusals {
    /// Puts the triggers on every table; the index of texts has none, it is written by the engine with its table.
    pub async fn of(url: &str) -> Self {
        let refusals = Self { url: url.to_owned() };
        let mut connection = sqlx::AnyConnection::connect(url).await.unwrap();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlx%' \
            AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index%'";
        let tables: Vec<String> =
            sqlx::query(tables).fetch_all(&mut connection).await.unwrap().iter().map(|r| r.get(0)).collect();
        assert!(tables.len() > 20, "{tables:?}");
        for made in [
            "CREATE TABLE fault (nth INTEGER NOT NULL, seen INTEGER NOT NULL, at_commit INTEGER NOT NULL)",
            "INSERT INTO fault VALUES (0, 0, 0)",
            "CREATE TABLE fault_parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE fault_child (parent INTEGER REFERENCES fault_parent(id) DEFERRABLE INITIALLY DEFERRED)",
        ] {
            sqlx::query(made).execute(&mut connection).await.unwrap();
        }
        for table in tables {
            for written in ["INSERT", "UPDATE", "DELETE"] {
                let trigger = format!(
                    "CREATE TRIGGER fault_{table}_{written} BEFORE {written} ON {table} BEGIN \
                     UPDATE fault SET seen = seen + 1; \
                     SELECT RAISE(ABORT, 'refused by the test') FROM fault WHERE nth = seen AND at_commit = 0; \
                     INSERT INTO fault_child SELECT 1 FROM fault WHERE nth = seen AND at_commit = 1; END"
                );
                sqlx::query(&trigger).execute(&mut connection).await.unwrap();
            }
        }
        connection.close().await.unwrap();
        refusals
    }

    async fn change(&self, sql: &str) {
        let mut connection = sqlx::AnyConnection::connect(&self.url).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Counts from 0 again, and refuses the `nth` row from now, as often as it is written.
    pub async fn refuse(&self, nth: usize, what: Refused) {
        let at_commit = i32::from(what == Refused::Commit);
        self.change(&format!("UPDATE fault SET nth = {nth}, seen = 0, at_commit = {at_commit}")).await;
    }

    /// Refuses no more.
    pub async fn calm(&self) {
        self.change("UPDATE fault SET nth = 0").await;
    }

    /// Returns how many rows were written since the last `refuse`, those that were undone apart.
    pub async fn written(&self) -> usize {
        let mut connection = sqlx::AnyConnection::connect(&self.url).await.unwrap();
        let seen: i64 =
            sqlx::query("SELECT seen FROM fault").fetch_one(&mut connection).await.unwrap().get(0);
        connection.close().await.unwrap();
        usize::try_from(seen).unwrap()
    }
}
