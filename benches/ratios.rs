//! Ratios against comparisons in the same run: rules against bare Rhai, settling against bare INSERTs,
//! a due complaint in a small and in a large store, and an idle tick.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use divan::Bencher;
use redress::calendar::{Calendar, Moment};
use redress::clock::{Clock, VirtualClock};
use redress::complaint::{Case, Complaint, ComplaintId, IntakeId, Number, Party, State, Via};
use redress::config::Settings;
use redress::delivery::{Plugins, Runner, Sandbox};
use redress::rules::{Input, Ruleset, RulesetSource, Trigger, decide_all};
use redress::store::{AuditKey, Commit, Store};
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

/// Ten rules as procedures have them: a state, a fact, a comparison; none of them fires.
mod ten_rules {
    use super::*;

    fn ruleset() -> Arc<Ruleset> {
        let names = |kind: &str, extra: &str| -> String {
            (0..TEN).map(|i| format!("[{kind}.s{i}]\nnl = \"n\"\nen = \"n\"\n{extra}\n")).collect()
        };
        let procedure = format!(
            "initial = \"s0\"\nfaults_to = \"s0\"\nname = {{ nl = \"n\", en = \"n\" }}\n[deadlines]\n{}{}{}",
            names("states", "phase = \"p\"\nopen = true"),
            names("roles", ""),
            names("flags", "")
        );
        let rules: String = (0..TEN)
            .map(|i| format!("rule \"r{i}\" when complaint.state == \"s{i}\" && complaint.language == \"en\" && now >= complaint.received_at then {{ notify(\"s0\", \"m\"); }}\n"))
            .collect();
        let files = [
            ("procedure.toml", procedure.as_str()),
            ("10.rhai", &rules),
            ("messages/nl/m.md", ""),
            ("messages/en/m.md", ""),
        ];
        let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
        Arc::new(
            Ruleset::load(RulesetSource::new(files), Default::default())
                .unwrap_or_else(|found| panic!("{}", found[0])),
        )
    }

    /// One decision on one complaint, everything included.
    #[divan::bench]
    fn decide(bencher: Bencher) {
        let (ruleset, calendar, case) = (ruleset(), calendar(), case());
        bencher.bench_local(|| decide_all(&ruleset, &calendar, vec![input(&case)]));
    }

    /// The same per complaint in a batch, as ticks do it.
    #[divan::bench(args = [100])]
    fn decide_batch(bencher: Bencher, n: usize) {
        let (ruleset, calendar, case) = (ruleset(), calendar(), case());
        bencher
            .counter(n)
            .with_inputs(|| (0..n).map(|_| input(&case)).collect::<Vec<_>>())
            .bench_local_values(|inputs| decide_all(&ruleset, &calendar, inputs));
    }

    fn input(case: &Case) -> Input {
        Input {
            case: case.clone(),
            trigger: Trigger::Due,
            now: start(),
            unrenderable: Vec::new(),
            adopt_at: None,
        }
    }

    #[derive(Clone)]
    struct Bare {
        state: String,
        language: String,
        received: i64,
    }

    /// The comparison: the ten conditions in one script on bare Rhai, with a custom type in scope.
    #[divan::bench]
    fn bare_rhai(bencher: Bencher) {
        let mut engine = rhai::Engine::new();
        engine.register_type_with_name::<Bare>("Bare");
        engine.register_get("state", |b: &mut Bare| b.state.clone());
        engine.register_get("language", |b: &mut Bare| b.language.clone());
        engine.register_get("received_at", |b: &mut Bare| b.received);
        let script: String = (0..TEN)
            .map(|i| format!("if complaint.state == \"s{i}\" && complaint.language == \"en\" && now >= complaint.received_at {{ fired += 1; }}\n"))
            .collect();
        let ast = engine.compile(format!("let fired = 0;\n{script}\nfired")).unwrap();
        let bare = Bare { state: "s3".to_owned(), language: "nl".to_owned(), received: 0 };
        bencher.bench_local(|| {
            let mut scope = rhai::Scope::new();
            scope.push("complaint", bare.clone());
            scope.push("now", 1_i64);
            engine.eval_ast_with_scope::<i64>(&mut scope, &ast).unwrap()
        });
    }
}

