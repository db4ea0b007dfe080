//! The figures of a report are those of plain loops over the facts, whatever the facts are, on both engines.

use crate::support::{Builder, TestApp, at, commit_all};
use redress::calendar::{Date, Moment};
use redress::complaint::{
    Case, Channel, Complaint, IntakeId, Language, MailKind, Measure, Name, Number, Party, Tally,
};
use redress::report::{Report, Unit};
use redress::store::{Commit, Filed, Filing, NewMail, Opening};
use std::collections::{BTreeMap, BTreeSet};

const NOW: &str = "2027-01-04 10:00";

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn of<'t>(&mut self, words: &[&'t str]) -> &'t str {
        words[self.below(words.len() as u64) as usize]
    }

    fn maybe<'t>(&mut self, words: &[&'t str]) -> Option<&'t str> {
        (self.below(4) > 0).then(|| self.of(words))
    }
}

/// Lives of complaints by the states they entered, with what each counts as by the words of the company.
const LIVES: &[(&[&str], &str)] = &[
    (&["received"], "complaint"),
    (&["received", "registered", "in_treatment"], "complaint"),
    (&["received", "in_treatment", "decided", "settled", "closed"], "complaint"),
    (&["received", "in_treatment", "withdrawn"], "withdrawn"),
    (&["received", "in_treatment", "withdrawn", "closed", "archived"], "withdrawn"),
    (&["received", "withdrawn", "in_treatment", "decided", "closed"], "complaint"),
    (&["received", "not_a_complaint"], "no_complaint"),
    (&["received", "not_a_complaint", "anonymised"], "no_complaint"),
    (&["received", "registered", "not_taken_up"], "declined"),
    (&["received", "registered", "not_taken_up", "closed", "archived", "anonymised"], "declined"),
    (&["received", "merged"], "merged"),
    (&["received", "in_treatment", "decided", "settled", "with_third_party"], "complaint"),
];

const VERDICTS: &[&str] = &["upheld", "partly_upheld", "not_upheld", "inadmissible"];
const AGREEMENTS: &[&str] = &["yes", "no", "no_reply"];
const CAUSES: &[&str] = &["information", "planning", "trainer", "other"];
const PLACES: &[&str] = &["Utrecht", "Zwolle"];

fn name(word: Option<&str>) -> Option<Name> {
    word.map(Name::from)
}

/// A complaint whose facts are at random, with what it counts as.
fn complaint(dice: &mut Dice, n: usize) -> (Complaint, &'static str) {
    let (states, kind) = LIVES[dice.below(LIVES.len() as u64) as usize];
    let received = at("2025-11-01 00:30").plus_millis(dice.below(420) as i64 * 86_400_000 + n as i64);
    let who = Party { name: "Geheim".to_owned(), email: format!("k{n}@example.nl") };
    let mut c = Complaint::received(
        IntakeId::from("I".to_owned()),
        states[states.len() - 1].into(),
        "s".to_owned(),
        who,
        received,
    );
    // Some of the states at one moment, and actions between them that are no states.
    let mut moment = received;
    for state in states {
        // What was ended and goes on counts as ended where both are of one moment.
        let may_be_at_once = kind != "complaint" || !states.contains(&"withdrawn");
        let hours = if may_be_at_once { dice.below(2) as i64 } else { 1 };
        moment = moment.plus_millis(hours * 3_600_000);
        c.last.insert(Name::from(*state), moment);
    }
    c.last.insert(Name::from("decide"), moment);
    let day = |days: i64| received_day(received) + chrono::Days::new(days.unsigned_abs());
    c.number = (dice.below(3) > 0).then(|| Number::new(2026, n as i64 + 1));
    c.promised_by = (dice.below(3) > 0).then(|| day(dice.below(90) as i64));
    c.promised_by_original = (dice.below(3) > 0).then(|| day(dice.below(60) as i64));
    c.decided_on = (dice.below(2) > 0).then(|| day(dice.below(120) as i64));
    (c.verdict, c.agreement) = (name(dice.maybe(VERDICTS)), name(dice.maybe(AGREEMENTS)));
    (c.ground, c.cause_kind) = (name(dice.maybe(&["too_late", "anonymous"])), name(dice.maybe(CAUSES)));
    c.escalation = name((dice.below(5) == 0).then_some("submitted"));
    c.channel = Channel::ALL[dice.below(Channel::ALL.len() as u64) as usize];
    c.flags = (0..dice.below(3)).map(|_| Name::from(dice.of(&["recurrence", "legal", "mandate"]))).collect();
    c.measures = (1..=dice.below(4) as u32)
        .map(|id| Measure {
            id,
            description: "Geheim".to_owned(),
            owner: "director".to_owned(),
            due: None,
            check_on: None,
            note: None,
            state: dice.of(&["proposed", "effective"]).into(),
        })
        .collect();
    if let Some(place) = dice.maybe(PLACES) {
        c.extra.insert("locatie".into(), place.into());
        c.extra.insert("trainer_naam".into(), "Geheim".into());
    }
    (c, kind)
}

