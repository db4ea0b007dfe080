//! A mail server that misbehaves, once at every step of a conversation and always about one mail: nothing is lost, nothing is
//! doubled, only what was stored is moved, and what cannot be had is told.

use crate::support::fake_imap::{FAULTS, FakeImap, Fault, STEPS, Step, Withheld};
use crate::support::{Builder, TestApp, clear_complaint};
use redress::complaint::{Actor, EventKind};
use redress::intake::{Mailbox, MailboxError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The mails of a server of which there are many.
const FEW: usize = 2;

/// A server with mails from senders who are named after their mailbox.
fn server(mailbox: &str, mails: usize) -> FakeImap {
    FakeImap::start((1..=mails).map(|i| {
        let name = format!("{mailbox}-k{i}");
        clear_complaint(&format!("{name}@example.nl"), &name).replace("From: Jan", &format!("From: {name}"))
    }))
}

/// An installation that reads these servers.
async fn app(servers: &[(String, FakeImap)]) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "x").unwrap();
    let sections = servers.iter().map(|(name, server)| {
        format!(
            "[[mailboxes]]\nname = \"{name}\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nusername = \"u\"\n\
             password = {{ file = \"{}\" }}\nfrom = \"2020-01-01\"\nprocessed = \"Done\"\npoll_seconds = 1\n",
            server.port,
            secret.display()
        )
    });
    let app = Builder::default().config(&sections.collect::<String>()).start("2030-01-07 10:00").await;
    // Secrets are read when they are used.
    std::mem::forget(folder);
    app
}

async fn one() -> (FakeImap, TestApp) {
    let server = server("planning", 5);
    let app = app(&[("planning".to_owned(), server.clone())]).await;
    (server, app)
}

fn mailbox(app: &TestApp, nth: usize) -> Mailbox {
    Mailbox::new(app.app.settings.mailboxes[nth].clone(), app.app.plugins.network()).unwrap()
}

/// The numbers of the senders whose mails in a mailbox are complaints, once for each.
async fn senders(app: &TestApp, mailbox: &str) -> Vec<usize> {
    let found = app.app.store.register().list(&Default::default(), 1_000).await.unwrap();
    let of = format!("{mailbox}-k");
    let mut senders: Vec<usize> =
        found.iter().filter_map(|c| c.complainant.strip_prefix(&of)).map(|i| i.parse().unwrap()).collect();
    senders.sort_unstable();
    senders
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_misbehaves_once_at_any_step_loses_and_doubles_nothing() {
    let cases: Vec<(Step, Fault)> =
        STEPS.into_iter().flat_map(|step| FAULTS.map(|fault| (step, fault))).collect();
    let servers: Vec<(String, FakeImap)> = cases
        .iter()
        .map(|(step, fault)| format!("{fault:?}at{step:?}"))
        .map(|name| (name.clone(), server(&name, FEW)))
        .collect();
    let app = app(&servers).await;
    for (nth, ((step, fault), (what, server))) in cases.into_iter().zip(&servers).enumerate() {
        server.misbehave_once(step, fault);
        let mailbox = mailbox(&app, nth);
        for _ in 0..3 {
            let _ = mailbox.take_in(&app.app.workflow).await;
            let stored = senders(&app, what).await.len();
            assert!(server.fate().0.len() <= stored, "{what}: what is not stored was moved away");
        }
        assert!(server.has_misbehaved(), "{what}");
        assert_eq!(senders(&app, what).await, [1, 2], "{what}");
        let (moved, left) = server.fate();
        assert_eq!(moved.len() + left.len(), FEW, "{what}: nothing is deleted");
        // What could not be moved the first time stays; it is known.
        assert!(left.is_empty() || matches!(step, Step::Move | Step::Capability), "{what}: {left:?} stay");
        assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 0, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_the_server_withholds_stops_the_mailbox_there_until_somebody_steps_over_it() {
    for how in [Withheld::No, Withheld::Nil, Withheld::LeftOut, Withheld::Empty] {
        let (server, app) = one().await;
        server.withhold(3, Some(how));
        let mailbox = mailbox(&app, 0);
        for _ in 0..2 {
            let ended = mailbox.take_in(&app.app.workflow).await;
            assert!(matches!(ended, Err(MailboxError::Stopped { uid: 3, .. })), "{how:?}: {ended:?}");
            assert_eq!(senders(&app, "planning").await, [1, 2], "{how:?}");
            assert_eq!(server.fate(), (vec![1, 2], vec![3, 4, 5]), "{how:?}: only what was stored is moved");
        }
        let operations = app.app.workflow.operations();
        let by = || Actor::Person("integratie@lagant.nl".to_owned());
        assert!(operations.step_over_mail("planning", 3, by()).await.unwrap());
        assert!(!operations.step_over_mail("planning", 3, by()).await.unwrap(), "once");
        assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 2, "{how:?}");
        assert_eq!(senders(&app, "planning").await, [1, 2, 4, 5], "{how:?}");
        assert_eq!(server.fate(), (vec![1, 2, 4, 5], vec![3]), "{how:?}: it stays for people");
        let events = app.app.store.trail().events_after(0).await.unwrap();
        let stepped: Vec<_> = events.iter().filter(|e| e.kind == EventKind::MailSteppedOver).collect();
        assert_eq!(stepped.len(), 1);
        assert_eq!(stepped[0].data, r#"{"mailbox":"planning","uid":3}"#);
    }
}

/// What the server hands over after all is taken in, in its place.
#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_has_stopped_goes_on_by_itself_when_the_mail_can_be_had() {
    let (server, app) = one().await;
    server.withhold(3, Some(Withheld::Nil));
    let stop = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(mailbox(&app, 0).run(Arc::clone(&app.app.workflow), Arc::clone(&stop)));
    let appears = async |text: &str| {
        for _ in 0..400 {
            app.app.turn().await.unwrap();
            if app.outbox().iter().any(|m| m.contains(text)) {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        false
    };
    assert!(appears("UID 3").await, "somebody hears of it at once, and of which mail");
    assert!(app.outbox().iter().any(|m| m.contains("UID 3") && m.contains("integratie@lagant.nl")));
    server.withhold(3, None);
    assert!(appears("wordt weer gelezen").await);
    assert_eq!(senders(&app, "planning").await, [1, 2, 3, 4, 5]);
    stop.store(true, Ordering::Relaxed);
    watching.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_somebody_takes_away_meanwhile_stops_nothing() {
    let (server, app) = one().await;
    server.let_vanish(3);
    assert_eq!(mailbox(&app, 0).take_in(&app.app.workflow).await.unwrap(), 4);
    assert_eq!(senders(&app, "planning").await, [1, 2, 4, 5]);
}

/// A refusal of one step is no sign that a mail is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_not_taken_for_gone_because_the_server_will_not_say() {
    let (server, app) = one().await;
    server.withhold(5, Some(Withheld::LeftOut));
    let mailbox = mailbox(&app, 0);
    mailbox.take_in(&app.app.workflow).await.unwrap_err();
    for fault in [Fault::SaysNo, Fault::SaysBad, Fault::LeavesEverythingOut] {
        server.misbehave_once(Step::Search, fault);
        let ended = mailbox.take_in(&app.app.workflow).await;
        assert!(ended.is_err(), "{fault:?}: {ended:?}");
        assert_eq!(senders(&app, "planning").await, [1, 2, 3, 4], "{fault:?}");
    }
}
