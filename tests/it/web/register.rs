//! The register as a page: what it shows, filters and pages by link, and what it hands to a spreadsheet.

use super::*;
use crate::support::clear_complaint;
use std::collections::BTreeSet;

/// Complaints of `count` people, a minute apart, and the browser of who sees them all.
async fn filled(count: usize) -> (Site, Browser) {
    let site = Site::open().await;
    fill(&site, count).await;
    let browser = site.signed_in(RECEIVER).await;
    (site, browser)
}

pub async fn fill(site: &Site, count: usize) {
    for n in 1..=count {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
        site.advance(1);
    }
}

/// The numbers on a page, in order.
fn numbers(answer: &Answer) -> Vec<String> {
    let links = answer.body.split("<th scope=\"row\"").skip(1);
    links
        .filter_map(|l| Some(l.split_once("\">")?.1.split_once("\">")?.1.split('<').next()?.to_owned()))
        .collect()
}

/// The address that a link of a kind leads to.
pub fn link(answer: &Answer, rel: &str) -> Option<String> {
    let before =
        answer.body.split(&format!("\" rel=\"{rel}\"")).next().filter(|b| b.len() < answer.body.len())?;
    let path = before.rsplit_once("href=\"")?.1;
    Some(path.replace("&#x2f;", "/").replace("&amp;", "&"))
}

#[tokio::test]
async fn the_register_shows_each_complaint_with_where_it_stands() {
    let (site, mut browser) = filled(2).await;
    let page = browser.get("/register").await;
    assert_eq!(page.status, 200);
    assert_eq!(numbers(&page), ["K-2026-0002", "K-2026-0001"], "the newest first");
    let text = page.text();
    for said in [
        "Register",
        "Nummer",
        "ma 23 nov",
        "in behandeling",
        "Klacht over parkeren",
        "Behandelaar",
        "ma 21 dec",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for part in
        ["<caption", "scope=\"col\"", "aria-sort=\"descending\"", "role=\"search\"", "aria-current=\"page\""]
    {
        assert!(page.body.contains(part), "{part}");
    }
    for label in page.body.split("<label for=\"").skip(1).filter_map(|l| l.split('"').next()) {
        assert!(page.body.contains(&format!("id=\"{label}\"")), "{label} labels something");
    }
    assert_eq!(numbers(&browser.get("/register?order=oldest").await), ["K-2026-0001", "K-2026-0002"]);
    site.advance(60 * 24 * 60);
    site.app.app.turn().await.unwrap();
    sign_in(&mut browser, RECEIVER, PASSWORD).await;
    let late = browser.get("/register?late=1").await;
    assert_eq!(numbers(&late).len(), 2, "{}", late.text());
    assert!(late.text().contains("(te laat)"), "{}", late.text());
}

#[tokio::test]
async fn each_filter_leaves_out_what_it_says() {
    let (site, mut browser) = filled(3).await;
    let act = async |number: &str, action: &str, by: &str, input: &[(&str, &str)]| {
        let input = input.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
        site.app
            .app
            .workflow
            .act(number, action, by, input, redress::complaint::Via::CommandLine)
            .await
            .unwrap();
    };
    act("K-2026-0002", "withdraw", HANDLER, &[("confirmation", "mail"), ("confirmed", "ja")]).await;
    let shown = |answer: &Answer| numbers(answer).join(" ");
    for (query, found) in [
        ("stage=open", "K-2026-0003 K-2026-0001"),
        ("stage=closed", "K-2026-0002"),
        ("stage=in%3Awithdrawn", "K-2026-0002"),
        ("stage=in%3Aarchived", ""),
        ("late=1", ""),
        ("responsible=behandelaar%40lagant.nl&stage=open", "K-2026-0003 K-2026-0001"),
        ("responsible=Niemand%40lagant.nl", ""),
        ("from=2026-11-23&to=2026-11-23", "K-2026-0003 K-2026-0002 K-2026-0001"),
        ("from=2026-11-24", ""),
        ("to=2026-11-22", ""),
        ("number=k-2026-0002", "K-2026-0002"),
        ("number=K-2026", "K-2026-0001 K-2026-0002 K-2026-0003"),
        ("number=K-2026&stage=open", "K-2026-0001 K-2026-0003"),
        ("number=%25", ""),
        ("order=number&stage=closed", "K-2026-0002"),
    ] {
        let answer = browser.get(&format!("/register?{query}")).await;
        assert_eq!((answer.status, shown(&answer).as_str()), (200, found), "{query}");
        // What is asked for stands in the form.
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap();
            let value = value.replace("%3A", ":").replace("%40", "@").replace("%25", "%").to_lowercase();
            let form = answer
                .body
                .split("</form>")
                .find(|f| f.contains("class=\"filters\""))
                .unwrap()
                .to_lowercase();
            assert!(
                form.contains(&format!("name=\"{name}\"")) && form.contains(&format!("value=\"{value}\"")),
                "{pair}: {form}"
            );
        }
    }
    let none = browser.get("/register?late=1").await.text();
    assert!(none.contains("Er is geen klacht die hieraan voldoet."), "{none}");
}

