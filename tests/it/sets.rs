//! Mails that are taken in together come to what they come to one by one, whatever they have to do with each other; and one
//! that cannot be stored harms no other.

use crate::support::{TestApp, clear_complaint};
use proptest::prelude::*;
use redress::intake::{Arrival, Maildir, TakenMail, take_in, take_in_all};
use redress::reception::IntakeOutcome;
use redress::workflow::Cursor;
use sqlx::{Connection, Row, SqliteConnection};

/// A mail of a story: who writes it, under which id, and what it is.
#[derive(Clone, Debug)]
struct Told {
    sender: usize,
    id: usize,
    about: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Complaint,
    /// In no language that can be told: its sender's earlier one counts.
    Wordless,
    Reply,
    /// Refers to a mail that never came here.
    Conversation,
    Forwarded,
    WrittenFor,
    AutoReply,
    /// Names a complaint by its intake id, which may not be given yet.
    PlusAddress,
    Tag,
    Anchor,
    Attendance,
    BouncedLetter,
    BouncedNotice,
    Senderless,
}

const KINDS: [Kind; 14] = [
    Kind::Complaint,
    Kind::Wordless,
    Kind::Reply,
    Kind::Conversation,
    Kind::Forwarded,
    Kind::WrittenFor,
    Kind::AutoReply,
    Kind::PlusAddress,
    Kind::Tag,
    Kind::Anchor,
    Kind::Attendance,
    Kind::BouncedLetter,
    Kind::BouncedNotice,
    Kind::Senderless,
];

fn told() -> impl Strategy<Value = Told> {
    (0..5usize, 0..9usize, 0..9usize, prop::sample::select(&KINDS[..]))
        .prop_map(|(sender, id, about, kind)| Told { sender, id, about, kind })
}

