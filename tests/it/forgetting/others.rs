//! What stands beside a complaint that is forgotten: others who bear a part of a name, digests in which others stand, plugins that
//! are gone, files that cannot be deleted, and what comes later.

use super::planting::DIRECTOR;
use super::{START, file, intrude, step};
use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, TestApp};
use redress::complaint::Via;
use redress::store::ForgettingStep;
use redress::watchdog::{AlarmKind, Condition};
use redress::workflow::Typed;
use std::path::PathBuf;

pub(super) const REFERENCE: &str = "I-2026-000001";

pub(super) fn question(from: &str, id: &str, more: &str) -> String {
    format!(
        "From: {from}\r\nTo: planning@lagant.nl\r\nSubject: Vraag {id}\r\nMessage-ID: <{id}@example.nl>\r\n{more}\r\n\
         Hoe laat begint het, vraagt Boomkruiper\r\n"
    )
}

pub(super) async fn act(app: &TestApp, reference: &str, action: &str, person: &str) {
    let input = [("reason".to_owned(), "op verzoek".into())].into();
    app.app.workflow.act(reference, action, person, input, Via::CommandLine).await.unwrap();
}

/// An installation in which Jan has asked something that was dismissed.
pub(super) async fn dismissed() -> TestApp {
    let app = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).start(START).await;
    app.mail(&question("Jan <jan@example.nl>", "b1", "")).await;
    act(&app, REFERENCE, "dismiss", "ontvanger@lagant.nl").await;
    app.app.turn().await.unwrap();
    app
}

pub(super) async fn forget(app: &TestApp) {
    act(app, REFERENCE, "forget_early", DIRECTOR).await;
    app.app.turn().await.unwrap();
}

pub(super) async fn rows(app: &TestApp, sql: &str) -> Vec<String> {
    sqlx::any::install_default_drivers();
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&file(app)).await.unwrap();
    let found = sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    pool.close().await;
    found
}

pub(super) fn outbox(app: &TestApp, name: &str) -> PathBuf {
    let outbox = app.folder.path().join("data/outbox");
    std::fs::create_dir_all(&outbox).unwrap();
    outbox.join(name)
}

/// A notification of the engine, and its delivery in a state, which goes next in a hundred years.
pub(super) fn said(id: &str, complaint: &str, message: &str, body: &str, state: &str) -> [String; 2] {
    let at = redress::calendar::Moment::from_millis(crate::support::at(START).millis() + 1).millis();
    [
        format!(
            "INSERT INTO notifications (id, complaint_id, version, ordinal, at, recipient, addresses, message, language, \
             subject, body, is_deliverable) VALUES ('{id}', {complaint}, 0, 0, {at}, 'director', '[\"a@lagant.nl\"]', \
             '{message}', 'nl', '(verwijderd)', '{body}', 1)"
        ),
        format!(
            "INSERT INTO deliveries (id, notification_id, complaint_id, plugin, topic, recipient, position, payload, \
             is_letter, is_first_letter, is_reaction, state, attempts, next_at, lease_until, created_at) VALUES \
             ('d-{id}', '{id}', {complaint}, 'gone', 'notification.{message}', 'director', 1, '{{\"t\":\"{body}\"}}', 0, 0, 0, \
             '{state}', 0, 9999999999999, 0, {at})"
        ),
    ]
}

pub(super) async fn plant(app: &TestApp, statements: &[String]) {
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    intrude(&file(app), &statements).await;
}

