//! Groups of complaints and terms that wait (docs/semantics.md 3.4, 7), through the whole program.

use crate::cli::{redress, stdout};
use crate::faults::line::{Line, Side};
use crate::support::{Builder, MAIL_PLUGIN, TestApp, at, clear_complaint, repository, rules_copy};
use redress::complaint::{ComplaintId, EventKind, Via};
use redress::rules::RulesetSource;
use redress::store::Audit;
use redress::workflow::simulate::Assumptions;
use redress::workflow::{PlanOptions, Published};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const PLANNER: &str = "planner@lagant.nl";
const PEOPLE: &str = r#"
[[people]]
name = "Ontvanger"
email = "ontvanger@lagant.nl"
roles = ["receiver"]
[[people]]
name = "Behandelaar"
email = "behandelaar@lagant.nl"
roles = ["handler"]
[[people]]
name = "Directeur"
email = "directeur@lagant.nl"
roles = ["director"]
[[people]]
name = "Kwaliteit"
email = "kwaliteit@lagant.nl"
roles = ["quality_manager"]
[[people]]
name = "Planner"
email = "planner@lagant.nl"
roles = ["quality_manager"]
"#;

async fn start(rules: &Path, config: &str) -> TestApp {
    let builder = Builder::default().config(PEOPLE).config(config).rules(rules);
    builder.plugin("mail", MAIL_PLUGIN.to_owned()).start("2026-11-23 10:00").await
}

async fn act(app: &TestApp, number: &str, who: &str, action: &str, answers: &[(&str, &str)]) {
    let input: BTreeMap<String, Value> =
        answers.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect();
    app.app.workflow.act(number, action, who, input, Via::CommandLine).await.unwrap();
    app.app.turn().await.unwrap();
}

/// Takes in a complaint about an employee.
async fn complain(app: &TestApp, n: usize, about: &str) {
    app.mail(&clear_complaint(&format!("k{n}@klant{n}.example"), &format!("m{n}"))).await;
    let number = format!("K-2026-{n:04}");
    act(app, &number, "ontvanger@lagant.nl", "record_facts", &[("about", about)]).await;
}

fn patterns(notified: &[String]) -> usize {
    notified.iter().filter(|n| *n == "quality_manager pattern").count()
}

#[tokio::test]
async fn three_about_one_employee_are_told_once_and_not_to_that_employee() {
    let app = start(&repository().join("rules"), "").await;
    for n in 1..=2 {
        complain(&app, n, PLANNER).await;
    }
    complain(&app, 3, "behandelaar@lagant.nl").await;
    complain(&app, 4, PLANNER).await;
    complain(&app, 5, PLANNER).await;
    let mut told = Vec::new();
    for n in 1..=5 {
        told.push(patterns(&app.notified(&format!("K-2026-{n:04}")).await));
    }
    assert_eq!(told, [0, 0, 0, 1, 0], "the newest of three carries it");
    let mails = app.outbox();
    let mails: Vec<&String> =
        mails.iter().filter(|m| m.contains("3 klachten over dezelfde medewerker")).collect();
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].contains("To: kwaliteit@lagant.nl") || mails[0].contains("kwaliteit@lagant.nl"),
        "{}",
        mails[0]
    );
    assert!(!mails[0].lines().any(|l| l.starts_with("To:") && l.contains(PLANNER)), "{}", mails[0]);
    for n in ["K-2026-0001", "K-2026-0002", "K-2026-0004"] {
        assert!(mails[0].contains(n), "{}", mails[0]);
    }
    assert!(!mails[0].contains("K-2026-0003"));
    assert!(matches!(app.app.store.trail().verify().await.unwrap(), Audit::Holds { .. }));
    // The trail says how many there were and not which; whoever may look is told.
    let events = app.app.store.trail().events(ComplaintId(4)).await.unwrap();
    let fired = events.iter().find(|e| e.kind == EventKind::RuleFired && e.data.contains("group(")).unwrap();
    assert!(fired.data.contains("has 3") && !fired.data.contains("K-2026-0001"), "{}", fired.data);
    assert!(fired.personal.as_ref().unwrap().contains("K-2026-0001"));
    let why = app.app.workflow.why(ComplaintId(5)).await.unwrap().unwrap();
    let rule = why.rules.iter().find(|r| r.rule.starts_with("Meer klachten over dezelfde")).unwrap();
    let read = &rule.first_false().unwrap().read;
    assert!(
        read.iter().any(|r| r.starts_with("group(\"about\", 6 months) has 4: K-2026-0005, ")),
        "{read:?}"
    );
}

