//! `EvalError`: how an evaluation fails: interrupted, refused, or by a fault of the script.

use crate::complaint::{Fault, FaultKind, Text, Words, spans_in_words};
use crate::rules::evaluate::work::{Work, place};
use crate::rules::language::run_error;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words::context::{Failure, Need, Refused};
use crate::script::meter::Stop;
use rhai::EvalAltResult;

/// The words for a rule, action or schedule that was stopped, which is the same wherever it happens.
const OVERSPENT: Words = Words::new(
    "gestopt: het kost meer werk dan voor één klacht mag; maak de lussen en lijsten korter",
    "stopped: it takes more work than it may for one complaint; make its loops and lists shorter",
);

/// The reason why an evaluation has no result.
#[derive(Debug)]
pub(in crate::rules) enum EvalError {
    /// Nobody's fault: it is done again.
    Interrupted(Interruption),
    /// An action refused, in words for the person who tried it.
    Refused(Text),
    /// The script failed.
    Fault(Box<Fault>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Interruption {
    /// Facts are missing that the caller can load.
    Need(Need),
    /// The batch was stopped by the wall clock.
    Cancelled,
}

impl EvalError {
    /// Reads what the interpreter failed with; a fault is laid at what was at work.
    pub fn of(ruleset: &Ruleset, work: Work<'_>, failure: &Failure) -> Self {
        let (inner, file) = innermost(ruleset, work.file(), failure);
        let (kind, text) = match inner {
            EvalAltResult::ErrorRuntime(value, _) => {
                if let Some(need) = value.clone().try_cast::<Need>() {
                    return Self::Interrupted(Interruption::Need(need));
                }
                if let Some(refused) = value.clone().try_cast::<Refused>() {
                    return Self::Refused(spans_in_words(&refused.0));
                }
                (FaultKind::Script, run_error::worded(inner))
            }
            EvalAltResult::ErrorTerminated(token, _) => match token.clone().try_cast::<Stop>() {
                Some(Stop::Cancelled) => return Self::Interrupted(Interruption::Cancelled),
                _ => (FaultKind::Limit, OVERSPENT.into()),
            },
            EvalAltResult::ErrorTooManyOperations(_)
            | EvalAltResult::ErrorTooManyVariables(_)
            | EvalAltResult::ErrorStackOverflow(_)
            | EvalAltResult::ErrorDataTooLarge(..) => (FaultKind::Limit, run_error::worded(inner)),
            other => (FaultKind::Script, run_error::worded(other)),
        };
        let (source, place) = (work.source(), place(file, inner.position()));
        Self::Fault(Box::new(Fault { source, ruleset: ruleset.hash().to_owned(), kind, place, text }))
    }
}

/// Returns the innermost error, with the file of the function it arose in.
fn innermost<'e>(
    ruleset: &'e Ruleset,
    file: &'e str,
    error: &'e EvalAltResult,
) -> (&'e EvalAltResult, &'e str) {
    let (mut error, mut file) = (error, file);
    while let EvalAltResult::ErrorInFunctionCall(name, _, inner, _) = error {
        file = ruleset.file_of_function(name).unwrap_or(file);
        error = inner;
    }
    (error, file)
}