/// Going from page to page by the links shows each complaint once, in order, also when others come in meanwhile.
#[tokio::test]
async fn pages_follow_each_other_whatever_comes_in() {
    let (site, mut browser) = filled(120).await;
    for order in ["newest", "oldest", "number"] {
        let (mut path, mut seen) = (Some(format!("/register?order={order}&stage=open")), Vec::new());
        let mut pages = 0;
        while let Some(asked) = path {
            let page = browser.get(&asked).await;
            assert_eq!(page.status, 200, "{asked}");
            assert_eq!(numbers(&page), numbers(&browser.get(&asked).await), "the same link shows the same");
            assert!(asked.contains("stage=open"), "the filter stays: {asked}");
            seen.extend(numbers(&page));
            pages += 1;
            assert_eq!(link(&page, "first").is_some(), pages > 1, "{asked}");
            path = link(&page, "next");
            site.app
                .mail(&clear_complaint(&format!("{order}{pages}@example.nl"), &format!("{order}{pages}")))
                .await;
        }
        let distinct: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "{order}: each once");
        let number = |n: usize| format!("K-2026-{n:04}");
        assert!((1..=120).all(|n| distinct.contains(&number(n))), "{order}: {}", seen.len());
        let mut sorted = seen.clone();
        sorted.sort();
        if order == "newest" {
            sorted.reverse();
        }
        assert_eq!(seen, sorted, "{order}");
    }
}

#[tokio::test]
async fn the_download_is_what_the_filter_shows_and_starts_no_formula() {
    let site = Site::open().await;
    let hostile = clear_complaint("h@example.nl", "h1")
        .replace("From: Jan", "From: \"=HYPERLINK(1)\"")
        .replace("Subject: ", "Subject: =1+1;");
    site.app.mail(&hostile).await;
    for n in 1..=60 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    let mut browser = site.signed_in(RECEIVER).await;
    let file = browser.get("/register.csv?stage=open&order=oldest").await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(file.header("content-disposition").unwrap().contains("register-2026-11-23.csv"));
    assert!(file.header("content-security-policy").is_some());
    assert_eq!(file.body.matches("\"K-2026-").count(), 61, "all pages");
    assert!(
        file.body.contains("\u{feff}\"omschrijving\";\"naam klager\";\"verantwoordelijke\""),
        "{}",
        file.body
    );
    assert!(file.body.contains("\"'=1+1;") && !file.body.contains("\"=1"), "{}", file.body);
    assert!(!file.body.contains("\"=HYPERLINK"), "{}", file.body);
    let none = browser.get("/register.csv?stage=closed").await;
    assert_eq!(none.body.matches("\"K-2026-").count(), 0);
    let page = browser.get("/register?order=oldest").await;
    assert!(page.body.contains("=1+1;") && page.body.contains("href=\"/register.csv?"));
}

