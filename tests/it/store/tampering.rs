//! A database that somebody changed behind the program's back: a trail that no longer holds, rows that cannot be read.

use super::*;
use crate::support::commit_all;
use redress::store::{DeliveryFilter, StoreError};

/// A database as whoever gets hold of it changes it.
struct Intruder(sqlx::AnyPool);

impl Intruder {
    async fn of(url: &str) -> Self {
        let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap();
        let intruder = Self(pool);
        intruder.run("CREATE TABLE kept_events AS SELECT * FROM events").await;
        intruder.run("CREATE TABLE kept_meta AS SELECT * FROM meta").await;
        intruder
    }

    async fn run(&self, statements: &str) {
        for sql in statements.split(';') {
            sqlx::query(sql).execute(&self.0).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
    }

    async fn undo(&self) {
        self.run("DELETE FROM events; INSERT INTO events SELECT * FROM kept_events").await;
        self.run("DELETE FROM meta; INSERT INTO meta SELECT * FROM kept_meta").await;
    }
}

/// What is done to a trail of four events, and the first event that is then not as it was written.
const TAMPERINGS: &[(&str, i64)] = &[
    // Changed, column by column.
    ("UPDATE events SET seq = 100 WHERE seq = 2", 2),
    ("UPDATE events SET complaint_id = complaint_id + 1 WHERE seq = 2", 2),
    ("UPDATE events SET complaint_id = NULL WHERE seq = 2", 2),
    ("UPDATE events SET version = version + 1 WHERE seq = 2", 2),
    ("UPDATE events SET at = at + 1 WHERE seq = 2", 2),
    ("UPDATE events SET kind = 'entered' WHERE seq = 2", 2),
    ("UPDATE events SET kind = 'no kind' WHERE seq = 2", 2),
    ("UPDATE events SET caused_by = 'somebody@example.nl' WHERE seq = 2", 2),
    ("UPDATE events SET via = 'mail' WHERE seq = 2", 2),
    ("UPDATE events SET rule = 'another' WHERE seq = 2", 2),
    ("UPDATE events SET rule = NULL WHERE seq = 2", 2),
    ("UPDATE events SET source = '{\"rule\":\"another\"}' WHERE seq = 2", 2),
    ("UPDATE events SET source = source || ' ' WHERE seq = 2", 2),
    ("UPDATE events SET source = 'nonsense' WHERE seq = 2", 2),
    ("UPDATE events SET source = NULL WHERE seq = 2", 2),
    ("UPDATE events SET ruleset = 'r9' WHERE seq = 2", 2),
    ("UPDATE events SET summary = 'x' WHERE seq = 1", 1),
    ("UPDATE events SET summary = 'x' WHERE seq = 4", 4),
    ("UPDATE events SET data = '{}' WHERE seq = 3", 3),
    ("UPDATE events SET personal = '{\"name\":\"L\"}' WHERE seq = 2", 2),
    ("UPDATE events SET personal = '{\"name\":\"L\"}', salt = NULL WHERE seq = 2", 2),
    ("UPDATE events SET personal = NULL WHERE seq = 2", 2),
    ("UPDATE events SET salt = NULL WHERE seq = 2", 2),
    ("UPDATE events SET personal_digest = NULL WHERE seq = 2", 2),
    ("UPDATE events SET personal = NULL, salt = NULL, personal_digest = NULL WHERE seq = 2", 2),
    ("UPDATE events SET prev = hash WHERE seq = 2", 2),
    ("UPDATE events SET hash = prev WHERE seq = 2", 2),
    // Deleted.
    ("DELETE FROM events WHERE seq = 1", 1),
    ("DELETE FROM events WHERE seq = 2", 2),
    ("DELETE FROM events WHERE seq = 4", 4),
    ("DELETE FROM events", 1),
    (
        "DELETE FROM events WHERE seq = 2; UPDATE events SET seq = 2 WHERE seq = 3; UPDATE events SET seq = 3 WHERE seq = 4",
        2,
    ),
    // Reordered.
    (
        "UPDATE events SET seq = 9 WHERE seq = 2; UPDATE events SET seq = 2 WHERE seq = 3; UPDATE events SET seq = 3 WHERE seq = 9",
        2,
    ),
    // Inserted: at the end, with the right link backwards, and in between.
    (
        "INSERT INTO events SELECT 5, complaint_id, version, at, on_day, kind, caused_by, via, rule, ruleset, summary, \
         data, personal, salt, personal_digest, hash, hash, source, forgotten_by FROM kept_events WHERE seq = 4",
        5,
    ),
    (
        "UPDATE events SET seq = 5 WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 3; \
         INSERT INTO events SELECT 3, complaint_id, version, at, on_day, kind, caused_by, via, rule, ruleset, summary, \
         data, personal, salt, personal_digest, hash, hash, source, forgotten_by FROM kept_events WHERE seq = 2",
        3,
    ),
    // The head of the chain.
    ("DELETE FROM meta WHERE name = 'audit_head'", 5),
    ("UPDATE meta SET value = '5 0' WHERE name = 'audit_head'", 5),
    ("UPDATE meta SET value = 'nonsense' WHERE name = 'audit_head'", 5),
];

/// docs/semantics.md 5.4: whatever is done to the trail without its key is found, and where.
#[tokio::test]
async fn tampering_with_the_trail_is_found_at_its_place() {
    on_each_engine(async |url| {
        let store = open(url).await;
        for mail in ["m1", "m2"] {
            let id = opened(&store, mail).await;
            let case = store.cases().load(&[id]).await.unwrap().remove(0);
            let commit = registering(case);
            let events = vec![event("first"), event("second")];
            commit_all(&store, vec![Commit { events, ..commit }]).await;
        }
        let whole = Audit::Holds { events: 4 };
        assert_eq!(store.trail().verify().await.unwrap(), whole);
        let intruder = Intruder::of(url).await;
        for (statements, seq) in TAMPERINGS {
            intruder.run(statements).await;
            let found = store.trail().verify().await.unwrap();
            assert_eq!(found, Audit::Broken { seq: *seq }, "{statements}");
            intruder.undo().await;
            assert_eq!(store.trail().verify().await.unwrap(), whole, "undone: {statements}");
        }
        // What is personal goes only as forgetting has it go, with an event that vouches for it (`tests/it/forgetting`).
        intruder.run("UPDATE events SET personal = NULL, salt = NULL").await;
        assert_eq!(store.trail().verify().await.unwrap(), Audit::Broken { seq: 1 });
        intruder.undo().await;
        // Somebody with another key has another chain.
        let other = Store::open(url, Arc::new(amsterdam()), AuditKey::new(b"other")).await.unwrap();
        assert_eq!(other.trail().verify().await.unwrap(), Audit::Broken { seq: 1 });
    })
    .await;
}

/// An error names table, column and row, and a row that cannot be read does not hold up the others.
#[tokio::test]
async fn what_cannot_be_read_is_named() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let ids = [opened(&store, "m1").await, opened(&store, "m2").await];
        let cases = store.cases().load(&ids).await.unwrap();
        let mut batch: Vec<Commit> = cases.into_iter().map(registering).collect();
        batch[1].deadlines = vec![deadline()];
        commit_all(&store, batch).await;
        let intruder = Intruder::of(url).await;
        let said = |e: StoreError| e.to_string();

