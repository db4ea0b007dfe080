//! The real server: what it answers over HTTP, how it stops, and what it tells the service manager.

use crate::processes::{drop_mail, eventually, outbox};
use crate::support::receiver::Receiver;
use crate::support::shipped_untried;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server whose address is known.
pub struct Served {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
    /// What it printed until it ran.
    lines: Vec<String>,
}

impl Served {
    pub fn start(settings: &str, environment: &[(&str, &Path)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings, environment)
    }

    pub fn start_in(folder: tempfile::TempDir, settings: &str, environment: &[(&str, &Path)]) -> Self {
        let config = folder.path().join("redress.toml");
        std::fs::write(&config, format!("[server]\nlisten = \"127.0.0.1:0\"\n{settings}")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_redress"))
            .current_dir(shipped_untried())
            .args(["--config", config.to_str().unwrap(), "--data"])
            .arg(folder.path().join("data"))
            .arg("serve")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap) {
            lines.push(line);
            if lines.last().is_some_and(|line| line.starts_with("Redress runs")) {
                break;
            }
        }
        let health = lines.iter().find(|line| line.starts_with("health: ")).unwrap();
        let address =
            health.strip_prefix("health: http://").unwrap().strip_suffix("/health").unwrap().to_owned();
        Self { child, address, folder, lines }
    }