#[tokio::test]
async fn who_bears_a_part_of_a_name_loses_nothing() {
    let app = dismissed().await;
    let others = [
        ("r1", "report_concluded", "De rapportage van januari is klaar", "accepted"),
        ("r2", "mail_filed", "jansen@example.nl en pietjan@example.nl", "accepted"),
        ("r3", "plugin_failing", "550 jansen@example.nl is unknown, said Jan de Wit", "queued"),
        ("r4", "watchdog_alarm", "(verwijderd)", "queued"),
    ];
    let theirs = [
        ("t1", "plugin_failing", "550 JAN@example.nl: unknown", "queued"),
        ("t2", "mail_filed", "een automatisch antwoord van jan@example.nl.", "accepted"),
    ];
    for (id, message, body, state) in others.iter().chain(&theirs) {
        plant(&app, &said(id, "NULL", message, body, state)).await;
        std::fs::write(outbox(&app, &format!("d-{id}.eml")), body).unwrap();
    }
    let alarm = |subject: &str| {
        format!(
            "INSERT INTO alarms (kind, subject, observer, since, seen_at, said, remedy) \
             VALUES ('address_bounces', '{subject}', '', 1, 1, 'Mail aan {subject} komt terug', '')"
        )
    };
    plant(&app, &[alarm("jansen@example.nl"), alarm("jan@example.nl")]).await;
    let all = async || {
        let of = "SELECT n.id || n.subject || n.body || d.state || d.payload FROM notifications n \
            JOIN deliveries d ON d.notification_id = n.id WHERE n.id LIKE 'r%' ORDER BY n.id";
        rows(&app, of).await
    };
    let before = all().await;
    assert_eq!(before.len(), 4);
    forget(&app).await;
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    assert_eq!(all().await, before);
    // Once more: what stands where a name was names nobody.
    intrude(&file(&app), &["UPDATE forgettings SET step = 'outgoing', done_at = NULL"]).await;
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    assert_eq!(all().await, before);
    for (id, ..) in &others {
        assert!(outbox(&app, &format!("d-{id}.eml")).exists(), "{id}");
    }
    assert_eq!(rows(&app, "SELECT subject FROM alarms").await, ["jansen@example.nl"]);
    // Whoever is really named is not any more; what waited is recalled, and is no letter that could not be delivered.
    let of = "SELECT d.state || d.payload || n.body FROM notifications n JOIN deliveries d ON d.notification_id = n.id \
        WHERE n.id LIKE 't%' ORDER BY n.id";
    assert_eq!(rows(&app, of).await, ["recalled{}", "accepted{}"]);
    assert!(!outbox(&app, "d-t1.eml").exists() && !outbox(&app, "d-t2.eml").exists());
    assert!(
        rows(&app, "SELECT id FROM deliveries WHERE finished_at IS NULL AND state = 'recalled'")
            .await
            .is_empty()
    );
}

/// A digest that waits for a plugin that is gone holds up nothing, and what others have in it goes with the next one; so
/// with one that could not be delivered.
#[tokio::test]
async fn a_digest_that_nobody_sends_holds_up_nothing() {
    for state in ["queued", "dead"] {
        what_others_have_in_a_digest_goes_with_the_next(state).await;
    }
}

async fn what_others_have_in_a_digest_goes_with_the_next(state: &str) {
    let app = dismissed().await;
    app.complaint("other").await;
    let line = |id: &str, complaint: &str| {
        let [own, _] = said(id, complaint, "new_complaint", id, "queued");
        [
            own,
            format!(
                "INSERT INTO gathered (notification_id, due_at, line, data, state, settled_at) \
                 VALUES ('{id}', 1, 'regel {id}', 'null', 'carried', 1)"
            ),
            format!(
                "INSERT INTO digest_lines (digest_id, notification_id, position, line) VALUES ('dg', '{id}', 1, 'regel {id}')"
            ),
        ]
    };
    plant(&app, &said("dg", "NULL", "digest", "regels", state)).await;
    plant(&app, &line("own", "1")).await;
    plant(&app, &line("theirs", "2")).await;
    forget(&app).await;
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    assert_eq!(
        rows(&app, "SELECT state || payload FROM deliveries WHERE id = 'd-dg'").await,
        ["recalled{}"],
        "{state}"
    );
    let gathered = "SELECT notification_id || ' ' || state || ' ' || line FROM gathered WHERE notification_id IN ('own', 'theirs') ORDER BY 1";
    assert_eq!(rows(&app, gathered).await[0], "own carried ", "{state}");
    app.until("2026-11-24 12:00").await;
    assert_eq!(rows(&app, gathered).await[1], "theirs carried regel theirs", "{state}");
    let again = "SELECT COUNT(*) || '' FROM digest_lines l JOIN deliveries d ON d.notification_id = l.digest_id \
        WHERE l.notification_id = 'theirs' AND l.digest_id <> 'dg' AND d.state <> 'recalled'";
    assert_eq!(rows(&app, again).await, ["1"], "{state}");
}

