//! How the engines would answer everything that the store asks: every statement that it sends is explained, and none
//! reads a table that grows from its beginning to its end, or sorts what grows with it, but for those that are meant to.
//! PostgreSQL plans by what it knows of the rows, so there it is asked about a register of some thousand complaints.
//! SQLite plans by the schema alone: the program never has it gather statistics.

pub mod capture;
mod everything;
mod explain;
mod fill;
mod forgetting;
mod looking;
mod proposing;
mod signing_in;
mod taking_along;

use super::*;
use crate::support::repository;
use crate::support::source::sources;
use capture::statements;
use everything::everything;
use explain::Explainer;
use explain::Wrong::{self, ReadWhole, Sorted, TiesSorted};
use fill::fill;
use std::collections::BTreeSet;

/// What may read or sort without a bound: a part of its text, what it may, and why.
const MEANT: &[(&str, &[Wrong], &str)] = &[
    (" copied", &[ReadWhole, Sorted], "a copy of the database is of all of it"),
    (
        "WITH groups_of AS MATERIALIZED",
        &[Sorted],
        "a report sums the complaints of its period, into groups of which there are few",
    ),
    (
        "cancelled_at IS NULL AND replaced_at IS NULL)) GROUP BY name",
        &[Sorted],
        "a report counts the terms that ended within its period, into as many groups as terms have names",
    ),
    (
        "GROUP BY survey_step",
        &[Sorted],
        "a report counts the complaints that were asked within its period, into a group for each answer",
    ),
    (
        "GROUP BY d.name, d.owner",
        &[ReadWhole, Sorted],
        "who oversees counts all terms that run, and no others",
    ),
    (
        "GROUP BY c.responsible",
        &[ReadWhole, Sorted],
        "who oversees counts the complaints that are open, and no others",
    ),
    (
        "GROUP BY substr(c.received_on, 1, 7)",
        &[ReadWhole, Sorted],
        "who oversees counts the intake of two years by month",
    ),
    (
        "JOIN complaints c ON c.id = n.complaint_id WHERE d.state = ",
        &[Sorted, ReadWhole, TiesSorted],
        "who oversees looks at messages that are stuck: as many are sorted as there are",
    ),
    (
        "SELECT d.complaint_id, d.name, d.instance, d.due FROM deadlines d",
        &[Sorted, TiesSorted],
        "what waits for somebody: each concern ends after a page; PostgreSQL sorts where it reckons with few of one person, or \
         goes through the ends of all where most are of one role",
    ),
    (
        "FROM complaints c WHERE 1 = 1 AND c.state IN",
        &[Sorted, ReadWhole],
        "what is open: an index gives each state in order, of which as many are sorted as fill a page; or the register, as below",
    ),
    (
        "ORDER BY c.received_on DESC, c.received_at DESC, c.id DESC LIMIT",
        &[ReadWhole],
        "the register in the order of an index, until a page is full",
    ),
    ("ORDER BY c.received_on, c.received_at, c.id LIMIT", &[ReadWhole], "the register, as above"),
    (
        "ON CONFLICT (id) DO UPDATE SET intake_id = excluded.intake_id",
        &[ReadWhole],
        "SQLite looks for rows that refer to a complaint only where one referred to it before it was there; it would each \
         time if the key were among what is set",
    ),
    (
        "SELECT id, intake_id, number, state, facts, terms FROM complaints",
        &[ReadWhole],
        "`audit verify` compares the whole trail with all facts",
    ),
    ("met_at, cancelled_at, breached_at, paused_at FROM deadlines", &[ReadWhole], "`audit verify`, as above"),
    (
        "SELECT complaint_id, version, ordinal, id FROM notifications",
        &[ReadWhole],
        "`audit verify`, as above",
    ),
    ("SELECT complaint_id, COUNT(*) AS mails FROM mails", &[ReadWhole], "`audit verify`, as above"),
    ("SELECT data, seq FROM events WHERE kind = $1", &[ReadWhole], "`audit verify`, as above"),
    (
        "SELECT digest_id, notification_id, position, line FROM digest_lines",
        &[ReadWhole],
        "`audit verify`, as above",
    ),
    (
        "SELECT notification_id FROM gathered WHERE state = 'left_out'",
        &[ReadWhole],
        "`audit verify`, as above",
    ),
    (
        "FROM events WHERE kind = $1 ORDER BY seq DESC LIMIT 1",
        &[ReadWhole, Sorted],
        "`audit verify` looks for a seal in the whole trail",
    ),
    (
        "FROM complaints WHERE number IS NOT NULL",
        &[ReadWhole, Sorted],
        "the register is written out, of each complaint its key first",
    ),
    (
        "FROM register ORDER BY number",
        &[ReadWhole, Sorted],
        "the demonstration shows the register that it has made",
    ),
    (
        "FROM events WHERE rule IS NOT NULL AND kind IN",
        &[ReadWhole, Sorted],
        "`clauses` counts what rules have ever done, and an audit pack what they did in its year",
    ),
    (
        "SELECT COUNT(*) AS counted FROM mail_sightings",
        &[ReadWhole],
        "`doctor --json` counts mails that came twice, which are few",
    ),
    (
        "SELECT finished_at FROM deliveries WHERE plugin = $1",
        &[ReadWhole],
        "the newest that a plugin's target took ends the search; PostgreSQL goes through those of all where most are its own",
    ),
    (
        "FROM deliveries WHERE state = 'accepted' AND finished_at >=",
        &[ReadWhole],
        "somebody has sent again what had arrived; nothing is locked while it is looked for",
    ),
    (
        "SELECT DISTINCT complaint_id FROM events",
        &[ReadWhole, Sorted],
        "a plugin is sent what it missed: the trail is read once, and nothing is locked",
    ),
    (
        "FROM notifications WHERE at >= $1 ORDER BY at, id",
        &[ReadWhole, Sorted],
        "a plugin is sent what it missed, as above",
    ),
    (
        "FROM notifications WHERE at >= $1 AND id IN",
        &[Sorted],
        "what an outage has stranded is sorted, and no more",
    ),
    (
        "AND due < $1 GROUP BY name",
        &[Sorted],
        "terms that are overdue are sorted by their name to be counted, and no others",
    ),
    (
        "FROM deliveries WHERE created_at >= $1 AND state = 'queued'",
        &[Sorted, TiesSorted],
        "somebody looks at what waits: as much is sorted as waits",
    ),
    (
        "FROM deliveries WHERE created_at >= $1 AND state = 'dead'",
        &[Sorted, TiesSorted],
        "somebody looks at dead letters: as many are sorted as there are",
    ),
    (
        "ORDER BY created_at DESC, id LIMIT",
        &[TiesSorted],
        "what was decided at one instant, which one commit holds",
    ),
    (
        "FROM complaints WHERE is_live = 0 ORDER BY id DESC LIMIT",
        &[ReadWhole],
        "a plan looks at the newest that are finished, and passes over those that are live, which it decides on anyway",
    ),
    (
        "ORDER BY v.hour DESC, v.complaint_id DESC, v.email DESC LIMIT",
        &[TiesSorted],
        "who looked at what: the looks of one hour are sorted, and no others",
    ),
    ("WHERE n.complaint_id IS NULL", &[Sorted], "all notices that belong to no complaint, in their order"),
];