#[tokio::test]
async fn whatever_is_asked_is_answered_and_never_fails() {
    let (_site, mut browser) = filled(1).await;
    let long = "x".repeat(3_000);
    for query in [
        "stage=nothing",
        "stage=in%3A",
        "stage=in%3Anothing",
        "late=2",
        "from=yesterday",
        "from=2026-13-01",
        "to=99999-01-01",
        "from=-001-01-01",
        "order=sideways",
        "after=1",
        "after=a.b",
        "after=1.2.3",
        "after=99999999999999999999.1",
        "after=9223372036854775807.9223372036854775807",
        "after=-9223372036854775808.1",
        &format!("number={long}"),
        &format!("responsible={long}"),
        &format!("order=number&after={long}"),
    ] {
        for path in ["/register", "/register.csv"] {
            let answer = browser.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, 400, "{path}?{query}");
        }
    }
    for query in [
        "%",
        "&&=&",
        "number='%20OR%201=1--",
        "handler=%00",
        "from=&to=",
        "after=1.1",
        "unknown=1",
        "late=1&late=",
    ] {
        assert_eq!(browser.get(&format!("/register?{query}")).await.status, 200, "{query}");
    }
    let text = browser.get("/register?stage=nothing").await.text();
    assert!(text.contains("Deze vraag is niet te beantwoorden."), "{text}");
}

/// Whatever stands in an address, somebody gets a page or is told that the question makes no sense.
#[tokio::test]
async fn no_address_makes_a_list_fail() {
    let (_site, mut browser) = filled(1).await;
    let strange = [
        "%00",
        "%FF%FE",
        "%F0%9F%98%80",
        "%E2%80%AE",
        "'",
        "\"",
        "%25",
        "_",
        "*",
        "-1",
        "0",
        "1e9",
        "0x10",
        "null",
        "in%3A%00",
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
        "%2B2026-01-01",
        "1.1",
        "-1.-1",
        "253402300800000.1",
        "a%0D%0AX-Y%3A1",
        "K-2026-0001",
        "%5C",
        "%3Cscript%3E",
    ];
    let names = ["stage", "late", "responsible", "from", "to", "number", "order", "after", "logged", "x"];
    for path in ["/register", "/register.csv", "/intake", "/oversight"] {
        for name in names {
            for value in strange {
                let answer = browser.get(&format!("{path}?{name}={value}")).await;
                assert!(answer.status < 500, "{path}?{name}={value}: {}", answer.status);
                assert!(!answer.body.contains("<script"), "{path}?{name}={value}");
                assert!(answer.header("x-y").is_none(), "{path}?{name}={value}");
            }
        }
    }
}

#[tokio::test]
async fn the_menu_offers_the_register_to_who_sees_complaints() {
    let people = "[[people]]\nname = \"R\"\nemail = \"ontvanger@lagant.nl\"\nroles = [\"receiver\", \"director\", \"quality_manager\", \"handler\"]\n\
        [[people]]\nname = \"D\"\nemail = \"docent@lagant.nl\"\nroles = [\"employee\"]\n";
    let site = Site::of(Builder::default().config(people), Door::Loopback).await;
    site.app.complaint("m1").await;
    let mut browser = site.signed_in("docent@lagant.nl").await;
    assert!(numbers(&browser.get("/register").await).is_empty());
    assert!(!browser.get("/register.csv").await.body.contains("K-2026"));
    assert!(!browser.get("/").await.body.replace("&#x2f;", "/").contains("href=\"/register\""));
    let mut browser = site.signed_in(RECEIVER).await;
    assert!(browser.get("/").await.body.replace("&#x2f;", "/").contains("href=\"/register\""));
    let nobody = site.browser().get("/register?late=1").await;
    assert_eq!((nobody.status, nobody.location()), (303, "/sign-in?next=%2Fregister%3Flate%3D1"));
}
