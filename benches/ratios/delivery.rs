//! Durable webhook deliveries with 64 in flight against bare reqwest with 64 in flight, to the same sink; the
//! time from an action to the signed request on the wire; and what a full queue of another plugin costs.

use super::settle::{bare_row, bare_tables};
use super::*;
use redress::complaint::Via;
use redress::store::{NewDelivery, Notice, RenderedNotification};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const MANY: usize = 10_000;
const IN_FLIGHT: usize = 64;
/// The pause before each of what is measured where nothing else happens.
const IDLE: Duration = Duration::from_millis(20);

/// Answers 204 to every request on a thread of its own, as cheaply as can be: it looks for ends of bodies by
/// the length they announce, and rings for each.
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
    store: Store,
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
    let (workflow, runner, store) =
        runtime.block_on(workflow_with(folder.path(), &clock, &folder.path().join("plugins")));
    Outbox { runtime, store, workflow, runner: Arc::new(runner), sink, folder }
}

/// Returns an event of 700 bytes, as the outbox holds it.
fn payload() -> String {
    format!("{{\"event\":{{\"type\":\"notification.x\",\"data\":\"{}\"}}}}", "x".repeat(650))
}

async fn queue(store: &Store, plugin: &str, n: usize) {
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
        not_before: None,
    };
    let notification = RenderedNotification {
        id: "n".to_owned(),
        ordinal: 1,
        recipient: "handler".into(),
        addresses: vec![],
        message: "x".to_owned(),
        language: "nl".to_owned(),
        source: redress::complaint::Source::Engine,
        subject: String::new(),
        body: String::new(),
        about: None,
        is_deliverable: true,
        gathered: None,
    };
    let rows: Vec<NewDelivery> = (0..n).map(row).collect();
    let notice = Notice {
        at: start(),
        ruleset: "",
        notifications: &[notification],
        deliveries: &rows,
        events: &[],
        tells_of: None,
        marks: &[],
        run: None,
        reports: &[],
    };
    store.notices().commit(notice).await.unwrap();
}

/// Measures durable deliveries while `dead` of them wait for another plugin, whose target refuses.
#[divan::bench(args = [0, 10_000], sample_count = 5, sample_size = 1)]
fn ten_thousand_durable(bencher: Bencher, dead: usize) {
    bencher
        .counter(MANY)
        .with_inputs(|| {
            let outbox = outbox();
            outbox.runtime.block_on(async {
                queue(&outbox.store, "dead", dead).await;
                // The dead target is known to be dead.
                outbox.runner.deliver_due().await.unwrap();
                queue(&outbox.store, "hook", MANY).await;
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

/// Measures from `act` to the request's arrival at the sink, in an idle installation, and says which one in a hundred is slower.
#[divan::bench(sample_count = 1000, sample_size = 1)]
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
    let mut times = Vec::new();
    bencher
        .with_inputs(|| {
            // Idle again: nothing on the way, the lanes asleep.
            std::thread::sleep(IDLE);
            outbox.sink.requests.load(Ordering::Relaxed)
        })
        .bench_local_values(|before| {
            let began = SystemClock.elapsed();
            outbox.runtime.block_on(async {
                let input = [("consultation".to_owned(), serde_json::json!("met de trainer"))].into();
                let by = "behandelaar@lagant.nl";
                outbox.workflow.act("K-2026-0001", ACTION, by, input, Via::CommandLine).await.unwrap();
                while outbox.sink.requests.load(Ordering::Relaxed) == before {
                    outbox.sink.rung.notified().await;
                }
            });
            times.push(SystemClock.elapsed() - began);
        });
    tell_slowest(times);
    stop.store(true, Ordering::Relaxed);
    let _ = &outbox.folder;
}

/// Measures a row in each of the same tables, committed and synced, and then a request with bare reqwest, on the same idle
/// computer: what wakes up late there is no work of the program.
#[divan::bench(sample_count = 1000, sample_size = 1)]
fn row_to_wire_bare(bencher: Bencher) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (runtime, folder, sink) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap(), Sink::start());
    let pool = runtime.block_on(bare_tables(folder.path()));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut times = Vec::new();
    let mut row = 0;
    bencher
        .with_inputs(|| {
            std::thread::sleep(IDLE);
            row += 1;
            row
        })
        .bench_local_values(|row| {
            let began = SystemClock.elapsed();
            runtime.block_on(async {
                bare_row(&pool, row).await;
                client.post(sink.url()).body(payload()).send().await.unwrap();
            });
            times.push(SystemClock.elapsed() - began);
        });
    tell_slowest(times);
}

#[expect(clippy::print_stderr, reason = "divan says nothing of the slowest but one")]
fn tell_slowest(mut times: Vec<Duration>) {
    times.sort();
    eprintln!("of {}: 99 in 100 take at most {:?}", times.len(), times[times.len() * 99 / 100]);
}

/// An action that can be taken again and again and notifies somebody.
const ACTION: &str = "note_consultation";
