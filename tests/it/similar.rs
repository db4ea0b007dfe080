//! Complaints that are like another: a shortlist, best first, however long ago the same sender complained.

use crate::support::TestApp;
use redress::complaint::ComplaintId;

#[tokio::test]
async fn similar_complaints_are_a_ranked_shortlist() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let raw = |from: &str, id: &str, subject: &str, text: &str| {
        format!("From: {from}\r\nSubject: {subject}\r\nMessage-ID: <{id}@x>\r\n\r\n{text}\r\n")
    };
    let parking = "Ik heb een klacht over het parkeren: bij de training in Utrecht was geen parkeerplaats.";
    app.mail(&raw("jan@bedrijf.example", "1", "Klacht parkeren", parking)).await;
    app.mail(&raw(
        "els@elders.example",
        "2",
        "Geen parkeerplaats",
        "Klacht: de training in Utrecht had geen parkeerplaats, parkeren kon niet.",
    ))
    .await;
    app.mail(&raw(
        "piet@gmail.com",
        "3",
        "Klacht over de factuur",
        "Ik heb een klacht: de factuur van mei is twee keer betaald.",
    ))
    .await;
    app.mail(&raw(
        "kees@bedrijf.example",
        "4",
        "Parkeren in Utrecht",
        "Klacht: in Utrecht was bij de training geen parkeerplaats om te parkeren.",
    ))
    .await;
    let found = app.app.workflow.similar(ComplaintId(4), 5).await.unwrap();
    let found: Vec<_> = found.iter().map(|s| (s.reference.as_str(), s.shares)).collect();
    assert_eq!(found, [("K-2026-0001", "organisation"), ("K-2026-0002", "")]);
    assert_eq!(app.app.workflow.similar(ComplaintId(4), 1).await.unwrap().len(), 1);
    assert!(app.app.workflow.similar(ComplaintId(3), 5).await.unwrap().is_empty());
    assert!(app.app.workflow.similar(ComplaintId(9), 5).await.unwrap().is_empty());
}

/// Whoever complains of the same again is known, however many others complained since.
#[tokio::test]
async fn a_complaint_of_the_same_sender_is_similar_however_long_ago() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let raw = |from: &str, id: &str, subject: &str, text: &str| {
        format!("From: {from}\r\nSubject: {subject}\r\nMessage-ID: <{id}@x>\r\n\r\n{text}\r\n")
    };
    let parking = "Ik heb een klacht over het parkeren: bij de training in Utrecht was geen parkeerplaats.";
    app.mail(&raw("jan@example.nl", "1", "Klacht parkeren", parking)).await;
    let invoice = "Ik heb een klacht: de factuur van mei is twee keer betaald.";
    app.mail(&raw("piet@example.nl", "2", "Klacht over de factuur", invoice)).await;
    more_complaints(&app, 5_000).await;
    let again =
        [("jan@example.nl", "K-2026-0003", &["K-2026-0001"][..]), ("els@elders.example", "K-2026-0004", &[])];
    for (from, number, expected) in again {
        app.mail(&raw(from, number, "Parkeren in Utrecht", parking)).await;
        let id = app.app.workflow.id_of(number).await.unwrap();
        let found = app.app.workflow.similar(id, 5).await.unwrap();
        let found: Vec<_> = found.iter().map(|s| s.reference.as_str()).collect();
        assert_eq!(found, expected, "{from}");
    }
}

/// Makes so many copies of the second complaint, without its mail.
async fn more_complaints(app: &TestApp, copies: i64) {
    use sqlx::Row as _;
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let columns =
        sqlx::query("SELECT name FROM pragma_table_info('complaints')").fetch_all(&pool).await.unwrap();
    let columns: Vec<String> = columns.iter().map(|row| row.get("name")).collect();
    let value = |name: &String| match name.as_str() {
        "id" => "1000000 + i".to_owned(),
        "intake_id" => "intake_id || '.' || i".to_owned(),
        "number" | "wake_at" => "NULL".to_owned(),
        other => other.to_owned(),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let copy = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies}) \
         INSERT INTO complaints ({}) SELECT {} FROM complaints, n WHERE id = 2",
        columns.join(", "),
        values.join(", ")
    );
    sqlx::query(&copy).execute(&pool).await.unwrap();
    pool.close().await;
}