/// An installation with `n` complaints in treatment, whose next wake-up is a reminder.
struct Installation {
    runtime: Runtime,
    workflow: Arc<Workflow>,
    clock: VirtualClock,
    _folder: tempfile::TempDir,
}

impl Installation {
    fn with(n: usize) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = VirtualClock::new(start());
        let (workflow, runner) = runtime.block_on(workflow(folder.path(), &clock));
        runtime.block_on(fill(&workflow, &runner, n));
        Self { runtime, workflow, clock, _folder: folder }
    }
}

async fn workflow(folder: &std::path::Path, clock: &VirtualClock) -> (Arc<Workflow>, Runner) {
    workflow_with(folder, clock, std::path::Path::new("plugins")).await
}

async fn workflow_with(
    folder: &std::path::Path,
    clock: &VirtualClock,
    plugins: &std::path::Path,
) -> (Arc<Workflow>, Runner) {
    let settings = Arc::new(Settings::parse("", "redress.toml").unwrap());
    let url = format!("sqlite:{}", folder.join("b.db").display());
    let store = Store::open(&url, Arc::clone(&settings.calendar), AuditKey::new(b"key")).await.unwrap();
    let source = RulesetSource::read(std::path::Path::new("rules")).unwrap();
    let published = Published::load(source, &settings).unwrap();
    published
        .publish(
            &store,
            clock.now(),
            &redress::workflow::PublishOrder { by: "system", reason: "", plan: None },
            &Default::default(),
        )
        .await
        .unwrap();
    let plugins = Plugins::load(plugins, &folder.join("outbox"), Arc::clone(&settings), Sandbox::Closed);
    let plugins = Arc::new(plugins.unwrap());
    let router = Arc::clone(&plugins);
    let workflow = Arc::new(Workflow::new(store, Arc::new(clock.clone()), settings, published, router));
    let runner = Runner::new(Arc::clone(&workflow), plugins);
    (workflow, runner)
}

/// One complaint goes the whole way; the others are written as its likeness, in sets.
async fn fill(workflow: &Workflow, runner: &Runner, n: usize) {
    let raw = "From: k@example.nl\r\nSubject: Klacht over parkeren\r\nMessage-ID: <1@x>\r\n\r\n\
        Ik heb een klacht over het parkeren bij de training in Utrecht.\r\n";
    redress::intake::ingest(workflow, raw.as_bytes(), "bench").await.unwrap();
    workflow.tick().await.unwrap();
    runner.deliver_due().await.unwrap();
    workflow.tick().await.unwrap();
    let first = workflow.store.load(&[ComplaintId(1)]).await.unwrap().remove(0);
    let ids: Vec<usize> = (2..=n).collect();
    for set in ids.chunks(BATCH) {
        let commits = set.iter().map(|i| likeness(&first, *i, &workflow.published().stamp)).collect();
        workflow.store.commit(commits).await.unwrap();
    }
}

fn likeness(first: &Case, i: usize, stamp: &str) -> Commit {
    let mut case = first.clone();
    case.id = ComplaintId(i as i64);
    case.version = 1;
    case.complaint.intake_id = IntakeId::new(2026, i as i64);
    case.complaint.number = Some(Number::new(2026, i as i64));
    Commit {
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
        concerns_others: false,
        sender_changed: false,
        case,
    }
}

/// Settling due complaints: load, all rules of the shipped procedure, one firing with a notification, commit.
mod settle {
    use super::*;

    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn five_hundred_due(bencher: Bencher) {
        bencher
            .counter(BATCH)
            .with_inputs(|| {
                let installation = Installation::with(BATCH);
                // Two weeks before the promised date everybody's reminder is due at once, and nothing else.
                installation.clock.advance_to(start().plus_millis(28 * 86_400_000 - 1_800_000));
                installation
            })
            .bench_local_values(|i| {
                let ticked = i.runtime.block_on(i.workflow.tick()).unwrap();
                assert!(ticked.decisions >= BATCH);
                i
            });
    }

