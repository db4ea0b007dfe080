//! The way out when the key of the trail is lost for good: a new one, recorded. It needs a person who says so.

use super::{AppError, DATABASE, KEY, Places, clock, connect, key_file, lock};
use crate::complaint::{Actor, Event, EventKind, Origin, Via};
use crate::config::Settings;
use crate::files;
use crate::store::KeyStanding;

/// The time after which a server that writes every minute has stopped.
const SILENT_MILLIS: i64 = 5 * 60_000;

/// Makes a new key where the one of the trail is missing. What was written before is sealed with it, and the trail says
/// who did this and why.
///
/// # Errors
/// Where there is a key, where nothing was ever written, and for somebody who is not one of the people.
pub async fn replace_key(places: &Places, by: &str, reason: &str) -> Result<(), AppError> {
    let settings = Settings::load(places.config.as_deref())?;
    let refuse = |text: String| Err(AppError::Data(text));
    if settings.people.find(by).is_none() {
        return refuse(format!("{by} is not one of the people in redress.toml"));
    }
    let (clock, _) = clock(places)?;
    let _alone = lock(&places.data)?;
    let (path, file) = (places.data.join(KEY), places.data.join(DATABASE));
    if path.exists() {
        return refuse(format!(
            "{} is there; where it is not the key of this database, move it away first",
            path.display()
        ));
    }
    if settings.database.is_none() && key_file::is_unused(&file) {
        return refuse(format!("{} holds nothing that a key is missing for", file.display()));
    }
    // Kept beside its place until the database knows it: whoever is interrupted goes on with the same.
    let beside = path.with_extension("key.new");
    let unusable = |e: std::io::Error| AppError::Data(format!("{} cannot be written: {e}", beside.display()));
    let text = match key_file::read(&beside).map_err(AppError::Data)? {
        Some(text) => text,
        None => {
            let text = crate::random::hex::<32>();
            files::write(&beside, text.as_bytes()).map_err(unusable)?;
            text
        }
    };
    let store = connect(places, &settings, &text).await?;
    let watched = store.oversight().watched_at().await?;
    if watched.is_some_and(|at| clock.now().millis() - at.millis() < SILENT_MILLIS) {
        return refuse(
            "`redress serve` runs, or ran a moment ago, with the key that is missed: stop it, and come back in five \
             minutes"
                .to_owned(),
        );
    }
    match store.recognise_key().await? {
        KeyStanding::Known => {}
        KeyStanding::New => return refuse("nothing was ever written with a key here".to_owned()),
        KeyStanding::Other => {
            let event = Event {
                kind: EventKind::KeyReplaced,
                origin: Origin::person(Actor::Person(by.to_lowercase()), Via::CommandLine),
                summary: "the key of the trail was lost; it goes on under another".to_owned(),
                data: serde_json::Value::Null,
                personal: Some(serde_json::json!({"reason": reason})),
            };
            store.replace_key(event, clock.now()).await?;
        }
    }
    store.close().await;
    std::fs::rename(&beside, &path).map_err(unusable)
}
