//! Backups through the real program: made while everything runs, checked to the byte, restored elsewhere; and copies
//! between the engines.

use crate::cli::{redress, stdout};
use crate::processes::{drop_mail, eventually, outbox};
use crate::serving::Served;
use crate::support::clear_complaint;
use std::path::{Path, PathBuf};
use std::process::Output;

const CLOCK: &str = "2026-11-23T10:00:00+01:00";
/// After the date on which a reminder is due.
const LATER: &str = "2026-12-22T10:05:00+01:00";

fn error(output: &Output) -> String {
    assert!(!output.status.success(), "{}", stdout(output));
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn done(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    stdout(&output)
}

/// An installation in a folder, with an operator's words.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn file(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        redress(&self.data(), arguments)
    }

    fn at(&self, clock: &str, arguments: &[&str]) -> Output {
        self.run(&[&["--clock", clock], arguments].concat())
    }

    fn take_in(&self, clock: &str, id: &str) {
        let file = self.file("mail.eml");
        std::fs::write(&file, clear_complaint(&format!("{id}@example.nl"), id)).unwrap();
        done(self.at(clock, &["intake", &file]));
    }

    fn letters(&self) -> usize {
        std::fs::read_dir(self.data().join("outbox")).map_or(0, |files| files.count())
    }

    fn listed(&self) -> serde_json::Value {
        serde_json::from_str(&done(self.run(&["--json", "list"]))).unwrap()
    }
}

