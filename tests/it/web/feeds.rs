//! The calendar of somebody's terms: by a secret that is shown once, without anybody's name, until it is revoked.

use super::*;

const BASE: &str = "https://klachten.lagant.nl";

async fn site() -> (Site, Browser) {
    let config = format!("[web]\npublic_url = \"{BASE}\"\n");
    let site = Site::of(Builder::default().config(&config), Door::Loopback).await;
    site.app.complaint("m1").await;
    let browser = site.signed_in(HANDLER).await;
    (site, browser)
}

/// Makes a calendar, and returns its path.
async fn made(browser: &mut Browser) -> String {
    let page = browser.post("/me/calendar", &[]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let at = text.find("/calendar/").unwrap();
    text[at..].split(".ics").next().map(|path| format!("{path}.ics")).unwrap()
}

#[tokio::test]
async fn a_calendar_holds_my_terms_by_number_and_no_names() {
    let (site, mut browser) = site().await;
    let path = made(&mut browser).await;
    assert_eq!(path.len(), "/calendar/".len() + 64 + 4);
    assert!(!browser.get("/me").await.text().contains(&path), "it is shown once");
    let mut program = site.browser();
    let feed = program.get(&path).await;
    assert_eq!(feed.status, 200, "{}", feed.body);
    assert_eq!(feed.header("content-type"), Some("text/calendar; charset=utf-8"));
    let text = feed.body.replace("\r\n ", "");
    assert!(text.contains("DTSTART;VALUE=DATE:20270104"), "{text}");
    assert!(text.contains("SUMMARY:K-2026-0001: "), "{text}");
    assert!(text.contains(&format!("URL:{BASE}/complaints/K-2026-0001/next")), "{text}");
    for name in ["Jan", "jan@example.nl", "parkeren", "Behandelaar"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    // The same again is not sent again; something else is.
    let tag = feed.header("etag").unwrap().to_owned();
    let same = program.send("GET", &path, &[("if-none-match", &tag)], "").await;
    assert_eq!((same.status, same.body.as_str()), (304, ""));
    site.app.mail(&crate::support::clear_complaint("k2@example.nl", "m2")).await;
    site.app.app.turn().await.unwrap();
    let other = program.send("GET", &path, &[("if-none-match", &tag)], "").await;
    assert_eq!(other.status, 200);
    let uids =
        |body: &str| body.lines().filter(|l| l.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>();
    assert!(uids(&feed.body).iter().all(|uid| uids(&other.body).contains(uid)), "they stay the same");
}

#[tokio::test]
async fn a_calendar_ends_when_it_is_revoked_replaced_or_its_person_is_out() {
    let (site, mut browser) = site().await;
    let mut program = site.browser();
    let first = made(&mut browser).await;
    let second = made(&mut browser).await;
    assert_eq!(program.get(&first).await.status, 404, "the new one replaces it");
    assert_eq!(program.get(&second).await.status, 200);
    assert_eq!(browser.post("/me/calendar/end", &[]).await.location(), "/me");
    assert_eq!(program.get(&second).await.status, 404);
    let third = made(&mut browser).await;
    site.app.app.workflow.accounts().lock(HANDLER, Actor::System).await.unwrap();
    assert_eq!(program.get(&third).await.status, 404, "who is locked out has none");
    for path in ["/calendar/x.ics", "/calendar/", "/calendar/..%2fme.ics", &third.replace(".ics", "")] {
        assert_eq!(program.get(path).await.status, 404, "{path}");
    }
    assert_eq!(program.get(&format!("/calendar/{}.ics", "0".repeat(64))).await.status, 404);
    // A secret opens nothing else.
    assert!(program.get("/me").await.location().starts_with("/sign-in"));
    let kinds: Vec<String> = site.trail().await.into_iter().map(|e| e.summary).collect();
    assert_eq!(kinds.iter().filter(|s| s.contains("calendar of terms")).count(), 4, "{kinds:?}");
}
