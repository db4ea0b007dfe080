//! What waits for somebody: all of it, page by page, soonest first, and with whoever is responsible now.

use super::register::{fill, link};
use super::search::PEOPLE;
use super::*;
use std::collections::BTreeSet;

const SECOND: &str = "docent@lagant.nl";
const DIRECTOR: &str = "directeur@lagant.nl";

/// The numbers on a page of the own work, in order.
fn numbers(answer: &Answer) -> Vec<String> {
    let links = answer.body.split("<a href=\"/complaints/K-").skip(1);
    links.filter_map(|l| Some(format!("K-{}", l.split_once("\">")?.0))).filter(|n| !n.contains('/')).collect()
}

/// All pages of somebody's work.
async fn all(browser: &mut Browser) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some("/".to_owned());
    while let Some(path) = next {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        pages.push(numbers(&page));
        next = link(&page, "next");
        assert_eq!(page.text().contains("meer op u te wachten"), next.is_some(), "said where there is more");
    }
    pages
}

#[tokio::test]
async fn more_than_a_page_of_work_is_found_by_going_on_and_goes_with_who_is_responsible() {
    let site = Site::of(Builder::default().config(PEOPLE), Door::Loopback).await;
    fill(&site, 60).await;
    let mut handler = site.signed_in(HANDLER).await;
    let mut other = site.signed_in(SECOND).await;
    let pages = all(&mut handler).await;
    assert!(pages.len() > 1 && pages[0].len() <= 40, "{pages:?}");
    let found: BTreeSet<&String> = pages.iter().flatten().collect();
    assert_eq!(found.len(), 60, "nothing is missing between two pages");
    assert!(all(&mut other).await.concat().iter().all(|n| *n != "K-2026-0031"));

    let input = [("handler".to_owned(), SECOND.into())].into_iter().collect();
    let workflow = &site.app.app.workflow;
    workflow
        .act("K-2026-0031", "assign", DIRECTOR, input, redress::complaint::Via::CommandLine)
        .await
        .unwrap();
    let (left, gained) = (all(&mut handler).await.concat(), all(&mut other).await.concat());
    assert!(!left.iter().any(|n| n == "K-2026-0031"), "it went with its handler: {left:?}");
    assert!(gained.iter().any(|n| n == "K-2026-0031"), "{gained:?}");
}

#[tokio::test]
async fn a_place_that_is_none_is_a_mistake_of_who_asks() {
    let site = Site::open().await;
    let mut handler = site.signed_in(HANDLER).await;
    let long = "x".repeat(300);
    for after in ["x", "1", "1.2", "1.x.reply", "9999999999999999999.1.reply", &format!("1.1.{long}")] {
        let answer = handler.get(&format!("/?after={after}")).await;
        assert_eq!(answer.status, 400, "{after}");
    }
    for after in
        ["", "1.1.reply", "1.1.%00", "-5.-5.", "9223372036854775807.9223372036854775807.%F0%9F%98%80"]
    {
        assert_eq!(handler.get(&format!("/?after={after}")).await.status, 200, "{after}");
    }
}
