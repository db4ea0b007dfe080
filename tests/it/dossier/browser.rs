//! The page of a dossier in a real browser, from a file, without any network: it recomputes itself, and names what was changed.

use super::page::PATH;
use super::*;
use crate::chromium::Window;
use crate::web::{RECEIVER, Site, whole};
use std::time::Duration;

async fn verdict(window: &Window, page: &str, folder: &tempfile::TempDir) -> String {
    let path = folder.path().join("dossier.html");
    std::fs::write(&path, page).unwrap();
    window.goto_file(&path).await;
    for _ in 0..400 {
        if window.ask("return document.getElementById('short').textContent !== ''").await == true {
            return window.element("//*[@id='verdict']").await.text().await;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it does not recompute itself: {}", window.text().await);
}

#[tokio::test]
async fn the_page_recomputes_itself_and_names_what_was_changed() {
    let site = Site::open().await;
    site.app
        .mail(&mail_with_files("m1", "Klacht: \u{202e}<b>x</b> & 'y' \"z\" ＜é＞ 👩\u{200d}🏫", &["a.png"]))
        .await;
    site.app.complaint("m2").await;
    let reader = site.signed_in(RECEIVER).await;
    let (_, bytes) = whole(&site, &reader, PATH).await;
    let files = opened(&bytes);
    let page = text(&files, "dossier.html");
    let Some(window) = Window::open(site.address()).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let said = verdict(&window, &page, &folder).await;
    let steps = manifest(&files).steps;
    assert!(said.starts_with("Nagerekend: dit bestand klopt met zichzelf."), "{said}");
    assert!(said.contains(&format!("De gegevens van {steps} stappen zijn ongewijzigd.")), "{said}");
    let change = |from: &str, to: &str| {
        let changed = page.replacen(from, to, 1);
        assert_ne!(changed, page, "{from}");
        changed
    };
    // What is read, what stands behind it, and what was written by hand over both.
    for (changed, wanted) in [
        (
            change("tot en met 30 november 2026", "tot en met 30 december 2026"),
            "Veranderd: de tekst van ‘Stap 4’.",
        ),
        (
            change("het parkeren bij de training", "het eten bij de training"),
            "Veranderd: de tekst van ‘Bericht 1’.",
        ),
        (
            change("deadline acknowledgement ends", "deadline acknowledgement is"),
            "Veranderd: de gegevens van stap 4.",
        ),
        (
            change("\\\"from\\\":\\\"jan@example.nl\\\"", "\\\"from\\\":\\\"piet@example.nl\\\""),
            "Veranderd: de persoonlijke gegevens van stap 1 horen niet bij de vingerafdruk in het logboek.",
        ),
        (
            without_salt(&page),
            "Veranderd: de persoonlijke gegevens van stap 1 horen niet bij de vingerafdruk in het logboek.",
        ),
        (without_step(&page, 3), "Er ontbreken blokken of stappen, of er zijn er te veel."),
        (with_another_link(&page), "Stap 3 zit niet vast aan de stap ervoor: er is iets weg of veranderd."),
    ] {
        let said = verdict(&window, &changed, &folder).await;
        assert!(
            said.starts_with("Nagerekend: dit bestand is veranderd nadat het is gemaakt."),
            "{wanted}: {said}"
        );
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    // Without its script it still says what it is, and what was not done.
    let still = page.replace("<script>\"use strict\";", "<script type=\"text/plain\">");
    std::fs::write(folder.path().join("still.html"), still).unwrap();
    window.goto_file(&folder.path().join("still.html")).await;
    window
        .reads(&[
            "Hier is nog niets nagerekend",
            "Dossier van klacht K-2026-0001",
            "Wat het niet kan laten zien",
        ])
        .await;
    // Another script does not run in it.
    let other = page.replace("\"use strict\";", "\"use strict\"; document.title = 'x';");
    std::fs::write(folder.path().join("other.html"), other).unwrap();
    window.goto_file(&folder.path().join("other.html")).await;
    window.reads(&["Hier is nog niets nagerekend"]).await;
    window.close().await;
}

/// What the personal facts of the first event are looked at with is gone.
fn without_salt(page: &str) -> String {
    let at = page.find("\"salt\":\"").unwrap() + 7;
    let end = at + 1 + page[at + 1..].find('"').unwrap() + 1;
    format!("{}null{}", &page[..at], &page[end..])
}

fn without_step(page: &str, number: usize) -> String {
    let from = page.find(&format!("<li id=\"step-{number}\">")).unwrap();
    let to = page.find(&format!("<li id=\"step-{}\">", number + 1)).unwrap();
    format!("{}{}", &page[..from], &page[to..])
}

/// The third event names another one before it.
fn with_another_link(page: &str) -> String {
    let from = page.find("<li id=\"step-3\">").unwrap();
    let at = from + page[from..].find("\"prev\":\"").unwrap() + 8;
    format!("{}{}{}", &page[..at], "0".repeat(64), &page[at + 64..])
}
