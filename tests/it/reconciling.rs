//! Facts that somebody changed behind the program's back, and a trail whose end is cut off: what the two say of each
//! other is compared.

use crate::support::{TestApp, clear_complaint};
use redress::store::{Audit, AuditKey, Disagreement, Store};
use sqlx::Connection;
use std::sync::Arc;

async fn lived() -> TestApp {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.mail(&clear_complaint("jan@example.nl", "a1")).await;
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    app.mail(
        "From: Jan <jan@example.nl>\r\nSubject: Re: Klacht\r\nIn-Reply-To: <a1@example.nl>\r\nMessage-ID: <a3@example.nl>\r\n\r\nNog iets.\r\n",
    )
    .await;
    app.until("2027-01-20 10:00").await;
    app
}

/// A copy of the database on which these statements were run, opened anew.
async fn changed(app: &TestApp, statements: &str) -> (tempfile::TempDir, Store) {
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let original = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let mut connection = sqlx::AnyConnection::connect(&original).await.unwrap();
    sqlx::query(&format!("VACUUM INTO '{}'", copy.display())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let url = format!("sqlite:{}", copy.display());
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut connection).await.unwrap();
    for sql in statements.split(';').filter(|sql| !sql.is_empty()) {
        let done = sqlx::query(sql).execute(&mut connection).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        assert!(done.rows_affected() > 0, "{sql}");
    }
    connection.close().await.unwrap();
    let key = std::fs::read(app.folder.path().join("data/audit.key")).unwrap();
    let store = Store::open(&url, Arc::new(crate::support::amsterdam()), AuditKey::new(&key)).await.unwrap();
    (folder, store)
}

/// What is done, and what is said of it.
const CHANGES: &[(&str, &str)] = &[
    ("UPDATE complaints SET state = 'settled' WHERE id = 1", "its state is settled in its column and"),
    (
        "UPDATE complaints SET facts = replace(facts, '\"state\":\"in_treatment\"', '\"state\":\"settled\"') WHERE id = 1",
        "settled in its facts, and by the trail in_treatment",
    ),
    ("UPDATE complaints SET number = 'K-2026-0009' WHERE id = 2", "its number is K-2026-0009 in its column"),
    (
        "UPDATE deadlines SET due = due + 1 WHERE complaint_id = 1 AND name = 'decision_term'",
        "its deadline decision_term (number 1)",
    ),
    (
        "UPDATE deadlines SET breached_at = NULL WHERE complaint_id = 1 AND name = 'decision_term'",
        "its deadline decision_term (number 1)",
    ),
    (
        "DELETE FROM deadlines WHERE complaint_id = 1 AND name = 'first_reaction'; UPDATE complaints SET terms = '[]' WHERE id = 1",
        "its deadline first_reaction",
    ),
    (
        "UPDATE complaints SET terms = replace(terms, '\"breached_at\":1', '\"breached_at\":null,\"was\":1') WHERE id = 1",
        "its deadline decision_term (number 1)",
    ),
    (
        "UPDATE complaints SET facts = replace(facts, '\"status\":\"accepted\"', '\"status\":\"failed\"') WHERE id = 1",
        "its letter acknowledgement is failed, and by the trail accepted",
    ),
    (
        "DELETE FROM deliveries WHERE notification_id LIKE '1/1/%'; DELETE FROM notifications WHERE id = '1/1/2'",
        "its message 1/2 is not there",
    ),
    ("DELETE FROM digest_lines WHERE position = 1", "of digest digest/"),
    (
        "UPDATE gathered SET state = 'left_out' WHERE notification_id = (SELECT MIN(notification_id) FROM digest_lines)",
        "was left out of digests is not in the trail",
    ),
    ("DELETE FROM mails WHERE message_id = 'a3@example.nl'", "it has 1 mails, and by the trail 2"),
    ("DELETE FROM complaints WHERE id = 2", "the trail tells of it, and it is not there"),
    // The last events go, and the head is put where they began: the chain holds.
    (
        "DELETE FROM events WHERE seq > 20; \
         UPDATE meta SET value = (SELECT seq || ' ' || hash FROM events ORDER BY seq DESC LIMIT 1) WHERE name = 'audit_head'",
        "",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn facts_that_are_not_what_the_trail_says_are_named() {
    let app = lived().await;
    let (_folder, untouched) = changed(&app, "").await;
    assert_eq!(untouched.trail().reconcile().await.unwrap(), []);
    for (statements, expected) in CHANGES {
        let (_folder, store) = changed(&app, statements).await;
        assert!(matches!(store.trail().verify().await.unwrap(), Audit::Holds { .. }), "{statements}");
        let found = store.trail().reconcile().await.unwrap();
        let is_named = |d: &Disagreement| d.what.contains(expected);
        assert!(found.iter().any(is_named), "{statements}: {found:?}");
        store.close().await;
    }
}