/// What is being attempted is waited for.
#[tokio::test]
async fn what_is_being_attempted_is_waited_for() {
    let app = dismissed().await;
    let [told, delivery] = said("t1", "NULL", "plugin_failing", "550 jan@example.nl", "queued");
    plant(
        &app,
        &[told, delivery, "UPDATE deliveries SET lease_until = 9999999999999 WHERE id = 'd-t1'".to_owned()],
    )
    .await;
    forget(&app).await;
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Outgoing);
    assert!(app.app.workflow.next_due().await.unwrap().is_some());
    intrude(&file(&app), &["UPDATE deliveries SET lease_until = 0 WHERE id = 'd-t1'"]).await;
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
}

/// A file that cannot be deleted is tried again; everything else goes meanwhile, and the watchdog tells of it.
#[tokio::test]
async fn a_file_that_cannot_be_deleted_holds_up_nothing_else() {
    let app = dismissed().await;
    plant(&app, &said("own", "1", "new_complaint", "Boomkruiper", "accepted")).await;
    let half = outbox(&app, ".d-own.eml.tmp");
    std::fs::write(&half, "Boomkruiper").unwrap();
    let stuck = outbox(&app, "d-own.eml");
    std::fs::create_dir(&stuck).unwrap();
    forget(&app).await;
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::LeftFiles);
    assert!(!half.exists(), "what is beside it is deleted");
    assert_eq!(rows(&app, "SELECT sender || body FROM mails").await, [""]);
    assert_eq!(rows(&app, "SELECT name FROM forgotten_files").await, ["d-own"]);
    let kinds =
        async || -> Vec<AlarmKind> { app.app.watchdog.look().await.iter().map(Condition::kind).collect() };
    assert!(!kinds().await.contains(&AlarmKind::ForgettingOpen));
    app.until("2026-11-24 11:00").await;
    assert!(kinds().await.contains(&AlarmKind::ForgettingOpen));
    let id = app.app.workflow.id_of(REFERENCE).await.unwrap();
    let whole = app.app.workflow.forgetting_of(id).await.unwrap().unwrap();
    assert!(whole.done_at.is_none());
    std::fs::remove_dir(&stuck).unwrap();
    std::fs::write(&stuck, "Boomkruiper").unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    assert!(!stuck.exists() && rows(&app, "SELECT name FROM forgotten_files").await.is_empty());
    assert!(!kinds().await.contains(&AlarmKind::ForgettingOpen));
}

/// A dossier is not made of half a complaint.
#[tokio::test]
async fn no_dossier_is_made_while_names_are_taken_away() {
    let site = crate::web::Site::open().await;
    site.app.mail(&question("Jan <jan@example.nl>", "b1", "")).await;
    act(&site.app, REFERENCE, "dismiss", "ontvanger@lagant.nl").await;
    act(&site.app, REFERENCE, "forget_early", DIRECTOR).await;
    let mut browser = site.signed_in(DIRECTOR).await;
    let path = format!("/complaints/{REFERENCE}/dossier");
    assert_eq!(browser.get(&path).await.status, 503);
    site.app.app.turn().await.unwrap();
    assert_eq!(browser.get(&path).await.status, 200);
}

