//! Whatever is wrong with us, a mail that is handed over is stored, or its server is asked to try again; and somebody hears of
//! what was wrong.

use crate::support::{TestApp, clear_complaint, repository, shipped_untried};
use redress::intake::Maildir;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const CLOCK: &str = "2026-11-23T10:00:00+01:00";

/// An installation in a folder, as the command line is given it.
struct Installation {
    folder: tempfile::TempDir,
    rules: PathBuf,
    plugins: PathBuf,
    config: Option<PathBuf>,
}

impl Installation {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            rules: shipped_untried().join("rules"),
            plugins: repository().join("plugins"),
            config: None,
            folder,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str], stdin: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
        command.current_dir(self.folder.path()).arg("--data").arg(self.data());
        command.arg("--rules").arg(&self.rules).arg("--plugins").arg(&self.plugins);
        if let Some(config) = &self.config {
            command.arg("--config").arg(config);
        }
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Who refuses the arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn intake(&self, id: &str) -> i32 {
        let mail = clear_complaint(&format!("{id}@example.nl"), id);
        self.run(&["--clock", CLOCK, "intake"], &mail).status.code().unwrap()
    }

    fn waiting(&self) -> usize {
        std::fs::read_dir(self.data().join("inbox/new")).map_or(0, |entries| entries.count())
    }

    /// After everything is put right: the mails of these people, and who was told.
    fn after_mending(&self) -> (Vec<String>, Vec<String>) {
        let ticked = self.run(&["--clock", CLOCK, "tick"], "");
        assert!(ticked.status.success(), "{}", String::from_utf8_lossy(&ticked.stderr));
        let listed = self.run(&["--json", "list"], "");
        let list: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        let listed = list.as_array().unwrap().iter();
        let numbers = listed.map(|c| c["number"].as_str().unwrap_or_default().to_owned()).collect();
        let letters = std::fs::read_dir(self.data().join("outbox")).unwrap().flatten();
        let letters = letters.map(|e| std::fs::read_to_string(e.path()).unwrap());
        (numbers, letters.filter(|l| l.contains("Berichten lagen stil")).collect())
    }
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_mail_is_kept_whatever_is_wrong_around_it_and_somebody_hears_of_it() {
    type Break = fn(&mut Installation);
    let breaks: [(&str, Break); 6] = [
        ("a misspelt key", |i| {
            write(&i.folder.path().join("typo.toml"), "[organisation]\nnaam = \"x\"\n");
            i.config = Some(i.folder.path().join("typo.toml"));
        }),
        ("the settings are gone", |i| i.config = Some(i.folder.path().join("gone.toml"))),
        ("no plugins, no rules, no database yet", |i| {
            std::fs::remove_file(i.data().join("redress.db")).unwrap();
            i.rules = i.folder.path().join("nothing");
        }),
        ("the database is a folder", |i| {
            std::fs::rename(i.data().join("redress.db"), i.data().join("kept.db")).unwrap();
            std::fs::create_dir(i.data().join("redress.db")).unwrap();
        }),
        ("the database is damaged", |i| {
            for beside in ["redress.db-wal", "redress.db-shm"] {
                let _ = std::fs::remove_file(i.data().join(beside));
            }
            std::fs::write(i.data().join("redress.db"), [0; 4_096]).unwrap();
        }),
        ("the database is out of reach", |i| {
            write(&i.folder.path().join("far.toml"), "[database]\nurl = \"postgres://x@127.0.0.1:1/x\"\n");
            i.config = Some(i.folder.path().join("far.toml"));
        }),
    ];
    for (what, break_it) in breaks {
        let sound = Installation::new();
        assert_eq!(sound.run(&["--clock", CLOCK, "tick"], "").status.code(), Some(0));
        // The journal holds what is not in the file yet.
        let parts = ["redress.db", "redress.db-wal"];
        let backup = parts.map(|part| std::fs::read(sound.data().join(part)).unwrap_or_default());
        let mut broken = sound;
        break_it(&mut broken);
        assert_eq!(broken.intake("a1"), 0, "{what}");
        assert_eq!(broken.waiting(), 1, "{what}: it is kept");
        // Put right as an operator does.
        let mended = Installation { folder: broken.folder, ..Installation::new() };
        let database = mended.data().join("redress.db");
        let _ = std::fs::remove_dir(&database);
        for beside in ["redress.db-wal", "redress.db-shm"] {
            let _ = std::fs::remove_file(mended.data().join(beside));
        }
        for (part, content) in parts.iter().zip(&backup) {
            std::fs::write(mended.data().join(part), content).unwrap();
        }
        let (numbers, told) = mended.after_mending();
        assert_eq!(numbers, ["K-2026-0001"], "{what}");
        assert_eq!((told.len(), mended.waiting()), (1, 0), "{what}");
        assert_eq!(mended.intake("a1"), 0, "{what}: the server tries again");
        assert_eq!(mended.after_mending().0, ["K-2026-0001"], "{what}: it is one complaint");
    }
}

