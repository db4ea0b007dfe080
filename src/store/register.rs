//! `Register`: the handle of reading complaints as people do: lists, one complaint's mails and notifications,
//! the register.

use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::statement::Statement;
use super::tables::complaints::{Comparable, FactsRow, ListedComplaint, ListedRow, RegisterLine};
use super::tables::deadlines::RUNS;
use super::tables::mails::{ListedMail, MailSummary, RawMail};
use super::tables::notifications::{ListedNotification, NotificationSummary};
use crate::complaint::{Complaint, ComplaintId};

/// The handle of reading, for people.
#[derive(Clone, Debug)]
pub struct Register(pub(super) Database);

impl Register {
    /// Lists complaints in the order of intake, all or those in one state, at most `limit`.
    pub async fn list(&self, state: Option<&str>, limit: usize) -> Result<Vec<ListedComplaint>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT c.id, c.intake_id, c.number, c.state, c.subject, c.complainant_name, c.complainant_email, \
             c.responsible, c.received_at, c.promised_by, c.facts, c.faults, \
             (SELECT MIN(due_on) FROM deadlines WHERE complaint_id = c.id AND {RUNS}) AS next_deadline \
             FROM complaints c WHERE 1 = 1"
        );
        let matching = Statement::new(sql).and_equal("c.state", state);
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

    /// Reads the mails of a complaint, in the order they were taken in.
    pub async fn mails(&self, id: ComplaintId) -> Result<Vec<MailSummary>, StoreError> {
        let mails = Statement::select::<ListedMail>("FROM mails WHERE complaint_id = $1 ORDER BY id");
        let rows: Vec<ListedMail> = mails.with(id).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(MailSummary::from).collect())
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

    /// Reads the complaints of the register in the order of their numbers, all or those received in a year.
    pub async fn registered(&self, year: Option<i32>) -> Result<Vec<Complaint>, StoreError> {
        let registered = Statement::select::<FactsRow>("FROM complaints WHERE number IS NOT NULL")
            .and_equal("substr(received_on, 1, 4)", year.map(|y| y.to_string()))
            .and(" ORDER BY number");
        let rows: Vec<FactsRow> = registered.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.facts.0).collect())
    }
}

/// Returns the select of notifications with the state of their worst unfinished delivery; `dead` stands
/// before `queued` in the alphabet, so the least state is the worst.
fn notified_sql(condition: &str) -> String {
    format!(
        "SELECT n.id, n.at, n.recipient, n.addresses, n.message, n.subject, n.rule, n.is_deliverable, \
         (SELECT MIN(d.state) FROM deliveries d WHERE (d.notification_id = n.id OR d.notification_id IN \
         (SELECT digest_id FROM digest_lines WHERE notification_id = n.id)) AND d.state <> '{}') AS unfinished, \
         g.state AS gathered, COALESCE(g.settled_at, g.due_at) AS digest_at \
         FROM notifications n LEFT JOIN gathered g ON g.notification_id = n.id WHERE {condition} ORDER BY n.at, n.version, n.ordinal, n.id",
        DeliveryState::Accepted
    )
}
