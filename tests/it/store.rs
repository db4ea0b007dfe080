//! The store's contract, one suite on SQLite and on PostgreSQL.
//!
//! PostgreSQL runs when `REDRESS_TEST_POSTGRES` names a server; under `CI=true` its absence is a failure.

use crate::support::{amsterdam, at};
use redress::complaint::{
    Actor, Case, Complaint, ComplaintId, Deadline, Event, EventKind, IntakeId, Language, MailKind, Number,
    Origin, Party, Recipient, Source, State, Via,
};
use redress::store::{
    Audit, AuditKey, Claim, Commit, Cursor, DeadLetters, DeliveryFilter, DeliveryResult, DeliveryState,
    Health, Known, Mailed, NewDelivery, NewMail, Notice, NotificationState, Outcome, PendingOutcome,
    RenderedNotification, ScheduleRun, Store, StoreError, Waiting,
};
use std::sync::Arc;

const NOW: &str = "2026-11-23 10:00";

async fn open(url: &str) -> Store {
    Store::open(url, Arc::new(amsterdam()), AuditKey::new(b"key")).await.unwrap()
}

fn mail(id: &str) -> NewMail {
    NewMail {
        received_at: at(NOW),
        source: "test".to_owned(),
        kind: MailKind::Complaint,
        message_id: id.to_owned(),
        body_hash: "h".to_owned(),
        sender: "k@example.nl".to_owned(),
        subject: "Klacht".to_owned(),
        body: "Tekst".to_owned(),
        attachments: Vec::new(),
        remarks: Vec::new(),
        history_at: None,
        cursor: None,
        raw: vec![0, 1, 255],
    }
}

async fn opened(store: &Store, id: &str) -> ComplaintId {
    let who = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let make =
        |intake: IntakeId| Complaint::received(intake, State::from("a"), "Klacht".to_owned(), who, at(NOW));
    store.mails().open_complaint(mail(id), "{}", at(NOW), make).await.unwrap().unwrap().0
}

fn event(summary: &str) -> Event {
    Event {
        kind: EventKind::Registered,
        origin: Origin { by: Actor::System, via: Via::Rule, source: Source::Rule("r".into()) },
        summary: summary.to_owned(),
        data: serde_json::json!({"number": Number::PENDING}),
        personal: Some(serde_json::json!({"name": "K"})),
    }
}

/// A decision that registers the case.
fn registering(mut case: Case) -> Commit {
    case.version += 1;
    case.decided_at = at(NOW);
    case.complaint.number = Some(Number::pending());
    let id = format!("{}/{}/1", case.id.0, case.version);
    Commit {
        at: at(NOW),
        wake_at: Some(at("2026-12-01 09:00")),
        is_live: true,
        stamp: "s1".to_owned(),
        ruleset: "r1".to_owned(),
        events: vec![event(&format!("registered as {}", Number::PENDING))],
        deadlines: vec![],
        notifications: vec![RenderedNotification {
            id: id.clone(),
            ordinal: 1,
            recipient: Recipient::Complainant,
            addresses: vec!["k@example.nl".to_owned()],
            message: "acknowledgement".to_owned(),
            language: "nl".to_owned(),
            source: Source::Engine,
            subject: format!("Klacht {}", Number::PENDING),
            body: "b".to_owned(),
            is_deliverable: true,
        }],
        deliveries: vec![NewDelivery {
            id: format!("d{}", case.id.0),
            notification_id: Some(id),
            complaint: Some(case.id),
            plugin: "mail".to_owned(),
            topic: "notification.acknowledgement".to_owned(),
            recipient: "complainant".to_owned(),
            position: 10_000,
            payload: format!("{}-{}", Number::PENDING, Number::PENDING_CHECK),
            is_letter: true,
            capped_address: Some("k@example.nl".to_owned()),
            is_first_letter: true,
            is_reaction: true,
            message_id: Some(format!("sent{}", case.id.0)),
        }],
        consumed: Some(format!("received {}", case.id.0)),
        concerns_others: true,
        sender_changed: false,
        case,
    }
}

/// Everything the store promises, whatever the engine.
async fn contract(store: &Store) {
    intake_is_one_transaction(store).await;
    numbers_are_gap_free_and_conditional(store).await;
    deliveries_are_claimed_once(store).await;
    mailboxes_and_bounces(store).await;
    rulesets_and_schedules(store).await;
    changes_are_noticed(store).await;
    the_trail_holds(store).await;
    small_values(store).await;
}

