//! What cannot be done at once: rounds in which nothing can be finished, what the database keeps while a file cannot be
//! deleted, files that stay in the folder for new mail.

use super::others::{REFERENCE, dismissed, forget, outbox, plant, question, rows, said};
use super::{START, file, intrude, step};
use crate::support::TestApp;
use redress::clock::Clock as _;
use redress::intake::TakenMail;
use redress::store::ForgettingStep;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whatever a round cannot finish waits for its time, however many they are: nobody is kept busy.
#[tokio::test]
async fn a_full_round_that_cannot_be_finished_is_tried_again_later() {
    let app = TestApp::start(START).await;
    let workflow = &app.app.workflow;
    for n in 0..50 {
        let mail = question(&format!("Jan{n} <jan{n}@example.nl>"), &format!("b{n}"), "");
        redress::intake::ingest(workflow, mail.as_bytes(), "test").await.unwrap();
    }
    app.app.turn().await.unwrap();
    let failing =
        "CREATE TRIGGER failing BEFORE UPDATE ON forgettings BEGIN SELECT RAISE(ABORT, 'full'); END";
    let all = "INSERT INTO forgettings (complaint_id, decided_at, decided_by, step) \
        SELECT id, decided_at, 'directeur@lagant.nl', 'outgoing' FROM complaints";
    intrude(&file(&app), &[all, failing]).await;
    let mut ticks = 0;
    while workflow.next_due().await.unwrap().is_none_or(|next| next <= app.clock.now()) || ticks == 0 {
        assert_eq!(workflow.tick().await.unwrap().forgotten, 0);
        ticks += 1;
        assert!(ticks < 4, "it goes on without a pause");
    }
    intrude(&file(&app), &["DROP TRIGGER failing"]).await;
    let later = workflow.next_due().await.unwrap().unwrap();
    app.clock.advance_to(later);
    assert_eq!(workflow.tick().await.unwrap().forgotten, 50);
}

/// Somebody reads while what the database keeps is to be overwritten, and a file stays: it is overwritten as soon as nobody is
/// in the way, though the file stays and the program was started anew.
#[tokio::test]
async fn what_the_database_keeps_is_overwritten_although_a_file_stays() {
    let mut app = dismissed().await;
    plant(&app, &said("own", "1", "new_complaint", "Boomkruiper", "accepted")).await;
    let stuck = outbox(&app, "d-own.eml");
    std::fs::create_dir(&stuck).unwrap();
    let reading = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&file(&app)).await.unwrap();
    let mut reader = reading.begin().await.unwrap();
    let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM mails").fetch_one(&mut *reader).await.unwrap();
    assert_eq!(there, 1);
    forget(&app).await;
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Remains, "somebody is in the way");
    assert!(is_in_database(&app));
    reader.rollback().await.unwrap();
    reading.close().await;
    app.reopen().await;
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::LeftFiles);
    assert!(!is_in_database(&app), "it is overwritten while the file stays");
    // Nothing is overwritten again for a file that stays.
    let sent = crate::store::plans::capture::sent(async {
        app.app.turn().await.unwrap();
    });
    let sent = sent.await;
    assert!(!sent.is_empty() && !sent.iter().any(|sql| sql.contains("wal_checkpoint")), "{sent:#?}");
    std::fs::remove_dir(&stuck).unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
}

fn is_in_database(app: &TestApp) -> bool {
    let data = app.folder.path().join("data");
    ["redress.db", "redress.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(data.join(name)).unwrap_or_default();
        bytes.windows(11).any(|window| window == b"Boomkruiper")
    })
}

