//! Forgetting: when a complaint has come to a state that forgets, nothing of what was written about it, and of who wrote it,
//! is left in any byte; the trail holds, and says what was taken out of it.

mod left;
mod looking;
mod others;
mod ours;
mod planting;
mod seen;

use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, TestApp, rules_copy};
use looking::{found_below, found_in_tables};
use planting::{DIRECTOR, FAILING, NUMBER, OWN_FIELDS, plant, take};
use redress::calendar::Moment;
use redress::clock::Clock;
use redress::store::{Audit, ForgettingStep};
use std::collections::BTreeSet;

const START: &str = "2026-11-23 10:00";
const OVER: &str = "2028-12-01 10:00";

/// The tables in which the words stand before.
const PLANTED: &[&str] = &[
    "complaints",
    "conversations",
    "deliveries",
    "delivery_attempts",
    "digest_lines",
    "drafts",
    "events",
    "gathered",
    "mail_sightings",
    "mails",
    "notifications",
    "plugin_health",
    "search",
    "threads",
];

/// The installation on an engine, with a plugin that takes everything and one that never answers.
async fn installation(database: &str) -> TestApp {
    let (_, taking) = Receiver::start(&[]).await;
    let (_, failing) = Receiver::start(&[500; 4_000]).await;
    let hook = |url: &str| {
        format!(
            "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\nmessages = [\"*\"]\ninclude_personal_data = true\n\
             purpose = \"a test\"\n[webhook]\nurl = \"{url}\"\nsigning = \"none\"\n"
        )
    };
    let rules = rules_copy();
    std::fs::write(rules.path().join("99_watch.rhai"), FAILING).unwrap();
    let builder = Builder::default().config(OWN_FIELDS).rules(&rules.keep());
    let builder = if database.is_empty() {
        builder
    } else {
        builder.config(&format!("[database]\nurl = \"{database}\"\n"))
    };
    builder
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("hook", hook(&taking))
        .plugin("broken", hook(&failing))
        .start(START)
        .await
}

/// Has servers have said names, and lines of digests.
async fn plant_answers(url: &str) {
    let of_one = "(SELECT id FROM deliveries WHERE complaint_id = 1)";
    let given_up = "UPDATE deliveries SET state = 'dead', finished_at = created_at WHERE id IN \
        (SELECT id FROM deliveries WHERE plugin = 'broken' AND complaint_id = 1 AND state = 'queued' ORDER BY id LIMIT 3)";
    intrude(url, &[
        given_up,
        &format!("UPDATE delivery_attempts SET detail = '550 no zwaluwstaart' WHERE delivery_id IN {of_one}"),
        &format!("UPDATE deliveries SET last_error = '550 no zwaluwstaart' WHERE id IN {of_one}"),
        "UPDATE digest_lines SET line = 'Zwaluwstaart' WHERE notification_id IN (SELECT id FROM notifications WHERE complaint_id = 1)",
        "UPDATE plugin_health SET last_error = '550 zwaluwstaart@example.nl is unknown'",
    ])
    .await;
}

/// Lets the retention pass, and the director anonymise.
async fn anonymise(app: &TestApp) {
    app.until(OVER).await;
    take(app, NUMBER, "anonymise", DIRECTOR, &[]).await;
    app.app.turn().await.unwrap();
    assert_eq!(app.state(NUMBER).await, "anonymised");
}

async fn step(app: &TestApp, reference: &str) -> ForgettingStep {
    let id = app.app.workflow.id_of(reference).await.unwrap();
    app.app.workflow.forgetting_of(id).await.unwrap().unwrap().step
}

async fn holds(app: &TestApp) {
    let trail = app.app.store.trail();
    let audit = trail.verify().await.unwrap();
    assert!(matches!(audit, Audit::Holds { events } if events > 100), "{audit:?}");
    let found = trail.reconcile().await.unwrap();
    assert!(found.is_empty(), "{found:?}");
    assert!(trail.forgotten().await.unwrap() > 10);
}

#[tokio::test]
async fn no_byte_of_what_is_forgotten_is_left() {
    let app = installation("").await;
    plant(&app).await;
    plant_answers(&file(&app)).await;
    let data = app.folder.path().join("data");
    for state in ["queued", "dead"] {
        assert!(!app.deliveries("broken", state).await.is_empty(), "{state}");
    }
    let before = found_below(&data);
    for place in ["redress.db", "outbox/", "inbox/cur/"] {
        assert!(before.iter().any(|found| found.contains(place)), "{place}: {before:#?}");
    }
    anonymise(&app).await;
    assert_eq!(step(&app, NUMBER).await, ForgettingStep::Done);
    let left = found_below(&data);
    assert!(left.is_empty(), "{} files:\n{}", left.len(), left.join("\n"));
    holds(&app).await;
}

