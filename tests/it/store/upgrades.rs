//! Databases of other versions: what older ones wrote reads as before, a newer one is refused.

use super::*;

/// Events from before sources were kept have one part less in their hash; the chain still holds, and what caused them is
/// read by their door.
#[tokio::test]
async fn events_from_before_sources_were_kept_still_verify() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    let store = open(&url).await;
    let id = opened(&store, "m1").await;
    let case = store.cases().load(&[id]).await.unwrap().remove(0);
    store.cases().commit(vec![registering(case)]).await.unwrap();
    let event = store.trail().events(id).await.unwrap().remove(0);
    assert_eq!(event.source(), Source::Rule("r".into()));
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let digest: String =
        sqlx::query_scalar("SELECT personal_digest FROM events").fetch_one(&pool).await.unwrap();
    let (complaint, at) = (id.0.to_string(), event.at.millis().to_string());
    let hash = AuditKey::new(b"key").sign(&[
        "0",
        "1",
        &complaint,
        "1",
        &at,
        "registered",
        "system",
        "rule",
        "r",
        "r1",
        &event.summary,
        &event.data,
        &digest,
    ]);
    for sql in [
        format!("UPDATE events SET source = NULL, hash = '{hash}'"),
        format!("UPDATE meta SET value = '1 {hash}' WHERE name = 'audit_head'"),
    ] {
        sqlx::query(&sql).execute(&pool).await.unwrap();
    }
    assert_eq!(store.trail().verify().await.unwrap(), Audit::Holds { events: 1 });
    assert_eq!(store.trail().events(id).await.unwrap()[0].source(), Source::Rule("r".into()));
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    open(&url).await.close().await;
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (29990101000000, 'later', 1, x'00', 0)";
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
    let before = std::fs::read(folder.path().join("t.db")).unwrap();
    let error = Store::open(&url, Arc::new(amsterdam()), AuditKey::new(b"key")).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer), "{error:?}");
    assert_eq!(std::fs::read(folder.path().join("t.db")).unwrap(), before);
}

/// What the first version wrote opens and reads as it did: terms beside the facts, the outbox before plugins.
#[tokio::test]
async fn a_store_of_the_first_version_reads_as_before() {
    on_each_engine(async |url| {
        sqlx::any::install_default_drivers();
        let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap();
        let foundation = std::fs::read_to_string("migrations/20261122000000_foundation.sql").unwrap();
        let simple = sqlx::migrate::MigrationType::Simple;
        let first = sqlx::migrate::Migration::new(20261122000000, "foundation".into(), simple, foundation.into(), false);
        let migrator = sqlx::migrate::Migrator { migrations: vec![first].into(), ..sqlx::migrate::Migrator::DEFAULT };
        migrator.run(&pool).await.unwrap();
        let who = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
        let intake = IntakeId::new(2026, 1);
        let complaint = Complaint::received(intake, State::from("a"), "Klacht".to_owned(), who, at(NOW));
        let facts = serde_json::to_string(&complaint).unwrap();
        let (now, due) = (at(NOW).millis(), deadline().due.millis());
        for sql in [
            format!(
                "INSERT INTO complaints VALUES (1, 'I-2026-000001', NULL, 3, 'a', 1, 'Klacht', 'K', 'k@example.nl', NULL, \
                 {now}, '2026-11-23', NULL, NULL, NULL, NULL, NULL, {now}, 's', {now}, '{facts}', '[]', '[]', '[]')"
            ),
            format!(
                "INSERT INTO deadlines VALUES (1, 'reply', 1, 1, 'handler', {now}, '14 days', {}, {due}, '2026-12-07', \
                 {}, NULL, {now}, 'r', NULL, NULL, NULL, NULL)",
                deadline().raw_end.millis(),
                deadline().alarm_at.millis()
            ),
            format!(
                "INSERT INTO mails VALUES (1, 1, {now}, 'inbox', 'complaint', 'm1', 'h', 'k@example.nl', 'Klacht', \
                 'Tekst', '[]', '', '')"
            ),
            format!(
                "INSERT INTO notifications VALUES ('1/1/1', 1, 1, 1, {now}, 'complainant', '[\"k@example.nl\"]', 'note', \
                 'nl', NULL, 'S', 'B', 1)"
            ),
            format!(
                "INSERT INTO deliveries VALUES ('old', '1/1/1', 'mail', '{{}}', 1, 'queued', 2, {now}, 0, {now}, NULL, 'busy')"
            ),
        ] {
            sqlx::query(&sql).execute(&pool).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
        pool.close().await;
        let store = open(url).await;
        let case = store.cases().load(&[ComplaintId(1)]).await.unwrap().remove(0);
        assert_eq!((case.version, &case.complaint, &case.deadlines[..]), (3, &complaint, &[deadline()][..]));
        assert_eq!(store.cases().text(ComplaintId(1)).await.unwrap(), "klacht\ntekst");
        let mails = store.register().mails(ComplaintId(1)).await.unwrap();
        assert_eq!((mails[0].kind, &mails[0].attachments[..], &mails[0].remarks[..]), (MailKind::Complaint, &[][..], &[][..]));
        let listed = store.register().list(Some("a"), 9).await.unwrap();
        assert_eq!(listed[0].next_deadline.unwrap().to_string(), "2026-12-07");
        let told = store.register().notifications(ComplaintId(1)).await.unwrap();
        assert_eq!(told[0].recipient, Recipient::Complainant);
        assert_eq!(told[0].state, NotificationState::Deliverable(DeliveryState::Queued));
        let claim = Claim { plugin: "mail", now: at(NOW), lease_until: at("2026-11-23 10:02"), limit: 9, ordered: true, first: ClaimFirst::Oldest };
        let claimed = store.outbox().claim(claim).await.unwrap().deliveries;
        assert_eq!((claimed[0].id.as_str(), claimed[0].attempts), ("old", 3));
        let summary = store.deliveries().details("old").await.unwrap().unwrap().summary;
        assert_eq!((summary.topic.as_str(), summary.recipient.as_str()), ("notification.note", "complainant"));
        let done = store.cases().commit(vec![registering(case)]).await.unwrap();
        assert_eq!(done.numbers[&ComplaintId(1)].as_str(), "K-2026-0001");
        let case = store.cases().load(&[ComplaintId(1)]).await.unwrap().remove(0);
        assert_eq!(case.deadlines, [deadline()], "the terms stand beside the facts now");
        assert_eq!(store.trail().verify().await.unwrap(), Audit::Holds { events: 1 });
    })
    .await;
}
