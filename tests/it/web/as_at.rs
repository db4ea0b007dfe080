//! The register and a complaint as at a date: what is told afterwards of a day is what stood there on that day.

use super::register::link;
use super::*;
use crate::support::clear_complaint;
use redress::calendar::Date;
use redress::complaint::{Complaint, ComplaintId, Deadline, Via};
use redress::workflow::{RegisterWish, Sequence, Stage};

const DIRECTOR: &str = "directeur@lagant.nl";

fn wish() -> RegisterWish {
    RegisterWish {
        stage: None,
        is_late: false,
        responsible: None,
        received: (None, None),
        at: None,
        sequence: Sequence::Newest(None),
    }
}

/// What is asked of a day, beside everything.
fn wishes() -> Vec<RegisterWish> {
    let state = |state: &str| Some(Stage::In(state.into()));
    vec![
        wish(),
        RegisterWish { stage: Some(Stage::Open), ..wish() },
        RegisterWish { stage: Some(Stage::Closed), sequence: Sequence::Oldest(None), ..wish() },
        RegisterWish { stage: state("in_treatment"), ..wish() },
        RegisterWish { is_late: true, ..wish() },
        RegisterWish { responsible: Some(HANDLER.to_owned()), ..wish() },
        RegisterWish { responsible: Some(DIRECTOR.to_owned()), ..wish() },
        RegisterWish { received: ("2026-11-25".parse().ok(), None), ..wish() },
    ]
}

/// What a day told on its own evening.
struct Evening {
    day: Date,
    cases: Vec<(ComplaintId, String)>,
    pages: Vec<Vec<String>>,
    cells: Vec<Vec<String>>,
}

/// The facts and terms of which the past is told, in words that can be compared.
fn told(c: &Complaint, terms: &[Deadline]) -> String {
    let terms: Vec<String> = terms
        .iter()
        .map(|d| format!("{} {} {:?} {:?} {:?}", d.name, d.instance, d.status(), d.due, d.paused_at()))
        .collect();
    let measures: Vec<_> = c.measures.iter().map(|m| (m.id, m.state.clone(), m.due)).collect();
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {measures:?} {terms:?}",
        c.state,
        c.number,
        c.responsible,
        c.complainant,
        c.description,
        c.promised_by,
        c.promised_by_original,
        c.decided_on,
        c.verdict,
        c.reasons,
        c.solution,
        c.cause,
        c.escalation,
        c.flags,
        c.extra,
    )
}

async fn evening(site: &Site, day: &str) -> Evening {
    site.app.until(&format!("{day} 23:59")).await;
    let reading = site.app.app.workflow.reading();
    let mut cases = Vec::new();
    for n in 1..=9 {
        if let Some(case) = reading.case(ComplaintId(n)).await.unwrap() {
            cases.push((case.id, told(&case.complaint, &reading.deadlines(case.id).await.unwrap())));
        }
    }
    let pages = pages(site, None).await;
    let cells = cells(site, None).await;
    let day: Date = day.parse().unwrap();
    site.app.until(&format!("{} 08:00", day.succ_opt().unwrap())).await;
    Evening { day, cases, pages, cells }
}

/// The rows of each wish, now or as at a day.
async fn pages(site: &Site, at: Option<Date>) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    for wish in wishes() {
        let wish = RegisterWish { at, ..wish };
        let page = site.app.app.workflow.register_page(RECEIVER, &wish, 50).await.unwrap();
        assert!(page.next.is_none());
        let rows = page.complaints.iter().map(|c| {
            let (late, promised) = (c.next_deadline, c.promised_by);
            format!("{:?} {} {:?} {late:?} {promised:?} {}", c.id, c.state, c.responsible, c.complainant)
        });
        pages.push(rows.collect());
    }
    pages
}

/// The cells of a spreadsheet.
async fn cells(site: &Site, at: Option<Date>) -> Vec<Vec<String>> {
    let workflow = &site.app.app.workflow;
    let page = workflow.register_page(RECEIVER, &RegisterWish { at, ..wish() }, 50).await.unwrap();
    let sheet = workflow.sheet(redress::complaint::Language::Dutch);
    page.complaints.iter().map(|c| sheet.cells(&c.facts)).collect()
}