#[tokio::test]
async fn whoever_joins_wakes_the_others_and_who_falls_out_is_looked_at_then() {
    let rules = rules_copy();
    let file = rules.path().join("65_patterns.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    let extra = "\nrule \"Alleen nog deze\" when known(\"about\") && group(\"about\", days(2)).len() == 1 then { remark(\"alleen\"); }\n";
    std::fs::write(&file, text + extra).unwrap();
    let app = start(rules.path(), "").await;
    complain(&app, 1, PLANNER).await;
    app.clock.advance_to(at("2026-11-24 10:00"));
    complain(&app, 2, PLANNER).await;
    let alone = async |id| {
        let events = app.app.store.trail().events(ComplaintId(id)).await.unwrap();
        events.iter().filter(|e| e.kind == EventKind::Remarked).count()
    };
    assert_eq!((alone(1).await, alone(2).await), (1, 0));
    // The first was received on the 23rd, and counts until the end of the 25th.
    app.until("2026-11-25 23:59").await;
    assert_eq!((alone(1).await, alone(2).await), (1, 0));
    app.until("2026-11-26 00:00").await;
    assert_eq!((alone(1).await, alone(2).await), (2, 1), "each sees the other fall out, or itself");
    // Who is taken out of the group, and who comes in, is seen at once.
    complain(&app, 3, PLANNER).await;
    act(&app, "K-2026-0002", "ontvanger@lagant.nl", "record_facts", &[("about", "directeur@lagant.nl")])
        .await;
    assert_eq!((alone(1).await, alone(2).await, alone(3).await), (3, 2, 1));
}

#[tokio::test]
async fn a_plan_and_a_simulation_see_groups() {
    let rules = rules_copy();
    let app = start(rules.path(), "").await;
    for n in 1..=2 {
        complain(&app, n, PLANNER).await;
    }
    let file = rules.path().join("00_terms.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("PATTERN_COUNT = 3", "PATTERN_COUNT = 2")).unwrap();
    let source = RulesetSource::read(rules.path()).unwrap();
    let published = Arc::new(Published::load(source, &app.app.settings).unwrap());
    let plan = app.app.workflow.plan(published, PlanOptions::default(), &|_, _| {}).await.unwrap();
    assert_eq!(plan.messages.get("quality_manager pattern"), Some(&1), "{:?}", plan.messages);
    assert_eq!(plan.deadlines.get("pattern_review armed"), Some(&1));
    let assumed = "[[assume]]\nat = \"2026-11-24 10:00\"\naction = \"record_facts\"\nas = \"ontvanger@lagant.nl\"\ninput = { about = \"planner@lagant.nl\" }\n";
    let assumptions: Assumptions = toml::from_str(assumed).unwrap();
    complain(&app, 3, "directeur@lagant.nl").await;
    let until = Some("2026-11-30".parse().unwrap());
    let course = app.app.workflow.simulate(ComplaintId(3), until, &assumptions).await.unwrap();
    assert!(course.refused.is_empty(), "{:?}", course.refused);
}

/// A decision that asks for a group takes as many statements with many complaints in the register as with few.
#[tokio::test(flavor = "multi_thread")]
async fn the_cost_of_a_group_does_not_grow_with_the_register() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES");
        return;
    };
    let database = crate::store::fresh_database(&server).await;
    let (before, rest) = database.split_once('@').unwrap();
    let (address, name) = rest.split_once('/').unwrap();
    let line = Line::start(address);
    let config = format!(
        "[database]\nurl = \"{before}@127.0.0.1:{}/{name}?sslmode=disable&options=-c%20synchronous_commit%3Doff\"\n",
        line.port
    );
    let app = start(&repository().join("rules"), &config).await;
    let mut taken = Vec::new();
    for n in 1..=40 {
        app.mail(&clear_complaint(&format!("k{n}@klant{n}.example"), &format!("m{n}"))).await;
        let about = if n % 10 == 1 { PLANNER } else { "directeur@lagant.nl" };
        let answers = BTreeMap::from([("about".to_owned(), Value::from(about))]);
        let number = format!("K-2026-{n:04}");
        line.cut_at(usize::MAX, Side::Before);
        let workflow = &app.app.workflow;
        workflow
            .act(&number, "record_facts", "ontvanger@lagant.nl", answers, Via::CommandLine)
            .await
            .unwrap();
        taken.push(line.calm().1);
    }
    // The first two and the last two of the planner's: 2 and 4 in the group, 11 and 31 in the register. A connection that is new,
    // or has a statement for the first time, takes some more.
    let least = |of: [usize; 2]| of.map(|n| taken[n]).into_iter().min();
    assert_eq!(least([0, 10]), least([20, 30]), "{taken:?}");
    taken.sort_unstable();
    assert!(taken[35] - taken[0] <= 1, "{taken:?}");
    // Three questions are asked at once: two connections are opened at most.
    assert!(taken[39] - taken[0] <= 8, "{taken:?}");
}