async fn intake_is_one_transaction(store: &Store) {
    let id = opened(store, "m1").await;
    let who = Party::default();
    let make = |intake: IntakeId| Complaint::received(intake, State::from("a"), String::new(), who, at(NOW));
    assert!(
        store.mails().open_complaint(mail("m1"), "{}", at(NOW), make).await.unwrap().is_none(),
        "the same mail again"
    );
    assert_eq!(store.mails().by_message_ids(&["x".to_owned(), "m1".to_owned()]).await.unwrap(), Some(id));
    assert_eq!(store.mails().known("m1", "h").await.unwrap(), Known::ThisMail);
    assert_eq!(store.mails().known("m1", "other").await.unwrap(), Known::AnotherUnderItsId);
    assert_eq!(store.mails().known("m0", "h").await.unwrap(), Known::Not);
    assert_eq!(store.cases().due(at(NOW), 10).await.unwrap(), [id]);
    assert_eq!(store.cases().text(id).await.unwrap(), "klacht\ntekst");
    assert!(store.cases().triggers(&[id]).await.unwrap().contains_key(&id));
    assert!(store.mails().keep(NewMail { message_id: "m2".to_owned(), ..mail("m2") }).await.unwrap());
    assert!(!store.mails().keep(mail("m2")).await.unwrap());
}

async fn numbers_are_gap_free_and_conditional(store: &Store) {
    let second = opened(store, "m3").await;
    let mut cases = store.cases().load(&[ComplaintId(1), second]).await.unwrap();
    assert_eq!(cases.len(), 2);
    assert_eq!(cases[1].related.len(), 1, "the same sender's earlier complaint is a candidate");
    let batch: Vec<Commit> = cases.drain(..).map(registering).collect();
    let stale = batch[0].clone();
    let done = store.cases().commit(batch).await.unwrap();
    assert_eq!(done.written.len(), 2);
    let numbers: Vec<String> = done.numbers.values().map(ToString::to_string).collect();
    assert_eq!(numbers, ["K-2026-0001", "K-2026-0002"]);
    let again = store.cases().commit(vec![stale]).await.unwrap();
    assert!(again.written.is_empty(), "a decision on an old version is left out");
    let third = opened(store, "m4").await;
    let case = store.cases().load(&[third]).await.unwrap().remove(0);
    let done = store.cases().commit(vec![registering(case)]).await.unwrap();
    assert_eq!(done.numbers[&third].as_str(), "K-2026-0003", "no gap");
    assert!(store.cases().triggers(&[second]).await.unwrap().is_empty(), "the trigger is consumed");
    let events = store.trail().events(second).await.unwrap();
    assert_eq!(events[0].summary, "registered as K-2026-0002");
    let seen = store.cases().load(&[second]).await.unwrap().remove(0);
    assert_eq!(seen.complaint.number.unwrap().as_str(), "K-2026-0002");
    let notified = store.register().notifications(second).await.unwrap();
    assert_eq!(notified[0].subject, "Klacht K-2026-0002");
    assert_eq!(store.mails().by_message_ids(&["sent2".to_owned()]).await.unwrap(), Some(second));
    assert_eq!(store.register().lines().await.unwrap().len(), 3);
    assert_eq!(store.cases().stale("s2", 10).await.unwrap().len(), 3);
    assert!(store.cases().stale("s1", 10).await.unwrap().is_empty());
    assert_eq!(store.register().list(Some("a"), 10).await.unwrap().len(), 3);
}