/// The words by which a text of the store is known for SQL.
const WORDS: [&str; 20] = [
    "SELECT ",
    "FROM ",
    "WHERE ",
    "UPDATE ",
    "DELETE ",
    "INSERT ",
    "SET ",
    "ORDER BY",
    "GROUP BY",
    "LIMIT ",
    "AND ",
    "OR ",
    "IN ",
    "UNION",
    "EXISTS",
    "RETURNING",
    "CONFLICT",
    "VACUUM",
    "IS NULL",
    "PRAGMA ",
];

#[tokio::test]
async fn nothing_that_grows_is_read_whole_or_sorted() {
    let mut sent = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    let engines = std::cell::RefCell::new((&mut sent, &mut wrong, &mut used));
    on_each_engine(async |url| {
        let of_engine = statements(async {
            let store = open(url).await;
            contract(&store).await;
            everything(&store).await;
            let pool = pool_of(url).await;
            sqlx::query("UPDATE complaints SET terms = NULL WHERE id = 1").execute(&pool).await.unwrap();
            sqlx::query("UPDATE meta SET value = '3' WHERE name = 'search_below'")
                .execute(&pool)
                .await
                .unwrap();
            pool.close().await;
            store.cases().load(&[ComplaintId(1)]).await.unwrap();
            assert_eq!(store.search().fill().await.unwrap(), 0);
            store.close().await;
        })
        .await;
        let pool = pool_of(url).await;
        let is_sqlite = url.starts_with("sqlite");
        if !is_sqlite {
            fill(&pool).await;
        }
        pool.close().await;
        let explainer = Explainer::connect(url).await;
        for sql in of_engine.iter().filter(|sql| is_planned(sql)) {
            let meant = MEANT.iter().find(|(part, ..)| sql.contains(part));
            let mut findings = explainer.findings(sql).await;
            let (_, wrong, used) = &mut *engines.borrow_mut();
            if let Some((part, may, _)) = meant {
                let is_used = findings.iter().any(|(finding, _)| may.contains(finding));
                used.extend(is_used.then_some(*part));
                findings.retain(|(finding, _)| !may.contains(finding));
            }
            if !findings.is_empty() {
                let engine = if is_sqlite { "SQLite" } else { "PostgreSQL" };
                wrong.push(format!("{engine}: {sql}\n    {findings:?}"));
            }
        }
        engines.borrow_mut().0.extend(of_engine);
    })
    .await;
    // What only the other engine needs is meant all the same.
    let useless =
        MEANT.iter().map(|(part, ..)| *part).filter(|part| are_both_asked() && !used.contains(part));
    wrong.extend(useless.map(|part| format!("meant, and not needed: {part}")));
    wrong.extend(not_sent(&sent).into_iter().map(|text| format!("of the store, and not sent: {text}")));
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is open is gone through state by state, each in the order that is asked for; by any other index of states SQLite would read
/// and sort all of it, which its plan does not tell apart.
#[tokio::test]
async fn what_is_open_is_gone_through_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("t.db").display());
    let sent = statements(async {
        let store = open(&url).await;
        looking::at_what_is_open(&store).await;
        store.close().await;
    })
    .await;
    let pages =
        sent.iter().filter(|sql| sql.contains("c.state IN") && sql.contains("ORDER BY c.received_on"));
    let (pool, mut looked_at) = (sqlx::SqlitePool::connect(&url).await.unwrap(), 0);
    for sql in pages {
        let plan = explain::steps(&pool, sql).await;
        assert!(
            plan.iter().any(|(_, step)| step.contains("USING INDEX complaints_in_state")),
            "{sql}\n{plan:?}"
        );
        looked_at += 1;
    }
    assert!(looked_at >= 2, "{sent:?}");
}

