//! Webhooks that the integrator makes on the page: typed wrong and mended, with a secret that is shown once, changed by two at once,
//! given another secret and taken away.

use super::links::{BOTH, INTEGRATOR, events, people};
use super::*;
use crate::support::receiver::{Receiver, expected_signature};
use redress::complaint::Via;

/// Returns the secret that a page shows.
fn shown(answer: &Answer) -> String {
    let text = answer.text();
    let secret = text.split_whitespace().find(|word| word.starts_with("whsec_"));
    secret.unwrap_or_else(|| panic!("no secret: {text}")).to_owned()
}

#[tokio::test]
async fn an_integrator_adds_a_webhook_renews_its_secret_and_removes_it() {
    let (receiver, url) = Receiver::start(&[]).await;
    let site = Site::of(Builder::default().config(&people()), Door::Loopback).await;
    let mut browser = site.signed_in(INTEGRATOR).await;
    let mut other = site.signed_in(BOTH).await;
    assert!(browser.get("/plugins").await.text().contains("Webhook toevoegen"));
    let form = browser.get("/subscriptions").await;
    assert!(
        form.text().contains("deadline_breached") && form.text().contains("in behandeling"),
        "{}",
        form.text()
    );
    // All that is wrong at once, and what was typed stays.
    let wrong = [("name", "CRM van ons"), ("url", "crm.example.nl"), ("state.in_treatment", "1")];
    let refused = browser.post("/subscriptions", &wrong).await;
    let text = refused.text();
    assert_eq!(refused.status, 422);
    for said in ["De naam kan niet.", "geen webadres", "Er gaat zo niets naartoe."] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(
        refused.body.contains("value=\"CRM van ons\"") && refused.body.contains("value=\"crm.example.nl\"")
    );
    assert!(refused.body.contains("name=\"state.in_treatment\" value=\"1\" checked"), "{}", refused.body);
    let right = [("name", "crm"), ("url", url.as_str()), ("event.entered", "1")];
    let made = browser.post("/subscriptions", &right).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let secret = shown(&made);
    assert!(
        made.header("cache-control").is_some_and(|c| c.contains("no-store")),
        "{:?}",
        made.header("cache-control")
    );
    let taken = browser.post("/subscriptions", &right).await;
    assert!(taken.status == 422 && taken.text().contains("al een webhook met deze naam"), "{}", taken.text());
    let page = browser.get("/plugins/crm").await.text();
    assert!(page.contains("gemaakt door Redress") && page.contains("Toegevoegd door"), "{page}");
    assert!(!page.contains(&secret[6..]) && page.contains("Alles klopt"), "{page}");
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let (headers, body) = receiver.seen()[0].clone();
    assert_eq!(headers["webhook-signature"], expected_signature(&secret, &headers, &body).as_str());
    // Two change it at once: the second sees what holds now, and keeps what was typed.
    let forms = [browser.get("/subscriptions/crm").await, other.get("/subscriptions/crm").await];
    assert!(forms[0].body.contains("name=\"event.entered\" value=\"1\" checked"));
    let with = |event| [("version", "1"), ("url", url.as_str()), (event, "1")];
    let first = browser.post("/subscriptions/crm", &with("event.*")).await;
    assert_eq!((first.status, first.location()), (303, "/plugins/crm"));
    let late = other.post("/subscriptions/crm", &with("event.registered")).await;
    assert!(
        late.status == 422 && late.text().contains("Iemand anders heeft deze webhook"),
        "{}",
        late.text()
    );
    assert!(late.body.contains("name=\"event.registered\" value=\"1\" checked"), "{}", late.body);
    assert!(late.body.contains("name=\"version\" value=\"2\""), "{}", late.body);
    // It takes everything now, which is said loudly.
    assert!(
        browser.get("/plugins").await.text().contains("Let op"),
        "{}",
        browser.get("/plugins").await.text()
    );
    let renewed = browser.post("/subscriptions/crm/secret", &[]).await;
    assert_ne!(shown(&renewed), secret);
    assert!(renewed.text().contains("di 24 nov, 10:00"), "{}", renewed.text());
    let page = browser.get("/plugins/crm").await.text();
    assert!(page.contains("ondertekent ook, tot di 24 nov, 10:00"), "{page}");
    // Nobody removes by a slip.
    assert_eq!(browser.post("/subscriptions/crm/remove", &[]).await.location(), "/plugins/crm");
    let gone = browser.post("/subscriptions/crm/remove", &[("certain", "1")]).await;
    assert_eq!((gone.status, gone.location()), (303, "/plugins"));
    assert_eq!(browser.get("/plugins/crm").await.status, 404);
    for (kind, times) in [("subscription_made", 1), ("subscription_changed", 2), ("subscription_removed", 1)]
    {
        let found = events(&site, kind).await;
        assert_eq!(found, vec![(INTEGRATOR.to_owned(), Via::Page); times], "{kind}");
    }
}
