//! What happens to an installation from outside, through the real binary: a database that is locked, read-only, damaged or
//! gone, a server that pauses, a PostgreSQL that goes away.

use super::line::Line;
use crate::cli::{redress, stdout};
use crate::processes::{Serving, drop_mail, eventually, list, outbox};
use crate::support::postgres::{Cluster, Stop};
use crate::support::shipped_untried;
use sqlx::Connection;
use std::path::Path;
use std::process::Command;

fn count(folder: &Path) -> usize {
    list(folder).as_array().map_or(0, Vec::len)
}

fn serve(folder: &Path, settings: &str) -> Serving {
    let plugins = folder.join("plugins");
    std::fs::create_dir_all(plugins.join("mail")).unwrap();
    std::fs::write(plugins.join("mail/plugin.toml"), crate::support::MAIL_PLUGIN).unwrap();
    Serving::start_all(folder, &shipped_untried().join("rules"), &plugins, settings)
}

async fn connection(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    sqlx::AnyConnection::connect(url).await.unwrap()
}

fn holds(data: &Path, arguments: &[&str]) {
    let verified = redress(data, arguments);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// Somebody holds the database for longer than anybody waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serving = serve(folder.path(), "");
    eventually("the first start", || data.join("inbox/new").is_dir());
    let mut holder = connection(&format!("sqlite:{}", data.join("redress.db").display())).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    drop_mail(folder.path(), "a1");
    // The wait for a lock ends after 10 seconds.
    let pipe = redress(&data, &["tick"]);
    assert!(!pipe.status.success(), "{}", stdout(&pipe));
    sqlx::query("COMMIT").execute(&mut holder).await.unwrap();
    holder.close().await.unwrap();
    eventually("the letters", || outbox(folder.path()) == 2);
    assert_eq!(count(folder.path()), 1);
    serving.kill();
    holds(&data, &["audit", "verify"]);
}

/// A database that cannot be written is told of with its name, and a mail is kept.
#[test]
fn a_database_that_cannot_be_written_keeps_the_mail() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(redress(&data, &["tick"]).status.success());
    let config = folder.path().join("read-only.toml");
    let url = format!("sqlite:{}?mode=ro", data.join("redress.db").display());
    std::fs::write(&config, format!("[database]\nurl = \"{url}\"\n")).unwrap();
    let refused = redress(&data, &["--config", config.to_str().unwrap(), "tick"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("readonly"), "{refused:?}");
    holds(&data, &["audit", "verify"]);
}

/// A page that was damaged is found, and is not taken for a new installation.
#[test]
fn a_damaged_page_is_no_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serving = serve(folder.path(), "");
    eventually("the first start", || data.join("inbox/new").is_dir());
    for i in 0..3 {
        drop_mail(folder.path(), &format!("m{i}"));
    }
    eventually("the letters", || outbox(folder.path()) == 6);
    serving.kill();
    // The journal goes into the file.
    assert!(redress(&data, &["tick"]).status.success());
    let file = data.join("redress.db");
    let whole = std::fs::read(&file).unwrap();
    let pages = whole.len() / 4096;
    let mut found = 0;
    for page in 1..pages {
        let mut damaged = whole.clone();
        damaged[page * 4096..page * 4096 + 64].fill(0xFF);
        if page % (pages / 40).max(1) != 0 {
            continue;
        }
        std::fs::write(&file, damaged).unwrap();
        for beside in ["redress.db-wal", "redress.db-shm"] {
            let _ = std::fs::remove_file(data.join(beside));
        }
        let verified = redress(&data, &["audit", "verify"]);
        let said = String::from_utf8_lossy(&verified.stderr).into_owned();
        assert!(!said.contains("panicked"), "page {page}: {said}");
        found += usize::from(!verified.status.success());
    }
    assert!(found > 3, "{found} of the damages were found");
    std::fs::write(&file, whole).unwrap();
    holds(&data, &["audit", "verify"]);
}

/// Without its journal a database is as it was at its last checkpoint: whole, and the trail holds; or it is missed.
#[test]
fn a_journal_that_is_gone_leaves_a_whole_database() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serving = serve(folder.path(), "");
    eventually("the first start", || data.join("inbox/new").is_dir());
    drop_mail(folder.path(), "a1");
    eventually("the letters", || outbox(folder.path()) == 2);
    serving.kill();
    assert!(data.join("redress.db-wal").exists());
    std::fs::remove_file(data.join("redress.db-wal")).unwrap();
    let _ = std::fs::remove_file(data.join("redress.db-shm"));
    let verified = redress(&data, &["audit", "verify"]);
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    // Where everything was in the journal, nothing is left, and that is no new start.
    assert!(verified.status.success() || said.contains("is gone or empty"), "{said}");
}

