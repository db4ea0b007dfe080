//! Moving an installation from SQLite to PostgreSQL or back: everything is copied, and the trail is walked on both sides.

use super::temporary::Temporary;
use crate::app::{AppError, DATABASE, KEY, Places, clock, connect, key_file, lock};
use crate::config::Settings;
use crate::files;
use crate::store::{Audit, AuditKey, Engine, KeyStanding, RowCount, Store};
use std::path::Path;
use std::sync::Arc;

/// The time after which a server that writes every minute has stopped.
const SILENT_MILLIS: i64 = 5 * 60_000;

/// What was copied.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The number of rows of each table, the same on both sides.
    pub rows: Vec<RowCount>,
    /// The number of events of the trail, which holds on both sides.
    pub events: i64,
}

/// Copies the database of an installation to the other engine: between `redress.db` of the data folder and the address in
/// `database.url`, whichever is the target.
///
/// # Errors
/// Where the target is not new, the trail does not hold, or a server runs; then nothing is changed.
pub async fn move_to(places: &Places, to: Engine) -> Result<Moved, AppError> {
    let settings = Settings::load(places.config.as_deref())?;
    let refuse = |text: String| Err(AppError::Data(text));
    if settings.database.is_none() {
        return refuse(
            "database.url in redress.toml does not say where the PostgreSQL database is".to_owned(),
        );
    }
    let _alone = lock(&places.data)?;
    let Some(key) = key_file::read(&places.data.join(KEY)).map_err(AppError::Data)? else {
        return refuse(format!("{} is missing", places.data.join(KEY).display()));
    };
    let file = places.data.join(DATABASE);
    let unwritable = |e: std::io::Error| AppError::Data(format!("{} cannot be written: {e}", file.display()));
    match to {
        Engine::Postgres => {
            if key_file::is_unused(&file) {
                return refuse(format!("{} holds nothing", file.display()));
            }
            let source = open(&settings, &file, &key).await?;
            let target = connect(places, &settings, &key).await?;
            let moved = copy(places, &source, &target).await;
            let closed = source.close_file().await;
            target.close().await;
            let moved = moved?;
            closed?;
            // Nobody goes on with what stays behind.
            files::place(&file, &file.with_extension("db.copied")).map_err(unwritable)?;
            Ok(moved)
        }
        Engine::Sqlite => {
            if !key_file::is_unused(&file) {
                return refuse(format!("{} is there; move it away first", file.display()));
            }
            let source = connect(places, &settings, &key).await?;
            let beside = places.data.join(format!(".{DATABASE}.{}.tmp", std::process::id()));
            let (beside, _) = Temporary::file(beside).map_err(unwritable)?;
            let target = open(&settings, beside.path(), &key).await?;
            let moved = copy(places, &source, &target).await;
            let closed = target.close_file().await;
            source.close().await;
            let moved = moved?;
            closed?;
            files::place(beside.path(), &file).map_err(unwritable)?;
            Ok(moved)
        }
    }
}

async fn open(settings: &Settings, file: &Path, key: &str) -> Result<Store, AppError> {
    let url = format!("sqlite:{}", file.display());
    Ok(Store::open(&url, Arc::clone(&settings.calendar), AuditKey::new(key.as_bytes())).await?)
}

async fn copy(places: &Places, source: &Store, target: &Store) -> Result<Moved, AppError> {
    let refuse = |text: &str| Err(AppError::Data(text.to_owned()));
    if source.recognise_key().await? != KeyStanding::Known {
        return refuse("audit.key of the data folder is not the key of the database that is to be copied");
    }
    let (clock, _) = clock(places)?;
    let watched = source.oversight().watched_at().await?;
    if watched.is_some_and(|at| clock.now().millis() - at.millis() < SILENT_MILLIS) {
        return refuse(
            "`redress serve` runs, or ran a moment ago: stop it, and come back in five minutes, so that nothing is left \
             behind",
        );
    }
    let before = source.trail().verify().await?;
    if let Audit::Broken { seq } = before {
        return Err(AppError::Data(format!(
            "the audit trail is broken at event {seq}; compare it with a backup, and keep both (nothing was copied)"
        )));
    }
    let rows = source.copy_into(target).await?;
    match target.trail().verify().await? {
        after if after == before => Ok(Moved { rows, events: source.trail().last_event().await? }),
        _ => refuse(
            "the audit trail of the copy does not hold: go on with the database that was copied, and report this",
        ),
    }
}
