//! Through the real program: made, taken apart, and checked with and without the data of the installation.

use super::*;
use crate::cli::{redress, stdout};
use crate::store::fresh_database;
use crate::support::clear_complaint;
use std::path::{Path, PathBuf};
use std::process::Output;

const CLOCK: &str = "2026-11-23T10:00:00+01:00";
const LATER: &str = "2026-12-08T10:00:00+01:00";

/// An installation in a folder.
pub struct Place {
    folder: tempfile::TempDir,
    settings: String,
}

impl Place {
    pub fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("redress.toml"), settings).unwrap();
        let settings = folder.path().join("redress.toml").display().to_string();
        Self { folder, settings }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn at(&self, clock: &str, arguments: &[&str]) -> Output {
        redress(&self.data(), &[&["--config", &self.settings, "--clock", clock], arguments].concat())
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.at(CLOCK, arguments)
    }

    pub fn take_in(&self, mails: &[String]) {
        let files: Vec<String> =
            (0..mails.len()).map(|n| self.path(&format!("{n}.eml")).display().to_string()).collect();
        files.iter().zip(mails).for_each(|(file, mail)| std::fs::write(file, mail).unwrap());
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        done(self.run(&[&["intake"], &files[..]].concat()));
        done(self.run(&["tick"]));
    }

    pub fn export(&self, number: &str, name: &str, more: &[&str]) -> (PathBuf, String) {
        let path = self.path(name);
        let said = done(self.run(&[&["export", number, "--output", path.to_str().unwrap()], more].concat()));
        (path, said)
    }

    pub fn check(&self, path: &Path) -> Output {
        self.run(&["export", "--check", path.to_str().unwrap()])
    }
}

pub fn done(output: Output) -> String {
    assert!(output.status.success(), "{}{}", stdout(&output), String::from_utf8_lossy(&output.stderr));
    stdout(&output)
}

pub fn error(output: &Output) -> String {
    assert!(!output.status.success(), "{}", stdout(output));
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a check says where there is no installation.
pub fn alone(path: &Path) -> Output {
    // A folder of somebody else that happens to be called so is no installation, and is not made one.
    let elsewhere = tempfile::tempdir().unwrap();
    let data = elsewhere.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let output = redress(&data, &["export", "--check", path.to_str().unwrap()]);
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0);
    output
}

