//! Mailboxes on a real Dovecot: nothing is lost, nothing is doubled, nothing is deleted.

use crate::support::dovecot::{Dovecot, PASSWORD, cut_line};
use crate::support::tls::certificates;
use crate::support::{Builder, TestApp, clear_complaint};
use redress::intake::{Mailbox, MailboxError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const NO_TOKENS: &str = "http://127.0.0.1:9/?token=";

fn settings(port: u16, folder: &Path, more: &str) -> String {
    let secret = folder.join("imap-secret");
    std::fs::write(&secret, PASSWORD).unwrap();
    let from = if more.contains("from = ") { "" } else { "from = \"2020-01-01\"\n" };
    format!(
        "[[mailboxes]]\nname = \"planning\"\nhost = \"localhost\"\nport = {port}\nusername = \"planning\"\n\
         password = {{ file = \"{}\" }}\npoll_seconds = 1\n{from}{more}\n",
        secret.display()
    )
}

async fn app(port: u16, folder: &Path, more: &str) -> TestApp {
    Builder::default().config(&settings(port, folder, more)).start("2030-01-07 10:00").await
}

fn mailbox(app: &TestApp) -> Mailbox {
    Mailbox::new(app.app.settings.mailboxes[0].clone(), app.app.plugins.network()).unwrap()
}

fn complaints(range: std::ops::Range<usize>) -> Vec<(String, String)> {
    range
        .map(|i| (format!("m{i:05}"), clear_complaint(&format!("k{i}@example.nl"), &format!("m{i}"))))
        .collect()
}

async fn listed(app: &TestApp) -> Vec<String> {
    let found = app.app.store.register().list(&Default::default(), 20_000).await.unwrap();
    found.into_iter().map(|c| format!("{} {}", c.intake_id, c.complainant)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_taken_in_from_where_it_was_left_moved_and_never_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(mut dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    dovecot.deliver("planning", complaints(0..3));
    let more = format!("ca_file = \"{}\"\nprocessed = \"Verwerkt\"", files.authority.display());
    let app = app(dovecot.tls_port, folder.path(), &more).await;
    let mailbox = mailbox(&app);
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 3, "{}", dovecot.log());
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 0);
    assert_eq!((dovecot.count("planning", ""), dovecot.count("planning", ".Verwerkt")), (0, 3));
    dovecot.deliver("planning", complaints(3..5));
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 2);
    assert_eq!(listed(&app).await.len(), 5);
    // A restored mailbox: the same mails under other UIDs are known, a new one is not.
    let moved = dovecot.count("planning", ".Verwerkt");
    dovecot.deliver("planning", complaints(2..7));
    dovecot.forget_uids("planning");
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 5);
    assert_eq!(listed(&app).await.len(), 7);
    assert_eq!(app.app.store.figures().duplicates().await.unwrap(), 3, "duplicates are recorded");
    assert_eq!(dovecot.count("planning", ".Verwerkt"), moved + 5, "nothing was deleted");
    let received = app.app.store.cases().load(&[redress::complaint::ComplaintId(1)]).await.unwrap();
    assert!(
        received[0].complaint.received_at < redress::clock::Clock::now(&app.clock),
        "the server's own time"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_mail_stays_and_colleagues_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    dovecot.deliver("planning", complaints(0..2));
    let app = app(dovecot.port, folder.path(), "security = \"none\"").await;
    let mailbox = mailbox(&app);
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 2);
    // A colleague has read everything, also what came since: \Seen means nothing.
    dovecot.deliver("planning", complaints(2..3));
    let (new, cur) = ("dovecot/mail/planning/new", "dovecot/mail/planning/cur");
    for entry in std::fs::read_dir(folder.path().join(new)).unwrap().flatten() {
        let name = format!("{}:2,S", entry.file_name().to_string_lossy());
        std::fs::rename(entry.path(), folder.path().join(cur).join(name)).unwrap();
    }
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 1);
    assert_eq!((listed(&app).await.len(), dovecot.count("planning", "")), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_mid_fetch_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    dovecot.deliver("planning", complaints(0..40));
    let undisturbed = app(dovecot.port, folder.path(), "security = \"none\"").await;
    mailbox(&undisturbed).take_in(&undisturbed.app.workflow).await.unwrap();
    let port = cut_line(dovecot.port, 300).await;
    let disturbed = app(port, folder.path(), "security = \"none\"").await;
    let mut breaks = 0;
    let mailbox = mailbox(&disturbed);
    while let Err(e) = mailbox.take_in(&disturbed.app.workflow).await {
        assert!(matches!(e, MailboxError::Connection(_)), "{e:?}");
        breaks += 1;
        assert!(breaks < 20);
    }
    assert!(breaks >= 3, "{breaks}");
    assert_eq!(listed(&disturbed).await, listed(&undisturbed).await);
    assert_eq!(listed(&disturbed).await.len(), 40);
}

