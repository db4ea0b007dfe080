//! Whatever anybody may hand us, mangled: mails, scripts, settings. Nothing panics, hangs, grows without bound, or takes a
//! time that grows faster than what it reads.
//!
//! Each target runs in a process of its own, so that a stack that overflows or memory that runs out is told with the input
//! that did it. `REDRESS_FUZZ_SECONDS=300 cargo test --test it fuzz:: -- --nocapture` runs each for so long, from a seed of
//! its own; an input that fails is kept in `tests/fixtures/fuzz/TARGET/`, which is played first from then on.

mod mangle;
mod targets;
mod vocabulary;

use crate::support::repository;
use mangle::Mangler;
use redress::clock::{Clock, SystemClock};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;
use targets::{Player, TARGETS, Target};

/// Longer than any input may take, on a busy machine.
const HANGS: Duration = Duration::from_secs(60);
/// Memory of the process, in KiB; what needs more is aborted.
const MEMORY: usize = 3 << 20;
/// Sizes of the same input, by which growth is told, and how much more the larger may take: as much is linear, its square
/// quadratic.
const SIZES: [usize; 2] = [6_000, 48_000];
/// The same where nobody asks for more.
const SMALL_SIZES: [usize; 2] = [1_500, 12_000];
const GROWTH: i64 = 26;
/// What is quicker than this is not looked at.
const NOTICED_MILLIS: i64 = 700;

fn millis() -> i64 {
    SystemClock.now().millis()
}

fn kept(target: &str) -> PathBuf {
    repository().join("tests/fixtures/fuzz").join(target)
}

#[expect(clippy::print_stdout, reason = "the figures, for whoever asks with --nocapture")]
fn say(text: &str) {
    println!("{text}");
}

macro_rules! fuzzed {
    ($($name:ident => $target:literal,)*) => {
        $(#[test]
        fn $name() {
            in_a_process_of_its_own($target);
        })*

        #[test]
        fn every_target_is_fuzzed() {
            let names: Vec<&str> = TARGETS.iter().map(|t| t.name).collect();
            assert_eq!(names, [$($target),*]);
        }
    };
}

fuzzed! {
    mails => "mail",
    scripts => "script",
    procedures => "procedure",
    messages => "message",
    settings => "settings",
    manifests => "manifest",
    payload_scripts => "payload",
    scenarios_and_clauses => "scenario",
    folders_in_an_editor => "editor",
}

/// Runs a target and tells what failed with which input.
fn in_a_process_of_its_own(target: &str) {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input");
    let alone = format!("ulimit -v {MEMORY}; exec \"$0\" --exact fuzz::in_here --ignored --nocapture");
    let output = Command::new("sh")
        .args(["-c", &alone])
        .arg(std::env::current_exe().unwrap())
        .env("REDRESS_FUZZ_TARGET", target)
        .env("REDRESS_FUZZ_INPUT", &input)
        .env("RUST_BACKTRACE", "0")
        .current_dir(repository())
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() && said.contains("1 passed") {
        let figures = said.lines().filter(|l| l.starts_with("fuzzed "));
        return say(&figures.collect::<Vec<_>>().join("\n"));
    }
    let bytes = std::fs::read(&input).unwrap_or_default();
    let place = kept(target).join(format!("{:08x}", checksum(&bytes)));
    std::fs::create_dir_all(kept(target)).unwrap();
    std::fs::write(&place, &bytes).unwrap();
    let tail: String = said.chars().rev().take(3_000).collect::<Vec<_>>().into_iter().rev().collect();
    let start: String = String::from_utf8_lossy(&bytes).chars().take(300).collect();
    panic!(
        "{target} fails on {} ({} bytes), which is kept:\n{start}\n\n{tail}",
        place.display(),
        bytes.len()
    );
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, b| (hash ^ u32::from(*b)).wrapping_mul(0x0100_0193))
}

/// The first panic in our own code, also one that somebody caught.
static OURS: Mutex<Option<String>> = Mutex::new(None);

#[test]
#[ignore = "runs in the process that each test above makes"]
fn in_here() {
    let name = std::env::var("REDRESS_FUZZ_TARGET").unwrap();
    let target = TARGETS.iter().find(|t| t.name == name).unwrap();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        if place.starts_with("src/") || place.starts_with("tests/") {
            OURS.lock().unwrap().get_or_insert_with(|| format!("{place}: {panic}"));
        }
    }));
    // As much stack as the program's own threads have.
    let worker = std::thread::Builder::new().stack_size(2 << 20);
    worker.spawn(|| Run::new(target).whole()).unwrap().join().unwrap();
}