#[tokio::test]
async fn a_term_that_waits_explains_itself() {
    let folder = repository().join("tests/fixtures/municipality");
    let config = std::fs::read_to_string(folder.join("redress.toml")).unwrap();
    let builder = Builder::default().config(&config).rules(&folder).plugin("mail", MAIL_PLUGIN.to_owned());
    let app = builder.start("2027-02-01 10:00").await;
    let raw = "From: Jan <jan@example.nl>\r\nSubject: Klacht over de balie\r\nMessage-ID: <b1@x>\r\n\r\nIk werd niet geholpen.\r\n";
    app.mail(raw).await;
    let due = async || {
        let deadlines = app.app.store.cases().deadlines(ComplaintId(1)).await.unwrap();
        deadlines.into_iter().find(|d| d.name.as_str() == "afdoen").unwrap()
    };
    assert_eq!(due().await.due, at("2027-03-16 00:00").plus_millis(-1));
    app.until("2027-03-03 17:00").await;
    act(&app, "K-2027-0001", "burgerzaken@gemeente.example", "aanvullen", &[("wat", "Welke balie was het?")])
        .await;
    assert_eq!(due().await.paused_at(), Some(at("2027-03-03 17:00")));
    // Nothing passes while it waits, whatever day it would have ended on.
    app.until("2027-03-29 10:00").await;
    let events = app.app.store.trail().events(ComplaintId(1)).await.unwrap();
    assert!(events.iter().all(|e| e.kind != EventKind::DeadlineBreached));
    act(&app, "K-2027-0001", "burgerzaken@gemeente.example", "aangevuld", &[]).await;
    let term = due().await;
    // 26 days more: 15 March becomes 10 April, a Saturday.
    assert_eq!(term.due, at("2027-04-13 00:00").plus_millis(-1), "{term:?}");
    let (data, config) = (app.folder.path().join("data"), app.folder.path().join("redress.toml"));
    redress::app::mark_rehearsal(&data, redress::clock::Clock::now(&app.clock)).unwrap();
    let places = ["--config", config.to_str().unwrap()];
    let said = |command: &str| {
        let output = redress(&data, &[&places[..], &[command, "K-2027-0001"]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        stdout(&output)
    };
    let ledger = "paused 2027-03-03 to 2027-03-29, 26 days added";
    assert!(said("why").contains(ledger), "{}", said("why"));
    assert!(said("show").contains(ledger), "{}", said("show"));
    assert!(matches!(app.app.store.trail().verify().await.unwrap(), Audit::Holds { .. }));
    app.until("2027-04-13 00:00").await;
    let breached = app.app.store.trail().events(ComplaintId(1)).await.unwrap();
    assert_eq!(breached.iter().filter(|e| e.kind == EventKind::DeadlineBreached).count(), 1);
    assert_eq!(app.app.store.trail().reconcile().await.unwrap(), []);
}
