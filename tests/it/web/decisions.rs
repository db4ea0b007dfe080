//! What waits for somebody's decision: found by who may take it, one by one or several at once, each decided on its own.

use super::browser::{Answer, Browser};
use super::*;
use redress::complaint::Via;

const DIRECTOR: &str = "directeur@lagant.nl";
const ARCHIVE: &str = "/bulk/archive_complaint";

async fn act(site: &Site, number: &str, by: &str, action: &str, input: &[(&str, &str)]) {
    let input = input.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
    site.app.app.workflow.act(number, action, by, input, Via::CommandLine).await.unwrap();
    site.app.app.turn().await.unwrap();
}

/// Complaints that are closed and wait for the archive.
async fn closed(site: &Site, count: usize) {
    for n in 1..=count {
        let mail = crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"));
        let subject = format!("Klacht over <b>parkeren</b> {n} in zaal");
        site.app.mail(&mail.replace("Klacht over parkeren in Utrecht", &subject)).await;
        let number = format!("K-2026-{n:04}");
        act(site, &number, HANDLER, "note_consultation", &[("consultation", "Met de planner besproken")])
            .await;
        let decision = [("verdict", "upheld"), ("reasons", "r"), ("solution", "s")];
        act(site, &number, HANDLER, "decide", &decision).await;
        act(site, &number, HANDLER, "agree", &[]).await;
        let cause =
            [("cause_kind", "location"), ("cause", "Te weinig plek voor auto's"), ("structural", "nee")];
        act(site, &number, HANDLER, "evaluate", &cause).await;
        assert_eq!(site.app.state(&number).await, "closed");
    }
    site.app.until("2027-01-18 10:00").await;
}

/// Sends a form as it was shown, by its button.
async fn confirm(browser: &mut Browser, path: &str, shown: &Answer, numbers: &[&str]) -> Answer {
    let names: Vec<String> = numbers.iter().map(|n| format!("c.{n}")).collect();
    let values: Vec<String> = names.iter().map(|name| shown.value(name)).collect();
    let key = shown.value("key");
    let mut fields: Vec<(&str, &str)> =
        names.iter().zip(&values).map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.extend([("key", key.as_str()), ("step", "confirm")]);
    browser.post(path, &fields).await
}

#[tokio::test]
async fn the_second_approval_waits_for_who_may_give_it() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let mut director = site.signed_in(DIRECTOR).await;
    let nothing = director.get("/decisions").await;
    assert_eq!(nothing.status, 200);
    assert!(nothing.text().contains("Er wacht niets op uw besluit."), "{}", nothing.text());
    let reasons = [("ground", "not_competent"), ("reasons", "Dit is niet voor ons bestemd.")];
    act(&site, "K-2026-0001", HANDLER, "propose_decline", &reasons).await;
    let page = director.get("/decisions").await;
    for said in
        ["Tweede akkoord (1)", "Niet in behandeling nemen", "Toch behandelen", "gevraagd op ma 23 nov"]
    {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    let mut handler = site.signed_in(HANDLER).await;
    assert!(!handler.get("/decisions").await.text().contains("Tweede akkoord"));
    act(&site, "K-2026-0001", DIRECTOR, "reject_decline", &[]).await;
    assert!(director.get("/decisions").await.text().contains("Er wacht niets"));
}