#[tokio::test]
async fn no_column_of_postgresql_holds_what_is_forgotten() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES");
        return;
    };
    let url = crate::store::fresh_database(&server).await;
    let app = installation(&url).await;
    plant(&app).await;
    plant_answers(&url).await;
    let before = found_in_tables(&url).await;
    let tables: BTreeSet<&str> = before.iter().filter_map(|found| found.split(':').next()).collect();
    let missing: Vec<&&str> = PLANTED.iter().filter(|table| !tables.contains(**table)).collect();
    assert!(missing.is_empty(), "{missing:?} of {tables:?}");
    anonymise(&app).await;
    assert_eq!(step(&app, NUMBER).await, ForgettingStep::Done);
    let left = found_in_tables(&url).await;
    assert!(left.is_empty(), "{} rows:\n{}", left.len(), left.join("\n"));
    let left = found_below(&app.folder.path().join("data"));
    assert!(left.is_empty(), "{left:#?}");
    holds(&app).await;
}

fn file(app: &TestApp) -> String {
    format!("sqlite:{}", app.folder.path().join("data/redress.db").display())
}

/// Runs statements on a database, as somebody who has it.
async fn intrude(url: &str, statements: &[&str]) {
    sqlx::any::install_default_drivers();
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap();
    for sql in statements {
        sqlx::query(sql).execute(&pool).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
    pool.close().await;
}

/// Whatever fails, and wherever it ends: after a restart nothing is left, and the trail holds.
#[tokio::test]
async fn what_ends_between_any_two_steps_is_gone_on_with() {
    let mut app = installation("").await;
    plant(&app).await;
    app.until(OVER).await;
    // Each step fails when it is to be recorded, and what it did with it; some fail in the middle of their work.
    let recorded = |step: &str| format!("BEFORE UPDATE ON forgettings WHEN NEW.step = '{step}'");
    let mut failing: Vec<String> =
        ["files", "mails", "letters", "facts", "search", "trail", "remains", "gone"]
            .iter()
            .map(|s| recorded(s))
            .collect();
    failing.insert(2, "BEFORE UPDATE ON mails WHEN OLD.id = 3".to_owned());
    failing.insert(4, "BEFORE UPDATE ON delivery_attempts".to_owned());
    failing.insert(7, "BEFORE DELETE ON search".to_owned());
    failing.insert(9, "BEFORE INSERT ON events WHEN NEW.kind = 'forgotten'".to_owned());
    let mut is_begun = false;
    for when in &failing {
        let trigger = format!("CREATE TRIGGER failing {when} BEGIN SELECT RAISE(ABORT, 'a crash'); END");
        intrude(&file(&app), &[&trigger]).await;
        if is_begun {
            app.app.turn().await.unwrap();
        } else {
            take(&app, NUMBER, "anonymise", DIRECTOR, &[]).await;
            is_begun = true;
        }
        assert_ne!(step(&app, NUMBER).await, ForgettingStep::Done, "{when}");
        assert!(app.app.workflow.next_due().await.unwrap().is_some(), "{when}: it is tried again");
        let audit = app.app.store.trail().verify().await.unwrap();
        assert!(matches!(audit, Audit::Holds { .. }), "{when}: {audit:?}");
        intrude(&file(&app), &["DROP TRIGGER failing"]).await;
        app.reopen().await;
    }
    app.app.turn().await.unwrap();
    assert_eq!(step(&app, NUMBER).await, ForgettingStep::Done);
    let left = found_below(&app.folder.path().join("data"));
    assert!(left.is_empty(), "{} files:\n{}", left.len(), left.join("\n"));
    holds(&app).await;
    // A second look finds nothing to do.
    let before = app.app.store.trail().last_event().await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(app.app.store.trail().last_event().await.unwrap(), before);
}

/// Whoever empties one more event, changes what vouches, or brings something back, is found.
#[tokio::test]
async fn what_somebody_else_empties_is_found() {
    let app = installation("").await;
    plant(&app).await;
    app.complaint("other").await;
    anonymise(&app).await;
    holds(&app).await;
    let trail = app.app.store.trail();
    let id = app.app.workflow.id_of(NUMBER).await.unwrap().0;
    intrude(&file(&app), &["CREATE TABLE kept AS SELECT * FROM events"]).await;
    let newest = format!("(SELECT MAX(seq) FROM events WHERE kind = 'forgotten' AND complaint_id = {id})");
    let another = "(SELECT MIN(seq) FROM events WHERE personal IS NOT NULL)";
    let emptied = "(SELECT MIN(seq) FROM events WHERE forgotten_by IS NOT NULL)";
    for change in [
        format!("UPDATE events SET personal = NULL, salt = NULL WHERE seq = {another}"),
        format!(
            "UPDATE events SET personal = NULL, salt = NULL, forgotten_by = {newest} WHERE seq = {another}"
        ),
        format!(
            "UPDATE events SET personal = NULL, salt = NULL, personal_digest = NULL WHERE seq = {another}"
        ),
        format!("UPDATE events SET forgotten_by = {newest} WHERE seq = {another}"),
        format!("UPDATE events SET forgotten_by = NULL WHERE seq = {emptied}"),
        format!("UPDATE events SET forgotten_by = seq - 1 WHERE seq = {emptied}"),
        format!("UPDATE events SET forgotten_by = 1000000 WHERE seq = {emptied}"),
        format!("UPDATE events SET personal = '{{}}', salt = 'x', forgotten_by = NULL WHERE seq = {emptied}"),
        format!("UPDATE events SET personal_digest = NULL, forgotten_by = NULL WHERE seq = {emptied}"),
        format!(
            "UPDATE events SET data = (SELECT json_insert(v.data, '$.emptied.\"' || o.seq || '\"', o.personal_digest) \
             FROM events v, events o WHERE v.seq = {newest} AND o.seq = {another}) WHERE seq = {newest}"
        ),
        format!("DELETE FROM events WHERE seq = {newest}"),
        format!("UPDATE events SET kind = 'remarked' WHERE seq = {newest}"),
        format!("UPDATE events SET complaint_id = complaint_id + 1 WHERE seq = {newest}"),
    ] {
        intrude(&file(&app), &[&change]).await;
        let found = trail.verify().await.unwrap();
        assert!(matches!(found, Audit::Broken { .. }), "{change}: {found:?}");
        let undo = ["DELETE FROM events", "INSERT INTO events SELECT * FROM kept"];
        intrude(&file(&app), &undo).await;
        assert!(matches!(trail.verify().await.unwrap(), Audit::Holds { .. }), "undone: {change}");
    }
    // The other is named as well where the event that vouches lists it: its signature shows that it was changed.
    let both = format!(
        "UPDATE events SET personal = NULL, salt = NULL, forgotten_by = {newest} WHERE seq = {another}"
    );
    let list = format!(
        "UPDATE events SET data = (SELECT json_insert(v.data, '$.emptied.\"' || o.seq || '\"', o.personal_digest) \
         FROM events v, events o WHERE v.seq = {newest} AND o.seq = {another}) WHERE seq = {newest}"
    );
    intrude(&file(&app), &[&list, &both]).await;
    assert!(matches!(trail.verify().await.unwrap(), Audit::Broken { .. }));
}

/// What is forgotten takes nothing of others with it, of the same person or not; what is held keeps everything.
#[tokio::test]
async fn others_stay_as_they_are_and_what_is_held_keeps_everything() {
    let app = installation("").await;
    plant(&app).await;
    let piet = |n: usize, about: &str| {
        format!(
            "From: Piet Boomkruiper <zwaluwstaart@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Klacht over {about}\r\n\
             Message-ID: <boom{n}@example.nl>\r\n\r\nIk heb een klacht over {about} bij de cursus van Piet Boomkruiper.\r\n"
        )
    };
    for (n, about) in ["de koffie in Zwolle", "het lesmateriaal van gisteren"].iter().enumerate() {
        app.mail(&piet(n, about)).await;
    }
    let held = "K-2027-0002";
    let reference = "K-2027-0001";
    for number in [reference, held] {
        assert_eq!(app.state(number).await, "in_treatment", "{number}");
    }
    let facts = async |number: &str| {
        let id = app.app.workflow.id_of(number).await.unwrap();
        let case = app.app.store.cases().load(&[id]).await.unwrap().remove(0);
        let mails = app.app.store.register().mails(id).await.unwrap();
        let raw = app.app.store.register().raw_mail(mails[0].id).await.unwrap().unwrap();
        let said: Vec<String> =
            app.app.store.register().notifications(id).await.unwrap().into_iter().map(|n| n.body).collect();
        let events: Vec<_> =
            app.app.store.trail().events(id).await.unwrap().into_iter().filter_map(|e| e.personal).collect();
        (case.complaint, mails.into_iter().map(|m| m.body).collect::<Vec<_>>(), raw, said, events)
    };
    app.until(OVER).await;
    let before = (facts(reference).await, facts(held).await);
    take(&app, NUMBER, "correct_register", planting::HANDLER, &[("legal_hold", true.into())]).await;
    let input = std::collections::BTreeMap::new();
    let refused = app
        .app
        .workflow
        .act(NUMBER, "anonymise", DIRECTOR, input, redress::complaint::Via::CommandLine)
        .await;
    let refused = refused.unwrap_err();
    assert!(format!("{refused:?}").contains("vastgehouden"), "{refused:?}");
    app.app.turn().await.unwrap();
    let id = app.app.workflow.id_of(NUMBER).await.unwrap();
    assert!(app.app.workflow.forgetting_of(id).await.unwrap().is_none(), "what is held is not begun with");
    let whole = facts(NUMBER).await;
    assert!(
        whole.0.subject.contains(looking::WORD) && whole.1[0].contains("klacht") && whole.2.len() > 1_000
    );
    take(&app, NUMBER, "lift_hold", DIRECTOR, &[]).await;
    let (before_reference, before_held) = before;
    let now: Moment = app.clock.now();
    take(&app, NUMBER, "anonymise", DIRECTOR, &[]).await;
    assert_eq!(step(&app, NUMBER).await, ForgettingStep::Done);
    assert_eq!(facts(reference).await, before_reference);
    assert_eq!(facts(held).await, before_held);
    let forgotten = facts(NUMBER).await;
    let c = &forgotten.0;
    assert_eq!(
        (c.subject.as_str(), c.complainant.name.as_str(), c.complainant.email.as_str()),
        ("(verwijderd)", "(verwijderd)", "")
    );
    assert!(forgotten.2.is_empty() && forgotten.3.iter().all(String::is_empty) && forgotten.4.is_empty());
    // What stays: who handled it, days, choices, what was decided.
    assert_eq!(c.number.as_ref().map(|n| n.as_str()), Some(NUMBER));
    assert_eq!(
        (c.verdict.as_ref().map(|v| v.as_str()), c.agreement.as_ref().map(|v| v.as_str())),
        (Some("upheld"), Some("yes"))
    );
    assert!(c.decided_on.is_some() && c.cause_kind.is_some() && c.promised_by.is_some());
    assert_eq!(c.responsible.as_deref(), Some(planting::HANDLER));
    assert_eq!((c.measures.len(), c.measures[0].description.as_str()), (1, ""));
    assert_eq!(c.extra.keys().map(|k| k.as_str()).collect::<Vec<_>>(), ["locatie"]);
    assert!(c.received_at < now);
    // The same mail, should it come once more, opens nothing and names nobody.
    let again = app.mail(&planting::opening()).await;
    assert_eq!(again.outcome.as_str(), "duplicate", "{again:?}");
    holds(&app).await;
}

/// Rows move between the pages of a file while it is worked on, and leave copies behind that no row leads to.
#[tokio::test]
async fn no_copy_of_a_row_that_moved_is_left() {
    let app = TestApp::start(START).await;
    let workflow = &app.app.workflow;
    let of = |n: usize, again: usize| {
        let (name, length) = if n.is_multiple_of(3) { (looking::WORD, 400) } else { ("Boomkruiper", 700) };
        let text = format!("{name} {}", "woorden ".repeat((n * 37 + again * 101) % length));
        format!(
            "From: {name} {n} <{name}{n}@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Vraag {n} van {name}\r\n\
             Message-ID: <{name}{n}.{again}@example.nl>\r\nReferences: <{name}{n}.0@example.nl>\r\n\r\n{text}\r\n"
        )
    };
    let act = async |n: usize, action: &str, person: &str, reason: &str| {
        let input = [("reason".to_owned(), reason.into())].into();
        let reference = format!("I-2026-{:06}", n + 1);
        let via = redress::complaint::Via::CommandLine;
        workflow
            .act(&reference, action, person, input, via)
            .await
            .unwrap_or_else(|e| panic!("{action} {n}: {e}"));
    };
    for again in 0..3 {
        for n in 0..45_usize {
            redress::intake::ingest(workflow, of(n, again).as_bytes(), "test").await.unwrap();
        }
        app.app.turn().await.unwrap();
    }
    for n in 0..45_usize {
        let name = if n.is_multiple_of(3) { looking::WORD } else { "Boomkruiper" };
        act(n, "dismiss", "ontvanger@lagant.nl", &format!("{name} {}", "vroeg iets ".repeat(n * 20))).await;
    }
    app.until("2027-03-15 10:00").await;
    for n in (0..45_usize).filter(|n| n.is_multiple_of(3)) {
        let input = std::collections::BTreeMap::new();
        let reference = format!("I-2026-{:06}", n + 1);
        workflow
            .act(&reference, "anonymise", DIRECTOR, input, redress::complaint::Via::CommandLine)
            .await
            .unwrap();
    }
    app.app.turn().await.unwrap();
    let left = found_below(&app.folder.path().join("data"));
    assert!(left.is_empty(), "{} files:\n{}", left.len(), left.join("\n"));
    let other = workflow.id_of("I-2026-000002").await.unwrap();
    let mails = app.app.store.register().mails(other).await.unwrap();
    assert!(mails.len() == 3 && mails.iter().all(|mail| mail.body.contains("Boomkruiper")));
}
