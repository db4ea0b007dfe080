//! The words of the workbench: what stands in the way of a proposal, mistakes with their places, and differences.

use crate::complaint::Language;
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::web::page::Page;
use crate::web::texts::{counted, say};
use crate::workflow::{
    ChangeError, ChangeRefusal, Difference, DifferenceKind, Hunk, LineKind, ProposalError, UnreadyBecause,
};
use minijinja::context;
use minijinja::value::Value;

/// The lines of all differences that are shown on a page.
const LINES: usize = 3_000;

/// Returns what stands in the way, in words; none where the person can mend nothing.
pub(in crate::web) fn mistake(page: &Page, language: Language, error: &ProposalError) -> Option<String> {
    let word = |key: &str| say(language, key, &[]);
    Some(match error {
        ProposalError::Changed => word("proposal_changed"),
        ProposalError::FileChanged => word("proposal_file_changed"),
        ProposalError::Ended => word("proposal_ended"),
        ProposalError::UnderWay => word("proposal_under_way"),
        ProposalError::TooMany => word("proposal_too_many"),
        ProposalError::Name => word("proposal_name_wrong"),
        ProposalError::TooLarge => word("proposal_too_large"),
        ProposalError::Path => word("proposal_path_wrong"),
        ProposalError::Folder(why) => say(language, "proposal_folder_wrong", &[("why", why)]),
        ProposalError::Unready(because) => unready(language, because),
        ProposalError::Refused(ChangeError::Refused(why, _)) => refused(page, language, why),
        ProposalError::NotYours | ProposalError::Refused(_) | ProposalError::Workflow(_) => return None,
    })
}

/// Returns why a proposal cannot be published yet.
pub(in crate::web) fn unready(language: Language, because: &UnreadyBecause) -> String {
    let many = |key: &str, n: usize| {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        say(language, &counted(key, n), &[("n", &n.to_string())])
    };
    match because {
        UnreadyBecause::Nothing => say(language, "unready_nothing", &[]),
        UnreadyBecause::Behind => say(language, "unready_behind", &[]),
        UnreadyBecause::Mistakes(n) => many("unready_mistakes", *n),
        UnreadyBecause::NotPlayed => say(language, "unready_not_played", &[]),
        UnreadyBecause::Failing(n) => many("unready_failing", *n),
        UnreadyBecause::NotPlanned => say(language, "unready_not_planned", &[]),
        UnreadyBecause::AnotherPlan => say(language, "unready_another_plan", &[]),
    }
}

/// Returns why somebody may not change the rules, or not yet.
pub(in crate::web) fn refused(page: &Page, language: Language, why: &ChangeRefusal) -> String {
    match why {
        ChangeRefusal::Nobody | ChangeRefusal::Stranger | ChangeRefusal::Role => {
            say(language, "publish_not_yours", &[])
        }
        ChangeRefusal::NoReason => say(language, "publish_no_reason", &[]),
        ChangeRefusal::NotApproved(others) => {
            let settings = page.workflow.settings();
            let name = |email: &String| settings.people.find(email).map_or(email.clone(), |p| p.name.clone());
            let names: Vec<String> = others.iter().map(name).collect();
            match names.is_empty() {
                true => say(language, "publish_nobody_else", &[]),
                false => say(language, "publish_not_approved", &[("names", &names.join(", "))]),
            }
        }
    }
}

/// Returns a mistake with its place, which leads to its line in the file.
pub(super) fn diagnostic(language: Language, found: &Diagnostic) -> Value {
    let is_error = found.kind.severity == Severity::Error;
    let line = found.at.span.as_ref().map(|span| span.line);
    let remedy = found.remedy.as_ref().map(|remedy| remedy.in_language(language));
    context! {
        file => found.at.file, line, code => found.kind.code, is_error, says => found.message.in_language(language), remedy,
    }
}

/// Returns how folders differ, as a template shows it; what is more than a page holds is counted.
pub(super) fn differences(all: &[Difference]) -> Value {
    let mut left = LINES;
    let rows: Vec<Value> = all
        .iter()
        .map(|one| {
            let (new, gone) = one.counts();
            let kind = match one.kind {
                DifferenceKind::Added => "added",
                DifferenceKind::Removed => "removed",
                DifferenceKind::Changed => "changed",
            };
            let lines: usize = one.hunks.iter().map(|hunk| hunk.lines.len()).sum();
            let is_shown = lines <= left;
            left -= if is_shown { lines } else { 0 };
            let hunks = if is_shown { hunks(&one.hunks) } else { Vec::new() };
            context! { path => one.path, kind, new, gone, hunks, is_shown }
        })
        .collect();
    Value::from(rows)
}

/// Returns the places of a difference as a template shows them.
pub(super) fn hunks(hunks: &[Hunk]) -> Vec<Value> {
    let line = |(kind, text): &(LineKind, String)| {
        let kind = match kind {
            LineKind::Same => "same",
            LineKind::Gone => "gone",
            LineKind::New => "new",
        };
        context! { kind, text }
    };
    let hunk = |hunk: &Hunk| context! { line => hunk.line, lines => hunk.lines.iter().map(line).collect::<Vec<_>>() };
    hunks.iter().map(hunk).collect()
}
