//! A register of some thousand complaints, made of the few that a test has left by copying them within the database,
//! and spread as in one that has been at work for years: most complaints are over, most deliveries have arrived.

use sqlx::AnyPool;

/// The copies of each row.
const COPIES: i64 = 300;

/// What is not copied as it is: table, column, and what stands in the `i`-th copy.
const SPREAD: &[(&str, &str, &str)] = &[
    ("complaints", "id", "id + i * 1000"),
    ("complaints", "intake_id", "intake_id || '-' || CAST(i AS TEXT)"),
    ("complaints", "number", "number || '-' || CAST(i AS TEXT)"),
    ("complaints", "is_live", "CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END"),
    ("complaints", "state", "CASE WHEN i % 10 = 0 THEN 'a' WHEN i % 3 = 0 THEN 'b' ELSE 'c' END"),
    ("complaints", "wake_at", "CASE WHEN i % 10 = 0 THEN 1795424400000 + i * 3600000 ELSE NULL END"),
    ("complaints", "evaluated_under", "'s' || CAST(i % 3 AS TEXT)"),
    ("complaints", "complainant_email", "'k' || CAST(i % 100 AS TEXT) || '@example.nl'"),
    ("complaints", "received_at", "received_at - i * 43200000"),
    (
        "complaints",
        "received_on",
        "'20' || CAST(12 + i % 15 AS TEXT) || '-0' || CAST(1 + i % 9 AS TEXT) || '-1' || CAST(i % 10 AS TEXT)",
    ),
    ("conversations", "complaint_id", "complaint_id + i * 1000"),
    ("conversations", "reference", "reference || '-' || CAST(i AS TEXT)"),
    ("deadlines", "complaint_id", "complaint_id + i * 1000"),
    ("deadlines", "due", "due - i * 43200000"),
    ("deadlines", "met_at", "CASE WHEN i % 50 = 0 THEN NULL ELSE due END"),
    ("deliveries", "id", "id || '-' || CAST(i AS TEXT)"),
    ("deliveries", "notification_id", "notification_id || '-' || CAST(i AS TEXT)"),
    ("deliveries", "complaint_id", "complaint_id + i * 1000"),
    (
        "deliveries",
        "state",
        "CASE WHEN i % 40 = 0 THEN 'queued' WHEN i % 60 = 1 THEN 'dead' ELSE 'accepted' END",
    ),
    ("deliveries", "created_at", "created_at - i * 43200000"),
    ("deliveries", "finished_at", "CASE WHEN i % 40 = 0 THEN NULL ELSE created_at - i * 43200000 END"),
    ("deliveries", "capped_address", "'k' || CAST(i % 100 AS TEXT) || '@example.nl'"),
    ("delivery_attempts", "delivery_id", "delivery_id || '-' || CAST(i AS TEXT)"),
    ("digest_lines", "digest_id", "digest_id || '-' || CAST(i AS TEXT)"),
    ("digest_lines", "notification_id", "notification_id || '-' || CAST(i AS TEXT)"),
    ("events", "seq", "seq + i * 100000"),
    ("events", "complaint_id", "complaint_id + i * 1000"),
    ("events", "at", "at - i * 43200000"),
    ("gathered", "notification_id", "notification_id || '-' || CAST(i AS TEXT)"),
    ("gathered", "state", "CASE WHEN i % 40 = 0 THEN 'waiting' ELSE 'carried' END"),
    ("gathered", "due_at", "due_at - i * 43200000"),
    ("group_keys", "complaint_id", "complaint_id + i * 1000"),
    ("group_keys", "digest", "'g' || CAST(i % 100 AS TEXT)"),
    ("links", "complaint_id", "complaint_id + i * 1000"),
    ("links", "other_id", "other_id + i * 1000"),
    ("mail_sightings", "message_id", "message_id || '-' || CAST(i AS TEXT)"),
    ("mails", "id", "id + i * 1000"),
    ("mails", "complaint_id", "complaint_id + i * 1000"),
    ("mails", "sender", "sender || '-' || CAST(i % 500 AS TEXT)"),
    ("mails", "message_id", "message_id || '-' || CAST(i AS TEXT)"),
    ("notifications", "id", "id || '-' || CAST(i AS TEXT)"),
    ("notifications", "complaint_id", "complaint_id + i * 1000"),
    ("notifications", "at", "at - i * 43200000"),
    ("search", "id", "id + i * 4294967296000"),
    ("threads", "message_id", "message_id || '-' || CAST(i AS TEXT)"),
    ("threads", "complaint_id", "complaint_id + i * 1000"),
    ("views", "complaint_id", "complaint_id + i * 1000"),
    ("views", "hour", "hour - i * 12"),
];

/// The tables that grow with complaints, mails, decisions and deliveries, in the order in which they refer to each other.
/// The others hold what is at work now (triggers), or grow with what people publish, record and set up.
pub const TABLES: [&str; 16] = [
    "complaints",
    "notifications",
    "conversations",
    "deadlines",
    "deliveries",
    "delivery_attempts",
    "digest_lines",
    "events",
    "gathered",
    "group_keys",
    "links",
    "mail_sightings",
    "mails",
    "search",
    "threads",
    "views",
];

/// Fills the tables of a database of PostgreSQL, and has it look at what is in them.
pub async fn fill(pool: &AnyPool) {
    for table in TABLES {
        let named = format!(
            "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}' AND is_generated = 'NEVER'"
        );
        let columns: Vec<String> = sqlx::query_scalar(&named).fetch_all(pool).await.unwrap();
        let copied: Vec<&str> = columns
            .iter()
            .map(|column| {
                let spread = SPREAD.iter().find(|(t, c, _)| *t == table && c == column);
                spread.map_or(column.as_str(), |(_, _, value)| value)
            })
            .collect();
        let sql = format!(
            "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {COPIES}) \
             INSERT INTO {table} ({}) SELECT {} FROM {table}, n",
            columns.join(", "),
            copied.join(", ")
        );
        let filled = sqlx::query(&sql).execute(pool).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        assert!(filled.rows_affected() > 0, "the scenario leaves no row in {table}");
    }
    sqlx::query("ANALYZE").execute(pool).await.unwrap();
}