/// The zone of the organisation is compiled in: what the computer knows of zones, and which it is in, changes nothing.
#[test]
fn a_computer_without_time_zones_counts_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let show = |name: &str, zone: &[(&str, &str)]| -> String {
        let data = folder.path().join(name);
        let raw = crate::support::clear_complaint("jan@example.nl", "a1");
        let file = folder.path().join("a1.eml");
        std::fs::write(&file, raw).unwrap();
        let run = |clock: &str, arguments: &[&str]| -> String {
            let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
            command
                .current_dir(shipped_untried())
                .arg("--data")
                .arg(&data)
                .args(["--clock", clock])
                .args(arguments);
            let output = command.envs(zone.iter().copied()).output().unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            stdout(&output)
        };
        // A night in which the clock is put back, and one in which it is put forward.
        run("2026-10-25T02:30:00+02:00", &["intake", file.to_str().unwrap()]);
        run("2026-10-25T02:30:00+01:00", &["tick"]);
        run("2027-03-28T03:00:00+02:00", &["tick"]);
        run("2027-03-28T03:00:00+02:00", &["--json", "show", "K-2026-0001"])
    };
    let expected = show("here", &[]);
    for (name, zone) in [
        ("none", [("TZDIR", "/nonexistent"), ("TZ", "Europe/Nowhere")]),
        ("far", [("TZDIR", "/nonexistent"), ("TZ", "UTC-14")]),
    ] {
        assert_eq!(show(name, &zone), expected, "{name}");
    }
}

/// A process that stands still past its leases, while another does its work: everything arrives, under one id, and what
/// the first one finds when it goes on harms nothing.
#[test]
fn a_process_that_was_paused_past_its_leases_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let first = serve(folder.path(), "");
    eventually("the first start", || data.join("inbox/new").is_dir());
    for i in 0..12 {
        drop_mail(folder.path(), &format!("m{i}"));
    }
    eventually("the first letter", || outbox(folder.path()) > 0);
    first.signal("STOP");
    let second = serve(folder.path(), "");
    // Where it was paused while it wrote, SQLite lets nobody else write; elsewhere its leases end.
    for _ in 0..400 {
        if outbox(folder.path()) == 24 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    first.signal("CONT");
    eventually("every letter", || outbox(folder.path()) == 24);
    drop_mail(folder.path(), "last");
    eventually("one more", || outbox(folder.path()) == 26);
    assert_eq!(count(folder.path()), 13);
    first.kill();
    second.kill();
    holds(&data, &["audit", "verify"]);
}

/// PostgreSQL goes away under load, twice, and the server goes on by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_was_away_is_taken_up_again() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else { return };
    let database = crate::store::fresh_database(&server).await;
    let (before, rest) = database.split_once('@').unwrap();
    let (address, name) = rest.split_once('/').unwrap();
    let line = Line::start(address);
    let url = format!("{before}@127.0.0.1:{}/{name}?sslmode=disable", line.port);
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("[delivery]\nreactions_per_hour = 1000\n[database]\nurl = \"{url}\"\n");
    let serving = serve(folder.path(), &settings);
    eventually("the first start", || folder.path().join("data/inbox/new").is_dir());
    for round in 0..3 {
        for i in 0..5 {
            drop_mail(folder.path(), &format!("m{round}-{i}"));
        }
        if round < 2 {
            line.go_down();
            // A few looks of every part go wrong.
            std::thread::sleep(std::time::Duration::from_millis(1_500));
            line.come_up();
        }
        eventually("every letter", || outbox(folder.path()) == 10 * (round + 1));
    }
    serving.kill();
    let config = folder.path().join("redress.toml");
    holds(&folder.path().join("data"), &["--config", config.to_str().unwrap(), "audit", "verify"]);
}

/// A PostgreSQL is restarted under a running server, in order and as after a crash: what came meanwhile is taken in, and
/// everything is delivered once.
#[test]
fn a_postgresql_that_is_restarted_loses_nothing() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let settings =
        format!("[delivery]\nreactions_per_hour = 1000\n[database]\nurl = \"{}\"\n", cluster.url());
    let serving = serve(folder.path(), &settings);
    eventually("the first start", || folder.path().join("data/inbox/new").is_dir());
    let mut mails = 0;
    let mut drop_some = || {
        for _ in 0..5 {
            drop_mail(folder.path(), &format!("m{mails}"));
            mails += 1;
        }
        mails
    };
    for how in [Stop::Fast, Stop::Immediate, Stop::Immediate] {
        let before = drop_some();
        eventually("a letter", || outbox(folder.path()) > 2 * (before - 5));
        // In the middle of it, and more comes while it is away.
        cluster.stop(how);
        drop_some();
        cluster.resume();
    }
    let all = drop_some();
    eventually("every letter", || outbox(folder.path()) == 2 * all);
    serving.kill();
    let config = folder.path().join("redress.toml");
    let data = folder.path().join("data");
    holds(&data, &["--config", config.to_str().unwrap(), "audit", "verify"]);
    let listed = redress(&data, &["--config", config.to_str().unwrap(), "--json", "list", "--limit", "1000"]);
    let listed: serde_json::Value = serde_json::from_str(&stdout(&listed)).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), all, "each mail is one complaint");
}
