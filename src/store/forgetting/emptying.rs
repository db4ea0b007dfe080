//! Emptying the mails and messages of a complaint that is forgotten: that there was one, when and of what kind stays.

use super::facts::complainant_of;
use super::files::{KeptFile, leave_files};
use super::outgoing::{decided_at, digests_with};
use super::telling::{Told, all_telling};
use super::{Forgettings, Remainder, pass};
use crate::complaint::ComplaintId;
use crate::store::delivery_state::DeliveryState;
use crate::store::error::StoreError;
use crate::store::key::AuditKey;
use crate::store::row::view;
use crate::store::sets::ROWS;
use crate::store::statement::{Statement, Tx};
use crate::store::tables::forgettings::ForgettingStep;

/// The mails that are emptied in one transaction, and the most bytes.
const MAILS: i64 = 100;
const MAIL_BYTES: i64 = 16 << 20;
/// The messages that are emptied in one transaction.
const MESSAGES: i64 = 200;
/// The beginning of what stands for the digest of a mail that was emptied; no digest begins so.
const EMPTIED: &str = "-";

view! {
    struct FullMail in "mails" as "mail" ("id") {
        id: i64,
        message_id: String,
        body_hash: String,
        source: String,
        size: i64,
    }
}

view! {
    struct MessageId in "notifications" as "notification" ("id") {
        id: String,
    }
}

/// Returns what stands for the Message-ID of a mail that was emptied: who has the mail knows it again, and nobody else.
pub(in crate::store) fn emptied_id(key: &AuditKey, message_id: &str) -> String {
    format!("{EMPTIED}{}", key.sign(&["forgotten mail", message_id]))
}

/// Returns what stands for the digest of the body of a mail that was emptied.
pub(in crate::store) fn emptied_hash(key: &AuditKey, body_hash: &str) -> String {
    format!("{EMPTIED}{}", key.sign(&["forgotten body", body_hash]))
}

impl Forgettings {
    /// Empties mails of a complaint, and those of its complainant that belong to none; false when there are none left.
    pub async fn empty_mails(&self, id: ComplaintId, remainder: Remainder<'_>) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let full = format!(
            "SELECT id, message_id, body_hash, source, LENGTH(raw) AS size FROM mails WHERE complaint_id = $1 \
             AND substr(body_hash, 1, 1) <> '{EMPTIED}' ORDER BY id LIMIT $2"
        );
        let mut full: Vec<FullMail> = Statement::new(full).with(id).with(MAILS).all(&mut tx).await?;
        if full.is_empty()
            && let Some(complainant) = complainant_of(&mut tx, id).await?
        {
            // What machines of theirs sent, and nobody's complaint has, goes with the last of their complaints. It has no sender
            // any more once it is emptied.
            let alone = "SELECT id, message_id, body_hash, source, LENGTH(raw) AS size FROM mails WHERE sender = $1 \
                AND complaint_id IS NULL AND NOT EXISTS (SELECT 1 FROM complaints c WHERE c.complainant_email = $1 \
                AND NOT EXISTS (SELECT 1 FROM forgettings f WHERE f.complaint_id = c.id)) \
                ORDER BY complaint_id, id LIMIT $2";
            full = Statement::new(alone).with(complainant).with(MAILS).all(&mut tx).await?;
        }
        let has_more = !full.is_empty();
        let mut bytes = 0;
        for mail in full {
            self.empty_mail(&mut tx, id, &mail, remainder).await?;
            bytes += mail.size;
            if bytes > MAIL_BYTES {
                break;
            }
        }
        if !has_more {
            pass(&mut tx, id, ForgettingStep::Mails).await?;
        }
        self.0.finish(tx).await?;
        Ok(has_more)
    }

    async fn empty_mail(
        &self,
        tx: &mut Tx,
        id: ComplaintId,
        mail: &FullMail,
        remainder: Remainder<'_>,
    ) -> Result<(), StoreError> {
        let again = "SELECT source FROM mail_sightings WHERE message_id = $1 AND body_hash = $2";
        let again = Statement::new(again).with(&mail.message_id).with(&mail.body_hash);
        let mut sources: Vec<String> = again.values("source", &mut *tx).await?;
        sources.push(mail.source.clone());
        let files: Vec<KeptFile> = sources.iter().filter_map(|source| KeptFile::of_source(source)).collect();
        leave_files(tx, id, &files).await?;
        let thread = Statement::new("DELETE FROM threads WHERE message_id = $1 AND complaint_id = $2");
        thread.with(&mail.message_id).with(id).run(tx).await?;
        let seen = Statement::new("DELETE FROM mail_sightings WHERE message_id = $1 AND body_hash = $2");
        seen.with(&mail.message_id).with(&mail.body_hash).run(tx).await?;
        let source = mail.source.split_once(':').map_or(mail.source.as_str(), |(way, _)| way);
        let empty = "UPDATE mails SET source = $1, message_id = $2, body_hash = $3, sender = '', subject = $4, body = '', \
            attachments = '[]', remarks = '', raw = $5, history_at = NULL WHERE id = $6";
        let empty = Statement::new(empty).with(source).with(emptied_id(&self.0.key, &mail.message_id));
        let empty = empty.with(emptied_hash(&self.0.key, &mail.body_hash)).with(remainder.word);
        empty.with(Vec::new()).with(mail.id).run(tx).await?;
        Ok(())
    }

    /// Empties the messages that belong to no complaint and tell of this one, and the digests that carried them.
    pub async fn empty_told(
        &self,
        id: ComplaintId,
        told: Told<'_>,
        remainder: Remainder<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        for set in all_telling(&mut tx, id, told).await?.chunks(ROWS) {
            empty_lines(&mut tx, set, remainder).await?;
            empty_words(&mut tx, set, remainder).await?;
        }
        self.0.finish(tx).await
    }

    /// Empties the messages about a complaint, the digests in which it stood, and what was or was to be delivered of these. That
    /// it is forgotten is still told.
    pub async fn empty_messages(&self, id: ComplaintId, remainder: Remainder<'_>) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let own = "FROM notifications WHERE complaint_id = $1 AND id > $2 ORDER BY id LIMIT $3";
            let own = Statement::select::<MessageId>(own).with(id).with(&after).with(MESSAGES);
            let own: Vec<MessageId> = own.all(&self.0.reader).await?;
            let Some(last) = own.last() else { break };
            after.clone_from(&last.id);
            let mut tx = self.0.begin().await?;
            let ids: Vec<String> = own.into_iter().map(|row| row.id).collect();
            empty_lines(&mut tx, &ids, remainder).await?;
            empty_own(&mut tx, &ids, remainder).await?;
            self.0.finish(tx).await?;
        }
        let mut tx = self.0.begin().await?;
        let since = decided_at(&mut tx, id).await?;
        empty_answers(&mut tx, Statement::new("complaint_id = $1").with(id)).await?;
        let carrying = "complaint_id = $1 AND (notification_id IS NOT NULL OR created_at < $2)";
        empty_content(&mut tx, Statement::new(carrying).with(id).with(since), remainder).await?;
        pass(&mut tx, id, ForgettingStep::Letters).await?;
        self.0.finish(tx).await
    }
}