#[test]
fn where_nothing_can_be_stored_a_mail_server_tries_again() {
    let fails = |installation: &Installation, arguments: &[&str]| {
        let output = installation.run(arguments, &clear_complaint("jan@example.nl", "a1"));
        assert_eq!(
            output.status.code(),
            Some(75),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let installation = Installation::new();
    std::fs::write(installation.data(), "a file in the place of the folder").unwrap();
    fails(&installation, &["--clock", CLOCK, "intake"]);
    fails(&installation, &["intake"]);
    let installation = Installation::new();
    fails(&installation, &["--clock", CLOCK, "intake", "no-such-file.eml"]);
    fails(&installation, &["--clock", "yesterday", "intake"]);
    fails(&installation, &["intake", "--no-such-option"]);
    // What is meant for a rehearsal does not wait in a real folder, nor the other way round.
    assert_eq!(installation.run(&["tick"], "").status.code(), Some(0));
    fails(&installation, &["--clock", CLOCK, "intake"]);
    assert_eq!(installation.waiting(), 0);
    let rehearsal = Installation::new();
    assert_eq!(rehearsal.intake("a1"), 0);
    fails(&rehearsal, &["intake"]);
    std::fs::write(rehearsal.data().join("rehearsal"), "").unwrap();
    fails(&rehearsal, &["intake"]);
    assert_eq!(rehearsal.waiting(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_once_and_holds_up_nothing() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let root = app.folder.path().join("inbox");
    let maildir = Maildir::open(&root).unwrap();
    // A link that leads in a circle can be read by nobody, not even by who may read everything.
    for i in 0..600 {
        std::os::unix::fs::symlink(format!("0{i}.eml"), root.join(format!("new/0{i}.eml"))).unwrap();
    }
    std::fs::write(root.join("new/1.eml"), clear_complaint("jan@example.nl", "m1")).unwrap();
    for _ in 0..3 {
        maildir.take_in(&app.app.workflow).await.unwrap();
        app.app.turn().await.unwrap();
    }
    assert_eq!(app.state("K-2026-0001").await, "in_treatment");
    let told = |app: &TestApp| {
        let letters = app.outbox().into_iter();
        letters.filter(|l| l.contains("kunnen niet worden gelezen: ")).collect::<Vec<_>>()
    };
    assert_eq!(told(&app).len(), 1, "one message about all of them");
    assert!(told(&app)[0].contains("600") && told(&app)[0].contains("00.eml"), "{:?}", told(&app));
    let state = maildir.state().unwrap();
    assert_eq!((state.waiting, state.unreadable.len()), (600, 100));
    std::os::unix::fs::symlink("x.eml", root.join("new/x.eml")).unwrap();
    maildir.take_in(&app.app.workflow).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(told(&app).len(), 2, "another one is told as well");
}

/// The data folder is its owner's alone, also what an older version left open in it.
#[cfg(unix)]
#[test]
fn the_data_folder_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let installation = Installation::new();
    let data = installation.data();
    assert_eq!(installation.intake("a1"), 0);
    assert_eq!(installation.run(&["--clock", CLOCK, "tick"], "").status.code(), Some(0));
    fn open_ones(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in [folder.to_owned()]
            .into_iter()
            .chain(std::fs::read_dir(folder).unwrap().flatten().map(|e| e.path()))
        {
            if std::fs::metadata(&path).unwrap().permissions().mode() & 0o077 != 0 {
                found.push(path.clone());
            }
            if path != folder && path.is_dir() {
                open_ones(&path, found);
            }
        }
    }
    let open = || {
        let mut found = Vec::new();
        open_ones(&data, &mut found);
        found
    };
    assert_eq!(open(), Vec::<PathBuf>::new());
    // As an older version made it.
    for path in [&data, &data.join("outbox"), &data.join("redress.db"), &data.join("inbox/new")] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert!(open().len() >= 4, "{:?}", open());
    assert_eq!(installation.intake("a2"), 0);
    assert_eq!(open(), Vec::<PathBuf>::new());
}
