//! However much there is: two thousand mails, and more bytes than are ever in memory.

use super::program::{Place, done};
use super::*;
use crate::support::{clear_complaint, shipped_untried};
use std::process::Command;

fn reply(n: usize, body: &str) -> String {
    let mail = clear_complaint("jan@example.nl", &format!("r{n}"));
    mail.replace("Message-ID", "References: <a1@example.nl>\r\nMessage-ID").replace("Ik heb", &format!("{body} Ik heb"))
}

/// The most memory that the program had while it made a dossier, in kilobytes.
fn peak(place: &Place, name: &str) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(shipped_untried())
        .args(["--config", place.path("redress.toml").to_str().unwrap(), "--clock", "2026-11-23T10:00:00+01:00"])
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

#[test]
fn memory_does_not_grow_with_what_there_is() {
    let place = Place::new("[delivery]\nreactions_per_hour = 100000\n");
    place.take_in(&[clear_complaint("jan@example.nl", "a1")]);
    let small = peak(&place, "small.zip");
    // 120 MB of attachments, and two thousand mails.
    let file = "QUJD".repeat(19).to_owned() + "\r\n";
    let large: Vec<String> = (0..20)
        .map(|n| {
            let mail = mail_with_files(&format!("g{n}"), "Re: [K-2026-0001] klacht", &["a.bin"]);
            let mail = mail.replace("MIME-Version", "References: <a1@example.nl>\r\nMIME-Version");
            mail.replace("bijlage 0", &file.repeat(6_000_000 / file.len()))
        })
        .collect();
    place.take_in(&large);
    let many: Vec<String> = (0..1_980).map(|n| reply(n, "Nog iets.")).collect();
    for some in many.chunks(500) {
        place.take_in(some);
    }
    let most = peak(&place, "large.zip");
    let files = opened(&std::fs::read(place.path("large.zip")).unwrap());
    assert_eq!(files.keys().filter(|name| name.starts_with("mails/")).count(), 2_001);
    let bytes: usize = files.values().map(Vec::len).sum();
    assert!(bytes > 200_000_000, "{bytes}");
    assert!(small > 10_000 && most < small + 90_000, "{small} kB for one mail, {most} kB for {bytes} bytes");
    assert!(done(place.check(&place.path("large.zip"))).contains("this installation made it"));
}
