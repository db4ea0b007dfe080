//! A scenario on the page from day to day, and in the terminal the same.

use super::proposals::{Bench, OTHER, QUALITY, begin, write};
use super::*;

const FILE: &str = "tests/20_days.rhai";
const NAME: &str = "<b>Van dag tot dag</b> & \"rond\" kerst";

/// A promise over Christmas; what is expected last is not so.
const DAYS: &str = r#"fn klacht() {
  let k = mail(#{ from: "jan@example.nl", name: "Jan <i>", subject: "Klacht over parkeren in Utrecht",
    text: "Ik heb een klacht over het parkeren bij de training in Utrecht." });
  expect_state(k, "in_treatment");
  k
}
scenario "<b>Van dag tot dag</b> & \"rond\" kerst" {
  at("2026-12-23 10:00");
  let k = klacht();
  expect_letter(k, "acknowledgement", ["Met vriendelijke groet"]);
  act(k, "behandelaar@lagant.nl", "ask_information", #{ questions: "Welke dag was het?" });
  refused(k, "behandelaar@lagant.nl", "ask_information", #{ questions: "x" }, "");
  expect_state(k, "awaiting_complainant");
  at("2026-12-28 10:00");
  reply(k);
  expect_state(k, "in_treatment");
  expect_met(k, "info"); expect(k, "number", "K-2026-0001"); expect(k, "complainant_kind", "external");
  at("2026-12-29 10:00");
  expect_state(k, "closed");
  expect_offered(k, "never_reached");
}
scenario "Te lang" {
  at("2026-01-05 10:00");
  let k = mail(#{ from: "jan@example.nl", subject: "x", text: "" });
  wait(years(90));
}
"#;

fn asked(name: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_is_told_from_day_to_day() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let list = browser.get("/procedure/scenarios").await;
    let asked_for = asked("Een klacht wordt bevestigd");
    let path = format!("/procedure/scenarios/tests/10_few.rhai?{asked_for}");
    assert!(list.body.replace("&#x2f;", "/").contains(&path), "{}", list.body);
    let page = browser.get(&path).await;
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    for part in [
        "Dit scenario klopt.",
        "het verhaal begint",
        "er komt een mail van Jan (jan@example.nl)",
        "brief aan de klager: “",
        "status: ",
        "Klopt: in “",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("ingeschreven als K-2026-0001") && !text.contains('\u{f8ff}'), "{text}");
    assert!(!text.contains("Klopt niet") && page.body.contains("scope=\"rowgroup\""), "{text}");
    let proposal = begin(&mut browser, "Kerst").await;
    write(&mut browser, &proposal, FILE, DAYS).await;
    let place = format!("{proposal}/scenarios/{FILE}?{}", asked(NAME));
    let page = browser.get(&place).await;
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    for part in [
        "wo 23 dec",
        "ma 28 dec",
        "2 werkdagen later (5 dagen)",
        "de volgende dag",
        "Behandelaar (behandelaar@lagant.nl) doet “",
        ": geweigerd, ",
        "de klager schrijft",
        "is gehaald",
        "Hier stopt het scenario, bij regel 19",
        "verwacht \"closed\"",
        "Nummer: “K-2026-0001”",
        "regel 4",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // What comes after the mistake is not told, and nothing of a scenario is markup.
    assert!(!text.contains("never_reached") && text.matches("Klopt niet:").count() == 2, "{text}");
    assert!(!page.body.contains("<b>Van") && !page.body.contains("Jan <i>"), "{}", page.body);
    let english = browser.post("/me/language", &[("language", "en")]).await;
    assert_eq!(english.status, 303);
    let text = browser.get(&place).await.text();
    for part in
        ["2 working days later (5 days)", "the complainant writes", "The scenario stops here, at line 19"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    // A scenario without an end is told as far as it fits.
    let long = browser.get(&format!("{proposal}/scenarios/{FILE}?{}", asked("Te lang"))).await;
    assert!(long.status == 200 && long.text().contains("this is its beginning"), "{}", long.text().len());
    for path in [
        format!("{proposal}/scenarios/{FILE}"),
        format!("{proposal}/scenarios/{FILE}?name=x"),
        format!("{proposal}/scenarios/tests/none.rhai?{asked_for}"),
        format!("/procedure/scenarios/{FILE}?{}", asked(NAME)),
        format!("/procedure/scenarios/tests/organisation.toml?{asked_for}"),
        format!("/procedure/scenarios/%2e%2e?{asked_for}"),
    ] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    let mut other = bench.site.signed_in(OTHER).await;
    assert_eq!(other.get(&place).await.status, 200);
    // Rules with a mistake cannot be played; the page says so.
    write(&mut browser, &proposal, "95_half.rhai", "rule \"half\" {").await;
    let page = other.get(&place).await;
    assert!(page.status == 200 && page.text().contains("kan nu niet worden gespeeld"), "{}", page.text());
    let mut handler = bench.site.signed_in(HANDLER).await;
    for path in [&place, &path] {
        assert_eq!(handler.get(path).await.status, 404, "{path}");
    }
}