/// Empties the lines of messages, and the digests that carried them.
async fn empty_lines(tx: &mut Tx, ids: &[String], remainder: Remainder<'_>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let digests = digests_with(tx, ids).await?;
    empty_words(tx, &digests, remainder).await?;
    let lines = Statement::new("UPDATE digest_lines SET line = '' WHERE notification_id IN ");
    lines.and_list(ids).run(tx).await?;
    let gathered = Statement::new("UPDATE gathered SET line = '', data = 'null' WHERE notification_id IN ");
    gathered.and_list(ids).run(tx).await?;
    Ok(())
}

/// Empties messages of the complaint itself: whom they went to as well, unless that names nobody.
async fn empty_own(tx: &mut Tx, ids: &[String], remainder: Remainder<'_>) -> Result<(), StoreError> {
    let to = "UPDATE notifications SET addresses = '[]', recipient = CASE WHEN recipient IN ";
    let to = Statement::new(to).and_list(remainder.recipients);
    to.and(" THEN recipient ELSE 'person' END WHERE id IN ").and_list(ids).run(tx).await?;
    empty_words(tx, ids, remainder).await
}

/// Empties the words of messages, and what was delivered of them.
async fn empty_words(tx: &mut Tx, ids: &[String], remainder: Remainder<'_>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let words = "UPDATE notifications SET subject = $1, body = '', about = NULL WHERE id IN ";
    Statement::new(words).with(remainder.word).and_list(ids).run(tx).await?;
    let carrying = Statement::new("notification_id IN ").and_list(ids);
    empty_answers(tx, carrying.clone()).await?;
    empty_content(tx, carrying, remainder).await
}

/// Empties what servers answered to the deliveries of which a condition holds.
async fn empty_answers(tx: &mut Tx, condition: Statement) -> Result<(), StoreError> {
    let answers =
        "UPDATE delivery_attempts SET detail = '' WHERE delivery_id IN (SELECT id FROM deliveries WHERE ";
    condition.clone().within(answers, ")").run(tx).await?;
    condition
        .within("UPDATE deliveries SET last_error = NULL WHERE last_error IS NOT NULL AND ", "")
        .run(tx)
        .await?;
    Ok(())
}

/// Empties the deliveries of which a condition holds. What nobody sends any more is not sent again either, and what waits is
/// recalled: it is no letter that could not be delivered.
async fn empty_content(
    tx: &mut Tx,
    condition: Statement,
    remainder: Remainder<'_>,
) -> Result<(), StoreError> {
    let content = format!(
        "UPDATE deliveries SET payload = '{{}}', capped_address = NULL, \
         finished_at = COALESCE(finished_at, {}), state = CASE WHEN state = '{}' THEN state ELSE '{}' END WHERE ",
        remainder.now.millis(),
        DeliveryState::Accepted,
        DeliveryState::Recalled
    );
    condition.clone().within(&content, "").run(tx).await?;
    let to = "UPDATE deliveries SET recipient = 'person' WHERE ";
    let named = condition.within(to, " AND recipient <> '' AND recipient NOT IN ");
    named.and_list(remainder.recipients).run(tx).await?;
    Ok(())
}
