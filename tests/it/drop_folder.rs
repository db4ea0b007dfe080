//! A Maildir in which everything is that does not belong there: it is told, once, and the mails go on.

use crate::support::{TestApp, at, clear_complaint};
use redress::intake::{Arrival, KEPT_BYTES, Look, Maildir, take_in_all};
use redress::progress::Count;
use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

struct Inbox {
    app: TestApp,
    maildir: Maildir,
    root: PathBuf,
}

impl Inbox {
    async fn new() -> Self {
        let app = TestApp::start("2026-11-23 10:00").await;
        let root = app.folder.path().join("inbox");
        let maildir = Maildir::open(&root).unwrap();
        Self { app, maildir, root }
    }

    /// As a mail server does it: whole, from elsewhere.
    fn deliver(&self, name: &str) {
        let (beside, place) = (self.root.join("tmp").join(name), self.root.join("new").join(name));
        std::fs::write(&beside, clear_complaint(&format!("{name}@example.nl"), name)).unwrap();
        std::fs::rename(beside, place).unwrap();
    }

    async fn look(&self) -> usize {
        let taken = self.maildir.take_in(&self.app.app.workflow).await.unwrap().len();
        self.app.app.turn().await.unwrap();
        taken
    }

    async fn complaints(&self) -> usize {
        self.app.app.store.register().list(&Default::default(), 100).await.unwrap().len()
    }

