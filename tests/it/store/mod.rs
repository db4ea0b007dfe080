//! The store's contract, one suite on SQLite and on PostgreSQL.
//!
//! PostgreSQL runs when `REDRESS_TEST_POSTGRES` names a server; under `CI=true` its absence is a failure.

mod decisions;
mod deliveries;
mod ended;
mod grouping;
mod log;
pub mod plans;
mod search;
mod searched;
mod tampering;
mod upgrades;

pub use upgrades::pool_of;

use crate::support::{amsterdam, at};
use redress::calendar::Date;
use redress::complaint::{
    Actor, Case, Complaint, ComplaintId, Deadline, Event, EventKind, IntakeId, Language, MailKind,
    NothingDeclared, Number, Origin, Party, Recipient, Source, State, Tally, Via,
};
use redress::store::{
    Audit, AuditKey, Commit, Cursor, Filed, Filing, Health, Known, ListFilter, NewDelivery, NewMail, Notice,
    OpenAlarm, Opening, Queue, RenderedNotification, ScheduleRun, Share, Sighting, Store, Waiting,
};
use std::collections::{BTreeSet, HashSet};
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
        references: vec!["root".to_owned()],
        attachments: Vec::new(),
        remarks: Vec::new(),
        history_at: None,
        cursor: None,
        raw: vec![0, 1, 255],
    }
}

/// A mail that opens a complaint of `email`.
fn opening(id: &str, email: &str) -> Filing {
    let who = Party { name: "K".to_owned(), email: email.to_owned() };
    let complaint =
        |intake: IntakeId| Complaint::received(intake, State::from("a"), "Klacht".to_owned(), who, at(NOW));
    Filing::Opens(Opening { mail: mail(id), trigger: "{}".to_owned(), complaint: Box::new(complaint) })
}

async fn opened(store: &Store, id: &str) -> ComplaintId {
    let filed = store.mails().file(vec![opening(id, "k@example.nl")], at(NOW)).await.unwrap().unwrap();
    let [Filed::Opened(id, _)] = filed[..] else { panic!("{filed:?}") };
    id
}

/// Stores what comes of one mail; whether it was not there yet.
async fn filed(store: &Store, filing: Filing) -> bool {
    store.mails().file(vec![filing], at(NOW)).await.unwrap().is_some()
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
            gathered: None,
            about: None,
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
            not_before: None,
        }],
        consumed: Some(format!("received {}", case.id.0)),
        sent_draft: None,
        concerns_others: true,
        sender_changed: false,
        is_regrouped: false,
        is_reworded: true,
        concerns: Vec::new(),
        forgets: None,
        tally: Tally::of(&case.complaint, Date::default(), &NothingDeclared),
        late_from: case.deadlines.iter().filter(|d| d.is_armed()).map(|d| d.due).min(),
        is_handed_over: false,
        case,
    }
}

/// Everything the store promises, whatever the engine.
async fn contract(store: &Store) {
    intake_is_one_transaction(store).await;
    decisions::are_numbered_without_gaps_and_conditional(store).await;
    deliveries::are_claimed_once(store).await;
    mailboxes_and_bounces(store).await;
    rulesets_and_schedules(store).await;
    the_watchdog_asks_and_remembers(store).await;
    changes_are_noticed(store).await;
    the_trail_holds(store).await;
    small_values(store).await;
    decisions::are_written_with_what_came_since_they_were_ready(store).await;
}

async fn intake_is_one_transaction(store: &Store) {
    let id = opened(store, "m1").await;
    assert!(!filed(store, opening("m1", "")).await, "the same mail again");
    assert_eq!(store.mails().by_message_ids(&["x".to_owned(), "m1".to_owned()]).await.unwrap(), Some(id));
    let conversation = ["x".to_owned(), "root".to_owned()];
    for (sender, found) in [("k@example.nl", Some(id)), ("x@example.nl", None), ("", None)] {
        assert_eq!(store.mails().in_conversation(&conversation, sender).await.unwrap(), found, "{sender}");
    }
    assert_eq!(store.mails().known("m1", "h").await.unwrap(), Known::ThisMail);
    assert_eq!(store.mails().known("m1", "other").await.unwrap(), Known::AnotherUnderItsId);
    assert_eq!(store.mails().known("m0", "h").await.unwrap(), Known::Not);
    assert_eq!(store.cases().due(Share::ALL, at(NOW), 10).await.unwrap(), [id]);
    assert_eq!(store.cases().text(id).await.unwrap(), "Klacht\nTekst");
    assert!(store.cases().triggers(&[id]).await.unwrap().contains_key(&id));
    assert!(filed(store, Filing::Keeps(mail("m2"))).await);
    assert!(!filed(store, Filing::Keeps(mail("m2"))).await);
    sets_are_stored_whole_or_not_at_all(store, id).await;
}