/// On each engine that there is, an installation with nothing in it.
async fn places() -> Vec<Place> {
    let mut places = vec![Place::new("")];
    if let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") {
        let url = fresh_database(&server).await;
        places.push(Place::new(&format!("[database]\nurl = \"{url}\"\n")));
    }
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_a_complaint_is_in_its_dossier_on_both_engines() {
    for place in places().await {
        place.take_in(&[
            mail_with_files("a1", "Klacht over parkeren in Utrecht", &["foto 1.png"]),
            clear_complaint("ander@example.nl", "b1"),
        ]);
        let act = [
            "act",
            "K-2026-0001",
            "note_consultation",
            "--input",
            "consultation=Met de planner",
            "--as",
            "behandelaar@lagant.nl",
        ];
        done(place.run(&act));
        let (path, said) = place.export("K-2026-0001", "d.zip", &[]);
        let bytes = std::fs::read(&path).unwrap();
        let files = opened(&bytes);
        let manifest = manifest(&files);
        assert!(said.contains(&format!("{} files, {} steps", files.len(), manifest.steps)), "{said}");
        assert!(said.contains(&manifest.check_number), "{said}");
        assert!(text(&files, "mails/0001.eml").contains("Message-ID: <a1@example.nl>"));
        assert_eq!(text(&files, "attachments/0001-001-foto_1.png").trim(), "bijlage 0");
        assert!(text(&files, "letters/0001.txt").contains("Subject: Wij hebben uw klacht ontvangen"));
        assert!(text(&files, "letters/0001.html").contains("<p>Geachte Jan,</p>"));
        let rules: Vec<&String> =
            files.keys().filter(|name| name.starts_with("rules/publication-1-")).collect();
        assert_eq!(rules.len(), 2, "{:?}", files.keys());
        let written = text(&files, rules[1]);
        assert!(written.contains("\n[13] De ontvanger stuurt een ontvangstbevestiging\n"), "{written}");
        assert!(
            written.contains("rule \"Registreer een duidelijke klacht vanzelf\"\n  when AUTO_REGISTER"),
            "{written}"
        );
        let steps: serde_json::Value = serde_json::from_slice(&files["timeline.json"]).unwrap();
        assert_eq!(steps.as_array().unwrap().len() as u64, manifest.steps);
        let fired = steps.as_array().unwrap().iter().find(|s| s["link"]["kind"] == "rule_fired").unwrap();
        assert_eq!(fired["reason"]["rule"]["file"], "10_intake.rhai");
        assert_eq!(fired["reason"]["rule"]["publication"], 1);
        assert!(fired["reason"]["rule"]["sentences"][0]["text"].as_str().unwrap().starts_with("Doel: "));
        let words = words(&files);
        for part in [
            "Dossier van klacht K-2026-0001",
            "Jan (jan@example.nl)",
            "Ik heb een klacht over het parkeren bij de training in Utrecht.",
            "foto 1.png (9 bytes) attachments/0001-001-foto_1.png",
            "Wij hebben uw klacht ontvangen",
            "Met wie en wanneer, of n.v.t. met reden: Met de planner",
            "Voert uit, zin 13 van de procedure: De ontvanger stuurt een ontvangstbevestiging",
            "Geteld vanaf 23 november 2026, 5 werkdagen: 30 november 2026.",
            "Regel “Registreer een duidelijke klacht vanzelf” gold. (10_intake.rhai, tekstregel",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let said = done(place.check(&path));
        assert!(said.contains("this installation made it") && said.contains("which holds"), "{said}");
        assert!(done(alone(&path)).contains("cannot be told without the organisation's data"));
        let (english, _) = place.export("K-2026-0001", "e.zip", &["--language", "en"]);
        let english = super::words(&opened(&std::fs::read(english).unwrap()));
        assert!(
            english.contains("Dossier of complaint K-2026-0001") && english.contains("What this file proves")
        );
        let again = place.run(&["export", "K-2026-0001", "--output", path.to_str().unwrap()]);
        assert!(error(&again).contains("is there already") && std::fs::read(&path).unwrap() == bytes);
        assert!(error(&place.run(&["export", "K-2026-0099"])).contains("there is no complaint"));
        // What comes later is counted.
        done(place.at(LATER, &act));
        let output = place.at(LATER, &["--json", "export", "--check", path.to_str().unwrap()]);
        let said: serde_json::Value = serde_json::from_str(&done(output)).unwrap();
        assert_eq!((&said["trail"], &said["reference"]), (&"agrees".into(), &"K-2026-0001".into()), "{said}");
        let said = done(place.at(LATER, &["export", "--check", path.to_str().unwrap()]));
        assert!(said.contains(" events came since it was made"), "{said}");
    }
}

#[test]
fn who_may_not_look_gets_none_and_who_looks_is_noted() {
    let place = Place::new("");
    place.take_in(&[clear_complaint("jan@example.nl", "a1")]);
    let facts = [
        "act",
        "K-2026-0001",
        "record_facts",
        "--input",
        "about=docent@lagant.nl",
        "--as",
        "ontvanger@lagant.nl",
    ];
    done(place.run(&facts));
    let path = place.path("d.zip").display().to_string();
    let teacher = place.run(&["export", "K-2026-0001", "--output", &path, "--as", "docent@lagant.nl"]);
    assert!(error(&teacher).contains("docent@lagant.nl may not look at K-2026-0001"));
    assert!(!place.path("d.zip").exists());
    place.export("K-2026-0001", "d.zip", &["--as", "directeur@lagant.nl"]);
    let names =
        std::fs::read_dir(place.path("")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.starts_with('.')), "nothing is left beside it");
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(place.path("d.zip")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it is closed to others");
}

#[test]
fn nothing_of_other_complaints_and_no_secret_is_inside() {
    let place = Place::new("");
    let other = clear_complaint("planted.sender@elders.example", "planted-id")
        .replace("Jan", "Plantagenet")
        .replace("parkeren in Utrecht", "parkeren in Plantstad")
        .replace("Ik heb", "Plantentuin. Ik heb");
    place.take_in(&[clear_complaint("jan@example.nl", "a1"), other]);
    for number in ["K-2026-0001", "K-2026-0002"] {
        let note =
            format!("consultation=Overleg over {}", if number.ends_with('1') { "één" } else { "plantages" });
        done(place.run(&[
            "act",
            number,
            "note_consultation",
            "--input",
            &note,
            "--as",
            "behandelaar@lagant.nl",
        ]));
    }
    done(place.run(&["--json", "user", "add", "behandelaar@lagant.nl"]));
    let (path, _) = place.export("K-2026-0001", "d.zip", &[]);
    let files = opened(&std::fs::read(path).unwrap());
    let key = std::fs::read(place.data().join("audit.key")).unwrap();
    let key_text = String::from_utf8_lossy(&key).trim().to_owned();
    assert!(key_text.len() >= 32);
    let whole: Vec<u8> = files.values().flatten().copied().collect();
    let has = |needle: &[u8]| whole.windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle));
    assert!(
        has(b"Overleg over \xc3\xa9\xc3\xa9n") && has(b"jan@example.nl"),
        "the search finds what is there"
    );
    for planted in ["plant", "elders", "K-2026-0002", "I-2026-000002"] {
        assert!(!has(planted.as_bytes()), "{planted}");
    }
    assert!(!has(key_text.as_bytes()) && !has(&key[..16]), "the key");
    assert!(!has(b"argon2"));
    let first_of_other = files["timeline.json"].split(|b| *b == b'\n').count();
    assert!(first_of_other > 10, "the links of others are digests only");
}

