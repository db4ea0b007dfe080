//! What somebody who oversees sees of the whole, and that nobody else does.

use super::*;
use crate::support::clear_complaint;

const DIRECTOR: &str = "directeur@lagant.nl";

async fn act(site: &Site, number: &str, action: &str, by: &str, input: &[(&str, &str)]) {
    let input = input.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
    site.app.app.workflow.act(number, action, by, input, redress::complaint::Via::CommandLine).await.unwrap();
    site.app.app.turn().await.unwrap();
}

/// The text of one section.
fn section(page: &Answer, id: &str) -> String {
    let after = page.body.split_once(&format!("<h2 id=\"{id}\">")).unwrap().1;
    let body = after.split("</section>").next().unwrap().to_owned();
    Answer { status: 200, headers: Vec::new(), body: format!("<h2>{body}") }.text()
}

#[tokio::test]
async fn the_director_sees_what_is_late_and_why() {
    let site = Site::open().await;
    for n in 1..=3 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    act(&site, "K-2026-0003", "withdraw", HANDLER, &[("confirmation", "mail"), ("confirmed", "ja")]).await;
    let mut browser = site.signed_in(DIRECTOR).await;
    let page = browser.get("/oversight").await;
    assert_eq!(page.status, 200);
    for (id, said) in [
        ("late", "Te laat (0) Er is niets te laat."),
        ("escalated", "Er is geen lopende klacht geëscaleerd."),
        ("loads", "Lopende klachten per persoon Wie Lopende klachten Te laat Behandelaar 2 0"),
        ("waiting", "behandelaar"),
        ("months", "nov 3 0"),
        ("stuck", "Alle berichten komen aan."),
    ] {
        assert!(section(&page, id).contains(said), "{id}: {}", section(&page, id));
    }
    let escalate = [("reason", "buiten mijn mandaat")];
    act(&site, "K-2026-0002", "escalate_complaint", HANDLER, &escalate).await;
    site.app.until("2027-01-15 10:00").await;
    sign_in(&mut browser, DIRECTOR, PASSWORD).await;
    let page = browser.get("/oversight").await;
    let late = section(&page, "late");
    for said in [
        "K-2026-0001",
        "K-2026-0002",
        "dagen te laat)",
        "Behandelaar",
        "wacht op: behandelaar",
        "de klacht is geëscaleerd",
    ] {
        assert!(late.contains(said), "{said}: {late}");
    }
    assert!(late.contains("K-2026-0003 Klacht over parkeren in Utrecht vaststellen van oorzaak"), "{late}");
    let escalated = section(&page, "escalated");
    for said in ["K-2026-0001", "K-2026-0002", "(directeur):"] {
        assert!(escalated.contains(said), "{said}: {escalated}");
    }
    assert!(section(&page, "loads").contains("Behandelaar 2 2"), "{}", section(&page, "loads"));
    assert!(section(&page, "months").contains("2027 2026 jan 0 0"), "{}", section(&page, "months"));
    // The numbers lead to the complaints that are counted.
    let link = page.body.split("<a href=\"/register?").nth(2).unwrap().split('"').next().unwrap();
    let link = link.replace("&amp;", "&");
    let listed = browser.get(&format!("/register?{link}")).await;
    assert_eq!(listed.body.matches("<th scope=\"row\"").count(), 2, "{link}");
}

/// What an absent person, a dead letter and nobody in charge have to do with it is said.
#[tokio::test]
async fn what_holds_up_a_term_is_said() {
    let people = "[[people]]\nname = \"H\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\", \"receiver\"]\n\
        absent = [\"2027-01-01/2027-02-01\"]\n\
        [[people]]\nname = \"D\"\nemail = \"directeur@lagant.nl\"\nroles = [\"director\", \"quality_manager\"]\n";
    let site = Site::of(Builder::default().config(people), Door::Loopback).await;
    site.app.complaint("m1").await;
    site.app.until("2027-01-15 10:00").await;
    let mut browser = site.signed_in(DIRECTOR).await;
    let late = section(&browser.get("/oversight").await, "late");
    assert!(late.contains("H is afwezig"), "{late}");
}

/// What did not arrive by one way and did by another has arrived.
#[tokio::test]
async fn messages_that_arrive_by_no_way_are_told_after_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let hook = crate::delivery::hook("http://127.0.0.1:1/", folder.path(), "");
    for has_mail in [false, true] {
        let mut builder = Builder::default().plugin("hook", hook.clone());
        if has_mail {
            builder = builder.plugin("mail", crate::support::MAIL_PLUGIN.to_owned());
        }
        let site = Site::of(builder, Door::Loopback).await;
        site.app.complaint("m1").await;
        assert_eq!(site.app.deliveries("hook", "queued").await.len(), 1);
        let mut browser = site.signed_in(DIRECTOR).await;
        let soon = section(&browser.get("/oversight").await, "stuck");
        assert!(soon.contains("Alle berichten komen aan."), "{soon}");
        site.advance(60 * 25);
        sign_in(&mut browser, DIRECTOR, PASSWORD).await;
        let later = section(&browser.get("/oversight").await, "stuck");
        for said in ["K-2026-0001", "de klager", "ma 23 nov", "wacht al langer dan een dag"] {
            assert_eq!(later.contains(said), !has_mail, "{said}: {later}");
        }
    }
}

#[tokio::test]
async fn only_who_oversees_finds_the_page() {
    let site = Site::open().await;
    for (email, may) in [(DIRECTOR, true), ("kwaliteit@lagant.nl", true), (HANDLER, false), (RECEIVER, false)]
    {
        let mut browser = site.signed_in(email).await;
        let home = browser.get("/").await.body.replace("&#x2f;", "/");
        assert_eq!(home.contains("href=\"/oversight\""), may, "{email}");
        let asked = browser.get("/oversight").await;
        assert_eq!(asked.status, if may { 200 } else { 404 }, "{email}");
    }
}

/// Every drawing has words, and stands beside a table that says the same.
#[tokio::test]
async fn drawings_have_words_and_figures() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let mut browser = site.signed_in(DIRECTOR).await;
    let page = browser.get("/oversight").await;
    let drawings: Vec<&str> =
        page.body.split("<svg").skip(1).map(|s| s.split("</svg>").next().unwrap()).collect();
    assert!(drawings.len() > 3, "{}", drawings.len());
    for drawing in drawings {
        let is_named = drawing.contains("role=\"img\"") && drawing.contains("<title id=\"months-drawing\">");
        assert!(is_named || drawing.contains("aria-hidden=\"true\""), "{drawing}");
        assert!(!drawing.contains("style="), "{drawing}");
    }
    assert_eq!(page.body.matches("class=\"mid\"").count(), 11, "a name for each month until November");
    assert!(page.body.contains("aria-labelledby=\"months-drawing\""));
}
