//! What an auditor finds on the page, and who else finds it.

use super::*;

const AUDITOR: &str = "auditor@lagant.nl";
const PEOPLE: &str = "[[people]]\nname = \"Ontvanger\"\nemail = \"ontvanger@lagant.nl\"\nroles = [\"receiver\"]\n\
    [[people]]\nname = \"Behandelaar\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\"]\n\
    [[people]]\nname = \"Directeur\"\nemail = \"directeur@lagant.nl\"\nroles = [\"director\"]\n\
    [[people]]\nname = \"Kwaliteit\"\nemail = \"kwaliteit@lagant.nl\"\nroles = [\"quality_manager\"]\n\
    [[people]]\nname = \"Anna Auditor\"\nemail = \"auditor@lagant.nl\"\nroles = [\"auditor\"]\n";

async fn site() -> Site {
    let site = Site::of(Builder::default().config(PEOPLE), Door::Loopback).await;
    site.app.complaint("m1").await;
    site
}

/// Looks until the trail is walked through.
async fn walked(browser: &mut Browser) -> Answer {
    loop {
        let page = browser.get("/audit").await;
        assert_eq!(page.status, 200, "{}", page.body);
        if page.header("refresh").is_none() {
            return page;
        }
        assert!(page.text().contains("Redress controleert het logboek"), "{}", page.text());
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_auditor_finds_whether_the_trail_holds_and_who_looked_and_changes_nothing() {
    let site = site().await;
    let mut browser = site.signed_in(AUDITOR).await;
    assert!(browser.get("/reports").await.body.contains("href=\"/audit\""));
    browser.get("/complaints/K-2026-0001").await;
    let page = walked(&mut browser).await;
    let text = page.text();
    let trail = site.app.app.workflow.reading().trail();
    let (events, head) = (trail.last_event().await.unwrap(), trail.head().await.unwrap());
    assert!(text.contains(&format!("Het logboek klopt: {events} gebeurtenissen, gecontroleerd")), "{text}");
    assert!(text.contains(&head) && text.contains("23 november 2026"), "{text}");
    assert!(text.contains("Er is nog geen reservekopie gemaakt."), "{text}");
    let workflow = &site.app.app.workflow;
    workflow.overseeing().oversight().record_backup(workflow.now().await.unwrap()).await.unwrap();
    let backed_up = walked(&mut browser).await.text();
    assert!(backed_up.contains("De laatste reservekopie is gemaakt op ma 23 nov, 10:00"), "{backed_up}");
    assert!(text.contains("Anna Auditor") && text.contains("K-2026-0001"), "{text}");
    for link in ["/publications", "/reports", "/faults", "/complaints/K-2026-0001"] {
        assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}");
    }
    let main = page.body.split_once("<main").unwrap().1;
    assert!(!main.contains("<form") && !main.contains("<button"), "{main}");
    assert_eq!(browser.post("/audit", &[]).await.status, 405);
    // Nor does looking leave anything in the trail.
    assert_eq!(trail.last_event().await.unwrap(), events);
    for path in ["/procedure", "/proposals", "/publications/1", "/faults", "/register", "/oversight"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    assert_eq!(browser.post("/proposals", &[("name", "Van de auditor")]).await.status, 404);
}

#[tokio::test]
async fn a_trail_that_was_changed_is_told_within_the_hour() {
    let site = site().await;
    let mut browser = site.signed_in(AUDITOR).await;
    assert!(walked(&mut browser).await.text().contains("Het logboek klopt:"));
    let url = format!("sqlite:{}", site.app.folder.path().join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    sqlx::query("UPDATE events SET summary = 'x' WHERE seq = 3").execute(&pool).await.unwrap();
    assert!(walked(&mut browser).await.text().contains("Het logboek klopt:"), "as it was found a moment ago");
    site.advance(61);
    let told = walked(&mut browser).await.text();
    assert!(told.contains("Het logboek klopt niet vanaf gebeurtenis 3"), "{told}");
}

#[tokio::test]
async fn who_sees_every_complaint_looks_and_nobody_else() {
    let site = site().await;
    for (who, status) in [(AUDITOR, 200), ("directeur@lagant.nl", 200), (HANDLER, 404)] {
        let mut browser = site.signed_in(who).await;
        assert_eq!(browser.get("/audit").await.status, status, "{who}");
    }
    let mut nobody = site.browser();
    assert_eq!(nobody.get("/audit").await.status, 303);
}

#[tokio::test]
async fn looks_are_paged_to_the_last_and_never_show_a_complaint_about_the_reader() {
    let site = site().await;
    site.app.mail(&crate::support::clear_complaint("piet@example.nl", "m2")).await;
    let input = [("about".to_owned(), AUDITOR.into())].into();
    let workflow = &site.app.app.workflow;
    let via = redress::complaint::Via::CommandLine;
    workflow.act("K-2026-0002", "record_facts", RECEIVER, input, via).await.unwrap();
    let now = workflow.now().await.unwrap();
    for n in 0..130_i64 {
        let at = now.plus_millis(-n * 20 * 60_000);
        let person = format!("m{}@lagant.nl", n % 7);
        for id in [1, 2] {
            let id = redress::complaint::ComplaintId(id);
            workflow.views().note_at_once(&person, id, at).await.unwrap();
        }
    }
    let mut browser = site.signed_in(AUDITOR).await;
    let (mut path, mut rows) = (Some("/audit".to_owned()), Vec::new());
    while let Some(at) = path {
        let page = browser.get(&at).await;
        assert!(!page.body.contains("K-2026-0002"), "{at}");
        let looks = page.body.split_once("id=\"looks\"").unwrap().1.to_owned();
        rows.push(looks.matches("K-2026-0001</a>").count());
        let next =
            looks.split_once("rel=\"next\" href=\"").map(|(_, rest)| rest.split_once("\">").unwrap().0);
        path = next.map(|next| next.split('#').next().unwrap().replace("&#x2f;", "/"));
    }
    assert_eq!(rows, [100, 30], "each look once");
    for other in ["x", "1.2", "9.9.%00", "-1.-1.", "99999999999999999999.1.a", "1.1.%3Cb%3E"] {
        let page = browser.get(&format!("/audit?after={other}")).await;
        assert!(page.status == 200 && !page.body.contains("<b>"), "{other}");
    }
}

/// Behind a step stands what the company's text said then, and for who may look at the rules what was published.
#[tokio::test]
async fn behind_a_step_stand_the_sentence_and_the_publication() {
    let site = site().await;
    for (who, looks) in [(AUDITOR, true), (RECEIVER, false)] {
        let mut browser = site.signed_in(who).await;
        let page = browser.get("/complaints/K-2026-0001").await;
        let course = page.body.split_once("id=\"course\"").unwrap().1;
        assert!(course.contains("van de procedure</summary>"), "{who}: {course}");
        assert_eq!(course.contains("href=\"/publications/1\""), looks, "{who}");
        let events =
            site.app.app.workflow.reading().trail().events(redress::complaint::ComplaintId(1)).await.unwrap();
        let letters = site.app.app.workflow.reading().register();
        let letters = letters.notifications(redress::complaint::ComplaintId(1)).await.unwrap();
        let (version, ordinal) = letters[0].decision;
        assert!(events.iter().any(|e| e.version == version));
        let why = browser.get(&format!("/complaints/K-2026-0001/why/{version}/{ordinal}")).await;
        assert!(why.text().contains("Wat de procedure zegt"), "{}", why.text());
        assert_eq!(why.body.contains("href=\"/publications/1\""), looks, "{who}");
    }
}