/// Who proposed it does not approve it, also with both roles.
#[tokio::test]
async fn nobody_approves_the_own_proposal() {
    let both = "[[people]]\nname = \"Bo\"\nemail = \"bo@lagant.nl\"\nroles = [\"handler\", \"director\"]\n\
        [[people]]\nname = \"Di\"\nemail = \"di@lagant.nl\"\nroles = [\"director\", \"receiver\", \"quality_manager\"]\n\
        [[people]]\nname = \"B\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\"]\n";
    let site = Site::of(Builder::default().config(both), Door::Loopback).await;
    site.app.complaint("m1").await;
    act(&site, "K-2026-0001", "di@lagant.nl", "assign", &[("handler", "bo@lagant.nl")]).await;
    let reasons = [("ground", "not_competent"), ("reasons", "Dit is niet voor ons bestemd.")];
    act(&site, "K-2026-0001", "bo@lagant.nl", "propose_decline", &reasons).await;
    const DECLINE: &str = "Niet in behandeling nemen";
    let (mut bo, mut di) = (site.signed_in("bo@lagant.nl").await, site.signed_in("di@lagant.nl").await);
    let own = bo.get("/decisions").await.text();
    assert!(!own.contains(DECLINE), "{own}");
    let other = di.get("/decisions").await.text();
    assert!(other.contains(DECLINE), "{other}");
    // Nor is it offered where the complaint itself stands, or by the address of its form; that it is for another is said.
    let form = di.get("/complaints/K-2026-0001").await.body;
    let form = form.split_once(DECLINE).unwrap().0.rsplit_once("href=\"").unwrap().1;
    let form = form.split_once('"').unwrap().0.replace("&#x2f;", "/");
    let own = bo.get("/complaints/K-2026-0001").await;
    assert!(!own.body.replace("&#x2f;", "/").contains(&form), "{}", own.body);
    assert!(own.text().split_once("Voor een ander").unwrap().1.contains(DECLINE), "{}", own.text());
    assert!(!bo.get("/").await.body.replace("&#x2f;", "/").contains(&form));
    assert_eq!([bo.get(&form).await.status, di.get(&form).await.status], [404, 200], "{form}");
}

#[tokio::test]
async fn several_are_decided_at_once_and_each_on_its_own() {
    let site = Site::open().await;
    closed(&site, 3).await;
    let mut director = site.signed_in(DIRECTOR).await;
    let page = director.get("/decisions").await;
    assert!(page.text().contains("Archiveren (3)"), "{}", page.text());
    assert!(page.body.contains("&lt;b&gt;parkeren") && !page.body.contains("<b>parkeren"));
    let none = director.post(ARCHIVE, &[]).await;
    assert_eq!(none.status, 422);
    assert!(none.text().contains("Kies eerst ten minste één klacht."), "{}", none.text());
    let chosen = [("c.K-2026-0001", "1"), ("c.K-2026-0002", "1"), ("c.K-2026-0009", "1"), ("c.<x>", "1")];
    let seen = director.post(ARCHIVE, &chosen).await;
    assert_eq!(seen.status, 200);
    for said in
        ["Er is nog niets gedaan.", "Bevestigen voor 2 klachten", "hier niet te vinden", "gearchiveerd"]
    {
        assert!(seen.text().contains(said), "{said}: {}", seen.text());
    }
    assert!(!seen.body.contains("c.<x>"));
    assert_eq!(site.app.state("K-2026-0001").await, "closed", "looking does nothing");
    // Somebody else is at one of them meanwhile: the other goes on.
    let measure = [("measure", "Meer borden"), ("owner", HANDLER)];
    act(&site, "K-2026-0002", HANDLER, "propose_measure", &measure).await;
    let numbers = ["K-2026-0001", "K-2026-0002"];
    let done = confirm(&mut director, ARCHIVE, &seen, &numbers).await;
    assert!(done.text().contains("Gedaan bij 1 van 2 klachten."), "{}", done.text());
    assert!(done.text().contains("Er is intussen iets veranderd."), "{}", done.text());
    let states = [site.app.state("K-2026-0001").await, site.app.state("K-2026-0002").await];
    assert_eq!(states, ["archived", "closed"]);
    // The same form once more does nothing more, and says the same.
    let again = confirm(&mut director, ARCHIVE, &seen, &numbers).await;
    assert!(again.text().contains("Gedaan bij 1 van 2 klachten."), "{}", again.text());
    let left = director.get("/decisions").await.text();
    assert!(left.contains("Archiveren (2)"), "{left}");
    // Who has not the role archives nothing, however the form is made.
    let mut handler = site.signed_in(HANDLER).await;
    let refused = handler.post(ARCHIVE, &[("c.K-2026-0003", "1")]).await;
    assert!(refused.text().contains("Dit kan nu niet bij deze klacht."), "{}", refused.text());
    let version =
        site.app.app.store.cases().load(&[redress::complaint::ComplaintId(3)]).await.unwrap()[0].version;
    let forged = [("c.K-2026-0003", version.to_string())];
    let forged: Vec<(&str, &str)> = forged.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let fields: Vec<(&str, &str)> = forged.into_iter().chain([("step", "confirm")]).collect();
    let refused = handler.post(ARCHIVE, &fields).await;
    assert!(refused.text().contains("Gedaan bij 0 van 1 klachten."), "{}", refused.text());
    assert_eq!(site.app.state("K-2026-0003").await, "closed");
    assert_eq!(handler.post("/bulk/nothing", &fields).await.status, 404);
}

