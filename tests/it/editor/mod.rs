//! What editors are told about a rules folder: names found everywhere, what may follow, what is told; also while a file is
//! broken.

mod renaming;
mod terms;

use crate::support::repository;
use redress::clock::{Clock, SystemClock};
use redress::complaint::Language;
use redress::config::Settings;
use redress::rules::editor::{Completion, Spot, With, Workspace};
use redress::rules::{Clauses, ExtraFields, RulesetSource};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

fn texts_of(folder: &str) -> BTreeMap<String, String> {
    let folder = repository().join(folder);
    let mut texts = RulesetSource::read(&folder).unwrap().files().clone();
    texts.extend(RulesetSource::read_scenarios(&folder).unwrap());
    texts.extend(Clauses::read_text(&folder).unwrap().map(|text| (Clauses::FILE.to_owned(), text)));
    texts
}

fn settings_of(folder: &str) -> Settings {
    let config = repository().join(folder).join("redress.toml");
    if config.exists() { Settings::load(Some(&config)).unwrap() } else { Settings::load(None).unwrap() }
}

static SHIPPED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| texts_of("rules"));

fn shipped() -> Workspace {
    Workspace::new(SHIPPED.clone(), ExtraFields::new(), Language::Dutch)
}

/// The shipped folder with one script more, whose `‸` is the cursor.
fn with_cursor(file: &str, marked: &str) -> (Workspace, usize) {
    let offset = marked.find('‸').expect("a cursor");
    let mut texts = SHIPPED.clone();
    texts.insert(file.to_owned(), marked.replace('‸', ""));
    (Workspace::new(texts, ExtraFields::new(), Language::Dutch), offset)
}

fn completions(file: &str, marked: &str) -> Vec<Completion> {
    let (workspace, offset) = with_cursor(file, marked);
    workspace.complete(file, offset)
}

fn offered(file: &str, marked: &str) -> BTreeSet<String> {
    completions(file, marked).into_iter().map(|c| c.text).collect()
}

fn told(file: &str, marked: &str) -> String {
    let (workspace, offset) = with_cursor(file, marked);
    workspace.hover(file, offset).map(|hover| hover.markdown).unwrap_or_default()
}

fn said(workspace: &Workspace, spot: &Spot) -> String {
    format!("{}: {}", spot.file, &workspace.text(&spot.file).unwrap()[spot.range.clone()])
}

const NEW: &str = "95_new.rhai";

