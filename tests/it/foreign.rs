//! The text of mails, compared with what an independent reader takes from them: Python's own library
//! (`tests/readers/mail_text.py`). A mail is read alike where at least 99 of a hundred of its words are here as well.
//!
//! `just foreign-mail` fetches the mails of other projects' test suites and prints the figure for them;
//! `REDRESS_FOREIGN_MAIL=FOLDER cargo test --test it foreign:: -- --nocapture` does so for any folder of mails. Mails that
//! are read otherwise on purpose stand in `tests/fixtures/foreign_mail.tsv`, each with the reason.

use crate::support::repository;
use redress::intake::parse;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The least share of an independent reader's words, in per cent.
const ALIKE: usize = 99;
/// The least share of mails that are read alike, in tenths of a per cent.
const AIM: usize = 995;
/// How mails end in the corpora of other projects.
const EXTENSIONS: &[&str] = &["eml", "email", "mail"];

/// The mails below a folder, in order.
fn mails(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if EXTENSIONS.contains(&extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What Python reads of each, with one or the other of alternatives; nothing where it gives up.
fn by_python(paths: &[PathBuf]) -> Vec<Vec<String>> {
    let mut reader = Command::new("python3")
        .arg(repository().join("tests/readers/mail_text.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let list: Vec<&str> = paths.iter().map(|p| p.to_str().unwrap()).collect();
    let mut stdin = reader.stdin.take().unwrap();
    stdin.write_all(list.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "python3 cannot read mails");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn words(text: &str) -> HashMap<String, usize> {
    let mut counted = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        *counted.entry(word.to_lowercase()).or_default() += 1;
    }
    counted
}

/// How many of a hundred of the expected words are there.
fn share(expected: &str, found: &str) -> usize {
    let (expected, found) = (words(expected), words(found));
    let total: usize = expected.values().sum();
    let there: usize =
        expected.iter().map(|(word, n)| (*n).min(found.get(word).copied().unwrap_or_default())).sum();
    (there * 100).checked_div(total).unwrap_or(100)
}

/// Mails that are read otherwise on purpose: the end of the path, and why.
fn explained() -> BTreeMap<String, String> {
    let list = std::fs::read_to_string(repository().join("tests/fixtures/foreign_mail.tsv")).unwrap();
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').unwrap()).map(|(p, why)| (p.to_owned(), why.to_owned())).collect()
}

/// The comparison of one corpus.
struct Compared {
    mails: usize,
    alike: usize,
    /// Those that differ and are not explained, with their share and the words that miss.
    unexplained: Vec<String>,
    /// The explanations that fit a mail.
    used: Vec<String>,
}

fn compare(folder: &Path) -> Compared {
    let (paths, explained) = (mails(folder), explained());
    let expected = by_python(&paths);
    assert_eq!(expected.len(), paths.len());
    let mut compared = Compared { mails: 0, alike: 0, unexplained: Vec::new(), used: Vec::new() };
    for (path, expected) in paths.iter().zip(expected) {
        let found = parse(&std::fs::read(path).unwrap(), None).text;
        let shares = expected.iter().map(|expected| (share(expected, &found), expected));
        let Some((share, expected)) = shares.max_by_key(|(share, _)| *share) else { continue };
        compared.mails += 1;
        if share >= ALIKE {
            compared.alike += 1;
            continue;
        }
        let path = path.strip_prefix(folder).unwrap().to_str().unwrap();
        match explained.keys().find(|end| path.ends_with(end.as_str())) {
            Some(end) => compared.used.push(end.clone()),
            None => {
                let (wanted, there) = (words(expected), words(&found));
                let missing = wanted.iter().filter(|(w, n)| there.get(*w).copied().unwrap_or_default() < **n);
                let mut missing: Vec<&str> = missing.map(|(word, _)| word.as_str()).collect();
                missing.sort_unstable();
                missing.truncate(12);
                compared.unexplained.push(format!("{path}: {share} %, without {missing:?}"));
            }
        }
    }
    compared
}

#[expect(clippy::print_stdout, reason = "the figures, for whoever asks with --nocapture")]
fn say(what: &str, compared: &Compared) {
    let Compared { mails, alike, used, .. } = compared;
    let of_all = *alike as f64 / (*mails).max(1) as f64 * 100.0;
    println!(
        "{what}: {alike} of {mails} mails ({of_all:.1} %) as Python reads them; {} more explained",
        used.len()
    );
}

/// Our own corpus is read as Python reads it, but for what is explained.
#[test]
fn our_corpus_is_read_as_an_independent_reader_does() {
    if std::env::var_os("REDRESS_TEST_PYTHON").is_none() {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_PYTHON");
        return;
    }
    let compared = compare(&repository().join("tests/fixtures/mail"));
    say("our corpus", &compared);
    assert!(compared.mails > 200, "{}", compared.mails);
    assert!(compared.unexplained.is_empty(), "{:#?}", compared.unexplained);
}

/// So are the mails of other projects, where they are there.
#[test]
fn mails_of_other_projects_are_read_as_an_independent_reader_does() {
    let Some(folder) = std::env::var_os("REDRESS_FOREIGN_MAIL") else { return };
    let compared = compare(Path::new(&folder));
    say("other projects", &compared);
    assert!(compared.mails > 0, "no mails in {}", Path::new(&folder).display());
    assert!(compared.unexplained.is_empty(), "{:#?}", compared.unexplained);
    let as_meant = compared.alike + compared.used.len();
    assert!(as_meant * 1_000 >= compared.mails * AIM, "{as_meant} of {}", compared.mails);
}
