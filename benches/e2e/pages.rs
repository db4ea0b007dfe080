//! How long the pages take on a register of any size: each page of the real server asked over and over, as a handler and as
//! the director, beside the same on a register of a few complaints.

use super::browser::Browser;
use super::figures::{self, MEMORY, PAGES, thousands};
use super::register::{Engine, Register};
use super::server::Server;
use redress::clock::{Clock, SystemClock};
use std::time::Duration;

/// How often each page is asked for.
const TIMES: usize = 200;
/// The complaints beside which others are many: as many as fill a page.
const FEW: usize = 200;
/// Who looks: a role and its person.
const PEOPLE: [(&str, &str); 2] = [("handler", "behandelaar@lagant.nl"), ("director", "directeur@lagant.nl")];

/// What the pages took on one register.
pub struct Looked {
    complaints: usize,
    /// For each person the pages in their order.
    taken: Vec<Vec<Taken>>,
    /// The most memory of the server, in MB, when all were answered.
    memory: u64,
}

/// What a page took.
struct Taken {
    status: u16,
    first: Duration,
    times: Vec<Duration>,
}

/// Prints what pages take on a few complaints and on so many.
pub async fn play(engine: Engine, complaints: usize) {
    let register = Register::make(engine, complaints).await;
    register.becomes_real().await;
    let many = look(&register, &Server::start(&register.on)).await;
    register.remove().await;
    println!("{}", table(&[look_at_few().await, many]));
}

/// Looks at the pages on a register of a few.
pub async fn look_at_few() -> Looked {
    let register = Register::make(Engine::Sqlite, FEW).await;
    register.becomes_real().await;
    look(&register, &Server::start(&register.on)).await
}

/// Looks at every page of a server.
pub async fn look(register: &Register, server: &Server) -> Looked {
    let mut taken = Vec::new();
    for (_, email) in PEOPLE {
        let mut browser = server.signed_in(&register.on, email).await;
        let mut of_person = Vec::new();
        for page in PAGES {
            let path = page.replace("{number}", &register.number).replace("{day}", &register.earlier_day());
            of_person.push(ask(&mut browser, &path).await);
        }
        taken.push(of_person);
    }
    Looked { complaints: register.complaints, taken, memory: server.peak_kib() / 1_024 }
}

/// Asks for a page over and over.
async fn ask(browser: &mut Browser, path: &str) -> Taken {
    let mut times = Vec::with_capacity(TIMES);
    let (status, first) = once(browser, path).await;
    for _ in 0..TIMES {
        times.push(once(browser, path).await.1);
    }
    times.sort();
    Taken { status, first, times }
}

async fn once(browser: &mut Browser, path: &str) -> (u16, Duration) {
    let began = SystemClock.elapsed();
    let answer = browser.get(path).await;
    (answer.status, SystemClock.elapsed() - began)
}

/// Writes a line for each page, and for each person and register a column: the middle and the 99th of a hundred, and the first.
pub fn table(looked: &[Looked]) -> String {
    let mut headings = vec!["page".to_owned()];
    for (role, _) in PEOPLE {
        headings.extend(looked.iter().map(|on| match on.complaints {
            FEW => format!("{role}, few"),
            many => format!("{role}, {}", thousands(many)),
        }));
    }
    let lines = PAGES.iter().enumerate().map(|(i, page)| {
        let of_person = |person: usize| looked.iter().map(move |on| on.taken[person][i].cell());
        (format!("`{page}`"), (0..PEOPLE.len()).flat_map(of_person).collect())
    });
    let held = (0..PEOPLE.len()).flat_map(|person| {
        looked.iter().map(move |on| match person + 1 {
            last if last == PEOPLE.len() => format!("{} MB", on.memory),
            _ => "—".to_owned(),
        })
    });
    let lines: Vec<_> = lines.chain([(MEMORY.to_owned(), held.collect())]).collect();
    figures::table(&headings, &lines)
}

impl Taken {
    /// Writes the middle and the slowest of a hundred, in milliseconds; and the first, where it took much longer.
    fn cell(&self) -> String {
        match self.status {
            200 => {}
            403 | 404 => return "—".to_owned(),
            status => panic!("a page is answered by {status}"),
        }
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        let at = |share: f64| millis(self.times[((self.times.len() - 1) as f64 * share) as usize]);
        let first = match millis(self.first) {
            first if first > 3.0 * at(0.99) => format!(", first {first:.0}"),
            _ => String::new(),
        };
        format!("{:.1} ({:.1}{first})", at(0.5), at(0.99))
    }
}
