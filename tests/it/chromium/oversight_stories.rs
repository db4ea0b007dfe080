//! What an integrator and an auditor do with nothing but the page: a webhook from its folder to its deliveries, and one complaint
//! from the register to who looked at it.

use super::Window;
use super::every_page::axe;
use crate::delivery::{NEXT_SECRET, SECRET};
use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, repository};
use crate::web::{Site, links};
use redress::web::Door;
use std::path::Path;

const AUDITOR: &str = "auditor@lagant.nl";

/// The shipped folder as an integrator fills it in.
fn manifest(url: &str, secrets: &Path) -> String {
    let place = |name: &str| format!("{{ file = \"{}\" }}", secrets.join(name).display());
    let shipped = repository().join("plugins/standard-webhooks/plugin.toml");
    let mut text = std::fs::read_to_string(shipped).unwrap();
    for (shipped, filled_in) in [
        ("messages = [\"*\"]", "messages = [\"acknowledgement\"]".to_owned()),
        ("https://example.org/redress", url.to_owned()),
        ("secret = { env = \"REDRESS_WEBHOOK_SECRET\" }", format!("secret = {}", place("secret"))),
    ] {
        assert!(text.contains(shipped), "{shipped}");
        text = text.replace(shipped, &filled_in);
    }
    text
}

async fn put(site: &Site, manifest: &str) {
    site.app.write_plugin("crm", "plugin.toml", manifest);
    site.app.app.follow_plugins().await.unwrap();
}

/// A webhook that is newly there is looked at, tried out and switched on; what failed is sent again, under its own id.
async fn a_webhook_is_taken_into_use(window: &Window, site: &Site, axe: Option<&str>) {
    let secrets = tempfile::tempdir().unwrap();
    std::fs::write(secrets.path().join("secret"), SECRET).unwrap();
    std::fs::write(secrets.path().join("next"), NEXT_SECRET).unwrap();
    let (receiver, url) = Receiver::start(&[]).await;
    let shipped = manifest(&url, secrets.path());
    put(site, &shipped).await;
    window.welcome(site, links::INTEGRATOR).await;
    window.press("Koppelingen").await;
    window.reads(&["crm", "uit, in plugin.toml"]).await;
    window.press("crm").await;
    window.reads(&["Alles klopt", "webhook.secret", "ingevuld"]).await;
    window.press("Voorbeeld versturen").await;
    window.reads(&["Aangenomen", "redress-test: true", "K-0000-0000"]).await;
    assert_eq!(receiver.count(), 1);
    window.stop(axe, "webhook-tried").await;
    window.press("Terug naar de koppeling crm").await;

    put(site, &shipped.replace("enabled = false", "enabled = true")).await;
    receiver.answer(&[500]);
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    window.goto("/plugins").await;
    window.press("crm").await;
    window.reads(&["aan"]).await;
    window.press("Alle leveringen van deze koppeling").await;
    window.reads(&["bericht acknowledgement", "wacht"]).await;
    window.stop(axe, "webhook-deliveries").await;
    window.follow("//main//tbody//a").await;
    window.reads(&["mislukt, gaat opnieuw", "500"]).await;
    window.press("Nu sturen").await;
    window.reads(&["De levering gaat opnieuw."]).await;
    site.app.app.turn().await.unwrap();
    window.press("Alle leveringen").await;
    window.follow("//main//td[normalize-space()='crm']/preceding-sibling::th/a").await;
    window.reads(&["aangekomen", "mislukt, gaat opnieuw", "aangenomen"]).await;
    window.press("Nog een keer sturen").await;
    site.app.app.turn().await.unwrap();
    window.stop(axe, "webhook-delivery").await;
    let seen = receiver.seen();
    let ids: Vec<_> = seen.iter().skip(1).map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert_eq!((ids.len(), ids.iter().all(|id| *id == ids[0])), (3, true), "one id over all attempts");

    // While the secret changes, both are there and both sign.
    let next = format!("next_secret = {{ file = \"{}\" }}", secrets.path().join("next").display());
    put(site, &format!("{shipped}{next}\n").replace("enabled = false", "enabled = true")).await;
    window.goto("/plugins/crm").await;
    window.reads(&["ondertekent ook: de volgende", "webhook.next_secret"]).await;
    window.element("//summary[normalize-space()='Een geheim vervangen']").await.click().await;
    window.reads(&["Beide gelden tot u de tweede regel uit plugin.toml haalt."]).await;
    window.stop(axe, "webhook-rotating").await;
    window.press("Voorbeeld versturen").await;
    let signed = receiver.seen().last().unwrap().0["webhook-signature"].to_str().unwrap().to_owned();
    assert_eq!(signed.matches("v1,").count(), 2, "{signed}");
    let text = window.text().await;
    assert!(!text.contains(SECRET) && !text.contains(NEXT_SECRET) && !text.contains(&signed), "{text}");
}

