//! A letter that follows from what a person did waits, can be called back by who may, and goes when its time is there.

use super::browser::{Answer, Browser};
use super::*;
use crate::support::MAIL_PLUGIN;
use redress::complaint::{EventKind, Via};
use redress::store::{Claim, ClaimFirst, DeliveryState, NotificationState, Replay};
use redress::workflow::SentLetter;

const K1: &str = "/complaints/K-2026-0001";
const ASK: &str = "/complaints/K-2026-0001/actions/ask_information";
const QUESTIONS: &str = "Op welke dag was het?\nEn <b>waar</b>?";
const DEFAULT: &str = "[delivery]\nrecall_minutes = 2\n";

async fn site(database: &str) -> (Site, Browser) {
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned());
    let site = Site::of(builder.config(&format!("{DEFAULT}{database}")), Door::Loopback).await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let browser = site.signed_in(HANDLER).await;
    (site, browser)
}

/// The installation on each engine that is there.
async fn databases() -> Vec<String> {
    let mut databases = vec![String::new()];
    match std::env::var("REDRESS_TEST_POSTGRES") {
        Ok(server) => {
            let url = crate::store::fresh_database(&server).await;
            databases.push(format!("[database]\nurl = \"{url}\"\n"));
        }
        Err(_) => assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES"),
    }
    databases
}

async fn send(browser: &mut Browser, path: &str, form: &Answer, step: &str) -> Answer {
    let hidden = ["key", "version", "seen"].map(|name| (name, form.value(name)));
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([("step", step), ("a.questions", QUESTIONS)]);
    browser.post(path, &fields).await
}

/// Asks the complainant something, as the page has it done.
async fn ask(browser: &mut Browser) {
    let form = browser.get(ASK).await;
    let seen = send(browser, ASK, &form, "look").await;
    assert!(seen.text().contains("Gaat 2 minuten na uw bevestiging."), "{}", seen.text());
    assert_eq!(send(browser, ASK, &seen, "confirm").await.status, 303);
}

/// Where the button of a complaint's page sends the form; none without one.
fn button(page: &Answer) -> Option<String> {
    let body = page.body.replace("&#x2f;", "/");
    let at = body.find("/letters/")?;
    let rest = &body[at..];
    Some(format!("{K1}{}", &rest[..rest.find('"')?]))
}

async fn term(site: &Site, name: &str) -> String {
    let id = site.app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let all = site.app.app.workflow.reading().deadlines(id).await.unwrap();
    let term = all.iter().filter(|d| d.name.as_str() == name).max_by_key(|d| d.instance);
    format!("{:?}", term.unwrap().status())
}

fn to_jan(site: &Site) -> usize {
    site.app.outbox().iter().filter(|m| m.contains("jan@example.nl")).count()
}

async fn letter(site: &Site, message: &str) -> (SentLetter, NotificationState) {
    let complaint = site.app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let all = site.app.app.store.register().notifications(complaint).await.unwrap();
    let found = all.iter().rev().find(|n| n.message == message).unwrap();
    let (version, ordinal) = found.decision;
    (SentLetter { complaint, version, ordinal }, found.state)
}

#[tokio::test]
async fn a_letter_goes_after_two_minutes_and_meets_its_term_then() {
    for database in databases().await {
        let (site, mut browser) = site(&database).await;
        let before = to_jan(&site);
        assert!(before > 0, "what nobody did goes at once");
        ask(&mut browser).await;
        site.app.app.turn().await.unwrap();
        assert_eq!(to_jan(&site), before, "it waits");
        assert_eq!(term(&site, "first_reaction").await, "Armed");
        let page = browser.get(K1).await;
        assert!(page.text().contains("gaat ma 23 nov, 10:02"), "{}", page.text());
        assert!(page.text().contains("Terughalen") && button(&page).is_some());
        site.app.until("2026-11-23 10:01").await;
        assert_eq!(to_jan(&site), before);
        site.app.until("2026-11-23 10:02").await;
        site.app.app.turn().await.unwrap();
        assert_eq!(to_jan(&site), before + 1);
        assert_eq!(term(&site, "first_reaction").await, "Met");
        let late = browser.get(K1).await;
        assert_eq!(button(&late), None, "{}", late.text());
        let answer = browser.post(&button(&page).unwrap(), &[]).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text().contains("al onderweg"), "{}", answer.text());
        assert_eq!(to_jan(&site), before + 1);
    }
}

