//! The closed world: what every check of a ruleset finds, by place.

use super::bodies::bodies;
use super::world::Checked;
use super::{assignments, calls, clock, comparisons, messages, names, properties, statements};
use crate::rules::diagnostics::Diagnostic;

/// Returns every mistake that can be seen without running anything.
pub(in crate::rules) fn check(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    names::functions(checked, &mut found);
    names::of_files(checked, &mut found);
    statements::check(checked, &mut found);
    messages::check(checked, &mut found);
    for body in bodies(checked) {
        names::check(checked, &body, &mut found);
        clock::check(&body, &mut found);
        calls::check(checked, &body, &mut found);
        comparisons::check(&body, &mut found);
        assignments::check(checked, &body, &mut found);
        properties::check(checked, &body, &mut found);
    }
    found
}
