//! What `procedure.toml`, `clauses.toml` and `tests/organisation.toml` name, by the parser that loads them; what is broken in
//! them is left out, and the rest stays known.

use super::symbol::{Mention, Role, Symbol};
use crate::rules::procedure::amount::Amount;
use crate::rules::words::vocabulary::Vocabulary;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The sections of `procedure.toml` that declare names.
pub(super) const SECTIONS: &[(&str, Vocabulary)] = &[
    ("states", Vocabulary::State),
    ("roles", Vocabulary::Role),
    ("deadlines", Vocabulary::Deadline),
    ("flags", Vocabulary::Flag),
    ("counters", Vocabulary::Counter),
    ("verdicts", Vocabulary::Verdict),
    ("grounds", Vocabulary::Ground),
    ("agreements", Vocabulary::Agreement),
    ("escalations", Vocabulary::Escalation),
    ("causes", Vocabulary::Cause),
    ("measures", Vocabulary::Measure),
];

/// Keys whose text is a name, wherever they stand in `procedure.toml`.
const REFERENCES: &[(&str, Vocabulary)] = &[
    ("initial", Vocabulary::State),
    ("faults_to", Vocabulary::Role),
    ("plugin_alarms_to", Vocabulary::Role),
    ("reports_concluded_by", Vocabulary::Role),
    ("reports_go_to", Vocabulary::Role),
    ("recommendations_kept_by", Vocabulary::Role),
    ("rules_published_by", Vocabulary::Role),
    ("rules_approved_by", Vocabulary::Role),
    ("absences_kept_by", Vocabulary::Role),
    ("accounts_kept_by", Vocabulary::Role),
    ("asked_by", Vocabulary::Message),
    ("actions", Vocabulary::Action),
    ("states", Vocabulary::State),
    ("alarms", Vocabulary::Role),
    ("stands_in", Vocabulary::Role),
    ("until", Vocabulary::Deadline),
];

/// Makes the symbol of a name.
type Named = fn(String) -> Symbol;

/// The keys of a clause whose texts are names.
const CLAUSE: &[(&str, Named)] = &[
    ("rules", Symbol::Working),
    ("messages", |name| Symbol::Name(Vocabulary::Message, name)),
    ("deadlines", |name| Symbol::Name(Vocabulary::Deadline, name)),
    ("scenarios", Symbol::Scenario),
];

/// Returns the vocabulary of the names that a key of `procedure.toml` takes.
pub(super) fn referred(key: &str) -> Option<Vocabulary> {
    REFERENCES.iter().find(|(name, _)| *name == key).map(|(_, vocabulary)| *vocabulary)
}

/// Returns what `procedure.toml` names.
pub(super) fn of_procedure(text: &str) -> Vec<Mention> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut found = Vec::new();
    for (key, value) in table.get_ref() {
        let section = SECTIONS.iter().find(|(name, _)| *name == key.get_ref().as_ref());
        if let (Some((_, vocabulary)), DeValue::Table(names)) = (section, value.get_ref()) {
            for (name, declared) in names {
                let symbol = Symbol::Name(*vocabulary, name.get_ref().to_string());
                found.push(Mention { symbol, range: unquoted(text, name.span()), role: Role::Declares });
                references(text, declared.get_ref(), &mut found);
            }
        } else if key.get_ref().as_ref() == "digest" {
            times(text, value.get_ref(), &mut found);
        } else if let ("decisions", DeValue::Array(decisions)) = (key.get_ref().as_ref(), value.get_ref()) {
            decisions.iter().for_each(|decision| references(text, decision.get_ref(), &mut found));
        } else if let ("terms", DeValue::Array(groups)) = (key.get_ref().as_ref(), value.get_ref()) {
            groups.iter().for_each(|group| terms(text, group.get_ref(), &mut found));
        } else {
            reference(text, key.get_ref().as_ref(), value, &mut found);
        }
    }
    found.sort_by_key(|m| m.range.start);
    found
}

