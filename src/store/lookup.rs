//! Reads for people: lists, one complaint's history, totals.

use super::{Store, StoreError};
use crate::calendar::{Date, Moment};
use crate::complaint::{Attachment, Complaint, ComplaintId, MailKind, UnknownWord};
use serde::Serialize;
use sqlx::Row;

#[derive(Clone, Debug, Serialize)]
pub struct ListedComplaint {
    pub intake_id: String,
    pub number: Option<String>,
    pub state: String,
    pub subject: String,
    pub complainant: String,
    pub responsible: Option<String>,
    #[serde(skip)]
    pub received_at: Moment,
    pub promised_by: Option<String>,
    pub next_deadline: Option<String>,
    /// Whether a rule has failed for it under the ruleset in force.
    pub is_faulty: bool,
    #[serde(skip)]
    pub facts: Complaint,
}

#[derive(Clone, Debug, Serialize)]
pub struct MailSummary {
    pub id: i64,
    #[serde(skip)]
    pub received_at: Moment,
    pub kind: MailKind,
    pub sender: String,
    pub subject: String,
    pub body: String,
    pub attachments: Vec<Attachment>,
    pub remarks: Vec<String>,
    /// The byte of the body at which the quoted history begins.
    #[serde(skip)]
    pub history_at: Option<i64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct NotificationSummary {
    #[serde(skip)]
    pub at: Moment,
    pub recipient: String,
    pub addresses: String,
    pub message: String,
    pub subject: String,
    pub rule: Option<String>,
    /// How far its deliveries are, such as `accepted` or `dead`; `undeliverable` without any.
    pub state: String,
}

/// A complaint as the shortlist of similar ones compares it.
#[derive(Clone, Debug)]
pub struct Comparable {
    pub id: ComplaintId,
    pub intake_id: String,
    pub number: Option<String>,
    pub state: String,
    pub decided_on: Option<Date>,
    pub sender: String,
    pub subject: String,
    /// The beginning of the first mail.
    pub text: String,
}

/// Counts for reports and `doctor`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub complaints: i64,
    pub live: i64,
    pub faulty: i64,
    pub overdue_deadlines: i64,
    pub queued: i64,
    pub dead: i64,
    pub undeliverable: i64,
}

