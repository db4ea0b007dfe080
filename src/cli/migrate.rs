//! `redress migrate`: brings the database up to date, or moves it to the other engine, and says so.

use super::{Failure, Output};
use crate::app::backup::move_to;
use crate::app::{Places, lock, open_store};
use crate::config::Settings;
use crate::store::Engine;
use clap::{Args, ValueEnum};
use serde_json::json;

#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Copy everything between redress.db of the data folder and the database of database.url, which must be new
    #[arg(long, value_name = "ENGINE")]
    to: Option<Target>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    /// From redress.db into the database that database.url names
    Postgres,
    /// From the database that database.url names into redress.db
    Sqlite,
}

impl Migrate {
    pub async fn run(self, places: &Places, output: &Output) -> Result<(), Failure> {
        let Some(target) = self.to else { return bring_up_to_date(places, output).await };
        let engine = match target {
            Target::Postgres => Engine::Postgres,
            Target::Sqlite => Engine::Sqlite,
        };
        let moved = move_to(places, engine).await?;
        let rows: i64 = moved.rows.iter().map(|(_, rows)| rows).sum();
        if output.json {
            let tables: serde_json::Map<String, serde_json::Value> =
                moved.rows.iter().map(|(table, rows)| ((*table).to_owned(), json!(rows))).collect();
            output
                .document(&json!({"engine": format!("{engine:?}"), "rows": tables, "events": moved.events}));
            return Ok(());
        }
        output.line(format!(
            "copied to {engine:?}: {rows} rows of {} tables; the audit trail holds on both sides: {} events",
            moved.rows.len(),
            moved.events
        ));
        output.line(match target {
            Target::Postgres => {
                "redress.db of the data folder is no longer used, and is called redress.db.copied now"
            }
            Target::Sqlite => "take database.url out of redress.toml: until then the old one is used",
        });
        Ok(())
    }
}

async fn bring_up_to_date(places: &Places, output: &Output) -> Result<(), Failure> {
    let settings = Settings::load(places.config.as_deref()).map_err(|e| Failure::new(e.to_string()))?;
    let _alone = lock(&places.data)?;
    let store = open_store(places, &settings, None).await?;
    if output.json {
        output.document(&json!({"engine": format!("{:?}", store.engine()), "up_to_date": true}));
    } else {
        output.line(format!("the {:?} database is up to date", store.engine()));
    }
    store.close().await;
    Ok(())
}