/// What fails at one complaint undoes nothing at the others, and is said.
#[tokio::test]
async fn one_that_fails_holds_up_no_other() {
    use sqlx::Connection;
    let site = Site::open().await;
    closed(&site, 3).await;
    let mut director = site.signed_in(DIRECTOR).await;
    let numbers = ["K-2026-0001", "K-2026-0002", "K-2026-0003"];
    let chosen = numbers.map(|n| format!("c.{n}"));
    let chosen: Vec<(&str, &str)> = chosen.iter().map(|name| (name.as_str(), "1")).collect();
    let seen = director.post(ARCHIVE, &chosen).await;
    let url = format!("sqlite:{}", site.app.folder.path().join("data/redress.db").display());
    let mut database = sqlx::AnyConnection::connect(&url).await.unwrap();
    let refusal = "CREATE TRIGGER refusal BEFORE UPDATE ON complaints WHEN NEW.id = 2 BEGIN SELECT RAISE(ABORT, 'no'); END";
    sqlx::query(refusal).execute(&mut database).await.unwrap();
    let done = confirm(&mut director, ARCHIVE, &seen, &numbers).await;
    assert_eq!(done.status, 200);
    assert!(done.text().contains("Gedaan bij 2 van 3 klachten."), "{}", done.text());
    assert!(done.text().contains("Dit is niet gelukt."), "{}", done.text());
    sqlx::query("DROP TRIGGER refusal").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let mut states = Vec::new();
    for number in numbers {
        states.push(site.app.state(number).await);
    }
    assert_eq!(states, ["archived", "closed", "archived"]);
}

#[tokio::test]
async fn my_work_is_done_for_several_at_once() {
    let site = Site::open().await;
    for n in 1..=2 {
        let mail = crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"));
        site.app.mail(&mail.replace("parkeren in Utrecht", &format!("zaal {n}"))).await;
        let number = format!("K-2026-{n:04}");
        act(&site, &number, HANDLER, "note_consultation", &[("consultation", "Met de planner besproken")])
            .await;
        let decision =
            [("verdict", "upheld"), ("reasons", "r"), ("solution", "s"), ("solution_due", "2026-12-15")];
        act(&site, &number, HANDLER, "decide", &decision).await;
    }
    let mut handler = site.signed_in(HANDLER).await;
    let work = handler.get("/").await;
    assert!(work.text().contains("Gekozen klachten: Oplossing is uitgevoerd"), "{}", work.text());
    let chosen = [("c.K-2026-0001", "1"), ("c.K-2026-0002", "1")];
    let seen = handler.post("/bulk/solution_done", &chosen).await;
    assert!(seen.text().contains("Er gaat 1 brief naar de klager."), "{}", seen.text());
    let done = confirm(&mut handler, "/bulk/solution_done", &seen, &["K-2026-0001", "K-2026-0002"]).await;
    assert!(done.text().contains("Gedaan bij 2 van 2 klachten."), "{}", done.text());
    for number in ["K-2026-0001", "K-2026-0002"] {
        let letters = site.app.notified(number).await;
        assert_eq!(letters.iter().filter(|l| l.contains("solution_carried_out")).count(), 1, "{letters:?}");
    }
}
