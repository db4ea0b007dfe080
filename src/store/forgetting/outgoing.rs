//! What waits to be sent of a complaint that is forgotten, what waits to be decided about it, and what was kept as files.

use super::{Forgettings, pass};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event, EventKind, Origin};
use crate::store::chain::{Entry, append};
use crate::store::delivery_state::{DeliveryState, GatheredState};
use crate::store::digests::settle;
use crate::store::error::StoreError;
use crate::store::row::view;
use crate::store::statement::{Statement, Tx};
use crate::store::tables::forgettings::ForgettingStep;
use serde_json::json;

/// The files that are named at once.
const FILES: usize = 500;
/// The beginning of the source of a mail that was found in a Maildir, before the name of its file.
const MAILDIR: &str = "maildir:";

/// Something that may have been kept as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptFile {
    /// A delivery, by its plugin and its id.
    Delivery(String, String),
    /// A mail, by the name of its file in a Maildir.
    Mail(String),
}

view! {
    /// A delivery that may have been written to a file.
    pub(super) struct SentFile in "deliveries" as "delivery" ("id") {
        id: String,
        plugin: String,
    }
}

impl SentFile {
    pub fn kept(self) -> KeptFile {
        KeptFile::Delivery(self.plugin, self.id)
    }
}

view! {
    struct MailFile in "mails" as "mail" ("id") {
        source: String,
    }
}

impl Forgettings {
    /// Stops everything that waits to be sent, to be gathered or to be decided, and throws away what somebody typed and who
    /// looked. Returns false while something is under way, which is waited for.
    pub async fn stop(&self, id: ComplaintId, ruleset: &str, now: Moment) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let (queued, dead) = (DeliveryState::Queued.condition(), DeliveryState::Dead.condition());
        let stop = format!(
            "UPDATE deliveries SET state = '{}', finished_at = COALESCE(finished_at, $1) WHERE complaint_id = $2 \
             AND ({dead} OR ({queued} AND lease_until <= {}))",
            DeliveryState::Recalled,
            self.0.engine.lease_time("$1")
        );
        Statement::new(stop).with(now).with(id).run(&mut tx).await?;
        self.leave_out(&mut tx, id, ruleset, now).await?;
        for table in ["triggers", "drafts", "views"] {
            let gone = Statement::new(format!("DELETE FROM {table} WHERE complaint_id = $1"));
            gone.with(id).run(&mut tx).await?;
        }
        let under_way = format!("deliveries WHERE complaint_id = $1 AND {queued}");
        // What stands in a digest goes with it: there are lines of others in it.
        let in_digest = format!(
            "notifications n JOIN digest_lines l ON l.notification_id = n.id \
             JOIN deliveries d ON d.notification_id = l.digest_id WHERE n.complaint_id = $1 AND d.{queued}"
        );
        let mut is_under_way = false;
        for which in [under_way, in_digest] {
            is_under_way |= Statement::counting(&which).with(id).count(&mut tx).await? > 0;
        }
        if !is_under_way {
            pass(&mut tx, id, ForgettingStep::Outgoing).await?;
        }
        self.0.finish(tx).await?;
        Ok(!is_under_way)
    }

    /// Leaves the lines of a complaint that wait for a digest out of it, as the trail then says.
    async fn leave_out(
        &self,
        tx: &mut Tx,
        id: ComplaintId,
        ruleset: &str,
        now: Moment,
    ) -> Result<(), StoreError> {
        let waiting = format!(
            "SELECT g.notification_id FROM notifications n JOIN gathered g ON g.notification_id = n.id \
             WHERE n.complaint_id = $1 AND g.{} ORDER BY g.notification_id",
            GatheredState::Waiting.condition()
        );
        let waiting: Vec<String> =
            Statement::new(waiting).with(id).values("notification_id", &mut *tx).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        settle(tx, &waiting, GatheredState::LeftOut, now).await?;
        let event = Event {
            kind: EventKind::DigestsSent,
            origin: Origin::ENGINE,
            summary: format!("{} left out of digests, their complaint is forgotten", waiting.len()),
            data: json!({"digests": {}, "left_out": waiting}),
            personal: None,
        };
        append(&self.0, tx, &[Entry::alone(now, ruleset, &[event])]).await
    }

    /// Names what may have been kept as files of a complaint, in parts: after which to go on comes with each; none at the end.
    pub async fn sent_files(&self, id: ComplaintId, after: &str) -> Result<Vec<KeptFile>, StoreError> {
        let sent = "FROM deliveries WHERE complaint_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        let sent = Statement::select::<SentFile>(sent).with(id).with(after).with(FILES);
        let sent: Vec<SentFile> = sent.all(&self.0.reader).await?;
        Ok(sent.into_iter().map(SentFile::kept).collect())
    }

    /// Names the deliveries of the digests in which a complaint stood.
    pub async fn digest_files(&self, id: ComplaintId) -> Result<Vec<KeptFile>, StoreError> {
        let digests = "SELECT d.id, d.plugin FROM notifications n JOIN digest_lines l ON l.notification_id = n.id \
            JOIN deliveries d ON d.notification_id = l.digest_id WHERE n.complaint_id = $1";
        let sent: Vec<SentFile> = Statement::new(digests).with(id).all(&self.0.reader).await?;
        Ok(sent.into_iter().map(SentFile::kept).collect())
    }

    /// Names the files of a Maildir in which mails of a complaint came, those that came twice as well.
    pub async fn mail_files(&self, id: ComplaintId) -> Result<Vec<KeptFile>, StoreError> {
        let mails = Statement::select::<MailFile>("FROM mails WHERE complaint_id = $1 ORDER BY id");
        let mails: Vec<MailFile> = mails.with(id).all(&self.0.reader).await?;
        let again = "SELECT s.source FROM mails m JOIN mail_sightings s ON s.message_id = m.message_id \
            AND s.body_hash = m.body_hash WHERE m.complaint_id = $1";
        let again: Vec<String> = Statement::new(again).with(id).values("source", &self.0.reader).await?;
        let sources = mails.into_iter().map(|mail| mail.source).chain(again);
        Ok(sources
            .filter_map(|s| s.strip_prefix(MAILDIR).map(|name| KeptFile::Mail(name.to_owned())))
            .collect())
    }
}