/// Watches as `serve` does, while the server tells of new mail, goes away and comes back.
#[tokio::test(flavor = "multi_thread")]
async fn new_mail_is_told_by_the_server_and_a_restart_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(mut dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    dovecot.deliver("planning", complaints(0..1));
    let more = "security = \"none\"";
    let app = app(dovecot.port, folder.path(), more).await;
    let stop = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(mailbox(&app).run(Arc::clone(&app.app.workflow), Arc::clone(&stop)));
    let reaches = async |n: usize| {
        for _ in 0..400 {
            if listed(&app).await.len() == n {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{n} complaints did not come about");
    };
    reaches(1).await;
    dovecot.deliver("planning", complaints(1..3));
    reaches(3).await;
    dovecot.stop();
    dovecot.deliver("planning", complaints(3..4));
    dovecot.resume();
    reaches(4).await;
    stop.store(true, Ordering::Relaxed);
    tokio::time::timeout(Duration::from_secs(5), watching).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_mails_are_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    // Answers of machines: kept, and nothing follows from them, so that this is about the mailbox.
    let automated = |i: usize| {
        format!(
            "From: r{i}@example.nl\r\nAuto-Submitted: auto-replied\r\nSubject: Afwezig\r\nMessage-ID: <r{i}@x>\r\n\r\nIk ben er niet.\r\n"
        )
    };
    dovecot.deliver("planning", (0..9_990).map(|i| (format!("a{i:05}"), automated(i))));
    dovecot.deliver("planning", complaints(0..10));
    let app = app(dovecot.port, folder.path(), "security = \"none\"").await;
    let mailbox = mailbox(&app);
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 10_000);
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 0);
    assert_eq!(listed(&app).await.len(), 10);
    let cursor = app.app.store.mails().cursor("planning").await.unwrap().unwrap();
    assert_eq!(cursor.uid, 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_the_mailbox_and_refusals_are_told_by_another_way() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    // One endpoint hands out tokens, and the other tells Dovecot whether one is good.
    let router = axum::Router::new()
        .route(
            "/token",
            axum::routing::post(|| async {
                axum::Json(serde_json::json!({"access_token": "good", "expires_in": 3600}))
            }),
        )
        .route(
            "/info",
            axum::routing::get(|request: axum::extract::Request| async move {
                let token =
                    request.headers().get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
                let is_good = token.ends_with("good") || request.uri().to_string().ends_with("good");
                axum::Json(
                    serde_json::json!({"email": "planning", "active": if is_good { "yes" } else { "no" }}),
                )
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let Some(dovecot) = Dovecot::start(folder.path(), &files, &format!("http://{at}/info?token=")) else {
        return;
    };
    dovecot.deliver("planning", complaints(0..1));
    let config = format!(
        "[[mailboxes]]\nname = \"planning\"\nhost = \"localhost\"\nport = {}\nsecurity = \"none\"\nusername = \"planning\"\nfrom = \"2020-01-01\"\n\
         [mailboxes.oauth2]\ntoken_url = \"http://{at}/token\"\nclient_id = \"redress\"\n",
        dovecot.port
    );
    let app = Builder::default().config(&config).start("2030-01-07 10:00").await;
    let taken = mailbox(&app).take_in(&app.app.workflow).await;
    assert_eq!(taken.unwrap_or_else(|e| panic!("{e}: {}", dovecot.log())), 1);
    // A wrong password is told at once, to the integrator, by the other plugins.
    let wrong = settings(dovecot.port, folder.path(), "security = \"none\"");
    std::fs::write(folder.path().join("imap-secret"), "wrong").unwrap();
    let app = Builder::default().config(&wrong).start("2030-01-07 10:00").await;
    let stop = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(mailbox(&app).run(Arc::clone(&app.app.workflow), Arc::clone(&stop)));
    let told = || async {
        app.app.turn().await.unwrap();
        app.outbox().into_iter().find(|m| m.contains("kan niet worden gelezen"))
    };
    let mut found = None;
    for _ in 0..200 {
        found = told().await;
        if found.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let found = found.expect("somebody is told");
    assert!(found.contains("integratie@lagant.nl") && !found.contains("wrong"), "{found}");
    watching.await.unwrap();
}

/// A mailbox that cannot be reached is nothing to tell of at once, and something after an hour; so is its recovery.
#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_is_silent_for_an_hour_is_told_of_and_so_is_its_recovery() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(mut dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    dovecot.deliver("planning", complaints(0..1));
    dovecot.stop();
    let app = app(dovecot.port, folder.path(), "security = \"none\"").await;
    let stop = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(mailbox(&app).run(Arc::clone(&app.app.workflow), Arc::clone(&stop)));
    let appears = async |text: &str| {
        for _ in 0..400 {
            app.app.turn().await.unwrap();
            if app.outbox().iter().any(|m| m.contains(text)) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        false
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    app.app.turn().await.unwrap();
    assert!(app.outbox().is_empty(), "a moment is nothing");
    app.clock.advance_to(redress::clock::Clock::now(&app.clock).plus_millis(3_700_000));
    assert!(appears("kan niet worden gelezen").await);
    dovecot.resume();
    assert!(appears("wordt weer gelezen").await);
    assert_eq!(listed(&app).await.len(), 1);
    stop.store(true, Ordering::Relaxed);
    watching.await.unwrap();
}

/// What is there at the first connection is left to people, and somebody hears of it; what comes later is read, also under other
/// UIDs.
#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_read_from_its_first_connection_on() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(mut dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    dovecot.deliver("planning", complaints(0..3));
    let app = app(dovecot.port, folder.path(), "security = \"none\"\nfrom = \"now\"").await;
    let mailbox = mailbox(&app);
    for _ in 0..2 {
        assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 0, "{}", dovecot.log());
    }
    app.app.turn().await.unwrap();
    let told: Vec<String> = app.outbox().into_iter().filter(|l| l.contains("wordt gelezen vanaf")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("3 oudere berichten"), "{}", told[0]);
    dovecot.deliver("planning", complaints(3..5));
    assert_eq!(mailbox.take_in(&app.app.workflow).await.unwrap(), 2);
    assert_eq!(dovecot.count("planning", ""), 5, "nothing is deleted");
    dovecot.forget_uids("planning");
    assert_eq!(
        mailbox.take_in(&app.app.workflow).await.unwrap(),
        0,
        "they are older than the first connection"
    );
    assert!(app.outbox().iter().all(|l| !l.contains("To: k")), "no letter about an old mail");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_named_as_the_mail_program_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificates(folder.path());
    let Some(dovecot) = Dovecot::start(folder.path(), &files, NO_TOKENS) else { return };
    std::fs::create_dir_all(folder.path().join("dovecot/mail/planning/.Ge&AO8-nkomen/cur")).unwrap();
    for part in ["new", "tmp"] {
        std::fs::create_dir_all(folder.path().join("dovecot/mail/planning/.Ge&AO8-nkomen").join(part))
            .unwrap();
    }
    dovecot.deliver("planning", complaints(0..0));
    let app = app(dovecot.port, folder.path(), "security = \"none\"\nfolder = \"Geïnkomen\"").await;
    assert_eq!(mailbox(&app).take_in(&app.app.workflow).await.unwrap(), 0, "{}", dovecot.log());
}
