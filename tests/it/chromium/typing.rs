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
