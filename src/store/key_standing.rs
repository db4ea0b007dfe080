//! `KeyStanding`: whether a trail was written with the key at hand. A trail goes on under one key only.

use super::chain::is_signed_by;
use super::database::Database;
use super::error::StoreError;
use super::statement::Statement;
use super::tables::events::StoredEvent;
use super::tables::meta::Meta;

/// The standing of a key with a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// Nothing was written yet, with this key or another.
    New,
    /// The trail is written with this key.
    Known,
    /// The trail is written with another key.
    Other,
}

/// Compares the key with the fingerprint that the database keeps; in one from before fingerprints, with the first
/// event.
pub(super) async fn recognise(db: &Database) -> Result<KeyStanding, StoreError> {
    if let Some(known) = Meta::KeyFingerprint.read::<String>(&db.reader).await? {
        return Ok(if known == db.key.fingerprint() { KeyStanding::Known } else { KeyStanding::Other });
    }
    let first = Statement::select::<StoredEvent>("FROM events ORDER BY seq LIMIT 1");
    Ok(match first.first::<StoredEvent>(&db.reader).await? {
        None => KeyStanding::New,
        Some(event) if is_signed_by(&event, &db.key) => KeyStanding::Known,
        Some(_) => KeyStanding::Other,
    })
}

/// Keeps the fingerprint of the key.
pub(super) async fn remember(db: &Database) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    Meta::KeyFingerprint.write(&mut tx, db.key.fingerprint()).await?;
    Ok(tx.commit().await?)
}