        intruder.run("UPDATE events SET kind = 'Entered' WHERE seq = 2").await;
        let error = said(store.trail().events(ids[1]).await.unwrap_err());
        let expected =
            "events.kind of event 2 cannot be read: `Entered` is no kind of event; the words are received, ";
        assert!(error.starts_with(expected), "{error}");
        assert!(error.ends_with("; put the row right in the database, or restore a backup"), "{error}");
        intruder.undo().await;
        intruder.run("UPDATE events SET source = '{\"regel\": \"x\"}' WHERE seq = 2").await;
        let error = said(store.trail().events(ids[1]).await.unwrap_err());
        assert!(
            error.starts_with("events.source of event 2 cannot be read: unknown variant `regel`"),
            "{error}"
        );
        intruder.run("UPDATE mails SET attachments = 'none' WHERE id = 1").await;
        let error = said(store.register().mails(ids[0]).await.unwrap_err());
        assert!(error.starts_with("mails.attachments of mail 1 cannot be read: expected"), "{error}");
        intruder.run("UPDATE deliveries SET state = 'lost' WHERE id = 'd1'").await;
        let error = said(store.deliveries().list(&DeliveryFilter::default(), 9).await.unwrap_err());
        assert!(
            error.starts_with("deliveries.state of delivery d1 cannot be read: `lost` is no state"),
            "{error}"
        );
        intruder.run("UPDATE deadlines SET instance = -1, due_on = 'soon'").await;
        let error = said(store.cases().deadlines(ids[1]).await.unwrap_err());
        assert!(
            error.starts_with("deadlines.instance of deadline 2/reply/-1 cannot be read: -1 is out"),
            "{error}"
        );
        intruder.run("UPDATE notifications SET is_deliverable = 2 WHERE complaint_id = 2").await;
        let error = said(store.register().notifications(ids[1]).await.unwrap_err());
        assert!(
            error.contains("notifications.is_deliverable of notification 2/")
                && error.contains("2 is neither 0 nor 1"),
            "{error}"
        );
        intruder.run("UPDATE complaints SET decided_on = '31-12-2026' WHERE id = 1").await;
        let cases = store.cases().load(&ids).await.unwrap();
        assert_eq!(
            cases.len(),
            1,
            "the second complaint is linked to the first and is not decided on without it"
        );
        intruder.run("UPDATE complaints SET facts = '{}', decided_on = NULL WHERE id = 1").await;
        let cases = store.cases().load(&ids).await.unwrap();
        assert_eq!(cases.iter().map(|c| c.id).collect::<Vec<_>>(), ids[1..], "the other is loaded");
        let error = said(store.register().facts(&[ComplaintId(1)]).await.unwrap_err());
        assert!(
            error.starts_with("complaints.facts of complaint 1 cannot be read: missing field"),
            "{error}"
        );
        assert_eq!(store.mails().language_of("k@example.nl").await.unwrap(), Some(Language::Dutch));
        intruder.run("UPDATE meta SET value = 'x' WHERE name = 'audit_head'").await;
        let error = said(store.trail().last_event().await.unwrap_err());
        assert!(
            error.starts_with("meta.value of value audit_head cannot be read: `x` is no place"),
            "{error}"
        );
    })
    .await;
}
