//! Who has which role, who is away and who stands in: as redress.toml and people say it, and only by who may.

use super::*;
use redress::complaint::Via;

const DIRECTOR: &str = "directeur@lagant.nl";
const ADMINISTRATOR: &str = "integratie@lagant.nl";

async fn enter(browser: &mut Browser, of: &str, from: &str, to: &str) -> u16 {
    browser.post(&format!("/people/{of}/absences"), &[("from", from), ("to", to)]).await.status
}

#[tokio::test]
async fn who_is_away_is_stood_in_for_at_once() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let mut handler = site.signed_in(HANDLER).await;
    let mut receiver = site.signed_in(RECEIVER).await;
    let me = handler.get("/me").await;
    assert!(me.body.replace("&#x2f;", "/").contains(&format!("href=\"/people/{HANDLER}\"")), "{}", me.body);
    let ask = "/complaints/K-2026-0001/actions/ask_information";
    assert_eq!(receiver.get(ask).await.status, 404, "it is the handler's");
    let chosen = handler.post(&format!("/people/{HANDLER}/deputy"), &[("deputy", RECEIVER)]).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text());
    assert_eq!(receiver.get(ask).await.status, 404, "nobody is away yet");
    assert_eq!(enter(&mut handler, HANDLER, "2026-11-23", "2026-11-27").await, 303);
    let page = receiver.get("/people").await.text();
    for said in ["vandaag weg", "ma 23 nov tot en met vr 27 nov", "behandelaar"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(receiver.get(ask).await.status, 200, "the deputy may act");
    // It holds for what decides and sends as well, and after a restart, and is over by itself.
    let standing = site.app.app.workflow.people_today().await.unwrap();
    let deputy = standing.iter().find(|p| p.person.email == RECEIVER).unwrap();
    assert!(deputy.roles.iter().any(|role| role.as_str() == "handler"), "{deputy:?}");
    site.advance(5 * 24 * 60);
    site.app.app.turn().await.unwrap();
    let standing = site.app.app.workflow.people_today().await.unwrap();
    assert!(standing.iter().find(|p| p.person.email == HANDLER).unwrap().absences.is_empty());
}

/// What another process was told counts for the very next thing that is decided.
#[tokio::test]
async fn an_absence_counts_in_every_process() {
    let site = Site::open().await;
    let other = site.app.beside().await;
    other.workflow.choose_deputy((HANDLER, Via::Page), HANDLER, RECEIVER).await.unwrap();
    let days = |from: &str, to: &str| redress::config::Absence {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    };
    other
        .workflow
        .enter_absence((HANDLER, Via::Page), HANDLER, days("2026-11-23", "2026-11-27"))
        .await
        .unwrap();
    site.app.complaint("m1").await;
    let id = site.app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let sent = site.app.app.store.register().notifications(id).await.unwrap();
    let told = sent.iter().find(|n| n.message == "new_complaint").unwrap();
    assert!(told.addresses.contains(&RECEIVER.to_owned()), "{:?}", told.addresses);
}

#[tokio::test]
async fn it_outlives_a_restart_and_is_taken_back() {
    let mut site = Site::open().await;
    let mut handler = site.signed_in(HANDLER).await;
    assert_eq!(enter(&mut handler, HANDLER, "2026-11-23", "2026-12-31").await, 303);
    site.restart(&mut [&mut handler]).await;
    assert!(site.app.app.workflow.settings().people.find(HANDLER).unwrap().absences.len() == 1);
    let page = handler.get(&format!("/people/{HANDLER}")).await;
    let body = page.body.replace("&#x2f;", "/");
    let at = body.find("/absences/").unwrap();
    let path = format!("/people/{HANDLER}{}", body[at..].split('"').next().unwrap());
    assert_eq!(handler.post(&path, &[]).await.status, 303);
    assert_eq!(handler.post(&path, &[]).await.status, 404, "it is gone");
    assert!(site.app.app.workflow.settings().people.find(HANDLER).unwrap().absences.is_empty());
    let events = site.app.app.workflow.reading().trail().events_after(0).await.unwrap();
    let changes: Vec<_> = events.iter().filter(|e| e.kind.as_str() == "person_changed").collect();
    assert_eq!(changes.len(), 2);
    assert!(changes.iter().all(|e| !e.data.contains('@') && e.by.as_str() == HANDLER));
}

#[tokio::test]
async fn others_change_nothing_but_who_keeps_absences() {
    let site = Site::open().await;
    let mut receiver = site.signed_in(RECEIVER).await;
    assert_eq!(enter(&mut receiver, HANDLER, "2026-11-23", "2026-11-27").await, 404);
    assert_eq!(receiver.get(&format!("/people/{HANDLER}")).await.status, 404);
    assert_eq!(
        receiver.post(&format!("/people/{HANDLER}/deputy"), &[("deputy", RECEIVER)]).await.status,
        404
    );
    let mut director = site.signed_in(DIRECTOR).await;
    assert_eq!(enter(&mut director, HANDLER, "2026-12-24", "2027-01-04").await, 303);
    assert_eq!(enter(&mut director, "niemand@lagant.nl", "2026-12-24", "2027-01-04").await, 404);
    for (from, to) in [
        ("2026-12-02", "2026-12-01"),
        ("2026-11-01", "2026-11-22"),
        ("", "2026-12-01"),
        ("2026-12-01", "x"),
        ("2026-12-01", "2036-12-01"),
        ("2026-13-01", "2026-14-01"),
    ] {
        let answer =
            director.post(&format!("/people/{HANDLER}/absences"), &[("from", from), ("to", to)]).await;
        assert_eq!(answer.status, 422, "{from} {to}");
        assert!(answer.text().contains("Vul een eerste en een laatste dag in."), "{}", answer.text());
    }
    for deputy in [HANDLER, "niemand@lagant.nl", "<script>"] {
        let path = format!("/people/{HANDLER}/deputy");
        assert_eq!(director.post(&path, &[("deputy", deputy)]).await.status, 422, "{deputy}");
    }
    assert!(site.browser().get("/people").await.location().starts_with("/sign-in"));
}

/// Locks and the last time are for who looks after accounts.
#[tokio::test]
async fn who_signed_in_when_is_seen_by_who_looks_after_accounts() {
    let site = Site::open().await;
    site.signed_in(HANDLER).await;
    site.app.app.workflow.accounts().lock(HANDLER, Actor::System).await.unwrap();
    let director = site.signed_in(DIRECTOR).await.get("/people").await.text();
    assert!(!director.contains("geblokkeerd") && !director.contains("laatst op"), "{director}");
    let administrator = site.signed_in(ADMINISTRATOR).await.get("/people").await.text();
    for said in ["geblokkeerd, laatst op ma 23 nov, 10:00", "nog geen account"] {
        assert!(administrator.contains(said), "{said}: {administrator}");
    }
}

/// An absence changes no decision: nothing is evaluated again because of it.
#[tokio::test]
async fn an_absence_evaluates_nothing_anew() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let before = site.app.app.workflow.published().stamp.clone();
    let mut handler = site.signed_in(HANDLER).await;
    assert_eq!(enter(&mut handler, HANDLER, "2026-11-23", "2026-12-31").await, 303);
    site.app.app.turn().await.unwrap();
    assert_eq!(site.app.app.workflow.published().stamp, before);
    let input = [("consultation".to_owned(), "Met de planner besproken".into())].into();
    site.app
        .app
        .workflow
        .act("K-2026-0001", "note_consultation", HANDLER, input, Via::CommandLine)
        .await
        .unwrap();
}
