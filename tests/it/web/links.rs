//! The integrator's pages: what is said of plugins, who may look and who may act, switching off and on, samples.

use super::*;
use crate::delivery::{NEXT_SECRET, SECRET, hook};
use crate::support::receiver::Receiver;
use redress::complaint::Via;

pub const INTEGRATOR: &str = "integratie@lagant.nl";
/// Who looks after plugins and sees every complaint.
pub const BOTH: &str = "beheer@lagant.nl";
const DIRECTOR: &str = "directeur@lagant.nl";
const AUDITOR: &str = "auditor@lagant.nl";

pub fn people() -> String {
    let person = |(email, roles): &(&str, &str)| {
        format!("[[people]]\nname = \"P {email}\"\nemail = \"{email}\"\nroles = [{roles}]\n")
    };
    [
        (RECEIVER, "\"receiver\""),
        (HANDLER, "\"handler\""),
        (DIRECTOR, "\"director\""),
        ("kwaliteit@lagant.nl", "\"quality_manager\""),
        (AUDITOR, "\"auditor\""),
        (INTEGRATOR, "\"integrator\""),
        (BOTH, "\"integrator\", \"quality_manager\""),
    ]
    .iter()
    .map(person)
    .collect()
}

/// An installation with mail and this webhook.
pub async fn site(manifest: String) -> Site {
    let builder = Builder::default()
        .config(&people())
        .plugin("mail", crate::support::MAIL_PLUGIN.to_owned())
        .plugin("hook", manifest);
    Site::of(builder, Door::Loopback).await
}

pub async fn events(site: &Site, kind: &str) -> Vec<(String, Via)> {
    let all = site.app.app.workflow.reading().trail().events_after(0).await.unwrap();
    let of_kind = all.into_iter().filter(|e| e.kind.as_str() == kind);
    of_kind.map(|e| (e.by.as_str().to_owned(), e.via)).collect()
}