    /// The comparison: as many rows of the same tables as 500-row INSERTs, in one durable transaction.
    /// A firing writes a complaint, two events, a notification, a delivery and a thread.
    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn the_same_rows_bare(bencher: Bencher) {
        bare(bencher, |n| format!("${n}"));
    }

    /// The same with parameters without names, as the store writes them on SQLite.
    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn the_same_rows_unnamed_parameters(bencher: Bencher) {
        bare(bencher, |_| "?".to_owned());
    }

    fn bare(bencher: Bencher, mark: fn(usize) -> String) {
        bencher
            .counter(BATCH)
            .with_inputs(|| {
                let runtime = Runtime::new().unwrap();
                let folder = tempfile::tempdir().unwrap();
                let pool = runtime.block_on(bare_tables(folder.path()));
                (runtime, pool, folder)
            })
            .bench_local_values(|(runtime, pool, folder)| {
                runtime.block_on(bare_inserts(&pool, mark));
                (runtime, pool, folder)
            });
    }

    const TABLES: [(&str, usize); 6] = [("c", 24), ("e1", 17), ("e2", 17), ("n", 13), ("d", 10), ("t", 2)];

    async fn bare_tables(folder: &std::path::Path) -> sqlx::AnyPool {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite:{}?mode=rwc", folder.join("bare.db").display());
        let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
        for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
            sqlx::query(pragma).execute(&pool).await.unwrap();
        }
        for (table, columns) in TABLES {
            let columns: Vec<String> = (1..columns).map(|i| format!("v{i} TEXT")).collect();
            let sql = format!("CREATE TABLE {table} (id BIGINT PRIMARY KEY, {})", columns.join(", "));
            sqlx::query(&sql).execute(&pool).await.unwrap();
        }
        pool
    }

    async fn bare_inserts(pool: &sqlx::AnyPool, mark: fn(usize) -> String) {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        for (table, columns) in TABLES {
            insert(&mut tx, table, columns, mark).await;
        }
        tx.commit().await.unwrap();
    }

    async fn insert(
        tx: &mut sqlx::Transaction<'_, sqlx::Any>,
        table: &str,
        columns: usize,
        mark: fn(usize) -> String,
    ) {
        let marks: Vec<String> = (0..BATCH)
            .map(|row| {
                let marks: Vec<String> = (1..=columns).map(|i| mark(row * columns + i)).collect();
                format!("({})", marks.join(","))
            })
            .collect();
        let sql = format!("INSERT INTO {table} VALUES {}", marks.join(","));
        let mut query = sqlx::query(&sql);
        for id in 0..BATCH {
            query = query.bind(id as i64);
            for column in 1..columns {
                let last = column == columns - 1;
                query = query.bind(if last { "x".repeat(600) } else { "a value of some length".to_owned() });
            }
        }
        query.execute(&mut **tx).await.unwrap();
    }
}

/// One due complaint among few and among many; and a tick with nothing due.
mod scale {
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::{Mutex, OnceLock};

