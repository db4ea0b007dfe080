//! The shapes of proposals, files and what is found of them.

use crate::complaint::{Language, Text};
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::web::api::shapes::At;
use crate::workflow::{Difference as OfFolders, DifferenceKind, Hunk as OfHunk, LineKind, Proposal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text in both languages.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct BothWords {
    pub nl: String,
    pub en: String,
}

impl From<&Text> for BothWords {
    fn from(text: &Text) -> Self {
        Self { nl: text.nl.to_string(), en: text.en.to_string() }
    }
}

/// A place in a file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Written {
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
}

/// A mistake in a rules folder, or what is probably not meant.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleMistake {
    #[serde(flatten)]
    pub at: Written,
    /// By which the documents name it.
    pub code: String,
    /// Whether it keeps the folder from coming in force.
    pub is_error: bool,
    pub says: String,
    /// What mends it.
    pub remedy: Option<String>,
}

impl RuleMistake {
    pub fn of(found: &Diagnostic, language: Language) -> Self {
        let said = |text: &Text| text.in_language(language).to_owned();
        Self {
            at: Written { file: found.at.file.clone(), line: found.at.span.as_ref().map(|span| span.line) },
            code: found.kind.code.to_string(),
            is_error: found.kind.severity == Severity::Error,
            says: said(&found.message),
            remedy: found.remedy.as_ref().map(said),
        }
    }
}

/// A line of a difference.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DifferentLine {
    /// `same`, `gone` or `new`.
    pub kind: &'static str,
    pub text: String,
}

/// A place at which a file differs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Hunk {
    /// The number of its first line as it is now.
    pub line: usize,
    pub lines: Vec<DifferentLine>,
}

/// Returns the places of a difference.
pub(super) fn hunks(hunks: &[OfHunk]) -> Vec<Hunk> {
    let line = |(kind, text): &(LineKind, String)| DifferentLine {
        kind: match kind {
            LineKind::Same => "same",
            LineKind::Gone => "gone",
            LineKind::New => "new",
        },
        text: text.clone(),
    };
    hunks.iter().map(|hunk| Hunk { line: hunk.line, lines: hunk.lines.iter().map(line).collect() }).collect()
}

/// A file that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Difference {
    pub path: String,
    /// `added`, `removed` or `changed`.
    pub kind: &'static str,
    pub hunks: Vec<Hunk>,
}

impl Difference {
    /// Returns how folders differ, file by file.
    pub fn all(all: &[OfFolders]) -> Vec<Self> {
        let one = |one: &OfFolders| Self {
            path: one.path.clone(),
            kind: match one.kind {
                DifferenceKind::Added => "added",
                DifferenceKind::Removed => "removed",
                DifferenceKind::Changed => "changed",
            },
            hunks: hunks(&one.hunks),
        };
        all.iter().map(one).collect()
    }
}

/// A proposal in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProposalSummary {
    pub id: i64,
    pub name: String,
    /// The address of who alone changes it.
    pub owner: String,
    /// `open`, `published` or `withdrawn`.
    pub state: String,
    /// The number of changes of its texts; the ETag.
    pub version: i64,
    pub begun_at: At,
    pub changed_at: At,
    /// Where it is read.
    pub path: String,
}

impl ProposalSummary {
    pub fn of(p: &Proposal) -> Self {
        Self {
            id: p.id,
            name: p.name.clone(),
            owner: p.owner.clone(),
            state: p.state.to_string(),
            version: p.version,
            begun_at: At(p.begun_at),
            changed_at: At(p.changed_at),
            path: format!("/api/v1/proposals/{}", p.id),
        }
    }
}

/// The proposals.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProposalList {
    /// Those that are worked on, last changed first.
    pub open: Vec<ProposalSummary>,
    /// The last ones that came in force or were withdrawn.
    pub ended: Vec<ProposalSummary>,
    /// The files that the server's rules folder has other than what is in force, for who may change the rules.
    pub edited_on_disk: Vec<String>,
}

/// What a proposal begins with: nothing of these is what is in force.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ProposalStart {
    /// What was in force once, by the number of the publication.
    #[serde(default)]
    pub publication: Option<i64>,
    /// What another proposal comes to.
    #[serde(default)]
    pub proposal: Option<i64>,
    /// What the rules folder of the server holds.
    #[serde(default)]
    pub folder: Option<bool>,
}

/// A proposal that is to be begun.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProposalWish {
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
    #[serde(default)]
    pub from: Option<ProposalStart>,
}

/// Another name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NameWish {
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
}

/// Whether a proposal is worked on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StandWish {
    pub state: Stands,
}

/// Whether a proposal is worked on.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Stands {
    Open,
    Withdrawn,
}

/// A trial of a proposal, in short.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TrialSummary {
    pub at: At,
    /// Whether it was one of the proposal as it is now.
    pub is_current: bool,
    /// Where what it found is read.
    pub path: String,
}

/// A file of a folder.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileSummary {
    pub path: String,
    /// Whether it differs from what the proposal began with.
    pub is_changed: bool,
}

/// A proposal with what is found of it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProposalDetails {
    #[serde(flatten)]
    pub summary: ProposalSummary,
    /// Whether another ruleset came in force since it began.
    pub is_behind: bool,
    /// Whether the person of the key may change it.
    pub is_mine: bool,
    /// Whether the person of the key may approve it.
    pub may_approve: bool,
    /// Whether another than its owner must approve it first.
    pub four_eyes: bool,
    /// The addresses of who approved it with its plan as it is.
    pub approvers: Vec<String>,
    /// Why its owner cannot publish it yet, also who must approve it first; null where nothing but a reason is missing.
    pub unready: Option<String>,
    /// The digest of its plan, by which it is approved and published; null where it was not planned as it is now.
    pub plan: Option<String>,
    pub scenarios: Option<TrialSummary>,
    pub planned: Option<TrialSummary>,
    pub files: Vec<FileSummary>,
    pub differences: Vec<Difference>,
    pub mistakes: Vec<RuleMistake>,
}

/// The text of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleFile {
    pub path: String,
    /// Null where the proposal leaves it out.
    pub text: Option<String>,
    /// Its text where the proposal began; null where it was not there, and for what is in force.
    pub before: Option<String>,
    pub mistakes: Vec<RuleMistake>,
}

/// The files of a folder.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RuleFiles {
    pub files: Vec<FileSummary>,
}

/// Another text of a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TextWish {
    /// At most 1 MiB.
    pub text: String,
}

/// A plan that is to be made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanWish {
    /// Whether rules that hold already are to be taken for fired.
    #[serde(default)]
    pub adopt: bool,
}

/// Approving or publishing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishWish {
    /// The digest of the plan that was looked at.
    pub plan: String,
    /// The reason, in words.
    pub reason: String,
}

/// Which text of each file stands in which both change the same.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CatchUpWish {
    /// By the path of the file.
    #[serde(default)]
    pub stands: BTreeMap<String, WhichStands>,
}

/// Which text stands.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum WhichStands {
    Mine,
    Theirs,
}

/// Work on a proposal.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Work {
    /// `scenarios`, `plan` or `publication`.
    pub doing: &'static str,
    /// `underWay`, `done` or `failed`.
    pub state: &'static str,
    /// How many are done, and of how many; of nought before it has begun.
    pub done: usize,
    pub all: usize,
    /// Why it failed, in words.
    pub why: Option<String>,
    /// Where what it led to is read, once it is done; until then this.
    pub path: String,
}
