//! However much there is: two thousand mails, and more bytes than are ever in memory.

use super::page::more_mails;
use super::program::{Place, done};
use super::*;
use crate::support::{clear_complaint, shipped_untried};
use std::process::Command;

/// The most memory that the program had while it made a dossier, in kilobytes.
fn peak(place: &Place, name: &str) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(shipped_untried())
        .args([
            "--config",
            place.path("redress.toml").to_str().unwrap(),
            "--clock",
            "2026-11-23T10:00:00+01:00",
        ])
        .args(["--data", place.data().to_str().unwrap(), "export", "K-2026-0001", "--output"])
        .arg(place.path(name))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        most = most.max(now.unwrap_or(0));
        std::thread::yield_now();
    }
    assert!(child.wait().unwrap().success());
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_does_not_grow_with_what_there_is() {
    sqlx::any::install_default_drivers();
    let [small, many, large] = [
        (clear_complaint("jan@example.nl", "a1"), 1),
        (clear_complaint("jan@example.nl", "a1"), 2_000),
        (large(), 24),
    ];
    let small = made(small, "small").await;
    let many = made(many, "many").await;
    let large = made(large, "large").await;
    assert_eq!((many.mails, large.mails), (2_000, 24));
    assert!(large.bytes > 200_000_000, "{large:?}");
    assert!(small.peak > 10_000 && many.peak < small.peak + 30_000, "{small:?} {many:?}");
    assert!(large.peak < small.peak + 90_000, "{small:?} {large:?}");
}

/// A mail with 5 MB in a file.
fn large() -> String {
    let mail = mail_with_files("a1", "Klacht over parkeren in Utrecht", &["a.bin"]);
    let line = "QUJD".repeat(19) + "\r\n";
    mail.replace("bijlage 0", &line.repeat(5_000_000 / line.len()))
}

#[derive(Debug)]
struct Made {
    mails: usize,
    bytes: usize,
    peak: u64,
}

/// Makes a dossier of a complaint with so many copies of a mail.
async fn made((mail, copies): (String, usize), name: &str) -> Made {
    let place = Place::new("");
    place.take_in(&[mail]);
    let url = format!("sqlite:{}", place.data().join("redress.db").display());
    more_mails(&url, copies).await;
    let peak = peak(&place, name);
    assert!(done(place.check(&place.path(name))).contains("this installation made it"));
    let files = opened(&std::fs::read(place.path(name)).unwrap());
    let mails = files.keys().filter(|name| name.starts_with("mails/")).count();
    Made { mails, bytes: files.values().map(Vec::len).sum(), peak }
}
