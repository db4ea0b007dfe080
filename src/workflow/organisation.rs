//! The organisation that the scenarios play in: rules are tried on the same people whoever works here.

use crate::config::Settings;
use crate::rules::diagnostics::kinds::scenario_organisation;
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::{ORGANISATION, Ruleset};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Scenarios with the organisation they play in, by path.
type Files = BTreeMap<String, String>;

/// The head of the last section of the file: the terms that hold somebody's address, and what the scenarios call whom
/// each of them names.
const TERMS: &str = "\n[terms]\n";

/// Returns the settings that scenarios play with: those of `tests/organisation.toml`, with the installation's own fields;
/// without that file the installation's.
pub(super) fn of_scenarios(files: &Files, settings: &Settings) -> Result<Settings, Box<Diagnostic>> {
    let Some(text) = files.get(ORGANISATION) else { return Ok(settings.clone()) };
    let (people, terms) = parts(text);
    let read = Settings::parse(people, ORGANISATION).map_err(|e| {
        let line = e.place.rsplit_once(':').and_then(|(_, line)| line.parse().ok());
        wrong(text, line, &e.why, &e.remedy)
    })?;
    called(text, terms)?;
    Ok(Settings { extra: settings.extra.clone(), ..read })
}

/// Returns the scenarios as they are played on a ruleset: where they name somebody whose address a term holds, stands the
/// address that the term has there.
pub(super) fn on_ruleset<'f>(files: &'f Files, ruleset: &Ruleset) -> Result<Cow<'f, Files>, Box<Diagnostic>> {
    let Some(text) = files.get(ORGANISATION) else { return Ok(Cow::Borrowed(files)) };
    let (values, mut played) = (ruleset.terms(), Cow::Borrowed(files));
    for (term, address) in called(text, parts(text).1)? {
        let held = values.get(&term).and_then(|value| value.as_str()).ok_or_else(|| {
            let line = text.lines().position(|line| line.starts_with(&term)).map(|at| at + 1);
            Box::new(scenario_organisation::report_term(place(text, line), &term))
        })?;
        if held != address && !held.is_empty() {
            played.to_mut().values_mut().for_each(|file| *file = exchanged(file, &address, held));
        }
    }
    Ok(played)
}

/// Returns what the scenarios call whom a term of the ruleset names, by the address that the term holds.
pub(super) fn called_by_terms(
    files: &Files,
    ruleset: &Ruleset,
) -> Result<BTreeMap<String, String>, Box<Diagnostic>> {
    let values = ruleset.terms();
    let Some(text) = files.get(ORGANISATION) else {
        // They play in this organisation itself, where the rules name them.
        let named = values.values().filter_map(|value| value.as_str()).filter(|text| text.contains('@'));
        return Ok(named.map(|address| (address.to_lowercase(), address.to_owned())).collect());
    };
    let held = |term: &String| Some(values.get(term)?.as_str()?.to_lowercase());
    let called = called(text, parts(text).1)?.into_iter();
    Ok(called.filter_map(|(term, address)| Some((held(&term)?, address))).collect())
}

/// Splits the file into what is written as redress.toml is, and the terms.
fn parts(text: &str) -> (&str, &str) {
    text.split_once(TERMS).unwrap_or((text, ""))
}

/// Returns what the scenarios call whom a term names, by term.
fn called(text: &str, terms: &str) -> Result<BTreeMap<String, String>, Box<Diagnostic>> {
    toml::from_str(terms).map_err(|e| {
        let line = text[..text.len() - terms.len()].lines().count()
            + terms[..e.span().map_or(0, |span| span.start)].matches('\n').count()
            + 1;
        wrong(text, Some(line), e.message(), "write a term and an address: NAME = \"x@example.nl\"")
    })
}

/// Exchanges two addresses, so that nobody becomes two people at once.
fn exchanged(file: &str, one: &str, other: &str) -> String {
    let goes_on = |c: char| c.is_alphanumeric() || c == '-';
    let mut written = String::with_capacity(file.len());
    let mut rest = file;
    while let Some(next) = rest.chars().next() {
        let is_within = written.ends_with(|c| goes_on(c) || "._+".contains(c));
        let found = [(one, other), (other, one)].into_iter().find(|(address, _)| {
            !is_within && rest.strip_prefix(address).is_some_and(|after| !after.starts_with(goes_on))
        });
        let length = found.map_or(next.len_utf8(), |(address, _)| address.len());
        written.push_str(found.map_or(&rest[..length], |(_, instead)| instead));
        rest = &rest[length..];
    }
    written
}

fn wrong(text: &str, line: Option<usize>, why: &str, remedy: &str) -> Box<Diagnostic> {
    Box::new(scenario_organisation::report(place(text, line), why, remedy))
}

fn place(text: &str, line: Option<usize>) -> Location {
    let whole = || Location::file(ORGANISATION);
    line.map_or_else(whole, |line| Location::line(ORGANISATION, text, line))
}

#[cfg(test)]
mod tests {
    use super::exchanged;

    #[test]
    fn two_addresses_are_exchanged_and_longer_ones_left() {
        let text = r#"act(k, "an@x.nl", ["an@x.nl told", "jan@x.nl", "an@x.nlx"]); from: "wil@x.nl" "é"."#;
        let other = r#"act(k, "wil@x.nl", ["wil@x.nl told", "jan@x.nl", "an@x.nlx"]); from: "an@x.nl" "é"."#;
        assert_eq!(exchanged(text, "an@x.nl", "wil@x.nl"), other);
        assert_eq!(exchanged(other, "an@x.nl", "wil@x.nl"), text);
    }
}
