//! What stands beside the editor of a proposal: the outline of a file, the words of the rules, and what the rules do in the
//! scenarios; with names that somebody wrote to harm.

use super::api::{Program, read};
use super::proposals::{Bench, OTHER, QUALITY, begin, work, write};
use super::*;
use redress::complaint::Language;
use redress::rules::{Coverage, Observer, Reference};
use redress::workflow::scenario;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A rule that never fires, with a name that is a script, one that is read around, and slips.
const HOSTILE: &str = "// 😀\nrule \"<script>alert(1)</script>\"\n  when complaint.state == \"archived\" && complaint.is_open\n  \
    then { remark(\"nooit\"); }\n\nrule \"Half\" when\n\nrule \"\" when true then {}\n\nfn \u{e9}\u{e9}n(a) { a }\n\
    action <b> when\n\nconst EEN = days(1);\n";
const UNFIRED: &str = "rule \"<script>alert(1)</script>\"\n  when complaint.state == \"archived\" && complaint.is_open\n  \
    then { remark(\"nooit\"); }\n";

async fn in_english(browser: &mut Browser) {
    assert_eq!(browser.post("/me/language", &[("language", "en")]).await.status, 303);
}

/// The outline of a page: the line that each item leads to, and its words.
fn outline(page: &Answer) -> Vec<(usize, String)> {
    let nav = page.body.split("<nav id=\"outline\"").nth(1).expect("there is an outline");
    let items = nav.split("</nav>").next().unwrap().split("<li>").skip(1);
    let item = |item: &str| {
        let line = item.split("#line-").nth(1).unwrap().split('"').next().unwrap();
        let words = Answer { status: 200, headers: Vec::new(), body: item.to_owned() }.text();
        (line.parse().unwrap(), words)
    };
    items.map(item).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outline_tells_what_can_be_read_of_a_file() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Inhoud").await;
    let file = |path: &str| format!("{proposal}/files/{path}");
    write(&mut browser, &proposal, "95_x.rhai", HOSTILE).await;
    let page = browser.get(&file("95_x.rhai")).await;
    let items = outline(&page);
    let expected = [
        (2, "<script>alert(1)</script> rule · Regel 2"),
        (6, "Half rule · Regel 6"),
        (10, "één fn · Regel 10"),
        (13, "EEN const · Regel 13"),
    ];
    assert_eq!(items.iter().map(|(line, words)| (*line, words.as_str())).collect::<Vec<_>>(), expected);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    // Without script each place is found in a listing, mistakes as well.
    let listing = page.body.split("<noscript>").nth(1).unwrap().split("</noscript>").next().unwrap();
    for (line, _) in expected {
        assert!(listing.contains(&format!("id=\"line-{line}\"")), "{line}");
    }
    let check = page.body.split("id=\"check\"").nth(1).unwrap().split("</ul>").next().unwrap();
    assert!(check.contains("href=\"#line-"), "{check}");
    // The editor is told the same of what is typed.
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let body = json!({"text": format!("\n{HOSTILE}")}).to_string();
    let told = browser.send("POST", &format!("{proposal}/editor/check/95_x.rhai"), &headers, &body).await;
    let told: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["outline"][3], json!({"name": "EEN", "what": "const", "line": 14}));
    assert_eq!(told["outline"].as_array().unwrap().len(), 4);
    // A file with nothing in it has no outline, and one that is not there no page.
    write(&mut browser, &proposal, "96_leeg.rhai", "").await;
    let empty = browser.get(&file("96_leeg.rhai")).await;
    assert!(
        outline(&empty).is_empty() && empty.body.contains("Inhoud van dit bestand\" hidden>"),
        "{}",
        empty.body
    );
    assert_eq!(browser.get(&file("97_niets.rhai")).await.status, 404);
    // Other kinds of files, in the other language, by who only reads.
    let letter = "---\nsubject: Dag\n---\n# Een\n#geen\n####### te diep\n\n## <i>Twee</i> ##x\n";
    write(&mut browser, &proposal, "messages/nl/_closing.md", letter).await;
    let mut other = bench.site.signed_in(OTHER).await;
    in_english(&mut other).await;
    let page = other.get(&file("messages/nl/_closing.md")).await;
    let words: Vec<String> = outline(&page).into_iter().map(|(_, words)| words).collect();
    assert_eq!(words, ["Een # · Line 4", "<i>Twee</i> ##x ## · Line 8"]);
    assert!(page.body.contains("id=\"line-8\"") && !page.body.contains("<noscript>"), "{}", page.body);
    for (path, item) in [
        ("procedure.toml", "decided state"),
        ("tests/10_few.rhai", "Een klacht wordt bevestigd scenario · Line 1"),
        ("00_terms.rhai", "INFO_TERM const"),
    ] {
        let items = outline(&other.get(&file(path)).await);
        assert!(items.iter().any(|(_, words)| words.starts_with(item)), "{path}: {items:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_words_of_the_rules_stand_beside_the_editor_and_are_looked_through() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Woorden").await;
    // The page of the editor names them, and does not hold them.
    let page = browser.get(&format!("{proposal}/files/20_registration.rhai")).await;
    let named = page.body.replace("&#x2f;", "/");
    assert!(
        named.contains("src=\"/procedure/words?beside=1\"") && named.contains("loading=\"lazy\""),
        "{named}"
    );
    assert!(page.header("content-security-policy").unwrap().contains("frame-src 'self'"));
    assert!(page.body.len() < 40_000, "{}", page.body.len());
    let scenarios = browser.get(&format!("{proposal}/files/tests/10_few.rhai")).await;
    assert!(scenarios.body.replace("&#x2f;", "/").contains("beside=1#scenarios\""), "{}", scenarios.body);
    let letter = browser.get(&format!("{proposal}/files/messages/nl/acknowledgement.md")).await;
    assert!(letter.body.contains("letters/acknowledgement#placeholders") && !letter.body.contains("<iframe"));
    let whole = browser.get("/procedure/words").await;
    let reference = Reference::of(&bench.site.app.app.workflow.published().ruleset);
    let text = whole.text();
    for word in reference.words.iter().chain(&reference.scenarios) {
        let is_there = word.calls().iter().all(|call| text.contains(call.as_str()));
        let help = word.help.in_language(Language::Dutch).replace('`', " ");
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            is_there && text.replace(" ,", ",").contains(help.split(" ,").next().unwrap()),
            "{}",
            word.name
        );
        let example = word.example.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&example), "{}: {example}", word.name);
    }
    for field in &reference.fields {
        assert!(text.contains(&format!("complaint.{} ", field.name)), "{}", field.name);
    }
    assert!(whole.body.contains("<header") && whole.header("x-frame-options") == Some("DENY"));
    // In a frame of ours alone, without the menu.
    let framed = browser.get("/procedure/words?beside=1&q=UITERSTE+dag").await;
    assert!(!framed.body.contains("<header") && framed.header("x-frame-options") == Some("SAMEORIGIN"));
    let policy = framed.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'self'") && !policy.contains("script-src"), "{policy}");
    // What is looked for stands in each, in the reader's language, whatever its accents.
    let found = browser.get("/procedure/words?q=ENT%C3%89R").await.text();
    assert!(found.contains("enter(state)") && !found.contains("workdays("), "{found}");
    let word = &reference.words.iter().find(|word| word.name == "enter").unwrap().help;
    let half = |help: &str| help.split_whitespace().next().unwrap().to_owned();
    let dutch = browser.get(&format!("/procedure/words?q=enter+{}", half(word.nl))).await;
    assert!(dutch.text().contains("enter(state)"), "{}", dutch.text());
    assert!(!dutch.text().contains("notify("), "{}", dutch.text());
    in_english(&mut browser).await;
    let english = browser.get(&format!("/procedure/words?q=enter+{}", half(word.en))).await;
    assert!(
        english.text().contains("enter(state)") && english.text().contains("found."),
        "{}",
        english.text()
    );
    for hostile in ["%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%00%22%27%3E", "%FF", "%25%5F*"] {
        let page = browser.get(&format!("/procedure/words?beside=x&q={hostile}")).await;
        assert!(page.status == 200 && !page.body.contains("<script"), "{hostile}: {}", page.body);
    }
    let none = browser.get("/procedure/words?q=zzzz").await.text();
    assert!(none.contains("0 found.") && none.contains("Show all"), "{none}");
    let mut handler = bench.site.signed_in(HANDLER).await;
    for path in ["/procedure/words", "/procedure/words?beside=1"] {
        assert_eq!(handler.get(path).await.status, 404, "{path}");
        assert_eq!(bench.site.browser().get(path).await.status, 303, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_rules_do_in_the_scenarios_is_told_from_the_one_run() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Dekking").await;
    let place = format!("{proposal}/scenarios");
    assert!(!browser.get(&place).await.body.contains("id=\"coverage\""));
    write(&mut browser, &proposal, "95_x.rhai", UNFIRED).await;
    work(&mut browser, &proposal, &[("step", "scenarios")]).await;
    let page = browser.get(&place).await;
    // By the same code as the command line, scenario by scenario.
    let workflow = &bench.site.app.app.workflow;
    let id = proposal.rsplit('/').next().unwrap().parse().unwrap();
    let folder = workflow.proposals().one(id).await.unwrap().folder;
    let settings = workflow.settings();
    let published = Arc::new(redress::workflow::Published::load(folder.source.clone(), &settings).unwrap());
    let coverage = Arc::new(Coverage::of(&published.ruleset));
    let observer = Arc::clone(&coverage) as Arc<dyn Observer>;
    scenario::play_observed(published, &settings, &folder.scenarios, &|_| true, &observer);
    let covered = coverage.covered();
    let idle: Vec<&str> = covered.idle().map(|one| one.title.as_str()).collect();
    assert!(
        idle.contains(&"<script>alert(1)</script>")
            && idle.len() > 50
            && idle.len() < covered.statements.len()
    );
    let text = page.text();
    assert!(text.contains(&format!("{} werken in geen enkel scenario:", idle.len())), "{text}");
    let told = page.body.split("id=\"coverage\"").nth(1).unwrap().split("</ul>").next().unwrap();
    let told = told.replace("&#x2f;", "/");
    assert_eq!(told.matches("<li>").count(), idle.len());
    assert!(told.contains(&format!("href=\"{proposal}/files/95_x.rhai#line-1\"")), "{told}");
    assert!(!page.body.contains("<script"), "{}", page.body);
    // The part of its condition that was never reached stands at its line.
    assert!(text.contains("95_x.rhai, regel 2, teken 41 : nooit bekeken"), "{text}");
    // Which scenarios fire one rule.
    let fired = covered.statements.iter().find(|one| one.fired_in.len() == 2).unwrap();
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("of", &fired.name).finish();
    let chosen = browser.get(&format!("{place}?{query}")).await;
    let box_of = chosen.body.split("<h3>").nth(1).unwrap().split("</div>").next().unwrap();
    assert_eq!(box_of.matches("<li><a href=").count(), 2, "{box_of}");
    for nothing in ["%3Cscript%3E", "", "%FF", "%00"] {
        let page = browser.get(&format!("{place}?of={nothing}")).await;
        assert!(page.status == 200 && !page.body.contains("<h3>"), "{nothing}");
    }
    // The steps between the states were seen in the same run: nobody waits for another.
    assert!(!browser.get(&format!("{proposal}/graph")).await.body.contains("role=\"status\""));
    // A program reads the same.
    let mut program = Program::of(&bench.site, QUALITY).await;
    let answer = read(&program.get(&format!("/api/v1{place}")).await);
    let rules = answer["coverage"]["rules"].as_array().unwrap();
    let by_name: BTreeMap<&str, usize> = rules
        .iter()
        .map(|rule| (rule["name"].as_str().unwrap(), rule["scenarios"].as_array().unwrap().len()))
        .collect();
    let expected: BTreeMap<&str, usize> =
        covered.statements.iter().map(|one| (one.name.as_str(), one.fired_in.len())).collect();
    assert_eq!(by_name, expected);
    assert_eq!(answer["coverage"]["unseen"].as_array().unwrap().len(), covered.gaps.len());
    // What was tried before a change is told as that.
    write(&mut browser, &proposal, "95_x.rhai", "").await;
    let stale = browser.get(&place).await.text();
    assert!(
        stale.contains("Daarna is er iets gewijzigd.") && stale.contains("geen enkel scenario"),
        "{stale}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_force_is_played_behind_who_looks() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    in_english(&mut browser).await;
    let mut page = browser.get("/procedure/scenarios").await;
    while page.body.contains("role=\"status\"") {
        assert!(
            page.text().contains("The scenarios are being played.") && !page.body.contains("id=\"coverage\"")
        );
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        page = browser.get("/procedure/scenarios").await;
    }
    let text = page.text();
    assert!(text.contains("work in no scenario:"), "{text}");
    assert!(
        page.body.replace("&#x2f;", "/").contains("href=\"/procedure/files/90_archive.rhai#line-"),
        "{text}"
    );
    let mut program = Program::of(&bench.site, OTHER).await;
    let answer = read(&program.get("/api/v1/procedure/scenarios").await);
    assert!(answer["played"].is_null() && answer["coverage"]["rules"].as_array().unwrap().len() > 100);
}
