//! Statements and syncs of a call, counted from outside: what the driver logs of each statement, and what the kernel is
//! asked to sync.

use super::installation::{Call, Installation, PROGRAM};
use super::stages::{Done, Scene, Stage};
use std::collections::BTreeMap;
use std::process::Command;

/// What is logged: each statement of the driver, and how often lines were repeated.
const LOG: &str = "sqlx::query=debug,redress=warn";

/// The counts of a stage.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub statements: usize,
    /// None where `strace` is missing.
    pub syncs: Option<usize>,
    /// Statements by their beginning.
    by_text: BTreeMap<String, usize>,
}

/// Plays a stage, and counts.
pub async fn count(stage: Stage, installation: &Installation, scene: &Scene) -> Counts {
    stage.prepare(installation, scene).await;
    if let Some(call) = stage.before() {
        counted(installation, &call);
    }
    let mut counts = Counts { syncs: has_strace().then_some(0), ..Counts::default() };
    let mut done = Done::default();
    for call in stage.calls(installation, scene) {
        counts.add(counted(installation, &call));
        done = done.plus(Done::read(&installation.printed()));
    }
    stage.check(scene, done);
    counts
}

pub fn has_strace() -> bool {
    Command::new("strace").arg("-V").output().is_ok_and(|o| o.status.success())
}

/// Calls the program, and counts.
pub fn counted(installation: &Installation, call: &Call) -> Counts {
    let report = installation.beside("syncs");
    let mut command = match has_strace() {
        true => {
            let mut strace = Command::new("strace");
            strace.args(["-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync", "-o"]);
            strace.arg(&report).arg(PROGRAM);
            strace
        }
        false => Command::new(PROGRAM),
    };
    installation.fill(&mut command, call);
    let status = command.env("REDRESS_LOG", LOG).status().unwrap();
    assert!(status.success(), "{call:?}: {}", installation.logged());
    let mut counts = Counts::of_log(&installation.logged());
    counts.syncs = has_strace().then(|| syncs(&std::fs::read_to_string(report).unwrap()));
    counts
}

/// Reads a summary of `strace -c`: the fourth column counts, the last names the call.
fn syncs(report: &str) -> usize {
    let lines = report.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let of_syncs = lines.filter(|w| w.last().is_some_and(|name| ["fsync", "fdatasync"].contains(name)));
    of_syncs.map(|words| words[3].parse::<usize>().unwrap()).sum()
}

impl Counts {
    /// The statements in what a program has logged.
    pub fn of_log(log: &str) -> Self {
        let mut counts = Self::default();
        log.lines().for_each(|line| counts.note(line));
        counts
    }

    /// The statements that ran most often, by how often.
    pub fn most_frequent(&self, limit: usize) -> Vec<(usize, &str)> {
        let mut texts: Vec<(usize, &str)> =
            self.by_text.iter().map(|(text, n)| (*n, text.as_str())).collect();
        texts.sort_by_key(|(times, _)| std::cmp::Reverse(*times));
        texts.truncate(limit);
        texts
    }

    fn note(&mut self, line: &str) {
        let Some((before, rest)) = line.split_once("summary=\"") else { return };
        // A line of the same text and duration is written once, with how often at the end.
        let times = match before.contains("repeated: ") {
            true => after(line, "times=").unwrap_or(1),
            false => 1,
        };
        let text = rest.split("\" db.statement").next().unwrap_or(rest);
        // Connections are opened as they are needed, which differs from run to run.
        if text.starts_with("PRAGMA") {
            return;
        }
        self.statements += times;
        *self.by_text.entry(text.chars().take(90).collect()).or_default() += times;
    }

    fn add(&mut self, other: Self) {
        self.statements += other.statements;
        self.syncs = self.syncs.zip(other.syncs).map(|(a, b)| a + b);
        for (text, times) in other.by_text {
            *self.by_text.entry(text).or_default() += times;
        }
    }
}

fn after(line: &str, key: &str) -> Option<usize> {
    let digits = line.rsplit_once(key)?.1;
    digits.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