async fn take_in(app: &TestApp) -> Vec<TakenMail> {
    let mut taken = Vec::new();
    for maildir in app.app.maildirs().unwrap() {
        taken.extend(maildir.take_in(&app.app.workflow).await.unwrap());
    }
    app.app.turn().await.unwrap();
    taken
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// Another mail under the Message-ID of one that was forgotten is nobody's but its own.
#[tokio::test]
async fn another_mail_under_a_forgotten_id_is_not_deleted() {
    let app = dismissed().await;
    forget(&app).await;
    let inbox = app.folder.path().join("data/inbox");
    app.app.maildirs().unwrap();
    let live = question("Piet <piet@example.nl>", "b1", "").replace("Hoe laat begint het", "Waar is het");
    for name in ["live.eml", "again.eml"] {
        std::fs::write(inbox.join("new").join(name), &live).unwrap();
        let taken = take_in(&app).await;
        assert!(taken.len() == 1 && !taken[0].is_forgotten, "{taken:?}");
    }
    assert_eq!(names_in(&inbox.join("cur")), ["again.eml", "live.eml"]);
    assert_eq!(rows(&app, "SELECT source FROM mail_sightings").await, ["maildir:again.eml"]);
    // The one that was forgotten is still known.
    std::fs::write(inbox.join("new/gone.eml"), question("Jan <jan@example.nl>", "b1", "")).unwrap();
    assert!(take_in(&app).await[0].is_forgotten);
    assert!(names_in(&inbox.join("new")).is_empty() && names_in(&inbox.join("cur")).len() == 2);
}

/// A folder in which nothing can be deleted or moved, for root as for anybody.
struct Locked(PathBuf);

impl Locked {
    /// None where it cannot be locked.
    fn new(folder: &Path) -> Option<Self> {
        let locked = Self(folder.to_owned());
        locked.chattr("+i").then_some(locked)
    }

    fn chattr(&self, how: &str) -> bool {
        Command::new("chattr").arg(how).arg(&self.0).output().is_ok_and(|done| done.status.success())
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        self.chattr("-i");
    }
}

/// However many that were forgotten cannot be deleted, what is new behind them comes in, and they go once they can.
#[tokio::test]
async fn what_cannot_be_deleted_keeps_no_new_mail_out() {
    let app = dismissed().await;
    forget(&app).await;
    let inbox = app.folder.path().join("data/inbox");
    let maildir = app.app.maildirs().unwrap().remove(0);
    for n in 0..500 {
        let again = question("Jan <jan@example.nl>", "b1", "");
        std::fs::write(inbox.join(format!("new/again{n:03}.eml")), again).unwrap();
    }
    std::fs::write(inbox.join("new/zz.eml"), question("Piet <piet@example.nl>", "b2", "")).unwrap();
    let Some(locked) = Locked::new(&inbox.join("new")) else { return };
    let workflow = &app.app.workflow;
    let first = maildir.take_in(workflow).await.unwrap();
    assert!(first.len() == 500 && first.iter().all(|mail| mail.is_forgotten));
    let second = maildir.take_in(workflow).await.unwrap();
    assert_eq!(second.len(), 1, "the new one");
    assert_eq!(second[0].outcome.as_str(), "complaint");
    assert!(maildir.take_in(workflow).await.unwrap().is_empty());
    drop(locked);
    // Another file under one of the names is none that was forgotten.
    let other = question("Kees <kees@example.nl>", "b3", "");
    std::fs::write(inbox.join("new/again007.eml"), other).unwrap();
    let last = maildir.take_in(workflow).await.unwrap();
    assert!(last.len() == 1 && last[0].outcome.as_str() == "complaint", "{last:?}");
    assert!(names_in(&inbox.join("new")).is_empty());
    assert_eq!(names_in(&inbox.join("cur")), ["again007.eml", "zz.eml"]);
}

/// A mail that was taken in and could not be moved goes from where it stayed.
#[tokio::test]
async fn a_mail_that_stayed_in_the_folder_for_new_ones_goes_too() {
    let app = TestApp::start(START).await;
    let inbox = app.folder.path().join("data/inbox");
    let maildir = app.app.maildirs().unwrap().remove(0);
    std::fs::write(inbox.join("new/b1.eml"), question("Jan <jan@example.nl>", "b1", "")).unwrap();
    let Some(locked) = Locked::new(&inbox.join("cur")) else { return };
    assert_eq!(maildir.take_in(&app.app.workflow).await.unwrap().len(), 1);
    app.app.turn().await.unwrap();
    assert_eq!(names_in(&inbox.join("new")), ["b1.eml"]);
    drop(locked);
    super::others::act(&app, REFERENCE, "dismiss", "ontvanger@lagant.nl").await;
    app.app.turn().await.unwrap();
    forget(&app).await;
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    assert!(names_in(&inbox.join("new")).is_empty() && names_in(&inbox.join("cur")).is_empty());
    assert!(maildir.take_in(&app.app.workflow).await.unwrap().is_empty());
}