/// However many are to be forgotten, what is due is decided in between.
#[tokio::test]
async fn what_is_due_waits_for_no_more_than_some_of_them() {
    let app = TestApp::start(START).await;
    let workflow = &app.app.workflow;
    for n in 0..120 {
        let mail = question(&format!("Jan{n} <jan{n}@example.nl>"), &format!("b{n}"), "");
        redress::intake::ingest(workflow, mail.as_bytes(), "test").await.unwrap();
    }
    app.app.turn().await.unwrap();
    let all = "INSERT INTO forgettings (complaint_id, decided_at, decided_by, step) \
        SELECT id, decided_at, 'directeur@lagant.nl', 'outgoing' FROM complaints";
    intrude(&file(&app), &[all]).await;
    let sent = crate::store::plans::capture::sent(async {
        assert_eq!(workflow.tick().await.unwrap().forgotten, 50);
    });
    let merging = sent.await.iter().filter(|sql| sql.contains("search_index, rank")).count();
    assert!((1..20).contains(&merging), "the index is gone through once for all of them: {merging}");
    let next = workflow.next_due().await.unwrap().unwrap();
    assert!(next <= redress::clock::Clock::now(&app.clock), "it is gone on with at once");
    let late = question("Piet <piet@example.nl>", "late", "");
    redress::intake::ingest(workflow, late.as_bytes(), "test").await.unwrap();
    let second = workflow.tick().await.unwrap();
    assert_eq!((second.decisions > 0, second.forgotten), (true, 50), "{second:?}");
    assert_eq!(workflow.tick().await.unwrap().forgotten, 20);
    assert_eq!(workflow.tick().await.unwrap().forgotten, 0);
    assert!(rows(&app, "SELECT step FROM forgettings WHERE done_at IS NULL").await.is_empty());
}

/// The same mail, by the folder for mail: what it came as is not kept either. The machines of who is forgotten wrote as well.
#[tokio::test]
async fn what_comes_again_and_what_machines_wrote_goes_too() {
    let app = dismissed().await;
    let machine = |from: &str, id: &str| question(from, id, "Auto-Submitted: auto-replied\r\n");
    app.mail(&machine("Jan <jan@example.nl>", "away")).await;
    app.mail(&machine("Jansen <jansen@example.nl>", "other")).await;
    assert_eq!(
        rows(&app, "SELECT sender FROM mails WHERE complaint_id IS NULL ORDER BY id").await,
        ["jan@example.nl", "jansen@example.nl"]
    );
    forget(&app).await;
    assert_eq!(
        rows(&app, "SELECT sender FROM mails WHERE complaint_id IS NULL ORDER BY id").await,
        ["", "jansen@example.nl"]
    );
    let inbox = app.folder.path().join("data/inbox");
    let again = [question("Jan <jan@example.nl>", "b1", ""), machine("Jan <jan@example.nl>", "away")];
    for maildir in app.app.maildirs().unwrap() {
        for (n, mail) in again.iter().enumerate() {
            std::fs::write(inbox.join(format!("new/again{n}.eml")), mail).unwrap();
        }
        let taken = maildir.take_in(&app.app.workflow).await.unwrap();
        assert!(taken.iter().all(|mail| mail.outcome.as_str() == "duplicate"), "{taken:?}");
    }
    for folder in ["new", "cur", "tmp"] {
        assert_eq!(std::fs::read_dir(inbox.join(folder)).unwrap().count(), 0, "{folder}");
    }
    // Nor is anything kept that somebody goes on typing.
    let id = app.app.workflow.id_of(REFERENCE).await.unwrap();
    app.app.workflow.accounts().add(DIRECTOR, redress::complaint::Actor::System).await.unwrap();
    let answers = [("reason".to_owned(), "Boomkruiper".to_owned())].into();
    let typed = Typed { action: "remark", key: "f1", version: 1, answers };
    app.app.workflow.drafts().keep(DIRECTOR, id, typed).await.unwrap();
    assert!(rows(&app, "SELECT answers FROM drafts").await.is_empty());
}

