//! What a call spends: time, CPU and memory, as the kernel counts them for the process.

use super::installation::{Call, Installation, PROGRAM};
use super::stages::{Done, Scene, Stage};
use redress::clock::{Clock, SystemClock};
use std::process::Command;
use std::time::Duration;

/// The kernel's unit of CPU time in /proc, the same on every Linux.
const TICK_MILLIS: u64 = 10;
/// The time between two looks at a process's memory.
const LOOK: Duration = Duration::from_millis(5);

/// The time and memory of a stage.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub wall: Duration,
    pub user: Duration,
    pub system: Duration,
    /// The most memory that a process of it held, in KiB; it may be a few milliseconds old.
    pub peak_kib: u64,
}

impl Spent {
    pub fn cpu(&self) -> Duration {
        self.user + self.system
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            wall: self.wall + other.wall,
            user: self.user + other.user,
            system: self.system + other.system,
            peak_kib: self.peak_kib.max(other.peak_kib),
        }
    }
}

/// Plays a stage that was prepared, and measures.
pub fn spend(stage: Stage, installation: &Installation, scene: &Scene) -> Spent {
    let mut spent = Spent::default();
    let mut done = Done::default();
    for call in stage.calls(installation, scene) {
        spent = spent.plus(spend_on(installation, &call));
        done = done.plus(Done::read(&installation.printed()));
    }
    stage.check(scene, done);
    spent
}

/// Calls the program once, and measures it.
pub fn spend_on(installation: &Installation, call: &Call) -> Spent {
    let mut command = Command::new(PROGRAM);
    installation.fill(&mut command, call);
    let (before, began) = (of_children(), SystemClock.elapsed());
    let mut child = command.spawn().unwrap();
    let mut peak_kib = 0;
    let ended = loop {
        peak_kib = peak_kib.max(peak(child.id()));
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::sleep(LOOK);
    };
    let wall = SystemClock.elapsed() - began;
    assert!(ended.success(), "{call:?}: {}", installation.logged());
    let (user, system) = of_children();
    Spent { wall, user: user - before.0, system: system - before.1, peak_kib }
}

/// The CPU time of this process, and what passes meanwhile.
pub struct Own {
    before: (Duration, Duration),
    began: Duration,
}

impl Own {
    pub fn start() -> Self {
        Self { before: of_this(), began: SystemClock.elapsed() }
    }

    pub fn spent(&self) -> Spent {
        let (user, system) = of_this();
        let wall = SystemClock.elapsed() - self.began;
        Spent { wall, user: user - self.before.0, system: system - self.before.1, peak_kib: 0 }
    }
}

fn of_this() -> (Duration, Duration) {
    cpu(14, 15)
}

fn of_children() -> (Duration, Duration) {
    cpu(16, 17)
}

/// Reads fields of /proc/self/stat, by their numbers in proc(5); the name in the second may hold anything.
fn cpu(user: usize, system: usize) -> (Duration, Duration) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let time = |n: usize| Duration::from_millis(fields[n - 3].parse::<u64>().unwrap() * TICK_MILLIS);
    (time(user), time(system))
}

/// Returns the most memory that a process held, in KiB; 0 when it is over.
pub fn peak(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