impl Told {
    fn write(&self, app: &TestApp) -> String {
        let Self { sender, id, about, kind } = self;
        let (sender, id) = (format!("s{sender}@example.nl"), format!("m{id}"));
        let reference = format!("I-2026-{about:06}");
        let letters = app.app.workflow.taking_in().check_letters(&reference);
        let from = |head: &str| format!("{head}\r\n{}", clear_complaint(&sender, &id));
        let by_machine = |to: &str, original: &str| {
            format!(
                "From: MAILER-DAEMON@example.nl\r\nTo: {to}\r\nMessage-ID: <{id}@b>\r\nSubject: Undelivered\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\
                 Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
                 --x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {original}\r\nSubject: x\r\n\r\nx\r\n--x--\r\n"
            )
        };
        match kind {
            Kind::Complaint => clear_complaint(&sender, &id),
            Kind::Wordless => {
                format!("From: {sender}\r\nMessage-ID: <{id}@example.nl>\r\nSubject: 1\r\n\r\n123 456\r\n")
            }
            Kind::Reply => from(&format!("In-Reply-To: <m{about}@example.nl>")),
            Kind::Conversation => from(&format!("References: <elsewhere{}@x>", about % 2)),
            Kind::Forwarded => format!(
                "From: behandelaar@lagant.nl\r\nMessage-ID: <{id}@f>\r\nSubject: Fwd: klacht\r\n\
                 Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nZie bijlage.\r\n--y\r\n\
                 Content-Type: message/rfc822\r\n\r\n{}\r\n--y--\r\n",
                clear_complaint(&sender, "inner")
            ),
            Kind::WrittenFor => from("Reply-To: s1@example.nl"),
            Kind::AutoReply => {
                from(&format!("Auto-Submitted: auto-replied\r\nIn-Reply-To: <m{about}@example.nl>"))
            }
            Kind::PlusAddress => {
                from(&format!("Cc: planning+{}-{letters}@lagant.nl", reference.to_lowercase()))
            }
            Kind::Tag => {
                format!(
                    "From: {sender}\r\nMessage-ID: <{id}@example.nl>\r\nSubject: [{reference}-{letters}]\r\n\r\nTekst\r\n"
                )
            }
            Kind::Anchor => from(&format!("References: <case.{reference}@lagant.nl>")),
            Kind::Attendance => format!(
                "From: {sender}\r\nMessage-ID: <{id}@example.nl>\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n\
                 BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:meeting.{reference}.1@lagant.nl\r\n\
                 ATTENDEE;PARTSTAT=ACCEPTED:mailto:{sender}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            ),
            Kind::BouncedLetter => by_machine(&sender, &letter_to(app, "To: s0@example.nl")),
            Kind::BouncedNotice => {
                by_machine("behandelaar@lagant.nl", &letter_to(app, "To: behandelaar@lagant.nl"))
            }
            Kind::Senderless => {
                format!("Message-ID: <{id}@example.nl>\r\nSubject: klacht\r\n\r\nIk ben ontevreden.\r\n")
            }
        }
    }
}

/// The Message-ID of the first letter of ours to somebody.
fn letter_to(app: &TestApp, to: &str) -> String {
    let letter = app.outbox().into_iter().find(|letter| letter.contains(to)).unwrap();
    let line = letter.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap();
    line.to_owned()
}

/// An installation with two complaints that were decided on.
async fn with_history() -> TestApp {
    let app = TestApp::start("2026-11-23 10:00").await;
    for (sender, id) in [("s0@example.nl", "m0"), ("s1@example.nl", "m1")] {
        take_in(
            &app.app.workflow,
            Arrival {
                raw: clear_complaint(sender, id).as_bytes().into(),
                source: "test".to_owned(),
                ..Arrival::default()
            },
        )
        .await
        .unwrap();
    }
    app.app.turn().await.unwrap();
    app
}

async fn database(app: &TestApp) -> SqliteConnection {
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    SqliteConnection::connect(&url).await.unwrap()
}

/// Every row of some columns of a table, sorted.
async fn rows(app: &TestApp, table: &str, columns: &str) -> Vec<String> {
    let quoted: Vec<String> = columns.split(", ").map(|column| format!("quote({column})")).collect();
    let sql = format!("SELECT {} AS row FROM {table}", quoted.join(" || ' ' || "));
    let mut database = database(app).await;
    let rows = sqlx::query(&sql).fetch_all(&mut database).await.unwrap();
    let mut rows: Vec<String> = rows.iter().map(|row| without_letters(app, row.get("row"))).collect();
    rows.sort();
    rows
}

/// Takes out the check letters, which each installation has of its own.
fn without_letters(app: &TestApp, mut text: String) -> String {
    for n in 0..40 {
        for reference in [format!("I-2026-{n:06}"), format!("K-2026-{n:04}")] {
            let letters = app.app.workflow.taking_in().check_letters(&reference);
            for reference in [reference.to_lowercase(), reference] {
                text = text.replace(&format!("{reference}-{letters}"), &reference);
            }
        }
    }
    text
}

/// What intake writes. How often a complaint was woken shows in its version alone.
const TAKEN_IN: [(&str, &str); 9] = [
    (
        "mails",
        "id, complaint_id, received_at, source, kind, message_id, body_hash, sender, subject, body, remarks",
    ),
    ("complaints", "id, intake_id, state, complainant_email, facts, is_live, wake_at"),
    ("threads", "message_id, complaint_id"),
    ("conversations", "reference, complaint_id"),
    ("links", "complaint_id, other_id, kind"),
    ("triggers", "id, complaint_id, at, content"),
    ("mail_sightings", "message_id, body_hash, at, source"),
    ("mailboxes", "name, uid_validity, last_uid"),
    ("counters", "name, value"),
];

/// What the rules make of it.
const DECIDED: [(&str, &str); 4] = [
    ("complaints", "id, number, state, facts"),
    ("events", "complaint_id, at, kind, summary"),
    ("notifications", "complaint_id, recipient, message, subject, body"),
    ("bounced_addresses", "address, bounces"),
];

fn arrivals(mails: &[String]) -> Vec<Arrival> {
    let cursor = |i: usize| Cursor {
        mailbox: "planning".to_owned(),
        uid_validity: 1,
        uid: i as i64 + 1,
        since: None,
        since_uid: 0,
    };
    mails
        .iter()
        .enumerate()
        .map(|(i, raw)| Arrival {
            raw: raw.as_bytes().into(),
            source: "planning".to_owned(),
            cursor: Some(cursor(i)),
            ..Arrival::default()
        })
        .collect()
}

async fn compare(story: &[Told]) {
    let (singly, together) = (with_history().await, with_history().await);
    let mails: Vec<String> = story.iter().map(|told| told.write(&singly)).collect();
    let same: Vec<String> = story.iter().map(|told| told.write(&together)).collect();
    let mut expected: Vec<TakenMail> = Vec::new();
    for arrival in arrivals(&mails) {
        expected.push(take_in(&singly.app.workflow, arrival).await.unwrap());
    }
    let taken = take_in_all(&together.app.workflow, arrivals(&same), 1).await;
    let taken: Vec<TakenMail> = taken.into_iter().collect::<Result<_, _>>().unwrap();
    assert_eq!(taken, expected);
    for (table, columns) in TAKEN_IN {
        assert_eq!(rows(&together, table, columns).await, rows(&singly, table, columns).await, "{table}");
    }
    singly.app.turn().await.unwrap();
    together.app.turn().await.unwrap();
    for (table, columns) in DECIDED {
        assert_eq!(rows(&together, table, columns).await, rows(&singly, table, columns).await, "{table}");
    }
}

/// How many stories are compared; `REDRESS_SET_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("REDRESS_SET_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_set_comes_to_what_its_mails_come_to_one_by_one(story in prop::collection::vec(told(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(compare(&story));
    }
}