/// Finds the terms of the rules that a group has words for, and those that are bounds of others.
fn terms(text: &str, group: &DeValue, found: &mut Vec<Mention>) {
    let DeValue::Table(group) = group else { return };
    let Some(DeValue::Table(terms)) = group.get("of").map(Spanned::get_ref) else { return };
    for (name, term) in terms {
        let symbol = Symbol::Constant(name.get_ref().to_string());
        found.push(Mention::uses(symbol, unquoted(text, name.span())));
        let DeValue::Table(term) = term.get_ref() else { continue };
        for bound in ["min", "max"].iter().filter_map(|key| term.get(*key)) {
            let named = texts(text, bound).into_iter().filter(|(name, _)| Amount::read(name).is_none());
            found.extend(named.map(|(name, range)| Mention::uses(Symbol::Constant(name), range)));
        }
    }
}

/// Finds the terms of the rules that stand for the times under `[digest]`.
fn times(text: &str, digest: &DeValue, found: &mut Vec<Mention>) {
    let DeValue::Table(digest) = digest else { return };
    for time in ["at", "working_hours"].iter().filter_map(|key| digest.get(*key)) {
        let named = texts(text, time).into_iter().filter(|(name, _)| !name.contains(':'));
        found.extend(named.map(|(name, range)| Mention::uses(Symbol::Constant(name), range)));
    }
}

fn references(text: &str, value: &DeValue, found: &mut Vec<Mention>) {
    let DeValue::Table(table) = value else { return };
    for (key, value) in table {
        reference(text, key.get_ref().as_ref(), value, found);
        // `takes_mail = { until = "…" }`
        references(text, value.get_ref(), found);
    }
}

fn reference(text: &str, key: &str, value: &Spanned<DeValue>, found: &mut Vec<Mention>) {
    let Some(vocabulary) = referred(key) else { return };
    for (name, range) in texts(text, value) {
        found.push(Mention::uses(Symbol::Name(vocabulary, name), range));
    }
}

/// Returns what `clauses.toml` names.
pub(super) fn of_clauses(text: &str) -> Vec<Mention> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut found = Vec::new();
    let Some(DeValue::Array(clauses)) = table.get_ref().get("clause").map(Spanned::get_ref) else {
        return found;
    };
    for clause in clauses {
        let DeValue::Table(clause) = clause.get_ref() else { continue };
        for (key, symbol) in CLAUSE {
            let Some(names) = clause.get(*key) else { continue };
            found.extend(texts(text, names).into_iter().map(|(name, at)| Mention::uses(symbol(name), at)));
        }
    }
    found.sort_by_key(|m| m.range.start);
    found
}

/// Returns what the organisation of the scenarios names: the roles of its people, and the terms that name somebody.
pub(super) fn of_organisation(text: &str) -> Vec<Mention> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut found = Vec::new();
    if let Some(DeValue::Array(people)) = table.get_ref().get("people").map(Spanned::get_ref) {
        found.extend(roles(text, people));
    }
    if let Some(DeValue::Table(terms)) = table.get_ref().get("terms").map(Spanned::get_ref) {
        let named = terms.keys().map(|name| (name.get_ref().to_string(), unquoted(text, name.span())));
        found.extend(named.map(|(name, range)| Mention::uses(Symbol::Constant(name), range)));
    }
    found.sort_by_key(|m| m.range.start);
    found
}

fn roles(text: &str, people: &[Spanned<DeValue>]) -> Vec<Mention> {
    let roles = people.iter().filter_map(|person| match person.get_ref() {
        DeValue::Table(person) => person.get("roles"),
        _ => None,
    });
    let named = roles.flat_map(|roles| texts(text, roles));
    named.map(|(name, range)| Mention::uses(Symbol::Name(Vocabulary::Role, name), range)).collect()
}

/// Returns a text, or the texts of a list, with their places.
fn texts(text: &str, value: &Spanned<DeValue>) -> Vec<(String, Range<usize>)> {
    match value.get_ref() {
        DeValue::String(found) => vec![(found.to_string(), unquoted(text, value.span()))],
        DeValue::Array(items) => items.iter().flat_map(|item| texts(text, item)).collect(),
        _ => Vec::new(),
    }
}

/// Returns the place without the quotes.
fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let written = text.get(range.clone()).unwrap_or_default();
    match written.chars().next() {
        Some(quote @ ('"' | '\'')) if written.len() > 1 && written.ends_with(quote) => {
            range.start + 1..range.end - 1
        }
        _ => range,
    }
}
