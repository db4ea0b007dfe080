//! The real program on a real folder, from mail to register, stage by stage: what each stage takes for each item, in time,
//! CPU, statements and syncs, beside the same rows, files and requests written bare in the same run.
//!
//! `just bench e2e N` plays N mails; `just bench e2e N statements` tells the statements of each stage as well;
//! `just bench e2e N mass` lets a person act while N mails come in, while all of them are looked at again, and while a
//! target is dead; `just bench e2e N shared` lets one process and then three do the work on a PostgreSQL; `just bench
//! e2e N growth` calls commands on registers of 1,000 complaints to N, and asks for every page on the large ones;
//! `just bench e2e N pages` asks for every page on a register of N. Those two work on SQLite, with `postgres` on PostgreSQL;
//! growth with `documents` writes what it found where the documents say it.
//!
//! Times are taken on one installation, and statements and syncs counted on a second one, which counting would slow
//! down. Allocations are not counted: they cannot be seen from outside.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it prints a table, and how far it is")]

mod bare;
#[expect(dead_code, reason = "the tests ask more of it")]
#[path = "../../tests/it/web/browser.rs"]
mod browser;
mod count;
mod database;
mod difference;
mod figures;
mod growth;
mod installation;
mod mails;
mod mass;
mod pages;
mod postgres;
mod receiver;
mod register;
mod server;
mod shared;
mod spend;
#[path = "../../src/cli/demo/spreadsheet.rs"]
mod spreadsheet;
mod stages;

use bare::Work;
use count::{Counts, count};
use difference::{between, names};
use growth::Into;
use installation::Installation;
use receiver::{RECEIVE, Receiver, receive};
use register::Engine;
use spend::{Spent, spend, spend_on};
use stages::{Scene, Stage};
use std::path::Path;
use tokio::runtime::Runtime;

/// The mails where nothing is said, as `cargo bench` does.
const FEW: usize = 200;
/// The statements of a stage that are told.
const TOLD: usize = 15;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let runtime = Runtime::new().unwrap();
    if let [first, file] = &arguments[..]
        && first == RECEIVE
    {
        return runtime.block_on(receive(Path::new(file)));
    }
    let mails = arguments.first().map_or(FEW, |n| n.parse().expect("a number of mails"));
    let says = |word: &str| arguments.iter().any(|a| a == word);
    if says("mass") {
        println!("{mails} mails; {}", load());
        return runtime.block_on(mass::play(mails));
    }
    let engine = if says("postgres") { Engine::Postgres } else { Engine::Sqlite };
    if says("pages") {
        println!("{}", load());
        return runtime.block_on(pages::play(engine, mails));
    }
    if says("growth") {
        println!("{}", load());
        let into = if says("documents") { Into::Documents } else { Into::Nowhere };
        return runtime.block_on(growth::play(mails, engine, into));
    }
    if says("shared") {
        let server = std::env::var("REDRESS_TEST_POSTGRES").expect("REDRESS_TEST_POSTGRES names a server");
        println!("{mails} mails; {}", load());
        return runtime.block_on(shared::play(&server, mails));
    }
    let tells_statements = says("statements");
    let place = tempfile::tempdir().unwrap();
    let receiver = Receiver::start(place.path().join("bodies"));
    let scene = Scene { mails, url: receiver.url.clone() };
    let timed = Installation::new();
    println!("{mails} mails; {}", load());
    heading();
    let mut spent = Vec::new();
    for stage in Stage::ALL {
        eprintln!("{} …", stage.name());
        spent.push(measure(&runtime, stage, &timed, &scene, &receiver, place.path()));
    }
    drop(timed);
    let counted = Installation::new();
    let mut told = Vec::new();
    for (stage, (own, bare)) in Stage::ALL.into_iter().zip(spent) {
        let counts = runtime.block_on(count(stage, &counted, &scene));
        line(stage, &scene, own, bare, &counts);
        told.push((stage, counts));
    }
    println!("{}", load());
    if tells_statements {
        told.iter().for_each(|(stage, counts)| tell(*stage, counts));
    }
}

/// Plays a stage, and then writes bare what it left behind.
fn measure(
    runtime: &Runtime,
    stage: Stage,
    installation: &Installation,
    scene: &Scene,
    receiver: &Receiver,
    place: &Path,
) -> (Spent, Spent) {
    let (database, outbox) = (installation.data().join("redress.db"), installation.data().join("outbox"));
    runtime.block_on(stage.prepare(installation, scene));
    if let Some(call) = stage.before() {
        spend_on(installation, &call);
    }
    let (before, bare) = (place.join("before.db"), place.join("bare.db"));
    std::fs::copy(&database, &before).unwrap();
    let (files, bodies) = (names(&outbox), receiver.bodies().len());
    let own = spend(stage, installation, scene);
    if matches!(stage, Stage::Report | Stage::Register) {
        return (own, bare::read_complaints(runtime, &database));
    }
    let new = names(&outbox).into_iter().filter(|file| !files.contains(file));
    let work = Work {
        tables: runtime.block_on(between(&before, &database)),
        files: new.map(|file| std::fs::read(file).unwrap()).collect(),
        bodies: receiver.bodies().split_off(bodies),
        url: receiver.url.clone(),
    };
    std::fs::rename(&before, &bare).unwrap();
    let folder = place.join("outbox");
    let written = work.write(runtime, &bare, &folder);
    std::fs::remove_dir_all(folder).unwrap();
    (own, written)
}

fn heading() {
    println!(
        "{:<20} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7} {:>8} {:>8} {:>6} {:>6}",
        "stage",
        "items",
        "wall s",
        "user s",
        "sys s",
        "cpu ms/i",
        "stmts/i",
        "syncs/i",
        "peak MB",
        "bare s",
        "wall×",
        "cpu×"
    );
}

fn line(stage: Stage, scene: &Scene, own: Spent, bare: Spent, counts: &Counts) {
    let n = stage.items(scene) as f64;
    let seconds = |d: std::time::Duration| d.as_secs_f64();
    println!(
        "{:<20} {:>6} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7} {:>8.0} {:>8.2} {:>6.1} {:>6.1}",
        stage.name(),
        n,
        seconds(own.wall),
        seconds(own.user),
        seconds(own.system),
        seconds(own.cpu()) * 1_000.0 / n,
        counts.statements as f64 / n,
        counts.syncs.map_or("-".to_owned(), |syncs| format!("{:.2}", syncs as f64 / n)),
        own.peak_kib as f64 / 1_024.0,
        seconds(bare.wall),
        seconds(own.wall) / seconds(bare.wall).max(0.001),
        seconds(own.cpu()) / seconds(bare.cpu()).max(0.01),
    );
}

fn tell(stage: Stage, counts: &Counts) {
    println!("\n{}: {} statements", stage.name(), counts.statements);
    counts.most_frequent(TOLD).iter().for_each(|(times, text)| println!("{times:>8}  {text}"));
}

/// What else the machine is doing.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("load of the last minutes: {}", load.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}
