//! Servers under random load that are killed at random points: nothing is lost, doubled or sent unrecorded.
//!
//! `REDRESS_KILLS` says how often (50 without it), half of them on SQLite and half on PostgreSQL with two servers.
//! `REDRESS_KILLS_SEED` repeats a round: the same load, the same moments as far as a clock can.

mod chain;
mod checker;
mod dice;
mod installation;
mod load;
pub mod records;
mod target;

use crate::support::dovecot::{Dovecot, PASSWORD};
use checker::{Checker, assert_complete};
use dice::Dice;
use installation::Installation;
use load::Load;
use records::Records;
use std::time::Duration;
use target::Target;

/// The kills that one installation lives through before everything is compared.
const ROUND: usize = 25;
/// The longest life of a server in milliseconds.
const LIFE: usize = 1_800;

fn kills() -> usize {
    std::env::var("REDRESS_KILLS").map_or(50, |n| n.parse().unwrap())
}

fn seed() -> u64 {
    let random = || u64::from_be_bytes(redress::random::bytes());
    std::env::var("REDRESS_KILLS_SEED").map_or_else(|_| random(), |n| n.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_points_on_sqlite() {
    let mut left = kills().div_ceil(2);
    while left > 0 {
        let kills = left.min(ROUND);
        round("SQLite", 1, None, kills, seed()).await;
        left -= kills;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_points_with_two_servers_on_postgresql() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES");
        return;
    };
    let mut left = kills() / 2;
    while left > 0 {
        let kills = left.min(ROUND);
        let database = crate::store::fresh_database(&server).await;
        round("PostgreSQL, two servers", 2, Some(database), kills, seed()).await;
        left -= kills;
    }
}

/// Asserts that the events are a chain that the key in this file signed.
pub fn assert_chain(records: &Records, key: &std::path::Path) {
    chain::assert_intact(records, std::fs::read_to_string(key).unwrap().trim());
}

#[expect(clippy::print_stdout, reason = "whoever runs it at length reads how far it is, and what it found")]
/// One installation: killed so often under load, and then left in peace until nothing is due.
async fn round(what: &str, hosts: usize, postgres: Option<String>, kills: usize, seed: u64) {
    println!("{what}: {kills} kills, REDRESS_KILLS_SEED={seed}");
    let mut dice = Dice::new(seed);
    let (target, url) = Target::start(dice.fork()).await;
    let folder = tempfile::tempdir().unwrap();
    let mailbox = mailbox(folder.path());
    let settings = mailbox.as_ref().map_or_else(String::new, |m| mailbox_settings(m, folder.path()));
    let on = Installation::new(hosts, postgres, &settings, &url);
    let (mut load, mut checker, mut records) = (Load::default(), Checker::default(), Records::default());
    for _ in 0..kills {
        on.start();
        let victim = dice.below(hosts);
        let life = Duration::from_millis(dice.below(LIFE) as u64);
        target.fall_silent_at(if dice.percent(40) { 1 + dice.below(6) } else { 0 });
        let mut throws = dice.fork();
        // The load goes on while the server dies.
        std::thread::scope(|scope| {
            let (on_load, before) = (&on, &records);
            let (load, mailbox) = (&mut load, mailbox.as_ref());
            let working = scope.spawn(move || load.go_on(on_load, mailbox, before, &mut throws));
            tokio::task::block_in_place(|| {
                let dies = async { tokio::time::timeout(life, target.rung()).await };
                let _ = tokio::runtime::Handle::current().block_on(dies);
                on.kill(victim);
                working.join().unwrap();
            });
        });
        if hosts > 1 && dice.percent(30) {
            on.kill_all();
        }
        if !records.events.is_empty() || on.has_database() {
            records = checker.look(&on, &target).await;
        }
    }
    target.calm_down();
    on.start();
    load.try_again(&on);
    let reference = load.undisturbed(&on);
    records = quiet(&on, &load, &target, &mut checker).await;
    on.kill_all();
    assert_complete(&records, &load, &target, &reference);
    let verified = on.command(0, &["audit", "verify"]).status().unwrap();
    assert!(verified.success(), "{}", on.log(0));
    println!(
        "{what}: {kills} kills; {} mails, {} complaints, {} actions, {} deliveries, {} requests: nothing lost",
        load.sent.len(),
        records.complaints.len(),
        load.asked.len(),
        records.deliveries.len(),
        target.arrivals().len()
    );
}

/// Polls until nothing is due, and everything has arrived.
async fn quiet(on: &Installation, load: &Load, target: &Target, checker: &mut Checker) -> Records {
    for _ in 0..600 {
        let records = checker.look(on, target).await;
        let is_done = records.mails.len() >= load.sent.len()
            && records.triggers == 0
            && records.complaints.iter().all(|c| !c.is_due)
            && records.deliveries.iter().all(|d| d.state != "queued" || d.waits);
        if is_done && on.is_inbox_empty() {
            return records;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it does not come to rest: {}", on.log(0));
}

fn mailbox(folder: &std::path::Path) -> Option<Dovecot> {
    let files = crate::support::tls::certificates(folder);
    let dovecot = Dovecot::start(folder, &files, "http://127.0.0.1:9/?token=")?;
    dovecot.deliver("planning", Vec::new());
    std::fs::write(folder.join("imap-secret"), PASSWORD).unwrap();
    Some(dovecot)
}

fn mailbox_settings(dovecot: &Dovecot, folder: &std::path::Path) -> String {
    format!(
        "[[mailboxes]]\nname = \"planning\"\nhost = \"localhost\"\nport = {}\nsecurity = \"none\"\nusername = \"planning\"\n\
         password = {{ file = \"{}\" }}\npoll_seconds = 1\nprocessed = \"Verwerkt\"\nfrom = \"2020-01-01\"\n",
        dovecot.port,
        folder.join("imap-secret").display()
    )
}
