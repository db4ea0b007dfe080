//! Nobody acts. What our own people are mailed then, counted in the mails themselves: two complaints over 40 weeks, and
//! the demonstration, in which people do act.

use crate::cli::redress;
use crate::support::{TestApp, amsterdam, at, clear_complaint, rules_copy};
use chrono::{Datelike, NaiveDateTime, Timelike};
use redress::calendar::{Date, Moment};
use sqlx::{AnyConnection, Connection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The most mails that one of our own people gets in a week.
const IN_A_WEEK: usize = 5;

/// Messages of the shipped procedure that go at any hour: what is urgent, and the report, at the time of its schedule.
const URGENT: &[&str] = &[
    "escalated_to_director",
    "forward_receipt",
    "legal_alert",
    "meeting_declined",
    "meeting_dropped",
    "meeting_planned",
    "periodic_report",
    "report_open",
    "term_exceeded",
];

/// A mail to one of our own people.
#[derive(Debug)]
struct Mail {
    to: String,
    local: NaiveDateTime,
    moment: Moment,
    message: String,
    /// What it tells: complaint and message; more than one for a digest.
    things: Vec<(String, String)>,
}

/// What an installation mailed, and the moments at which its terms passed, by complaint.
struct Post {
    mails: Vec<Mail>,
    breaches: Vec<(String, Moment)>,
}

/// A row of the database in texts.
async fn rows(c: &mut AnyConnection, sql: &str) -> Vec<Vec<String>> {
    let found = sqlx::query(sql).fetch_all(c).await.unwrap();
    found
        .iter()
        .map(|row| (0..row.len()).map(|i| row.try_get::<String, _>(i).unwrap_or_default()).collect())
        .collect()
}

impl Post {
    /// Reads the mails in the outbox folder; the database says only of which message each is.
    async fn read(data: &Path) -> Self {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite:{}", data.join("redress.db").display());
        let mut c = AnyConnection::connect(&url).await.unwrap();
        let of_delivery = "SELECT d.id, n.id, n.message, COALESCE(c.number, c.intake_id, '') FROM deliveries d \
            JOIN notifications n ON n.id = d.notification_id AND n.recipient <> 'complainant' LEFT JOIN complaints c ON c.id = n.complaint_id";
        let carried = "SELECT l.digest_id, COALESCE(c.number, c.intake_id, ''), \
            CASE WHEN c.id IS NULL THEN l.line ELSE n.message END FROM digest_lines l \
            JOIN notifications n ON n.id = l.notification_id LEFT JOIN complaints c ON c.id = n.complaint_id \
            GROUP BY l.digest_id, l.position";
        let passed = "SELECT COALESCE(c.number, c.intake_id), CAST(d.breached_at AS TEXT) FROM deadlines d \
            JOIN complaints c ON c.id = d.complaint_id WHERE d.breached_at IS NOT NULL AND d.owner <> 'complainant'";
        let mut lines: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for row in rows(&mut c, carried).await {
            lines.entry(row[0].clone()).or_default().push((row[1].clone(), row[2].clone()));
        }
        let deliveries: BTreeMap<String, Vec<String>> =
            rows(&mut c, of_delivery).await.into_iter().map(|row| (row[0].clone(), row)).collect();
        let breaches = rows(&mut c, passed).await;
        let breaches =
            breaches.into_iter().map(|row| (row[0].clone(), Moment::from_millis(row[1].parse().unwrap())));
        let mut mails = Vec::new();
        for entry in std::fs::read_dir(data.join("outbox")).unwrap() {
            let text = String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap()).into_owned();
            let header = |name: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or_else(|| panic!("no {name}")).trim().to_owned()
            };
            let to = header("To:");
            if !to.ends_with("@lagant.nl") {
                continue;
            }
            let date = chrono::DateTime::parse_from_rfc2822(&header("Date:")).unwrap();
            let moment = Moment::from_millis(date.timestamp_millis());
            // A colleague may be a complainant: letters to them are not counted.
            let Some([_, notification, message, complaint]) =
                deliveries.get(&header("X-Redress-Id:")).map(|d| &d[..])
            else {
                continue;
            };
            let single = || vec![(complaint.clone(), message.clone())];
            let things = if message == "digest" { lines[notification].clone() } else { single() };
            let local = amsterdam().local(moment).unwrap();
            mails.push(Mail { to, local, moment, message: message.clone(), things });
        }
        mails.sort_by_key(|mail| mail.moment);
        Self { mails, breaches: breaches.collect() }
    }

    /// Prints how many mails each person got, how many in the fullest week, and how many of them were digests.
    #[expect(clippy::print_stdout, reason = "the figures, for whoever asks with --nocapture")]
    fn print(&self, story: &str) {
        let people: BTreeSet<&str> = self.mails.iter().map(|mail| mail.to.as_str()).collect();
        for person in people {
            let of: Vec<&Mail> = self.mails.iter().filter(|mail| mail.to == person).collect();
            let digests = of.iter().filter(|mail| mail.message == "digest").count();
            let (week, most) = self.weeks(person).into_iter().max_by_key(|(_, n)| *n).unwrap();
            println!(
                "{story}: {person}: {} mails, {digests} of them digests; {most} in week {week:?}",
                of.len()
            );
        }
    }

    /// Counts the mails of a person by ISO week.
    fn weeks(&self, person: &str) -> BTreeMap<(i32, u32), usize> {
        let mut weeks = BTreeMap::new();
        for mail in self.mails.iter().filter(|mail| mail.to == person) {
            let week = mail.local.iso_week();
            *weeks.entry((week.year(), week.week())).or_default() += 1;
        }
        weeks
    }

    /// Asserts what holds of any story.
    fn assert_bearable(&self) {
        for mail in &self.mails {
            let most = self.weeks(&mail.to).into_iter().max_by_key(|(_, n)| *n).unwrap();
            assert!(most.1 <= IN_A_WEEK, "{} gets {} in week {:?}", mail.to, most.1, most.0);
        }
        let mut told: BTreeSet<(&str, Date, &(String, String))> = BTreeSet::new();
        for mail in &self.mails {
            for thing in &mail.things {
                let is_new = told.insert((&mail.to, mail.local.date(), thing));
                assert!(is_new, "{} is told {thing:?} twice on {}", mail.to, mail.local.date());
            }
        }
        for mail in &self.mails {
            let is_open = amsterdam().is_open_day(mail.local.date()) && (8..18).contains(&mail.local.hour());
            let is_breach =
                self.breaches.iter().any(|(_, at)| at.millis() / 1_000 == mail.moment.millis() / 1_000);
            let may = is_open || is_breach || URGENT.contains(&mail.message.as_str());
            assert!(may, "{mail:?} went at night or on a day off");
        }
        for (complaint, passed) in &self.breaches {
            let tells = |mail: &&Mail| {
                mail.moment.millis() / 1_000 == passed.millis() / 1_000
                    && mail.things.iter().any(|(about, _)| about == complaint)
            };
            assert!(
                self.mails.iter().any(|mail| tells(&mail)),
                "{complaint} passed at {passed:?}: nobody hears"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_complaints_that_nobody_looks_at_for_forty_weeks() {
    let app = TestApp::start("2026-09-01 10:00").await;
    app.complaint("a1").await;
    app.until("2026-09-10 14:00").await;
    app.mail(&clear_complaint("piet@example.nl", "b1").replace("parkeren in Utrecht", "de zaal")).await;
    app.until("2027-06-08 10:00").await;
    let post = Post::read(&app.folder.path().join("data")).await;
    post.print("neglect");
    assert!(post.breaches.len() >= 6, "terms pass: {:?}", post.breaches);
    assert!(post.mails.iter().any(|mail| mail.message == "digest"), "something is gathered");
    assert!(at("2027-06-08 10:00") > post.mails.last().unwrap().moment);
    post.assert_bearable();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo-data");
    let rules = rules_copy();
    // What they are is tried elsewhere.
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    let played = redress(&data, &["--rules", rules.path().to_str().unwrap(), "demo"]);
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    let post = Post::read(&data).await;
    post.print("demo");
    assert!(post.mails.len() > 50, "{}", post.mails.len());
    post.assert_bearable();
}
