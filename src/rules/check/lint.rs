//! The closed world: what every check of a ruleset finds, by place.

use super::bodies::Body;
use super::world::Checked;
use super::{
    assignments, calls, clock, compared, comparisons, decisions, messages, names, needs, properties,
    statements, sums, survey, terms,
};
use crate::rules::diagnostics::Diagnostic;

/// Returns every mistake that can be seen without running anything.
pub(in crate::rules) fn check(checked: &Checked, bodies: &[Body]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    names::functions(checked, &mut found);
    names::of_files(checked, &mut found);
    statements::check(checked, &mut found);
    messages::check(checked, &mut found);
    compared::check(checked, &mut found);
    decisions::check(checked, &mut found);
    survey::check(checked, &mut found);
    terms::check(checked, &mut found);
    let elsewhere = names::Elsewhere::of(bodies);
    let mut kinds = Vec::new();
    for body in bodies {
        names::reach(body, &elsewhere, &mut kinds);
        properties::kinds(body, &mut kinds);
        sums::check(body, &mut kinds);
        needs::check(body, &mut kinds);
        calls::kinds(body, &mut kinds);
        assignments::kinds(body, &mut kinds);
        names::check(checked, body, &elsewhere, &mut found);
        clock::check(body, &mut found);
        calls::check(checked, body, &mut found);
        comparisons::check(body, &mut found);
        assignments::check(checked, body, &mut found);
        properties::check(checked, body, &mut found);
    }
    found.extend(kinds.into_iter().map(|f| f.told(checked)));
    found
}
