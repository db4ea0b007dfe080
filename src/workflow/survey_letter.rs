//! `SurveyInLetter`: the question of the survey as it stands in a letter to the complainant.

use super::survey_link::SurveyLink;
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, Language, Notification, Recipient};
use crate::config::Settings;
use crate::rules::Procedure;
use crate::store::AuditKey;
use chrono::Days;

/// The question as it stands in one letter.
#[derive(Clone, Debug)]
pub(super) struct SurveyInLetter {
    pub question: String,
    /// What stands for the link until the letter goes.
    pub link: String,
    /// The last day on which it is taken.
    pub until: Date,
}

impl SurveyInLetter {
    /// Returns it as a letter carries it that is written at a moment; none where it carries none.
    pub fn of(
        (procedure, settings, key): (&Procedure, &Settings, &AuditKey),
        n: &Notification,
        complaint: Option<&Complaint>,
        (language, now): (Language, Moment),
    ) -> Option<Self> {
        let survey = procedure.survey_of(&n.message)?;
        let complaint = complaint.filter(|_| n.recipient == Recipient::Complainant)?;
        // A link that nobody can follow is none.
        settings.web.public_base()?;
        let until = settings.calendar.day_of(now).ok()?.checked_add_days(Days::new(survey.days.count()))?;
        let link = SurveyLink::of(complaint, until, language, key).mark(key);
        Some(Self { question: survey.question.in_language(language).to_owned(), link, until })
    }
}
