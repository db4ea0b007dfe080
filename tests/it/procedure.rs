//! The shipped procedure: its rules are sound and its scenarios hold.

use crate::support::repository;
use redress::complaint::Language;
use redress::config::Settings;
use redress::rules::RulesFolder;
use redress::rules::diagnostics::Severity;
use redress::rules::{Clauses, Coverage, Never, ORGANISATION, Observer, RulesetSource, notify_sites};
use redress::workflow::{Published, proof, scenario};
use std::sync::Arc;

fn shipped() -> (Published, Settings) {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    match Published::load(source, &settings) {
        Ok(published) => (published, settings),
        Err(found) => panic!("{}", found.iter().map(|d| format!("{d}\n")).collect::<String>()),
    }
}

#[test]
fn every_scenario_of_the_shipped_rules_holds() {
    let (published, settings) = shipped();
    let files = RulesetSource::read_scenarios(&repository().join("rules")).unwrap();
    let outcomes = scenario::play(published, &settings, &files);
    let failed: Vec<_> = outcomes.iter().filter(|o| o.failure.is_some()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(outcomes.len() >= 27);
}

/// Who works somewhere decides nothing about the rules: they are tried on the people of `tests/organisation.toml`.
#[test]
fn the_scenarios_hold_in_every_organisation() {
    let own = r#"
[organisation]
name = "Vaart Opleidingen"
mailbox = "klachten@vaart.example"
domains = ["vaart.example", "example.nl"]
language = "en"
[[people]]
name = "Anna"
email = "anna@vaart.example"
roles = ["receiver", "handler"]
[calendar]
zone = "Europe/London"
closing_days = ["2026-11-24", "2026-12-21"]
[intake]
answer_days = 1
"#;
    let settings = Settings::parse(own, "redress.toml").unwrap();
    let folder = RulesFolder::read(&repository().join("rules")).unwrap();
    let published = Arc::new(Published::load(folder.source.clone(), &settings).unwrap());
    assert_eq!(scenario::failing(&published, &settings, &folder.scenarios), Vec::<String>::new());
    // Without the file they are played in this organisation, which knows none of their people.
    let mut elsewhere = folder.clone();
    elsewhere.scenarios.remove(ORGANISATION);
    assert!(scenario::failing(&published, &settings, &elsewhere.scenarios).len() > 50);
    // One mistake in it is one mistake.
    elsewhere.scenarios.insert(ORGANISATION.to_owned(), "[organisation]\nnaam = \"x\"\n".to_owned());
    let found = elsewhere.check(&settings).diagnostics;
    let errors: Vec<String> =
        found.iter().filter(|d| d.kind.severity == Severity::Error).map(ToString::to_string).collect();
    assert!(errors.len() == 1 && errors[0].contains("tests/organisation.toml:2"), "{errors:#?}");
    assert_eq!(scenario::failing(&published, &settings, &elsewhere.scenarios), [ORGANISATION]);
}

#[test]
fn every_message_is_sent_by_some_rule() {
    let (published, _) = shipped();
    let sites: Vec<String> = notify_sites(&published.ruleset).into_iter().map(|s| s.message).collect();
    for (language, message, _) in published.ruleset.source().messages() {
        assert!(sites.iter().any(|s| s == message), "{language}/{message} is never sent");
    }
}

#[test]
fn old_links_to_the_closed_odr_platform_are_gone() {
    let (published, _) = shipped();
    for (_, message, text) in published.ruleset.source().messages() {
        assert!(!text.contains("ec.europa.eu/consumers/odr"), "{message}");
    }
}

fn scenarios() -> std::collections::BTreeMap<String, String> {
    RulesetSource::read_scenarios(&repository().join("rules")).unwrap()
}

fn clauses() -> Clauses {
    Clauses::read(&repository().join("rules")).unwrap().unwrap()
}

#[test]
fn every_sentence_of_the_text_has_rules_and_scenarios_and_every_rule_a_sentence() {
    let (published, _) = shipped();
    let names = scenario::names(&scenarios()).into_iter().collect();
    assert_eq!(clauses().mistakes(&published.ruleset, &names), []);
    assert_eq!(clauses().gaps(&published.ruleset), []);
    let rows: Vec<u32> = clauses().clauses.iter().map(|c| c.row).collect();
    assert_eq!(rows, (1..=39).collect::<Vec<_>>());
    let idle: Vec<u32> = clauses().clauses.iter().filter(|c| c.no_rule.is_some()).map(|c| c.row).collect();
    assert_eq!(idle, [39], "only the page's furniture asks for nothing");
}

#[test]
fn without_a_rule_that_a_row_names_one_of_its_scenarios_fails() {
    let (published, settings) = shipped();
    let source = published.ruleset.source();
    let unproven = proof::prove(source, &settings, &clauses(), &scenarios(), &|_, _| {}).unwrap();
    assert_eq!(unproven, []);
}

#[test]
fn a_link_that_shows_nothing_is_found() {
    let (published, settings) = shipped();
    let clause = |rule: &str, scenario: &str| {
        let text = format!(
            "[[clause]]\nrow = 1\ntext = \"x\"\nrules = [\"{rule}\"]\nscenarios = [\"{scenario}\"]\n"
        );
        Clauses::parse(&text).unwrap()
    };
    let unrelated = clause("merge_into", "Intrekken");
    let found =
        proof::prove(published.ruleset.source(), &settings, &unrelated, &scenarios(), &|_, _| {}).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].row, found[0].rule.as_str()), (1, "merge_into"));
    let names = scenario::names(&scenarios()).into_iter().collect();
    let mistakes = clause("merge_intoo", "Intrekken!").mistakes(&published.ruleset, &names);
    let mistakes: Vec<String> = mistakes.iter().map(|d| d.in_language(Language::English)).collect();
    assert_eq!(
        mistakes,
        [
            "clauses.toml:4:10: R603 row 1: there is no rule, action or schedule \"merge_intoo\"\n  help: did you mean `merge_into`?",
            "clauses.toml:5:14: R603 row 1: there is no scenario \"Intrekken!\"\n  help: did you mean `Intrekken`?",
        ]
    );
    assert!(unrelated.gaps(&published.ruleset).iter().any(|g| g.en == "no row accounts for \"decide\""));
}

