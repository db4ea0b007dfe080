//! `Mails`: the handle of taking in mails and new complaints (`filing.rs`), and of what is known about them.

use super::chain::{Entry, append};
use super::database::Database;
use super::error::{StoreError, readable};
use super::forgetting::{emptied_hash, emptied_id};
use super::sets::ROWS;
use super::statement::Statement;
use super::tables::complaints::FactsRow;
use super::tables::deadlines::RUNS;
use super::tables::mailboxes::{Cursor, begin};
use super::tables::mails::{FiledMail, MailDigest, MailOfId};
use super::tables::meta::Meta;
use super::tables::notifications::{BouncedLetter, CarriedLetter};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event, Language, Recipient};

/// The condition on a mail that was filed as no person's, as its index has it.
const FILED: &str =
    "(kind IN ('auto_reply', 'list', 'loop') OR (kind IN ('bounce', 'receipt') AND complaint_id IS NULL))";

/// The handle of taking in.
#[derive(Clone, Debug)]
pub struct Mails(pub(super) Database);

/// The state of knowledge about a mail that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Neither the mail nor its Message-ID came before.
    Not,
    /// The same mail came before: same Message-ID, same body.
    ThisMail,
    /// Another mail came before under the same Message-ID.
    AnotherUnderItsId,
}

impl Mails {
    /// Looks a mail up among those taken in, by its Message-ID without angle brackets and the digest of its
    /// body.
    pub async fn known(&self, message_id: &str, body_hash: &str) -> Result<Known, StoreError> {
        let same_id = Statement::select::<MailDigest>("FROM mails WHERE message_id IN ($1, $2) LIMIT 100");
        // What was emptied is known by digests.
        let (key, same_id) = (&self.0.key, same_id.with(message_id));
        let same_id = same_id.with(emptied_id(key, message_id));
        let found: Vec<MailDigest> = same_id.all(&self.0.reader).await?;
        let emptied = emptied_hash(key, body_hash);
        let is_this = |mail: &MailDigest| mail.body_hash == body_hash || mail.body_hash == emptied;
        Ok(match found.is_empty() {
            true => Known::Not,
            false if found.iter().any(is_this) => Known::ThisMail,
            false => Known::AnotherUnderItsId,
        })
    }

    /// Lists mails that were filed as no person's after one of them, oldest first, at most `limit`: answers by
    /// machines, lists and circles, and reports that belong to no complaint.
    pub async fn filed_after(&self, id: i64, limit: usize) -> Result<Vec<FiledMail>, StoreError> {
        let filed = format!("FROM mails WHERE id > $1 AND {FILED} ORDER BY id LIMIT $2");
        Statement::select::<FiledMail>(&filed).with(id).with(limit).all(&self.0.reader).await
    }

    /// Lists mails that were filed as no person's, newest first, at most `limit`.
    pub async fn newest_filed(&self, limit: usize) -> Result<Vec<FiledMail>, StoreError> {
        let filed = format!("FROM mails WHERE {FILED} ORDER BY id DESC LIMIT $1");
        Statement::select::<FiledMail>(&filed).with(limit).all(&self.0.reader).await
    }

    /// Returns the last mail filed as no person's that somebody was told of; 0 before the first.
    pub async fn filed_told(&self) -> Result<i64, StoreError> {
        Ok(Meta::FiledTold.read(&self.0.reader).await?.unwrap_or(0))
    }

