//! Mailboxes that are read, duplicates, and letters that came back.

use super::rows::{cells, insert};
use super::{PendingOutcome, Store, StoreError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Language};
use sqlx::{Any, Row, Transaction};

/// How far a mailbox has been taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub mailbox: String,
    pub uid_validity: i64,
    pub uid: i64,
}

/// A letter or notification that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BouncedLetter {
    /// None for a notification to one of our own people.
    pub letter: Option<PendingOutcome>,
    pub complaint: Option<ComplaintId>,
}

/// Moves a mailbox's cursor forward; another UIDVALIDITY begins anew.
pub(super) async fn advance(tx: &mut Transaction<'static, Any>, cursor: &Cursor) -> Result<(), StoreError> {
    let row = cells![cursor.mailbox.as_str(), cursor.uid_validity, cursor.uid];
    let suffix = "ON CONFLICT (name) DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid \
        WHERE mailboxes.uid_validity <> excluded.uid_validity OR mailboxes.last_uid < excluded.last_uid";
    insert(tx, "mailboxes (name, uid_validity, last_uid)", vec![row], suffix).await?;
    Ok(())
}

impl Store {
    pub async fn cursor(&self, mailbox: &str) -> Result<Option<Cursor>, StoreError> {
        let sql = "SELECT uid_validity, last_uid FROM mailboxes WHERE name = $1";
        let row = sqlx::query(sql).bind(mailbox.to_owned()).fetch_optional(&self.reader).await?;
        let read = |r: sqlx::any::AnyRow| -> Result<Cursor, StoreError> {
            Ok(Cursor { mailbox: mailbox.to_owned(), uid_validity: r.try_get(0)?, uid: r.try_get(1)? })
        };
        row.map(read).transpose()
    }

    /// Records that a mail was seen again, and how far its mailbox has come with it.
    pub async fn record_duplicate(
        &self,
        message_id: &str,
        body_hash: &str,
        source: &str,
        cursor: Option<&Cursor>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if let Some(cursor) = cursor {
            advance(&mut tx, cursor).await?;
        }
        let row = cells![message_id, body_hash, now.millis(), source];
        insert(&mut tx, "mail_sightings (message_id, body_hash, at, source)", vec![row], "").await?;
        self.finish(tx).await
    }

    /// How often mails were seen again.
    pub async fn duplicates(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM mail_sightings").fetch_one(&self.reader).await?)
    }

    /// Whether a delivery of ours has this id.
    pub async fn is_own_delivery(&self, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM deliveries WHERE id = $1";
        Ok(sqlx::query(sql).bind(id.to_owned()).fetch_optional(&self.reader).await?.is_some())
    }

    /// The letter or notification that a delivery carried.
    pub async fn bounced(&self, delivery: &str) -> Result<Option<BouncedLetter>, StoreError> {
        let sql = "SELECT d.is_letter, n.complaint_id, n.message, n.version, n.ordinal FROM deliveries d \
            JOIN notifications n ON n.id = d.notification_id WHERE d.id = $1";
        let row = sqlx::query(sql).bind(delivery.to_owned()).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let complaint = row.try_get::<Option<i64>, _>(1)?.map(ComplaintId);
        let is_letter = row.try_get::<i64, _>(0)? == 1;
        let letter = match complaint.filter(|_| is_letter) {
            None => None,
            Some(complaint) => Some(PendingOutcome {
                complaint,
                message: row.try_get(2)?,
                version: row.try_get(3)?,
                ordinal: row.try_get(4)?,
            }),
        };
        Ok(Some(BouncedLetter { letter, complaint }))
    }

    /// Counts a bounce of an address; how many there were with it.
    pub async fn count_bounce(&self, address: &str, now: Moment) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO bounced_addresses (address, bounces, last_at) VALUES ($1, 1, $2) \
            ON CONFLICT (address) DO UPDATE SET bounces = bounced_addresses.bounces + 1, last_at = excluded.last_at \
            RETURNING bounces";
        let query = sqlx::query_scalar(sql).bind(address.to_owned()).bind(now.millis());
        let bounces = query.fetch_one(&mut *tx).await?;
        self.finish(tx).await?;
        Ok(bounces)
    }

    /// Addresses that bounced at least twice.
    pub async fn bouncing(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT address FROM bounced_addresses WHERE bounces >= 2 ORDER BY address LIMIT 1000";
        Ok(sqlx::query_scalar(sql).fetch_all(&self.reader).await?)
    }

    /// Mail to an address arrives again.
    pub async fn forget_bounces(&self, address: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM bounced_addresses WHERE address = $1";
        let gone = sqlx::query(sql).bind(address.to_owned()).execute(&mut *tx).await?.rows_affected();
        self.finish(tx).await?;
        Ok(gone > 0)
    }

    /// The language of the sender's newest complaint, where it was known.
    pub async fn language_of(&self, email: &str) -> Result<Option<Language>, StoreError> {
        let sql = "SELECT facts FROM complaints WHERE complainant_email = $1 ORDER BY id DESC LIMIT 1";
        let facts: Option<String> =
            sqlx::query_scalar(sql).bind(email.to_owned()).fetch_optional(&self.reader).await?;
        let facts = facts.and_then(|f| serde_json::from_str::<serde_json::Value>(&f).ok());
        let facts = facts.filter(|f| f["language_is_assumed"] != true);
        Ok(facts.and_then(|f| f.get("language")?.as_str()?.parse().ok()))
    }
}
