//! Emptying the mails and messages of a complaint that is forgotten: that there was one, when and of what kind stays.

use super::facts::{is_named, names_of};
use super::outgoing::{KeptFile, SentFile};
use super::{Forgettings, Remainder, pass};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::error::StoreError;
use crate::store::key::AuditKey;
use crate::store::row::{Row, view};
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
    /// Empties mails of a complaint; false when there are none left.
    pub async fn empty_mails(&self, id: ComplaintId, remainder: Remainder<'_>) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let full = format!(
            "SELECT id, message_id, body_hash, source, LENGTH(raw) AS size FROM mails WHERE complaint_id = $1 \
             AND substr(body_hash, 1, 1) <> '{EMPTIED}' ORDER BY id LIMIT $2"
        );
        let full: Vec<FullMail> = Statement::new(full).with(id).with(MAILS).all(&mut tx).await?;
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

    /// Names what was delivered of the messages that belong to no complaint and tell of this one.
    pub async fn told_files(
        &self,
        id: ComplaintId,
        filed: &str,
        ours: &[&str],
    ) -> Result<Vec<KeptFile>, StoreError> {
        let mut tx = self.0.begin_reading().await?;
        let telling = all_telling(&mut tx, id, filed, ours).await?;
        let mut files = Vec::new();
        for set in telling.chunks(ROWS) {
            files.extend(sent_of(&mut tx, set).await?);
            let carried =
                Statement::new("SELECT DISTINCT digest_id FROM digest_lines WHERE notification_id IN ");
            let digests: Vec<String> = carried.and_list(set).values("digest_id", &mut tx).await?;
            files.extend(sent_of(&mut tx, &digests).await?);
        }
        Ok(files)
    }

    /// Empties the messages about a complaint, those that only tell of it, the digests in which it stood, and what was or was
    /// to be delivered of all of these. `filed` is the message that tells of mails which were filed as no person's, `ours` are
    /// those that may repeat what a server said of somebody.
    pub async fn empty_messages(
        &self,
        id: ComplaintId,
        filed: &str,
        ours: &[&str],
        remainder: Remainder<'_>,
    ) -> Result<(), StoreError> {
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
        for set in all_telling(&mut tx, id, filed, ours).await?.chunks(ROWS) {
            empty_lines(&mut tx, set, remainder).await?;
            empty_words(&mut tx, set, remainder).await?;
        }
        empty_deliveries(&mut tx, of_complaint(id), remainder).await?;
        pass(&mut tx, id, ForgettingStep::Letters).await?;
        self.0.finish(tx).await
    }
}

/// Returns what was delivered of messages.
async fn sent_of(tx: &mut Tx, ids: &[String]) -> Result<Vec<KeptFile>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sent = format!("SELECT {} FROM deliveries WHERE notification_id IN ", SentFile::columns());
    let sent: Vec<SentFile> = Statement::new(sent).and_list(ids).all(tx).await?;
    Ok(sent.into_iter().map(SentFile::kept).collect())
}

/// Returns the messages that belong to no complaint and tell of this one, or name its people.
async fn all_telling(
    tx: &mut Tx,
    id: ComplaintId,
    filed: &str,
    ours: &[&str],
) -> Result<Vec<String>, StoreError> {
    let mut all = telling(tx, id, filed).await?;
    all.extend(naming(tx, id, ours).await?);
    all.sort();
    all.dedup();
    Ok(all)
}

/// Returns the messages that belong to no complaint and tell of this one.
async fn telling(tx: &mut Tx, id: ComplaintId, filed: &str) -> Result<Vec<String>, StoreError> {
    let telling = Statement::select::<MessageId>("FROM notifications WHERE tells_of = $1").with(id);
    let mut found: Vec<String> =
        telling.all::<MessageId>(&mut *tx).await?.into_iter().map(|row| row.id).collect();
    let mails =
        "SELECT received_at FROM mails WHERE complaint_id = $1 AND kind IN ('auto_reply', 'list', 'loop')";
    let mails: Vec<i64> = Statement::new(mails).with(id).values("received_at", &mut *tx).await?;
    for received_at in mails {
        // It is told of the next day; that day may have had its message already.
        let next = "FROM notifications WHERE message = $1 AND at >= $2 ORDER BY at LIMIT 2";
        let next = Statement::select::<MessageId>(next).with(filed).with(Moment::from_millis(received_at));
        found.extend(next.all::<MessageId>(&mut *tx).await?.into_iter().map(|row| row.id));
    }
    Ok(found)
}

view! {
    struct SaidRow in "notifications" as "notification" ("id") {
        id: String,
        at: Moment,
        subject: String,
        body: String,
    }
}

/// Returns those of some messages since the complaint came in that belong to no complaint and name its people.
async fn naming(tx: &mut Tx, id: ComplaintId, ours: &[&str]) -> Result<Vec<String>, StoreError> {
    let Some((since, names)) = names_of(&mut *tx, id).await?.filter(|(_, names)| !names.is_empty()) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for message in ours {
        let mut since = since;
        loop {
            let later = "FROM notifications WHERE message = $1 AND at >= $2 AND complaint_id IS NULL \
                ORDER BY at LIMIT $3";
            let later = Statement::select::<SaidRow>(later).with(*message).with(since).with(MESSAGES);
            let rows: Vec<SaidRow> = later.all(&mut *tx).await?;
            found.extend(
                rows.iter().filter(|r| is_named(&names, &[&r.subject, &r.body])).map(|r| r.id.clone()),
            );
            let Some(last) = rows.last().filter(|last| last.at > since) else { break };
            since = last.at;
        }
    }
    Ok(found)
}

/// Empties the lines of messages, and the digests that carried them.
async fn empty_lines(tx: &mut Tx, ids: &[String], remainder: Remainder<'_>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let carried = Statement::new("SELECT DISTINCT digest_id FROM digest_lines WHERE notification_id IN ");
    let digests: Vec<String> = carried.and_list(ids).values("digest_id", &mut *tx).await?;
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
    empty_deliveries(tx, Statement::new("notification_id IN ").and_list(ids), remainder).await
}

fn of_complaint(id: ComplaintId) -> Statement {
    Statement::new("complaint_id = $1").with(id)
}

/// Empties the deliveries of which a condition holds, and what servers answered to them. What nobody sends any more is not
/// sent again either.
async fn empty_deliveries(
    tx: &mut Tx,
    condition: Statement,
    remainder: Remainder<'_>,
) -> Result<(), StoreError> {
    let answers =
        "UPDATE delivery_attempts SET detail = '' WHERE delivery_id IN (SELECT id FROM deliveries WHERE ";
    condition.clone().within(answers, ")").run(tx).await?;
    let content = "UPDATE deliveries SET payload = '{}', capped_address = NULL, last_error = NULL, \
        state = CASE WHEN state = 'dead' THEN 'recalled' ELSE state END WHERE ";
    condition.clone().within(content, "").run(tx).await?;
    let to = "UPDATE deliveries SET recipient = 'person' WHERE ";
    let named = condition.within(to, " AND recipient <> '' AND recipient NOT IN ");
    named.and_list(remainder.recipients).run(tx).await?;
    Ok(())
}
