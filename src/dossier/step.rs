//! `Step`: one event of the trail with its reason, as a reader finds it on the page and a program in `timeline.json`.

use super::link::Link;
use super::said::Said;
use crate::complaint::{Text, Words};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The file of a dossier that holds its steps, one a line within a JSON list.
pub const TIMELINE: &str = "timeline.json";

/// A sentence of the company's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its row in the text.
    pub row: u32,
    /// What it says.
    pub text: String,
}

/// A rule, action or schedule as it was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRef {
    /// Its name, or the id of an action.
    pub name: String,
    /// What people read of it.
    pub title: String,
    /// The file of the ruleset in which it stands.
    pub file: String,
    /// The line there.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// The publication of rules under which it applied; none where that is not known.
    pub publication: Option<i64>,
    /// The sentences of the company's text that it carries out.
    pub sentences: Vec<Sentence>,
}

/// Why something happened.
#[derive(Clone, Debug, Default)]
pub struct Reason {
    /// In words: a rule, an action of somebody, a mail, the program itself.
    pub words: String,
    /// The rule behind it, where there is one and it is known.
    pub rule: Option<RuleRef>,
    /// The step of the same decision from which it follows, where that gives the reason.
    pub as_in: Option<u64>,
    /// What held at that moment, as the rule reads it.
    pub because: Vec<String>,
}

/// What an event tells beside its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// What it changed.
    Changes,
    /// What somebody filled in.
    Answers,
    /// What belongs to it.
    Facts,
}

impl Tells {
    pub(super) fn words(self) -> Words {
        match self {
            Self::Changes => Said::CHANGED,
            Self::Answers => Said::ANSWERS,
            Self::Facts => Said::EVENT_FACTS,
        }
    }
}

/// One event with its reason.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its place in the dossier, from 1.
    pub number: u64,
    /// When it was, in words.
    pub when: String,
    /// The same as RFC 3339.
    pub at: String,
    /// What happened.
    pub words: Text,
    /// Who did it, in words; empty where it was nobody.
    pub who: String,
    /// Why.
    pub reason: Reason,
    /// What the next is.
    pub tells: Tells,
    /// What the event tells beside: names and values.
    pub told: Vec<(String, String)>,
    /// The event itself.
    pub link: Link,
}

/// The part of a step that a check reads.
#[derive(Debug, Deserialize)]
pub(super) struct WrittenStep {
    pub number: u64,
    pub mark: String,
    pub link: Link,
}

/// Returns a step as a line of `timeline.json`.
pub fn line(step: &Step, mark: &str) -> String {
    let rule = step.reason.rule.as_ref().map(|rule| {
        json!({
            "name": rule.name, "title": rule.title, "file": rule.file, "line": rule.line,
            "publication": rule.publication, "sentences": rule.sentences,
        })
    });
    let reason = json!({
        "words": step.reason.words, "rule": rule, "as_in_step": step.reason.as_in, "because": step.reason.because,
    });
    let told: Vec<_> = step.told.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let step = json!({
        "number": step.number, "at": step.at, "words": step.words, "who": step.who, "reason": reason,
        "told": told, "mark": mark, "link": step.link,
    });
    step.to_string()
}
