//! The store's contract, one suite on SQLite and on PostgreSQL.
//!
//! PostgreSQL runs when `REDRESS_TEST_POSTGRES` names a server; under `CI=true` its absence is a failure.

use crate::support::{amsterdam, at};
use redress::complaint::{
    Actor, Case, Complaint, ComplaintId, Event, EventKind, IntakeId, Number, Origin, Party, Recipient,
    Source, State, Via,
};
use redress::store::{
    Audit, AuditKey, Claim, Commit, Cursor, DeliveryFilter, DeliveryResult, Health, Known, NewDelivery,
    NewMail, Outcome, PendingOutcome, RenderedNotification, Store, StoreError, Waiting,
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
        kind: "complaint".to_owned(),
        message_id: id.to_owned(),
        body_hash: "h".to_owned(),
        sender: "k@example.nl".to_owned(),
        subject: "Klacht".to_owned(),
        body: "Tekst".to_owned(),
        attachments: "[]".to_owned(),
        remarks: String::new(),
        history_at: None,
        cursor: None,
        raw: vec![0, 1, 255],
    }
}

async fn opened(store: &Store, id: &str) -> ComplaintId {
    let who = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let make =
        |intake: IntakeId| Complaint::received(intake, State::from("a"), "Klacht".to_owned(), who, at(NOW));
    store.open_complaint(mail(id), "{}", at(NOW), make).await.unwrap().unwrap().0
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
    the_trail_shows_tampering(store).await;
}

async fn intake_is_one_transaction(store: &Store) {
    let id = opened(store, "m1").await;
    let who = Party::default();
    let make = |intake: IntakeId| Complaint::received(intake, State::from("a"), String::new(), who, at(NOW));
    assert!(
        store.open_complaint(mail("m1"), "{}", at(NOW), make).await.unwrap().is_none(),
        "the same mail again"
    );
    assert_eq!(store.by_message_ids(&["x".to_owned(), "m1".to_owned()]).await.unwrap(), Some(id));
    assert_eq!(store.known_mail("m1", "h").await.unwrap(), Known::ThisMail);
    assert_eq!(store.known_mail("m1", "other").await.unwrap(), Known::AnotherUnderItsId);
    assert_eq!(store.known_mail("m0", "h").await.unwrap(), Known::Not);
    assert_eq!(store.due(at(NOW), 10).await.unwrap(), [id]);
    assert_eq!(store.text(id).await.unwrap(), "klacht\ntekst");
    assert!(store.triggers(&[id]).await.unwrap().contains_key(&id));
    assert!(store.keep_mail(NewMail { message_id: "m2".to_owned(), ..mail("m2") }).await.unwrap());
    assert!(!store.keep_mail(mail("m2")).await.unwrap());
}

async fn numbers_are_gap_free_and_conditional(store: &Store) {
    let second = opened(store, "m3").await;
    let mut cases = store.load(&[ComplaintId(1), second]).await.unwrap();
    assert_eq!(cases.len(), 2);
    assert_eq!(cases[1].related.len(), 1, "the same sender's earlier complaint is a candidate");
    let batch: Vec<Commit> = cases.drain(..).map(registering).collect();
    let stale = batch[0].clone();
    let done = store.commit(batch).await.unwrap();
    assert_eq!(done.written.len(), 2);
    let numbers: Vec<String> = done.numbers.values().map(ToString::to_string).collect();
    assert_eq!(numbers, ["K-2026-0001", "K-2026-0002"]);
    let again = store.commit(vec![stale]).await.unwrap();
    assert!(again.written.is_empty(), "a decision on an old version is left out");
    let third = opened(store, "m4").await;
    let case = store.load(&[third]).await.unwrap().remove(0);
    let done = store.commit(vec![registering(case)]).await.unwrap();
    assert_eq!(done.numbers[&third].as_str(), "K-2026-0003", "no gap");
    assert!(store.triggers(&[second]).await.unwrap().is_empty(), "the trigger is consumed");
    let events = store.events(second).await.unwrap();
    assert_eq!(events[0].summary, "registered as K-2026-0002");
    let seen = store.load(&[second]).await.unwrap().remove(0);
    assert_eq!(seen.complaint.number.unwrap().as_str(), "K-2026-0002");
    let notified = store.notifications(Some(second)).await.unwrap();
    assert_eq!(notified[0].subject, "Klacht K-2026-0002");
    assert_eq!(store.by_message_ids(&["sent2".to_owned()]).await.unwrap(), Some(second));
    assert_eq!(store.register().await.unwrap().len(), 3);
    assert_eq!(store.stale("s2", 10).await.unwrap().len(), 3);
    assert!(store.stale("s1", 10).await.unwrap().is_empty());
    assert_eq!(store.list(Some("a"), 10).await.unwrap().len(), 3);
}

