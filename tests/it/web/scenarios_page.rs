//! Scenarios on the page: those in force, and those of a proposal with how each ended when they were played.

use super::proposals::{Bench, OTHER, QUALITY, begin, work, write};
use super::*;

const LETTER: &str = "messages/nl/_closing.md";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_scenario_stands_under_its_file_with_how_it_ended() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let list = browser.get("/procedure/scenarios").await;
    let text = list.text();
    assert!(text.contains("tests/10_few.rhai") && text.contains("Een klacht wordt bevestigd"), "{text}");
    assert!(!text.contains("Klopt"), "{text}");
    let proposal = begin(&mut browser, "Een andere groet").await;
    let place = format!("{proposal}/scenarios");
    assert!(browser.get(&place).await.text().contains("nog niet gespeeld"));
    let old = bench.text_in_force(LETTER);
    write(&mut browser, &proposal, LETTER, &old.replace("Met vriendelijke groet", "Dag")).await;
    work(&mut browser, &proposal, &[("step", "scenarios")]).await;
    let text = browser.get(&place).await.text();
    assert!(text.contains("1 van 2 scenario’s kloppen"), "{text}");
    assert_eq!(text.matches("Klopt niet:").count(), 1, "{text}");
    assert_eq!(text.matches("Klopt:").count(), 1, "{text}");
    // A scenario that does not parse takes its file from the list, and the page still comes.
    write(&mut browser, &proposal, "tests/20_half.rhai", "scenario \"<b>Half</b>\" {\n").await;
    let page = browser.get(&place).await;
    assert!(page.status == 200 && page.text().contains("Daarna is er iets gewijzigd."), "{}", page.text());
    let named = "scenario \"<b>Heel</b>\" {\n  at(\"2026-04-14 10:00\");\n}\n";
    write(&mut browser, &proposal, "tests/20_half.rhai", named).await;
    let page = browser.get(&place).await;
    assert!(page.text().contains("<b>Heel</b>") && !page.body.contains("<b>Heel"), "{}", page.body);
    let mut other = bench.site.signed_in(OTHER).await;
    assert_eq!(other.get(&place).await.status, 200);
    let mut handler = bench.site.signed_in(HANDLER).await;
    for path in [place.as_str(), "/procedure/scenarios"] {
        assert_eq!(handler.get(path).await.status, 404, "{path}");
    }
}