/// What belongs to no complaint goes with the last complaint of whoever sent it.
#[tokio::test]
async fn what_may_be_of_another_complaint_of_theirs_stays() {
    let app = dismissed().await;
    app.mail(&question("Jan <jan@example.nl>", "b2", "")).await;
    app.mail(&question("Jan <jan@example.nl>", "away", "Auto-Submitted: auto-replied\r\n")).await;
    let of_none = "SELECT sender FROM mails WHERE complaint_id IS NULL";
    forget(&app).await;
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    assert_eq!(rows(&app, of_none).await, ["jan@example.nl"]);
    let other = "I-2026-000002";
    act(&app, other, "dismiss", "ontvanger@lagant.nl").await;
    act(&app, other, "forget_early", DIRECTOR).await;
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, other).await, ForgettingStep::Done);
    assert_eq!(rows(&app, of_none).await, [""]);
}

/// A mail that was seen once more while its complaint was being forgotten leaves no file.
#[tokio::test]
async fn a_mail_that_is_seen_meanwhile_leaves_no_file() {
    let app = dismissed().await;
    let seen = "INSERT INTO mail_sightings (message_id, body_hash, at, source) \
        SELECT message_id, body_hash, 1, 'maildir:late.eml' FROM mails";
    act(&app, REFERENCE, "forget_early", DIRECTOR).await;
    let file_of_it = app.folder.path().join("data/inbox/cur/late.eml");
    app.app.maildirs().unwrap();
    std::fs::write(&file_of_it, "Boomkruiper").unwrap();
    intrude(&file(&app), &[seen, "UPDATE forgettings SET step = 'mails'"]).await;
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    assert!(!file_of_it.exists());
}

/// Whoever was told of a complaint hears that it is forgotten, without a name.
#[tokio::test]
async fn a_target_hears_that_it_is_to_forget() {
    let (receiver, url) = Receiver::start(&[]).await;
    let hook = format!(
        "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\nmessages = [\"*\"]\ninclude_personal_data = true\n\
         purpose = \"a test\"\n[webhook]\nurl = \"{url}\"\nsigning = \"none\"\n"
    );
    let app = Builder::default().plugin("hook", hook).start(START).await;
    app.mail(&question("Jan Boomkruiper <jan@example.nl>", "b1", "")).await;
    act(&app, REFERENCE, "dismiss", "ontvanger@lagant.nl").await;
    app.app.turn().await.unwrap();
    app.clock.advance_to(crate::support::at("2026-11-23 11:00"));
    let before = receiver.seen().len();
    assert!(receiver.seen().iter().any(|(_, body)| body.contains("Boomkruiper")));
    act(&app, REFERENCE, "forget_early", DIRECTOR).await;
    // A lane may be faster than the tick that forgets.
    let of = "SELECT d.payload FROM deliveries d JOIN forgettings f ON f.complaint_id = d.complaint_id \
        WHERE d.notification_id IS NULL AND d.created_at >= f.decided_at";
    let events = rows(&app, of).await;
    assert!(!events.is_empty() && events.iter().all(|event| !event.contains("oomkruiper")), "{events:#?}");
    app.app.workflow.tick().await.unwrap();
    assert_eq!(step(&app, REFERENCE).await, ForgettingStep::Done);
    app.app.turn().await.unwrap();
    let told: Vec<String> = receiver.seen().into_iter().skip(before).map(|(_, body)| body).collect();
    let entered = told.iter().find(|body| body.contains("\"event.entered\""));
    let entered = entered.unwrap_or_else(|| panic!("{told:#?}"));
    assert!(entered.contains(REFERENCE) && entered.contains("anonymised"), "{entered}");
    for body in &told {
        let lower = body.to_lowercase();
        assert!(!lower.contains("boomkruiper") && !lower.contains("jan@example.nl"), "{body}");
    }
}