fn received_day(at: Moment) -> Date {
    crate::support::amsterdam().day_of(at).unwrap()
}

/// Stores complaints as they are, as one decision each.
async fn stored(app: &TestApp, complaints: &[Complaint]) {
    let store = &app.app.store;
    let published = app.app.workflow.published();
    let filings = complaints.iter().enumerate().map(|(i, c)| {
        let mail = NewMail {
            received_at: at(NOW),
            source: "t".to_owned(),
            kind: MailKind::Complaint,
            message_id: format!("m{i}"),
            body_hash: "h".to_owned(),
            sender: c.complainant.email.clone(),
            subject: "s".to_owned(),
            body: "b".to_owned(),
            references: Vec::new(),
            attachments: Vec::new(),
            remarks: Vec::new(),
            history_at: None,
            cursor: None,
            raw: Vec::new(),
        };
        let c = c.clone();
        let complaint = Box::new(move |intake_id| Complaint { intake_id, number: None, ..c });
        Filing::Opens(Opening { mail, trigger: "{}".to_owned(), complaint })
    });
    let filed = store.mails().file(filings.collect(), at(NOW)).await.unwrap().unwrap();
    let commits = filed.iter().zip(complaints).map(|(filed, c)| {
        let Filed::Opened(id, intake_id) = filed else { panic!("{filed:?}") };
        let mut case = Case::new(*id, Complaint { intake_id: intake_id.clone(), ..c.clone() });
        case.version = 1;
        Commit {
            at: at(NOW),
            wake_at: None,
            is_live: true,
            stamp: "s".to_owned(),
            ruleset: "r".to_owned(),
            events: Vec::new(),
            deadlines: Vec::new(),
            notifications: Vec::new(),
            deliveries: Vec::new(),
            consumed: None,
            sent_draft: None,
            concerns_others: false,
            sender_changed: false,
            is_regrouped: false,
            is_reworded: false,
            concerns: Vec::new(),
            forgets: None,
            tally: Tally::of(c, received_day(c.received_at), published.ruleset.procedure()),
            late_from: None,
            is_handed_over: false,
            case,
        }
    });
    let written = commit_all(store, commits.collect()).await.written;
    assert_eq!(written.len(), complaints.len());
}

