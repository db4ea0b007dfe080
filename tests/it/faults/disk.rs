//! A disk without room: a process whose files may not grow past a limit, which is then lifted.

use crate::cli::{redress, stdout};
use crate::processes::{Serving, drop_mail, eventually, list, outbox};
use crate::support::{clear_complaint, shipped_untried};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A command whose files may grow to so many kilobytes; what goes beyond is an error of the write and no signal.
fn limited(kilobytes: u64, data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("bash");
    let script = "trap '' XFSZ; ulimit -S -f \"$0\"; exec \"$@\"";
    command.current_dir(shipped_untried()).args(["-c", script, &kilobytes.to_string()]);
    command.arg(env!("CARGO_BIN_EXE_redress")).arg("--data").arg(data).args(arguments);
    command
}

fn lift_limit(process: u32) {
    let lifted = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &process.to_string()]).status();
    assert!(lifted.unwrap().success());
}

fn kilobytes(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |about| about.len() / 1024)
}

/// A backup and what is restored of it are there whole or not at all.
#[test]
fn a_full_disk_leaves_no_half_of_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(redress(&data, &["tick"]).status.success());
    let (copies, new, other) =
        (folder.path().join("copies"), folder.path().join("new"), folder.path().join("other"));
    std::fs::create_dir(&copies).unwrap();
    let (file, first) = (copies.join("copy.zip").display().to_string(), folder.path().join("first.zip"));
    let first = first.display().to_string();
    assert!(redress(&data, &["backup", "--with-key", &first]).status.success());
    assert!(redress(&other, &["restore", &first]).status.success());
    let whole = kilobytes(&other.join("redress.db"));
    for room in [8, whole / 2, whole - 20] {
        let said = limited(room, &data, &["backup", &file]).output().unwrap();
        assert!(!said.status.success(), "{room} KiB: {}", stdout(&said));
        assert_eq!(std::fs::read_dir(&copies).unwrap().count(), 0, "{room} KiB");
    }
    for room in [1, whole / 2, whole - 20] {
        let said = limited(room, &new, &["restore", &first]).output().unwrap();
        let error = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(!said.status.success() && error.contains("cannot be"), "{room} KiB: {error}");
        let left: Vec<_> = std::fs::read_dir(&new).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "opening.lock"), "{room} KiB: {left:?}");
    }
    assert!(redress(&new, &["restore", &first]).status.success());
}

/// The server writes until the disk is full, and goes on by itself once there is room: nothing is lost, and no restart
/// is needed.
#[test]
fn a_server_goes_on_by_itself_when_a_full_disk_has_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(redress(&data, &["tick"]).status.success());
    std::fs::write(folder.path().join("redress.toml"), "[server]\nlisten = \"127.0.0.1:0\"\n").unwrap();
    let room = kilobytes(&data.join("redress.db")) + 60;
    let config = folder.path().join("redress.toml");
    let mut command = limited(room, &data, &["--config", config.to_str().unwrap(), "serve"]);
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let serving = Serving::of(command.stdout(Stdio::null()).stderr(log).spawn().unwrap());
    let said = || std::fs::read_to_string(folder.path().join("log")).unwrap();
    let mails = 30;
    for i in 0..mails {
        drop_mail(folder.path(), &format!("m{i}"));
    }
    eventually("a full disk", || said().contains("again"));
    lift_limit(serving.id());
    eventually("every complaint", || list(folder.path()).as_array().is_some_and(|l| l.len() == mails));
    eventually("every letter", || outbox(folder.path()) == 2 * mails);
    serving.kill();
    let verified = redress(&data, &["audit", "verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// Wherever the room ends, a mail that is handed over is stored, kept, or asked for again; and then all is as it would
/// have been.
#[test]
fn wherever_the_room_ends_a_mail_is_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(redress(&data, &["tick"]).status.success());
    let base = kilobytes(&data.join("redress.db"));
    let intake = |kilobytes: u64, name: &str| -> Output {
        let mut command = limited(kilobytes, &data, &["intake"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let raw = clear_complaint(&format!("{name}@example.nl"), name);
        let _ = child.stdin.take().unwrap().write_all(raw.as_bytes());
        child.wait_with_output().unwrap()
    };
    let mut names = Vec::new();
    // From no room at all to enough; the journal begins anew in each process.
    for kilobytes in [0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, base + 16, base + 64] {
        let name = format!("k{kilobytes}");
        let mut output = intake(kilobytes, &name);
        if !output.status.success() {
            assert_eq!(output.status.code(), Some(75), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            output = intake(1 << 20, &name);
        }
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        names.push(format!("{name}@example.nl"));
    }
    assert!(redress(&data, &["tick"]).status.success());
    let listed: serde_json::Value =
        serde_json::from_str(&stdout(&redress(&data, &["--json", "list"]))).unwrap();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), names.len(), "{listed:?}");
    assert!(listed.iter().all(|c| c["state"] == "in_treatment"), "{listed:?}");
    assert!(redress(&data, &["audit", "verify"]).status.success());
}
