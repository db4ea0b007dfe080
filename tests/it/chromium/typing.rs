//! Nothing that was typed is lost in a real browser either: not when the session ends, not when the server does.

use super::Window;
use crate::web::{HANDLER, Site};

const TEXT: &str = "Op welke dag was het, en <waar>?";

/// A window in which somebody has typed an answer and not sent it.
async fn typing(site: &Site) -> Option<Window> {
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let window = Window::open(site.address()).await?;
    window.welcome(site, HANDLER).await;
    window.goto("/complaints/K-2026-0001/actions/ask_information").await;
    window.answer("Wat wilt u weten?", TEXT).await;
    Some(window)
}

async fn typed(window: &Window) -> String {
    window.field("Wat wilt u weten?").await.property("value").await.trim().to_owned()
}

#[tokio::test]
async fn a_session_ends_while_somebody_types() {
    let site = Site::open().await;
    let Some(window) = typing(&site).await else { return };
    site.advance(60 * 24 * 3);
    window.press("Bekijk wat er gaat gebeuren").await;
    window.sign_in(HANDLER).await;
    assert_eq!(window.place().await, "/complaints/K-2026-0001/actions/ask_information");
    assert_eq!(typed(&window).await, TEXT);
    window.press("Bekijk wat er gaat gebeuren").await;
    window.press("Bevestigen: Informatie vragen").await;
    window.reads(&["Het is gedaan."]).await;
    window.close().await;
}

#[tokio::test]
async fn the_server_dies_while_somebody_types() {
    let mut site = Site::open().await;
    let Some(window) = typing(&site).await else { return };
    site.end().await;
    window.press("Bekijk wat er gaat gebeuren").await;
    let shown = window.ask("return document.documentElement.innerText").await.to_string();
    assert!(shown.contains("ERR_CONNECTION_REFUSED"), "{shown}");
    site.begin_again().await;
    window.leave(async { window.driver.refresh().await }).await;
    window.reads(&["Dit gaat er gebeuren"]).await;
    assert_eq!(typed(&window).await, TEXT, "who tries again has what was typed");
    window.press("Bevestigen: Informatie vragen").await;
    window.reads(&["Het is gedaan."]).await;
    window.close().await;
}

/// A browser puts back what was typed where one goes back to a form: for who typed it, and not for who signs in after that person.
#[tokio::test]
async fn going_back_shows_nobody_what_somebody_else_typed() {
    const FACTS: &str = "/complaints/K-2026-0001/actions/record_facts";
    let site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let Some(window) = Window::open(site.address()).await else { return };
    drop(site.signed_in("directeur@lagant.nl").await);
    window.welcome(&site, HANDLER).await;
    window.goto(FACTS).await;
    window.answer("Omschrijving voor het register", TEXT).await;
    window.answer("Naam van de klager", "Iemand Anders").await;
    let back_at = async |person: &str| {
        window.press("Afmelden").await;
        window.sign_in(person).await;
        // Over what came after signing out and signing in.
        window.leave(async { drop(window.ask("history.go(-2)").await) }).await;
        assert_eq!(window.place().await, FACTS);
        let field = async |label| window.field(label).await.property("value").await.trim().to_owned();
        (field("Omschrijving voor het register").await, field("Naam van de klager").await)
    };
    assert_eq!(back_at(HANDLER).await.0, TEXT);
    let (text, name) = back_at("directeur@lagant.nl").await;
    assert_eq!((text.as_str(), name.as_str()), ("", ""));
    window.close().await;
}