fn leftovers(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn an_installation_goes_on_elsewhere_and_sends_nothing_twice() {
    let old = Place::new();
    old.take_in(CLOCK, "a1");
    done(old.at(CLOCK, &["tick"]));
    old.take_in(CLOCK, "a2");
    std::fs::create_dir_all(old.data().join("inbox/new")).unwrap();
    std::fs::write(old.data().join("inbox/new/kept"), clear_complaint("a3@example.nl", "a3")).unwrap();
    let file = old.file("copy.zip");
    assert!(stdout(&old.at(CLOCK, &["doctor"])).contains("last backup: none is recorded"));
    let said = done(old.at(CLOCK, &["backup", &file]));
    assert!(said.contains("2 complaints") && said.contains("audit.key is not in it"), "{said}");
    assert_eq!(old.at(CLOCK, &["backup", &file]).status.code(), Some(2), "nothing is overwritten");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(leftovers(old.0.path()), [""; 0]);
    std::fs::remove_file(old.data().join("inbox/new/kept")).unwrap();
    // What falls due after the copy is decided by both: the old one sends it, and the new one may not.
    let sent = old.letters();
    done(old.at(LATER, &["tick"]));
    assert!(old.letters() > sent);
    let doctor = stdout(&old.at(LATER, &["doctor"]));
    assert!(doctor.contains("last backup: 2026-11-23 10:00, 29 days ago"), "{doctor}");

    let new = Place::new();
    assert!(done(new.run(&["restore", "--check", &file])).contains("cannot be told without audit.key"));
    assert!(!new.data().exists(), "looking changes nothing");
    let said = done(new.run(&["restore", &file]));
    assert!(said.contains("put audit.key back") && said.contains("--go-on"), "{said}");
    assert!(error(&new.run(&["restore", &file])).contains("redress.db is there"));
    assert!(error(&new.run(&["list"])).contains("audit.key is missing"));
    std::fs::copy(old.data().join("audit.key"), new.data().join("audit.key")).unwrap();
    assert!(done(new.run(&["audit", "verify"])).starts_with("the audit trail holds"));
    // It stands still, and says so.
    assert!(error(&new.at(LATER, &["tick"])).contains("restore --go-on --as YOU"));
    assert!(stdout(&new.run(&["doctor"])).contains("was restored from a copy of"));
    assert_eq!(new.letters(), 0);
    let said = done(new.at(LATER, &["restore", "--go-on", "--as", "ontvanger@lagant.nl"]));
    assert!(said.contains("deliveries are held"), "{said}");
    done(new.at(LATER, &["tick"]));
    let of_old: Vec<String> = ["a1", "a2"].iter().map(|id| format!("{id}@example.nl")).collect();
    for letter in std::fs::read_dir(new.data().join("outbox")).into_iter().flatten() {
        let text = std::fs::read_to_string(letter.unwrap().path()).unwrap();
        assert!(!of_old.iter().any(|address| text.contains(address)), "sent by both: {text}");
    }
    // What the pipe had kept was taken in, and numbers go on without a gap.
    new.take_in(LATER, "a4");
    done(new.at(LATER, &["tick"]));
    let numbers: Vec<String> =
        new.listed().as_array().unwrap().iter().map(|c| c["number"].to_string()).collect();
    for number in 1..=numbers.len() {
        assert!(numbers.contains(&format!("\"K-2026-{number:04}\"")), "{number}: {numbers:?}");
    }
    assert!(numbers.len() >= 3 && new.letters() > 0, "{numbers:?}");
    assert!(done(new.run(&["audit", "verify"])).starts_with("the audit trail holds"));
    assert!(
        error(&new.at(LATER, &["restore", "--go-on", "--as", "ontvanger@lagant.nl"])).contains("already")
    );
}

#[test]
fn a_backup_is_made_while_everything_runs() {
    let served = Served::start("", &[]);
    drop_mail(served.folder(), "a1");
    eventually("the letters", || outbox(served.folder()) == 2);
    let copy = served.folder().join("copy.zip").display().to_string();
    done(redress(&served.data(), &["backup", "--with-key", &copy]));
    let text = served.get("/metrics").unwrap().1;
    assert!(crate::serving::metric(&text, "redress_last_backup_timestamp_seconds").is_some(), "{text}");
    let new = Place::new();
    let said = done(new.run(&["restore", &copy]));
    assert!(said.contains("the audit trail in it holds"), "{said}");
    assert_eq!(new.listed().as_array().unwrap().len(), 1, "the key was in it");
    assert_eq!(
        std::fs::read(new.data().join("audit.key")).unwrap(),
        std::fs::read(served.data().join("audit.key")).unwrap()
    );
}

/// What an installation says of itself, whatever it is stored in.
fn said(place: &Place, config: &[&str]) -> Vec<String> {
    let commands: [&[&str]; 4] =
        [&["--json", "list"], &["register"], &["--json", "deliveries", "list"], &["audit", "verify"]];
    commands.iter().map(|words| done(place.at(LATER, &[config, words].concat()))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_moves_to_the_other_engine_and_back() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES");
        return;
    };
    let place = Place::new();
    for id in ["a1", "a2"] {
        place.take_in(CLOCK, id);
    }
    done(place.at(LATER, &["tick"]));
    let before = said(&place, &[]);
    let to_server = |name: &str, url: &str| {
        let file = place.file(name);
        std::fs::write(&file, format!("[database]\nurl = \"{url}\"\n")).unwrap();
        file
    };
    let file = to_server("server.toml", &crate::store::fresh_database(&server).await);
    let config = ["--config", file.as_str()];
    let moved = done(place.at(LATER, &[&config[..], &["migrate", "--to", "postgres"]].concat()));
    assert!(moved.contains("the audit trail holds on both sides"), "{moved}");
    assert!(!place.data().join("redress.db").exists(), "nobody goes on with what stays behind");
    assert_eq!(said(&place, &config), before);
    let again = place.at(LATER, &[&config[..], &["migrate", "--to", "postgres"]].concat());
    assert!(error(&again).contains("redress.db holds nothing"));

    // A backup of a server is restored as a file, and into another server.
    let copy = place.file("copy.zip");
    done(place.at(LATER, &[&config[..], &["backup", "--with-key", &copy]].concat()));
    let go_on = ["restore", "--go-on", "--as", "ontvanger@lagant.nl"];
    let other = to_server("other.toml", &crate::store::fresh_database(&server).await);
    for config in [&[][..], &["--config", other.as_str()]] {
        let new = Place::new();
        done(new.run(&[config, &["restore", &copy]].concat()));
        done(new.at(LATER, &[config, &go_on].concat()));
        let (now, events) = (said(&new, config), |text: &str| text.contains("the audit trail holds"));
        assert_eq!(now[..3], before[..3]);
        assert!(events(&now[3]));
        let other = Place::new();
        let twice = if config.is_empty() { &new } else { &other };
        assert!(!twice.run(&[config, &["restore", &copy]].concat()).status.success(), "it is filled already");
    }

    let back = done(place.at(LATER, &[&config[..], &["migrate", "--to", "sqlite"]].concat()));
    assert!(back.contains("take database.url out"), "{back}");
    assert_eq!(said(&place, &[]), before);
    place.take_in(LATER, "a3");
    assert!(done(place.at(LATER, &["audit", "verify"])).starts_with("the audit trail holds"));
}

/// What comes in before somebody lets it go on is kept, and taken in afterwards.
#[test]
fn mail_for_what_stands_still_waits() {
    let old = Place::new();
    old.take_in(CLOCK, "a1");
    let file = old.file("copy.zip");
    done(old.at(CLOCK, &["backup", "--with-key", &file]));
    let new = Place::new();
    done(new.run(&["restore", &file]));
    let mail = new.file("mail.eml");
    std::fs::write(&mail, clear_complaint("a2@example.nl", "a2")).unwrap();
    let kept = new.at(LATER, &["intake", &mail]);
    assert!(stdout(&kept).contains("kept in"), "{}", stdout(&kept));
    assert_eq!(new.listed().as_array().unwrap().len(), 1);
    done(new.at(LATER, &["restore", "--go-on", "--as", "ontvanger@lagant.nl"]));
    done(new.at(LATER, &["tick"]));
    assert_eq!(new.listed().as_array().unwrap().len(), 2, "it was taken in");
}

#[test]
fn what_is_damaged_or_another_versions_is_refused_and_leaves_nothing() {
    let old = Place::new();
    old.take_in(CLOCK, "a1");
    let file = old.file("copy.zip");
    done(old.at(CLOCK, &["backup", &file]));
    let whole = std::fs::read(&file).unwrap();
    let damaged = old.file("damaged.zip");
    for part in 0..=16 {
        let mut bytes = whole.clone();
        let at = (whole.len() - 1) * part / 16;
        bytes[at] ^= 1;
        std::fs::write(&damaged, bytes).unwrap();
        let said = error(&old.run(&["restore", "--check", &damaged]));
        assert!(said.contains("cannot be restored"), "byte {at}: {said}");
    }
    let new = Place::new();
    assert!(error(&new.run(&["restore", &damaged])).contains("nothing was changed"));
    assert!(!new.data().join("redress.db").exists() && !new.data().join("audit.key").exists());
    assert_eq!(leftovers(&new.data()), [""; 0]);
    assert!(error(&new.run(&["restore", &new.file("none.zip")])).contains("cannot be read"));
    // One that was ended halfway, with the database and the key in it.
    std::fs::create_dir_all(new.data().join(".restoring")).unwrap();
    std::fs::write(new.data().join(".restoring/audit.key"), "secret").unwrap();
    let other_key = new.data().join("audit.key");
    done(new.run(&["restore", &file]));
    assert_eq!(leftovers(&new.data()), [""; 0]);
    std::fs::remove_file(new.data().join("redress.db")).unwrap();
    // Another key is another installation.
    std::fs::write(&other_key, "00").unwrap();
    assert!(error(&new.run(&["restore", &file])).contains("another installation"));
    // A form that this version does not know.
    let other = old.file("other.zip");
    let out = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&other).unwrap();
    let mut archive = redress::archive::Archive::begin(out);
    archive.add("manifest.json", &mut &br#"{"format": 2, "program": "9.0.0"}"#[..]).unwrap();
    archive.seal().unwrap();
    assert!(error(&old.run(&["restore", "--check", &other])).contains("another version of Redress (9.0.0)"));
    // A place that is not there, and a key that cannot be read.
    assert!(error(&old.at(CLOCK, &["backup", &old.file("no/such/copy.zip")])).contains("cannot be written"));
}