/// Returns what stands beside a dossier under way.
fn beside(place: &Place) -> Vec<String> {
    let names =
        std::fs::read_dir(place.path("")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

/// Whoever is told to stop leaves nothing behind that holds mails.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_is_gone_when_it_is_told_to_stop() {
    let place = Place::new("");
    place.take_in(&[mail_with_files("a1", "Klacht over parkeren in Utrecht", &["x.png"])]);
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}", place.data().join("redress.db").display());
    super::page::more_mails(&url, 3_000).await;
    for (signal, command) in [
        ("-INT", ["export", "K-2026-0001"].as_slice()),
        ("-TERM", ["audit", "pack", "--year", "2026"].as_slice()),
    ] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_redress"))
            .current_dir(crate::support::shipped_untried())
            .args(["--config", &place.settings, "--clock", CLOCK, "--data", place.data().to_str().unwrap()])
            .args(command)
            .args(["--output", place.path("d.zip").to_str().unwrap()])
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // It has begun once something is in it.
        let has_begun = || {
            beside(&place).iter().any(|name| std::fs::metadata(place.path(name)).is_ok_and(|m| m.len() > 0))
        };
        while !has_begun() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before it began");
            std::thread::yield_now();
        }
        let told = std::process::Command::new("kill").arg(signal).arg(child.id().to_string()).status();
        assert!(told.unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{signal}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("nothing was written"), "{signal}");
        assert_eq!(beside(&place), Vec::<String>::new(), "{signal}");
        assert!(!place.path("d.zip").exists());
    }
}

/// What a process that was killed left is taken away by the next; what another is writing stays, and what is not ours.
#[test]
fn what_a_killed_process_left_is_taken_away() {
    let place = Place::new("");
    place.take_in(&[clear_complaint("jan@example.nl", "a1")]);
    for name in [".other.zip.999999.redress-part", ".busy.zip.999998.redress-part", ".notes.999999.tmp"] {
        std::fs::write(place.path(name), b"mails").unwrap();
    }
    let busy = std::fs::File::open(place.path(".busy.zip.999998.redress-part")).unwrap();
    busy.lock().unwrap();
    place.export("K-2026-0001", "d.zip", &[]);
    let mut left = beside(&place);
    left.sort();
    assert_eq!(left, [".busy.zip.999998.redress-part", ".notes.999999.tmp"]);
}
