//! A person at work while thousands of things happen at once: how long an action on the page takes from its confirmation
//! to its answer, which is after its commit, beside how long it takes when nothing else happens.

use super::browser::Browser;
use super::installation::Installation;
use super::server::{Server, edit_rules, listen};
use redress::clock::{Clock, SystemClock};
use sqlx::sqlite::SqliteConnection;
use std::time::Duration;

/// The complaints on which somebody acts, in turn.
const WORKED_ON: usize = 50;
/// The actions while nothing else happens.
const IDLE: usize = 100;
/// The pause between two actions.
const PAUSE: Duration = Duration::from_millis(20);
/// The longest that one event may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Who acts.
const HANDLER: &str = "behandelaar@lagant.nl";
/// Nobody listens there.
const DEAD: &str = "http://127.0.0.1:9/hook";

/// Something that happens to very many complaints at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// Mails come in, are decided and acknowledged.
    Mails,
    /// A term changes, and every complaint is looked at again.
    Rules,
    /// As many mails again, and every notice of them waits for a target that is dead as well.
    DeadTarget,
}

impl Event {
    const ALL: [Self; 3] = [Self::Mails, Self::Rules, Self::DeadTarget];

    fn name(self) -> &'static str {
        match self {
            Self::Mails => "mails come in",
            Self::Rules => "a term changes",
            Self::DeadTarget => "a dead target",
        }
    }

    fn begin(self, on: &Installation, mails: usize) {
        match self {
            Self::Mails => on.drop_mails(WORKED_ON..WORKED_ON + mails),
            Self::Rules => {
                let (before, after) = ("FIRST_REMINDER = days(14);", "FIRST_REMINDER = days(13);");
                edit_rules(on, "00_terms.rhai", before, after);
            }
            Self::DeadTarget => {
                on.add_webhook(DEAD);
                on.drop_mails(WORKED_ON + mails..WORKED_ON + 2 * mails);
            }
        }
    }

    /// Returns whether all of it is done; what a dead target is owed is not.
    async fn is_over(self, store: &mut SqliteConnection, mails: usize) -> bool {
        let complaints = |n: usize| format!("SELECT COUNT(*) = {n} FROM complaints WHERE number IS NOT NULL");
        // What waits for working hours is not late.
        let now = SystemClock.now().millis();
        let sent = format!(
            "SELECT COUNT(*) = 0 FROM deliveries WHERE plugin = 'mail' AND state = 'queued' AND next_at <= {now}"
        );
        let looked_at = "SELECT (SELECT COUNT(*) FROM publications) = 2 AND \
            (SELECT COUNT(DISTINCT evaluated_under) FROM complaints WHERE is_live = 1) = 1";
        let wanted = match self {
            Self::Mails => vec![complaints(WORKED_ON + mails), sent],
            Self::Rules => vec![looked_at.to_owned()],
            Self::DeadTarget => vec![complaints(WORKED_ON + 2 * mails), sent],
        };
        let mut is_over = true;
        for sql in &wanted {
            is_over &= sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut *store).await.unwrap();
        }
        is_over
    }
}

/// Prints for each event how long actions took meanwhile.
pub async fn play(mails: usize) {
    let on = Installation::new();
    listen(&on);
    on.drop_mails(0..WORKED_ON);
    let server = Server::start(&on);
    let mut person = server.signed_in(&on, HANDLER).await;
    let mut store = super::database::open(&on.data().join("redress.db")).await;
    let begun = SystemClock.elapsed();
    while !Event::is_over(Event::Mails, &mut store, 0).await {
        assert!(SystemClock.elapsed() - begun < PATIENCE, "the first mails are not taken in");
        tokio::time::sleep(PAUSE).await;
    }
    let numbers: Vec<String> =
        sqlx::query_scalar("SELECT number FROM complaints ORDER BY id").fetch_all(&mut store).await.unwrap();
    println!(
        "{:<16} {:>7} {:>8} {:>8} {:>10} {:>8} {:>8}",
        "meanwhile", "items", "seconds", "actions", "median ms", "p99 ms", "most ms"
    );
    let mut taken = Vec::new();
    for i in 0..IDLE {
        taken.push(act(&mut person, &numbers, i).await);
    }
    tell("nothing", 0, Duration::ZERO, taken);
    let mut acted = IDLE;
    for event in Event::ALL {
        let began = SystemClock.elapsed();
        let mut taken = Vec::new();
        event.begin(&on, mails);
        let mut is_over = false;
        while !is_over {
            taken.push(act(&mut person, &numbers, acted).await);
            acted += 1;
            tokio::time::sleep(PAUSE).await;
            let took = SystemClock.elapsed() - began;
            assert!(took < PATIENCE, "{} does not end: {}", event.name(), on.logged());
            // Asking costs something as well.
            is_over = acted.is_multiple_of(10) && event.is_over(&mut store, mails).await;
        }
        tell(event.name(), mails, SystemClock.elapsed() - began, taken);
    }
}

/// Does an action as a person does, and returns how long its confirmation took.
async fn act(person: &mut Browser, numbers: &[String], i: usize) -> Duration {
    let path = format!("/complaints/{}/actions/note_consultation", numbers[i % WORKED_ON]);
    let said = format!("Met de planner, de {}e keer", i + 1);
    let answer = ("a.consultation", said.as_str());
    let form = person.get(&path).await;
    let key = form.value("key");
    let mut seen = person
        .post(&path, &[("step", "look"), ("key", &key), ("version", &form.value("version")), answer])
        .await;
    // What changed meanwhile is shown before it is done.
    loop {
        let (version, digest) = (seen.value("version"), seen.value("seen"));
        let fields =
            [("step", "confirm"), ("key", &*key), ("version", &*version), ("seen", &*digest), answer];
        let began = SystemClock.elapsed();
        seen = person.post(&path, &fields).await;
        if seen.status == 303 {
            return SystemClock.elapsed() - began;
        }
        // 409: somebody else changed the complaint meanwhile, and the form is shown anew.
        assert!(matches!(seen.status, 200 | 409), "{}: {}", seen.status, seen.text());
    }
}

fn tell(meanwhile: &str, items: usize, took: Duration, mut taken: Vec<Duration>) {
    taken.sort();
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    println!(
        "{meanwhile:<16} {items:>7} {:>8.1} {:>8} {:>10.1} {:>8.1} {:>8.1}",
        took.as_secs_f64(),
        taken.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