    /// Installations are dear to fill; each size is made once.
    fn installation(n: usize) -> &'static Mutex<Installation> {
        static MADE: OnceLock<Mutex<BTreeMap<usize, &'static Mutex<Installation>>>> = OnceLock::new();
        let made = MADE.get_or_init(Default::default);
        made.lock()
            .unwrap()
            .entry(n)
            .or_insert_with(|| Box::leak(Box::new(Mutex::new(Installation::with(n)))))
    }

    /// Planning an edit over every live complaint; the comparison is loading them and nothing else.
    #[divan::bench(args = [1_000, 100_000], sample_count = 3, sample_size = 1)]
    fn plan(bencher: Bencher, n: usize) {
        let installation = installation(n).lock().unwrap();
        let settings = Settings::parse("", "redress.toml").unwrap();
        let source = RulesetSource::read(std::path::Path::new("rules")).unwrap();
        let mut files = source.files().clone();
        let terms = files.get_mut("00_terms.rhai").unwrap();
        *terms = terms.replace("const FIRST_REMINDER = days(14);", "const FIRST_REMINDER = days(13);");
        let candidate = Arc::new(Published::load(RulesetSource::new(files), &settings).unwrap());
        bencher.counter(n).bench_local(|| {
            let planning = installation.workflow.plan(Arc::clone(&candidate), Default::default(), &|_, _| {});
            installation.runtime.block_on(planning).unwrap()
        });
    }

    #[divan::bench(args = [1_000, 100_000], sample_count = 3, sample_size = 1)]
    fn only_loading(bencher: Bencher, n: usize) {
        let installation = installation(n).lock().unwrap();
        bencher.counter(n).bench_local(|| {
            installation.runtime.block_on(async {
                let ids = installation.workflow.store.live_ids().await.unwrap();
                for chunk in ids.chunks(1_000) {
                    divan::black_box(installation.workflow.store.load(chunk).await.unwrap());
                }
            })
        });
    }

    #[divan::bench(args = [1_000, 100_000], sample_count = 50, sample_size = 1)]
    fn one_due(bencher: Bencher, n: usize) {
        let installation = installation(n).lock().unwrap();
        let input = || BTreeMap::from([("consultation".to_owned(), serde_json::Value::from("x"))]);
        bencher.with_inputs(input).bench_local_values(|input| {
            let acting = installation.workflow.act(
                "I-2026-000500",
                "note_consultation",
                "behandelaar@lagant.nl",
                input,
                Via::CommandLine,
            );
            installation.runtime.block_on(acting).unwrap();
        });
    }

    #[divan::bench(args = [1_000, 100_000], sample_count = 200, sample_size = 1)]
    fn idle_tick(bencher: Bencher, n: usize) {
        let installation = installation(n).lock().unwrap();
        bencher.bench_local(|| {
            let ticked = installation.runtime.block_on(installation.workflow.tick()).unwrap();
            assert_eq!(ticked.decisions, 0, "touches no complaint");
        });
    }
}

/// Mails of 20 kB taken in, decided on and committed; the comparison is taking them in and nothing else.
mod intake {
    use super::*;

    const MAILS: usize = 1_000;

    fn mails() -> Vec<String> {
        let text = "Ik heb een klacht over het parkeren bij de training in Utrecht. ".repeat(310);
        let mail = |i: usize| {
            format!(
                "From: k{i}@example.nl\r\nSubject: Klacht over parkeren\r\nMessage-ID: <{i}@x>\r\n\r\n{text}\r\n"
            )
        };
        (0..MAILS).map(mail).collect()
    }

    fn installation() -> (Installation, Vec<String>) {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = VirtualClock::new(start());
        let (workflow, _) = runtime.block_on(workflow(folder.path(), &clock));
        (Installation { runtime, workflow, clock, _folder: folder }, mails())
    }

    async fn take_in(workflow: &Workflow, mails: &[String]) {
        for mail in mails {
            redress::intake::ingest(workflow, mail.as_bytes(), "bench").await.unwrap();
        }
    }

    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn a_thousand_mails_read(bencher: Bencher) {
        bencher.counter(MAILS).with_inputs(mails).bench_local_values(|mails| {
            let read = mails.iter().map(|m| redress::intake::parse(m.as_bytes(), None).text.len());
            read.sum::<usize>()
        });
    }

    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn a_thousand_mails_decided(bencher: Bencher) {
        bencher.counter(MAILS).with_inputs(installation).bench_local_values(|(i, mails)| {
            i.runtime.block_on(async {
                take_in(&i.workflow, &mails).await;
                assert_eq!(i.workflow.tick().await.unwrap().decisions, MAILS);
            });
            i
        });
    }

    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn a_thousand_mails_taken_in_only(bencher: Bencher) {
        bencher.counter(MAILS).with_inputs(installation).bench_local_values(|(i, mails)| {
            i.runtime.block_on(take_in(&i.workflow, &mails));
            i
        });
    }
}

/// Durable webhook deliveries with 64 in flight against bare reqwest with 64 in flight, to the same sink; the time from an
/// action to the signed request on the wire; and what a full queue of another plugin costs.
mod delivery {
    use super::*;
    use redress::complaint::Via;
    use redress::store::{NewDelivery, RenderedNotification};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const MANY: usize = 10_000;
    const IN_FLIGHT: usize = 64;

