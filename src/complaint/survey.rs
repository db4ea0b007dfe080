//! `Survey`: the one question how satisfied a complainant is with the handling, as far as it was asked and answered.

use crate::calendar::{Date, Moment};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A step of satisfaction, from 1, the least, to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct SurveyStep(i64);

/// A number or text that is no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a step is a number from 1 to 5")]
pub struct NoStep;

impl SurveyStep {
    /// How many there are.
    pub const COUNT: usize = 5;
    /// All of them, the least first.
    pub const ALL: [Self; Self::COUNT] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// Returns its number.
    pub fn number(self) -> i64 {
        self.0
    }

    /// Returns its place among all, from 0.
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or_default()
    }
}

impl TryFrom<i64> for SurveyStep {
    type Error = NoStep;

    fn try_from(number: i64) -> Result<Self, NoStep> {
        Self::ALL.into_iter().find(|step| step.0 == number).ok_or(NoStep)
    }
}

impl From<SurveyStep> for i64 {
    fn from(step: SurveyStep) -> Self {
        step.0
    }
}

impl FromStr for SurveyStep {
    type Err = NoStep;

    /// Reads what a form hands over: one digit, and nothing that only counts as one.
    fn from_str(text: &str) -> Result<Self, NoStep> {
        Self::ALL.into_iter().find(|step| step.to_string() == text).ok_or(NoStep)
    }
}

impl fmt::Display for SurveyStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The answer that counts: the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyAnswer {
    /// The step that was chosen.
    pub step: SurveyStep,
    /// The moment.
    pub at: Moment,
}

/// What became of the question about one complaint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The local day on which the first letter with the question went; none while none has.
    #[serde(default)]
    pub sent_on: Option<Date>,
    /// The answer; none while there is none.
    #[serde(default)]
    pub answer: Option<SurveyAnswer>,
    /// How often an answer was given or changed.
    #[serde(default)]
    pub answers: u32,
}

impl Survey {
    /// The most answers that are taken for one complaint, so that a link fills no trail.
    const MOST: u32 = 20;

    /// Returns whether nothing was ever asked.
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether no further answer is taken.
    pub fn is_full(&self) -> bool {
        self.answers >= Self::MOST
    }

    /// Returns the step that was chosen last.
    pub fn step(&self) -> Option<SurveyStep> {
        self.answer.map(|answer| answer.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_digit_from_one_to_five() {
        assert_eq!(SurveyStep::ALL.map(SurveyStep::place), [0, 1, 2, 3, 4]);
        assert!(SurveyStep::ALL.iter().all(|step| step.to_string().parse() == Ok(*step)));
        for text in ["", "0", "6", "-1", "+1", "01", "1 ", "1.0", "１", "5e0", "99999999999999999999"] {
            assert_eq!(text.parse::<SurveyStep>(), Err(NoStep), "{text}");
        }
        assert!(
            serde_json::from_str::<SurveyStep>("9").is_err()
                && serde_json::from_str::<SurveyStep>("\"3\"").is_err()
        );
    }
}
