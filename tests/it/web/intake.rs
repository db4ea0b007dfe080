//! What came in and waits for a judgement: what the list and the page of one show, and noting down what was told.

use super::*;
use crate::support::clear_complaint;
use redress::complaint::{EventKind, Via};

/// A clear complaint of somebody who wants no automatic answer, which a person judges.
fn judged(from: &str, id: &str) -> String {
    clear_complaint(from, id).replace("\r\n\r\n", "\r\nX-Auto-Response-Suppress: All\r\n\r\n")
}

async fn site() -> (Site, Browser) {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.mail(&judged("piet@example.nl", "m2")).await;
    let browser = site.signed_in(RECEIVER).await;
    (site, browser)
}

#[tokio::test]
async fn what_waits_for_a_judgement_is_listed_with_its_first_words() {
    let (site, mut browser) = site().await;
    let page = browser.get("/intake").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    for said in [
        "Postvak",
        "Te beoordelen",
        "I-2026-000002",
        "Klacht over parkeren in Utrecht",
        "(piet@example.nl)",
        "Ik heb een klacht over het parkeren bij de training in Utrecht.",
        "De afzender wil geen automatisch antwoord.",
        "te beoordelen voor",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("I-2026-000001") && !text.contains("K-2026-0001"), "what is registered: {text}");
    assert!(!text.contains("Automatische berichten"), "{text}");
    let machine = "From: Afwezig <<b>weg</b>@example.nl>\r\nFrom: weg@example.nl\r\nTo: planning@lagant.nl\r\n\
        Subject: Automatisch antwoord <script>alert(1)</script>\r\nMessage-ID: <auto@x>\r\n\
        Auto-Submitted: auto-replied\r\n\r\nIk ben er niet.\r\n";
    site.app.mail(machine).await;
    let page = browser.get("/intake").await;
    let text = page.text();
    assert!(text.contains("Automatische berichten") && text.contains("automatisch antwoord"), "{text}");
    assert!(!page.body.contains("<script"), "{}", page.body);
    // Who sees only some complaints is not told of what belongs to none.
    let mut handler = site.signed_in(HANDLER).await;
    assert!(!handler.get("/intake").await.text().contains("Automatische berichten"));
}