/// What a report must say, by plain loops.
fn expected(all: &[(Complaint, &str)], from: Date, to: Date, today: Date) -> BTreeMap<&'static str, i64> {
    let within = |c: &Complaint| (from..=to).contains(&received_day(c.received_at));
    let came: Vec<_> = all.iter().filter(|(c, _)| within(c)).collect();
    let count =
        |is: &dyn Fn(&Complaint, &str) -> bool| came.iter().filter(|(c, kind)| is(c, kind)).count() as i64;
    let is_complaint = |kind: &str| kind == "complaint" || kind == "declined";
    let decided = |c: &Complaint, kind: &str| kind == "complaint" && c.decided_on.is_some();
    let first = |c: &Complaint| c.promised_by_original.or(c.promised_by);
    let mut days: Vec<i64> = came
        .iter()
        .filter(|(c, kind)| decided(c, kind))
        .map(|(c, _)| (c.decided_on.unwrap() - received_day(c.received_at)).num_days())
        .collect();
    days.sort_unstable();
    let rank =
        |percent: usize| days.get((days.len() * percent).div_ceil(100).max(1) - 1).copied().unwrap_or(-1);
    [
        ("messages", came.len() as i64),
        ("received", count(&|_, k| is_complaint(k))),
        ("no_complaint", count(&|_, k| k == "no_complaint")),
        ("merged", count(&|_, k| k == "merged")),
        ("withdrawn", count(&|_, k| k == "withdrawn")),
        ("declined", count(&|_, k| k == "declined")),
        ("registered", count(&|c, k| is_complaint(k) && c.number.is_some())),
        ("decided", count(&|c, k| decided(c, k))),
        ("undecided", count(&|c, k| k == "complaint" && c.decided_on.is_none())),
        ("in_time", count(&|c, k| decided(c, k) && first(c).is_some_and(|p| c.decided_on.unwrap() <= p))),
        ("late", count(&|c, k| decided(c, k) && first(c).is_some_and(|p| c.decided_on.unwrap() > p))),
        (
            "overdue",
            count(&|c, k| k == "complaint" && c.decided_on.is_none() && first(c).is_some_and(|p| p < today)),
        ),
        ("awaiting_reply", count(&|c, k| decided(c, k) && c.agreement.is_none())),
        ("escalated", count(&|c, k| is_complaint(k) && c.escalation.is_some())),
        ("days_median", rank(50)),
        ("days_most", rank(90)),
        (
            "verdict gegrond",
            count(&|c, k| decided(c, k) && c.verdict.as_ref().is_some_and(|v| v.as_str() == "upheld")),
        ),
        (
            "agreement ja",
            count(&|c, k| decided(c, k) && c.agreement.as_ref().is_some_and(|v| v.as_str() == "yes")),
        ),
        (
            "cause trainer",
            count(&|c, k| is_complaint(k) && c.cause_kind.as_ref().is_some_and(|v| v.as_str() == "trainer")),
        ),
        (
            "ground anoniem ingediend",
            count(&|c, k| k == "declined" && c.ground.as_ref().is_some_and(|v| v.as_str() == "anonymous")),
        ),
        (
            "flag herhaling van een eerdere klacht",
            count(&|c, k| is_complaint(k) && c.flags.contains("recurrence")),
        ),
        ("channel telefoon", count(&|c, k| is_complaint(k) && c.channel == Channel::Phone)),
        (
            "place Utrecht",
            count(&|c, k| is_complaint(k) && c.extra.get("locatie").is_some_and(|p| p == "Utrecht")),
        ),
        (
            "measures",
            came.iter()
                .map(|(c, _)| c.measures.iter().filter(|m| m.state.as_str() == "effective").count() as i64)
                .sum(),
        ),
    ]
    .into()
}

/// What a report says, by the same names.
fn said(report: &Report) -> BTreeMap<&'static str, i64> {
    let figure = |name: &str| report.figures.iter().find(|f| f.name == name).and_then(|f| f.count);
    let row = |table: &str, label: &str| {
        let table = report.tables.iter().find(|t| t.name == table);
        let row = table.and_then(|t| t.rows.iter().find(|row| row.label == label));
        row.map_or(0, |row| row.counts[0].unwrap())
    };
    let names = [
        "messages",
        "received",
        "no_complaint",
        "merged",
        "withdrawn",
        "declined",
        "registered",
        "decided",
        "undecided",
        "in_time",
        "late",
        "overdue",
        "awaiting_reply",
        "escalated",
        "days_median",
        "days_most",
    ];
    let figures = names.into_iter().map(|n| (n, figure(n).unwrap_or(-1)));
    let rows = [
        ("verdict gegrond", row("verdicts", "gegrond")),
        ("agreement ja", row("agreements", "ja")),
        ("cause trainer", row("causes", "trainer")),
        ("ground anoniem ingediend", row("grounds", "anoniem ingediend")),
        ("flag herhaling van een eerdere klacht", row("flags", "herhaling van een eerdere klacht")),
        ("channel telefoon", row("channels", "telefoon")),
        ("place Utrecht", row("extra-locatie", "Utrecht")),
        ("measures", row("measures", "doeltreffend")),
    ];
    figures.chain(rows).collect()
}

async fn installation(database: &str) -> TestApp {
    let own = "[extra.locatie]\ntype = \"choice\"\noptions = [\"Utrecht\", \"Zwolle\"]\nnl = \"Locatie\"\nen = \"Location\"\n\
        [extra.trainer_naam]\ntype = \"text\"\nnl = \"Trainer\"\nen = \"Trainer\"\n";
    let config =
        if database.is_empty() { own.to_owned() } else { format!("[database]\nurl = \"{database}\"\n{own}") };
    Builder::default().config(&config).start(NOW).await
}