impl Store {
    pub async fn list(&self, state: Option<&str>, limit: usize) -> Result<Vec<ListedComplaint>, StoreError> {
        let sql = "SELECT c.intake_id, c.number, c.state, c.subject, c.complainant_name, c.complainant_email, \
            c.responsible, c.received_at, c.promised_by, \
            (SELECT MIN(d.due_on) FROM deadlines d WHERE d.complaint_id = c.id AND d.is_current = 1 \
             AND d.met_at IS NULL AND d.cancelled_at IS NULL), c.facts, c.faults \
            FROM complaints c WHERE c.state = $1 OR $1 = '' ORDER BY c.id LIMIT $2";
        let query = sqlx::query(sql).bind(state.unwrap_or_default().to_owned()).bind(limit as i64);
        let rows = query.fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                let (name, email): (String, String) = (r.try_get(4)?, r.try_get(5)?);
                Ok(ListedComplaint {
                    intake_id: r.try_get(0)?,
                    number: r.try_get(1)?,
                    state: r.try_get(2)?,
                    subject: r.try_get(3)?,
                    complainant: if name.is_empty() { email } else { name },
                    responsible: r.try_get(6)?,
                    received_at: Moment::from_millis(r.try_get(7)?),
                    promised_by: r.try_get(8)?,
                    next_deadline: r.try_get(9)?,
                    is_faulty: r.try_get::<String, _>(11)? != "[]",
                    facts: serde_json::from_str(&r.try_get::<String, _>(10)?)
                        .map_err(|e| StoreError::corrupt("complaint", e))?,
                })
            })
            .collect()
    }

    /// One complaint, or the newest ones, as they are compared with each other.
    pub async fn comparable(
        &self,
        id: Option<ComplaintId>,
        limit: usize,
    ) -> Result<Vec<Comparable>, StoreError> {
        let sql = "SELECT c.id, c.intake_id, c.number, c.state, c.decided_on, c.complainant_email, c.subject, \
            (SELECT substr(m.body, 1, 4000) FROM mails m WHERE m.complaint_id = c.id ORDER BY m.id LIMIT 1) \
            FROM complaints c WHERE c.id = $1 OR $1 = -1 ORDER BY c.id DESC LIMIT $2";
        let query = sqlx::query(sql).bind(id.map_or(-1, |i| i.0)).bind(limit as i64);
        let rows = query.fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                let decided_on: Option<String> = r.try_get(4)?;
                Ok(Comparable {
                    id: ComplaintId(r.try_get(0)?),
                    intake_id: r.try_get(1)?,
                    number: r.try_get(2)?,
                    state: r.try_get(3)?,
                    decided_on: decided_on.and_then(|d| d.parse().ok()),
                    sender: r.try_get(5)?,
                    subject: r.try_get(6)?,
                    text: r.try_get::<Option<String>, _>(7)?.unwrap_or_default(),
                })
            })
            .collect()
    }

    pub async fn mails(&self, id: ComplaintId) -> Result<Vec<MailSummary>, StoreError> {
        let sql = "SELECT received_at, kind, sender, subject, body, attachments, remarks, id, history_at FROM mails \
            WHERE complaint_id = $1 ORDER BY id";
        let rows = sqlx::query(sql).bind(id.0).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                let id: i64 = r.try_get(7)?;
                let wrong = |column: &str, why: String| {
                    StoreError::corrupt("mail", format!("table mails, column {column}, row {id}: {why}"))
                };
                let (kind, attachments): (String, String) = (r.try_get(1)?, r.try_get(5)?);
                let remarks: String = r.try_get(6)?;
                Ok(MailSummary {
                    received_at: Moment::from_millis(r.try_get(0)?),
                    kind: kind.parse().map_err(|e: UnknownWord| wrong("kind", e.to_string()))?,
                    sender: r.try_get(2)?,
                    subject: r.try_get(3)?,
                    body: r.try_get(4)?,
                    attachments: serde_json::from_str(&attachments)
                        .map_err(|e| wrong("attachments", e.to_string()))?,
                    remarks: remarks.lines().map(str::to_owned).collect(),
                    id,
                    history_at: r.try_get(8)?,
                })
            })
            .collect()
    }

    /// A mail as it came in; empty for a contact that somebody logged.
    pub async fn raw_mail(&self, id: i64) -> Result<Vec<u8>, StoreError> {
        let row = sqlx::query("SELECT raw FROM mails WHERE id = $1").bind(id).fetch_one(&self.reader).await?;
        Ok(row.try_get(0)?)
    }

    /// The notifications of a complaint, or those of no complaint.
    pub async fn notifications(
        &self,
        id: Option<ComplaintId>,
    ) -> Result<Vec<NotificationSummary>, StoreError> {
        let sql = "SELECT n.at, n.recipient, n.addresses, n.message, n.subject, n.rule, n.is_deliverable, \
            (SELECT MIN(d.state) FROM deliveries d WHERE d.notification_id = n.id AND d.state <> 'accepted'), n.id \
            FROM notifications n WHERE n.complaint_id = $1 OR ($1 = -1 AND n.complaint_id IS NULL) \
            ORDER BY n.at, n.version, n.ordinal, n.id";
        let rows = sqlx::query(sql).bind(id.map_or(-1, |i| i.0)).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                let is_deliverable: i64 = r.try_get(6)?;
                let unfinished: Option<String> = r.try_get(7)?;
                let state = if is_deliverable == 0 {
                    "undeliverable".to_owned()
                } else {
                    unfinished.unwrap_or_else(|| "accepted".to_owned())
                };
                Ok(NotificationSummary {
                    at: Moment::from_millis(r.try_get(0)?),
                    recipient: r.try_get(1)?,
                    addresses: r.try_get(2)?,
                    message: r.try_get(3)?,
                    subject: r.try_get(4)?,
                    rule: r.try_get(5)?,
                    state,
                })
            })
            .collect()
    }

    pub async fn totals(&self, now: Moment) -> Result<Totals, StoreError> {
        let count = async |sql: &str| -> Result<i64, StoreError> {
            Ok(sqlx::query_scalar(sql).fetch_one(&self.reader).await?)
        };
        let overdue = format!(
            "SELECT COUNT(*) FROM deadlines WHERE is_current = 1 AND met_at IS NULL AND cancelled_at IS NULL AND due < {}",
            now.millis()
        );
        Ok(Totals {
            complaints: count("SELECT COUNT(*) FROM complaints").await?,
            live: count("SELECT COUNT(*) FROM complaints WHERE is_live = 1").await?,
            faulty: count("SELECT COUNT(*) FROM complaints WHERE faults <> '[]'").await?,
            overdue_deadlines: count(&overdue).await?,
            queued: count("SELECT COUNT(*) FROM deliveries WHERE state = 'queued'").await?,
            dead: count("SELECT COUNT(*) FROM deliveries WHERE state = 'dead'").await?,
            undeliverable: count("SELECT COUNT(*) FROM notifications WHERE is_deliverable = 0").await?,
        })
    }

    /// The register: the six columns of the procedure, then number and state.
    pub async fn register(&self) -> Result<Vec<Vec<String>>, StoreError> {
        let sql = "SELECT description, complainant, responsible, solution, agreement, date, number, state \
            FROM register ORDER BY number";
        let rows = sqlx::query(sql).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| (0..8).map(|i| Ok(r.try_get::<Option<String>, _>(i)?.unwrap_or_default())).collect())
            .collect()
    }

    /// The complaints of the register in the order of their numbers, all or those received in a year.
    pub async fn registered(&self, year: Option<i32>) -> Result<Vec<Complaint>, StoreError> {
        let sql = "SELECT facts FROM complaints WHERE number IS NOT NULL \
            AND (substr(received_on, 1, 4) = $1 OR $1 = '') ORDER BY number";
        let year = year.map(|y| y.to_string()).unwrap_or_default();
        let rows = sqlx::query(sql).bind(year).fetch_all(&self.reader).await?;
        let facts = rows.iter().map(|r| r.try_get::<String, _>(0));
        facts.map(|f| serde_json::from_str(&f?).map_err(|e| StoreError::corrupt("complaint", e))).collect()
    }

    /// Complaints received and decided within a period, by state and verdict: the counts of a report.
    pub async fn counts(&self, from: Date, to: Date) -> Result<serde_json::Value, StoreError> {
        let mut counts = serde_json::Map::new();
        let (from, to) = (from.to_string(), to.to_string());
        for (name, sql) in [
            ("received", "SELECT COUNT(*) FROM complaints WHERE received_on >= $1 AND received_on <= $2"),
            (
                "registered",
                "SELECT COUNT(*) FROM complaints WHERE number IS NOT NULL AND received_on >= $1 AND received_on <= $2",
            ),
            ("decided", "SELECT COUNT(*) FROM complaints WHERE decided_on >= $1 AND decided_on <= $2"),
            (
                "agreed",
                "SELECT COUNT(*) FROM complaints WHERE agreement = 'yes' AND decided_on >= $1 AND decided_on <= $2",
            ),
            (
                "disagreed",
                "SELECT COUNT(*) FROM complaints WHERE agreement = 'no' AND decided_on >= $1 AND decided_on <= $2",
            ),
            (
                "open",
                "SELECT COUNT(*) FROM complaints WHERE decided_on IS NULL AND is_live = 1 AND received_on >= $1 AND received_on <= $2",
            ),
        ] {
            let count: i64 =
                sqlx::query_scalar(sql).bind(from.clone()).bind(to.clone()).fetch_one(&self.reader).await?;
            counts.insert(name.to_owned(), count.into());
        }
        counts.insert("from".to_owned(), from.into());
        counts.insert("to".to_owned(), to.into());
        Ok(counts.into())
    }
}
