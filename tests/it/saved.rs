//! The rules folder as people, editors and machines leave it: what of it is read, what a save may bring about by
//! itself, and that a running server follows it whatever the habits of the editor.

use crate::cli::{redress, stdout};
use crate::processes::{Serving, eventually, outbox};
use crate::support::{Builder, TestApp, rules_copy};
use redress::rules::{RulesFolder, RulesetSource};
use redress::workflow::Saved;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A copy of the shipped rules without scenarios, which would take the tests' time.
fn rules() -> tempfile::TempDir {
    let rules = rules_copy();
    fs::remove_dir_all(rules.path().join("tests")).unwrap();
    rules
}

fn hash(rules: &Path) -> String {
    RulesetSource::read(rules).unwrap().hash()
}

/// What programs leave beside the file that somebody edits, and its content.
const LEFTOVERS: &[(&str, &[u8])] = &[
    (".DS_Store", b"\0\0\0\x01Bud1"),
    ("._10_intake.rhai", b"\0\x05\x16\x07\0\x02\0\0Mac OS X"),
    (".10_intake.rhai.swp", b"b0VIM 9.0\0\xff"),
    ("10_intake.rhai.swp", b"b0VIM 9.0\0\xff"),
    ("10_intake.rhai~", b"rule \"Half"),
    ("#10_intake.rhai#", b"rule \"Half"),
    (".#10_intake.rhai", b"rule \"Half"),
    (".10_intake.rhai", b"rule \"Half"),
    ("~$10_intake.rhai", b"\x04Jan\xff"),
    ("4913", b""),
    ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
    ("desktop.ini", b"[.ShellClassInfo]"),
    ("10_intake.rhai.orig", b"<<<<<<<"),
    ("10_intake.rhai.tmp", b"rule \"Half"),
    ("10_intake.rhai___jb_tmp___", b"rule \"Half"),
    ("10_intake.rhai.sb-5a2b-XyZ", b"rule \"Half"),
    (".procedure.toml.swp", b"\xff"),
    ("procedure.toml~", b"[[[["),
    ("messages/nl/._decision.md", b"\0\x05\x16\x07\xff"),
    ("messages/nl/~$decision.md", b"\xff"),
    ("messages/nl/decision.md~", b"{{"),
    ("messages/.git/decision.md", b"{{"),
];

#[test]
fn what_editors_and_file_managers_leave_is_no_rule() {
    let rules = rules();
    let before = hash(rules.path());
    for (name, content) in LEFTOVERS {
        let path = rules.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        assert_eq!(RulesetSource::read(rules.path()).map(|s| s.hash()), Ok(before.clone()), "{name}");
    }
}

/// A copy that a file manager made may hold rules that somebody means; which of two is meant a person must say.
#[test]
fn a_copy_beside_the_original_is_a_mistake_that_names_both() {
    let rules = rules();
    fs::copy(rules.path().join("10_intake.rhai"), rules.path().join("10_intake (kopie).rhai")).unwrap();
    let settings = redress::config::Settings::parse("", "redress.toml").unwrap();
    let loaded = redress::workflow::Published::load(RulesetSource::read(rules.path()).unwrap(), &settings);
    let found = loaded.unwrap_err();
    let text = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(text.contains("10_intake (kopie).rhai") && text.contains("10_intake.rhai:"), "{text}");
}

#[test]
fn the_system_on_which_a_file_was_saved_changes_no_ruleset() {
    let rules = rules();
    let before = hash(rules.path());
    for file in ["10_intake.rhai", "procedure.toml", "messages/nl/decision.md"] {
        let path = rules.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
        assert_eq!(hash(rules.path()), before, "{file}");
    }
}