#[tokio::test]
async fn figures_are_those_of_plain_loops() {
    let mut databases = vec![String::new()];
    match std::env::var("REDRESS_TEST_POSTGRES") {
        Ok(server) => databases.push(crate::store::fresh_database(&server).await),
        Err(_) => assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES"),
    }
    let day = |text: &str| text.parse::<Date>().unwrap();
    let mut both = Vec::new();
    for database in databases {
        let app = installation(&database).await;
        let mut dice = Dice(17);
        let all: Vec<_> = (0..400).map(|n| complaint(&mut dice, n)).collect();
        let complaints: Vec<Complaint> = all.iter().map(|(c, _)| c.clone()).collect();
        stored(&app, &complaints).await;
        for (from, to) in [
            ("2026-01-01", "2026-12-31"),
            ("2026-10-01", "2026-12-31"),
            ("2026-03-05", "2026-03-05"),
            ("2020-01-01", "2020-12-31"),
        ] {
            let (from, to) = (day(from), day(to));
            let report = app.app.workflow.records().report((from, to), Language::Dutch).await.unwrap();
            assert_eq!(said(&report), expected(&all, from, to, day("2027-01-04")), "{database} {from} {to}");
            let open = report.clone().open();
            nothing_small(&open);
            for text in [
                redress::report::page(&report).unwrap(),
                redress::report::csv(&report),
                serde_json::to_string(&report).unwrap(),
            ] {
                assert!(!text.contains("Geheim") && !text.contains("example.nl"), "nothing of a person");
            }
            assert_eq!(
                redress::report::xlsx(&report).unwrap(),
                redress::report::xlsx(&report).unwrap(),
                "the same bytes"
            );
            both.push(report);
        }
    }
    let half = both.len() / 2;
    if half == 4 {
        assert_eq!(both[..half], both[half..], "both engines say the same");
    }
}

/// Nothing in an open report is one or two, and nothing that is can be reckoned from the rest of its column.
fn nothing_small(report: &Report) {
    let is_small = |n: Option<i64>| n.is_some_and(|n| n == 1 || n == 2);
    for f in report.figures.iter().filter(|f| f.unit == Unit::Complaints) {
        assert!(!is_small(f.count) && !is_small(f.of) && !is_small(f.before), "{f:?}");
        assert!(!is_small(f.of.zip(f.count).map(|(of, count)| of - count)), "{f:?}");
    }
    for table in &report.tables {
        for column in 0..table.columns.len() {
            let counts: Vec<Option<i64>> = table.rows.iter().map(|row| row.counts[column]).collect();
            assert!(!counts.iter().any(|n| is_small(*n)), "{table:?}");
            let left_out = counts.iter().filter(|n| n.is_none()).count();
            let others = counts.iter().flatten().any(|n| *n > 0);
            assert!(left_out != 1 || !others, "{table:?}");
        }
    }
    let names: BTreeSet<&str> = report.tables.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names.len(), report.tables.len(), "each table once");
}

#[tokio::test]
async fn a_month_in_which_nothing_came_in_stands_between_others() {
    let app = installation("").await;
    let mut dice = Dice(3);
    let mut all = (0..).map(|n| complaint(&mut dice, n)).filter(|(_, kind)| *kind == "complaint");
    let complaints: Vec<Complaint> = ["2026-01-20 09:00", "2026-04-02 09:00"]
        .into_iter()
        .map(|received| Complaint { received_at: at(received), ..all.next().unwrap().0 })
        .collect();
    stored(&app, &complaints).await;
    let year = ("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    let report = app.app.workflow.records().report(year, Language::Dutch).await.unwrap();
    let months = report.tables.iter().find(|t| t.name == "months").unwrap();
    let labels: Vec<&str> = months.rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["2026-01", "2026-02", "2026-03", "2026-04"]);
}

/// A file may be named without its folder.
#[test]
fn a_report_is_written_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    for form in ["html", "csv", "xlsx", "json"] {
        let file = format!("report.{form}");
        let written = std::process::Command::new(env!("CARGO_BIN_EXE_redress"))
            .current_dir(folder.path())
            .args(["--data", "data", "--clock", "2027-01-04T10:00:00+01:00", "--rules"])
            .arg(crate::support::repository().join("rules"))
            .arg("--plugins")
            .arg(crate::support::repository().join("plugins"))
            .args(["reports", "write", "2026", &file, "--form", form])
            .output()
            .unwrap();
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        assert!(std::fs::metadata(folder.path().join(file)).unwrap().len() > 500);
    }
}