    /// Records the last mail filed as no person's that somebody was told of.
    pub async fn record_filed_told(&self, id: i64) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::FiledTold.write(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// Returns what the newest mails of a Message-ID say, at most 10.
    pub async fn of_id(&self, message_id: &str) -> Result<Vec<MailOfId>, StoreError> {
        let newest =
            Statement::select::<MailOfId>("FROM mails WHERE message_id = $1 ORDER BY id DESC LIMIT 10");
        newest.with(message_id).all(&self.0.reader).await
    }

    /// Returns the complaint to which any of these message ids belongs, the newest when there are several;
    /// the first 500 ids count.
    pub async fn by_message_ids(&self, ids: &[String]) -> Result<Option<ComplaintId>, StoreError> {
        if ids.is_empty() {
            return Ok(None);
        }
        let threads = Statement::new("SELECT complaint_id FROM threads WHERE message_id IN ");
        let newest = threads.and_list(&ids[..ids.len().min(ROWS)]).and(" ORDER BY complaint_id DESC LIMIT 1");
        Ok(newest.value("complaint_id", &self.0.reader).await?.map(ComplaintId))
    }

    /// Returns the newest complaint of a complainant whose first mail refers to any of these message ids; the first
    /// 500 ids count.
    pub async fn in_conversation(
        &self,
        ids: &[String],
        complainant: &str,
    ) -> Result<Option<ComplaintId>, StoreError> {
        if ids.is_empty() || complainant.is_empty() {
            return Ok(None);
        }
        let of_sender = "SELECT complaint_id FROM conversations WHERE complaint_id IN \
            (SELECT id FROM complaints WHERE complainant_email = $1) AND reference IN ";
        let found = Statement::new(of_sender).with(complainant).and_list(&ids[..ids.len().min(ROWS)]);
        let newest = found.and(" ORDER BY complaint_id DESC LIMIT 1");
        Ok(newest.value("complaint_id", &self.0.reader).await?.map(ComplaintId))
    }

    /// Returns the newest complaint of a complainant of which one of these terms runs.
    pub async fn awaited(
        &self,
        terms: &[String],
        complainant: &str,
    ) -> Result<Option<ComplaintId>, StoreError> {
        if terms.is_empty() || complainant.is_empty() {
            return Ok(None);
        }
        let running = format!(
            "SELECT complaint_id FROM deadlines WHERE complaint_id IN \
             (SELECT id FROM complaints WHERE complainant_email = $1) AND {RUNS} AND name IN "
        );
        let found = Statement::new(running).with(complainant).and_list(&terms[..terms.len().min(ROWS)]);
        let newest = found.and(" ORDER BY complaint_id DESC LIMIT 1");
        Ok(newest.value("complaint_id", &self.0.reader).await?.map(ComplaintId))
    }

    /// Returns how far a mailbox has been taken in; none before its first mail.
    pub async fn cursor(&self, mailbox: &str) -> Result<Option<Cursor>, StoreError> {
        let this = Statement::select::<Cursor>("FROM mailboxes WHERE name = $1");
        this.with(mailbox).first(&self.0.reader).await
    }

    /// Records where the reading of a mailbox begins, under this UIDVALIDITY.
    pub async fn begin_reading(&self, cursor: Cursor) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        begin(&mut tx, cursor).await?;
        self.0.finish(tx).await
    }

    /// Moves a mailbox behind a mail that is left to people, and records `event`; false when it is behind it
    /// already.
    pub async fn step_over(
        &self,
        mailbox: &str,
        uid: u32,
        event: Event,
        ruleset: &str,
        at: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let behind = Statement::new("UPDATE mailboxes SET last_uid = $1 WHERE name = $2 AND last_uid < $1");
        if behind.with(i64::from(uid)).with(mailbox).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }

    /// Returns whether a delivery of ours has this id.
    pub async fn is_own_delivery(&self, id: &str) -> Result<bool, StoreError> {
        let ours = Statement::counting("deliveries WHERE id = $1").with(id);
        Ok(ours.count(&self.0.reader).await? > 0)
    }

    /// Returns the letter or notification that a delivery carried; none when there is no such delivery.
    pub async fn bounced(&self, delivery: &str) -> Result<Option<BouncedLetter>, StoreError> {
        let carried = CarriedLetter::statement()
            .and(" WHERE d.id = $1")
            .with(delivery)
            .first::<CarriedLetter>(&self.0.reader)
            .await?;
        Ok(carried.map(CarriedLetter::bounced))
    }

    /// Returns the moment of the last letter to a complaint's complainant; none when there was none.
    pub async fn last_letter(&self, id: ComplaintId) -> Result<Option<Moment>, StoreError> {
        let sql = "SELECT at FROM notifications WHERE complaint_id = $1 AND recipient = $2 ORDER BY at DESC LIMIT 1";
        let last = Statement::new(sql).with(id).with(Recipient::Complainant.to_string());
        Ok(last.value("at", &self.0.reader).await?.map(Moment::from_millis))
    }

    /// Returns the language of the sender's newest complaint; none where there is none, or its language was a
    /// guess.
    pub async fn language_of(&self, email: &str) -> Result<Option<Language>, StoreError> {
        let newest = "FROM complaints WHERE complainant_email = $1 ORDER BY id DESC LIMIT 1";
        let newest = Statement::select::<FactsRow>(newest).with(email);
        let row = newest.each::<FactsRow>(&self.0.reader).await?.pop();
        let facts = row.and_then(|row| readable(row).transpose()).transpose()?.map(|row| row.facts.0);
        Ok(facts.filter(|facts| !facts.language_is_assumed).map(|facts| facts.language))
    }
}
