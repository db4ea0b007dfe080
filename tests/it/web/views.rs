//! Who looked at a complaint: noted for who oversees, and for nobody else to read.

use super::*;

const DIRECTOR: &str = "directeur@lagant.nl";
const VIEWS: &str = "/complaints/K-2026-0001/views";

#[tokio::test]
async fn who_oversees_reads_who_looked_and_when() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let mut handler = site.signed_in(HANDLER).await;
    let mut director = site.signed_in(DIRECTOR).await;
    assert!(!director.get(VIEWS).await.text().contains("behandelaar@lagant.nl"));
    for path in
        ["/complaints/K-2026-0001", "/complaints/K-2026-0001/actions/decide", "/complaints/K-2026-0001"]
    {
        assert_eq!(handler.get(path).await.status, 200);
    }
    let page = director.get(VIEWS).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert_eq!(text.matches("behandelaar@lagant.nl ma 23 nov, 10:00").count(), 1, "once an hour: {text}");
    assert!(text.contains("directeur@lagant.nl"), "who looks at this is noted as well: {text}");
    // By any other way, and by another number of the same complaint.
    site.advance(61);
    let id = site.app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let mail = site.app.app.store.register().mails(id).await.unwrap()[0].id;
    assert_eq!(handler.get(&format!("/complaints/K-2026-0001/mails/{mail}/raw")).await.status, 200);
    assert_eq!(director.get(VIEWS).await.text().matches("behandelaar@lagant.nl ma 23 nov").count(), 2);
    // Those who do not oversee find nothing there, and what nobody saw is not noted.
    assert_eq!(handler.get(VIEWS).await.status, 404);
    assert!(!handler.get("/complaints/K-2026-0001").await.body.contains("/views"));
    assert!(director.get("/complaints/K-2026-0001").await.body.contains("/views"));
    for path in ["/complaints/K-2026-9999/views", "/complaints/%00/views"] {
        assert_eq!(director.get(path).await.status, 404, "{path}");
    }
    assert_eq!(site.browser().get(VIEWS).await.status, 303);
}

/// A look is there after a restart, and nobody waits for its being written.
#[tokio::test]
async fn a_look_is_kept_for_thirteen_months() {
    let mut site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let mut director = site.signed_in(DIRECTOR).await;
    assert_eq!(director.get(VIEWS).await.status, 200);
    site.restart(&mut [&mut director]).await;
    assert!(director.get(VIEWS).await.text().contains("ma 23 nov, 10:00"));
    site.advance(60 * 24 * 398);
    sign_in(&mut director, DIRECTOR, PASSWORD).await;
    director.get(VIEWS).await;
    let text = director.get(VIEWS).await.text();
    assert!(!text.contains("ma 23 nov, 10:00") && !text.contains("ma 23 nov 2026"), "{text}");
}
