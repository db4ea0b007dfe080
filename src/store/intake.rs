//! Taking in: mails, new complaints, and the triggers that wait for a decision.

use super::commit::{COMPLAINT_COLUMNS, raise, raise_each};
use super::mailboxes::advance;
use super::rows::{Cell, ROWS, cells, insert, list};
use super::{NewMail, Store, StoreError};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, IntakeId, LinkKind, Number};
use chrono::Datelike;
use sqlx::{Any, Row, Transaction};
use std::collections::HashMap;

/// Earlier complaints of a sender that a new one is compared with.
const CANDIDATES: i64 = 50;

/// What is known of a mail that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Not,
    ThisMail,
    AnotherUnderItsId,
}

/// A complaint as threading sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: ComplaintId,
    pub intake_id: String,
    pub number: Option<Number>,
    pub complainant_email: String,
}

impl Store {
    /// Whether this mail, or another under its Message-ID, has been taken in before.
    pub async fn known_mail(&self, message_id: &str, body_hash: &str) -> Result<Known, StoreError> {
        let sql = "SELECT body_hash FROM mails WHERE message_id = $1 LIMIT 100";
        let query = sqlx::query_scalar(sql).bind(message_id.to_owned());
        let hashes: Vec<String> = query.fetch_all(&self.reader).await?;
        Ok(match hashes.is_empty() {
            true => Known::Not,
            false if hashes.iter().any(|h| h == body_hash) => Known::ThisMail,
            false => Known::AnotherUnderItsId,
        })
    }

    /// The complaint to which any of these message ids belongs; the newest when there are several.
    pub async fn by_message_ids(&self, ids: &[String]) -> Result<Option<ComplaintId>, StoreError> {
        if ids.is_empty() {
            return Ok(None);
        }
        let ids = &ids[..ids.len().min(ROWS)];
        let sql = format!(
            "SELECT complaint_id FROM threads WHERE message_id IN ({}) ORDER BY complaint_id DESC LIMIT 1",
            list(0, ids.len())
        );
        let query = ids.iter().fold(sqlx::query_scalar(&sql), |query, id| query.bind(id.clone()));
        let id: Option<i64> = query.fetch_optional(&self.reader).await?;
        Ok(id.map(ComplaintId))
    }

    /// A complaint by number or intake id.
    pub async fn find(&self, reference: &str) -> Result<Option<Candidate>, StoreError> {
        let sql = "SELECT id, intake_id, number, complainant_email FROM complaints WHERE number = $1 OR intake_id = $1";
        let row = sqlx::query(sql).bind(reference.to_owned()).fetch_optional(&self.reader).await?;
        row.as_ref().map(read_candidate).transpose()
    }

    pub async fn candidate(&self, id: ComplaintId) -> Result<Option<Candidate>, StoreError> {
        let sql = "SELECT id, intake_id, number, complainant_email FROM complaints WHERE id = $1";
        let row = sqlx::query(sql).bind(id.0).fetch_optional(&self.reader).await?;
        row.as_ref().map(read_candidate).transpose()
    }

    /// Stores a mail and the complaint it opens, in one transaction, before anything else can go wrong.
    /// `complaint` makes the facts from the intake id; none when the same mail was stored meanwhile.
    pub async fn open_complaint(
        &self,
        mail: NewMail,
        trigger: &str,
        now: Moment,
        complaint: impl FnOnce(IntakeId) -> Complaint,
    ) -> Result<Option<(ComplaintId, IntakeId)>, StoreError> {
        let year = self.calendar.day_of(now).map_err(|e| StoreError::corrupt("date", e))?.year();
        let mut tx = self.begin().await?;
        let raised = raise_each(&mut tx, &["complaint", &format!("intake {year}"), "mail"]).await?;
        let (id, intake_id) = (ComplaintId(raised[0]), IntakeId::new(year, raised[1]));
        let mut facts = complaint(intake_id.clone());
        facts.links = self.candidates(&mut tx, &facts.complainant.email).await?;
        insert(
            &mut tx,
            &format!("complaints ({COMPLAINT_COLUMNS})"),
            vec![self.first_row(id, &facts, now)?],
            "",
        )
        .await?;
        let message_id = mail.message_id.clone();
        if !store_mail(&mut tx, raised[2], Some(id), mail).await? {
            return Ok(None);
        }
        let links = facts.links.iter().map(|l| cells![id.0, l.other.0, l.kind.as_str()]).collect();
        insert(&mut tx, "links (complaint_id, other_id, kind)", links, "").await?;
        add_thread(&mut tx, &message_id, id).await?;
        add_trigger(&mut tx, &format!("received {}", id.0), id, now, trigger).await?;
        self.finish(tx).await?;
        Ok(Some((id, intake_id)))
    }

    /// Adds a mail to a complaint and wakes it; false when the same mail was stored meanwhile.
    pub async fn add_mail(
        &self,
        id: ComplaintId,
        mail: NewMail,
        trigger: Option<&str>,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let message_id = mail.message_id.clone();
        let key = format!("mail {} {}", mail.message_id, mail.body_hash);
        let mail_id = raise(&mut tx, "mail", 1).await?;
        if !store_mail(&mut tx, mail_id, Some(id), mail).await? {
            return Ok(false);
        }
        add_thread(&mut tx, &message_id, id).await?;
        if let Some(trigger) = trigger {
            add_trigger(&mut tx, &key, id, now, trigger).await?;
            wake(&mut tx, &[id], now).await?;
        }
        self.finish(tx).await?;
        Ok(true)
    }