/// Lets the database refuse mails of one subject, and says so.
async fn refuse(app: &TestApp, subject: &str) {
    let trigger = format!(
        "CREATE TRIGGER refusing BEFORE INSERT ON mails WHEN NEW.subject LIKE '%{subject}%' \
         BEGIN SELECT RAISE(ABORT, 'refused'); END"
    );
    sqlx::query(&trigger).execute(&mut database(app).await).await.unwrap();
}

/// Some complaints of different senders, one of which the database refuses.
fn with_a_bad_one(bad: usize) -> Vec<String> {
    let mail = |i: usize| {
        let subject = if i == bad { "onmogelijk" } else { "klacht" };
        format!(
            "From: k{i}@example.nl\r\nMessage-ID: <k{i}>\r\nSubject: {subject} {i}\r\n\r\nIk heb een klacht.\r\n"
        )
    };
    (0..10).map(mail).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_stored_harms_no_other() {
    let app = TestApp::start("2026-11-23 10:00").await;
    refuse(&app, "onmogelijk").await;
    let mails = with_a_bad_one(4);
    let taken = take_in_all(&app.app.workflow, arrivals(&mails), 3).await;
    let failed: Vec<usize> = taken.iter().enumerate().filter(|(_, t)| t.is_err()).map(|(i, _)| i).collect();
    assert_eq!((taken.len(), failed), (10, vec![4]));
    assert_eq!(rows(&app, "mails", "message_id").await.len(), 9);
}

/// Whoever keeps a place in a mailbox must not pass a mail that is not stored.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_in_behind_the_last_failure_that_is_borne() {
    let app = TestApp::start("2026-11-23 10:00").await;
    refuse(&app, "onmogelijk").await;
    let mails = with_a_bad_one(4);
    let taken = take_in_all(&app.app.workflow, arrivals(&mails), 1).await;
    assert_eq!(taken.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, true, true, false]);
    assert_eq!(rows(&app, "mailboxes", "last_uid").await, ["4"]);
    sqlx::query("DROP TRIGGER refusing").execute(&mut database(&app).await).await.unwrap();
    let taken = take_in_all(&app.app.workflow, arrivals(&mails), 1).await;
    let outcomes: Vec<IntakeOutcome> = taken.into_iter().map(|t| t.unwrap().outcome).collect();
    assert_eq!(outcomes[..4], [IntakeOutcome::Duplicate; 4]);
    assert_eq!(outcomes[4..], [IntakeOutcome::Complaint; 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_maildir_keeps_the_one_that_cannot_be_stored() {
    let app = TestApp::start("2026-11-23 10:00").await;
    refuse(&app, "onmogelijk").await;
    let root = app.folder.path().join("inbox");
    let maildir = Maildir::open(&root).unwrap();
    for (i, mail) in with_a_bad_one(4).iter().enumerate() {
        std::fs::write(root.join(format!("new/{i}.eml")), mail).unwrap();
    }
    assert_eq!(maildir.take_in(&app.app.workflow).await.unwrap().len(), 9);
    let left: Vec<_> =
        std::fs::read_dir(root.join("new")).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["4.eml"]);
    assert_eq!(std::fs::read_dir(root.join("cur")).unwrap().count(), 9);
}

/// Where the store takes nothing, a look is given up with what was read ahead of it, and the next finds all that is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_is_given_up_is_begun_anew() {
    let app = TestApp::start("2026-11-23 10:00").await;
    refuse(&app, "klacht").await;
    let root = app.folder.path().join("inbox");
    let maildir = Maildir::open(&root).unwrap();
    for (i, mail) in with_a_bad_one(4).iter().enumerate() {
        std::fs::write(root.join(format!("new/{i}.eml")), mail).unwrap();
    }
    let mut left = None;
    assert!(maildir.take_in_next(&app.app.workflow, &mut left).await.is_err());
    assert!(left.is_none() && rows(&app, "mails", "message_id").await.is_empty());
    sqlx::query("DROP TRIGGER refusing").execute(&mut database(&app).await).await.unwrap();
    assert_eq!(maildir.take_in_next(&app.app.workflow, &mut left).await.unwrap().len(), 10);
    assert!(left.is_none());
}
