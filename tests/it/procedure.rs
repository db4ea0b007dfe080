//! The shipped procedure: its rules are sound and its scenarios hold.

use crate::support::repository;
use redress::config::Settings;
use redress::rules::RulesetSource;
use redress::workflow::{Published, scenario};

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

#[test]
fn every_message_is_sent_by_some_rule() {
    let (published, _) = shipped();
    let sites: Vec<String> = published.ruleset.notify_sites().into_iter().map(|s| s.message).collect();
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