async fn deliveries_are_claimed_once(store: &Store) {
    let (now, lease) = (at("2026-11-23 11:00"), at("2026-11-23 11:02"));
    let claim = Claim { plugin: "mail", now, lease_until: lease, limit: 2, ordered: false };
    let claimed = store.claim(claim).await.unwrap().deliveries;
    assert_eq!(claimed.len(), 2);
    assert!(claimed[0].payload.starts_with("K-2026-000"), "{}", claimed[0].payload);
    assert!(!claimed[0].payload.contains(Number::PENDING_CHECK));
    let claim = Claim { limit: 9, ..claim };
    assert!(!store.has_due("webhook", now).await.unwrap() && store.has_due("mail", now).await.unwrap());
    assert_eq!(store.claim(claim).await.unwrap().deliveries.len(), 1, "the others are leased");
    let later = Claim { now: at("2026-11-23 11:03"), ordered: true, ..claim };
    assert_eq!(store.claim(later).await.unwrap().deliveries.len(), 3, "leases end");
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
    store.record_outcomes("mail", &results, Some(&health), now, words).await.unwrap();
    assert_eq!(store.healths().await.unwrap(), [("mail".to_owned(), health.clone())]);
    let tried = store.delivery("d2").await.unwrap().unwrap();
    assert_eq!((tried.summary.attempts, tried.tried[0].millis), (2, 7));
    assert_eq!(tried.reference.as_deref(), Some("K-2026-0002"));
    let (hour, day) = (at("2026-11-23 10:00"), at("2026-11-22 11:00"));
    let mailed = store.mailed(&["k@example.nl".to_owned()], hour, day).await.unwrap();
    assert_eq!((mailed["k@example.nl"], store.reactions(hour).await.unwrap()), ((1, 1), 1));
    health.disabled_at = Some(now);
    health.paused_until = Some(until);
    store.record_outcomes("mail", &[], Some(&health), now, words).await.unwrap();
    let blocked = Claim { now: at("2026-11-25 11:00"), ..claim };
    assert!(store.claim(blocked).await.unwrap().deliveries.is_empty(), "it is switched off");
    assert!(store.enable_plugin("mail").await.unwrap());
    store.record_outcomes("mail", &[], Some(&Health::default()), now, words).await.unwrap();
    assert!(!store.enable_plugin("mail").await.unwrap() && store.healths().await.unwrap().is_empty());
    let waiting = store.triggers(&[ComplaintId(1), ComplaintId(2), ComplaintId(3)]).await.unwrap();
    assert_eq!(waiting.len(), 2, "{waiting:?} accepted and dead letters become triggers");
    assert_eq!(waiting[&ComplaintId(1)].1, "acknowledgement 1");
    // The second is due too: it lists the first, whose state was written.
    assert_eq!(store.due(now, 10).await.unwrap().len(), 3);
    let dead = DeliveryFilter { state: "dead".to_owned(), ..DeliveryFilter::default() };
    assert_eq!(store.waiting().await.unwrap(), [Waiting { plugin: "mail".to_owned(), queued: 1, dead: 1 }]);
    assert_eq!(store.deliveries(&dead, 9).await.unwrap()[0].last_error.as_deref(), Some("gone"));
    assert_eq!(store.replay(&["d3".to_owned(), "d1".to_owned()], now).await.unwrap(), 1);
    assert_eq!(store.replay_since(now, "", now).await.unwrap(), 0);
    assert_eq!(store.totals(now).await.unwrap().queued, 2);
}

