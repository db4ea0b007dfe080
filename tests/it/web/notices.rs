//! Messages to our own people lead to the page: to the very form, and to why they came; letters lead nowhere.

use super::*;
use crate::support::MAIL_PLUGIN;

const BASE: &str = "https://klachten.lagant.nl";

async fn site(config: &str) -> Site {
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).config(config);
    let site = Site::of(builder, Door::Loopback).await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    site
}

fn public() -> String {
    format!("[web]\npublic_url = \"{BASE}\"\n")
}

/// What was sent about the complaint: the recipient, the text, and the row's place in its decision.
async fn sent(site: &Site) -> Vec<(String, String)> {
    let id = site.app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let all = site.app.app.store.register().notifications(id).await.unwrap();
    all.into_iter().map(|n| (n.recipient.to_string(), n.body)).collect()
}

/// The path behind a link of ours in a text.
fn link(text: &str, words: &str) -> String {
    let url = text.split_once(&format!("{words}: ")).unwrap_or_else(|| panic!("{words}: {text}")).1;
    url.split_whitespace().next().unwrap().strip_prefix(BASE).unwrap().to_owned()
}

#[tokio::test]
async fn a_notice_leads_to_the_form_and_a_letter_nowhere() {
    let site = site(&public()).await;
    let sent = sent(&site).await;
    let (_, notice) = sent.iter().find(|(to, _)| to == "handler").unwrap();
    assert!(notice.contains(&format!("\n\nOpenen: {BASE}/complaints/K-2026-0001/next\n")), "{notice}");
    let letters: Vec<_> = sent.iter().filter(|(to, _)| to == "complainant").collect();
    assert!(!letters.is_empty());
    for (_, letter) in letters {
        assert!(!letter.contains("http") && !letter.contains("Openen"), "{letter}");
    }
    let mails = site.app.outbox();
    let is_outside =
        |mail: &&String| mail.contains("To: jan@example.nl") || mail.contains("To: <jan@example.nl>");
    assert!(
        mails.iter().any(|m| is_outside(&m))
            && mails.iter().any(|m| m.contains("complaints/K-2026-0001/next"))
    );
    assert!(mails.iter().filter(is_outside).all(|mail| !mail.contains("klachten.lagant.nl")));
    // It asks for sign-in, and then opens the form.
    let path = link(notice, "Openen");
    let mut browser = site.browser();
    let asked = browser.get(&path).await;
    assert_eq!((asked.status, asked.location()), (303, "/sign-in?next=%2Fcomplaints%2FK-2026-0001%2Fnext"));
    let mut browser = site.signed_in(HANDLER).await;
    let to = browser.get(&path).await;
    assert!(to.location().starts_with("/complaints/K-2026-0001/actions/"), "{}", to.location());
    assert_eq!(browser.get(to.location()).await.status, 200);
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment", "following it does nothing");
    // Somebody whose work it is not comes to the complaint.
    let mut other = site.signed_in("kwaliteit@lagant.nl").await;
    assert_eq!(other.get(&path).await.location(), "/complaints/K-2026-0001");
}

#[tokio::test]
async fn a_notice_says_why_it_came() {
    let site = site(&public()).await;
    let sent = sent(&site).await;
    let (_, notice) = sent.iter().find(|(to, _)| to == "handler").unwrap();
    let path = link(notice, "Waarom kreeg ik dit");
    let mut browser = site.signed_in(HANDLER).await;
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{path}");
    let text = page.text();
    for said in [
        "Nieuwe klacht voor u: K-2026-0001",
        "Aan Behandelaar",
        "U kreeg het als behandelaar.",
        "Deze regel stuurde het: Geregistreerd: de behandelaar krijgt de klacht",
        "De regel gold, want",
        "registered",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let mut other = site.signed_in("kwaliteit@lagant.nl").await;
    assert!(other.get(&path).await.text().contains("Dit bericht was voor een ander."));
    // Every message about the complaint can be asked about; what is none is not there.
    let id = site.app.app.workflow.id_of("K-2026-0001").await.unwrap();
    for sent in site.app.app.store.trail().events(id).await.unwrap() {
        for ordinal in 1..4 {
            let page = browser.get(&format!("/complaints/K-2026-0001/why/{}/{ordinal}", sent.version)).await;
            assert!([200, 404].contains(&page.status));
        }
    }
    for place in ["0/0", "x/1", "1/-1", "9223372036854775808/1", "1/%00", "%2e%2e/1"] {
        assert_eq!(browser.get(&format!("/complaints/K-2026-0001/why/{place}")).await.status, 404, "{place}");
    }
    // A message about another complaint is not found under this one, nor one that is not for my eyes.
    site.app.complaint("m2").await;
    let of_first = path.rsplit_once("/why/").unwrap().1;
    let under_second = browser.get(&format!("/complaints/K-2026-0002/why/{of_first}")).await;
    assert!(!under_second.text().contains("Nieuwe klacht voor u: K-2026-0001"));
    let input = [("about".to_owned(), HANDLER.into())].into();
    let via = redress::complaint::Via::CommandLine;
    site.app.app.workflow.act("K-2026-0001", "record_facts", RECEIVER, input, via).await.unwrap();
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(browser.get("/complaints/K-2026-0001/next").await.status, 404);
}

/// Where nothing says how browsers reach the page, messages are as they were.
#[tokio::test]
async fn without_a_public_address_nothing_is_added() {
    for config in ["", "[web]\nlisten = \"127.0.0.1:0\"\n"] {
        let site = site(config).await;
        for (_, body) in sent(&site).await {
            assert!(!body.contains("http") && !body.contains("Openen"), "{body}");
        }
    }
}

#[tokio::test]
async fn a_digest_leads_from_each_line() {
    let site = site(&public()).await;
    site.app.until("2026-12-21 12:00").await;
    let digests: Vec<String> = site
        .app
        .app
        .store
        .register()
        .notices()
        .await
        .unwrap()
        .into_iter()
        .filter(|n| n.message == "digest")
        .map(|n| n.body)
        .collect();
    assert!(!digests.is_empty());
    for digest in &digests {
        let lines: Vec<&str> = digest.lines().filter(|line| line.starts_with("- ")).collect();
        let leads =
            |line: &&&str| line.ends_with(&format!("(K-2026-0001) <{BASE}/complaints/K-2026-0001/next>"));
        assert!(!lines.is_empty() && lines.iter().all(|line| leads(&line)), "{digest}");
        assert!(digest.contains(&format!("Al uw werk: <{BASE}>")), "{digest}");
    }
    assert!(
        site.app.outbox().iter().any(|mail| mail.contains("next") && mail.contains("href")),
        "as links in HTML"
    );
}
