//! `Dossiers`: the handle of reading one complaint from end to end in parts, however much there is of it.

use super::database::Database;
use super::error::StoreError;
use super::register::notified_sql;
use super::sets::ROWS;
use super::statement::Statement;
use super::tables::deliveries::CarriedDelivery;
use super::tables::events::StoredEvent;
use super::tables::mails::{ListedMail, MailSize, MailSummary, RawMail};
use super::tables::notifications::{ListedNotification, NotificationSummary};
use super::tables::publications::InForce;
use super::tables::rulesets::StoredRuleset;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, EventKind};

/// The handle of dossiers.
#[derive(Clone, Debug)]
pub struct Dossiers(pub(super) Database);

/// The place of a notification in the order of its complaint's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterPlace {
    /// The moment of its decision.
    pub at: Moment,
    /// The version of the complaint after it.
    pub version: i64,
    /// The place within the decision.
    pub ordinal: u32,
}

impl LetterPlace {
    /// The place before the first.
    pub const BEGINNING: Self = Self { at: Moment::from_millis(0), version: 0, ordinal: 0 };

    /// Returns the place of a notification.
    pub fn of(notification: &NotificationSummary) -> Self {
        let (version, ordinal) = notification.decision;
        Self { at: notification.at, version, ordinal }
    }
}

impl Dossiers {
    /// Reads the events of a complaint after a place in the trail and up to another, oldest first, at most `limit`.
    pub async fn events(
        &self,
        id: ComplaintId,
        (after, through): (i64, i64),
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let between = "FROM events WHERE complaint_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4";
        let between = Statement::select::<StoredEvent>(between).with(id).with(after).with(through);
        between.with(limit).all(&self.0.reader).await
    }

    /// Reads the events of one kind of a complaint, as [`Dossiers::events`] does.
    pub async fn events_of_kind(
        &self,
        id: ComplaintId,
        kind: EventKind,
        (after, through): (i64, i64),
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let between = "FROM events WHERE complaint_id = $1 AND seq > $2 AND seq <= $3 AND kind = $4 ORDER BY seq LIMIT $5";
        let between = Statement::select::<StoredEvent>(between).with(id).with(after).with(through);
        between.with(kind.as_str()).with(limit).all(&self.0.reader).await
    }

    /// Lists the mails of a complaint after one of them, with their sizes, in the order they were taken in, at most `limit`.
    pub async fn mail_sizes(
        &self,
        id: ComplaintId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<MailSize>, StoreError> {
        let sizes = Statement::new(
            "SELECT id, CAST(LENGTH(raw) + LENGTH(body) AS BIGINT) AS size FROM mails \
             WHERE complaint_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        );
        sizes.with(id).with(after).with(limit).all(&self.0.reader).await
    }

    /// Reads mails by their keys, in the order they were taken in; the first 500 count.
    pub async fn mails(&self, ids: &[i64]) -> Result<Vec<MailSummary>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let these = Statement::select::<ListedMail>("FROM mails WHERE id IN ").and_list(first(ids));
        let rows: Vec<ListedMail> = these.and(" ORDER BY id").all(&self.0.reader).await?;
        Ok(rows.into_iter().map(MailSummary::from).collect())
    }

    /// Reads the bytes of mails by their keys, in the order they were taken in; the first 500 count.
    pub async fn raw_mails(&self, ids: &[i64]) -> Result<Vec<RawMail>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let these = Statement::select::<RawMail>("FROM mails WHERE id IN ").and_list(first(ids));
        these.and(" ORDER BY id").all(&self.0.reader).await
    }

    /// Reads the notifications of a complaint behind a place, oldest first, at most `limit`.
    pub async fn notifications(
        &self,
        id: ComplaintId,
        after: LetterPlace,
        limit: usize,
    ) -> Result<Vec<NotificationSummary>, StoreError> {
        let behind = "n.complaint_id = $1 AND (n.at, n.version, n.ordinal) > ($2, $3, $4)";
        let behind = Statement::new(notified_sql(behind)).with(id).with(after.at).with(after.version);
        let behind = behind.with(i64::from(after.ordinal)).and(" LIMIT $5").with(limit);
        let rows: Vec<ListedNotification> = behind.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(NotificationSummary::from).collect())
    }

    /// Reads what carried these notifications, in no order; the first 500 count.
    pub async fn carried(&self, notifications: &[String]) -> Result<Vec<CarriedDelivery>, StoreError> {
        if notifications.is_empty() {
            return Ok(Vec::new());
        }
        let of_them = "FROM deliveries WHERE notification_id IN ";
        let of_them = Statement::select::<CarriedDelivery>(of_them).and_list(first(notifications));
        of_them.all(&self.0.reader).await
    }

    /// Reads a ruleset by its hash.
    pub async fn ruleset(&self, hash: &str) -> Result<Option<StoredRuleset>, StoreError> {
        let this = Statement::select::<StoredRuleset>("FROM rulesets WHERE hash = $1").with(hash);
        this.first(&self.0.reader).await
    }

    /// Lists the times that a ruleset came in force, oldest first.
    pub async fn in_force(&self, hash: &str) -> Result<Vec<InForce>, StoreError> {
        let times = Statement::select::<InForce>("FROM publications WHERE ruleset = $1 ORDER BY seq");
        times.with(hash).all(&self.0.reader).await
    }
}

/// Returns as many as one statement takes.
fn first<T: Clone>(all: &[T]) -> impl Iterator<Item = T> + '_ {
    all.iter().take(ROWS).cloned()
}
