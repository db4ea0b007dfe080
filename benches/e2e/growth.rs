//! How the cost of what people and the program do grows with the register: the demonstration's complaints in 1,000 copies,
//! 10,000 and so on, and the same commands on each.

use super::installation::{Call, Installation, PROGRAM};
use super::spend::{Own, Spent, spend_on};
use std::process::Command;
use std::time::Duration;

/// The size at which it begins; each next one is ten times as large.
const FIRST: usize = 1_000;
/// Just after the end of the demonstration.
const NOW: &str = "2026-11-16T12:00:02+01:00";

/// The commands, by the names that people have for them.
const COMMANDS: [(&str, &[&str]); 7] = [
    ("idle tick", &["tick"]),
    (
        "action",
        &[
            "act",
            "K-2026-0005",
            "note_consultation",
            "--input",
            "consultation=Met de planner",
            "--as",
            "behandelaar@lagant.nl",
        ],
    ),
    ("list", &["list"]),
    ("show", &["show", "K-2026-0001"]),
    ("register", &["register"]),
    ("report", &["reports", "show", "2026"]),
    ("rules plan", &["rules", "plan"]),
];

/// Prints a table: a line for each command, a column for each size up to `most`; time on the wall and peak memory of a
/// whole process, its start included.
pub fn play(most: usize) {
    let sizes = std::iter::successors(Some(FIRST), |n| Some(n * 10)).take_while(|n| *n <= most);
    let sizes: Vec<usize> = sizes.collect();
    let alone = demonstrate(&Installation::new(), 0);
    let columns: Vec<(Vec<Spent>, String)> = sizes.iter().map(|n| measure(*n, alone)).collect();
    let row = |name: &str, cells: Vec<String>| println!("| {name} | {} |", cells.join(" | "));
    row("complaints", sizes.iter().map(usize::to_string).collect());
    row("---", vec!["---".to_owned(); sizes.len()]);
    for (i, (name, _)) in COMMANDS.iter().enumerate() {
        row(name, columns.iter().map(|(spent, _)| cell(&spent[i])).collect());
    }
    row("made at, size", columns.into_iter().map(|(_, made)| made).collect());
}

fn cell(spent: &Spent) -> String {
    format!("{:.0} ms, {} MB", spent.wall.as_secs_f64() * 1_000.0, spent.peak_kib / 1_024)
}

/// Makes a register of this size and measures the commands on it; says how fast it was made, beside the demonstration
/// itself, and how large it is.
fn measure(complaints: usize, alone: Duration) -> (Vec<Spent>, String) {
    eprintln!("{complaints} complaints …");
    let on = Installation::new();
    let took = demonstrate(&on, complaints).saturating_sub(alone).as_secs_f64();
    let spent = COMMANDS.iter().map(|(_, arguments)| spend_on(&on, &Call::new(NOW, arguments))).collect();
    let kilobytes = std::fs::metadata(on.data().join("redress.db")).unwrap().len() / 1_000;
    let each = kilobytes / complaints as u64;
    (spent, format!("{:.0}/s, {each} kB each", complaints as f64 / took))
}

/// Plays the demonstration with so many copies, and returns how long that took.
fn demonstrate(on: &Installation, copies: usize) -> Duration {
    std::fs::remove_dir_all(on.data()).unwrap();
    let mut command = Command::new(PROGRAM);
    on.command(&mut command, &["demo", "--complaints", &copies.to_string()]);
    let own = Own::start();
    let played = command.output().unwrap();
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    let took = own.spent().wall;
    // It leaves the folder of real work alone.
    std::fs::rename(on.beside("demo-data"), on.data()).unwrap();
    took
}
