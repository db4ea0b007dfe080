//! `Records`: what the database holds, read by SQL of our own in one snapshot.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection, Row};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct EventRecord {
    pub seq: i64,
    pub complaint: Option<i64>,
    pub version: i64,
    pub at: i64,
    pub on_day: String,
    pub kind: String,
    pub by: String,
    pub via: String,
    pub rule: Option<String>,
    pub ruleset: String,
    pub summary: String,
    pub data: String,
    pub personal: Option<String>,
    pub salt: Option<String>,
    pub personal_digest: Option<String>,
    pub prev: String,
    pub hash: String,
    pub source: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ComplaintRecord {
    pub id: i64,
    pub intake_id: String,
    pub number: Option<String>,
    pub state: String,
    pub email: String,
    pub is_due: bool,
}

#[derive(Clone, Debug)]
pub struct MailRecord {
    pub complaint: Option<i64>,
    pub message_id: String,
    pub kind: String,
}

#[derive(Clone, Debug)]
pub struct NotificationRecord {
    pub id: String,
    pub complaint: Option<i64>,
    pub recipient: String,
    pub message: String,
    pub is_deliverable: bool,
    /// What became of it where mail tells of it in a digest: waiting, carried or left_out.
    pub gathered: Option<String>,
    /// The digests that carried it.
    pub digests: i64,
}

#[derive(Clone, Debug)]
pub struct DeliveryRecord {
    pub id: String,
    pub notification: Option<String>,
    pub complaint: Option<i64>,
    pub plugin: String,
    pub position: i64,
    pub state: String,
    pub attempts: i64,
    /// The attempts that were logged as made.
    pub logged: i64,
    /// True when it was never attempted because it waits for working hours.
    pub waits: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Records {
    pub complaints: Vec<ComplaintRecord>,
    pub mails: Vec<MailRecord>,
    pub events: Vec<EventRecord>,
    pub notifications: Vec<NotificationRecord>,
    pub deliveries: Vec<DeliveryRecord>,
    pub counters: BTreeMap<String, i64>,
    pub triggers: i64,
    pub head: Option<String>,
}

impl Records {
    /// Reads everything as it stood at one instant.
    pub async fn read(url: &str) -> Self {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(url).await.unwrap();
        let is_sqlite = url.starts_with("sqlite");
        let begin =
            if is_sqlite { "BEGIN" } else { "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY" };
        rows(&mut connection, begin).await;
        let records = Self::read_on(&mut connection).await;
        rows(&mut connection, "COMMIT").await;
        connection.close().await.unwrap();
        records
    }

    async fn read_on(c: &mut AnyConnection) -> Self {
        let counters = rows(c, "SELECT name, value FROM counters").await;
        let head = rows(c, "SELECT value FROM meta WHERE name = 'audit_head'").await;
        let triggers = rows(c, "SELECT COUNT(*) AS n FROM triggers").await;
        Self {
            complaints: complaints(c).await,
            mails: rows(c, "SELECT complaint_id, message_id, kind FROM mails ORDER BY id")
                .await
                .iter()
                .map(|r| MailRecord { complaint: r.get(0), message_id: r.get(1), kind: r.get(2) })
                .collect(),
            events: events(c).await,
            notifications: rows(
                c,
                "SELECT n.id, n.complaint_id, n.recipient, n.message, n.is_deliverable, g.state, \
                 (SELECT COUNT(*) FROM digest_lines l WHERE l.notification_id = n.id) \
                 FROM notifications n LEFT JOIN gathered g ON g.notification_id = n.id",
            )
            .await
            .iter()
            .map(|r| NotificationRecord {
                id: r.get(0),
                complaint: r.get(1),
                recipient: r.get(2),
                message: r.get(3),
                is_deliverable: r.get::<i64, _>(4) == 1,
                gathered: r.get(5),
                digests: r.get(6),
            })
            .collect(),
            deliveries: deliveries(c).await,
            counters: counters.iter().map(|r| (r.get(0), r.get(1))).collect(),
            triggers: triggers[0].get(0),
            head: head.first().map(|r| r.get(0)),
        }
    }

    /// The complaint that a sender opened.
    pub fn of_sender(&self, email: &str) -> Vec<&ComplaintRecord> {
        self.complaints.iter().filter(|c| c.email == email).collect()
    }

    /// What a complaint's rules and actions did and what was sent about it, in order.
    pub fn course(&self, complaint: i64) -> Vec<String> {
        let of_it = |e: &&EventRecord| e.complaint == Some(complaint);
        let fired = ["rule_fired", "action_taken", "notified", "deadline_armed", "deadline_met"];
        let named = self.events.iter().filter(of_it).filter(|e| fired.contains(&e.kind.as_str()));
        named.map(|e| format!("{} {}", e.kind, e.rule.as_deref().unwrap_or("engine"))).collect()
    }
}

async fn rows(connection: &mut AnyConnection, sql: &str) -> Vec<AnyRow> {
    sqlx::query(sql).fetch_all(connection).await.unwrap_or_else(|e| panic!("{sql}: {e}"))
}

async fn complaints(c: &mut AnyConnection) -> Vec<ComplaintRecord> {
    let now = redress::clock::Clock::now(&redress::clock::SystemClock).millis();
    let sql = format!(
        "SELECT id, intake_id, number, state, complainant_email, \
         CAST(CASE WHEN wake_at <= {now} THEN 1 ELSE 0 END AS BIGINT) FROM complaints ORDER BY id"
    );
    let all = rows(c, &sql).await;
    let one = |r: &AnyRow| ComplaintRecord {
        id: r.get(0),
        intake_id: r.get(1),
        number: r.get(2),
        state: r.get(3),
        email: r.get(4),
        is_due: r.get::<i64, _>(5) == 1,
    };
    all.iter().map(one).collect()
}

async fn events(c: &mut AnyConnection) -> Vec<EventRecord> {
    let sql = "SELECT seq, complaint_id, version, at, on_day, kind, caused_by, via, rule, ruleset, summary, data, \
        personal, salt, personal_digest, prev, hash, source FROM events ORDER BY seq";
    let one = |r: &AnyRow| EventRecord {
        seq: r.get(0),
        complaint: r.get(1),
        version: r.get(2),
        at: r.get(3),
        on_day: r.get(4),
        kind: r.get(5),
        by: r.get(6),
        via: r.get(7),
        rule: r.get(8),
        ruleset: r.get(9),
        summary: r.get(10),
        data: r.get(11),
        personal: r.get(12),
        salt: r.get(13),
        personal_digest: r.get(14),
        prev: r.get(15),
        hash: r.get(16),
        source: r.get(17),
    };
    rows(c, sql).await.iter().map(one).collect()
}

async fn deliveries(c: &mut AnyConnection) -> Vec<DeliveryRecord> {
    let sql = "SELECT id, notification_id, complaint_id, plugin, position, state, attempts, \
        (SELECT COUNT(*) FROM delivery_attempts a WHERE a.delivery_id = d.id AND a.outcome <> 'held'), \
        CASE WHEN attempts = 0 AND next_at > created_at THEN 1 ELSE 0 END FROM deliveries d ORDER BY id";
    let one = |r: &AnyRow| DeliveryRecord {
        id: r.get(0),
        notification: r.get(1),
        complaint: r.get(2),
        plugin: r.get(3),
        position: r.get(4),
        state: r.get(5),
        attempts: r.get(6),
        logged: r.get(7),
        waits: r.get::<i64, _>(8) == 1,
    };
    rows(c, sql).await.iter().map(one).collect()
}