/// One of a set that is there already leaves the whole set out, and takes no number; what is known of several is asked
/// at once.
async fn sets_are_stored_whole_or_not_at_all(store: &Store, id: ComplaintId) {
    let join = |message: &str| Filing::Joins { mail: mail(message), complaint: id, trigger: None };
    let sets = || vec![Filing::Keeps(mail("s1")), join("s2"), Filing::Keeps(mail("s3"))];
    let stale = [sets(), vec![Filing::Keeps(mail("m2"))]].into_iter().flatten().collect();
    assert_eq!(store.mails().file(stale, at(NOW)).await.unwrap(), None);
    assert_eq!(store.mails().known("s1", "h").await.unwrap(), Known::Not);
    assert_eq!(store.mails().file(sets(), at(NOW)).await.unwrap().unwrap().len(), 3);
    let stored = store.register().mails(id).await.unwrap();
    assert_eq!(stored.iter().map(|m| m.id).collect::<Vec<_>>(), [1, 4], "numbers without gaps, in order");
    let ids = ["m1", "s1", "x"];
    let found = store.mails().acquaintance(&ids, &ids, &["k@example.nl", "x", ""]).await.unwrap();
    let sorted = |found: HashSet<String>| found.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(sorted(found.mails), ["m1", "s1"].map(str::to_owned).into());
    assert_eq!(sorted(found.threads), ["m1"].map(str::to_owned).into(), "of complaints only");
    assert_eq!(sorted(found.complainants), ["k@example.nl"].map(str::to_owned).into());
}

