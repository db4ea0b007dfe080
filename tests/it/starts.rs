//! A start does not check again what this program has checked, and checks everything that is not that: another text,
//! another setting, a mark that says nothing.

use crate::support::{TestApp, at, clear_complaint, repository};
use redress::app::{Access, App, AppError, Places};
use redress::clock::VirtualClock;
use redress::delivery::Mode;
use sqlx::{Connection, SqliteConnection};
use std::sync::Arc;

const MARK: &str = "data/checked-ruleset";

fn places(app: &TestApp) -> Places {
    Places {
        config: Some(app.folder.path().join("redress.toml")),
        data: app.folder.path().join("data"),
        rules: repository().join("rules"),
        plugins: app.folder.path().join("plugins"),
        clock: None,
        access: Access::Change,
    }
}

async fn open(places: &Places) -> Result<App, AppError> {
    App::open_with(places, Arc::new(VirtualClock::new(at("2026-11-23 11:00"))), Mode::Rehearsal).await
}

/// Changes the text of the ruleset in force behind the program's back.
async fn edit(app: &TestApp, from: &str, to: &str) {
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let edit = sqlx::query("UPDATE rulesets SET content = replace(content, ?, ?)").bind(from).bind(to);
    assert_eq!(edit.execute(&mut database).await.unwrap().rows_affected(), 1);
    database.close().await.unwrap();
}

fn codes(error: AppError) -> Vec<String> {
    let AppError::Published(found) = error else { panic!("{error}") };
    found.iter().map(|d| format!("{} {}", d.kind.code, d.at.file)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_was_changed_in_the_database_is_checked_whatever_the_mark_says() {
    let app = TestApp::start("2026-11-23 10:00").await;
    assert!(app.folder.path().join(MARK).is_file(), "what was published was checked");
    edit(&app, "{{ complaint.reference }}", "{{ complaint.referense }}").await;
    let found = codes(open(&places(&app)).await.unwrap_err());
    assert!(found.iter().any(|d| d.contains("messages/nl/")), "{found:?}");
    edit(&app, "{{ complaint.referense }}", "{{ complaint.reference }}").await;
    open(&places(&app)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn other_settings_are_checked_against_and_a_mark_that_is_damaged_counts_for_nothing() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let mark = || std::fs::read_to_string(app.folder.path().join(MARK)).unwrap();
    let first = mark();
    open(&places(&app)).await.unwrap();
    assert_eq!(mark(), first);
    std::fs::write(app.folder.path().join("redress.toml"), "[organisation]\nname = \"Ander\"\n").unwrap();
    open(&places(&app)).await.unwrap();
    let second = mark();
    assert_ne!(second, first, "it was checked under these settings");
    std::fs::write(app.folder.path().join(MARK), "x").unwrap();
    open(&places(&app)).await.unwrap();
    assert_eq!(mark(), second);
}

/// What was not checked again says and does the same, and has the same warnings for whoever asks.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_checked_again_works_the_same() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let mut said = Vec::new();
    for is_marked in [true, false] {
        if !is_marked {
            std::fs::remove_file(app.folder.path().join(MARK)).unwrap();
        }
        let again = open(&places(&app)).await.unwrap();
        let raw = clear_complaint(&format!("k{is_marked}@example.nl"), &format!("m{is_marked}"));
        redress::intake::ingest(&again.workflow, raw.as_bytes(), "test").await.unwrap();
        again.turn().await.unwrap();
        let published = again.workflow.published();
        let number = if is_marked { "K-2026-0001" } else { "K-2026-0002" };
        said.push((app.notified(number).await, published.stamp.clone(), published.warnings(&again.settings)));
        assert!(again.look_at_folder().faults.is_empty());
    }
    assert_eq!(said[0], said[1]);
    assert!(!said[0].0.is_empty());
}

/// Most commands need no rules folder; `doctor` reads it.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_gone_keeps_no_command_from_working() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let gone = Places { rules: app.folder.path().join("nowhere"), ..places(&app) };
    let again = open(&gone).await.unwrap();
    assert!(!again.look_at_folder().faults.is_empty(), "whoever asks is told");
}
