//! What a report says of the survey: complaints by the day on which the question first went to their complainant, each once, by
//! the latest answer (docs/procedure.md 2.7). Where it never was on, a report says nothing of it.

use super::saying::Saying;
use crate::complaint::SurveyStep;
use crate::report::{Drawing, Figure, Row, Table, Unit};
use crate::store::Surveyed;

/// The table of which the mean is.
const TABLE: &str = "survey";

/// What became of the questions that went within a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Satisfaction {
    /// The complaints of which the question went.
    sent: i64,
    /// Those that answered, by step.
    steps: [i64; SurveyStep::COUNT],
}

impl Satisfaction {
    pub fn of(counted: &[Surveyed]) -> Self {
        let mut found = Self::default();
        for Surveyed { step, count, .. } in counted {
            found.sent += count;
            if let Some(step) = step.and_then(|step| SurveyStep::try_from(step).ok()) {
                found.steps[step.place()] += count;
            }
        }
        found
    }

    fn answered(&self) -> i64 {
        self.steps.iter().sum()
    }

    /// Returns the mean step in tenths, half up; none without an answer.
    fn mean(&self) -> Option<i64> {
        let sum: i64 = SurveyStep::ALL.iter().map(|step| step.number() * self.steps[step.place()]).sum();
        let answered = self.answered();
        (answered > 0).then(|| (sum * 10 + answered / 2) / answered)
    }
}

impl Saying<'_> {
    /// Returns whether a report speaks of it: while it is on, and of what was asked while it was.
    pub fn speaks_of_survey(&self, now: &Satisfaction, then: &Satisfaction) -> bool {
        self.procedure.survey_in_use().is_some() || now.sent > 0 || then.sent > 0
    }

    #[rustfmt::skip]
    pub fn survey_figures(&self, now: &Satisfaction, then: &Satisfaction) -> Vec<Figure> {
        let mean = self.figure(("survey_mean", "Gemiddelde tevredenheid", "Mean satisfaction", "Het gemiddelde van de antwoorden, van 1 (het minst tevreden) tot en met 5; van elke klacht telt het laatste.", "The mean of the answers, from 1 (the least satisfied) to 5; of each complaint the latest counts."), now.mean(), Some(now.answered()), then.mean(), None);
        vec![
            self.figure(("survey_sent", "Gevraagd hoe tevreden", "Asked how satisfied", "Klachten waarvan de eerste brief met de vraag in de periode is verstuurd en niet is teruggekomen, wanneer zij ook binnenkwamen; elk één keer.", "Complaints of which the first letter with the question went within the period and did not come back, whenever they came in; each once."), Some(now.sent), None, Some(then.sent), None),
            self.figure(("survey_answered", "Geantwoord", "Answered", "Klachten waarvan de vraag is beantwoord, tot op de dag van dit verslag, van die waarvan zij in de periode is gesteld.", "Complaints of which the question was answered, up to the day of this report, of those of which it was asked within the period."), Some(now.answered()), Some(now.sent), Some(then.answered()), None),
            Figure { unit: Unit::Steps, sums_up: Some(TABLE.to_owned()), ..mean },
        ]
    }

    pub fn survey_table(&self, now: &Satisfaction, then: &Satisfaction) -> Table {
        let said = (
            TABLE,
            "Tevreden over de behandeling",
            "Satisfied with the handling",
            "Het laatste antwoord van elke klacht waarvan de eerste brief met de vraag in de periode is verstuurd, van alle antwoorden.",
            "The latest answer of each complaint of which the first letter with the question went within the period, of all answers.",
        );
        let row = |step: SurveyStep| {
            let words = self.procedure.survey.as_ref().map(|survey| survey.step(step, self.language));
            let label = words.map_or_else(|| step.to_string(), |words| format!("{step}: {words}"));
            Row { label, counts: [now, then].map(|of| Some(of.steps[step.place()])).into() }
        };
        let rows = SurveyStep::ALL.map(row).into();
        self.table(said, ("Antwoord", "Answer"), rows, Some(now.answered()), Drawing::Lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_of_those_that_answered() {
        let counted = |rows: &[(Option<i64>, i64)]| {
            Satisfaction::of(
                &rows
                    .iter()
                    .map(|(step, count)| Surveyed { is_earlier: false, step: *step, count: *count })
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(counted(&[]).mean(), None);
        assert_eq!(counted(&[(None, 7)]).mean(), None);
        let some = counted(&[(None, 7), (Some(1), 1), (Some(4), 2), (Some(5), 1)]);
        assert_eq!((some.sent, some.answered(), some.mean()), (11, 4, Some(35)));
        assert_eq!(counted(&[(Some(1), 2), (Some(2), 1)]).mean(), Some(13), "1.33");
        assert_eq!(counted(&[(Some(1), 1), (Some(2), 2)]).mean(), Some(17), "1.67");
        assert_eq!(counted(&[(Some(9), 2)]).answered(), 0, "what is no step is no answer");
    }
}