async fn act(site: &Site, number: &str, action: &str, by: &str, input: &[(&str, &str)]) {
    let input = input.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
    let done = site.app.app.workflow.act(number, action, by, input, Via::CommandLine).await;
    done.unwrap_or_else(|e| panic!("{number} {action}: {e}"));
}

/// What lets a term wait, which nothing of the shipped procedure does.
const PAUSES: &str = r#"
action let_wait "Laten wachten" by ["handler"] when armed("limit") && !paused("limit") then { pause("limit"); }
action go_on "Verder" by ["handler"] when paused("limit") then { resume("limit"); }
"#;

/// Weeks in which something is done each few days, and what each evening told.
async fn weeks() -> (Site, Vec<Evening>) {
    let rules = crate::support::rules_copy();
    crate::support::at_once(rules.path());
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    std::fs::write(rules.path().join("95_pauses.rhai"), PAUSES).unwrap();
    let site = Site::of(Builder::default().rules(rules.path()), Door::Loopback).await;
    let mut evenings = vec![evening(&site, "2026-11-23").await];
    site.app.mail(&clear_complaint("jan@example.nl", "m1")).await;
    site.app.mail(&clear_complaint("piet@example.nl", "m2")).await;
    evenings.push(evening(&site, "2026-11-24").await);
    let asked = [("questions", "Op welke dag was het?")];
    act(&site, "K-2026-0001", "ask_information", HANDLER, &asked).await;
    act(&site, "K-2026-0001", "let_wait", HANDLER, &[]).await;
    let facts = [("arose_on", "2026-11-20"), ("description", "Parkeren in Utrecht")];
    act(&site, "K-2026-0002", "record_facts", HANDLER, &facts).await;
    evenings.push(evening(&site, "2026-11-25").await);
    site.app.mail(&clear_complaint("kees@example.nl", "m3")).await;
    let reply = clear_complaint("jan@example.nl", "m4").replace("Subject: ", "Subject: Re: K-2026-0001 ");
    site.app.mail(&reply).await;
    evenings.push(evening(&site, "2026-11-27").await);
    act(&site, "K-2026-0001", "go_on", HANDLER, &[]).await;
    let consulted = [("consultation", "Met de planner")];
    for number in ["K-2026-0001", "K-2026-0002"] {
        act(&site, number, "note_consultation", HANDLER, &consulted).await;
    }
    let decided = [
        ("verdict", "upheld"),
        ("reasons", "De plaatsen waren weg."),
        ("solution", "Parkeergeld terug"),
        ("solution_due", "2026-12-18"),
    ];
    act(&site, "K-2026-0001", "decide", HANDLER, &decided).await;
    let reason = [("reason", "Dit is te groot voor mij.")];
    act(&site, "K-2026-0002", "escalate_complaint", HANDLER, &reason).await;
    evenings.push(evening(&site, "2026-11-30").await);
    act(&site, "K-2026-0001", "agree", HANDLER, &[]).await;
    evenings.push(evening(&site, "2026-12-02").await);
    act(&site, "K-2026-0001", "solution_done", HANDLER, &[]).await;
    let cause = [
        ("cause_kind", "location"),
        ("cause", "Dubbel verhuurd"),
        ("structural", "ja"),
        ("measure", "Plaatsen laten bevestigen"),
        ("measure_due", "2026-12-18"),
    ];
    act(&site, "K-2026-0001", "evaluate", HANDLER, &cause).await;
    let confirmed = [("confirmation", "Per mail"), ("confirmed", "ja")];
    act(&site, "K-2026-0003", "withdraw", HANDLER, &confirmed).await;
    evenings.push(evening(&site, "2026-12-04").await);
    act(&site, "K-2026-0001", "approve_measure", DIRECTOR, &[("due", "2027-01-15")]).await;
    evenings.push(evening(&site, "2026-12-21").await);
    evenings.push(evening(&site, "2027-01-20").await);
    (site, evenings)
}

