//! Roles that are told something, held against who there is.

use crate::complaint::{Recipient, Role};
use crate::rules::diagnostics::kinds::unfilled_role;
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::observe::call_sites::notify_sites;
use crate::rules::procedure::declared::FILE;
use crate::rules::ruleset::loaded::Ruleset;
use std::collections::BTreeSet;

/// Returns a warning for each role that is told something and that nobody has or stands in for. None when nobody has any
/// role of this procedure: then the people are another organisation's.
pub fn unfilled_roles(ruleset: &Ruleset, is_held: &dyn Fn(&Role) -> bool) -> Vec<Diagnostic> {
    let procedure = &ruleset.procedure;
    let is_filled = |role: &Role| is_held(role) || procedure.roles.get(role).is_some_and(|r| r.everybody);
    if !procedure.roles.keys().any(is_held) {
        return Vec::new();
    }
    let mut told: BTreeSet<Role> = procedure.deadlines.values().flat_map(|d| d.alarms.clone()).collect();
    told.insert(procedure.faults_to.clone());
    told.extend(procedure.reports_go_to.iter().cloned());
    told.extend(notify_sites(ruleset).into_iter().filter_map(|site| match site.recipient {
        Some(Recipient::Role(role)) => Some(role),
        _ => None,
    }));
    let is_reached = |role: &Role| {
        let mut next = Some(role.clone());
        // As many steps as there are roles: a circle of stand-ins ends.
        for _ in 0..=procedure.roles.len() {
            let Some(role) = next else { break };
            if is_filled(&role) {
                return true;
            }
            next = procedure.roles.get(&role).and_then(|r| r.stands_in.clone());
        }
        false
    };
    let text = ruleset.source().files().get(FILE).map(String::as_str).unwrap_or_default();
    let unfilled = told.iter().filter(|role| procedure.roles.contains_key(*role) && !is_reached(role));
    unfilled
        .map(|role| {
            unfilled_role::report(Location::first(FILE, text, &format!("roles.{role}")), role.as_str())
        })
        .collect()
}
