//! What is proposed to change of the rules, on the page: from the first edit to what is in force and back, by several people
//! at once, beside a folder on disk.

use super::*;

pub const QUALITY: &str = "kwaliteit@lagant.nl";
pub const OTHER: &str = "tweede@lagant.nl";
const LETTER: &str = "messages/nl/_closing.md";
const REASON: (&str, &str) = ("reason", "de groet was te kort");

const PEOPLE: &str = "[[people]]\nname = \"Ontvanger\"\nemail = \"ontvanger@lagant.nl\"\nroles = [\"receiver\"]\n\
    [[people]]\nname = \"Behandelaar\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\"]\n\
    [[people]]\nname = \"Directeur\"\nemail = \"directeur@lagant.nl\"\nroles = [\"director\"]\n\
    [[people]]\nname = \"Kwaliteit\"\nemail = \"kwaliteit@lagant.nl\"\nroles = [\"quality_manager\"]\n\
    [[people]]\nname = \"Tweede\"\nemail = \"tweede@lagant.nl\"\nroles = [\"quality_manager\"]\n\
    [[people]]\nname = \"Auditor\"\nemail = \"auditor@lagant.nl\"\nroles = [\"auditor\"]\n";

/// Two scenarios, so that playing them takes no time.
const SCENARIOS: &str = "scenario \"Een klacht wordt bevestigd\" {\n  at(\"2026-04-14 10:00\");\n  \
    let k = mail(#{ from: \"jan@example.nl\", name: \"Jan\", subject: \"Klacht over parkeren in Utrecht\",\n    \
    text: \"Ik heb een klacht over het parkeren bij de training in Utrecht.\" });\n  \
    expect_letter(k, \"acknowledgement\", [\"Met vriendelijke groet\"]);\n}\n\
    scenario \"Zij staat geregistreerd\" {\n  at(\"2026-04-14 10:00\");\n  \
    let k = mail(#{ from: \"jan@example.nl\", subject: \"Klacht over parkeren in Utrecht\",\n    \
    text: \"Ik heb een klacht over het parkeren bij de training in Utrecht.\" });\n  expect_state(k, \"in_treatment\");\n}\n";

pub struct Bench {
    pub site: Site,
    rules: tempfile::TempDir,
}

