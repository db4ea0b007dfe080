//! A clock that jumps, ahead and back: nothing is decided in a jump ahead, letters and mail go on in both, somebody hears,
//! and a person puts it right.

use crate::support::{amsterdam, at, clear_complaint, repository};
use redress::app::{Access, App, Places};
use redress::calendar::Moment;
use redress::clock::Clock;
use redress::complaint::{Actor, EventKind};
use redress::delivery::Mode;
use redress::intake::ingest;
use redress::workflow::ClockStanding;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A computer's clock, which somebody sets.
#[derive(Clone, Debug)]
struct WallClock(Arc<AtomicI64>);

impl WallClock {
    fn set(&self, now: &str) {
        self.0.store(at(now).millis(), Ordering::SeqCst);
    }
}

impl Clock for WallClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> std::time::Duration {
        redress::clock::SystemClock.elapsed()
    }
}

struct Installation {
    app: App,
    clock: WallClock,
    folder: tempfile::TempDir,
}

impl Installation {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = WallClock(Arc::default());
        clock.set("2026-11-23 10:00");
        std::fs::write(folder.path().join("redress.toml"), "[delivery]\nmails_per_hour = 1000\n").unwrap();
        let places = Places {
            config: Some(folder.path().join("redress.toml")),
            data: folder.path().join("data"),
            rules: repository().join("rules"),
            plugins: folder.path().join("plugins"),
            clock: None,
            access: Access::Change,
        };
        let app = App::open_with(&places, Arc::new(clock.clone()), Mode::Rehearsal).await.unwrap();
        Self { app, clock, folder }
    }

    async fn complaint(&self, name: &str) {
        let raw = clear_complaint(&format!("{name}@example.nl"), name);
        ingest(&self.app.workflow, raw.as_bytes(), "test").await.unwrap();
        self.app.turn().await.unwrap();
    }

    fn letters(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path().join("data/outbox")).into_iter().flatten().flatten();
        files.map(|f| std::fs::read_to_string(f.path()).unwrap()).collect()
    }

    fn told(&self, what: &str) -> usize {
        self.letters().into_iter().filter(|l| l.replace("=\r\n", "").contains(what)).count()
    }

    async fn numbers(&self) -> Vec<String> {
        let listed = self.app.store.register().list(&Default::default(), 100).await.unwrap();
        let mut numbers: Vec<String> =
            listed.into_iter().map(|c| c.number.map_or("none".to_owned(), |n| n.to_string())).collect();
        numbers.sort();
        numbers
    }

    async fn count(&self, kind: EventKind) -> usize {
        let events = self.app.store.trail().events_after(0).await.unwrap();
        events.iter().filter(|e| e.kind == kind).count()
    }
}

fn director() -> Actor {
    Actor::Person("directeur@lagant.nl".to_owned())
}

#[tokio::test]
async fn nothing_is_decided_while_the_clock_is_a_year_ahead() {
    let on = Installation::new().await;
    on.complaint("k1").await;
    assert_eq!(on.letters().len(), 2);
    on.clock.set("2027-11-23 10:00");
    on.complaint("k2").await;
    on.app.turn().await.unwrap();
    assert_eq!(on.numbers().await, ["K-2026-0001", "K-2026-0002"], "no number of another year");
    assert_eq!(on.count(EventKind::DeadlineBreached).await, 0, "no term has passed");
    assert!(matches!(on.app.workflow.clock_standing().await.unwrap(), ClockStanding::Ahead { .. }));
    assert_eq!(on.told("+365 d: er wordt niets beslist"), 1, "somebody hears, once");
    assert_eq!(on.letters().len(), 5, "and letters go");
    on.clock.set("2026-11-23 10:05");
    on.complaint("k3").await;
    assert_eq!(on.letters().len(), 7);
    assert_eq!(on.app.workflow.now().await.unwrap(), at("2026-11-23 10:05"), "as if it had not been");
    assert_eq!(on.app.workflow.clock_standing().await.unwrap(), ClockStanding::Right);
    assert_eq!(on.app.store.trail().reconcile().await.unwrap(), []);
}

