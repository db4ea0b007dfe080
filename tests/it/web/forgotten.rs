//! A forgotten password: nobody learns who has an account, and the link counts once, for half an hour, for its person.

use super::browser::{Answer, Browser};
use super::*;
use crate::support::MAIL_PLUGIN;

const BASE: &str = "https://klachten.lagant.nl";
const OTHER: &str = "een heel ander wachtwoord";

async fn site() -> Site {
    let config = format!("[web]\npublic_url = \"{BASE}\"\n");
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).config(&config);
    Site::of(builder, Door::Loopback).await
}

async fn forget(site: &Site, address: &str) -> Answer {
    let answer = site.browser().post("/forgotten", &[("address", address)]).await;
    site.app.app.turn().await.unwrap();
    site.app.app.turn().await.unwrap();
    answer
}

/// The whole mails with a subject, with soft line breaks taken out.
fn mails(site: &Site, subject: &str) -> Vec<String> {
    let all = site.app.outbox().into_iter().map(|m| m.replace("=\r\n", "").replace("=\n", ""));
    all.filter(|mail| mail.contains(subject)).collect()
}

/// The paths of the links that were mailed, in the order of the files.
fn links(site: &Site) -> Vec<String> {
    let start = format!("{BASE}/welcome/");
    let of = |mail: &String| {
        let (_, rest) = mail.split_once(&start)?;
        Some(format!("/welcome/{}", rest.get(..64)?))
    };
    mails(site, "Een nieuw wachtwoord kiezen").iter().filter_map(of).collect()
}

async fn choose(browser: &mut Browser, link: &str) -> Answer {
    browser.post(link, &[("password", OTHER), ("again", OTHER)]).await
}

#[tokio::test]
async fn a_link_comes_by_mail_and_ends_every_session() {
    let site = site().await;
    let mut signed = site.signed_in(HANDLER).await;
    let page = site.browser().get("/sign-in").await;
    assert!(page.body.contains("href=\"/forgotten\""), "{}", page.body);
    let asked = forget(&site, &format!("  {} ", HANDLER.to_uppercase())).await;
    assert!(asked.text().contains("Als dit adres bij ons een account heeft"), "{}", asked.text());
    let found = links(&site);
    assert_eq!(found.len(), 1, "{:?}", site.app.outbox());
    assert!(mails(&site, "Een nieuw wachtwoord kiezen")[0].contains(HANDLER));
    assert_eq!(signed.get("/me").await.status, 200, "asking ends nothing");
    let mut browser = site.browser();
    assert_eq!(browser.get(&found[0]).await.status, 200, "looking uses nothing up");
    assert_eq!(choose(&mut browser, &found[0]).await.location(), "/sign-in");
    assert_eq!(choose(&mut browser, &found[0]).await.status, 410, "it counts once");
    assert_eq!(signed.get("/me").await.status, 303, "whoever was signed in is out");
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 422);
    assert_eq!(sign_in(&mut site.browser(), HANDLER, OTHER).await.status, 303);
    site.app.app.turn().await.unwrap();
    let told = mails(&site, "Uw wachtwoord is gewijzigd");
    assert!(told.len() == 1 && told[0].contains(HANDLER), "{told:?}");
}

/// The link stands in the mail that goes, and nowhere else.
#[tokio::test]
async fn the_database_holds_no_link() {
    let site = site().await;
    site.signed_in(HANDLER).await;
    forget(&site, HANDLER).await;
    let link = links(&site).pop().unwrap();
    let token = link.rsplit('/').next().unwrap();
    for entry in std::fs::read_dir(site.app.folder.path().join("data")).unwrap().flatten() {
        if entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let found = bytes.windows(token.len()).any(|part| part == token.as_bytes());
            assert!(!found, "{}", entry.path().display());
        }
    }
    let mail = &site.app.deliveries("mail", "").await[0];
    let details = site.app.app.store.deliveries().details(&mail.id).await.unwrap().unwrap();
    assert!(!details.payload.to_string().contains(token));
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let site = site().await;
    site.signed_in(HANDLER).await;
    // One of the people without an account, one who is locked out, strangers, and no address at all.
    site.signed_in(RECEIVER).await;
    site.app.app.workflow.accounts().lock(RECEIVER, Actor::System).await.unwrap();
    let known = forget(&site, HANDLER).await;
    let hostile = "\"<script>\"@x.nl\r\nBcc: a@b.nl".to_owned();
    for address in ["directeur@lagant.nl", RECEIVER, "niemand@lagant.nl", "", &hostile, &"x".repeat(9_000)] {
        let other = forget(&site, address).await;
        assert_eq!((other.status, &other.body), (known.status, &known.body), "{address}");
    }
    assert_eq!(links(&site).len(), 1, "only who has an account gets a link");
}

