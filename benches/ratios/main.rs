//! Ratios against comparisons in the same run: rules against bare Rhai, settling against bare INSERTs,
//! a due complaint in a small and in a large store, and an idle tick.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

mod delivery;
mod intake;
mod scale;
mod settle;
mod ten_rules;

use divan::Bencher;
use redress::calendar::{Calendar, Date, Moment};
use redress::clock::{Clock, SystemClock, VirtualClock};
use redress::complaint::{
    Case, Complaint, ComplaintId, IntakeId, NothingDeclared, Number, Party, State, Tally, Via,
};
use redress::config::Settings;
use redress::delivery::{Mode, Plugins, Runner};
use redress::rules::{Input, Ruleset, RulesetSource, Trigger, decide_all, unobserved};
use redress::store::{AuditKey, Commit, OpeningTexts, Store};
use redress::workflow::{Published, Workflow};
use sqlx::any::AnyPoolOptions;
use std::sync::Arc;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

const TEN: usize = 10;
const BATCH: usize = 500;

fn start() -> Moment {
    Moment::from_millis(1_795_424_400_000)
}

fn calendar() -> Arc<Calendar> {
    Arc::new(Calendar::new(chrono_tz::Europe::Amsterdam, []))
}

fn case() -> Case {
    let who = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let complaint =
        Complaint::received(IntakeId::new(2026, 1), State::from("s3"), "s".to_owned(), who, start());
    Case::new(ComplaintId(1), complaint)
}

/// An installation with `n` complaints in treatment, whose next wake-up is a reminder.
struct Installation {
    runtime: Runtime,
    store: Store,
    workflow: Arc<Workflow>,
    clock: VirtualClock,
    _folder: tempfile::TempDir,
}

impl Installation {
    fn with(n: usize) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = VirtualClock::new(start());
        let (workflow, runner, store) = runtime.block_on(workflow(folder.path(), &clock));
        runtime.block_on(fill(&store, &workflow, &runner, n));
        Self { runtime, store, workflow, clock, _folder: folder }
    }
}

async fn workflow(folder: &std::path::Path, clock: &VirtualClock) -> (Arc<Workflow>, Runner, Store) {
    workflow_with(folder, clock, std::path::Path::new("plugins")).await
}

async fn workflow_with(
    folder: &std::path::Path,
    clock: &VirtualClock,
    plugins: &std::path::Path,
) -> (Arc<Workflow>, Runner, Store) {
    let settings = Arc::new(Settings::parse("", "redress.toml").unwrap());
    let url = format!("sqlite:{}", folder.join("b.db").display());
    let store = Store::open(&url, Arc::clone(&settings.calendar), AuditKey::new(b"key")).await.unwrap();
    let source = RulesetSource::read(std::path::Path::new("rules")).unwrap();
    let published = Published::load(source, &settings).unwrap();
    published
        .publish(&store, clock.now(), &redress::workflow::PublishOrder::new("system", "", None))
        .await
        .unwrap();
    let plugins = Plugins::load(plugins, &folder.join("outbox"), Arc::clone(&settings), Mode::Rehearsal);
    let plugins = Arc::new(plugins.unwrap());
    let router = Arc::clone(&plugins);
    let workflow =
        Arc::new(Workflow::new(store.clone(), Arc::new(clock.clone()), settings, published, router));
    let runner = Runner::new(Arc::clone(&workflow), plugins);
    (workflow, runner, store)
}

/// Fills the store: one complaint goes the whole way; the others are written as its likeness, in sets.
async fn fill(store: &Store, workflow: &Workflow, runner: &Runner, n: usize) {
    let raw = "From: k@example.nl\r\nSubject: Klacht over parkeren\r\nMessage-ID: <1@x>\r\n\r\n\
        Ik heb een klacht over het parkeren bij de training in Utrecht.\r\n";
    redress::intake::ingest(workflow, raw.as_bytes(), "bench").await.unwrap();
    workflow.tick().await.unwrap();
    runner.deliver_due().await.unwrap();
    workflow.tick().await.unwrap();
    let first = store.cases().load(&[ComplaintId(1)]).await.unwrap().remove(0);
    let ids: Vec<usize> = (2..=n).collect();
    for set in ids.chunks(BATCH) {
        let commits = set.iter().map(|i| likeness(&first, *i, &workflow.published().stamp)).collect();
        let ready = store.cases().ready(commits, &OpeningTexts::default()).unwrap();
        store.cases().write(ready).await.unwrap();
    }
}

fn likeness(first: &Case, i: usize, stamp: &str) -> Commit {
    let mut case = first.clone();
    case.id = ComplaintId(i as i64);
    case.version = 1;
    case.complaint.intake_id = IntakeId::new(2026, i as i64);
    case.complaint.number = Some(Number::new(2026, i as i64));
    Commit {
        is_reworded: false,
        at: case.decided_at,
        wake_at: first.wake_at,
        is_live: true,
        stamp: stamp.to_owned(),
        ruleset: String::new(),
        events: vec![],
        deadlines: case.deadlines.clone(),
        notifications: vec![],
        deliveries: vec![],
        consumed: None,
        sent_draft: None,
        forgets: None,
        tally: Tally::of(&case.complaint, Date::default(), &NothingDeclared),
        late_from: None,
        is_handed_over: false,
        concerns_others: false,
        sender_changed: false,
        is_regrouped: false,
        concerns: Vec::new(),
        case,
    }
}
