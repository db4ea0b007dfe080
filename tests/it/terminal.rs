//! What the real program prints, and how it ends: in pipes, files, narrow terminals, and where nothing can be written.

use crate::cli::{redress, stdout};
use crate::commands;
use crate::support::{clear_complaint, shipped_untried};
use std::path::Path;
use std::process::{Command, Stdio};
use unicode_width::UnicodeWidthStr;

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
    command.current_dir(shipped_untried()).arg("--data").arg(data).args(arguments);
    command
}

/// A data folder with two complaints, of which one is in wide characters.
fn installation() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for (i, subject) in ["Klacht over parkeren in Utrecht", "投诉培训质量"].iter().enumerate() {
        let mail = folder.path().join("mail.eml");
        let text = clear_complaint(&format!("jan{i}@example.nl"), &format!("a{i}"));
        std::fs::write(&mail, text.replace("Klacht over parkeren in Utrecht", subject)).unwrap();
        let taken =
            redress(&data, &["--clock", "2026-11-23T10:00:00+01:00", "intake", mail.to_str().unwrap()]);
        assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    }
    (folder, data)
}

#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let (_folder, data) = installation();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for arguments in [&["register", "--csv"][..], &["list"], &["--json", "show", "K-2026-0001"], &["doctor"]]
    {
        let ended = command(&data, arguments).stdout(full()).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains("the result cannot be written"), "{arguments:?}: {said}");
    }
    // A reader who has seen enough is no failure.
    let mut child = command(&data, &["register", "--csv"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_state_that_does_not_exist_is_refused() {
    let (_folder, data) = installation();
    let refused = redress(&data, &["list", "--state", "nope"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("no state `nope`") && said.contains("in_treatment"), "{said}");
    assert_eq!(stdout(&redress(&data, &["list", "--state", "in_treatment"])).lines().count(), 3);
}

#[test]
fn tables_align_and_fit() {
    let (_folder, data) = installation();
    let lines = |columns: &str| {
        let ended = command(&data, &["list"]).env("COLUMNS", columns).output().unwrap();
        stdout(&ended).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let wide = lines("200");
    assert!(wide[2].contains("投诉培训质量") || wide[1].contains("投诉培训质量"), "{wide:?}");
    for columns in ["60", "80", "200"] {
        for line in lines(columns) {
            assert!(line.width() <= columns.parse().unwrap(), "{columns}: {line}");
        }
    }
    // The subject comes last; what stands before it is equally wide in every line.
    let before = |line: &str, subject: &str| line[..line.find(subject).unwrap()].width();
    let of =
        |subject: &str| wide.iter().find(|line| line.contains(subject)).map(|line| before(line, subject));
    assert_eq!(of("投诉培训质量"), of("Klacht over"));
    assert_eq!(of("投诉培训质量"), of("subject"));
}

#[test]
fn help_is_in_groups_and_its_examples_are_commands() {
    let folder = tempfile::tempdir().unwrap();
    let help = stdout(&redress(folder.path(), &["--help"]));
    assert!(help.contains("  [Complaints]\n  list "), "{help}");
    let mut program = commands::Program::default();
    let mut checked = 0;
    let (_, commands) = help.split_once("\nCommands:\n").unwrap();
    let names = commands.lines().take_while(|line| line.starts_with("  "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| !name.starts_with('['));
    let pages = names.map(|name| stdout(&redress(folder.path(), &[name, "--help"])));
    for page in std::iter::once(help.clone()).chain(pages) {
        let Some((_, examples)) = page.split_once("Examples:\n") else { continue };
        for example in examples.lines().map(str::trim).filter(|line| line.starts_with("redress ")) {
            assert_eq!(program.mistake(example.split(" > ").next().unwrap()), None, "{example}");
            checked += 1;
        }
    }
    assert!(checked > 15, "only {checked} examples");
    let show = stdout(&redress(folder.path(), &["show", "--help"]));
    assert!(show.contains("Options of every command:"), "{show}");
}

#[test]
fn completions_and_manual_are_made_from_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, mark) in
        [("bash", "complete -F"), ("zsh", "#compdef redress"), ("fish", "complete -c redress")]
    {
        let script = stdout(&redress(folder.path(), &["completions", shell]));
        assert!(script.contains(mark) && script.contains("recommendations"), "{shell}");
    }
    assert!(stdout(&redress(folder.path(), &["manual"])).contains(".TH redress 1"));
    let pages = folder.path().join("man1");
    assert!(redress(folder.path(), &["manual", pages.to_str().unwrap()]).status.success());
    for page in ["redress.1", "redress-serve.1", "redress-rules-check.1"] {
        assert!(pages.join(page).exists(), "{page}");
    }
    assert!(!folder.path().join("redress.db").exists(), "no installation is opened for that");
}

/// The address of a database holds a password, which no error repeats.
#[test]
fn the_address_of_a_database_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("redress.toml");
    let secret = folder.path().join("database");
    std::fs::write(&secret, "postgres://redress:hunter2@127.0.0.1:1/redress").unwrap();
    for (url, expected) in [
        ("\"postgress://redress:hunter2@127.0.0.1/redress\"".to_owned(), "is not a database address"),
        ("\"postgres://redress:hunter2@127.0.0.1:port/redress\"".to_owned(), "database"),
        ("\"postgres://redress:hunter2@127.0.0.1:1/redress\"".to_owned(), "refused"),
        (format!("{{ file = \"{}\" }}", secret.display()), "refused"),
        ("{ file = \"/nonexistent/hunter3\" }".to_owned(), "database.url: the secret in file /nonexistent"),
        ("[\"hunter2\"]".to_owned(), "{ file = "),
    ] {
        std::fs::write(&config, format!("[database]\nurl = {url}\n")).unwrap();
        let arguments = ["--config", config.to_str().unwrap(), "list"];
        let ended =
            command(&folder.path().join("data"), &arguments).env("REDRESS_LOG", "trace").output().unwrap();
        assert!(!ended.status.success(), "{url}");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned() + stdout(&ended).as_str();
        assert!(!said.contains("hunter2"), "{url}: {said}");
        assert!(said.contains(expected), "{url}: {said}");
    }
}