#[tokio::test]
async fn a_link_is_over_after_half_an_hour_and_a_later_one_replaces_it() {
    let site = site().await;
    site.signed_in(HANDLER).await;
    forget(&site, HANDLER).await;
    let first = links(&site).pop().unwrap();
    // At once nothing more goes; after five minutes one does.
    forget(&site, HANDLER).await;
    assert_eq!(links(&site).len(), 1);
    site.advance(5);
    forget(&site, HANDLER).await;
    let all = links(&site);
    let second = all.iter().find(|link| **link != first).unwrap().clone();
    assert_eq!(choose(&mut site.browser(), &first).await.status, 410);
    site.advance(30);
    assert_eq!(choose(&mut site.browser(), &second).await.status, 410, "it is over");
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 303, "nothing has changed");
    // Each further one takes twice as long.
    forget(&site, HANDLER).await;
    site.advance(19);
    forget(&site, HANDLER).await;
    assert_eq!(links(&site).len(), 3);
    site.advance(1);
    forget(&site, HANDLER).await;
    assert_eq!(links(&site).len(), 4);
}

#[tokio::test]
async fn many_requests_of_everybody_are_too_many() {
    let site = site().await;
    site.signed_in(HANDLER).await;
    let mut browser = site.browser();
    for n in 0..60 {
        let answer = browser.post("/forgotten", &[("address", &format!("{n}@x.nl"))]).await;
        assert_eq!(answer.status, 200, "{n}");
    }
    assert_eq!(browser.post("/forgotten", &[("address", HANDLER)]).await.status, 429);
    site.advance(10);
    assert_eq!(browser.post("/forgotten", &[("address", HANDLER)]).await.status, 200);
    site.app.app.turn().await.unwrap();
    site.app.app.turn().await.unwrap();
    assert_eq!(links(&site).len(), 1);
}

/// The link leads where redress.toml says, whatever a request calls itself; and without it nothing goes.
#[tokio::test]
async fn the_host_of_a_request_makes_no_link() {
    let site = site().await;
    site.signed_in(HANDLER).await;
    let mut browser = site.browser();
    browser.host = "evil.nl".to_owned();
    assert_eq!(browser.post("/forgotten", &[("address", HANDLER)]).await.status, 421);
    let forged = [("x-forwarded-host", "evil.nl"), ("sec-fetch-site", "same-origin")];
    let form = ("content-type", "application/x-www-form-urlencoded");
    let headers: Vec<(&str, &str)> = forged.into_iter().chain([form]).collect();
    let body = browser::encoded(&[("address", HANDLER)]);
    assert_eq!(site.browser().send("POST", "/forgotten", &headers, &body).await.status, 200);
    site.app.app.turn().await.unwrap();
    site.app.app.turn().await.unwrap();
    assert_eq!(links(&site).len(), 1);
    assert!(!site.app.outbox().iter().any(|mail| mail.contains("evil.nl")));
    let bare = Site::of(Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()), Door::Loopback).await;
    bare.signed_in(HANDLER).await;
    assert!(!bare.browser().get("/forgotten").await.body.contains("<form"));
    forget(&bare, HANDLER).await;
    assert!(mails(&bare, "wachtwoord").is_empty());
}

/// What fails for one person is tried again, and keeps no link from another.
#[tokio::test]
async fn one_that_fails_holds_up_no_other() {
    use sqlx::Connection;
    let site = site().await;
    for email in [HANDLER, RECEIVER] {
        site.signed_in(email).await;
    }
    let url = format!("sqlite:{}", site.app.folder.path().join("data/redress.db").display());
    let mut database = sqlx::AnyConnection::connect(&url).await.unwrap();
    let refusal = format!(
        "CREATE TRIGGER refusal BEFORE UPDATE ON accounts WHEN NEW.email = '{HANDLER}' BEGIN SELECT RAISE(ABORT, 'no'); END"
    );
    sqlx::query(&refusal).execute(&mut database).await.unwrap();
    // The first by its address is the one that fails.
    assert!(HANDLER < RECEIVER);
    forget(&site, HANDLER).await;
    forget(&site, RECEIVER).await;
    let sent = mails(&site, "Een nieuw wachtwoord kiezen");
    assert!(sent.len() == 1 && sent[0].contains(RECEIVER), "{sent:?}");
    sqlx::query("DROP TRIGGER refusal").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    site.app.app.turn().await.unwrap();
    assert_eq!(mails(&site, "Een nieuw wachtwoord kiezen").len(), 2);
}