#[tokio::test]
async fn after_a_long_standstill_a_person_says_that_the_clock_is_right() {
    let on = Installation::new().await;
    on.complaint("k1").await;
    on.clock.set("2027-02-01 10:00");
    on.app.turn().await.unwrap();
    assert_eq!(on.count(EventKind::DeadlineBreached).await, 0);
    on.app.workflow.confirm_clock(director()).await.unwrap();
    on.app.turn().await.unwrap();
    assert!(on.count(EventKind::DeadlineBreached).await > 0, "what was due is due");
    assert_eq!(on.count(EventKind::ClockConfirmed).await, 1);
    assert_eq!(on.app.workflow.now().await.unwrap(), at("2027-02-01 10:00"));
}

/// A quiet month of a server that runs is no jump: the time is noted.
#[tokio::test]
async fn a_quiet_year_is_no_jump() {
    let on = Installation::new().await;
    let mut day = chrono_day("2026-11-23");
    for _ in 0..30 {
        day = day + chrono::Days::new(20);
        on.clock.set(&format!("{day} 10:00"));
        on.app.workflow.tick().await.unwrap();
        assert_eq!(on.app.workflow.now().await.unwrap(), on.clock.now(), "{day}");
    }
}

fn chrono_day(text: &str) -> redress::calendar::Date {
    text.parse().unwrap()
}

#[tokio::test]
async fn letters_go_while_the_clock_is_behind_and_a_person_corrects_the_mark() {
    let on = Installation::new().await;
    on.clock.set("2026-12-18 10:00");
    on.complaint("k1").await;
    assert_eq!(on.letters().len(), 2);
    // It had been ahead for four weeks, which nobody could know.
    on.clock.set("2026-11-23 11:00");
    on.complaint("k2").await;
    assert_eq!(on.letters().len(), 5, "two letters about the complaint, one about the clock");
    assert_eq!(on.app.workflow.now().await.unwrap(), at("2026-12-18 10:00"), "time stands still");
    on.app.workflow.confirm_clock(director()).await.unwrap();
    assert_eq!(on.app.workflow.now().await.unwrap(), at("2026-11-23 11:00"));
    on.complaint("k3").await;
    assert_eq!(on.letters().len(), 7);
    let (store, calendar) = (&on.app.store, amsterdam());
    let id = on.app.workflow.id_of("K-2026-0003").await.unwrap();
    let received = store.cases().load(&[id]).await.unwrap()[0].complaint.received_at;
    assert_eq!(calendar.day_of(received).unwrap().to_string(), "2026-11-23");
    assert!(matches!(store.trail().verify().await.unwrap(), redress::store::Audit::Holds { .. }));
}

/// The same year, month by month: an hour back, an hour ahead, a day back, a day ahead, at any time of the day.
#[tokio::test]
async fn small_jumps_lose_and_hold_up_nothing() {
    let on = Installation::new().await;
    let mut letters = 0;
    for (i, now) in [
        "2026-11-23 12:00",
        "2026-11-23 11:00",
        "2026-11-24 11:00",
        "2026-11-23 13:00",
        "2026-11-23 13:01",
        "2026-11-25 09:00",
        "2026-11-24 17:59",
    ]
    .into_iter()
    .enumerate()
    {
        on.clock.set(now);
        on.complaint(&format!("k{i}")).await;
        // Whatever else is told, the two letters about each complaint go at once.
        let about = on.letters().into_iter().filter(|l| l.contains(&format!("{:04}", i + 1))).count();
        assert!(about >= 2, "{now}: {about}");
        letters += 2;
        assert!(on.letters().len() >= letters, "{now}");
    }
    assert_eq!(on.numbers().await.len(), 7);
    assert!(on.numbers().await.iter().all(|n| n.starts_with("K-2026-")));
}
