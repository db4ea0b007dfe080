//! How evaluations fail: interruptions, refusals and faults, and undoing what a failed body did.

use crate::complaint::{Fault, FaultKind, Source};
use crate::rules::decide::settle::{Abort, Settling};
use crate::rules::language::limits::{self, Stop};
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words::context::{Eval, Failure, Need, Refused, Working};
use rhai::{EvalAltResult, Position};

/// How an evaluation failed.
pub(in crate::rules) enum Failed {
    Abort(Abort),
    Refused(String),
    Fault(Fault),
}

impl Settling<'_, '_, '_, '_, '_, '_, '_> {
    pub fn failed(&self, source: Source, file: &str, failure: Failure) -> Failed {
        let (inner, file, position) = locate(&self.ruleset, file, &failure);
        let (kind, text) = match inner {
            EvalAltResult::ErrorRuntime(value, _) => {
                if let Some(need) = value.clone().try_cast::<Need>() {
                    return Failed::Abort(Abort::Need(need));
                }
                if let Some(refused) = value.clone().try_cast::<Refused>() {
                    return Failed::Refused(refused.0);
                }
                (FaultKind::Script, value.to_string())
            }
            EvalAltResult::ErrorTerminated(token, _) => match token.clone().try_cast::<Stop>() {
                Some(Stop::Cancelled) => return Failed::Abort(Abort::Cancelled),
                _ => (FaultKind::Limit, format!("stopped after {} operations", limits::OPERATIONS)),
            },
            EvalAltResult::ErrorTooManyOperations(_)
            | EvalAltResult::ErrorTooManyVariables(_)
            | EvalAltResult::ErrorStackOverflow(_)
            | EvalAltResult::ErrorDataTooLarge(..) => (FaultKind::Limit, without_position(inner)),
            other => (FaultKind::Script, without_position(other)),
        };
        let ruleset = self.ruleset.hash().to_owned();
        Failed::Fault(Fault { source, ruleset, kind, place: place(&file, position), text })
    }
}

fn without_position(error: &EvalAltResult) -> String {
    let text = error.to_string();
    match text.rfind(" (line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// The innermost error, with the file of the function it arose in.
fn locate<'e>(
    ruleset: &Ruleset,
    file: &str,
    error: &'e EvalAltResult,
) -> (&'e EvalAltResult, String, Position) {
    let mut file = file.to_owned();
    let mut error = error;
    while let EvalAltResult::ErrorInFunctionCall(name, _, inner, _) = error {
        if let Some(other) = ruleset.file_of_function(name) {
            file = other.to_owned();
        }
        error = inner;
    }
    (error, file, error.position())
}

pub(in crate::rules) fn place(file: &str, position: Position) -> String {
    match (position.line(), position.position()) {
        (Some(line), Some(column)) => format!("rules/{file}:{line}:{column}"),
        _ => format!("rules/{file}"),
    }
}

/// The part of the working copy that a failed body must not have changed.
pub(in crate::rules) struct Snapshot {
    complaint: crate::complaint::Complaint,
    deadlines: Vec<crate::complaint::Deadline>,
    related: Vec<crate::complaint::Related>,
    events: usize,
    pub notifications: usize,
    retired: usize,
}

impl Snapshot {
    pub fn take(eval: &Eval) -> Self {
        let working: &Working = &eval.working();
        Self {
            complaint: working.case.complaint.clone(),
            deadlines: working.case.deadlines.clone(),
            related: working.case.related.clone(),
            events: working.events.len(),
            notifications: working.notifications.len(),
            retired: working.retired.len(),
        }
    }

    pub fn restore(self, eval: &Eval) {
        let mut working = eval.working();
        working.case.complaint = self.complaint;
        working.case.deadlines = self.deadlines;
        working.case.related = self.related;
        working.events.truncate(self.events);
        working.notifications.truncate(self.notifications);
        working.retired.truncate(self.retired);
        working.performs.clear();
    }
}
