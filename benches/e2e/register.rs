//! A register of any size, as a company has it that brought ten years of complaints along: nearly all were taken over from
//! spreadsheets, and one in a hundred came by mail some weeks ago, was answered, and has terms that run or are late.

use super::installation::{Call, Installation};
use super::postgres::Postgres;
use super::server::{keep_in, listen};
use super::spend::{Spent, spend_on};
use super::spreadsheet;
use super::stages::Done;
use chrono::{DateTime, Datelike, Days, TimeDelta, Utc};
use redress::clock::{Clock, SystemClock};
use sqlx::{AnyConnection, Connection};

/// Who takes an earlier register over.
const IMPORTER: &str = "kwaliteit@lagant.nl";
/// The rows of one spreadsheet.
const PART: usize = 100_000;
/// One complaint of so many came by mail.
const BY_MAIL: usize = 100;
/// The fewest that did, but no more than half of all.
const FEWEST_BY_MAIL: usize = 100;
/// The most mails that one tick takes in.
const ROUND: usize = 500;
/// Days before today: on the first the mails come in; by the second a term of each has passed, and not yet the day that was
/// promised.
const MAILS_CAME: i64 = 40;
const TERM_PASSED: i64 = 3;

/// The engine that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A register that was made, and what making it took.
pub struct Register {
    pub on: Installation,
    pub engine: Engine,
    pub complaints: usize,
    /// A complaint with terms that are late.
    pub number: String,
    /// All that was imported, and the most memory of a part.
    pub imported: (usize, Spent),
    /// The tick in which a term of every complaint that came by mail has passed, and how many those are.
    pub due: (usize, Spent),
    /// The bytes of the database for each that came by mail, and for each that was imported.
    pub bytes_each: (u64, u64),
    now: DateTime<Utc>,
    database: Option<Postgres>,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    async fn database(self) -> Option<Postgres> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => {
                let server = std::env::var("REDRESS_TEST_POSTGRES");
                Some(Postgres::make(&server.expect("REDRESS_TEST_POSTGRES names a server")).await)
            }
        }
    }
}

impl Register {
    /// Makes one, as a rehearsal whose time has come to now.
    pub async fn make(engine: Engine, complaints: usize) -> Self {
        eprintln!("{complaints} complaints on {} …", engine.name());
        let (on, database) = (Installation::new(), engine.database().await);
        listen(&on);
        if let Some(database) = &database {
            keep_in(&on, &database.url);
        }
        let now = DateTime::from_timestamp_millis(SystemClock.now().millis()).unwrap();
        let mut made = Self {
            on,
            engine,
            complaints,
            number: String::new(),
            imported: Default::default(),
            due: Default::default(),
            bytes_each: (0, 0),
            now,
            database,
        };
        let by_mail = (complaints / BY_MAIL).max(FEWEST_BY_MAIL).min(complaints / 2);
        made.call(MAILS_CAME, &["tick"]);
        let empty = made.bytes().await;
        made.take_in_mails(by_mail);
        let live = made.bytes().await;
        made.import(complaints - by_mail);
        made.bytes_each = (
            (live - empty) / by_mail as u64,
            made.bytes().await.saturating_sub(live) / made.imported.0.max(1) as u64,
        );
        made
    }

    /// Takes in mails, and lets time pass until all of them are late.
    fn take_in_mails(&mut self, mails: usize) {
        for first in (0..mails).step_by(ROUND) {
            self.on.drop_mails(first..mails.min(first + ROUND));
            self.call(MAILS_CAME, &["tick"]);
        }
        self.due = (mails, self.call(TERM_PASSED, &["--json", "tick"]));
        let done = Done::read(&self.on.printed());
        assert!(done.decisions >= mails, "a term of each has passed: {done:?}");
        self.call(0, &["--json", "list", "--limit", "1"]);
        let listed: serde_json::Value = serde_json::from_str(&self.on.printed()).unwrap();
        self.number = listed[0]["number"].as_str().unwrap().to_owned();
        self.call(0, &["tick"]);
    }

    fn import(&mut self, rows: usize) {
        let file = self.on.beside("register.csv");
        let path = file.display().to_string();
        for first in (0..rows).step_by(PART) {
            let part = first..rows.min(first + PART);
            let last = self.now.date_naive() - Days::new(1);
            spreadsheet::write(&file, part.clone(), rows, last).unwrap();
            let spent = self.call(0, &["import", &path, "--yes", "--as", IMPORTER]);
            let said = format!(": {} complaints", part.len());
            let printed = self.on.printed();
            assert!(
                printed.contains(&said),
                "{}",
                printed.lines().rev().take(3).collect::<Vec<_>>().join("\n")
            );
            tell(&part, spent);
            self.imported.0 += part.len();
            self.imported.1 = self.imported.1.plus(spent);
        }
        std::fs::remove_file(file).unwrap();
    }

    /// Calls the program some days before today.
    pub fn call(&self, days_before: i64, arguments: &[&str]) -> Spent {
        let at = (self.now - TimeDelta::days(days_before)).to_rfc3339();
        spend_on(&self.on, &Call::new(&at, arguments))
    }

    /// The year before this one, and all days from the first to the last of its complaints, as a report names them.
    pub fn periods(&self) -> (String, String) {
        let last = self.now.date_naive();
        let first = last - Days::new(spreadsheet::DAYS);
        ((last.year() - 1).to_string(), format!("{first}/{last}"))
    }

    /// A day on which those stood in it that came by mail, and no others yet.
    pub fn earlier_day(&self) -> String {
        (self.now - TimeDelta::days(TERM_PASSED)).date_naive().to_string()
    }

    /// Says of it that it is no rehearsal, so that it can be served.
    pub async fn becomes_real(&self) {
        std::fs::remove_file(self.on.data().join("rehearsal")).unwrap();
        let mut store = self.connect().await;
        let sql = "UPDATE meta SET value = 'real' WHERE name = 'purpose'";
        assert_eq!(sqlx::query(sql).execute(&mut store).await.unwrap().rows_affected(), 1);
        store.close().await.unwrap();
    }

    async fn bytes(&self) -> u64 {
        let sql = match self.database {
            // Not the size of the file: the newest pages may stand in the log beside it.
            None => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            Some(_) => "SELECT pg_database_size(current_database())",
        };
        let mut store = self.connect().await;
        let bytes: i64 = sqlx::query_scalar(sql).fetch_one(&mut store).await.unwrap();
        bytes as u64
    }

    async fn connect(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let file = || format!("sqlite:{}", self.on.data().join("redress.db").display());
        let url = self.database.as_ref().map_or_else(file, |database| database.url.clone());
        AnyConnection::connect(&url).await.unwrap()
    }

    /// Removes it, and what it left on a server.
    pub async fn remove(self) {
        if let Some(database) = self.database {
            database.remove().await;
        }
    }
}

fn tell(part: &std::ops::Range<usize>, spent: Spent) {
    let seconds = spent.wall.as_secs_f64();
    eprintln!(
        "imported rows {} to {}: {seconds:.1} s, {:.0} rows/s, {} MB",
        part.start + 1,
        part.end,
        part.len() as f64 / seconds,
        spent.peak_kib / 1_024
    );
}
