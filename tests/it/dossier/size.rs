//! However much there is: two thousand mails, three thousand complaints, and more bytes than are ever in memory.

use super::page::more_mails;
use super::program::{Place, done};
use super::*;
use crate::support::{clear_complaint, shipped_untried};
use std::process::Command;

/// The most memory that the program had while it did something, in kilobytes.
fn peak(place: &Place, arguments: &[&str]) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(shipped_untried())
        .args([
            "--config",
            place.path("redress.toml").to_str().unwrap(),
            "--clock",
            "2026-11-23T10:00:00+01:00",
        ])
        .args(["--data", place.data().to_str().unwrap()])
        .args(arguments)
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
    let path = place.path(name);
    let peak = peak(&place, &["export", "K-2026-0001", "--output", path.to_str().unwrap()]);
    assert!(done(place.check(&path)).contains("this installation made it"));
    let files = opened(&std::fs::read(&path).unwrap());
    let mails = files.keys().filter(|name| name.starts_with("mails/")).count();
    Made { mails, bytes: files.values().map(Vec::len).sum(), peak }
}

/// The complaints of the register of which a pack is made.
const REGISTERED: usize = 3_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_takes_no_more_memory_of_three_thousand_complaints_than_of_one() {
    sqlx::any::install_default_drivers();
    let small = packed(1, 1).await;
    let large = packed(REGISTERED, 3).await;
    assert_eq!((small.lines, large.lines), (1, REGISTERED));
    assert!(large.bytes > 150_000_000, "{large:?}");
    assert!(small.peak > 10_000 && large.peak < small.peak + 90_000, "{small:?} {large:?}");
}

#[derive(Debug)]
struct Packed {
    /// The complaints in the register of it.
    lines: usize,
    /// What is in its dossiers, unpacked.
    bytes: usize,
    peak: u64,
}

/// Makes a pack of so many complaints, all but the first of an earlier register, those of the sample with so many large mails.
async fn packed(complaints: usize, mails: usize) -> Packed {
    let place = Place::new("");
    place.take_in(&[large()]);
    let row =
        |n: usize| format!("o{n};{}-2-2026;Jan {n};k{n}@example.nl;Koffie;Lauw.;gesloten\n", n % 28 + 1);
    let register: String = (2..=complaints).map(row).collect();
    if !register.is_empty() {
        let path = place.path("register.csv");
        std::fs::write(
            &path,
            format!("Nummer;Datum;Klager;E-mail;Onderwerp;Omschrijving;Status\n{register}"),
        )
        .unwrap();
        done(place.run(&["import", path.to_str().unwrap(), "--yes", "--as", "kwaliteit@lagant.nl"]));
    }
    let lot = |n: &usize| sha256(format!("a:K-2026-{n:04}").as_bytes());
    let mut drawn: Vec<usize> = (1..=complaints).collect();
    drawn.sort_by_key(lot);
    drawn.truncate(10);
    large_mails(&place, &drawn, mails).await;
    let path = place.path("p.zip");
    let to = path.to_str().unwrap();
    let peak = peak(&place, &["audit", "pack", "--year", "2026", "--seed", "a", "--output", to]);
    let files = opened(&std::fs::read(&path).unwrap());
    let bytes = |number: &usize| {
        let dossier = opened(&files[&format!("dossiers/K-2026-{number:04}.zip")]);
        let is_mail = |name: &&String| name.starts_with("mails/");
        assert!(dossier.keys().filter(is_mail).count() >= mails, "{number}");
        dossier.values().map(Vec::len).sum::<usize>()
    };
    let bytes = drawn.iter().map(bytes).sum();
    Packed { lines: text(&files, "register/register.csv").lines().count() - 1, bytes, peak }
}

/// Gives complaints so many copies of the first mail, but for the complaint that has it.
async fn large_mails(place: &Place, complaints: &[usize], mails: usize) {
    let url = format!("sqlite:{}", place.data().join("redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let copy = "INSERT INTO mails (id, complaint_id, received_at, source, kind, message_id, body_hash, sender, subject, body, \
        attachments, remarks, raw, history_at) SELECT $1, $2, received_at, source, kind, message_id || $1, body_hash, sender, \
        subject, body, attachments, remarks, raw, history_at FROM mails WHERE id = 1";
    for (complaint, mail) in
        complaints.iter().filter(|n| **n > 1).flat_map(|n| (0..mails).map(move |mail| (*n, mail)))
    {
        let id = i64::try_from(1_000_000 + complaint * 10 + mail).unwrap();
        sqlx::query(copy).bind(id).bind(i64::try_from(complaint).unwrap()).execute(&pool).await.unwrap();
    }
    pool.close().await;
}
