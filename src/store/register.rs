//! `Register`: the handle of reading complaints as people do: lists, one complaint's mails and notifications,
//! the register.

use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::row::Row;
use super::sets::ROWS;
use super::statement::Statement;
use super::tables::complaints::{Comparable, ComplaintKey, ListedComplaint, ListedRow, RegisterLine};
use super::tables::deadlines::DeadlineRow;
use super::tables::group_keys::{GroupableRow, digest};
use super::tables::mails::{Glance, ListedMail, MailSummary, RawMail};
use super::tables::notifications::{
    ListedNotification, NotificationRow, NotificationSummary, SentNotification,
};
use crate::complaint::{Complaint, ComplaintId, Deadline, GroupKey};
use std::collections::HashMap;

/// A choice of complaints; a part that is none leaves out nothing.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// The complaint after which the list goes on.
    pub after: Option<ComplaintId>,
    /// The state they are in.
    pub state: Option<String>,
    /// The group they belong to.
    pub group: Option<GroupKey>,
}

/// The handle of reading, for people.
#[derive(Clone, Debug)]
pub struct Register(pub(super) Database);

impl Register {
    /// Lists complaints in the order of intake, at most `limit`.
    pub async fn list(&self, filter: &ListFilter, limit: usize) -> Result<Vec<ListedComplaint>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let after = filter.after.unwrap_or(ComplaintId(0));
        let mut matching = Statement::new(ListedRow::statement())
            .and(" WHERE c.id > $1")
            .with(after)
            .and_equal("c.state", filter.state.as_deref());
        if let Some(group) = &filter.group {
            matching = matching
                .and(" AND c.id IN (SELECT complaint_id FROM group_keys WHERE digest IN ")
                .and_list([digest(group)])
                .and(")");
        }
        let rows: Vec<ListedRow> =
            matching.and(&format!(" ORDER BY c.id LIMIT {limit}")).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(ListedComplaint::from).collect())
    }

    /// Reads one complaint as it is compared with others.
    pub async fn comparable(&self, id: ComplaintId) -> Result<Option<Comparable>, StoreError> {
        Comparable::statement().and(" WHERE c.id = $1").with(id).first(&self.0.reader).await
    }

    /// Reads the newest complaints, at most `limit`, as they are compared with each other.
    pub async fn newest_comparable(&self, limit: usize) -> Result<Vec<Comparable>, StoreError> {
        Comparable::statement().and(" ORDER BY c.id DESC LIMIT $1").with(limit).all(&self.0.reader).await
    }

    /// Reads the complaints of who has an address, in lower case, that came before one, newest first, at most `limit`, as they are
    /// compared with each other.
    pub async fn comparable_of(
        &self,
        sender: &str,
        before: ComplaintId,
        limit: usize,
    ) -> Result<Vec<Comparable>, StoreError> {
        let theirs = Comparable::statement().and(" WHERE c.complainant_email = $1 AND c.id < $2");
        let theirs = theirs.and(" ORDER BY c.id DESC LIMIT $3").with(sender).with(before).with(limit);
        theirs.all(&self.0.reader).await
    }

    /// Reads the mails of a complaint, in the order they were taken in.
    pub async fn mails(&self, id: ComplaintId) -> Result<Vec<MailSummary>, StoreError> {
        let mails = Statement::select::<ListedMail>("FROM mails WHERE complaint_id = $1 ORDER BY id");
        let rows: Vec<ListedMail> = mails.with(id).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(MailSummary::from).collect())
    }

    /// Reads the mails that somebody sent, by an address in lower case, and that belong to no complaint, after one of them and in
    /// the order they were taken in, at most `limit`. Those without a sender are nobody's.
    pub async fn mails_of_none(
        &self,
        sender: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<MailSummary>, StoreError> {
        if sender.is_empty() {
            return Ok(Vec::new());
        }
        let alone = "FROM mails WHERE sender = $1 AND complaint_id IS NULL AND id > $2 ORDER BY id LIMIT $3";
        let alone = Statement::select::<ListedMail>(alone).with(sender).with(after).with(limit);
        let rows: Vec<ListedMail> = alone.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(MailSummary::from).collect())
    }

    /// Reads the first words of every mail of these complaints, in no order.
    pub async fn glances(&self, ids: &[ComplaintId]) -> Result<Vec<Glance>, StoreError> {
        let sql = "SELECT id, complaint_id, substr(body, 1, 600) AS text, attachments FROM mails WHERE complaint_id IN ";
        let these = Statement::new(sql).and_list(ids.iter().copied().chain([ComplaintId(0)]));
        these.all(&self.0.reader).await
    }

    /// Reads the bytes of a mail as it came in; none when there is none of this id, empty for a contact that
    /// somebody logged.
    pub async fn raw_mail(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let this = Statement::select::<RawMail>("FROM mails WHERE id = $1").with(id);
        Ok(this.first::<RawMail>(&self.0.reader).await?.map(|mail| mail.raw))
    }

    /// Reads the notifications of a complaint, oldest first.
    pub async fn notifications(&self, id: ComplaintId) -> Result<Vec<NotificationSummary>, StoreError> {
        self.notified(Statement::new(notified_sql("n.complaint_id = $1")).with(id)).await
    }

    /// Reads a notification by its id.
    pub async fn notification(&self, id: &str) -> Result<Option<SentNotification>, StoreError> {
        let this = Statement::select::<NotificationRow>("FROM notifications WHERE id = $1").with(id);
        Ok(this.first::<NotificationRow>(&self.0.reader).await?.map(SentNotification::from))
    }

    /// Reads the notifications that belong to no complaint, oldest first.
    pub async fn notices(&self) -> Result<Vec<NotificationSummary>, StoreError> {
        self.notified(Statement::new(notified_sql("n.complaint_id IS NULL"))).await
    }

    async fn notified(&self, statement: Statement) -> Result<Vec<NotificationSummary>, StoreError> {
        let rows: Vec<ListedNotification> = statement.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(NotificationSummary::from).collect())
    }

    /// Reads the register as the procedure wants it (docs/procedure.md row 25), by number.
    pub async fn lines(&self) -> Result<Vec<RegisterLine>, StoreError> {
        Statement::select::<RegisterLine>("FROM register ORDER BY number").all(&self.0.reader).await
    }

    /// Returns the complaints of the register that were received in a year, in the order of their numbers. Of each its key
    /// only, so that a year of any size is read in parts.
    pub async fn registered(&self, year: i32) -> Result<Vec<ComplaintId>, StoreError> {
        let of_year = "FROM complaints WHERE number IS NOT NULL AND received_on >= $1 AND received_on <= $2 ORDER BY number";
        let of_year = Statement::select::<ComplaintKey>(of_year);
        let of_year = of_year.with(format!("{year:04}-01-01")).with(format!("{year:04}-12-31"));
        let rows: Vec<ComplaintKey> = of_year.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Reads the next complaints of the register, in the order of their numbers, after this number; at most `limit`.
    pub async fn registered_after(&self, number: &str, limit: usize) -> Result<Vec<Complaint>, StoreError> {
        let columns = GroupableRow::columns();
        let sql = format!("SELECT {columns} FROM complaints WHERE number > $1 ORDER BY number LIMIT $2");
        let rows: Vec<GroupableRow> =
            Statement::new(sql).with(number).with(limit).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.facts.0).collect())
    }

    /// Returns all complaints received in a year in that order, also those without a number; of each its key only.
    pub async fn received(&self, year: i32) -> Result<Vec<ComplaintId>, StoreError> {
        let of_year = "FROM complaints WHERE received_on >= $1 AND received_on <= $2 ORDER BY received_on, received_at, id";
        let of_year = Statement::select::<ComplaintKey>(of_year);
        let of_year = of_year.with(format!("{year:04}-01-01")).with(format!("{year:04}-12-31"));
        let rows: Vec<ComplaintKey> = of_year.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Reads every instance of every term of complaints, in no order.
    pub async fn terms(&self, ids: &[ComplaintId]) -> Result<Vec<(ComplaintId, Deadline)>, StoreError> {
        let mut terms = Vec::new();
        for set in ids.chunks(ROWS) {
            let these = Statement::select::<DeadlineRow>("FROM deadlines WHERE complaint_id IN ");
            let rows: Vec<DeadlineRow> = these.and_list(set.iter().copied()).all(&self.0.reader).await?;
            terms.extend(rows.into_iter().map(|row| (row.complaint_id, row.into())));
        }
        Ok(terms)
    }

    /// Reads the facts of complaints, in the order of `ids`; those that are gone are left out.
    pub async fn facts(&self, ids: &[ComplaintId]) -> Result<Vec<(ComplaintId, Complaint)>, StoreError> {
        let mut facts = Vec::with_capacity(ids.len());
        for set in ids.chunks(ROWS) {
            let sql = format!("SELECT {} FROM complaints WHERE id IN ", GroupableRow::columns());
            let these = Statement::new(sql).and_list(set.iter().copied());
            let rows: Vec<GroupableRow> = these.all(&self.0.reader).await?;
            let mut found: HashMap<ComplaintId, Complaint> =
                rows.into_iter().map(|row| (row.id, row.facts.0)).collect();
            facts.extend(set.iter().filter_map(|id| Some((*id, found.remove(id)?))));
        }
        Ok(facts)
    }
}

/// Returns the select of notifications with the state of their worst unfinished delivery; `dead` stands
/// before `queued` and `recalled` in the alphabet, so the least state is the worst.
pub(super) fn notified_sql(condition: &str) -> String {
    format!(
        "SELECT n.id, n.version, n.ordinal, n.at, n.recipient, n.addresses, n.message, n.subject, n.body, n.rule, n.is_deliverable, \
         (SELECT MIN(u.state) FROM (SELECT d.state FROM deliveries d WHERE d.notification_id = n.id \
         UNION ALL SELECT d.state FROM digest_lines l JOIN deliveries d ON d.notification_id = l.digest_id \
         WHERE l.notification_id = n.id) u WHERE u.state <> '{}') AS unfinished, \
         (SELECT MIN(q.next_at) FROM deliveries q WHERE q.notification_id = n.id AND q.{} AND q.attempts = 0) AS goes_at, \
         g.state AS gathered, COALESCE(g.settled_at, g.due_at) AS digest_at \
         FROM notifications n LEFT JOIN gathered g ON g.notification_id = n.id WHERE {condition} ORDER BY n.at, n.version, n.ordinal, n.id",
        DeliveryState::Accepted,
        DeliveryState::Queued.condition()
    )
}
