//! One process on a PostgreSQL, and three that share it: how many mails a second are taken in, decided, acknowledged and
//! recorded as accepted, by each.

use super::installation::Installation;
use super::postgres::Postgres;
use super::server::{Server, listen, share};
use redress::clock::{Clock, SystemClock};
use sqlx::{AnyConnection, Connection};
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(300);

/// Prints the rates, and what three are to one.
pub async fn play(server: &str, mails: usize) {
    let mut rates = Vec::new();
    println!("{:<10} {:>7} {:>8} {:>8}", "processes", "mails", "seconds", "mails/s");
    for processes in [1, 3] {
        let took = measure(server, processes, mails).await.as_secs_f64();
        rates.push(mails as f64 / took);
        println!("{processes:<10} {mails:>7} {took:>8.1} {:>8.0}", mails as f64 / took);
    }
    println!("three to one: {:.2}", rates[1] / rates[0]);
}

async fn measure(server: &str, processes: usize, mails: usize) -> Duration {
    let database = Postgres::make(server).await;
    let hosts: Vec<Installation> = (0..processes).map(|_| Installation::new()).collect();
    for on in &hosts {
        listen(on);
        share(on, &database.url);
    }
    let serving: Vec<Server> = hosts.iter().map(Server::start).collect();
    let mut store = AnyConnection::connect(&database.url).await.unwrap();
    eventually(&mut store, format!("SELECT COUNT(*) FROM processes HAVING COUNT(*) = {processes}")).await;
    let began = SystemClock.elapsed();
    for (i, on) in hosts.iter().enumerate() {
        on.drop_mails(i * mails / processes..(i + 1) * mails / processes);
    }
    let waits = format!("plugin = 'mail' AND state = 'queued' AND next_at <= {}", SystemClock.now().millis());
    eventually(
        &mut store,
        format!(
            "SELECT COUNT(*) FROM complaints WHERE number IS NOT NULL HAVING COUNT(*) = {mails} AND \
             (SELECT COUNT(*) FROM deliveries WHERE {waits}) = 0 AND (SELECT COUNT(*) FROM triggers) = 0"
        ),
    )
    .await;
    let took = SystemClock.elapsed() - began;
    drop(serving);
    database.remove().await;
    took
}

/// Polls until a question has an answer.
async fn eventually(store: &mut AnyConnection, question: String) {
    let began = SystemClock.elapsed();
    while sqlx::query(&question).fetch_optional(&mut *store).await.unwrap().is_none() {
        assert!(SystemClock.elapsed() - began < PATIENCE, "{question}");
        tokio::time::sleep(LOOK).await;
    }
}
