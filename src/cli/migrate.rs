//! `redress migrate`: brings the database up to date and says so.

use super::{Failure, Output};
use crate::app::{Places, lock, open_store};
use crate::config::Settings;
use serde_json::json;

pub(super) async fn run(places: &Places, output: &Output) -> Result<(), Failure> {
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
