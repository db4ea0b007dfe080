//! Faults in the middle of everything: a store and a target that fail at the n-th call, for every n. After each,
//! trying again ends as if nothing had been.

mod disk;
pub mod line;
mod outside;
mod refusals;

use crate::crash::records::Records;
use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, TestApp, amsterdam, clear_complaint};
use chrono::Timelike;
use line::{Line, Side};
use redress::clock::Clock;
use redress::intake::ingest;
use refusals::{Refusals, Refused};
use sqlx::Connection;
use std::collections::BTreeMap;

const NOW: &str = "2026-11-23 10:00";

fn hook(url: &str) -> String {
    format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\nevents = [\"registered\", \"entered\"]\n\
         [webhook]\nurl = \"{url}\"\nsigning = \"none\"\ntimeout_seconds = 2\n"
    )
}

/// Hands a mail over until it is taken over, and works until nothing is due, whatever fails meanwhile; `heal` is done
/// after each try that something came in between of, and the number of those is returned.
async fn persist(app: &TestApp, name: &str, heal: impl AsyncFn()) -> usize {
    // Notices to our own people go in working hours: towards their end, the story goes on the next morning.
    let local = amsterdam().local(app.clock.now()).unwrap();
    if local.hour() >= 17 {
        let morning = local.date().succ_opt().unwrap().and_hms_opt(9, 0, 0).unwrap();
        app.clock.advance_to(amsterdam().at(morning.date(), morning.time()).unwrap());
    }
    let raw = clear_complaint(&format!("{name}@example.nl"), name);
    let (mut is_taken, mut calm, mut disturbed) = (false, 0, 0);
    for _ in 0..20 {
        is_taken = is_taken || ingest(&app.app.workflow, raw.as_bytes(), "test").await.is_ok();
        let is_calm = is_taken && app.app.turn().await.is_ok() && is_delivered(app).await;
        calm = if is_calm { calm + 1 } else { 0 };
        if calm == 2 {
            return disturbed;
        }
        // A lease that nobody ended, and the pause after a failure.
        app.clock.advance_to(app.clock.now().plus_millis(60_000));
        if calm == 0 {
            disturbed += 1;
            heal().await;
        }
    }
    panic!("{name} does not come to its end");
}

/// Nothing to heal: it does so by itself.
async fn by_itself() {}

/// Ends the leases in a PostgreSQL, which end by its time; the test cannot move that.
async fn end_leases(database: &str) {
    let mut connection = sqlx::AnyConnection::connect(database).await.unwrap();
    let ended = "UPDATE deliveries SET lease_until = 0 WHERE state = 'queued'";
    sqlx::query(ended).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn is_delivered(app: &TestApp) -> bool {
    let totals = app.app.store.figures().totals(app.clock.now()).await;
    totals.is_ok_and(|totals| totals.queued == 0)
}

/// What became of a complaint: its course, who was told by what, and what arrived under how many ids.
fn outcome(records: &Records, receiver: &Receiver, name: &str) -> Vec<String> {
    let complaints = records.of_sender(&format!("{name}@example.nl"));
    assert_eq!(complaints.len(), 1, "{name}");
    let id = complaints[0].id;
    let mut outcome = records.course(id);
    let message_id = format!("{name}@example.nl");
    let mails = records.mails.iter().filter(|m| m.message_id == message_id);
    outcome.push(format!("{} mails", mails.count()));
    let mut told: Vec<String> = records
        .notifications
        .iter()
        .filter(|n| n.complaint == Some(id))
        .map(|n| format!("{} to {}", n.message, n.recipient))
        .collect();
    let arrived: Vec<String> =
        receiver.seen().iter().map(|(h, _)| h["webhook-id"].to_str().unwrap().to_owned()).collect();
    let mut by_plugin: BTreeMap<&str, usize> = BTreeMap::new();
    for delivery in records.deliveries.iter().filter(|d| d.complaint == Some(id)) {
        assert_eq!(delivery.state, "accepted", "{name}: {delivery:?}");
        assert!(delivery.plugin != "hook" || arrived.contains(&delivery.id), "{name}: {delivery:?}");
        *by_plugin.entry(&delivery.plugin).or_default() += 1;
    }
    told.sort();
    outcome.extend(told);
    outcome.extend(by_plugin.iter().map(|(plugin, n)| format!("{n} by {plugin}")));
    outcome
}

/// Every statement of a complaint's way, from the mail to the letters: the connection breaks before it, and after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_at_any_statement_ends_as_if_nothing_had_been() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES");
        return;
    };
    let database = crate::store::fresh_database(&server).await;
    let (before, rest) = database.split_once('@').unwrap();
    let (address, name) = rest.split_once('/').unwrap();
    let line = Line::start(address);
    let url = format!(
        "{before}@127.0.0.1:{}/{name}?sslmode=disable&options=-c%20synchronous_commit%3Doff",
        line.port
    );
    let (receiver, target) = Receiver::start(&[]).await;
    let builder = Builder::default().config(&format!("[database]\nurl = \"{url}\"\n"));
    let app = builder.plugin("mail", MAIL_PLUGIN.to_owned()).plugin("hook", hook(&target)).start(NOW).await;
    let heal = async || end_leases(&database).await;
    persist(&app, "undisturbed", &heal).await;
    let expected = outcome(&Records::read(&database).await, &receiver, "undisturbed");
    assert!(expected.len() > 10, "{expected:?}");
    for side in [Side::Before, Side::After] {
        let mut names = Vec::new();
        for nth in 1.. {
            let name = format!("{side:?}{nth}").to_lowercase();
            line.cut_at(nth, side);
            persist(&app, &name, &heal).await;
            let (has_broken, _) = line.calm();
            names.push(name);
            if !has_broken {
                break;
            }
        }
        let records = Records::read(&database).await;
        for name in &names {
            assert_eq!(outcome(&records, &receiver, name), expected, "{name}");
        }
        assert!(names.len() > 40, "{side:?}: {} statements are too few to be all", names.len());
        crate::crash::assert_chain(&records, &app.folder.path().join("data/audit.key"));
    }
    let verified = app.app.store.trail().verify().await.unwrap();
    assert!(matches!(verified, redress::store::Audit::Holds { .. }), "{verified:?}");
    assert_eq!(app.app.store.trail().reconcile().await.unwrap(), []);
}