/// Returns whether a statement has a plan: what begins transactions, sets up connections and migrates has none.
fn is_planned(sql: &str) -> bool {
    ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"].iter().any(|word| sql.starts_with(word))
        && !sql.contains("_sqlx_migrations")
}

fn are_both_asked() -> bool {
    std::env::var_os("REDRESS_TEST_POSTGRES").is_some()
}

/// Names the texts of SQL in the store of which a part is in no statement that was sent. What only the other engine is
/// sent is looked for where both were asked.
fn not_sent(sent: &BTreeSet<String>) -> Vec<String> {
    let sent: Vec<String> = sent.iter().map(|sql| without_numbers(sql)).collect();
    let is_sent = |part: &str| sent.iter().any(|sql| sql.contains(part));
    let mut missing = Vec::new();
    for source in sources(&repository(), "src/store") {
        if ["/migrations.rs", "/test.rs"].iter().any(|end| source.path.ends_with(end))
            || (!are_both_asked()
                && ["/dialect.rs", "/processes.rs"].iter().any(|end| source.path.ends_with(end)))
        {
            continue;
        }
        // What begins a transaction is no statement to sqlx.
        let begins = |text: &str| text.starts_with("BEGIN") || text.ends_with("; BEGIN IMMEDIATE");
        let of_sql = source.literals.iter().filter(|l| !begins(&l.text));
        let of_sql = of_sql.filter(|l| WORDS.iter().any(|word| l.text.contains(word)));
        for literal in of_sql {
            let text = without_numbers(&literal.text.split_whitespace().collect::<Vec<_>>().join(" "));
            for part in text.split(['{', '}']).step_by(2).map(str::trim) {
                if part.len() > 3 && !is_sent(part) {
                    missing.push(format!("{}:{}: {part}", source.path, literal.line));
                }
            }
        }
        let text = std::fs::read_to_string(repository().join(&source.path)).unwrap();
        for column in text.split(".and_equal(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if !is_sent(&format!(" AND {column} = ?")) {
                missing.push(format!("{}: a condition on {column}", source.path));
            }
        }
    }
    missing
}

/// Returns a text whose parameters have no numbers.
fn without_numbers(sql: &str) -> String {
    let mut parts = sql.split('$');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        if part.starts_with('{') { format!("{text}{rest}") } else { format!("{text}?{rest}") }
    })
}