#[test]
fn every_rule_and_action_is_seen_both_ways() {
    let (published, settings) = shipped();
    let coverage = Arc::new(Coverage::of(&published.ruleset));
    let observer = Arc::clone(&coverage) as Arc<dyn Observer>;
    scenario::play_observed(published, &settings, &scenarios(), &|_| true, &observer);
    let wholes: Vec<_> = coverage.gaps().into_iter().filter(|g| g.line == 0).collect();
    assert_eq!(wholes, []);
    assert!(coverage.conditions() > 100);
}

#[test]
fn coverage_names_what_no_scenario_saw() {
    let (published, settings) = shipped();
    let coverage = Arc::new(Coverage::of(&published.ruleset));
    let observer = Arc::clone(&coverage) as Arc<dyn Observer>;
    scenario::play_observed(published, &settings, &scenarios(), &|name| name == "Intrekken", &observer);
    let gaps = coverage.gaps();
    let never = |name: &str| gaps.iter().find(|g| g.name == name && g.line == 0).map(|g| g.never);
    assert_eq!(never("anonymise"), Some(Never::Reached));
    assert_eq!(never("Bezwaartermijn voorbij: sluiten"), Some(Never::True));
    assert_eq!(never("withdraw"), Some(Never::False));
    assert_eq!(never("Kwartaalverslag"), Some(Never::Run));
    assert!(gaps.iter().any(|g| g.line > 0 && g.file == "90_archive.rhai"), "parts are named by their place");
}

/// Changing a term changes behaviour and every text that states it.
#[test]
fn a_term_is_written_once() {
    for (term, from, to, message, old, new) in [
        ("APPROACH_TERM", "months(1)", "weeks(2)", "escalation_notice", "binnen 1 maand", "binnen 2 weken"),
        ("RETENTION_TERM", "years(2)", "years(5)", "acknowledgement", "2 jaar", "5 jaar"),
        (
            "ESCALATION_UNANSWERED_TERM",
            "workdays(5)",
            "workdays(6)",
            "escalation_unanswered",
            "5 werkdagen",
            "6 werkdagen",
        ),
    ] {
        let (published, settings) = shipped();
        let mut files = published.ruleset.source().files().clone();
        let terms = files.get_mut("00_terms.rhai").unwrap();
        let (before, after) = (format!("const {term} = {from};"), format!("const {term} = {to};"));
        assert!(terms.contains(&before), "{before}");
        *terms = terms.replace(&before, &after);
        let play = |files: std::collections::BTreeMap<String, String>, expected: &str| {
            let published = Published::load(RulesetSource::new(files), &settings).unwrap();
            let text = TERM_STORY.replace("MESSAGE", message).replace("EXPECTED", expected);
            let outcomes = scenario::play(published, &settings, &[("t".to_owned(), text)].into());
            outcomes[0].failure.clone().map(|why| why.en)
        };
        let shipped_files = published.ruleset.source().files().clone();
        assert_eq!(play(shipped_files, old), None, "{term}");
        assert_eq!(play(files, new), None, "{term}");
    }
}