    /// Keeps a mail that belongs to no complaint; false when it was stored meanwhile.
    pub async fn keep_mail(&self, mail: NewMail) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let mail_id = raise(&mut tx, "mail", 1).await?;
        let stored = store_mail(&mut tx, mail_id, None, mail).await?;
        self.finish(tx).await?;
        Ok(stored)
    }

    /// The oldest waiting trigger of each complaint, and how many wait.
    pub async fn triggers(
        &self,
        ids: &[ComplaintId],
    ) -> Result<HashMap<ComplaintId, (String, String, usize)>, StoreError> {
        let mut found: HashMap<ComplaintId, (String, String, usize)> = HashMap::new();
        for chunk in ids.chunks(ROWS) {
            let sql = format!(
                "SELECT complaint_id, id, content FROM triggers WHERE complaint_id IN ({}) ORDER BY at, id",
                list(0, chunk.len())
            );
            let query = chunk.iter().fold(sqlx::query(&sql), |query, id| query.bind(id.0));
            for row in query.fetch_all(&self.reader).await? {
                let id = ComplaintId(row.try_get(0)?);
                let (key, content): (String, String) = (row.try_get(1)?, row.try_get(2)?);
                found.entry(id).or_insert((key, content, 0)).2 += 1;
            }
        }
        Ok(found)
    }

    /// Open or decided complaints of the same sender, newest first.
    pub(super) async fn candidates(
        &self,
        tx: &mut Transaction<'static, Any>,
        email: &str,
    ) -> Result<Vec<crate::complaint::Link>, StoreError> {
        if email.is_empty() {
            return Ok(Vec::new());
        }
        let sql = "SELECT id FROM complaints WHERE complainant_email = $1 ORDER BY id DESC LIMIT $2";
        let rows = sqlx::query(sql).bind(email.to_owned()).bind(CANDIDATES).fetch_all(&mut **tx).await?;
        rows.iter()
            .map(|r| {
                Ok(crate::complaint::Link { kind: LinkKind::Candidate, other: ComplaintId(r.try_get(0)?) })
            })
            .collect()
    }

    fn first_row(&self, id: ComplaintId, c: &Complaint, now: Moment) -> Result<Vec<Cell>, StoreError> {
        let facts = serde_json::to_string(c).map_err(|e| StoreError::corrupt("complaint", e))?;
        let received_on = self.calendar.day_of(c.received_at).map(|d| d.to_string()).unwrap_or_default();
        let nothing = || None::<String>;
        Ok(cells![
            id.0,
            c.intake_id.as_str(),
            nothing(),
            0_i64,
            c.state.as_str(),
            true,
            c.subject.as_str(),
            c.complainant.name.as_str(),
            c.complainant.email.as_str(),
            nothing(),
            c.received_at.millis(),
            received_on,
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            Some(now.millis()),
            "",
            c.received_at.millis(),
            facts,
            "[]",
            "[]",
            "[]",
            Some("[]".to_owned()),
        ])
    }
}

fn read_candidate(row: &sqlx::any::AnyRow) -> Result<Candidate, StoreError> {
    Ok(Candidate {
        id: ComplaintId(row.try_get(0)?),
        intake_id: row.try_get(1)?,
        number: row.try_get::<Option<String>, _>(2)?.map(Number::from),
        complainant_email: row.try_get(3)?,
    })
}

pub(super) async fn add_trigger(
    tx: &mut Transaction<'static, Any>,
    key: &str,
    id: ComplaintId,
    at: Moment,
    content: &str,
) -> Result<(), StoreError> {
    let row = cells![key, id.0, at.millis(), content];
    insert(tx, "triggers (id, complaint_id, at, content)", vec![row], "ON CONFLICT (id) DO NOTHING").await?;
    Ok(())
}

/// Makes complaints due at once; the version goes up, so a decision under way notices.
pub(super) async fn wake(
    tx: &mut Transaction<'static, Any>,
    ids: &[ComplaintId],
    at: Moment,
) -> Result<(), StoreError> {
    for set in ids.chunks(ROWS) {
        let sql = format!(
            "UPDATE complaints SET wake_at = $1, version = version + 1 WHERE id IN ({})",
            list(1, set.len())
        );
        let query = set.iter().fold(sqlx::query(&sql).bind(at.millis()), |query, id| query.bind(id.0));
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

async fn add_thread(
    tx: &mut Transaction<'static, Any>,
    message_id: &str,
    id: ComplaintId,
) -> Result<(), StoreError> {
    let row = cells![message_id, id.0];
    insert(tx, "threads (message_id, complaint_id)", vec![row], "ON CONFLICT (message_id) DO NOTHING")
        .await?;
    Ok(())
}

async fn store_mail(
    tx: &mut Transaction<'static, Any>,
    id: i64,
    complaint: Option<ComplaintId>,
    mail: NewMail,
) -> Result<bool, StoreError> {
    if let Some(cursor) = &mail.cursor {
        advance(tx, cursor).await?;
    }
    let attachments =
        serde_json::to_string(&mail.attachments).map_err(|e| StoreError::corrupt("attachments", e))?;
    let row = cells![
        id,
        complaint.map(|c| c.0),
        mail.received_at.millis(),
        mail.source,
        mail.kind.as_str(),
        mail.message_id,
        mail.body_hash,
        mail.sender,
        mail.subject,
        mail.body,
        attachments,
        mail.remarks.join("\n"),
        mail.raw,
        mail.history_at,
    ];
    let columns = "mails (id, complaint_id, received_at, source, kind, message_id, body_hash, sender, subject, body, \
        attachments, remarks, raw, history_at)";
    let stored =
        insert(tx, columns, vec![row], "ON CONFLICT (message_id, body_hash) DO NOTHING RETURNING id").await?;
    Ok(!stored.is_empty())
}