impl Bench {
    pub async fn open(more: &str) -> Self {
        let rules = crate::support::rules_copy();
        for entry in std::fs::read_dir(rules.path().join("tests")).unwrap().flatten() {
            if entry.file_name() != "organisation.toml" {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        std::fs::write(rules.path().join("tests/10_few.rhai"), SCENARIOS).unwrap();
        // What refers to scenarios that are not there is no concern of these tests.
        std::fs::remove_file(rules.path().join("clauses.toml")).unwrap();
        let builder = Builder::default().config(&format!("{more}\n{PEOPLE}")).rules(rules.path());
        Self { site: Site::of(builder, Door::Loopback).await, rules }
    }

    fn on_disk(&self, path: &str) -> String {
        std::fs::read_to_string(self.rules.path().join(path)).unwrap_or_default()
    }

    fn edit_on_disk(&self, path: &str, text: &str) {
        std::fs::write(self.rules.path().join(path), text).unwrap();
    }

    fn in_force(&self) -> String {
        self.site.app.app.workflow.published().ruleset.hash().to_owned()
    }

    pub fn text_in_force(&self, path: &str) -> String {
        let published = self.site.app.app.workflow.published();
        published.ruleset.source().files().get(path).cloned().unwrap_or_default()
    }
}

/// Begins a proposal and returns its path.
pub async fn begin(browser: &mut Browser, name: &str) -> String {
    let begun = browser.post("/proposals", &[("name", name)]).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    begun.location().to_owned()
}

pub async fn write(browser: &mut Browser, proposal: &str, path: &str, text: &str) {
    let place = format!("{proposal}/files/{path}");
    let seen = browser.get(&place).await.value("seen");
    let kept = browser.post(&place, &[("seen", &seen), ("text", text), ("step", "keep")]).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
}

/// Asks for work, and follows it to its end.
pub async fn work(browser: &mut Browser, proposal: &str, fields: &[(&str, &str)]) -> Answer {
    let mut answer = browser.post(&format!("{proposal}/work"), fields).await;
    while answer.status == 303 {
        let place = answer.location().split('#').next().unwrap().to_owned();
        answer = browser.get(&place).await;
        if answer.header("refresh").is_some() {
            tokio::task::yield_now().await;
            answer = browser.get(&format!("{proposal}/work")).await;
            while answer.header("refresh").is_some() {
                tokio::task::yield_now().await;
                answer = browser.get(&format!("{proposal}/work")).await;
            }
        }
    }
    answer
}

/// Plays the scenarios and makes the plan; returns what publishing must hand over.
async fn tried(browser: &mut Browser, proposal: &str) -> (String, String) {
    assert_eq!(work(browser, proposal, &[("step", "scenarios")]).await.status, 200);
    assert_eq!(work(browser, proposal, &[("step", "plan")]).await.status, 200);
    let page = browser.get(proposal).await;
    (page.value("version"), page.value("plan"))
}

async fn publish(browser: &mut Browser, proposal: &str) -> Answer {
    let (version, plan) = tried(browser, proposal).await;
    let order = [("step", "publish"), ("version", version.as_str()), ("plan", plan.as_str()), REASON];
    work(browser, proposal, &order).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_is_changed_looked_at_published_and_put_back() {
    let bench = Bench::open("").await;
    bench.site.app.complaint("b1").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    assert!(browser.get("/").await.body.replace("&#x2f;", "/").contains("href=\"/procedure\""));
    let before = bench.in_force();
    let proposal = begin(&mut browser, "Een langere groet").await;
    let page = browser.get(&proposal).await.text();
    assert!(page.contains("Er is nog niets gewijzigd") && page.contains("Er is niets gewijzigd."), "{page}");
    let old = bench.text_in_force(LETTER);
    write(&mut browser, &proposal, LETTER, &old.replace("Met vriendelijke groet", "Met hartelijke groet"))
        .await;
    let page = browser.get(&proposal).await;
    assert!(page.text().contains("Met hartelijke groet"), "{}", page.text());
    // Its scenarios no longer hold, so that it cannot be published.
    let played = work(&mut browser, &proposal, &[("step", "scenarios")]).await.text();
    assert!(played.contains("1 van 2 scenario’s kloppen") && played.contains("Klopt niet:"), "{played}");
    assert!(played.contains("1 scenario klopt niet."), "{played}");
    let told = SCENARIOS.replace("Met vriendelijke groet", "Met hartelijke groet");
    write(&mut browser, &proposal, "tests/10_few.rhai", &told).await;
    let page = browser.get(&proposal).await.text();
    assert!(page.contains("Daarna is er iets gewijzigd."), "{page}");
    let published = publish(&mut browser, &proposal).await;
    assert!(
        published.status == 200 && published.text().contains("de groet was te kort"),
        "{}",
        published.text()
    );
    assert_ne!(bench.in_force(), before);
    assert!(bench.text_in_force(LETTER).contains("hartelijke"));
    assert!(bench.on_disk(LETTER).contains("hartelijke"), "the folder follows");
    assert_eq!(bench.on_disk("tests/10_few.rhai"), told);
    let event = bench.site.app.app.workflow.reading().trail().events_after(0).await.unwrap().pop().unwrap();
    assert_eq!(event.kind.as_str(), "ruleset_published");
    assert_eq!((event.by.to_string(), event.via.as_str()), (QUALITY.to_owned(), "page"));
    assert!(event.data.contains("\"proposal\":\"Een langere groet\""), "{}", event.data);
    // What came in force is not changed any more.
    assert!(browser.get(&proposal).await.text().contains("In werking getreden"));
    let late = browser.post(&format!("{proposal}/files/{LETTER}"), &[("seen", ""), ("text", "x")]).await;
    assert!(late.status == 422 && late.text().contains("niet meer open"), "{}", late.text());
    // Back by a proposal like any other, scenarios with it.
    let back = [("from", "publication"), ("publication", "1"), ("name", "Terug")];
    let back = browser.post("/proposals", &back).await.location().to_owned();
    assert!(publish(&mut browser, &back).await.text().contains("Publicaties"));
    assert_eq!(bench.in_force(), before);
    assert_eq!(bench.on_disk("tests/10_few.rhai"), SCENARIOS);
    let history = browser.get("/publications").await.text();
    assert!(history.contains("Kwaliteit") && history.contains("vanzelf"), "{history}");
    let second = browser.get("/publications/2").await.text();
    assert!(
        second.contains("hartelijke") && second.contains("Maak een voorstel om hiernaar terug"),
        "{second}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_look_who_may_change_and_who_finds_nothing() {
    let bench = Bench::open("").await;
    let mut owner = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut owner, "Van mij").await;
    let paths = [
        "/procedure",
        "/procedure/files/00_terms.rhai",
        "/proposals",
        &proposal,
        "/publications",
        "/publications/1",
    ];
    for (who, looks) in [("directeur@lagant.nl", true), (OTHER, true), (HANDLER, false), (RECEIVER, false)] {
        let mut browser = bench.site.signed_in(who).await;
        for path in paths {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, if looks { 200 } else { 404 }, "{who} {path}");
        }
        let file = format!("{proposal}/files/{LETTER}");
        let version = ("version", "1");
        for (path, fields) in [
            (file.as_str(), vec![version, ("text", "x")]),
            (proposal.as_str(), vec![("step", "give_up")]),
            (proposal.as_str(), vec![version, ("step", "rename"), ("name", "Van ons")]),
            (&format!("{proposal}/work"), vec![("step", "scenarios")]),
            (&format!("{proposal}/files"), vec![version, ("path", "95_x.rhai")]),
        ] {
            let answer = browser.post(path, &fields).await;
            assert_eq!(answer.status, 404, "{who} {path} {fields:?}: {}", answer.text());
        }
        let begun = browser.post("/proposals", &[("name", "Ook een")]).await;
        assert_eq!(begun.status, if who == OTHER { 303 } else { 404 }, "{who}");
    }
    let page = owner.get(&proposal).await.text();
    assert!(page.contains("Van mij") && page.contains("Er is nog niets gewijzigd"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_windows_and_two_managers_lose_nothing_and_publish_nothing_unseen() {
    let bench = Bench::open("").await;
    let (mut one, mut two) = (bench.site.signed_in(QUALITY).await, bench.site.signed_in(OTHER).await);
    let (first, second) = (begin(&mut one, "Eerste").await, begin(&mut two, "Tweede").await);
    let old = bench.text_in_force(LETTER);
    let place = format!("{first}/files/{LETTER}");
    // Two windows of one person, both open before either keeps.
    let seen = one.get(&place).await.value("seen");
    let mine = |text: &str| old.replace("groet", text);
    let kept = one.post(&place, &[("seen", &seen), ("text", &mine("groetjes"))]).await;
    assert_eq!(kept.status, 303);
    let late = one.post(&place, &[("seen", &seen), ("text", &mine("groetenis"))]).await;
    assert_eq!(late.status, 422);
    let text = late.text();
    assert!(
        text.contains("groetenis") && text.contains("groetjes") && text.contains("intussen gewijzigd"),
        "{text}"
    );
    let again = late.value("seen");
    assert_eq!(one.post(&place, &[("seen", &again), ("text", &mine("groetenis"))]).await.status, 303);
    // Each publishes the same line: the second is refused, and settles it.
    write(&mut two, &second, LETTER, &mine("tot ziens")).await;
    let told = SCENARIOS.replace("Met vriendelijke groet", "Met vriendelijke");
    write(&mut one, &first, "tests/10_few.rhai", &told).await;
    write(&mut two, &second, "tests/10_few.rhai", &told).await;
    let (version, plan) = tried(&mut two, &second).await;
    assert_eq!(publish(&mut one, &first).await.status, 200);
    let order = [("step", "publish"), ("version", version.as_str()), ("plan", plan.as_str()), REASON];
    let refused = work(&mut two, &second, &order).await;
    assert!(
        refused.status == 422 && refused.text().contains("Werk het voorstel eerst bij"),
        "{}",
        refused.text()
    );
    assert!(bench.text_in_force(LETTER).contains("groetenis"));
    let behind = two.get(&format!("{second}/behind")).await;
    assert!(behind.text().contains(&format!("Beide gewijzigd: {LETTER}")), "{}", behind.text());
    assert!(behind.text().contains("groetenis") && behind.text().contains("tot ziens"), "{}", behind.text());
    let version = behind.value("version");
    let unsettled = two.post(&format!("{second}/behind"), &[("version", &version)]).await;
    assert!(
        unsettled.status == 422 && unsettled.text().contains("Kies bij elk bestand"),
        "{}",
        unsettled.text()
    );
    let stands = format!("stands.{LETTER}");
    let settled = [("version", version.as_str()), (stands.as_str(), "mine")];
    assert_eq!(two.post(&format!("{second}/behind"), &settled).await.status, 303);
    let page = two.get(&second).await.text();
    assert!(page.contains("tot ziens") && !page.contains("gaat uit van oudere regels"), "{page}");
    assert_eq!(publish(&mut two, &second).await.status, 200);
    assert!(bench.text_in_force(LETTER).contains("tot ziens"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_must_approve_the_plan_and_approves_no_other() {
    let bench = Bench::open("[rules]\nfour_eyes = true\n").await;
    let (mut one, mut two) = (bench.site.signed_in(QUALITY).await, bench.site.signed_in(OTHER).await);
    let proposal = begin(&mut one, "Met vier ogen").await;
    let note = "// Een opmerking.\n";
    write(&mut one, &proposal, "95_note.rhai", note).await;
    let refused = publish(&mut one, &proposal).await;
    assert!(
        refused.status == 422 && refused.text().contains("eerst goedkeuren: Tweede"),
        "{}",
        refused.text()
    );
    let page = two.get(&proposal).await;
    assert!(page.text().contains("u vindt ze goed"), "{}", page.text());
    let plan = page.value("plan");
    let approve = |plan: &str| {
        vec![
            ("step", "approve".to_owned()),
            ("plan", plan.to_owned()),
            ("reason", "gelezen en akkoord".to_owned()),
        ]
    };
    let fields = approve(&plan);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    // The owner approves nothing of the own, and nobody a plan that is not the one.
    assert_eq!(one.post(&format!("{proposal}/work"), &fields).await.status, 404);
    let other = [("step", "approve"), ("plan", "0123456789abcdef"), ("reason", "gelezen en akkoord")];
    assert_eq!(two.post(&format!("{proposal}/work"), &other).await.status, 422);
    let no_reason = [("step", "approve"), ("plan", plan.as_str()), ("reason", "ja")];
    assert!(
        two.post(&format!("{proposal}/work"), &no_reason).await.text().contains("ten minste tien tekens")
    );
    assert_eq!(two.post(&format!("{proposal}/work"), &fields).await.status, 303);
    // What is changed after the approval is not approved.
    write(&mut one, &proposal, "95_note.rhai", "// Een andere opmerking.\n").await;
    assert_eq!(publish(&mut one, &proposal).await.status, 422);
    write(&mut one, &proposal, "95_note.rhai", note).await;
    assert_eq!(publish(&mut one, &proposal).await.status, 200);
    assert_eq!(bench.text_in_force("95_note.rhai"), note);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_folder_on_disk_and_the_page_overwrite_each_other_never() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Op de pagina").await;
    write(&mut browser, &proposal, "95_note.rhai", "// Van de pagina.\n").await;
    let edited = format!("{}\n// Op schijf.\n", bench.on_disk("00_terms.rhai"));
    write(&mut browser, &proposal, "00_terms.rhai", &edited.replace("Op schijf", "Op de pagina")).await;
    bench.edit_on_disk("00_terms.rhai", &edited);
    assert!(browser.get("/proposals").await.text().contains("De map op de server is anders. "));
    assert_eq!(publish(&mut browser, &proposal).await.status, 200);
    assert_eq!(bench.on_disk("95_note.rhai"), "// Van de pagina.\n");
    assert_eq!(bench.on_disk("00_terms.rhai"), edited, "what somebody edited there stays");
    // The edit becomes a proposal that says what it takes back.
    let taken = [("from", "folder"), ("name", "Van schijf")];
    let taken = browser.post("/proposals", &taken).await.location().to_owned();
    let page = browser.get(&taken).await.text();
    assert!(page.contains("Op schijf") && page.contains("Op de pagina"), "{page}");
    // An older folder that is saved takes nothing back by itself.
    bench.edit_on_disk("00_terms.rhai", &edited.replace("\n// Op schijf.\n", ""));
    let workflow = &bench.site.app.app.workflow;
    let read = redress::rules::RulesFolder::read(bench.rules.path());
    let before = bench.in_force();
    let saved = workflow.consider_saved(read).await.unwrap();
    assert!(matches!(saved, redress::workflow::Saved::Waits(_)), "{saved:?}");
    assert_eq!(bench.in_force(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_survives_the_end_of_the_session_and_of_the_program() {
    let mut bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Wordt onderbroken").await;
    let place = format!("{proposal}/files/95_note.rhai");
    let typed = [("seen", ""), ("text", "// Wat ik typte.\n")];
    bench.site.advance(60 * 24 * 30);
    let over = browser.post(&place, &typed).await;
    assert!(over.status == 303 && over.location().starts_with("/sign-in?next="), "{}", over.body);
    bench.site.restart(&mut [&mut browser]).await;
    sign_in(&mut browser, QUALITY, PASSWORD).await;
    assert!(browser.get(&place).await.text().contains("// Wat ik typte."));
    // Sent again by the session that is over, for a text that has gone by: it is in a copy.
    let mut stale = browser.clone();
    bench.site.advance(60 * 24 * 30);
    let late = stale.post(&place, &[("seen", ""), ("text", "// En nog iets.\n")]).await;
    assert_eq!(late.status, 303);
    sign_in(&mut browser, QUALITY, PASSWORD).await;
    assert!(browser.get(&place).await.text().contains("// Wat ik typte."));
    assert!(browser.get("/proposals/2/files/95_note.rhai").await.text().contains("// En nog iets."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strange_input_is_told_and_harms_nothing() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    for name in ["", "   ", &"x".repeat(121), "a\u{7}b"] {
        assert_eq!(browser.post("/proposals", &[("name", name)]).await.status, 422, "{name:?}");
    }
    for from in ["nothing", "publication", "proposal"] {
        let answer = browser.post("/proposals", &[("name", "x"), ("from", from)]).await;
        assert_eq!(answer.status, 400, "{from}");
    }
    let strange = [("name", "x"), ("from", "publication"), ("publication", "99")];
    assert_eq!(browser.post("/proposals", &strange).await.status, 404);
    let proposal = begin(&mut browser, "<script>alert(1)</script>").await;
    assert!(!browser.get(&proposal).await.body.contains("<script>"));
    for path in ["../redress.toml", "x.md", "tests/../../x.rhai", "messages/nl/a b.md", "redress.toml"] {
        let added = browser.post(&format!("{proposal}/files"), &[("version", "1"), ("path", path)]).await;
        assert_eq!(added.status, 422, "{path}");
    }
    for path in ["..%2F..%2Fredress.toml", "nothing.rhai", "%00.rhai"] {
        assert_eq!(browser.get(&format!("{proposal}/files/{path}")).await.status, 404, "{path}");
        assert_eq!(browser.get(&format!("/procedure/files/{path}")).await.status, 404, "{path}");
    }
    for id in ["0", "-1", "x", "99999999999999999999"] {
        let status = browser.get(&format!("/proposals/{id}")).await.status;
        assert!(status == 404 || status == 400, "{id}: {status}");
    }
    // What does not load is told at its place, cannot be tried, and is not published.
    write(&mut browser, &proposal, "95_note.rhai", "rule \"Half\"\n  when complaint.state == \"decidd\"\n")
        .await;
    let page = browser.get(&proposal).await;
    assert!(page.text().contains("95_note.rhai, regel"), "{}", page.text());
    assert!(!page.body.contains("value=\"scenarios\""), "{}", page.text());
    let asked = work(&mut browser, &proposal, &[("step", "scenarios")]).await;
    assert!(asked.status == 422 && asked.text().contains("fout"), "{}", asked.text());
    let before = bench.in_force();
    let order = [("step", "publish"), ("version", "2"), ("plan", "x"), REASON];
    assert_eq!(work(&mut browser, &proposal, &order).await.status, 422);
    assert_eq!(bench.in_force(), before);
}

/// What the editor asks while somebody types: mistakes at their places, what may follow, what a name is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_editor_is_answered_about_what_is_typed_and_not_kept() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Typen").await;
    let json = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let ask = async |browser: &mut Browser, what: &str, path: &str, body: serde_json::Value| {
        let place = format!("{proposal}/editor/{what}/{path}");
        let answer = browser.send("POST", &place, &json, &body.to_string()).await;
        (answer.status, serde_json::from_str::<serde_json::Value>(&answer.body).unwrap_or_default())
    };
    let text = "// 😀\nrule \"Half\"\n  when complaint.state == \"decidd\"\n  then { remark(\"x\"); }\n";
    let (status, found) = ask(&mut browser, "check", "95_x.rhai", serde_json::json!({"text": text})).await;
    assert_eq!(status, 200);
    let mistake =
        found["diagnostics"].as_array().unwrap().iter().find(|d| d["code"] == "R201").unwrap().clone();
    let units: Vec<u16> = text.encode_utf16().collect();
    let (from, to) = (mistake["from"].as_u64().unwrap() as usize, mistake["to"].as_u64().unwrap() as usize);
    assert_eq!(String::from_utf16(&units[from..to]).unwrap(), "\"decidd\"");
    let mended = mistake["fix"]["changes"][0]["insert"].as_str().unwrap();
    assert!(mended.contains("decided"), "{mistake}");
    let typed = "rule \"x\"\n  when complaint.sta";
    let body = serde_json::json!({"text": typed, "offset": typed.len()});
    let (_, offered) = ask(&mut browser, "complete", "95_x.rhai", body).await;
    assert!(offered["items"].as_array().unwrap().iter().any(|item| item["label"] == "state"), "{offered}");
    assert_eq!(offered["from"], typed.len() - 3);
    let terms = bench.text_in_force("00_terms.rhai");
    let at = terms.find("ACKNOWLEDGEMENT_TERM").unwrap() + 3;
    let body = serde_json::json!({"text": terms, "offset": terms[..at].encode_utf16().count()});
    let (_, told) = ask(&mut browser, "hover", "00_terms.rhai", body).await;
    assert!(!told["markdown_free_text"].as_str().unwrap().is_empty(), "{told}");
    // Nothing was kept, and nobody else asks about it.
    assert!(browser.get(&proposal).await.text().contains("Er is nog niets gewijzigd"));
    let mut other = bench.site.signed_in(OTHER).await;
    for what in ["check", "complete", "hover"] {
        let body = serde_json::json!({"text": "", "offset": 0});
        assert_eq!(ask(&mut other, what, "95_x.rhai", body.clone()).await.0, 404, "{what}");
        assert_eq!(ask(&mut browser, what, "..%2Fx.rhai", body).await.0, 404, "{what}");
        assert_eq!(ask(&mut browser, what, "95_x.rhai", serde_json::json!([1])).await.0, 400, "{what}");
        let far = serde_json::json!({"text": "rule", "offset": u64::MAX});
        assert!(ask(&mut browser, what, "95_x.rhai", far).await.0 < 500, "{what}");
        assert_eq!(
            ask(&mut bench.site.browser(), what, "95_x.rhai", serde_json::json!({"text": ""})).await.0,
            303
        );
    }
}

/// Terms by the form: what somebody changes is written and nothing else; what is out of bounds is told beside its field.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn terms_are_changed_by_a_form() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let overview = browser.get("/procedure/terms").await;
    assert!(
        overview.text().contains("6 weken") && !overview.text().contains("PROMISE_DEFAULT"),
        "{}",
        overview.text()
    );
    let one = browser.get("/procedure/terms/PROMISE_MAX").await.text();
    assert!(one.contains("Wat ervan afhangt") && one.contains("3 maanden"), "{one}");
    assert_eq!(browser.get("/procedure/terms/NOTHING").await.status, 404);
    let begun = browser.post("/proposals", &[("name", "Termijnen"), ("next", "terms")]).await;
    let place = begun.location().to_owned();
    assert!(place.ends_with("/terms"), "{place}");
    let proposal = place.strip_suffix("/terms").unwrap();
    let page = browser.get(&place).await;
    let old = bench.text_in_force("00_terms.rhai");
    let seen = |name: &str| page.value(&format!("o.{name}"));
    let term = |name: &str, value: &str, unit: &str| {
        vec![
            (format!("o.{name}"), seen(name)),
            (format!("v.{name}"), value.to_owned()),
            (format!("u.{name}"), unit.to_owned()),
        ]
    };
    let send = async |browser: &mut Browser, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        browser.post(&place, &fields).await
    };
    // Two at once, one of them in another unit; everything else of the file stays byte for byte.
    let mut both = term("ACKNOWLEDGEMENT_TERM", "6", "workdays");
    both.extend(term("REPORT_TERM", "20", "days"));
    both.extend(term("INFO_TERM", "14", "days"));
    assert_eq!(send(&mut browser, both).await.status, 303);
    let edited = browser.get(&format!("{proposal}/files/00_terms.rhai")).await;
    assert!(edited.text().contains("const ACKNOWLEDGEMENT_TERM = workdays(6);"), "{}", edited.text());
    let shown = browser.get(proposal).await.text();
    assert!(shown.contains("const REPORT_TERM = days(20); // after the end of a quarter"), "{shown}");
    assert!(shown.contains("(+2 −2)"), "{shown}");
    for (name, value, unit, told) in [
        ("PROMISE_DEFAULT", "99", "weeks", "Ten hoogste"),
        ("INFO_TERM", "veertien", "days", "heel getal"),
        ("INFO_TERM", "14", "fortnights", "Kies"),
        ("REMIND_AT", "25:00", "", "09:00"),
        ("DEFAULT_HANDLER", "geen adres", "", "adres"),
        ("EXTERNAL_BODY", "a\u{0}b\nc", "", ""),
    ] {
        let wrong = send(&mut browser, term(name, value, unit)).await;
        if told.is_empty() {
            assert!(wrong.status < 500, "{name}");
            continue;
        }
        assert_eq!(wrong.status, 422, "{name} {value}: {}", wrong.text());
        assert!(
            wrong.body.contains("aria-invalid") && wrong.body.contains(value),
            "{name}: {}",
            wrong.text()
        );
    }
    // A term that was changed in another window meanwhile is told; another one is no matter.
    let late = send(&mut browser, term("ACKNOWLEDGEMENT_TERM", "4", "workdays")).await;
    assert!(
        late.status == 422 && late.text().contains("Intussen veranderd in: 6 werkdagen"),
        "{}",
        late.text()
    );
    assert_eq!(send(&mut browser, term("EVALUATION_TERM", "5", "weeks")).await.status, 303);
    assert_eq!(bench.text_in_force("00_terms.rhai"), old, "nothing is in force yet");
    let mut other = bench.site.signed_in(OTHER).await;
    assert_eq!(send(&mut other, term("INFO_TERM", "10", "days")).await.status, 404);
    assert!(other.get(&place).await.body.contains(" disabled"));
}