const TERM_STORY: &str = r#"
scenario "s" {
  at("2026-11-23 10:00");
  let k = mail(#{ from: "jan@example.nl", name: "Jan", subject: "Klacht over parkeren in Utrecht",
    text: "Ik heb een klacht over het parkeren bij de training in Utrecht." });
  act(k, "behandelaar@lagant.nl", "escalate_complaint", #{ reason: "x" });
  at("2027-06-01 10:00");
  expect_letter(k, "MESSAGE", ["EXPECTED"]);
}
"#;

const NUMBERS: &[&str] = &[
    "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "veertien", "dertig",
    "zestig", "negentig", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "fourteen", "thirty", "sixty", "ninety",
];

/// No message writes a term that a parameter holds: numbers with units come from `terms`.
#[test]
fn messages_take_their_terms_from_the_parameters() {
    let (published, _) = shipped();
    let units = [
        "dag",
        "dagen",
        "week",
        "weken",
        "maand",
        "maanden",
        "werkdag",
        "werkdagen",
        "jaar",
        "day",
        "days",
        "weeks",
        "month",
        "months",
        "year",
        "years",
    ];
    for (language, message, text) in published.ruleset.source().messages() {
        let words: Vec<&str> = text.split_whitespace().collect();
        for pair in words.windows(2) {
            let number = pair[0].trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            let is_number = number.parse::<u32>().is_ok() || NUMBERS.contains(&number.as_str());
            let unit = pair[1].trim_matches(|c: char| !c.is_alphabetic());
            assert!(!(is_number && units.contains(&unit)), "{language}/{message}: {} {}", pair[0], pair[1]);
        }
    }
}

#[test]
fn own_fields_reach_forms_rules_messages_and_the_register() {
    let settings = Settings::parse(OWN_FIELDS, "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    let mut files = source.files().clone();
    files.insert("95_own.rhai".to_owned(), OWN_RULE.to_owned());
    for language in ["nl", "en"] {
        let text = "---\nsubject: Training {{ complaint.extra.training }}\n---\n{% if complaint.extra.given_on %}Op {{ complaint.extra.given_on|date }}.{% endif %}\n";
        files.insert(format!("messages/{language}/own_told.md"), text.to_owned());
    }
    let published = Published::load(RulesetSource::new(files.clone()), &settings);
    let published = published.unwrap_or_else(|found| panic!("{}", found[0]));
    let outcomes = scenario::play(published, &settings, &[("t".to_owned(), OWN_STORY.to_owned())].into());
    assert_eq!(outcomes[0].failure, None);
    // Without the declaration the same rules do not load, and say where to declare it.
    let plain = Settings::parse("", "redress.toml").unwrap();
    let found = Published::load(RulesetSource::new(files), &plain).unwrap_err();
    assert!(
        found[0].message.en.contains("`training` is not declared under [extra] in redress.toml"),
        "{}",
        found[0]
    );
}

const OWN_FIELDS: &str = r#"
[extra.training]
type = "choice"
options = ["Excel", "Word"]
nl = "Training"
en = "Course"

[extra.given_on]
type = "date"
nl = "Trainingsdatum"
en = "Date of the course"

[extra.remarks]
type = "text"
nl = "Opmerking"
en = "Remark"

[extra.participants]
type = "number"
nl = "Deelnemers"
en = "Participants"
"#;

const OWN_RULE: &str = r#"
rule "Excel-klachten ook naar de directeur"
  when complaint.is_open && complaint.extra.training == "Excel" && complaint.extra.participants > 10
  then { notify("director", "own_told"); }
"#;

const OWN_STORY: &str = r#"
scenario "s" {
  at("2026-11-23 10:00");
  let k = mail(#{ from: "jan@example.nl", name: "Jan", subject: "Klacht over parkeren in Utrecht",
    text: "Ik heb een klacht over het parkeren bij de training in Utrecht." });
  expect_notified(k, ["handler new_complaint", "complainant acknowledgement"]);
  refused(k, "behandelaar@lagant.nl", "record_facts", #{ training: "PowerPoint" }, "is one of Excel, Word");
  refused(k, "behandelaar@lagant.nl", "record_facts", #{ participants: "veel" }, "whole number");
  act(k, "behandelaar@lagant.nl", "record_facts", #{ training: "Excel", given_on: "2026-11-03", participants: 12, remarks: "x" });
  expect(k, "extra", #{ training: "Excel", given_on: "2026-11-03", participants: 12, remarks: "x" });
  expect_notified(k, ["director own_told"]);
  expect_letter(k, "own_told", ["Training Excel", "3 november 2026"]);
}
"#;