async fn mailboxes_and_bounces(store: &Store) {
    let now = at("2026-11-23 11:00");
    let place = |uid_validity, uid| Cursor {
        mailbox: "planning".to_owned(),
        uid_validity,
        uid,
        since: None,
        since_uid: 0,
    };
    assert_eq!(store.mails().cursor("planning").await.unwrap(), None);
    let automated = NewMail { cursor: Some(place(1, 7)), ..mail("auto1") };
    assert!(filed(store, Filing::Keeps(automated)).await);
    let again = |cursor| {
        let (message_id, body_hash) = ("auto1".to_owned(), "h".to_owned());
        Filing::SeenAgain(Sighting {
            message_id,
            body_hash,
            source: "planning".to_owned(),
            cursor: Some(cursor),
        })
    };
    assert_eq!(store.mails().cursor("planning").await.unwrap(), Some(place(1, 7)));
    filed(store, again(place(1, 6))).await;
    assert_eq!(store.mails().cursor("planning").await.unwrap(), Some(place(1, 7)), "it does not go back");
    filed(store, again(place(2, 1))).await;
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

async fn the_watchdog_asks_and_remembers(store: &Store) {
    let (now, oversight) = (at("2026-11-23 11:00"), store.oversight());
    let queues = oversight.queues(now).await.unwrap();
    let of = |queue: &[Queue]| queue.iter().map(|q| (q.plugin.clone(), q.deliveries)).collect::<Vec<_>>();
    let waiting = store.deliveries().waiting().await.unwrap();
    let counted = |count: fn(&Waiting) -> i64| {
        let some = waiting.iter().filter(|w| count(w) > 0).map(|w| (w.plugin.clone(), count(w)));
        some.collect::<Vec<_>>()
    };
    assert_eq!((of(&queues.queued), of(&queues.dead)), (counted(|w| w.queued), counted(|w| w.dead)));
    assert!(queues.due.iter().any(|q| q.plugin == "mail"), "{queues:?}");
    assert!(queues.due.iter().all(|q| q.at.is_some_and(|at| at <= now)), "{queues:?}");
    assert_eq!(oversight.last_mail().await.unwrap(), Some(at(NOW)));
    assert!(oversight.size().await.unwrap() > 10_000);
    assert!(oversight.untold_terms(now).await.unwrap().is_empty());
    let alarm = |kind: &str, said: &str| OpenAlarm {
        kind: kind.to_owned(),
        subject: "mail".to_owned(),
        observer: String::new(),
        since: now,
        seen_at: now,
        told_at: None,
        said: said.to_owned(),
        remedy: String::new(),
    };
    assert_eq!(oversight.watched_at().await.unwrap(), None);
    oversight.record(vec![alarm("a", "1"), alarm("b", "1")], now).await.unwrap();
    oversight.told(&alarm("a", "1"), now).await.unwrap();
    let later = at("2026-11-23 11:01");
    let again = OpenAlarm { since: later, seen_at: later, ..alarm("a", "2") };
    oversight.record(vec![again], later).await.unwrap();
    let expected = OpenAlarm { seen_at: later, told_at: Some(now), ..alarm("a", "2") };
    assert_eq!(oversight.alarms().await.unwrap(), [expected.clone(), alarm("b", "1")]);
    oversight.end(&expected).await.unwrap();
    assert_eq!(oversight.alarms().await.unwrap(), [alarm("b", "1")]);
    assert_eq!(oversight.watched_at().await.unwrap(), Some(later));
    assert_eq!(oversight.backed_up_at().await.unwrap(), None);
    oversight.record_backup(now).await.unwrap();
    assert_eq!(oversight.backed_up_at().await.unwrap(), Some(now));
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
            companions: None,
            expects: None,
            proposal: None,
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
        tells_of: None,
        marks: &[],
        run: Some(&run),
        reports: &[],
    };
    store.notices().commit(notice).await.unwrap();
    let before = store.trail().last_event().await.unwrap();
    store.notices().commit(notice).await.unwrap();
    assert_eq!(store.trail().last_event().await.unwrap(), before, "a run happens once");
    let marks = ["plugin/mail/1/x", "plugin/mail/1/y", "plugin/mail/10/x"].map(str::to_owned);
    let marked = Notice { events: &[], marks: &marks, run: None, ..notice };
    for _ in 0..2 {
        store.notices().commit(marked).await.unwrap();
    }
    let asked = [marks[0].clone(), "not there".to_owned(), "n".repeat(2_000)];
    let found = store.notices().marked(&asked).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), marks[..1]);
    assert_eq!(store.notices().marks_below("plugin/mail/1/").await.unwrap(), 2);
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

pub async fn fresh_database(server: &str) -> String {
    sqlx::any::install_default_drivers();
    let name = format!("redress_test_{}", redress::random::hex::<6>());
    let pool = sqlx::any::AnyPoolOptions::new().connect(server).await.unwrap();
    sqlx::query(&format!("CREATE DATABASE {name}")).execute(&pool).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

fn deadline() -> Deadline {
    let due = at("2026-12-07 23:59");
    Deadline {
        base: Some(at(NOW)),
        span: Some("14 days".to_owned()),
        raw_end: at("2026-12-07 10:00"),
        ..Deadline::armed("reply".into(), "handler".into(), due, at(NOW), Source::Rule("r".into()))
    }
}

/// `tables/` holds a file for each table of a fresh database, and none for anything else.
#[tokio::test]
async fn every_table_has_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    open(&url).await.close().await;
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' \
               AND name NOT LIKE 'search_index%' ORDER BY name";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap();
    let mut files: Vec<String> = std::fs::read_dir("src/store/tables")
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "mod" && name != "test")
        .collect();
    files.sort();
    assert_eq!(files, tables);
}

/// A delivery of a notification to our own people.
fn delivery(id: &str, notification_id: &str) -> NewDelivery {
    NewDelivery {
        id: id.to_owned(),
        notification_id: Some(notification_id.to_owned()),
        complaint: None,
        plugin: "mail".to_owned(),
        topic: "notification.digest".to_owned(),
        recipient: "director".to_owned(),
        position: 1,
        payload: "{}".to_owned(),
        is_letter: false,
        capped_address: None,
        is_first_letter: false,
        is_reaction: false,
        message_id: None,
        not_before: None,
    }
}