#[tokio::test]
async fn one_that_waits_stands_beside_what_it_is_like_with_its_actions() {
    let (site, mut browser) = site().await;
    let page = browser.get("/intake/I-2026-000002").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let text = page.text();
    for said in ["Wat u kunt doen", "Berichten", "Lijkt op", "K-2026-0001", "in behandeling"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(text.matches("Ik heb een klacht over het parkeren").count(), 2, "both texts: {text}");
    let actions: Vec<&str> = page.body.split("href=\"/complaints/I-2026-000002/actions/").skip(1).collect();
    assert!(actions.len() > 1, "{}", page.body);
    for action in actions {
        let path = format!("/complaints/I-2026-000002/actions/{}", action.split('"').next().unwrap());
        assert_eq!(browser.get(&path).await.status, 200, "{path}");
    }
    // What has been judged stands with the complaint.
    let judged = browser.get("/intake/K-2026-0001").await;
    assert_eq!((judged.status, judged.location()), (303, "/complaints/K-2026-0001"));
    assert_eq!(browser.get("/intake/I-2026-999999").await.status, 404);
    // Nothing is like it for who may not see the other.
    let about = [("about", RECEIVER)].map(|(k, v)| (k.to_owned(), v.into())).into();
    let via = redress::complaint::Via::CommandLine;
    site.app
        .app
        .workflow
        .act("K-2026-0001", "record_facts", "directeur@lagant.nl", about, via)
        .await
        .unwrap();
    let text = browser.get("/intake/I-2026-000002").await.text();
    assert!(!text.contains("K-2026-0001") && text.contains("Er is geen klacht die hierop lijkt."), "{text}");
}

#[tokio::test]
async fn the_list_goes_on_by_its_links() {
    let (site, mut browser) = site().await;
    for n in 3..=30 {
        site.app.mail(&judged(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    let first = browser.get("/intake").await;
    assert_eq!(first.body.matches("class=\"what\"").count(), 25);
    let next = first.body.split("href=\"/intake?after=").nth(1).unwrap().split('"').next().unwrap();
    let second = browser.get(&format!("/intake?after={next}")).await;
    assert_eq!(second.body.matches("class=\"what\"").count(), 4);
    assert!(second.body.contains("rel=\"first\"") && !second.body.contains("rel=\"next\""));
    for query in ["after=x", "after=1", "after=99999999999999999999.1", "after=1.x"] {
        assert_eq!(browser.get(&format!("/intake?{query}")).await.status, 400, "{query}");
    }
    for path in ["/intake/%00", "/intake/..%2f", "/intake/'", "/intake/%F0%9F%98%80"] {
        let status = browser.get(path).await.status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

#[tokio::test]
async fn what_was_told_is_noted_down_once() {
    let (site, mut browser) = site().await;
    let form = browser.get("/intake/log").await;
    assert_eq!(form.status, 200);
    for label in form.body.split("<label for=\"").skip(1).filter_map(|l| l.split('"').next()) {
        assert!(form.body.contains(&format!("id=\"{label}\"")), "{label} labels something");
    }
    let told = [
        ("channel", "phone"),
        ("name", "Mevrouw <b>De Wit</b>"),
        ("address", "wit@example.nl"),
        ("subject", "Te \"laat\" begonnen"),
        ("text", "De training begon een uur te laat.\r\nTwee keer."),
        ("on", "2026-11-20"),
    ];
    for (name, wrong, said) in [
        ("channel", "pigeon", "Kies hoe u het hoorde."),
        ("subject", " \n ", "Vul in waar het over gaat."),
        ("subject", &"x".repeat(400) as &str, "Dit is te lang voor één regel."),
        ("address", "wit", "Dit is geen e-mailadres."),
        ("on", "2026-11-24", "Kies vandaag of een dag die voorbij is."),
        ("on", "gisteren", "Kies vandaag of een dag die voorbij is."),
        ("on", "0000-00-00", "Kies vandaag of een dag die voorbij is."),
    ] {
        let fields: Vec<(&str, &str)> =
            told.iter().map(|(n, v)| (*n, if *n == name { wrong } else { *v })).collect();
        let answer = browser.post("/intake/log", &fields).await;
        assert_eq!(answer.status, 422, "{name}={wrong}");
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
        assert!(answer.body.contains("<title>Fout: "), "{}", answer.body);
        assert!(answer.body.contains("De training begon een uur te laat.\nTwee keer."), "{}", answer.body);
        assert!(answer.body.contains(&format!("href=\"#{name}\"")), "{}", answer.body);
        assert!(!answer.body.contains("<b>De"), "{}", answer.body);
    }
    for _ in 0..2 {
        let done = browser.post("/intake/log", &told).await;
        assert_eq!((done.status, done.location()), (303, "/intake?logged=1"), "{}", done.text());
    }
    let list = browser.get("/intake?logged=1").await;
    let text = list.text();
    assert!(text.contains("Het is genoteerd."), "{text}");
    assert_eq!(text.matches("Te \"laat\" begonnen").count(), 1, "once: {text}");
    assert!(text.contains("De training begon een uur te laat. Twee keer."), "{text}");
    site.app.app.turn().await.unwrap();
    let noted =
        site.events().await.into_iter().filter(|e| e.kind == EventKind::Received && e.via != Via::Mail);
    let noted: Vec<_> = noted.map(|e| (e.by, e.via)).collect();
    assert_eq!(noted, [(Actor::Person(RECEIVER.to_owned()), Via::Page)]);
    let page = browser.get("/complaints/I-2026-000003").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("vr 20 nov"), "the day of the talk: {}", page.text());
}