#[tokio::test]
async fn a_day_is_told_afterwards_as_it_was_on_its_evening() {
    let (site, evenings) = weeks().await;
    let workflow = &site.app.app.workflow;
    let states: std::collections::BTreeSet<&str> =
        evenings.iter().flat_map(|e| e.cases.iter().filter_map(|(_, told)| told.split(' ').next())).collect();
    assert!(states.len() >= 4, "the course is one: {states:?}");
    assert!(evenings.iter().any(|e| e.cases.iter().any(|(_, told)| told.contains("Paused"))));
    assert!(evenings.iter().any(|e| !e.pages[4].is_empty()), "something was late");
    for evening in &evenings {
        for n in 1..=9 {
            let then = workflow.as_at(ComplaintId(n), evening.day).await.unwrap();
            let then = then.map(|then| (ComplaintId(n), told(&then.complaint, &then.terms)));
            let was = evening.cases.iter().find(|(id, _)| *id == ComplaintId(n)).cloned();
            assert_eq!(then, was, "{} on {}", n, evening.day);
        }
        assert_eq!(pages(&site, Some(evening.day)).await, evening.pages, "{}", evening.day);
        assert_eq!(cells(&site, Some(evening.day)).await, evening.cells, "{}", evening.day);
    }

    // On the page: what was said and done until then, and nothing to do.
    let mut browser = site.signed_in(RECEIVER).await;
    let page = browser.get("/complaints/K-2026-0001?at=2026-11-25").await;
    let text = page.text();
    for said in ["aan het einde van", "Informatie vragen", "Op welke dag was het?", "wacht sinds"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for later in ["Parkeergeld terug", "gegrond", "Dubbel verhuurd", "/actions/"] {
        assert!(!page.body.contains(later), "{later}: {}", page.body);
    }
    let before = browser.get("/complaints/K-2026-0001?at=2026-11-23").await.text();
    assert!(before.contains("stond toen nog niet in het register"), "{before}");
    for wrong in ["x", "2026-13-01", "26-11-25", "-2026-11-1"] {
        assert_eq!(browser.get(&format!("/complaints/K-2026-0001?at={wrong}")).await.status, 400, "{wrong}");
        assert_eq!(browser.get(&format!("/register?at={wrong}")).await.status, 400, "{wrong}");
    }
    for edge in ["0001-01-01", "9999-12-31", "2500-01-01"] {
        assert_eq!(browser.get(&format!("/complaints/K-2026-0001?at={edge}")).await.status, 200, "{edge}");
        assert_eq!(browser.get(&format!("/register?at={edge}&late=1")).await.status, 200, "{edge}");
    }
    let register = browser.get("/register?at=2026-11-25&stage=open").await;
    assert!(register.text().contains("Zoals het register was"), "{}", register.text());
    assert!(register.body.contains("/complaints/K-2026-0001?at=2026-11-25"), "{}", register.body);
    let csv = browser.get("/register.csv?at=2026-11-25").await;
    assert!(csv.body.contains("K-2026-0001") && !csv.body.contains("Dubbel verhuurd"), "{}", csv.body);
    // What a complaint is as at a day is for those who may see it now.
    let mut nobody = site.browser();
    assert_eq!(nobody.get("/complaints/K-2026-0001?at=2026-11-25").await.status, 303);
    // A name that was removed since is not told again.
    act(&site, "K-2026-0003", "forget_early", DIRECTOR, &[("reason", "Verzoek van de klager")]).await;
    site.app.until("2027-01-22 09:00").await;
    let mut browser = site.signed_in(DIRECTOR).await;
    let forgotten = browser.get("/complaints/K-2026-0003?at=2026-11-27").await.text();
    assert!(!forgotten.contains("kees@") && !forgotten.contains("Kees"), "{forgotten}");
}

#[tokio::test]
async fn pages_of_a_day_hold_each_complaint_once() {
    let site = Site::open().await;
    super::register::fill(&site, 120).await;
    site.app.until("2026-11-24 10:00").await;
    for n in (1..=120).step_by(3) {
        let number = format!("K-2026-{n:04}");
        act(&site, &number, "withdraw", HANDLER, &[("confirmation", "Per mail"), ("confirmed", "ja")]).await;
    }
    let mut browser = site.signed_in(RECEIVER).await;
    for (query, count) in [
        ("at=2026-11-23&stage=open", 120),
        ("at=2026-11-24&stage=open", 80),
        ("at=2026-11-24&stage=closed&order=oldest", 40),
        ("at=2026-11-22", 0),
    ] {
        let (mut next, mut found) = (Some(format!("/register?{query}")), Vec::new());
        while let Some(path) = next {
            let page = browser.get(&path).await;
            let rows = page.body.split("<th scope=\"row\"").skip(1);
            found.extend(rows.filter_map(|row| Some(row.split_once("K-2026-")?.1.get(..4)?.to_owned())));
            next = link(&page, "next");
        }
        let all = found.len();
        found.sort();
        found.dedup();
        assert_eq!((all, found.len()), (count, count), "{query}");
    }
}

const CORRECT: &str = r#"
action correct_receipt "Ontvangst corrigeren" by ["handler"]
  asks #{ on: date("Dag") } when true then { complaint.received_at = input.on; }
"#;

/// By months a receipt was corrected, to later and to earlier: on the days before, it is found where it stood then.
#[tokio::test]
async fn a_complaint_is_found_however_far_its_receipt_was_corrected() {
    let rules = crate::support::rules_copy();
    crate::support::at_once(rules.path());
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    std::fs::write(rules.path().join("95_correct.rhai"), CORRECT).unwrap();
    let site = Site::of(Builder::default().rules(rules.path()), Door::Loopback).await;
    site.app.until("2026-11-24 09:00").await;
    for (from, id) in [("jan@example.nl", "m1"), ("piet@example.nl", "m2"), ("kees@example.nl", "m3")] {
        site.app.mail(&clear_complaint(from, id)).await;
    }
    let day = |text: &str| text.parse::<Date>().ok();
    let found = async |at: &str, received: (Option<Date>, Option<Date>)| {
        let mut all = Vec::new();
        for sequence in [
            Sequence::Newest(None),
            Sequence::Oldest(None),
            Sequence::Number { beginning: String::new(), after: None },
        ] {
            let wish = RegisterWish { at: day(at), received, sequence, ..wish() };
            let page = site.app.app.workflow.register_page(RECEIVER, &wish, 50).await.unwrap();
            assert!(page.next.is_none());
            let mut numbers: Vec<String> =
                page.complaints.iter().map(|c| c.facts.number.as_ref().unwrap().to_string()).collect();
            numbers.sort();
            all.push(numbers);
        }
        assert!(all.windows(2).all(|two| two[0] == two[1]), "{at} {received:?}: {all:?}");
        all.remove(0)
    };
    let three = ["K-2026-0001", "K-2026-0002", "K-2026-0003"];
    let november = (day("2026-11-24"), day("2026-11-24"));
    site.app.until("2026-11-25 10:00").await;
    assert_eq!(found("2026-11-24", november).await, three);
    site.app.until("2027-02-20 10:00").await;
    act(&site, three[0], "correct_receipt", HANDLER, &[("on", "2027-02-10")]).await;
    act(&site, three[1], "correct_receipt", HANDLER, &[("on", "2025-06-01")]).await;
    // Of others that came later nothing is told of the days before.
    site.app.mail(&clear_complaint("eva@example.nl", "m4")).await;
    site.app.until("2027-02-22 10:00").await;
    for received in [(None, None), november, (day("2026-11-20"), None), (None, day("2026-11-30"))] {
        assert_eq!(found("2026-11-25", received).await, three, "{received:?}");
        assert_eq!(found("2027-02-19", received).await, three, "{received:?}");
    }
    assert!(found("2026-11-23", (None, None)).await.is_empty());
    // From the correction on, each stands where it was corrected to.
    assert_eq!(found("2027-02-20", november).await, three[2..]);
    assert_eq!(found("2027-02-20", (day("2025-01-01"), day("2025-12-31"))).await, three[1..2]);
    assert_eq!(found("2027-02-20", (day("2027-02-01"), day("2027-02-15"))).await, three[..1]);
    assert_eq!(found("2027-02-20", (None, None)).await.len(), 4);
}