#[test]
fn a_text_is_completed_from_the_vocabulary_of_its_place() {
    for (marked, fits, never) in [
        (r#"rule "x" when complaint.state == "‸"#, "decided", "handler"),
        (r#"rule "x" when "‸" != complaint.state then {}"#, "decided", "handler"),
        (r#"rule "x" when complaint.state in ["closed", "‸"] then {}"#, "decided", "handler"),
        (r#"rule "x" when ["‸"].contains(complaint.state) then {}"#, "decided", "handler"),
        (r#"rule "x" when armed("‸"#, "decision_term", "decided"),
        (r#"rule "x" when letter("‸") == "accepted" then {}"#, "acknowledgement", "accepted"),
        (r#"rule "x" when letter("acknowledgement") == "‸"#, "accepted", "acknowledgement"),
        (r#"rule "x" when happened("‸") then {}"#, "acknowledge", "handler"),
        (r#"rule "x" when known("‸") then {}"#, "complainant", "handler"),
        (r#"rule "x" when true then { notify("‸"#, "handler", "decision"),
        (r#"rule "x" when true then { notify("‸", "decision"); }"#, "complainant", "decision"),
        (r#"rule "x" when true then { notify("handler", "‸"#, "decision", "handler"),
        (r#"rule "x" when true then { cancel(["archive", "‸"]); }"#, "decision_term", "decided"),
        (r#"rule "x" when true then { complaint.verdict = "‸"; }"#, "upheld", "decided"),
        (r#"rule "x" when true then { perform("‸", #{}); }"#, "acknowledge", "handler"),
        (r#"rule "x" for complaint.measures when it.state == "‸"#, "proposed", "decided"),
        (r#"rule "x" for complaint.duplicates when it.state == "‸"#, "decided", "proposed"),
        (r#"rule "x" when complaint.measures.some(|m| m.state == "‸") then {}"#, "proposed", "decided"),
        (r#"action x "X" by ["‸"#, "handler", "decided"),
        (r#"rule "x" when group("‸"#, "organisation", "handler"),
        (r#"rule "x" when group("about").some(|k| k.state == "‸") then {}"#, "decided", "proposed"),
        (r#"rule "x" when true then { pause("‸"#, "decision_term", "decided"),
    ] {
        let offered = offered(NEW, marked);
        assert!(offered.contains(fits), "{marked}: {offered:?}");
        assert!(!offered.contains(never), "{marked}: {offered:?}");
    }
    assert!(offered(NEW, r#"rule "x" when true then { remark("‸"); }"#).is_empty(), "any text will do");
    assert!(offered(NEW, "// armed(\"‸").is_empty(), "remarks are free");
}

#[test]
fn fields_answers_words_and_statements_are_completed_where_they_may_stand() {
    for (marked, fits, never) in [
        ("‸", "rule", "complaint"),
        ("rule \"x\" when true then { }\n‸", "action", "when"),
        ("rule \"x\" ‸", "when", "enter"),
        ("rule \"x\" when complaint.‸\n  then { }", "state", "handler"),
        ("rule \"x\" when complaint.st‸", "state", "rule"),
        ("rule \"x\" when complaint.flags.‸ then {}", "too_late", "state"),
        ("rule \"x\" when complaint.counters.‸", "round", "too_late"),
        ("rule \"x\" for complaint.measures when it.‸", "check_on", "is_parent"),
        ("rule \"x\" for complaint.duplicates when it.‸", "is_parent", "check_on"),
        ("rule \"x\" when complaint.measures.‸", "some", "state"),
        ("rule \"x\" for group(\"about\") when it.‸", "received_on", "number"),
        ("rule \"x\" when group(\"about\", months(6)).some(|k| k.‸", "is_this", "check_on"),
        ("rule \"x\" when complaint.measures.find(|m| m.‸", "check_on", "is_parent"),
        (
            "action x \"X\" by [\"handler\"] asks #{ why: text(\"?\") } when true then { remark(input.‸",
            "why",
            "state",
        ),
        (
            "action x \"X\" by [\"handler\"] asks #{ why: text(\"?\").‸ } when true then { }",
            "optional",
            "state",
        ),
        ("action x \"X\" by [\"handler\"] asks #{ why: ‸ } when true then { }", "long_text", "enter"),
        ("rule \"x\" when ‸", "armed", "enter"),
        ("rule \"x\" when true then { ‸", "enter", "long_text"),
        ("rule \"x\" when now >= ‸", "PROMISE_MAX", "enter"),
        ("rule \"x\" when ‸", "is_escalated", "refuse"),
        (
            "schedule \"x\" cron \"0 0 9 * * *\" then { let p = previous_quarter(); if today > p.‸",
            "from",
            "state",
        ),
    ] {
        let offered = offered(NEW, marked);
        assert!(offered.contains(fits), "{marked}: {offered:?}");
        assert!(!offered.contains(never), "{marked}: {offered:?}");
    }
    let armed = completions(NEW, "rule \"x\" when arm‸");
    let armed = armed.iter().find(|c| c.text == "armed").unwrap();
    assert_eq!(armed.range, 14..17, "what is typed gives way");
    assert!(armed.detail.starts_with("armed(") && armed.detail.contains("termijn"), "{}", armed.detail);
}

#[test]
fn scenarios_messages_and_tables_are_completed_too() {
    for (file, marked, fits, never) in [
        ("tests/95.rhai", "scenario \"x\" { let k = mail(#{}); expect_state(k, \"‸", "decided", "handler"),
        ("tests/95.rhai", "scenario \"x\" { act(k, \"a@b.nl\", \"‸", "acknowledge", "decided"),
        ("tests/95.rhai", "scenario \"x\" { expect(k, \"verdict\", \"‸\"); }", "upheld", "decided"),
        ("tests/95.rhai", "scenario \"x\" { expect_notified(k, [\"‸", "handler new_complaint", "decided"),
        ("tests/95.rhai", "scenario \"x\" { ‸", "expect_state", "rule"),
        ("messages/nl/decision.md", "---\nsubject: x\n---\n{{ ‸", "complaint", "decision_term"),
        ("messages/nl/decision.md", "---\nsubject: x\n---\n{{ complaint.‸ }}", "reference", "decision_term"),
        ("messages/nl/decision.md", "---\nsubject: x\n---\n{{ deadline.‸ }}", "decision_term", "reference"),
        ("messages/nl/decision.md", "---\nsubject: x\n---\n{{ deadline.reply.‸", "due", "reference"),
        ("messages/nl/decision.md", "---\nsubject: {{ terms.‸", "PROMISE_MAX", "reference"),
        (
            "messages/nl/decision.md",
            "---\nsubject: x\n---\n{{ complaint.received_at|‸ }}",
            "date",
            "reference",
        ),
        ("clauses.toml", "[[clause]]\nrow = 1\nrules = [\n  \"‸\"\n]", "acknowledge", "decision"),
        ("clauses.toml", "[[clause]]\nrow = 1\nmessages = [\"‸\"]", "decision", "acknowledge"),
    ] {
        let offered = offered(file, marked);
        assert!(offered.contains(fits), "{file} {marked}: {offered:?}");
        assert!(!offered.contains(never), "{file} {marked}: {offered:?}");
    }
    assert!(offered("messages/nl/decision.md", "---\nsubject: x\n---\nGeachte ‸").is_empty());
    let procedure = SHIPPED["procedure.toml"].replacen("faults_to = \"", "faults_to = \"‸", 1);
    let offered = offered("procedure.toml", &procedure);
    assert!(offered.contains("handler") && !offered.contains("decided"), "{offered:?}");
}

#[test]
fn a_hover_tells_in_the_language_of_the_organisation() {
    for (marked, expected) in [
        ("rule \"x\" when ar‸med(\"reply\") then { }", "of een termijn loopt"),
        ("rule \"x\" when armed(\"re‸ply\") then { }", "Gaat lopen door"),
        ("rule \"x\" when complaint.stat‸e == \"decided\" then { }", "waar de klacht in de procedure is"),
        ("rule \"x\" when complaint.state == \"deci‸ded\" then { }", "besloten"),
        ("rule \"x\" when letter(\"decis‸ion\") == \"accepted\" then { }", "Onze beslissing op uw klacht"),
        ("rule \"x\" when now > complaint.received_at + PROMISE_M‸AX then { }", "months(3)"),
        ("rule \"x\" when now > complaint.received_at + PROMISE_M‸AX then { }", "outer limit"),
        ("ru‸le \"x\" when true then { }", "voorwaarde waar wordt"),
        ("rule \"x\" when true then { perform(\"acknow‸ledge\", #{}); }", "action acknowledge"),
        ("rule \"x\" when is_esc‸alated() then { }", "fn is_escalated()"),
        ("rule \"x\" when gro‸up(\"about\").len() > 2 then { }", "nieuwste eerst"),
        ("rule \"x\" when group(\"abo‸ut\").len() > 2 then { }", "de medewerker over wie geklaagd wordt"),
        ("rule \"x\" when group(\"about\").some(|k| k.is_th‸is) then { }", "of het deze klacht zelf is"),
        (
            "rule \"x\" for complaint.measures when it.du‸e != () then { }",
            "wanneer de maatregel uitgevoerd is",
        ),
    ] {
        let told = told(NEW, marked);
        assert!(told.contains(expected), "{marked}:\n{told}");
    }
    let english = Workspace::new(SHIPPED.clone(), ExtraFields::new(), Language::English);
    let file = "70_monitoring.rhai";
    let at = english.text(file).unwrap().find("armed(").unwrap();
    let told = english.hover(file, at).unwrap().markdown;
    assert!(told.contains("whether a term runs"), "{told}");
}

#[test]
fn names_lead_to_their_declaration() {
    for (marked, expected) in [
        ("rule \"x\" when complaint.state == \"deci‸ded\" then { }", "procedure.toml: decided"),
        ("rule \"x\" when armed(\"re‸ply\") then { }", "procedure.toml: reply"),
        ("rule \"x\" when complaint.flags.too_l‸ate then { }", "procedure.toml: too_late"),
        ("rule \"x\" when true then { notify(\"hand‸ler\", \"decision\"); }", "procedure.toml: handler"),
        ("rule \"x\" when true then { notify(\"handler\", \"decis‸ion\"); }", "messages/nl/decision.md: "),
        ("rule \"x\" when happened(\"acknow‸ledge\") then { }", "30_treatment.rhai: acknowledge"),
        ("rule \"x\" when now > PROMISE_M‸AX then { }", "00_terms.rhai: PROMISE_MAX"),
        ("rule \"x\" when is_esc‸alated() then { }", "40_escalation.rhai: is_escalated"),
    ] {
        let (workspace, offset) = with_cursor(NEW, marked);
        let found: Vec<String> =
            workspace.definitions(NEW, offset).iter().map(|spot| said(&workspace, spot)).collect();
        assert_eq!(found, [expected], "{marked}");
    }
}

#[test]
fn a_file_that_is_broken_keeps_what_is_whole_in_it() {
    let broken =
        "rule \"half\" when complaint.state == \"deci\nrule \"whole\" when armed(\"re‸ply\") then { }";
    let (workspace, offset) = with_cursor(NEW, broken);
    assert!(workspace.hover(NEW, offset).is_some());
    assert_eq!(workspace.outline(NEW).iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["half", "whole"]);
    let mut texts = SHIPPED.clone();
    let mut workspace = Workspace::new(texts.clone(), ExtraFields::new(), Language::Dutch);
    let cut = texts["procedure.toml"].len() / 2;
    texts.get_mut("procedure.toml").unwrap().replace_range(cut.., "\n[broken");
    workspace.replace(texts);
    let at = workspace.text("70_monitoring.rhai").unwrap().find("\"decided\"").unwrap();
    assert!(
        workspace.hover("70_monitoring.rhai", at + 3).is_some(),
        "the last declarations that loaded count"
    );
}

#[test]
fn every_use_of_a_deadline_is_found_in_every_kind_of_file() {
    let workspace = shipped();
    let file = "procedure.toml";
    let at = workspace.text(file).unwrap().find("[deadlines.reply]").unwrap() + 12;
    let uses = workspace.references(file, at, With::UsesOnly);
    let files: BTreeSet<&str> = uses.iter().map(|s| s.file.split('/').next().unwrap()).collect();
    for kind in ["30_treatment.rhai", "clauses.toml", "messages", "procedure.toml", "tests"] {
        // The reply term is named by no other declaration.
        assert_eq!(files.contains(kind), kind != "procedure.toml", "{kind}: {files:?}");
    }
    let all = workspace.references(file, at, With::Declaration);
    assert_eq!(all.len(), uses.len() + 1);
    assert!(all.iter().all(|spot| said(&workspace, spot).ends_with(": reply")));
}

#[test]
fn names_are_found_in_functions_that_are_handed_other_complaints() {
    let workspace = shipped();
    let file = "10_intake.rhai";
    let text = workspace.text(file).unwrap();
    let at = text.find("other.state == \"registered\"").unwrap() + "other.state == \"".len();
    let declared = workspace.definitions(file, at);
    assert!(
        declared.iter().any(|spot| said(&workspace, spot) == "procedure.toml: registered"),
        "{declared:?}"
    );
    let uses = workspace.references(file, at, With::UsesOnly);
    assert!(uses.iter().any(|spot| spot.file == file && spot.range.start == at), "{uses:?}");
}

#[test]
fn a_function_knows_what_it_is_handed() {
    for (marked, fits, never) in [
        (
            "fn f(k) { k.state == \"‸\" }\nrule \"x\" when complaint.duplicates.some(|d| f(d)) then {}",
            "decided",
            "proposed",
        ),
        (
            "fn f(n, k) { k.state == \"‸\" }\nrule \"x\" for complaint.duplicates when f(1, it) then {}",
            "decided",
            "proposed",
        ),
        (
            "fn f(m) { m.state == \"‸\" }\nrule \"x\" for complaint.measures when f(it) then {}",
            "proposed",
            "decided",
        ),
        (
            "fn f(all) { all.some(|m| m.state == \"‸\") }\nrule \"x\" when f(complaint.measures) then {}",
            "proposed",
            "decided",
        ),
        (
            "fn g(k) { k.state == \"‸\" }\nfn f(k) { g(k) }\nrule \"x\" when complaint.duplicates.some(|d| f(d)) then {}",
            "decided",
            "proposed",
        ),
        ("fn f(m) { m.‸ }\nrule \"x\" for complaint.measures when f(it) then {}", "check_on", "is_parent"),
    ] {
        let offered = offered(NEW, marked);
        assert!(offered.contains(fits), "{marked}: {offered:?}");
        assert!(!offered.contains(never), "{marked}: {offered:?}");
    }
}

#[test]
fn a_choice_is_found_though_functions_take_the_answer() {
    for marked in [
        "fn take() { complaint.verdict = input.oordeel; }\naction x \"X\" by [\"handler\"] asks #{ oordeel: choice(\"?\", [\"‸\"]) } when true then { take(); }",
        "action x \"X\" by [\"handler\"] asks #{ oordeel: text(\"?\") } when true then { if input.oordeel == \"‸\" { return; } complaint.verdict = input.oordeel; }",
        "fn look() { input.oordeel == \"‸\" }\naction x \"X\" by [\"handler\"] asks #{ oordeel: text(\"?\") } when true then { look(); complaint.verdict = input.oordeel; }",
        "fn give(v) { complaint.verdict = v; }\nfn take() { give(input.oordeel); }\nfn take_all() { take(); }\naction x \"X\" by [\"handler\"] asks #{ oordeel: choice(\"?\", [\"‸\"]) } when true then { take_all(); }",
    ] {
        let offered = offered(NEW, marked);
        assert!(offered.contains("upheld") && !offered.contains("decided"), "{marked}: {offered:?}");
    }
}

/// Asks everything about a place.
fn ask(workspace: &Workspace, file: &str, offset: usize) {
    workspace.complete(file, offset);
    workspace.hover(file, offset);
    workspace.definitions(file, offset);
    workspace.references(file, offset, With::Declaration);
    let _ = workspace.renamable(file, offset);
}

#[test]
fn files_cut_anywhere_are_answered_about_at_every_place() {
    let places = std::env::var("REDRESS_EDITOR_PLACES").ok().map_or(60, |n| n.parse().unwrap());
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below.max(1) as u64).unwrap()
    };
    let boundary = |text: &str, at: usize| (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap();
    let mut slowest = 0;
    let mut workspace = shipped();
    let files: Vec<String> = SHIPPED.keys().cloned().collect();
    for round in 0..places {
        let file = &files[random(files.len())];
        let whole = &SHIPPED[file];
        let (a, b) = (random(whole.len()), random(whole.len()));
        let (from, to) = (boundary(whole, a.min(b)), boundary(whole, a.max(b)));
        let mut text = whole.clone();
        match round % 3 {
            0 => text.truncate(from),
            1 => text.replace_range(from..to.min(boundary(whole, from + random(40))), ""),
            _ => text
                .insert_str(from, ["\"", "{", "}", "#{", "`${", "/*", "‸é🙂", "\\", "|m|", "."][random(10)]),
        }
        workspace.set(file, &text);
        let near = boundary(&text, from.min(text.len()));
        for at in (0..12).map(|_| boundary(&text, random(text.len() + 1))).chain([near, text.len()]) {
            let asked = SystemClock.now().millis();
            ask(&workspace, file, at);
            slowest = slowest.max(SystemClock.now().millis() - asked);
        }
        workspace.outline(file);
        workspace.set(file, whole);
    }
    assert!(slowest < 2_000, "all answers about one place took {slowest} ms");
}

#[test]
fn places_outside_of_anything_are_no_harm() {
    let workspace = shipped();
    for file in ["nothing.rhai", "../etc/passwd", "", "70_monitoring.rhai", "procedure.toml"] {
        for offset in [0, 1, usize::MAX / 2, usize::MAX] {
            ask(&workspace, file, offset);
        }
    }
}
