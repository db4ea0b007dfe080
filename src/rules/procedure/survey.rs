//! `SurveyDeclaration`: whether complainants are asked how satisfied they are with the handling, as `[survey]` declares it.

use super::label::Label;
use crate::complaint::{Language, MessageName, SurveyStep};
use serde::Deserialize;

/// The longest that a link may count.
const MOST_DAYS: u16 = 366;

/// The one question to complainants, the letters that carry it, and the words of its answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyDeclaration {
    /// True when it is asked.
    #[serde(default)]
    pub on: bool,
    /// The letters that carry it.
    pub letters: Vec<MessageName>,
    /// The days for which an answer is taken after the letter was written.
    #[serde(default)]
    pub days: SurveyDays,
    /// The question.
    pub question: Label,
    /// The words of each step, the least first.
    pub steps: [Label; SurveyStep::COUNT],
}

/// The days for which an answer is taken: a year at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub struct SurveyDays(u16);

impl Default for SurveyDays {
    fn default() -> Self {
        Self(60)
    }
}

impl TryFrom<u16> for SurveyDays {
    type Error = String;

    fn try_from(days: u16) -> Result<Self, String> {
        let is_fit = (1..=MOST_DAYS).contains(&days);
        is_fit.then_some(Self(days)).ok_or_else(|| format!("invalid value: `days` is 1 to {MOST_DAYS}"))
    }
}

impl SurveyDays {
    /// Returns how many they are.
    pub fn count(self) -> u64 {
        u64::from(self.0)
    }
}

impl SurveyDeclaration {
    /// Returns the words of a step.
    pub fn step(&self, step: SurveyStep, language: Language) -> &str {
        self.steps[step.place()].in_language(language)
    }
}