#[test]
fn a_file_in_another_encoding_is_told_with_the_line_and_the_remedy() {
    let rules = rules();
    let path = rules.path().join("05_extra.rhai");
    let wide = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    for (bytes, told) in
        [(b"// een\n// caf\xe9\n".to_vec(), "line 2"), (wide("// een\n"), "is saved as UTF-16")]
    {
        fs::write(&path, bytes).unwrap();
        let found = RulesetSource::read(rules.path()).unwrap_err()[0].to_string();
        assert!(found.starts_with("05_extra.rhai: "), "{found}");
        assert!(found.contains(told) && found.contains("save it as UTF-8"), "{found}");
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_and_not_read_to_its_end() {
    let rules = rules();
    let path = rules.path().join("05_extra.rhai");
    // A terabyte of nothing: reading it to its end would not come back.
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let found = RulesetSource::read(rules.path()).unwrap_err()[0].to_string();
    assert!(
        found.starts_with("05_extra.rhai: ") && found.ends_with("at most 1,000 files of 1 MiB"),
        "{found}"
    );
}

/// Puts a pipe, a socket, a device and a folder under names of rules.
#[cfg(unix)]
fn special_files(rules: &Path) -> std::os::unix::net::UnixListener {
    let made = std::process::Command::new("mkfifo").arg(rules.join("05_pipe.rhai")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", rules.join("06_zero.rhai")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", rules.join("messages/nl/zero.md")).unwrap();
    fs::create_dir(rules.join("07_folder.rhai")).unwrap();
    std::os::unix::net::UnixListener::bind(rules.join("08_socket.rhai")).unwrap()
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    let rules = rules();
    let before = hash(rules.path());
    let _socket = special_files(rules.path());
    assert_eq!(hash(rules.path()), before);
}

struct Editing {
    app: TestApp,
    rules: tempfile::TempDir,
}

impl Editing {
    async fn start() -> Self {
        let rules = rules();
        let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
        app.complaint("a1").await;
        Self { app, rules }
    }

    fn write(&self, file: &str, edit: impl Fn(&str) -> String) {
        let path = self.rules.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let edited = edit(&text);
        assert_ne!(text, edited, "{file}");
        fs::write(path, edited).unwrap();
    }

    async fn save(&self) -> Saved {
        self.app.app.workflow.consider_saved(RulesFolder::read(self.rules.path())).await.unwrap()
    }

    /// What the quality manager was told last.
    async fn told(&self) -> String {
        self.app.app.turn().await.unwrap();
        self.app.outbox().into_iter().filter(|m| m.contains("kwaliteit@lagant.nl")).collect()
    }
}

/// What an edit makes of a text.
type Write<'w> = &'w dyn Fn(&str) -> String;

/// Up to and without the last statement that begins with `keyword`.
fn without_the_last(text: &str, keyword: &str) -> String {
    let at = text.rfind(&format!("\n{keyword} ")).unwrap();
    text[..=at].to_owned()
}

#[tokio::test]
async fn a_save_that_takes_something_away_waits_for_a_person() {
    let emptied = |_: &str| String::new();
    let halved = |text: &str| text[..text.rfind("\n\n").unwrap() + 1].to_owned();
    let without_a_rule = |text: &str| {
        let (from, to) =
            (text.find("rule \"Bezwaartermijn").unwrap(), text.find("action merge_into").unwrap());
        format!("{}{}", &text[..from], &text[to..])
    };
    let without_an_action = |text: &str| {
        let from = text.find("action cancel_meeting").unwrap();
        format!("{}{}", &text[..from], &text[text.find("rule \"De klager komt niet").unwrap()..])
    };
    let edits: [(&str, Write<'_>, &str); 7] = [
        ("25_repeat.rhai", &without_a_rule, "Bezwaartermijn voorbij: sluiten"),
        ("30_treatment.rhai", &without_an_action, "cancel_meeting"),
        ("80_reports.rhai", &|text| without_the_last(text, "schedule"), "Aanbevelingen opvolgen"),
        ("80_reports.rhai", &emptied, "Kwartaalverslag"),
        (
            "90_archive.rhai",
            &|text| text.replacen("action propose_reopen ", "action propose_reopening ", 1),
            "propose_reopen",
        ),
        ("messages/nl/decision.md", &halved, "messages/nl/decision.md"),
        (
            "25_repeat.rhai",
            &|text| {
                text.replacen("rule \"Zelfde", "rule \"Hetzelfde", 1).replacen(
                    "DUPLICATE_AUTO_DECLINE &&",
                    "",
                    1,
                )
            },
            "is weg",
        ),
    ];
    for (file, edit, told) in edits {
        let editing = Editing::start().await;
        editing.write(file, edit);
        match editing.save().await {
            Saved::Waits(_) => {}
            // What no longer loads is told as well.
            Saved::Broken(found) => panic!("{file}: {}", found[0]),
            other => panic!("{file}: {other:?}"),
        }
        let mail = editing.told().await.replace("=\r\n", "");
        assert!(mail.contains(told) && mail.contains("rules plan"), "{file}: {mail}");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_waits_and_one_that_is_renamed_does_not() {
    let editing = Editing::start().await;
    let at = |name: &str| editing.rules.path().join(name);
    fs::rename(at("80_reports.rhai"), at("81_reports.rhai")).unwrap();
    // The file of that name is gone; its rules are not. A person looks.
    assert!(matches!(editing.save().await, Saved::Waits(plan) if plan.changes.removed.is_empty()));
    fs::remove_file(at("81_reports.rhai")).unwrap();
    assert!(matches!(editing.save().await, Saved::Waits(plan) if plan.changes.removed.len() == 4));
    fs::remove_dir_all(at("messages/nl")).unwrap();
    assert!(!matches!(editing.save().await, Saved::Published(_) | Saved::Unchanged));
}

#[tokio::test]
async fn a_renamed_rule_takes_nothing_away() {
    let editing = Editing::start().await;
    editing.write("25_repeat.rhai", |text| text.replacen("rule \"Zelfde", "rule \"Hetzelfde", 1));
    assert!(matches!(editing.save().await, Saved::Published(_)));
}

#[tokio::test]
async fn correcting_only_the_scenarios_is_enough() {
    let editing = Editing::start().await;
    let tests = editing.rules.path().join("tests");
    fs::create_dir(&tests).unwrap();
    let scenario = |state: &str| {
        format!(
            "scenario \"Telefoon\" {{\n  at(\"2026-11-23 10:00\");\n  let k = mail(#{{ from: \"jan@example.nl\", name: \"Jan\", \
             subject: \"Klacht over parkeren\", text: \"Ik heb een klacht over het parkeren bij de training.\" }});\n  \
             expect_state(k, \"{state}\");\n}}\n"
        )
    };
    fs::write(tests.join("a.rhai"), scenario("closed")).unwrap();
    editing.write("00_terms.rhai", |text| text.replace("const MIN_TEXT = 40;", "const MIN_TEXT = 39;"));
    let before = RulesFolder::read(editing.rules.path());
    assert!(matches!(editing.save().await, Saved::Failing(names) if names == ["Telefoon"]));
    fs::write(tests.join("a.rhai"), scenario("in_treatment")).unwrap();
    assert_ne!(before, RulesFolder::read(editing.rules.path()), "a server that looks on sees the correction");
    assert!(matches!(editing.save().await, Saved::Published(_)));
}

/// A server with the rules of a folder, and what is in force there.
struct Served {
    folder: tempfile::TempDir,
    rules: PathBuf,
    edits: usize,
    _serving: Serving,
}

impl Served {
    fn start(rules: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let serving = Serving::start_with(folder.path(), rules);
        let inbox = folder.path().join("data/inbox/new");
        eventually("the first start", || inbox.is_dir());
        Self { folder, rules: rules.to_owned(), edits: 0, _serving: serving }
    }

    fn history(&self) -> serde_json::Value {
        let output = redress(&self.folder.path().join("data"), &["--json", "rules", "history"]);
        serde_json::from_str(&stdout(&output)).unwrap_or_default()
    }

    fn terms(&self) -> PathBuf {
        self.rules.join("00_terms.rhai")
    }

    /// The terms with an edit that sends nothing, another each time.
    fn edited(&mut self) -> String {
        self.edits += 1;
        let text = fs::read_to_string(self.terms()).unwrap();
        format!("{text}const PROEF_{} = {};\n", self.edits, self.edits)
    }

    /// Edits in the manner of an editor; the server has it in force, once.
    fn edit(&mut self, manner: &str, write: impl FnOnce(&Path, &str)) {
        let text = self.edited();
        write(&self.terms(), &text);
        let hash = hash(&self.rules);
        eventually(manner, || self.history()[0]["ruleset"] == hash.as_str());
        assert_eq!(self.history().as_array().unwrap().len(), self.edits + 1, "{manner}: published once");
    }
}

#[test]
fn a_server_follows_every_editors_habits() {
    let rules = rules();
    let mut served = Served::start(rules.path());
    let beside = |file: &Path, name: &str| file.with_file_name(name);
    served.edit("written in place", |file, text| fs::write(file, text).unwrap());
    served.edit("vim: renamed to a backup, written anew", |file, text| {
        fs::write(beside(file, "4913"), "").unwrap();
        fs::remove_file(beside(file, "4913")).unwrap();
        fs::rename(file, beside(file, "00_terms.rhai~")).unwrap();
        fs::write(file, text).unwrap();
    });
    served.edit("written beside it and renamed over it", |file, text| {
        fs::write(beside(file, ".goutputstream-X1"), text).unwrap();
        fs::rename(beside(file, ".goutputstream-X1"), file).unwrap();
    });
    served.edit("emacs: a lock, half of it saved by itself, then in place", |file, text| {
        #[cfg(unix)]
        std::os::unix::fs::symlink("jan@pc.1234:1", beside(file, ".#00_terms.rhai")).unwrap();
        fs::write(beside(file, "#00_terms.rhai#"), &text[..text.len() / 2]).unwrap();
        fs::copy(file, beside(file, "00_terms.rhai~")).unwrap();
        fs::write(file, text).unwrap();
    });
    served.edit("cut to nothing, then written in pieces", |file, text| {
        use std::io::Write;
        let mut open = fs::File::create(file).unwrap();
        for piece in text.as_bytes().chunks(512) {
            open.write_all(piece).unwrap();
            open.sync_data().unwrap();
        }
    });
    served.edit("windows: lock file, deleted, renamed, with its ends of lines", |file, text| {
        fs::write(beside(file, "~$00_terms.rhai"), b"\x04Jan\xff").unwrap();
        fs::write(beside(file, "00_terms.rhai.tmp"), format!("\u{feff}{}", text.replace('\n', "\r\n")))
            .unwrap();
        fs::remove_file(file).unwrap();
        fs::rename(beside(file, "00_terms.rhai.tmp"), file).unwrap();
    });
    served.edit("written by a machine whose clock is behind", |file, text| {
        fs::write(file, text).unwrap();
        let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options().write(true).open(file).unwrap().set_modified(past).unwrap();
    });
    // Touched only: nothing happens, as the count of the next edit shows.
    let file = fs::File::options().write(true).open(served.terms()).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_000)).unwrap();
    served.edit("after it was only touched", |file, text| fs::write(file, text).unwrap());
}

#[cfg(unix)]
#[test]
fn a_server_follows_a_folder_that_is_replaced_by_a_link() {
    let (first, second, place) = (rules(), rules(), tempfile::tempdir().unwrap());
    let rules = place.path().join("rules");
    std::os::unix::fs::symlink(first.path(), &rules).unwrap();
    let mut served = Served::start(&rules);
    served.edit("the link leads elsewhere", |_, text| {
        fs::write(second.path().join("00_terms.rhai"), text).unwrap();
        std::os::unix::fs::symlink(second.path(), place.path().join("next")).unwrap();
        fs::rename(place.path().join("next"), &rules).unwrap();
    });
}

/// Pipes, devices and endless files hold up nothing; what is wrong is told, and what is taken away waits.
#[cfg(unix)]
#[test]
fn a_server_outlives_what_lies_in_its_folder() {
    let rules = rules();
    let mut served = Served::start(rules.path());
    let _socket = special_files(rules.path());
    for (name, content) in LEFTOVERS {
        let path = rules.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    served.edit("an edit beside them", |file, text| fs::write(file, text).unwrap());
    let large = rules.path().join("09_large.rhai");
    fs::File::create(&large).unwrap().set_len(1 << 40).unwrap();
    let data = served.folder.path().to_owned();
    eventually("word of the large file", || outbox(&data) == 1);
    fs::remove_file(large).unwrap();
    // Cut at the boundary of a rule, as a save that was broken off leaves it.
    let cut = rules.path().join("40_escalation.rhai");
    let whole = fs::read_to_string(&cut).unwrap();
    fs::write(&cut, without_the_last(&whole, "action")).unwrap();
    eventually("word of what is gone", || outbox(&data) == 2);
    fs::write(&cut, whole).unwrap();
    served.edit("an edit after all this", |file, text| fs::write(file, text).unwrap());
}

/// There is nothing else to run at a first start, so it runs, and the quality manager hears of it.
#[test]
fn a_first_start_plays_the_scenarios_and_tells_of_those_that_fail() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules_copy();
    let run = |data: &str| {
        let places = ["--clock", "2026-11-23T10:00:00+01:00", "--rules", rules.path().to_str().unwrap()];
        let output = redress(&folder.path().join(data), &[&places[..], &["tick"]].concat());
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        log
    };
    assert!(!run("sound/data").contains("scenario"));
    assert_eq!(outbox(&folder.path().join("sound")), 0, "nothing is told");
    let terms = rules.path().join("00_terms.rhai");
    let text = fs::read_to_string(&terms).unwrap();
    fs::write(&terms, text.replace("const INFO_TERM = days(14);", "const INFO_TERM = days(7);")).unwrap();
    let log = run("failing/data");
    assert!(
        log.contains("Na een onderbreking gaan achterhaalde herinneringen niet meer uit")
            && log.contains("rules test"),
        "{log}"
    );
    assert_eq!(outbox(&folder.path().join("failing")), 1, "the quality manager is told");
    run("failing/data");
    assert_eq!(outbox(&folder.path().join("failing")), 1, "once: it was the first start");
}
