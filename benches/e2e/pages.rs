//! How long the pages take on a register of any size: the demonstration's complaints in so many copies, and the page of the real
//! program asked over and over, as a handler and as the director; beside it the same on the demonstration alone.

use super::browser::Browser;
use super::count::Counts;
use super::installation::{Installation, PROGRAM};
use redress::clock::{Clock, SystemClock};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How often each page is asked for.
const TIMES: usize = 200;
/// The roles as which somebody looks.
const ROLES: [&str; 2] = ["handler", "director"];
/// The pages, whoever asks.
const PAGES: [&str; 13] = [
    "/",
    "/register",
    "/register?stage=open&late=1",
    "/register?order=number",
    "/intake",
    "/oversight",
    "/complaints/K-2026-0005",
    "/complaints/K-2026-0005/views",
    "/search?q=klacht",
    "/search?q=cursus+docent",
    "/search?q=zonnebloem",
    "/search?q=K-2026-0005",
    "/me",
];
/// The log in which each statement stands.
const LOG: &str = "sqlx::query=debug,redress=warn";

/// The page of a demonstration that stands still.
struct Demonstration {
    process: Child,
    host: String,
    password: String,
    people: Vec<(String, String)>,
    on: Installation,
}

/// What a page took.
struct Taken {
    status: u16,
    bytes: usize,
    times: Vec<Duration>,
}

/// Prints a line for each role and page: the middle and the slowest of a hundred on the demonstration alone and with so many
/// copies beside it, what is sent, and the statements.
pub async fn play(copies: usize) {
    let counted = Demonstration::start(0, Some(LOG));
    let alone = Demonstration::start(0, None);
    eprintln!("{copies} copies …");
    let many = Demonstration::start(copies, None);
    println!("{copies} copies; {TIMES} times each; p50 and p99 in ms");
    println!(
        "{:<10} {:<32} {:>6} {:>7} {:>7} {:>9} {:>7} {:>7} {:>9} {:>10}",
        "role", "page", "status", "alone", "p99", "bytes", "copies", "p99", "bytes", "statements"
    );
    for role in ROLES {
        let mut browsers =
            (counted.signed_in(role).await, alone.signed_in(role).await, many.signed_in(role).await);
        for path in PAGES {
            let statements = counted.statements(&mut browsers.0, path).await;
            let (one, other) = (ask(&mut browsers.1, path).await, ask(&mut browsers.2, path).await);
            println!(
                "{role:<10} {path:<32} {:>6} {:>7.1} {:>7.1} {:>9} {:>7.1} {:>7.1} {:>9} {statements:>10}",
                other.status,
                one.at(0.5),
                one.at(0.99),
                one.bytes,
                other.at(0.5),
                other.at(0.99),
                other.bytes
            );
        }
    }
}

/// Asks for a page over and over.
async fn ask(browser: &mut Browser, path: &str) -> Taken {
    let first = browser.get(path).await;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = SystemClock.elapsed();
        browser.get(path).await;
        times.push(SystemClock.elapsed() - began);
    }
    times.sort();
    Taken { status: first.status, bytes: first.body.len(), times }
}

impl Taken {
    /// Returns a share of the times in milliseconds.
    fn at(&self, share: f64) -> f64 {
        self.times[((self.times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0
    }
}

impl Demonstration {
    fn start(copies: usize, log: Option<&str>) -> Self {
        let on = Installation::new();
        let mut command = Command::new(PROGRAM);
        on.command(&mut command, &["demo", "--complaints", &copies.to_string(), "--serve"]);
        command.envs(log.map(|log| ("REDRESS_LOG", log)));
        let logged = std::fs::File::create(on.beside("logged")).unwrap();
        let mut process = command.stderr(logged).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap) {
            let is_last = line.starts_with("Time stands still");
            lines.push(line);
            if is_last {
                break;
            }
        }
        let said =
            |before: &str| lines.iter().find_map(|line| line.strip_prefix(before)).unwrap_or_default().trim();
        let host = said("The page:").trim_start_matches("http://").trim_end_matches('/').to_owned();
        let password = said("Sign in with the password").trim_end_matches(" as").to_owned();
        let words = lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let people = words.filter(|w| w.len() > 1 && w[1].contains('@'));
        let people = people.map(|w| (w[0].to_owned(), w[1].to_owned())).collect();
        Self { process, host, password, people, on }
    }

    async fn signed_in(&self, role: &str) -> Browser {
        let email = self.people.iter().find(|(r, _)| r == role).map(|(_, email)| email.as_str()).unwrap();
        let mut person = Browser::new(&self.host);
        let signed = person.post("/sign-in", &[("address", email), ("password", &self.password)]).await;
        assert_eq!(signed.status, 303, "{}", signed.text());
        person
    }

    /// Returns how many statements a page sends, by the log; those that set up connections are over after the first look.
    async fn statements(&self, browser: &mut Browser, path: &str) -> usize {
        browser.get(path).await;
        let counted = || {
            let log = std::fs::read_to_string(self.on.beside("logged")).unwrap();
            Counts::of_log(&log).statements
        };
        // What is noted of a look is written behind the answer.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let before = counted();
        browser.get(path).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        counted() - before
    }
}

impl Drop for Demonstration {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
