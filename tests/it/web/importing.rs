//! Importing on the page: for the role that the procedure names, from the file to the complaints and back.

use super::*;
use crate::importing::{QUALITY, REGISTER};

const KIND: (&str, &str) = ("content-type", "multipart/form-data; boundary=XX");
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

fn form(text: &str) -> String {
    format!(
        "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"r.csv\"\r\ncontent-type: text/csv\r\n\r\n{text}\r\n--XX--\r\n"
    )
}

async fn uploaded(browser: &mut Browser, text: &str) -> Answer {
    browser.send("POST", "/import", &[KIND, OURS], &form(text)).await
}

#[tokio::test]
async fn a_register_is_looked_at_corrected_imported_and_undone() {
    let site = Site::open().await;
    let mut browser = site.signed_in(QUALITY).await;
    assert!(browser.get("/").await.body.replace("&#x2f;", "/").contains("href=\"/import\""));
    let answer = uploaded(&mut browser, &REGISTER.replace("Status", "Toestand")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let place = answer.location().to_owned();
    let page = browser.get(&place).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let text = page.text();
    assert!(text.contains("geen kolom zegt of een klacht is afgehandeld"), "{text}");
    assert!(page.body.contains("Toestand") && page.body.contains("name=\"column.13\""), "{}", page.body);
    let chosen = [
        ("column.0", "earlier_number"),
        ("column.1", "received_on"),
        ("column.2", "complainant_name"),
        ("column.3", "complainant_email"),
        ("column.4", "subject"),
        ("column.5", "description"),
        ("column.6", "responsible"),
        ("column.7", "verdict"),
        ("column.8", "decided_on"),
        ("column.9", "solution"),
        ("column.10", "agreement"),
        ("column.11", "cause"),
        ("column.12", "channel"),
        ("column.13", "status"),
        ("column.14", ""),
    ];
    let with = |step: &'static str| chosen.iter().copied().chain([("step", step)]).collect::<Vec<_>>();
    let tried = browser.post(&place, &with("try")).await;
    assert_eq!(tried.status, 200, "{}", tried.body);
    let text = tried.text();
    assert!(text.contains("3 klachten kunnen worden overgenomen (2 afgehandeld, 1 lopend)"), "{text}");
    assert!(text.contains("“31-2-2024” is geen bestaande dag"), "{text}");
    assert!(site.app.app.workflow.id_of("K-2026-0001").await.is_err(), "nothing changed yet");
    let done = browser.post(&place, &with("import")).await;
    let text = done.text();
    assert!(text.contains("Overgenomen: 3 klachten"), "{text}");
    assert_eq!(browser.get(&place).await.status, 404, "the file is gone");
    assert!(browser.get("/complaints/K-2026-0001").await.text().contains("Parkeren"));
    let look = browser.post("/import/1/undo", &[]).await.text();
    assert!(look.contains("3 klachten kunnen worden teruggedraaid"), "{look}");
    let undone = browser.post("/import/1/undo", &[("step", "undo")]).await.text();
    assert!(undone.contains("3 klachten zijn teruggedraaid"), "{undone}");
    site.app.app.turn().await.unwrap();
    assert_eq!(site.app.state("K-2026-0001").await, "taken_back");
}

#[tokio::test]
async fn others_find_no_such_page_and_strange_files_are_told() {
    let site = Site::open().await;
    for email in [HANDLER, RECEIVER, "directeur@lagant.nl", "integratie@lagant.nl"] {
        let mut browser = site.signed_in(email).await;
        assert_eq!(uploaded(&mut browser, REGISTER).await.status, 404, "{email}");
        assert!(!browser.get("/").await.body.replace("&#x2f;", "/").contains("href=\"/import\""));
        for path in ["/import", "/import/files/00000000000000000000000000000000"] {
            assert_eq!(browser.get(path).await.status, 404, "{email} {path}");
        }
        assert_eq!(browser.post("/import/1/undo", &[("step", "undo")]).await.status, 404, "{email}");
    }
    assert_eq!(site.browser().get("/import").await.status, 303);
    let mut browser = site.signed_in(QUALITY).await;
    assert_eq!(uploaded(&mut browser, "").await.status, 422);
    let wrong = uploaded(&mut browser, "%PDF-1.7").await;
    assert!(wrong.status == 422 && wrong.text().contains("PDF"), "{}", wrong.body);
    let large = uploaded(&mut browser, &"x".repeat(11 << 20)).await;
    assert_eq!(large.status, 413);
    for name in ["..%2Fredress.db", "x", "%00", "00000000000000000000000000000000"] {
        assert_eq!(browser.get(&format!("/import/files/{name}")).await.status, 404, "{name}");
    }
    assert_eq!(browser.post("/import/99/undo", &[("step", "undo")]).await.status, 404);
    assert_eq!(browser.post("/import/x/undo", &[]).await.status, 404);
}