async fn deliveries_are_claimed_once(store: &Store) {
    let (now, lease) = (at("2026-11-23 11:00"), at("2026-11-23 11:02"));
    let claim = Claim { plugin: "mail", now, lease_until: lease, limit: 2, ordered: false };
    let claimed = store.outbox().claim(claim).await.unwrap().deliveries;
    assert_eq!(claimed.len(), 2);
    assert!(claimed[0].payload.starts_with("K-2026-000"), "{}", claimed[0].payload);
    assert!(!claimed[0].payload.contains(Number::PENDING_CHECK));
    let claim = Claim { limit: 9, ..claim };
    assert!(
        !store.outbox().has_due("webhook", now).await.unwrap()
            && store.outbox().has_due("mail", now).await.unwrap()
    );
    assert_eq!(store.outbox().claim(claim).await.unwrap().deliveries.len(), 1, "the others are leased");
    let later = Claim { now: at("2026-11-23 11:03"), ordered: true, ..claim };
    assert_eq!(store.outbox().claim(later).await.unwrap().deliveries.len(), 3, "leases end");
    let outcome = |id: &str, result| Outcome {
        id: id.to_owned(),
        is_letter: true,
        result,
        at: now,
        millis: 7,
        detail: "250 ok".to_owned(),
    };
    let (until, error) = (at("2026-11-24 11:00"), "busy".to_owned());
    let results = [
        outcome("d1", DeliveryResult::Accepted),
        outcome("d2", DeliveryResult::Retry { at: until, error }),
        outcome("d3", DeliveryResult::Dead { error: "gone".to_owned() }),
    ];
    let words = |o: &PendingOutcome, _: &DeliveryResult| format!("{} {}", o.message, o.version);
    let mut health = Health { failures: 1, failing_since: Some(now), ..Health::default() };
    store.outbox().record_outcomes("mail", &results, Some(&health), now, words).await.unwrap();
    assert_eq!(store.deliveries().healths().await.unwrap(), [("mail".to_owned(), health.clone())]);
    let tried = store.deliveries().details("d2").await.unwrap().unwrap();
    assert_eq!((tried.summary.attempts, tried.tried[0].millis), (2, 7));
    assert_eq!(tried.reference.as_deref(), Some("K-2026-0002"));
    let (hour, day) = (at("2026-11-23 10:00"), at("2026-11-22 11:00"));
    let mailed = store.outbox().mailed(&["k@example.nl".to_owned()], hour, day).await.unwrap();
    assert_eq!(
        (mailed["k@example.nl"], store.outbox().reactions(hour).await.unwrap()),
        (Mailed { in_hour: 1, in_day: 1 }, 1)
    );
    health.disabled_at = Some(now);
    health.paused_until = Some(until);
    store.outbox().record_outcomes("mail", &[], Some(&health), now, words).await.unwrap();
    let blocked = Claim { now: at("2026-11-25 11:00"), ..claim };
    assert!(store.outbox().claim(blocked).await.unwrap().deliveries.is_empty(), "it is switched off");
    assert!(store.deliveries().enable_plugin("mail", event("enabled"), "r1", now).await.unwrap());
    store.outbox().record_outcomes("mail", &[], Some(&Health::default()), now, words).await.unwrap();
    assert!(
        !store.deliveries().enable_plugin("mail", event("enabled"), "r1", now).await.unwrap()
            && store.deliveries().healths().await.unwrap().is_empty()
    );
    let waiting = store.cases().triggers(&[ComplaintId(1), ComplaintId(2), ComplaintId(3)]).await.unwrap();
    assert_eq!(waiting.len(), 2, "{waiting:?} accepted and dead letters become triggers");
    assert_eq!(waiting[&ComplaintId(1)].content, "acknowledgement 1");
    // The second is due too: it lists the first, whose state was written.
    assert_eq!(store.cases().due(now, 10).await.unwrap().len(), 3);
    let dead = DeliveryFilter { state: Some(DeliveryState::Dead), plugin: None };
    assert_eq!(
        store.deliveries().waiting().await.unwrap(),
        [Waiting { plugin: "mail".to_owned(), queued: 1, dead: 1 }]
    );
    assert_eq!(store.deliveries().list(&dead, 9).await.unwrap()[0].last_error.as_deref(), Some("gone"));
    let named = DeadLetters::Ids(&["d3".to_owned(), "d1".to_owned()]);
    assert_eq!(store.deliveries().replay(named, |_| event("replayed"), "r1", now).await.unwrap().len(), 1);
    let since = |plugin| DeadLetters::Since { since: now, plugin };
    assert_eq!(store.deliveries().replay(since(None), |_| event("replayed"), "r1", now).await.unwrap(), []);
    assert_eq!(store.figures().totals(now).await.unwrap().queued, 2);
}

