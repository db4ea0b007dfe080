//! What is proposed to change of the rules, on the page: from the first edit to what is in force and back, by several people
//! at once, beside a folder on disk.

use super::*;

pub(super) const QUALITY: &str = "kwaliteit@lagant.nl";
pub(super) const OTHER: &str = "tweede@lagant.nl";
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
        let builder = Builder::default().config(&format!("{more}\n{PEOPLE}")).rules(rules.path()).real();
        Self { site: Site::of(builder, Door::Loopback).await, rules }
    }

    pub(super) fn on_disk(&self, path: &str) -> String {
        std::fs::read_to_string(self.rules.path().join(path)).unwrap_or_default()
    }

    pub(super) fn edit_on_disk(&self, path: &str, text: &str) {
        std::fs::write(self.rules.path().join(path), text).unwrap();
    }

    pub(super) fn in_force(&self) -> String {
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
pub(super) async fn tried(browser: &mut Browser, proposal: &str) -> (String, String) {
    assert_eq!(work(browser, proposal, &[("step", "scenarios")]).await.status, 200);
    assert_eq!(work(browser, proposal, &[("step", "plan")]).await.status, 200);
    let page = browser.get(proposal).await;
    (page.value("version"), page.value("plan"))
}

pub(super) async fn publish(browser: &mut Browser, proposal: &str) -> Answer {
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
    let (version, none) = tried(&mut one, &proposal).await;
    // The owner reads who must approve it, and is not asked to publish what cannot be.
    let waiting = "Publiceren kan nog niet. Een ander moet dit plan eerst goedkeuren: Tweede.";
    let page = one.get(&proposal).await;
    assert!(page.text().contains(waiting) && none.is_empty(), "{}", page.text());
    assert!(!page.body.contains("value=\"publish\"") && !page.body.contains("name=\"reason\""));
    let page = two.get(&proposal).await;
    assert!(page.text().contains("u vindt ze goed") && !page.text().contains(waiting), "{}", page.text());
    let plan = page.value("plan");
    let order = [("step", "publish"), ("version", version.as_str()), ("plan", plan.as_str()), REASON];
    let refused = work(&mut one, &proposal, &order).await;
    assert!(refused.status == 422 && refused.text().contains(waiting), "{}", refused.text());
    assert!(refused.text().contains(REASON.1), "what was typed is told: {}", refused.text());
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
    let page = one.get(&proposal).await;
    assert!(page.text().contains("Goedgekeurd door") && !page.text().contains(waiting), "{}", page.text());
    assert_eq!((page.value("plan"), page.value("version")), (plan.clone(), version));
    assert!(page.body.contains("value=\"publish\""));
    // What is changed after the approval is not approved.
    write(&mut one, &proposal, "95_note.rhai", "// Een andere opmerking.\n").await;
    tried(&mut one, &proposal).await;
    assert!(one.get(&proposal).await.text().contains(waiting));
    write(&mut one, &proposal, "95_note.rhai", note).await;
    // Scenarios decide nothing and are no part of the plan: that others come along was not approved either.
    let told = format!("{SCENARIOS}\n// Nog iets.\n");
    write(&mut one, &proposal, "tests/10_few.rhai", &told).await;
    tried(&mut one, &proposal).await;
    assert!(one.get(&proposal).await.text().contains(waiting));
    let page = two.get(&proposal).await;
    let again = [("step", "approve"), ("plan", &page.value("plan")), ("reason", "ook de scenario's gelezen")];
    assert_eq!(two.post(&format!("{proposal}/work"), &again).await.status, 303);
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
    // Who may write the folder brings it up to date; what somebody edited there stays, unless it is named.
    bench.edit_on_disk("95_note.rhai", "// Met de hand.\n");
    std::fs::remove_file(bench.rules.path().join("90_archive.rhai")).unwrap();
    let pull = async |replace: &[&str]| {
        let replace: Vec<String> = replace.iter().map(|path| (*path).to_owned()).collect();
        workflow.proposals().pull(&replace).await.map(|pulled| (pulled.written, pulled.left))
    };
    let (written, left) = pull(&[]).await.unwrap();
    assert_eq!(
        (written, left),
        (vec!["00_terms.rhai".to_owned()], vec!["90_archive.rhai".to_owned(), "95_note.rhai".to_owned()])
    );
    assert!(bench.on_disk("00_terms.rhai").contains("Op de pagina"));
    assert!(pull(&["00_terms.rhai"]).await.unwrap_err().to_string().contains("is as it is in force"));
    assert_eq!(pull(&["90_archive.rhai", "95_note.rhai"]).await.unwrap().1, Vec::<String>::new());
    assert_eq!(workflow.proposals().edited_on_disk().await.unwrap(), Vec::<String>::new());
}

/// A browser ends lines in one way only; a file that ends them in another keeps its own.
#[tokio::test]
async fn lines_end_as_they_did() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Regeleinden").await;
    let proposals = bench.site.app.app.workflow.proposals();
    let edit = |text: &str, seen: String| redress::workflow::FileEdit {
        path: "95_note.rhai".to_owned(),
        seen,
        text: Some(text.to_owned()),
    };
    proposals.write(1, QUALITY, &edit("// Een.\r\n// Twee.\r\n", String::new())).await.unwrap();
    write(&mut browser, &proposal, "95_note.rhai", "// Een.\n// Drie.\n").await;
    let kept = proposals.one(1).await.unwrap().folder.text("95_note.rhai").unwrap().to_owned();
    assert_eq!(kept, "// Een.\r\n// Drie.\r\n");
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

/// A rehearsal writes nothing but its own data, whatever is published in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsal_leaves_the_rules_folder_alone() {
    let bench = Bench::open("").await;
    let (config, rules) = (PEOPLE, bench.rules.path());
    let site = Site::of(Builder::default().config(config).rules(rules), Door::Loopback).await;
    let mut browser = site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Op proef").await;
    write(&mut browser, &proposal, "95_note.rhai", "// Op proef.\n").await;
    assert_eq!(publish(&mut browser, &proposal).await.status, 200);
    assert!(site.app.app.workflow.published().ruleset.source().files().contains_key("95_note.rhai"));
    assert_eq!(bench.on_disk("95_note.rhai"), "");
}
