//! What a database keeps of what was deleted: the log that is not in its file yet, pages that are free, rows that nobody sees
//! any more.

use super::Forgettings;
use crate::store::error::StoreError;
use crate::store::statement::Statement;

impl Forgettings {
    /// Overwrites what the database keeps of what was deleted, as far as it can be told to. Returns false when others were
    /// in the way, and it is to be done again.
    pub async fn overwrite(&self) -> Result<bool, StoreError> {
        for sql in self.0.engine.cleaning() {
            let _: Option<i64> = Statement::new(*sql).value("", &self.0.reader).await?;
        }
        self.0.checkpoint().await
    }
}

#[cfg(test)]
mod tests {
    use crate::store::dialect::Engine;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The tables that a text of ours writes: `UPDATE …`, `DELETE FROM …`, and what a list of tables names.
    fn written(text: &str) -> BTreeSet<String> {
        let name = |rest: &str| -> String {
            rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
        };
        let after = |word: &str| text.split(word).skip(1).map(name).collect::<Vec<_>>();
        let lists = text.split("for table in [").skip(1).filter_map(|rest| rest.split(']').next());
        let listed = lists.flat_map(|list| list.split('"')).map(name);
        let all = after("UPDATE ").into_iter().chain(after("DELETE FROM ")).chain(listed);
        all.filter(|table| !table.is_empty()).collect()
    }

    /// Nobody sees a row that was changed or deleted, but PostgreSQL keeps it until it is cleared away.
    #[test]
    fn every_table_that_forgetting_writes_is_cleared_away() {
        let store = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("src/store");
        let files = std::fs::read_dir(store.join("forgetting")).unwrap().map(|file| file.unwrap().path());
        let others = ["search/forgetting.rs", "grouping.rs", "digests.rs"].map(|file| store.join(file));
        // Those that a set of rows is written to.
        let rows = ["complaints", "forgotten_files"].map(str::to_owned);
        let mut tables: BTreeSet<String> = rows.into();
        for file in files.chain(others) {
            let text = std::fs::read_to_string(&file).unwrap();
            tables.extend(written(text.split("#[cfg(test)]").next().unwrap()));
        }
        assert!(tables.len() > 15 && tables.contains("views") && tables.contains("alarms"), "{tables:?}");
        let cleared: Vec<&str> =
            Engine::Postgres.cleaning().iter().map(|sql| sql.trim_start_matches("VACUUM ")).collect();
        let missing: Vec<&String> =
            tables.iter().filter(|table| !cleared.contains(&table.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