/// A run of one target.
struct Run {
    target: &'static Target,
    play: Player,
    input: PathBuf,
    /// Hears when an input begins and ends; silence in between is a hang.
    alive: Sender<Option<()>>,
    slowest: (i64, usize),
}

impl Run {
    fn new(target: &'static Target) -> Self {
        let (alive, heard) = channel::<Option<()>>();
        std::thread::spawn(move || {
            let mut at_work = false;
            loop {
                let next = if at_work {
                    heard.recv_timeout(HANGS)
                } else {
                    heard.recv().map_err(RecvTimeoutError::from)
                };
                match next {
                    Ok(state) => at_work = state.is_some(),
                    Err(RecvTimeoutError::Timeout) => {
                        say(&format!("it hangs: more than {HANGS:?}"));
                        std::process::abort();
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        let input = PathBuf::from(std::env::var_os("REDRESS_FUZZ_INPUT").unwrap());
        Self { target, play: (target.play)(), input, alive, slowest: (0, 0) }
    }

    /// Plays an input; its milliseconds.
    fn play(&mut self, bytes: &[u8]) -> i64 {
        std::fs::write(&self.input, bytes).unwrap();
        let begun = millis();
        self.alive.send(Some(())).unwrap();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (self.play)(bytes)));
        self.alive.send(None).unwrap();
        let ours = OURS.lock().unwrap().take();
        if let Some(ours) = ours.or_else(|| outcome.err().map(|_| "a library panicked".to_owned())) {
            say(&ours);
            std::process::abort();
        }
        let took = millis() - begun;
        self.slowest = self.slowest.max((took, bytes.len()));
        took
    }

    fn whole(mut self) {
        let seconds: Option<i64> = std::env::var("REDRESS_FUZZ_SECONDS").ok().map(|s| s.parse().unwrap());
        let seed = seconds.map_or(1, |_| u64::try_from(millis()).unwrap());
        let corpus = (self.target.corpus)();
        assert!(corpus.len() >= self.target.at_least, "{} seeds", corpus.len());
        let regressions = files(&kept(self.target.name));
        for bytes in regressions.iter().chain(&corpus) {
            self.play(bytes);
        }
        let begun = millis();
        let mut mangler = Mangler::new(seed, &corpus, self.target.words);
        let mut runs = 0;
        while seconds.map_or(runs < self.target.runs, |s| millis() - begun < s * 1_000) {
            self.play(&mangler.next());
            runs += 1;
        }
        let grown = self.growth(if seconds.is_some() { SIZES } else { SMALL_SIZES });
        let mut line = format!(
            "fuzzed {}: {} seeds, {} kept, {runs} runs",
            self.target.name,
            corpus.len(),
            regressions.len()
        );
        let took = millis() - begun;
        write!(line, " in {:.1} s from seed {seed}; {grown} kinds of growth", took as f64 / 1_000.0).unwrap();
        write!(line, "; slowest {} ms of {} bytes; {} MiB at most", self.slowest.0, self.slowest.1, peak())
            .unwrap();
        say(&line);
    }

    /// Grows each kind of input, and compares what the sizes take.
    fn growth(&mut self, sizes: [usize; 2]) -> usize {
        let mut fast = Vec::new();
        for (before, piece, after) in self.target.growing {
            let of_size =
                |size: usize| format!("{before}{}{after}", piece.repeat(size / piece.len())).into_bytes();
            let [small, large] = sizes.map(|size| self.play(&of_size(size)));
            let is_faster_than_linear = large > NOTICED_MILLIS && large > GROWTH * small.max(10);
            if is_faster_than_linear {
                fast.push(format!("{before:?} {piece:?}: {small} ms, {large} ms"));
            }
        }
        if !fast.is_empty() {
            say(&format!("the time grows faster than the text: {fast:#?}"));
            std::process::abort();
        }
        self.target.growing.len()
    }
}

/// The most memory that this process had, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() >> 10
}

/// Reads every file of a folder; none when there is no folder.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).map(|all| all.flatten().map(|e| e.path()).collect()).unwrap_or_default();
    paths.sort();
    paths.iter().filter(|p| p.is_file()).map(|p| std::fs::read(p).unwrap()).collect()
}
