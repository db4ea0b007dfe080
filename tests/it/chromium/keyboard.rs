//! Without a mouse: everything is reached by Tab, is seen when it is, and does by Enter and space what a click does.

use super::Window;
use super::driver::{ENTER, TAB};
use crate::web::{HANDLER, PASSWORD, Site};

impl Window {
    pub(super) async fn type_keys(&self, keys: &str) {
        self.driver.active().await.type_keys(keys).await;
    }

    /// Presses a key that leads to another page.
    pub(super) async fn leave_by(&self, key: &str) {
        let focused = self.driver.active().await;
        self.leave(async { focused.type_keys(key).await }).await;
    }

    /// What the focus is on: its words or its label.
    pub(super) async fn focused(&self) -> String {
        self.focus().await.0
    }

    /// What the focus is on, and whether that is seen.
    async fn focus(&self) -> (String, bool) {
        let found = self
            .ask(
                "const e = document.activeElement, l = e.labels && e.labels.length ? e.labels[0] : e; \
                 const s = getComputedStyle(e), r = e.getBoundingClientRect(); \
                 const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; \
                 const seen = r.bottom > 0 && r.top < innerHeight && r.width > 0; \
                 return [l.innerText.replace(/\\s+/g, ' ').trim(), e === document.body || (ring && seen)]",
            )
            .await;
        (found[0].as_str().unwrap_or_default().to_owned(), found[1] == true)
    }

    /// Goes on by Tab to what has these words; each thing on the way shows that it has the focus.
    pub(super) async fn tab_to(&self, words: &str) {
        for _ in 0..120 {
            self.type_keys(TAB).await;
            let (focused, is_seen) = self.focus().await;
            assert!(is_seen, "the focus is not seen on “{focused}” at {}", self.place().await);
            if focused.starts_with(words) {
                return;
            }
        }
        panic!("Tab does not come to “{words}” at {}: {}", self.place().await, self.text().await);
    }
}

#[tokio::test]
async fn a_handler_works_by_keyboard_alone() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let Some(window) = Window::open(site.address()).await else { return };
    drop(site.signed_in(HANDLER).await);
    window.goto("/").await;
    window.tab_to("E-mailadres").await;
    window.type_keys(HANDLER).await;
    window.tab_to("Wachtwoord").await;
    window.type_keys(PASSWORD).await;
    window.leave_by(ENTER).await;
    window.reads(&["Mijn werk"]).await;
    // The first stop of each page leads past the menu.
    window.tab_to("Naar de inhoud").await;
    window.type_keys(ENTER).await;
    window.tab_to("Informatie vragen").await;
    window.leave_by(ENTER).await;
    window.tab_to("Wat wilt u weten?").await;
    window.type_keys("Op welke dag was het?").await;
    window.tab_to("Bekijk wat er gaat gebeuren").await;
    window.leave_by(ENTER).await;
    window.reads(&["Dit gaat er gebeuren"]).await;
    window.tab_to("Bevestigen: Informatie vragen").await;
    window.leave_by(" ").await;
    window.reads(&["Het is gedaan."]).await;
    assert_eq!(site.app.state("K-2026-0001").await, "awaiting_complainant");
    window.close().await;
}

/// What is wrong is told at the top, and from there one comes to the field.
#[tokio::test]
async fn a_mistake_leads_to_its_field() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let Some(window) = Window::open(site.address()).await else { return };
    window.welcome(&site, HANDLER).await;
    window.goto("/complaints/K-2026-0001/actions/ask_information").await;
    window.press("Bekijk wat er gaat gebeuren").await;
    assert!(window.driver.title().await.starts_with("Fout: "));
    window.tab_to("“Wat wilt u weten?” is nodig").await;
    window.type_keys(ENTER).await;
    let focused = window.focused().await;
    assert!(focused.starts_with("Wat wilt u weten?"), "{focused}");
    window.close().await;
}