async fn mailboxes_and_bounces(store: &Store) {
    let now = at("2026-11-23 11:00");
    let place =
        |uid_validity, uid| Cursor { mailbox: "planning".to_owned(), uid_validity, uid, since: None, since_uid: 0 };
    assert_eq!(store.mails().cursor("planning").await.unwrap(), None);
    let automated = NewMail { cursor: Some(place(1, 7)), ..mail("auto1") };
    assert!(store.mails().keep(automated).await.unwrap());
    assert_eq!(store.mails().cursor("planning").await.unwrap(), Some(place(1, 7)));
    store.mails().record_duplicate("auto1", "h", "planning", Some(&place(1, 6)), now).await.unwrap();
    assert_eq!(store.mails().cursor("planning").await.unwrap(), Some(place(1, 7)), "it does not go back");
    store.mails().record_duplicate("auto1", "h", "planning", Some(&place(2, 1)), now).await.unwrap();
    assert_eq!(store.mails().cursor("planning").await.unwrap(), Some(place(2, 1)), "but begins anew");
    assert_eq!(store.figures().duplicates().await.unwrap(), 2);
    assert!(
        store.mails().is_own_delivery("d1").await.unwrap()
            && !store.mails().is_own_delivery("x").await.unwrap()
    );
    let bounced = store.mails().bounced("d1").await.unwrap().unwrap();
    assert_eq!(bounced.letter.unwrap().message, "acknowledgement");
    assert_eq!(bounced.complaint, Some(ComplaintId(1)));
    assert!(store.mails().bounced("x").await.unwrap().is_none());
    for bounces in 1..=2 {
        assert!(store.bounces().bouncing().await.unwrap().is_empty());
        assert_eq!(store.bounces().count("a@lagant.nl", now).await.unwrap(), bounces);
    }
    assert_eq!(store.bounces().bouncing().await.unwrap(), ["a@lagant.nl"]);
    assert!(store.bounces().forget("a@lagant.nl", event("resumed"), "r1", now).await.unwrap());
    assert_eq!(store.mails().language_of("k@example.nl").await.unwrap(), Some(Language::Dutch));
    assert_eq!(store.mails().language_of("x@example.nl").await.unwrap(), None);
    let mails = store.register().mails(ComplaintId(1)).await.unwrap();
    assert_eq!(store.register().raw_mail(mails[0].id).await.unwrap(), Some(mail("m1").raw));
    assert_eq!(store.outbox().health("mail").await.unwrap(), Health::default());
}

async fn rulesets_and_schedules(store: &Store) {
    assert!(store.publications().in_force().await.unwrap().is_none());
    for hash in ["r1", "r2", "r1"] {
        let publication = redress::store::Publication {
            hash,
            content: "{}",
            renames: "{}",
            at: at(NOW),
            by: "system",
            reason: "",
            event: event("published"),
            schedules: vec!["weekly".to_owned()],
            plan: "",
            adopts: false,
        };
        store.publications().publish(publication).await.unwrap();
        assert_eq!(store.publications().hash_in_force().await.unwrap().as_deref(), Some(hash));
    }
    for (by, is_new) in [("a@lagant.nl", true), ("a@lagant.nl", false), ("b@lagant.nl", true)] {
        let approved = store.publications().approve("p1", by, event("approved"), "r1", at(NOW)).await;
        assert_eq!(approved.unwrap(), is_new);
    }
    assert_eq!(store.publications().approvers("p1").await.unwrap(), ["a@lagant.nl", "b@lagant.nl"]);
    assert_eq!(
        store.notices().schedule_runs().await.unwrap(),
        [ScheduleRun { name: "weekly".to_owned(), nominal: at(NOW) }]
    );
    let ran = at("2026-11-30 09:00");
    let run = ScheduleRun { name: "weekly".to_owned(), nominal: ran };
    let events = [event("ran")];
    let notice = Notice {
        at: ran,
        ruleset: "r1",
        notifications: &[],
        deliveries: &[],
        events: &events,
        run: Some(&run),
    };
    store.notices().commit(notice).await.unwrap();
    let before = store.trail().last_event().await.unwrap();
    store.notices().commit(notice).await.unwrap();
    assert_eq!(store.trail().last_event().await.unwrap(), before, "a run happens once");
    assert!(store.notices().claim_alarm("r", "r1", ran).await.unwrap());
    assert!(!store.notices().claim_alarm("r", "r1", ran).await.unwrap());
}

