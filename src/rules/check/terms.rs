//! The terms that `[[terms]]` of `procedure.toml` has words and bounds for.

use super::world::Checked;
use crate::calendar::Span;
use crate::rules::diagnostics::kinds::{term_bound, term_out_of_bounds, unknown_term};
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::procedure::amount::{Amount, time_of_day};
use crate::rules::procedure::declared::FILE;
use crate::rules::procedure::terms::{TermBound, TermDeclaration};
use rhai::{Dynamic, Stmt};
use std::collections::BTreeSet;

/// Says which terms are not there, which bounds say nothing, and which values lie outside theirs.
pub(super) fn check(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for (name, declared, _) in checked.procedure.declared_terms() {
        let at = || declared_at(checked.source.text(FILE), name);
        match checked.constants.get(name) {
            None => found.push(unknown_term::report(at(), name, names(checked))),
            Some(_) if !seen.insert(name) => found.push(unknown_term::report_twice(at(), name)),
            // Of what cannot be evaluated something else is said.
            Some(value) if value.is_unit() => {}
            Some(value) => of_term(checked, name, declared, value, found),
        }
    }
}

fn names<'a>(checked: &Checked<'a>) -> impl Iterator<Item = &'a str> {
    checked.constants.keys().map(String::as_str)
}

fn of_term(
    checked: &Checked,
    name: &str,
    declared: &TermDeclaration,
    value: &Dynamic,
    found: &mut Vec<Diagnostic>,
) {
    let own = amount(value);
    let mut limit = |bound: &Option<TermBound>| resolved(checked, name, own, bound.as_ref()?, found);
    let (least, most) = (limit(&declared.min), limit(&declared.max));
    let Some(own) = own else { return };
    if let (Some(least), Some(most)) = (least, most)
        && least.is_within(most) == Some(false)
    {
        return found.push(term_bound::report_crossed(declared_at(checked.source.text(FILE), name), name));
    }
    if let Some(least) = least.filter(|least| least.is_within(own) == Some(false)) {
        found.push(term_out_of_bounds::report_below(defined_at(checked, name), name, &least.words()));
    }
    if let Some(most) = most.filter(|most| own.is_within(*most) == Some(false)) {
        found.push(term_out_of_bounds::report_above(defined_at(checked, name), name, &most.words()));
    }
}

/// Returns the amount of a bound; none where it says nothing of the value, which is told.
fn resolved(
    checked: &Checked,
    name: &str,
    own: Option<Amount>,
    bound: &TermBound,
    found: &mut Vec<Diagnostic>,
) -> Option<Amount> {
    let text = checked.source.text(FILE);
    let at = || {
        let quoted = Location::quoted(FILE, text, &bound.to_string());
        if quoted.span.is_some() { quoted } else { declared_at(text, name) }
    };
    let amount = match bound.term() {
        None => bound.amount(),
        Some(other) => match checked.constants.get(other) {
            None => {
                found.push(term_bound::report_unknown(at(), other, names(checked)));
                return None;
            }
            // Of what cannot be evaluated something else is said.
            Some(value) if value.is_unit() => return None,
            Some(value) => amount(value),
        },
    };
    let comparable = amount.zip(own).filter(|(amount, own)| amount.is_within(*own).is_some());
    if comparable.is_none() {
        found.push(term_bound::report_unlike(at(), name, &bound.to_string()));
    }
    comparable.map(|(amount, _)| amount)
}

/// Returns what a constant comes to; none where it cannot be more or less.
fn amount(value: &Dynamic) -> Option<Amount> {
    if let Ok(number) = value.as_int() {
        return Some(Amount::Number(number));
    }
    if let Some(span) = value.read_lock::<Span>() {
        return Some(Amount::of_span(*span));
    }
    time_of_day(&value.clone().into_string().ok()?).map(Amount::Time)
}

/// Returns where a script defines a term.
fn defined_at(checked: &Checked, name: &str) -> Location {
    for file in checked.files {
        for statement in file.ast.statements() {
            if let Stmt::Var(var, _, position) = statement
                && var.0.name == name
            {
                return checked.source.at(&file.name, *position);
            }
        }
    }
    Location::file(FILE)
}

/// Returns where `procedure.toml` declares a term: as a key, not where another bound names it.
fn declared_at(text: &str, name: &str) -> Location {
    let is_key = |at: &usize| {
        let before = text[..*at].chars().next_back();
        let after = text[at + name.len()..].trim_start().chars().next();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_') && matches!(after, Some('=' | '.' | ']'))
    };
    let found = text.match_indices(name).map(|(at, _)| at).find(is_key);
    found.map_or_else(|| Location::file(FILE), |at| Location::part(FILE, text, at, at + name.len()))
}