    /// Answers 204 to every request on a thread of its own, as cheaply as can be: it looks for ends of bodies by the
    /// length they announce, and rings for each.
    struct Sink {
        port: u16,
        requests: Arc<AtomicUsize>,
        rung: Arc<tokio::sync::Notify>,
    }

    impl Sink {
        fn start() -> Self {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.set_nonblocking(true).unwrap();
            let sink = Self {
                port: listener.local_addr().unwrap().port(),
                requests: Arc::default(),
                rung: Arc::default(),
            };
            let (requests, rung) = (Arc::clone(&sink.requests), Arc::clone(&sink.rung));
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async move {
                    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                    while let Ok((stream, _)) = listener.accept().await {
                        tokio::spawn(answer(stream, Arc::clone(&requests), Arc::clone(&rung)));
                    }
                });
            });
            sink
        }

        fn url(&self) -> String {
            format!("http://127.0.0.1:{}/hook", self.port)
        }
    }

    async fn answer(
        mut stream: tokio::net::TcpStream,
        requests: Arc<AtomicUsize>,
        rung: Arc<tokio::sync::Notify>,
    ) {
        stream.set_nodelay(true).unwrap();
        let mut buffer = Vec::with_capacity(16_384);
        while stream.read_buf(&mut buffer).await.is_ok_and(|n| n > 0) {
            while let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
                let length = head.split("content-length:").nth(1).and_then(|t| t.lines().next());
                let total = end + 4 + length.map_or(0, |n| n.trim().parse::<usize>().unwrap());
                if buffer.len() < total {
                    break;
                }
                buffer.drain(..total);
                requests.fetch_add(1, Ordering::Relaxed);
                rung.notify_one();
                if stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.is_err() {
                    return;
                }
            }
        }
    }

    struct Outbox {
        runtime: Runtime,
        workflow: Arc<Workflow>,
        runner: Arc<Runner>,
        sink: Sink,
        folder: tempfile::TempDir,
    }

    fn outbox() -> Outbox {
        let runtime = Runtime::new().unwrap();
        let (folder, sink) = (tempfile::tempdir().unwrap(), Sink::start());
        let manifest = |url: &str| {
            format!(
                "kind = \"webhook\"\nenabled = true\nmessages = []\nevents = [\"action_taken\"]\n[webhook]\nurl = \"{url}\"\nconcurrency = {IN_FLIGHT}\n\
                 secret = {{ file = \"{}\" }}\n",
                folder.path().join("secret").display()
            )
        };
        std::fs::write(folder.path().join("secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        // Nothing listens on the discard port.
        for (name, url) in [("hook", sink.url()), ("dead", "http://127.0.0.1:9/".to_owned())] {
            let plugin = folder.path().join("plugins").join(name);
            std::fs::create_dir_all(&plugin).unwrap();
            std::fs::write(plugin.join("plugin.toml"), manifest(&url)).unwrap();
        }
        let clock = VirtualClock::new(start());
        let (workflow, runner) =
            runtime.block_on(workflow_with(folder.path(), &clock, &folder.path().join("plugins")));
        Outbox { runtime, workflow, runner: Arc::new(runner), sink, folder }
    }

    /// An event of 700 bytes, as the outbox holds it.
    fn payload() -> String {
        format!("{{\"event\":{{\"type\":\"notification.x\",\"data\":\"{}\"}}}}", "x".repeat(650))
    }

    async fn queue(workflow: &Workflow, plugin: &str, n: usize) {
        let row = |i: usize| NewDelivery {
            id: format!("{plugin}-{i}"),
            notification_id: Some("n".to_owned()),
            complaint: None,
            plugin: plugin.to_owned(),
            topic: "notification.x".to_owned(),
            recipient: "handler".to_owned(),
            position: i as i64,
            payload: payload(),
            is_letter: false,
            capped_address: None,
            is_first_letter: false,
            is_reaction: false,
            message_id: None,
        };
        let notification = RenderedNotification {
            id: "n".to_owned(),
            ordinal: 1,
            recipient: "handler".to_owned(),
            addresses: vec![],
            message: "x".to_owned(),
            language: "nl".to_owned(),
            rule: None,
            subject: String::new(),
            body: String::new(),
            is_deliverable: true,
        };
        let rows: Vec<NewDelivery> = (0..n).map(row).collect();
        workflow.store.commit_notifications(start(), &[notification], &rows, &[], "", None).await.unwrap();
    }

    /// `dead`: how many wait for another plugin, whose target refuses.
    #[divan::bench(args = [0, 10_000], sample_count = 5, sample_size = 1)]
    fn ten_thousand_durable(bencher: Bencher, dead: usize) {
        bencher
            .counter(MANY)
            .with_inputs(|| {
                let outbox = outbox();
                outbox.runtime.block_on(async {
                    queue(&outbox.workflow, "dead", dead).await;
                    // The dead target is known to be dead.
                    outbox.runner.deliver_due().await.unwrap();
                    queue(&outbox.workflow, "hook", MANY).await;
                });
                outbox
            })
            .bench_local_values(|outbox| {
                let delivered = outbox.runtime.block_on(outbox.runner.deliver_due()).unwrap();
                assert_eq!((delivered.accepted, outbox.sink.requests.load(Ordering::Relaxed)), (MANY, MANY));
                outbox
            });
    }

    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn ten_thousand_bare_reqwest(bencher: Bencher) {
        bencher
            .counter(MANY)
            .with_inputs(|| {
                let _ = rustls::crypto::ring::default_provider().install_default();
                let client = reqwest::Client::builder().no_proxy().build().unwrap();
                (Runtime::new().unwrap(), Sink::start(), client)
            })
            .bench_local_values(|(runtime, sink, client)| {
                runtime.block_on(async {
                    let mut workers = tokio::task::JoinSet::new();
                    for worker in 0..IN_FLIGHT {
                        let (client, url, body) = (client.clone(), sink.url(), payload());
                        workers.spawn(async move {
                            for _ in (worker..MANY).step_by(IN_FLIGHT) {
                                let sent = client.post(&url).body(body.clone()).send().await.unwrap();
                                assert!(sent.status().is_success());
                            }
                        });
                    }
                    workers.join_all().await;
                });
                assert_eq!(sink.requests.load(Ordering::Relaxed), MANY);
                (runtime, sink)
            });
    }

    /// From `act` to the request's arrival at the sink, in an idle installation; the slowest of the samples is about the
    /// 99th percentile.
    #[divan::bench(sample_count = 200, sample_size = 1)]
    fn action_to_wire(bencher: Bencher) {
        let outbox = outbox();
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        outbox.runtime.spawn(Arc::clone(&outbox.runner).run(Arc::clone(&stop)));
        outbox.runtime.block_on(async {
            let raw = "From: k@example.nl\r\nSubject: Klacht over parkeren\r\nMessage-ID: <1@x>\r\n\r\n\
                Ik heb een klacht over het parkeren bij de training in Utrecht.\r\n";
            redress::intake::ingest(&outbox.workflow, raw.as_bytes(), "bench").await.unwrap();
            outbox.workflow.tick().await.unwrap();
            tokio::time::sleep(Duration::from_millis(800)).await;
        });
        bencher
            .with_inputs(|| {
                // Idle again: nothing on the way, the lanes asleep.
                std::thread::sleep(Duration::from_millis(20));
                outbox.sink.requests.load(Ordering::Relaxed)
            })
            .bench_local_values(|before| {
                outbox.runtime.block_on(async {
                    let input = [("consultation".to_owned(), serde_json::json!("met de trainer"))].into();
                    let by = "behandelaar@lagant.nl";
                    outbox.workflow.act("K-2026-0001", ACTION, by, input, Via::CommandLine).await.unwrap();
                    while outbox.sink.requests.load(Ordering::Relaxed) == before {
                        outbox.sink.rung.notified().await;
                    }
                });
            });
        stop.store(true, Ordering::Relaxed);
        let _ = &outbox.folder;
    }

    /// An action that can be taken again and again and notifies somebody.
    const ACTION: &str = "note_consultation";
}