async fn mailboxes_and_bounces(store: &Store) {
    let now = at("2026-11-23 11:00");
    let place = |uid_validity, uid| Cursor { mailbox: "planning".to_owned(), uid_validity, uid };
    assert_eq!(store.cursor("planning").await.unwrap(), None);
    let automated = NewMail { cursor: Some(place(1, 7)), ..mail("auto1") };
    assert!(store.keep_mail(automated).await.unwrap());
    assert_eq!(store.cursor("planning").await.unwrap(), Some(place(1, 7)));
    store.record_duplicate("auto1", "h", "planning", Some(&place(1, 6)), now).await.unwrap();
    assert_eq!(store.cursor("planning").await.unwrap(), Some(place(1, 7)), "it does not go back");
    store.record_duplicate("auto1", "h", "planning", Some(&place(2, 1)), now).await.unwrap();
    assert_eq!(store.cursor("planning").await.unwrap(), Some(place(2, 1)), "but begins anew");
    assert_eq!(store.duplicates().await.unwrap(), 2);
    assert!(store.is_own_delivery("d1").await.unwrap() && !store.is_own_delivery("x").await.unwrap());
    let bounced = store.bounced("d1").await.unwrap().unwrap();
    assert_eq!(bounced.letter.unwrap().message, "acknowledgement");
    assert_eq!(bounced.complaint, Some(ComplaintId(1)));
    assert!(store.bounced("x").await.unwrap().is_none());
    for bounces in 1..=2 {
        assert!(store.bouncing().await.unwrap().is_empty());
        assert_eq!(store.count_bounce("a@lagant.nl", now).await.unwrap(), bounces);
    }
    assert_eq!(store.bouncing().await.unwrap(), ["a@lagant.nl"]);
    assert!(store.forget_bounces("a@lagant.nl").await.unwrap());
    assert_eq!(store.language_of("k@example.nl").await.unwrap().as_deref(), Some("nl"));
    assert_eq!(store.language_of("x@example.nl").await.unwrap(), None);
    let mails = store.mails(ComplaintId(1)).await.unwrap();
    assert_eq!(store.raw_mail(mails[0].id).await.unwrap(), mail("m1").raw);
    assert_eq!(store.health("mail").await.unwrap(), Health::default());
}

async fn rulesets_and_schedules(store: &Store) {
    assert!(store.ruleset_in_force().await.unwrap().is_none());
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
        store.publish(publication).await.unwrap();
        assert_eq!(store.hash_in_force().await.unwrap().as_deref(), Some(hash));
    }
    assert_eq!(store.schedule_runs().await.unwrap(), [("weekly".to_owned(), at(NOW))]);
    let ran = at("2026-11-30 09:00");
    for _ in 0..2 {
        store
            .commit_notifications(ran, &[], &[], &[event("ran")], "r1", Some(("weekly", ran)))
            .await
            .unwrap();
    }
    let before = store.last_event().await.unwrap();
    store.commit_notifications(ran, &[], &[], &[event("ran")], "r1", Some(("weekly", ran))).await.unwrap();
    assert_eq!(store.last_event().await.unwrap(), before, "a run happens once");
    assert!(store.claim_alarm("r", "r1", ran).await.unwrap());
    assert!(!store.claim_alarm("r", "r1", ran).await.unwrap());
}

async fn changes_are_noticed(store: &Store) {
    let mut watch = store.watch().await.unwrap();
    let before = watch.stamp().await.unwrap();
    assert_eq!(watch.stamp().await.unwrap(), before);
    opened(store, "m9").await;
    assert_ne!(watch.stamp().await.unwrap(), before);
}

async fn the_trail_shows_tampering(store: &Store) {
    let Audit::Holds { events } = store.verify().await.unwrap() else { panic!("broken") };
    assert_eq!(events, store.last_event().await.unwrap());
    assert_eq!(store.events_after(events - 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    contract(&open(&url).await).await;
}

#[tokio::test]
async fn postgresql_keeps_the_contract() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES");
        return;
    };
    contract(&open(&fresh_database(&server).await).await).await;
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
    let case = store.load(&[id]).await.unwrap().remove(0);
    store.commit(vec![registering(case)]).await.unwrap();
    let event = store.events(id).await.unwrap().remove(0);
    assert_eq!(event.source, Source::Rule("r".into()));
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
    assert_eq!(store.verify().await.unwrap(), Audit::Holds { events: 1 });
    assert_eq!(store.events(id).await.unwrap()[0].source, Source::Rule("r".into()));
}

/// A change to a stored event, or to what it says of a person, is found.
#[tokio::test]
async fn a_changed_event_breaks_the_chain() {
    for sql in [
        "UPDATE events SET summary = 'x' WHERE seq = 1",
        "UPDATE events SET personal = '{\"name\":\"L\"}' WHERE seq = 1",
        "UPDATE events SET source = '{\"rule\":\"another\"}' WHERE seq = 1",
        "UPDATE events SET source = NULL WHERE seq = 1",
        "DELETE FROM events WHERE seq = 1",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let store = open(&url).await;
        let id = opened(&store, "m1").await;
        let case = store.load(&[id]).await.unwrap().remove(0);
        store.commit(vec![registering(case)]).await.unwrap();
        assert_eq!(store.verify().await.unwrap(), Audit::Holds { events: 1 });
        let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
        sqlx::query(sql).execute(&pool).await.unwrap();
        assert_eq!(store.verify().await.unwrap(), Audit::Broken { seq: 1 }, "{sql}");
        sqlx::query("UPDATE events SET personal = NULL, salt = NULL").execute(&pool).await.unwrap();
    }
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