#[tokio::test]
async fn a_letter_that_is_called_back_never_goes_and_the_form_comes_back() {
    for database in databases().await {
        let (site, mut browser) = site(&database).await;
        let before = to_jan(&site);
        ask(&mut browser).await;
        assert_eq!(site.app.state("K-2026-0001").await, "awaiting_complainant");
        let path = button(&browser.get(K1).await).unwrap();
        for _ in 0..2 {
            let answer = browser.post(&path, &[]).await;
            assert_eq!((answer.status, answer.location()), (303, "/complaints/K-2026-0001?recalled=1"));
        }
        assert_eq!(site.app.state("K-2026-0001").await, "in_treatment");
        let page = browser.get("/complaints/K-2026-0001?recalled=1").await;
        assert!(page.text().contains("De brief is teruggehaald"), "{}", page.text());
        assert!(page.text().contains("teruggehaald · Behandelaar"), "{}", page.text());
        assert_eq!(button(&page), None);
        let form = browser.get(ASK).await;
        assert!(form.body.contains("En &lt;b&gt;waar&lt;&#x2f;b&gt;?"), "{}", form.body);
        assert!(form.text().contains("U begon hier eerder aan"), "{}", form.text());
        // Not by time, not by a replay, not by another start.
        site.app.until("2026-11-24 10:00").await;
        let told = site.events().await.into_iter().find(|e| e.kind == EventKind::LetterRecalled).unwrap();
        assert_eq!((told.by, told.via), (Actor::Person(HANDLER.to_owned()), Via::Page));
        let recalled = site.app.deliveries("mail", "recalled").await;
        assert_eq!(recalled.len(), 1);
        let ids = [recalled[0].id.clone()];
        let by = Actor::Person(HANDLER.to_owned());
        let replayed = site
            .app
            .app
            .workflow
            .operations()
            .replay(Replay::Ids(&ids), (by, redress::complaint::Via::CommandLine))
            .await;
        assert!(format!("{replayed:?}").contains("Unknown"), "{replayed:?}");
        assert_eq!(to_jan(&site), before);
        assert_eq!(term(&site, "first_reaction").await, "Armed");
        let trail = site.app.app.workflow.reading().trail();
        assert!(trail.verify().await.is_ok());
        assert!(trail.reconcile().await.unwrap().is_empty());
        // The same form again goes as any other, also by a session of another day.
        assert_eq!(sign_in(&mut browser, HANDLER, PASSWORD).await.status, 303);
        let form = browser.get(ASK).await;
        assert!(form.body.contains("En &lt;b&gt;waar"), "{}", form.body);
        let seen = send(&mut browser, ASK, &form, "look").await;
        assert_eq!(send(&mut browser, ASK, &seen, "confirm").await.status, 303);
        site.app.until("2026-11-24 10:02").await;
        site.app.app.turn().await.unwrap();
        assert_eq!(to_jan(&site), before + 1);
        assert_eq!(term(&site, "first_reaction").await, "Met");
    }
}

/// Who was first decides: a letter that a lane has claimed goes, and nothing of it is called back.
#[tokio::test]
async fn what_was_claimed_is_not_called_back() {
    for database in databases().await {
        let (site, mut browser) = site(&database).await;
        ask(&mut browser).await;
        let path = button(&browser.get(K1).await).unwrap();
        site.advance(2);
        let now = redress::clock::Clock::now(&site.app.clock);
        let lease_until = now.plus_millis(60_000);
        let claim =
            Claim { plugin: "mail", now, lease_until, limit: 10, ordered: false, first: ClaimFirst::Oldest };
        assert_eq!(site.app.app.store.outbox().claim(claim).await.unwrap().deliveries.len(), 1);
        assert_eq!(browser.post(&path, &[]).await.status, 409);
        assert_eq!(
            letter(&site, "information_request").await.1,
            NotificationState::Deliverable(DeliveryState::Queued)
        );
        assert!(!browser.get(ASK).await.body.contains("&lt;b&gt;waar"), "no draft of what was sent");
    }
}

#[tokio::test]
async fn who_may_not_act_calls_nothing_back_and_sees_no_button() {
    let (site, mut browser) = site("").await;
    ask(&mut browser).await;
    let path = button(&browser.get(K1).await).unwrap();
    for other in ["auditor@lagant.nl", RECEIVER, "planner@lagant.nl"] {
        if redress::config::Settings::clone(&site.app.app.workflow.settings()).people.find(other).is_none() {
            continue;
        }
        let mut other = site.signed_in(other).await;
        assert_eq!(button(&other.get(K1).await), None);
        assert_eq!(other.post(&path, &[]).await.status, 404);
    }
    let stranger = site.browser().post(&path, &[]).await;
    assert!(stranger.location().starts_with("/sign-in"), "{}", stranger.location());
    // What nobody did is nobody's to call back, and neither is what is no letter.
    let (acknowledged, _) = letter(&site, "acknowledgement").await;
    let SentLetter { version, ordinal, .. } = acknowledged;
    for path in [
        format!("{K1}/letters/{version}/{ordinal}/recall"),
        format!("{K1}/letters/999/1/recall"),
        format!("{K1}/letters/x/-1/recall"),
        "/complaints/K-2026-0002/letters/1/1/recall".to_owned(),
    ] {
        assert_eq!(browser.post(&path, &[]).await.status, 404, "{path}");
    }
    let (asked, state) = letter(&site, "information_request").await;
    assert_eq!(state, NotificationState::Deliverable(DeliveryState::Queued));
    // A foreign page cannot do it in the handler's name.
    let path = format!("{K1}/letters/{}/{}/recall", asked.version, asked.ordinal);
    let foreign = browser.send("POST", &path, &[("sec-fetch-site", "cross-site")], "").await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn without_a_wait_nothing_waits() {
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned());
    let site = Site::of(builder.config("[delivery]\nrecall_minutes = 0\n"), Door::Loopback).await;
    site.app.complaint("m1").await;
    let mut browser = site.signed_in(HANDLER).await;
    let form = browser.get(ASK).await;
    let seen = send(&mut browser, ASK, &form, "look").await;
    assert!(!seen.text().contains("na uw bevestiging"), "{}", seen.text());
    assert_eq!(send(&mut browser, ASK, &seen, "confirm").await.status, 303);
    site.app.app.turn().await.unwrap();
    assert_eq!(term(&site, "first_reaction").await, "Met");
    assert_eq!(button(&browser.get(K1).await), None);
}