async fn small_values(store: &Store) {
    assert_eq!(store.purpose().await.unwrap(), None);
    store.set_purpose("real").await.unwrap();
    assert_eq!(store.purpose().await.unwrap().as_deref(), Some("real"));
    let sweeps = store.sweeps();
    assert_eq!((sweeps.reached().await.unwrap(), sweeps.found().await.unwrap()), (ComplaintId(0), 0));
    sweeps.record(ComplaintId(7), 2).await.unwrap();
    sweeps.record(ComplaintId(9), 3).await.unwrap();
    assert_eq!((sweeps.reached().await.unwrap(), sweeps.found().await.unwrap()), (ComplaintId(9), 5));
}

async fn changes_are_noticed(store: &Store) {
    let mut watch = store.watch().await.unwrap();
    let before = watch.stamp().await.unwrap();
    assert_eq!(watch.stamp().await.unwrap(), before);
    opened(store, "m9").await;
    assert_ne!(watch.stamp().await.unwrap(), before);
}

async fn the_trail_holds(store: &Store) {
    let Audit::Holds { events } = store.trail().verify().await.unwrap() else { panic!("broken") };
    assert_eq!(events, store.trail().last_event().await.unwrap());
    assert_eq!(store.trail().events_after(events - 1).await.unwrap().len(), 1);
    let read = store.trail().events(ComplaintId(1)).await.unwrap();
    assert_eq!(
        (read[0].kind, read[0].via, read[0].rule.as_deref()),
        (EventKind::Registered, Via::Rule, Some("r"))
    );
}

/// Runs a test on a fresh database of each engine; on PostgreSQL where `REDRESS_TEST_POSTGRES` names a server.
async fn on_each_engine(test: impl AsyncFn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    test(&format!("sqlite:{}?mode=rwc", folder.path().join("t.db").display())).await;
    match std::env::var("REDRESS_TEST_POSTGRES") {
        Ok(server) => test(&fresh_database(&server).await).await,
        Err(_) => assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES"),
    }
}

#[tokio::test]
async fn both_engines_keep_the_contract() {
    on_each_engine(async |url| contract(&open(url).await).await).await;
}

async fn fresh_database(server: &str) -> String {
    sqlx::any::install_default_drivers();
    let name = format!("redress_test_{}", redress::random::hex::<6>());
    let pool = sqlx::any::AnyPoolOptions::new().connect(server).await.unwrap();
    sqlx::query(&format!("CREATE DATABASE {name}")).execute(&pool).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

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
         data, personal, salt, personal_digest, hash, hash, source FROM kept_events WHERE seq = 4",
        5,
    ),
    (
        "UPDATE events SET seq = 5 WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 3; \
         INSERT INTO events SELECT 3, complaint_id, version, at, on_day, kind, caused_by, via, rule, ruleset, summary, \
         data, personal, salt, personal_digest, hash, hash, source FROM kept_events WHERE seq = 2",
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
            store.cases().commit(vec![Commit { events, ..commit }]).await.unwrap();
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
        // What is personal may go, as anonymising does; what is said of nobody stays.
        intruder.run("UPDATE events SET personal = NULL, salt = NULL").await;
        assert_eq!(store.trail().verify().await.unwrap(), whole);
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
        store.cases().commit(batch).await.unwrap();
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
        let error = said(store.register().registered(None).await.unwrap_err());
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

fn deadline() -> Deadline {
    Deadline {
        name: "reply".into(),
        instance: 1,
        owner: "handler".into(),
        base: Some(at(NOW)),
        span: Some("14 days".to_owned()),
        raw_end: at("2026-12-07 10:00"),
        due: at("2026-12-07 23:59"),
        alarm_at: at("2026-12-07 23:59"),
        rolled_because: None,
        armed_at: at(NOW),
        armed_by: Source::Rule("r".into()),
        met_at: None,
        cancelled_at: None,
        replaced_at: None,
        breached_at: None,
    }
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
        let claim = Claim { plugin: "mail", now: at(NOW), lease_until: at("2026-11-23 10:02"), limit: 9, ordered: true };
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

/// `tables/` holds a file for each table of a fresh database, and none for anything else.
#[tokio::test]
async fn every_table_has_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    open(&url).await.close().await;
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap();
    let mut files: Vec<String> = std::fs::read_dir("src/store/tables")
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "mod" && name != "test")
        .collect();
    files.sort();
    assert_eq!(files, tables);
}