/// Every row that is written on a complaint's way, on SQLite: its statement is refused, and its commit.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_refuses_any_row_ends_as_if_nothing_had_been() {
    let (receiver, target) = Receiver::start(&[]).await;
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).plugin("hook", hook(&target));
    let app = builder.start(NOW).await;
    let url = format!("sqlite:{}?mode=rw", app.folder.path().join("data/redress.db").display());
    let refusals = Refusals::of(&url).await;
    persist(&app, "undisturbed", by_itself).await;
    let rows = refusals.written().await;
    let expected = outcome(&Records::read(&url).await, &receiver, "undisturbed");
    assert!(rows > 40 && expected.len() > 10, "{rows} rows: {expected:?}");
    for refused in [Refused::Statement, Refused::Commit] {
        let (mut names, mut fired) = (Vec::new(), 0);
        for nth in 1.. {
            let name = format!("{refused:?}{nth}").to_lowercase();
            refusals.refuse(nth, refused).await;
            let disturbed = persist(&app, &name, async || refusals.calm().await).await;
            names.push(name);
            if disturbed == 0 {
                break;
            }
            fired += 1;
        }
        let records = Records::read(&url).await;
        for name in &names {
            assert_eq!(outcome(&records, &receiver, name), expected, "{name}");
        }
        assert!(fired >= rows, "{refused:?}: {fired} of {rows} rows were refused");
        say(&format!(
            "SQLite refused the {refused:?} of each of {fired} rows: nothing lost, nothing doubled"
        ));
        crate::crash::assert_chain(&records, &app.folder.path().join("data/audit.key"));
    }
    let verified = app.app.store.trail().verify().await.unwrap();
    assert!(matches!(verified, redress::store::Audit::Holds { .. }), "{verified:?}");
    assert_eq!(app.app.store.trail().reconcile().await.unwrap(), []);
}

#[expect(clippy::print_stdout, reason = "the figures, for whoever asks with --nocapture")]
fn say(text: &str) {
    println!("{text}");
}

/// Every delivery of a complaint's way: the target fails at it in each of several ways, and takes it later.
#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_fails_at_any_delivery_ends_as_if_nothing_had_been() {
    let (receiver, target) = Receiver::start(&[]).await;
    let app = Builder::default()
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("hook", hook(&target))
        .start(NOW)
        .await;
    persist(&app, "undisturbed", by_itself).await;
    let url = format!("sqlite:{}?mode=rw", app.folder.path().join("data/redress.db").display());
    let expected = outcome(&Records::read(&url).await, &receiver, "undisturbed");
    let deliveries = receiver.count();
    assert!(deliveries > 2, "{deliveries}");
    for status in [500, 503, 408, 429, 401] {
        for nth in 0..deliveries {
            let name = format!("s{status}at{nth}");
            let before = receiver.count();
            receiver.answer(&[vec![200; nth], vec![status]].concat());
            persist(&app, &name, by_itself).await;
            assert_eq!(receiver.count() - before, deliveries + 1, "{name}: it is tried again, once");
            let records = Records::read(&url).await;
            assert_eq!(outcome(&records, &receiver, &name), expected, "{name}");
        }
    }
}