    /// The status and the body of an answer; none when the connection was closed.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let status = answer.split(' ').nth(1)?.parse().ok()?;
        Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
    }

    /// What it printed behind a beginning; none where no line begins so.
    pub fn said(&self, before: &str) -> Option<&str> {
        self.lines.iter().find_map(|line| line.strip_prefix(before))
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn status(&self, path: &str) -> u16 {
        self.get(path).map_or(0, |(status, _)| status)
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Tells it to stop, and sees it end by itself.
    pub fn stop(&mut self) {
        self.signal("TERM");
        let mut ended = None;
        eventually("the end", || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        assert!(ended.unwrap().success(), "{ended:?}");
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value of a metric with its labels as they are written.
pub fn metric(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[test]
fn the_figures_say_what_was_done() {
    let served = Served::start("", &[]);
    drop_mail(served.folder.path(), "a1");
    eventually("the letters", || outbox(served.folder.path()) == 2);
    let accepted = "redress_deliveries_total{plugin=\"mail\",result=\"accepted\"}";
    let figures = || served.get("/metrics").unwrap().1;
    eventually("their count", || metric(&figures(), accepted) == Some(2.0));
    let text = figures();
    for (name, least) in [
        ("redress_intake_total{outcome=\"complaint\"}", 1.0),
        ("redress_decisions_total", 1.0),
        ("redress_complaints_live", 1.0),
        ("redress_database_up", 1.0),
        ("redress_part_up{part=\"scheduler\"}", 1.0),
        ("redress_part_up{part=\"watchdog\"}", 1.0),
        ("redress_database_size_bytes", 10_000.0),
    ] {
        let value = metric(&text, name);
        assert!(value.is_some_and(|value| value >= least), "{name}: {value:?}\n{text}");
    }
    assert_eq!(metric(&text, "redress_intake_total{outcome=\"duplicate\"}"), Some(0.0));
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("redress_") && value.parse::<f64>().is_ok(), "{line}");
    }
    assert!(!text.contains('@') && !text.contains("parkeren"), "{text}");
    assert_eq!(served.status("/health"), 200);
    assert_eq!(served.status("/ready"), 200, "{:?}", served.get("/ready"));
    assert_eq!(served.status("/nothing"), 404);
}

/// An inbox that cannot be read makes the installation not ready, though every row is as it should be.
#[test]
fn ready_tells_what_the_parts_cannot_do() {
    let served = Served::start("", &[]);
    eventually("the start", || served.status("/ready") == 200);
    let new = served.data().join("inbox/new");
    // The server makes the folder again, so it may be there once more before the file is.
    eventually("a file in the way", || {
        let _ = std::fs::remove_dir(&new);
        std::fs::write(&new, "in the way").is_ok()
    });
    eventually("the failure", || served.status("/ready") == 503);
    let (_, body) = served.get("/ready").unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["because"][0]["kind"], "inbox_failing", "{body}");
    assert_eq!(served.status("/health"), 200, "the process itself is well");
    std::fs::remove_file(&new).unwrap();
    std::fs::create_dir(&new).unwrap();
    eventually("the recovery", || served.status("/ready") == 200);
}

#[test]
fn half_a_request_holds_up_no_stop() {
    let mut served = Served::start("", &[]);
    let mut half = TcpStream::connect(&served.address).unwrap();
    half.write_all(b"GET /health HTTP/1.1\r\nHos").unwrap();
    let _idle = TcpStream::connect(&served.address).unwrap();
    assert_eq!(served.status("/health"), 200);
    served.stop();
}

/// More idle connections than there may be: those that come later are closed, mail is taken in all the same, and when the
/// idle ones have had their time, everybody is answered again.
#[test]
fn idle_connections_hold_up_neither_mail_nor_answers_for_long() {
    let served = Served::start("", &[]);
    let idle: Vec<TcpStream> = (0..200).filter_map(|_| TcpStream::connect(&served.address).ok()).collect();
    drop_mail(served.folder.path(), "a1");
    eventually("the letters", || outbox(served.folder.path()) == 2);
    eventually("an answer", || served.status("/health") == 200);
    drop(idle);
}

#[test]
fn the_service_manager_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("notify");
    let manager = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let environment = [("NOTIFY_SOCKET", socket.as_path()), ("WATCHDOG_USEC", Path::new("3000000"))];
    let mut served = Served::start("", &environment);
    let hear = || {
        let mut bytes = [0; 256];
        let length = manager.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    };
    assert_eq!(hear(), "READY=1\nSTATUS=running");
    assert_eq!((hear(), hear()), ("WATCHDOG=1".to_owned(), "WATCHDOG=1".to_owned()));
    let besides = || loop {
        let heard = hear();
        if heard != "WATCHDOG=1" {
            return heard;
        }
    };
    served.signal("HUP");
    assert!(besides().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    assert!(besides().starts_with("READY=1"));
    served.stop();
    assert!(besides().starts_with("STOPPING=1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outside_monitor_hears_of_it_while_all_is_well() {
    let (monitor, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("heartbeat");
    std::fs::write(&secret, &url).unwrap();
    let settings = format!(
        "[watchdog]\nheartbeat_url = {{ file = \"{}\" }}\n[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n",
        secret.display()
    );
    let served = tokio::task::spawn_blocking(move || Served::start(&settings, &[])).await.unwrap();
    eventually("a heartbeat", || monitor.count() > 0);
    drop(served);
}

/// A log for programs: each line is an object, complaints are named by their number, and nobody else is.
#[test]
fn the_log_is_json_without_names() {
    let mut served = Served::start("[log]\nformat = \"json\"\n", &[]);
    drop_mail(served.folder.path(), "a1");
    eventually("the letters", || outbox(served.folder.path()) == 2);
    served.stop();
    let log = served.log();
    let records: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    let taken = records.iter().find(|r| r["message"] == "a mail is taken in").unwrap();
    assert_eq!((&taken["complaint"], &taken["level"]), (&"I-2026-000001".into(), &"INFO".into()), "{taken}");
    for said in ["started", "settled what was due", "stopped"] {
        assert!(records.iter().any(|record| record["message"] == said), "{said}: {log}");
    }
    assert!(!log.contains("@example.nl") && !log.contains("arkeren") && !log.contains('\u{1b}'), "{log}");
}

/// What is saved counts without a restart, a mistake changes nothing and is told, and what needs a restart says so.
#[test]
fn the_settings_are_read_again() {
    let served = Served::start("[log]\nlevel = \"error\"\n", &[]);
    let attention = || {
        let (_, body) = served.get("/ready").unwrap();
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let kinds =
            body["attention"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap().to_owned());
        kinds.collect::<Vec<_>>()
    };
    let config = served.folder.path().join("redress.toml");
    let save = |text: &str| std::fs::write(&config, text).unwrap();
    assert!(attention().is_empty(), "{:?}", attention());
    save("[server]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"info\"\nformat = \"json\"\n");
    eventually("the other form", || served.log().contains("{\"timestamp\""));
    save("[server]\nlisten = [");
    eventually("the mistake", || attention() == ["settings_broken"]);
    assert!(served.log().contains("the settings before stay in use"), "{}", served.log());
    drop_mail(served.folder.path(), "a1");
    eventually("the letters", || outbox(served.folder.path()) >= 2);
    std::fs::remove_file(&config).unwrap();
    served.signal("HUP");
    eventually("that it is gone", || served.log().contains("redress.toml is gone"));
    save("[server]\nlisten = \"127.0.0.1:1\"\n[calendar]\nzone = \"Europe/Brussels\"\n");
    eventually("what needs a restart", || attention() == ["restart_needed"]);
    assert!(served.log().contains("need a restart: server.listen, calendar"), "{}", served.log());
    save("[server]\nlisten = \"127.0.0.1:0\"\n");
    eventually("that all is well", || attention().is_empty());
}

/// What is logged changes while the server runs, by part of the program as well, and back again.
#[test]
fn the_log_says_more_and_less_without_a_restart() {
    let served = Served::start("[log]\nlevel = \"error\"\n", &[]);
    let mut mails = 0;
    // What is logged of a mail at `info` and at `debug`.
    let mut logged = || {
        mails += 1;
        let before = served.log().len();
        drop_mail(served.folder.path(), &format!("m{mails}"));
        eventually("the letters", || outbox(served.folder.path()) >= 2 * mails);
        let log = served.log().split_off(before);
        ["a mail is taken in", "it refers to no complaint"].map(|line| log.contains(line))
    };
    assert_eq!(logged(), [false, false]);
    for (level, expected) in
        [("info", [true, false]), ("info,redress::intake=debug", [true, true]), ("error", [false, false])]
    {
        let settings = format!("[server]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"{level}\"\n");
        std::fs::write(served.folder.path().join("redress.toml"), settings).unwrap();
        served.signal("HUP");
        // Mail that comes before the signal is heard is logged as before.
        eventually(level, || logged() == expected);
    }
}

/// People are read again too: what a role means changes without a restart.
#[test]
fn people_change_without_a_restart() {
    let served = Served::start("", &[]);
    let people = "[server]\nlisten = \"127.0.0.1:0\"\n[[people]]\nname = \"Nieuw\"\nemail = \"nieuw@lagant.nl\"\n\
        roles = [\"receiver\", \"handler\", \"director\", \"quality_manager\", \"integrator\"]\n";
    std::fs::write(served.folder.path().join("redress.toml"), people).unwrap();
    eventually("the reading", || served.log().contains("the settings were read again"));
    drop_mail(served.folder.path(), "a1");
    eventually("the letters", || outbox(served.folder.path()) == 2);
    let letters = std::fs::read_dir(served.data().join("outbox")).unwrap().flatten();
    let letters: Vec<String> = letters.map(|e| std::fs::read_to_string(e.path()).unwrap()).collect();
    assert!(letters.iter().any(|letter| letter.contains("nieuw@lagant.nl")), "{letters:?}");
}