/// A webhook is added without a folder: typed wrong and mended, tried out, given another secret, and removed.
async fn a_webhook_is_added_on_the_page(window: &Window, axe: Option<&str>) {
    let (receiver, url) = Receiver::start(&[]).await;
    window.goto("/plugins").await;
    window.press("Webhook toevoegen").await;
    window.answer("Naam", "De planning").await;
    window.answer("Adres", &url).await;
    window.press("Toevoegen").await;
    window.reads(&["De naam kan niet.", "Er gaat zo niets naartoe."]).await;
    window.stop(axe, "webhook-typed-wrong").await;
    window.answer("Naam", "planning").await;
    window.element("//label[normalize-space()='entered']").await.click().await;
    window.press("Toevoegen").await;
    window.reads(&["Geheim van webhook planning", "whsec_", "U ziet het alleen nu"]).await;
    window.stop(axe, "webhook-secret").await;
    window.press("Verder naar de koppeling").await;
    window.reads(&["Alles klopt", "gemaakt door Redress"]).await;
    assert!(!window.text().await.contains("whsec_"));
    window.press("Voorbeeld versturen").await;
    window.reads(&["Aangenomen"]).await;
    window.press("Terug naar de koppeling planning").await;
    window.press("Nieuw geheim maken").await;
    window.reads(&["whsec_", "Het vorige geheim geldt ook nog, tot"]).await;
    window.press("Verder naar de koppeling").await;
    window.press("Voorbeeld versturen").await;
    let signed = receiver.seen().last().unwrap().0["webhook-signature"].to_str().unwrap().to_owned();
    assert_eq!(signed.matches("v1,").count(), 2, "{signed}");
    window.press("Terug naar de koppeling planning").await;
    window
        .element("//label[starts-with(normalize-space(), 'Ja, deze webhook mag weg.')]")
        .await
        .click()
        .await;
    window.press("Webhook verwijderen").await;
    let left = window.text().await;
    assert!(left.contains("crm") && !left.contains("planning"), "{left}");
}

/// Nothing on this page acts: no form that posts, no way to an action.
async fn only_read(window: &Window) {
    let acts = "return [...document.querySelectorAll('main form[method=post], main a[href*=\"/actions/\"]')].map(e => e.outerHTML)";
    let found = window.ask(acts).await;
    assert_eq!(found, serde_json::json!([]), "{}", window.place().await);
}

/// One complaint is followed: whether the trail holds, what happened and why by which sentence and publication, who looked.
async fn a_complaint_is_followed(window: &Window, site: &Site, axe: Option<&str>) {
    window.enter(site, AUDITOR).await;
    window.press("Verslagen").await;
    window.press("Controle: logboek en wie keek").await;
    for _ in 0..200 {
        if window.text().await.contains("Het logboek klopt:") {
            break;
        }
        window.goto("/audit").await;
    }
    window.reads(&["Het logboek klopt:", "Wie keek naar welke klacht"]).await;
    only_read(window).await;
    window.press("Register").await;
    only_read(window).await;
    window.press("K-2026-0001").await;
    window.reads(&["Verloop"]).await;
    only_read(window).await;
    let summary = window.element("//section[@aria-labelledby='course']//details/summary").await;
    assert!(summary.text().await.contains("van de procedure"));
    summary.click().await;
    window.stop(axe, "auditor-complaint").await;
    window.follow("//section[@aria-labelledby='course']//details[@open]//a").await;
    window.reads(&["Publicatie van", "Dit waren de eerste regels."]).await;
    only_read(window).await;
    window.goto("/complaints/K-2026-0001").await;
    window.press("Wie heeft deze klacht bekeken").await;
    window.reads(&["Wie keek naar K-2026-0001", AUDITOR]).await;
    only_read(window).await;
    window.stop(axe, "auditor-views").await;
}

#[tokio::test]
async fn a_webhook_comes_into_use_and_a_complaint_is_followed() {
    let builder = Builder::default().config(&links::people()).plugin("mail", MAIL_PLUGIN.to_owned());
    let site = Site::of(builder, Door::Loopback).await;
    let Some(window) = Window::open(site.address()).await else { return };
    let axe = axe();
    a_webhook_is_taken_into_use(&window, &site, axe.as_deref()).await;
    a_webhook_is_added_on_the_page(&window, axe.as_deref()).await;
    a_complaint_is_followed(&window, &site, axe.as_deref()).await;
    window.close().await;
}
