//! The rules that fail and those that are suspended, on the page: who sees what, where it leads, and trying again.

use super::*;
use crate::support::{clear_complaint, rules_copy};

const QUALITY: &str = "kwaliteit@lagant.nl";
const DIRECTOR: &str = "directeur@lagant.nl";

/// A rule that goes round, and one that fails when it works.
const BROKEN: &str = "\nrule \"Rond\" when armed(\"limit\") && now < due(\"limit\") then { deadline(\"limit\", now + days(90), \"handler\"); }\n\
    rule \"Kapot <b>\" when armed(\"limit\") then { let leeg = []; remark(leeg[3]); }\n";

async fn site() -> (Site, tempfile::TempDir) {
    let rules = rules_copy();
    let file = rules.path().join("70_monitoring.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + BROKEN).unwrap();
    let site = Site::of(Builder::default().rules(rules.path()), Door::Loopback).await;
    site.app.complaint("a1").await;
    (site, rules)
}

#[tokio::test]
async fn what_fails_stands_by_rule_with_its_line_and_its_complaints() {
    let (site, rules) = site().await;
    for n in 2..=23 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("a{n}"))).await;
    }
    let mut browser = site.signed_in(QUALITY).await;
    assert!(browser.get("/procedure").await.body.contains("href=\"/faults\""));
    // The numbers of the sentences are looked for behind the first look.
    let mut procedure = browser.get("/procedure").await;
    for _ in 0..6_000 {
        if procedure.body.contains("href=\"/procedure/terms/") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        procedure = browser.get("/procedure").await;
    }
    let numbers =
        procedure.body.split("href=\"/procedure/terms/PROMISE_DEFAULT\"").nth(1).unwrap_or_default();
    assert!(
        numbers.split("</li>").next().is_some_and(|said| said.contains("6 weken")),
        "{}",
        procedure.text()
    );
    let page = browser.get("/faults").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("Kapot <b>") && !page.body.contains("Kapot <b>"), "{}", page.body);
    assert_eq!(text.matches("23 klachten").count(), 2, "{text}");
    assert!(text.contains("De nieuwste:") && text.contains("23 nov"), "{text}");
    assert!(page.body.contains("href=\"/complaints/K-2026-0023\""), "{}", page.body);
    let written = std::fs::read_to_string(rules.path().join("70_monitoring.rhai")).unwrap();
    let line = 1 + written.lines().position(|l| l.contains("Kapot")).unwrap();
    let place = format!("/procedure/files/70_monitoring.rhai#line-{line}");
    assert!(page.body.contains(&format!("href=\"{place}\"")), "{place}: {}", page.body);
    assert!(browser.get("/procedure/files/70_monitoring.rhai").await.body.contains(&format!("line-{line}")));
}

#[tokio::test]
async fn suspended_rules_are_tried_again_by_who_may_change_rules() {
    let (site, _rules) = site().await;
    let mut director = site.signed_in(DIRECTOR).await;
    let seen = director.get("/faults").await;
    assert!(seen.text().contains("Stilgezette regels") && !seen.text().contains("Probeer het opnieuw"));
    for (who, path, looks) in
        [(DIRECTOR, "/faults", 200), (HANDLER, "/faults", 404), (RECEIVER, "/faults", 404)]
    {
        let mut browser = if who == DIRECTOR { director.clone() } else { site.signed_in(who).await };
        assert_eq!(browser.get(path).await.status, looks, "{who}");
        assert_eq!(browser.post("/faults/K-2026-0001", &[]).await.status, 404, "{who}");
    }
    let mut browser = site.signed_in(QUALITY).await;
    assert!(browser.get("/faults").await.text().contains("Probeer het opnieuw"));
    for other in ["K-2026-0999", "../x", "%00"] {
        assert_eq!(browser.post(&format!("/faults/{other}"), &[]).await.status, 404, "{other}");
    }
    let tried = browser.post("/faults/K-2026-0001", &[]).await;
    assert_eq!((tried.status, tried.location()), (303, "/faults?tried=K-2026-0001"));
    let page = browser.get(tried.location()).await.text();
    assert!(page.contains("K-2026-0001: opnieuw stilgezet: Rond."), "{page}");
    let trail = site.app.app.workflow.reading().trail().events_after(0).await.unwrap();
    let resumed = trail.iter().find(|e| e.kind.as_str() == "resumed").unwrap();
    assert_eq!((resumed.by.as_str(), resumed.via.as_str()), (QUALITY, "page"));
    // What somebody types in the address is no complaint, and says nothing.
    for other in ["K-2026-0999", "%3Cb%3E", ""] {
        let page = browser.get(&format!("/faults?tried={other}")).await;
        assert!(page.status == 200 && !page.body.contains("role=\"status\""), "{other}");
    }
}

/// A complaint about somebody does not show on it for that person.
#[tokio::test]
async fn a_complaint_about_me_is_not_among_what_fails() {
    let (site, _rules) = site().await;
    let input = [("about".to_owned(), QUALITY.into())].into();
    let via = redress::complaint::Via::CommandLine;
    site.app.app.workflow.act("K-2026-0001", "record_facts", RECEIVER, input, via).await.unwrap();
    let mut browser = site.signed_in(QUALITY).await;
    let page = browser.get("/faults").await;
    assert!(page.text().contains("Er mislukt niets.") && !page.body.contains("K-2026-0001"), "{}", page.body);
    assert_eq!(browser.post("/faults/K-2026-0001", &[]).await.status, 404);
}