#[tokio::test]
async fn who_sees_everything_looks_and_who_is_told_of_trouble_acts() {
    let folder = tempfile::tempdir().unwrap();
    let (receiver, url) = Receiver::start(&[]).await;
    let site = site(hook(&url, folder.path(), "")).await;
    site.app.complaint("m1").await;
    let id = site.app.deliveries("hook", "accepted").await[0].id.clone();
    let pages = ["/plugins", "/plugins/hook", "/deliveries", &format!("/deliveries/{id}")];
    let posts = [
        "/subscriptions".to_owned(),
        "/subscriptions/crm".to_owned(),
        "/subscriptions/crm/secret".to_owned(),
        "/subscriptions/crm/remove".to_owned(),
        "/plugins/hook/test".to_owned(),
        "/plugins/hook/disable".to_owned(),
        "/plugins/hook/enable".to_owned(),
        "/plugins/hook/missed".to_owned(),
        format!("/deliveries/{id}/replay"),
        "/deliveries/replay".to_owned(),
    ];
    let before = receiver.count();
    for (email, looks) in
        [(HANDLER, false), (RECEIVER, false), (DIRECTOR, true), (AUDITOR, true), (INTEGRATOR, true)]
    {
        let mut browser = site.signed_in(email).await;
        let home = browser.get("/").await.body.replace("&#x2f;", "/");
        assert_eq!(home.contains("href=\"/plugins\""), looks, "{email}");
        for path in pages {
            let page = browser.get(path).await;
            assert_eq!(page.status, if looks { 200 } else { 404 }, "{email} {path}: {}", page.text());
            let main = page.body.split("<main").nth(1).unwrap_or_default();
            let acts = email == INTEGRATOR && path != "/plugins" && path != "/deliveries";
            assert_eq!(main.contains("method=\"post\""), acts, "{email} {path}");
        }
        for path in &posts {
            if email == INTEGRATOR {
                continue;
            }
            let answer = browser.post(path, &[("from", "2026-11-01"), ("state", "accepted")]).await;
            assert_eq!(answer.status, 404, "{email} {path}");
        }
        for path in
            ["/deliveries/replay?state=accepted&from=2026-11-01", "/plugins/hook/missed?from=2026-11-01"]
        {
            let asked = browser.get(path).await.status;
            assert_eq!(asked, if email == INTEGRATOR { 200 } else { 404 }, "{email} {path}");
        }
    }
    assert_eq!(receiver.count(), before, "nobody sent anything");
    assert!(
        events(&site, "plugin_disabled").await.is_empty() && events(&site, "plugin_tried").await.is_empty()
    );
    let mut nobody = site.browser();
    for path in pages {
        assert_eq!(nobody.get(path).await.status, 303, "{path}");
    }
    let mut integrator = site.browser();
    sign_in(&mut integrator, INTEGRATOR, PASSWORD).await;
    for path in [
        "/plugins/nothing",
        "/plugins/%00",
        "/plugins/..%2fhook",
        "/deliveries/nothing",
        "/deliveries/%00",
        "/plugins/mail/missed?from=2026-11-01",
    ] {
        assert_eq!(integrator.get(path).await.status, 404, "{path}");
    }
    for path in [
        "/deliveries?state=lost",
        "/deliveries?from=x",
        "/deliveries?to=2026-13-01",
        "/deliveries?after=x",
        "/deliveries/replay",
        "/deliveries/replay?state=dead",
        "/deliveries/replay?state=recalled&from=2026-11-01",
        "/plugins/hook/missed",
        &format!("/deliveries?plugin={}", "x".repeat(300)),
    ] {
        assert_eq!(integrator.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn what_goes_by_a_plugin_is_said_and_everything_is_said_loudly() {
    let folder = tempfile::tempdir().unwrap();
    let narrow = "states = [\"in_treatment\"]\nrecipients = [\"complainant\", \"director\"]\n\
        when = { verdict = [\"upheld\"] }\ninclude_personal_data = true\npurpose = \"het klantenbeeld\"\n";
    let narrow = hook("http://127.0.0.1:1/", folder.path(), "").replacen(
        "[webhook]",
        &format!("{narrow}[webhook]"),
        1,
    );
    let wide = "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\n[webhook]\nurl = \"http://127.0.0.1:1/\"\nsigning = \"none\"\n";
    let off = wide.replace("enabled = true", "enabled = false");
    let builder = Builder::default()
        .config(&people())
        .plugin("hook", narrow)
        .plugin("wide", wide.to_owned())
        .plugin("off", off)
        .plugin("wrong", "kind = \"pigeon\"\n".to_owned());
    let site = Site::of(builder, Door::Loopback).await;
    let mut browser = site.signed_in(INTEGRATOR).await;
    let text = browser.get("/plugins/hook").await.text();
    for said in [
        "Berichten acknowledgement",
        "Voor de klager, directeur",
        "Als de klacht staat op in behandeling",
        "Alleen bij dit oordeel gegrond",
        "Let op: Deze koppeling krijgt namen en teksten van klachten. Doel: het klantenbeeld",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("krijgt alles"), "{text}");
    let text = browser.get("/plugins/wide").await.text();
    assert!(text.contains("Let op: Deze koppeling krijgt alles, van iedere klacht."), "{text}");
    let list = browser.get("/plugins").await.text();
    for said in ["uit, in plugin.toml", "werkt niet: er staat een fout in de map", "nog niets"] {
        assert!(list.contains(said), "{said}: {list}");
    }
    let wrong = browser.get("/plugins/wrong").await;
    assert!(wrong.status == 200 && wrong.text().contains("pigeon"), "{}", wrong.text());
    // A plugin that works and is then broken goes on in its version before.
    site.app.write_plugin("hook", "plugin.toml", "kind = \"pigeon\"\n");
    site.app.app.follow_plugins().await.unwrap();
    let text = browser.get("/plugins/hook").await.text();
    assert!(text.contains("de vorige versie werkt door") && text.contains("pigeon"), "{text}");
    // In the language of the reader.
    browser.post("/me/language", &[("language", "en")]).await;
    assert!(browser.get("/plugins/wide").await.text().contains("Note: This connection gets everything"));
}

/// What a person switches off stays off, also after a restart; what goes by it waits and goes when it is on again.
#[tokio::test]
async fn a_person_switches_a_plugin_off_and_on() {
    let folder = tempfile::tempdir().unwrap();
    let (receiver, url) = Receiver::start(&[]).await;
    let mut site = site(hook(&url, folder.path(), "")).await;
    let manifest = site.app.folder.path().join("plugins/hook/plugin.toml");
    let written = std::fs::read_to_string(&manifest).unwrap();
    let mut browser = site.signed_in(INTEGRATOR).await;
    let mut other = site.signed_in(BOTH).await;
    for who in [&mut browser, &mut other] {
        assert_eq!(who.post("/plugins/hook/disable", &[]).await.location(), "/plugins/hook");
    }
    assert_eq!(events(&site, "plugin_disabled").await, [(INTEGRATOR.to_owned(), Via::Page)], "once");
    let off = format!("uit: uitgezet door P {INTEGRATOR}");
    assert!(browser.get("/plugins").await.text().contains(&off));
    site.restart(&mut [&mut browser, &mut other]).await;
    assert!(browser.get("/plugins/hook").await.text().contains(&off));
    assert_eq!(std::fs::read_to_string(&manifest).unwrap(), written);
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 0);
    let list = browser.get("/plugins").await.text();
    assert!(list.contains("1 oudste van ma 23 nov, 10:00"), "{list}");
    assert_eq!(other.post("/plugins/hook/enable", &[]).await.status, 303);
    site.app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 1, "what waited goes");
    assert_eq!(events(&site, "plugin_enabled").await, [(BOTH.to_owned(), Via::Page)]);
    let list = browser.get("/plugins").await.text();
    assert!(list.contains("ma 23 nov, 10:00") && !list.contains("uitgezet"), "{list}");
    assert!(list.contains("poging in zeven dagen duurde"), "{list}");
    // What switched itself off is switched on here as well.
    receiver.answer(&[410]);
    site.app.mail(&crate::support::clear_complaint("k2@example.nl", "m2")).await;
    site.app.app.turn().await.unwrap();
    let page = browser.get("/plugins/hook").await.text();
    assert!(
        page.contains("uit: heeft zichzelf uitgezet") && page.contains("Laatste antwoord: 410 Gone"),
        "{page}"
    );
    let looks = site.signed_in(DIRECTOR).await.get("/plugins/hook").await.text();
    assert!(!looks.contains("Laatste antwoord"), "{looks}");
    browser.post("/plugins/hook/enable", &[]).await;
    assert!(browser.get("/plugins/hook").await.text().contains("Koppeling hook aan"));
}

#[tokio::test]
async fn a_sample_is_shown_and_sent_and_no_secret_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (receiver, url) = Receiver::start(&[]).await;
    let next = format!("next_secret = {{ file = \"{}\" }}", folder.path().join("next").display());
    let site = site(hook(&url, folder.path(), &next)).await;
    let mut browser = site.signed_in(INTEGRATOR).await;
    let page = browser.get("/plugins/hook").await;
    let text = page.text();
    for said in [
        "webhook-signature: (handtekening)",
        "redress-test: true",
        "K-0000-0000",
        "webhook.secret bestand",
        "ondertekent ook: de volgende ingevuld",
        "Alles klopt",
        "hmac.compare_digest",
        "CryptographicOperations.FixedTimeEquals",
        "Beide gelden tot u de tweede regel uit plugin.toml haalt.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let sent = browser.post("/plugins/hook/test", &[]).await;
    assert_eq!((sent.status, receiver.count()), (200, 1));
    assert_eq!(receiver.seen()[0].0["redress-test"], "true");
    assert_eq!(events(&site, "plugin_tried").await, [(INTEGRATOR.to_owned(), Via::Page)]);
    let signature = receiver.seen()[0].0["webhook-signature"].to_str().unwrap().to_owned();
    assert!(
        sent.text().contains("Aangenomen, na 0 ms.") && sent.text().contains("K-0000-0000"),
        "{}",
        sent.text()
    );
    receiver.answer(&[500]);
    let refused = browser.post("/plugins/hook/test", &[]).await;
    assert!(
        refused.text().contains("Niet aangenomen") && refused.text().contains("500"),
        "{}",
        refused.text()
    );
    assert!(site.app.app.store.deliveries().healths().await.unwrap().is_empty(), "a sample is no attempt");
    for answer in [&page, &sent, &refused] {
        for secret in [SECRET, NEXT_SECRET, &SECRET[6..], &signature] {
            assert!(!answer.body.contains(secret) && !answer.text().contains(secret));
        }
    }
    std::fs::remove_file(folder.path().join("secret")).unwrap();
    let text = browser.get("/plugins/hook").await.text();
    assert!(text.contains("niet ingevuld") && text.contains("Wat er mis is"), "{text}");
    let impossible = browser.post("/plugins/hook/test", &[]).await;
    assert_eq!(impossible.status, 422, "{}", impossible.text());
    assert_eq!(events(&site, "plugin_tried").await.len(), 2, "what was not sent is not said to be");
    assert!(browser.post("/plugins/mail/test", &[]).await.text().contains("Aangenomen"));
}
