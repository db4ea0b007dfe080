//! The page on which one searches: what it finds for whom, how it says so, and that nothing on it can be broken.

use super::*;
use redress::complaint::Via;

async fn complaint(site: &Site, id: &str, name: &str, subject: &str, body: &str) {
    let mail = crate::support::clear_complaint(&format!("{id}@example.nl"), id)
        .replace("Klacht over parkeren", subject)
        .replace("From: ", &format!("From: \"{name}\" "));
    site.app.mail(&format!("{mail}\n{body}\n")).await;
}

/// The text of the page on which words are looked for.
async fn searched(browser: &mut Browser, typed: &str) -> Answer {
    let typed: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    let answer = browser.get(&format!("/search?q={typed}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

#[tokio::test]
async fn what_was_written_is_found_with_its_words_marked() {
    let site = Site::open().await;
    complaint(&site, "a", "Jan Jansen", "Klacht over de cursus", "De zaal was te koud, één graad.").await;
    complaint(&site, "b", "Piet Pietersen", "Klacht over <b>parkeren</b>", "Geen plek.").await;
    let mut browser = site.signed_in("directeur@lagant.nl").await;
    for typed in
        ["K-2026-0001", "k-2026-1", "2026-1", "jansen", "a@example.nl", "koud een", "\"te koud\"", "CURSUS"]
    {
        let page = searched(&mut browser, typed).await;
        assert!(page.body.contains("/complaints/K-2026-0001"), "{typed}: {}", page.text());
        assert!(!page.body.contains("/complaints/K-2026-0002"), "{typed}: {}", page.text());
        assert!(page.text().contains("1 klacht gevonden"), "{typed}: {}", page.text());
    }
    let page = searched(&mut browser, "koud").await;
    assert!(
        page.body.contains("<mark>koud</mark>") && page.text().contains("In een bericht"),
        "{}",
        page.body
    );
    assert!(page.text().contains("Jan Jansen") && page.text().contains("ontvangen"), "{}", page.text());
    // The letters to both say the same.
    let page = searched(&mut browser, "klacht").await;
    assert!(page.text().contains("2 klachten gevonden, de nieuwste eerst"), "{}", page.text());
    let [newer, older] =
        ["K-2026-0002", "K-2026-0001"].map(|n| page.body.find(&format!("/complaints/{n}")).unwrap());
    assert!(newer < older);
    assert!(page.body.contains("&lt;b&gt;") && !page.body.contains("<b>"), "{}", page.body);
    let page = searched(&mut browser, "parkeren").await;
    assert!(page.body.contains("<mark>parkeren</mark>"), "{}", page.body);
}

#[tokio::test]
async fn the_page_says_what_to_do_where_nothing_is_found() {
    let site = Site::open().await;
    complaint(&site, "a", "Jan Jansen", "Klacht over de cursus", "Koud.").await;
    let mut browser = site.signed_in("directeur@lagant.nl").await;
    let empty = browser.get("/search").await;
    assert!(
        empty.text().contains("Zoek een klacht") && !empty.text().contains("gevonden"),
        "{}",
        empty.text()
    );
    let none = searched(&mut browser, "zonnebloem").await;
    assert!(none.text().contains("Er is niets gevonden voor “zonnebloem”"), "{}", none.text());
    assert!(none.text().contains("Er is gezocht in") && none.text().contains("Probeer"), "{}", none.text());
    let short = searched(&mut browser, "a").await;
    assert!(
        short.text().contains("minstens twee letters") && short.body.contains("aria-invalid"),
        "{}",
        short.body
    );
    for hostile in
        ["\"><script>alert(1)</script>", "' OR 1=1 --", "NEAR(", "*", "§x", "\u{202E}abc", "%", "a\0b cursus"]
    {
        let page = searched(&mut browser, hostile).await;
        assert!(!page.body.contains("<script"), "{hostile}");
    }
    for path in [
        "/search?q=ab&after=x",
        "/search?q=ab&after=text.x",
        "/search?q=ab&after=.",
        &format!("/search?q={}", "x".repeat(2_000)),
    ] {
        assert_eq!(browser.get(path).await.status, 400, "{path}");
    }
    for after in ["text.0", "text.-1", "text.9223372036854775807", "text.-9223372036854775808", "number.5"] {
        assert_eq!(browser.get(&format!("/search?q=koud&after={after}")).await.status, 200, "{after}");
    }
    let other = browser.get("/register").await;
    assert!(other.body.contains("action=\"/search\""), "every page has the field");
    assert_eq!(site.browser().get("/search?q=koud").await.status, 303, "nobody who is not signed in");
}

#[tokio::test]
async fn pages_of_what_was_found_follow_each_other() {
    let site = Site::open().await;
    for n in 1..=45 {
        let mail = crate::support::clear_complaint(
            if n % 2 == 0 { "even@example.nl" } else { "odd@example.nl" },
            &format!("m{n}"),
        );
        site.app.mail(&mail).await;
    }
    let mut browser = site.signed_in("directeur@lagant.nl").await;
    for (typed, expected) in [("parkeren", 45_usize), ("even@example.nl", 22), ("odd@example.nl", 23)] {
        let (mut seen, mut pages) = (std::collections::BTreeSet::new(), 0);
        let mut page = searched(&mut browser, typed).await;
        loop {
            pages += 1;
            let links = page
                .body
                .split("href=\"/complaints/")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned());
            for link in links {
                assert!(seen.insert(link.clone()), "{typed}: {link} twice");
            }
            let Some(next) = page.following() else { break };
            page = browser.get(&next).await;
            assert_eq!(page.status, 200, "{next}");
        }
        // Each address is named in the letters to it alone.
        assert_eq!((seen.len(), pages), (expected, expected.div_ceil(20)), "{typed}");
    }
}

pub const PEOPLE: &str = r#"
[[people]]
name = "O"
email = "ontvanger@lagant.nl"
roles = ["receiver"]
[[people]]
name = "B"
email = "behandelaar@lagant.nl"
roles = ["handler"]
[[people]]
name = "D"
email = "docent@lagant.nl"
roles = ["employee"]
[[people]]
name = "Dir"
email = "directeur@lagant.nl"
roles = ["director"]
[[people]]
name = "K"
email = "kwaliteit@lagant.nl"
roles = ["quality_manager"]
"#;

/// A handler finds the own complaints, and their texts, and no others; as soon as they are another's, that one does.
#[tokio::test]
async fn who_may_see_a_complaint_finds_it() {
    let site = Site::of(Builder::default().config(PEOPLE), Door::Loopback).await;
    complaint(&site, "a", "Jan Jansen", "Klacht over de cursus", "Koud.").await;
    let mut handler = site.signed_in(HANDLER).await;
    let mut other = site.signed_in("docent@lagant.nl").await;
    assert!(searched(&mut handler, "koud").await.body.contains("/complaints/K-2026-0001"));
    for typed in ["koud", "K-2026-0001", "a@example.nl", "jansen"] {
        let page = searched(&mut other, typed).await;
        assert!(!page.body.contains("/complaints/K-2026-0001"), "{typed}");
    }
    let input = [("about".to_owned(), HANDLER.into())].into_iter().collect();
    let workflow = &site.app.app.workflow;
    workflow.act("K-2026-0001", "record_facts", RECEIVER, input, Via::CommandLine).await.unwrap();
    for typed in ["koud", "K-2026-0001", "a@example.nl", "jansen"] {
        assert!(!searched(&mut handler, typed).await.body.contains("/complaints/K-2026-0001"), "{typed}");
    }
}
