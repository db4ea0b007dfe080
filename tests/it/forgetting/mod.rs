//! Forgetting: when a complaint has come to a state that forgets, nothing of what was written about it, and of who wrote it,
//! is left in any byte; the trail holds, and says what was taken out of it.

mod looking;
mod planting;

use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, TestApp, rules_copy};
use looking::{found_below, found_in_tables};
use planting::{DIRECTOR, FAILING, NUMBER, OWN_FIELDS, plant, take};
use redress::store::{Audit, ForgettingStep};

const START: &str = "2026-11-23 10:00";
const OVER: &str = "2028-12-01 10:00";

/// The installation on an engine, with a plugin that takes everything and one that never answers.
async fn installation(database: &str) -> TestApp {
    let (_, taking) = Receiver::start(&[]).await;
    let (_, failing) = Receiver::start(&[500; 4_000]).await;
    let hook = |url: &str| {
        format!(
            "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\nnotifications = [\"*\"]\ninclude_personal_data = true\n\
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

/// Lets the retention pass, and the director anonymise.
async fn anonymise(app: &TestApp) {
    app.until(OVER).await;
    take(app, NUMBER, "anonymise", DIRECTOR, &[]).await;
    app.app.turn().await.unwrap();
    assert_eq!(app.state(NUMBER).await, "anonymised");
}

async fn step(app: &TestApp) -> ForgettingStep {
    let id = app.app.workflow.id_of(NUMBER).await.unwrap();
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
    let data = app.folder.path().join("data");
    let before = found_below(&data);
    for place in ["redress.db", "outbox/", "inbox/cur/"] {
        assert!(before.iter().any(|found| found.contains(place)), "{place}: {before:#?}");
    }
    anonymise(&app).await;
    assert_eq!(step(&app).await, ForgettingStep::Done);
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
    assert!(found_in_tables(&url).await.len() > 50);
    anonymise(&app).await;
    assert_eq!(step(&app).await, ForgettingStep::Done);
    let left = found_in_tables(&url).await;
    assert!(left.is_empty(), "{} rows:\n{}", left.len(), left.join("\n"));
    let left = found_below(&app.folder.path().join("data"));
    assert!(left.is_empty(), "{left:#?}");
    holds(&app).await;
}