    /// The messages that say this.
    fn told(&self, what: &str) -> usize {
        // Lines of a letter are broken where they are long.
        let unbroken = |letter: String| letter.replace("=\r\n", "");
        self.app.outbox().into_iter().map(unbroken).filter(|letter| letter.contains(what)).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_regular_files_are_mails() {
    let inbox = Inbox::new().await;
    let new = inbox.root.join("new");
    let secret = inbox.root.join("secret");
    std::fs::write(&secret, clear_complaint("geheim@example.nl", "secret")).unwrap();
    std::os::unix::fs::symlink(&secret, new.join("a-link")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(new.join("b-pipe")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(new.join("c-socket")).unwrap();
    std::fs::create_dir(new.join("d-folder")).unwrap();
    inbox.deliver("mail");
    assert_eq!(inbox.look().await, 1, "and it does not wait at the pipe");
    assert_eq!(inbox.look().await, 0);
    assert_eq!(inbox.complaints().await, 1);
    assert_eq!(inbox.told("no regular file"), 1, "all in one message, once");
    assert!(inbox.maildir.state().unwrap().unreadable.len() == 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_still_being_copied_waits_until_it_is_whole() {
    let inbox = Inbox::new().await;
    let mail = clear_complaint("half@example.nl", "half");
    let place = inbox.root.join("new/half.eml");
    let (first, second) = mail.split_at(mail.len() / 2);
    std::fs::write(&place, first).unwrap();
    inbox.deliver("other");
    // The second half is written while it is looked at, byte by byte.
    let (is_looked_at, second) = (Arc::new(AtomicBool::new(false)), second.to_owned());
    let copying = std::thread::spawn({
        let is_looked_at = Arc::clone(&is_looked_at);
        move || {
            let mut file = std::fs::File::options().append(true).open(&place).unwrap();
            for byte in second.as_bytes() {
                file.write_all(&[*byte]).unwrap();
                if !is_looked_at.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        }
    });
    assert_eq!(inbox.look().await, 1, "the other one");
    is_looked_at.store(true, Ordering::Relaxed);
    copying.join().unwrap();
    assert_eq!(inbox.look().await, 1);
    let found = inbox.app.app.store.register().list(&Default::default(), 100).await.unwrap();
    assert_eq!(found.len(), 2);
    let id = inbox.app.app.workflow.id_of(&found[1].intake_id).await.unwrap();
    let other = inbox.app.app.workflow.id_of(&found[0].intake_id).await.unwrap();
    let register = inbox.app.app.store.register();
    let mails = [register.mails(id).await.unwrap(), register.mails(other).await.unwrap()].concat();
    assert!(mails.iter().all(|m| m.body.contains("training in Utrecht.")), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_file_without_end_only_the_beginning_is_read() {
    let inbox = Inbox::new().await;
    let beside = inbox.root.join("tmp/huge");
    let mut file = std::fs::File::create(&beside).unwrap();
    file.write_all(clear_complaint("groot@example.nl", "huge").as_bytes()).unwrap();
    // A hole: it takes no room on the disk, and would take all memory.
    file.set_len(200 << 30).unwrap();
    std::fs::rename(beside, inbox.root.join("new/huge")).unwrap();
    assert_eq!(inbox.look().await, 1);
    assert_eq!(inbox.complaints().await, 1);
    let register = inbox.app.app.store.register();
    let mails = register.mails(redress::complaint::ComplaintId(1)).await.unwrap();
    assert!(mails[0].remarks.iter().any(|r| r.contains("only its beginning")), "{:?}", mails[0].remarks);
    let raw = register.raw_mail(mails[0].id).await.unwrap().unwrap();
    assert_eq!(raw.len(), KEPT_BYTES);
    assert!(inbox.root.join("cur/huge").exists(), "the whole of it is kept where it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_moved_is_taken_in_once() {
    let inbox = Inbox::new().await;
    let (cur, away) = (inbox.root.join("cur"), inbox.root.join("away"));
    std::fs::remove_dir(&cur).unwrap();
    // No right helps against a file in the place of the folder.
    std::fs::write(&cur, "").unwrap();
    inbox.deliver("a");
    assert_eq!(inbox.look().await, 1);
    for _ in 0..3 {
        assert_eq!(inbox.look().await, 0);
    }
    assert_eq!(inbox.app.app.store.figures().duplicates().await.unwrap(), 0);
    assert_eq!(inbox.told("cannot be moved to cur/"), 1);
    std::fs::rename(&cur, away).unwrap();
    std::fs::create_dir(&cur).unwrap();
    assert_eq!(inbox.look().await, 0);
    assert!(cur.join("a").exists() && !inbox.root.join("new/a").exists());
    assert_eq!(inbox.complaints().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_that_has_vanished_is_told_of_and_goes_on_when_it_is_back() {
    let inbox = Inbox::new().await;
    let (new, away) = (inbox.root.join("new"), inbox.root.join("away"));
    std::fs::rename(&new, &away).unwrap();
    for _ in 0..3 {
        inbox.maildir.take_in(&inbox.app.app.workflow).await.unwrap_err();
        inbox.app.app.turn().await.unwrap();
    }
    assert_eq!(inbox.told("No such file or directory"), 1);
    std::fs::rename(away, new).unwrap();
    inbox.deliver("a");
    assert_eq!(inbox.look().await, 1);
}

/// Takes in mails by their numbers, and returns how many that were.
async fn take_in_mails(app: &TestApp, numbers: Range<usize>) -> usize {
    let mail = |n: usize| Arrival {
        raw: clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}")).into_bytes().into(),
        source: "test".to_owned(),
        ..Arrival::default()
    };
    let outcomes = take_in_all(&app.app.workflow, numbers.map(mail).collect(), 3).await;
    outcomes.iter().filter(|outcome| outcome.is_ok()).count()
}

/// Whole batches of them: what comes to less is decided on when all of it is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_first_of_many_mails_is_settled_while_more_comes() {
    let app = TestApp::start("2026-11-23 11:00").await;
    let decisions = || app.app.workflow.progress().counts().get(&Count::Decisions).copied().unwrap_or(0);
    let comes = async {
        let taken = take_in_mails(&app, 0..120).await;
        // Nothing decides but what goes on meanwhile.
        while decisions() < 100 {
            tokio::task::yield_now().await;
        }
        taken
    };
    let (taken, settled) = app.app.while_settling(comes).await;
    assert_eq!((taken, settled, decisions()), (120, 100, 100));
    assert_eq!(app.app.workflow.tick().await.unwrap().decisions, 20);
}

/// A mail among many may be what a complaint waited for: what is due waits until all are taken in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_waits_for_the_mails_that_are_there() {
    let app = TestApp::start("2026-11-23 11:00").await;
    take_in_mails(&app, 0..60).await;
    app.app.turn().await.unwrap();
    app.clock.advance_to(at("2027-02-26 09:00"));
    let comes = async {
        take_in_mails(&app, 60..62).await;
        for _ in 0..10_000 {
            tokio::task::yield_now().await;
        }
    };
    assert_eq!(app.app.while_settling(comes).await.1, 0);
    assert!(app.app.workflow.tick().await.unwrap().decisions >= 62, "nothing was due");
}

/// A flood is taken in round by round, of one look: what comes about meanwhile is seen by the next, and nothing is told twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_taken_in_round_by_round() {
    let inbox = Inbox::new().await;
    let (new, again) = (inbox.root.join("new"), clear_complaint("jan@example.nl", "again"));
    let flood = |i: usize| new.join(format!("m{i:04}"));
    for i in 0..1_050 {
        let beside = inbox.root.join("tmp/one");
        std::fs::write(&beside, &again).unwrap();
        std::fs::rename(beside, flood(i)).unwrap();
    }
    let link = |name: &str| std::os::unix::fs::symlink("nowhere", new.join(name)).unwrap();
    link("a-link");
    link("z-link");
    let mut left = None;
    let round = async |left: &mut Option<Look>| {
        let taken = inbox.maildir.take_in_next(&inbox.app.app.workflow, left).await.unwrap().len();
        inbox.app.app.turn().await.unwrap();
        (taken, left.is_some())
    };
    assert_eq!(round(&mut left).await, (500, true));
    assert_eq!(inbox.told("no regular file"), 1, "of what was found up to now");
    inbox.deliver("0-first");
    std::fs::remove_file(flood(900)).unwrap();
    let changed = [again.as_str(), "en nog iets"].concat();
    std::fs::write(flood(950), changed).unwrap();
    assert_eq!(round(&mut left).await, (500, true));
    assert_eq!(round(&mut left).await, (48, false), "but what is gone, and what was written to");
    assert_eq!(inbox.told("no regular file"), 2);
    assert_eq!(std::fs::read_dir(inbox.root.join("cur")).unwrap().count(), 1_048);
    assert_eq!(inbox.complaints().await, 1);
    assert_eq!(round(&mut left).await, (2, false), "the next look");
    assert_eq!(inbox.told("no regular file"), 2, "and nothing again");
    for name in ["a-link", "z-link"] {
        std::fs::remove_file(new.join(name)).unwrap();
    }
    assert_eq!(round(&mut left).await, (0, false));
    link("a-link");
    link("z-link");
    assert_eq!(round(&mut left).await, (0, false));
    assert_eq!(inbox.told("no regular file"), 3, "they came about again");
}
