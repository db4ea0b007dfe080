//! The survey: what is found behind its link, and answering it. Whoever has the link answers, also
//! about a complaint that is closed; it changes no state, and the latest answer counts.

use super::act::ActError;
use super::prepare::Job;
use super::settle::ATTEMPTS;
use super::survey_link::SurveyLink;
use super::{Workflow, WorkflowError};
use crate::calendar::Date;
use crate::complaint::{Case, Language, SurveyStep};
use crate::rules::{SurveyDeclaration, Trigger};
use std::sync::PoisonError;

/// The question as it is found behind a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyAsked {
    /// The language of the letter.
    pub language: Language,
    /// The question.
    pub question: String,
    /// The answers that there are, the least satisfied first, each with its words.
    pub steps: Vec<(SurveyStep, String)>,
    /// The answer that was given; none while there is none.
    pub answer: Option<SurveyStep>,
    /// The last day on which one is taken.
    pub until: Date,
}

/// The end of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SurveyEnd {
    /// It counts.
    Taken(SurveyAsked),
    /// It was answered too often, or too much is answered by everybody; nothing was changed.
    TooOften(Language),
    /// The link counts no longer, or never did: which of the two is not told.
    Gone,
}

/// A link that counts, with what it is about.
struct Followed {
    link: SurveyLink,
    survey: SurveyDeclaration,
    case: Case,
}

impl Workflow {
    /// Returns whether letters go without the question although it is on, because nothing says where the page is.
    pub fn is_survey_unlinked(&self) -> bool {
        let is_on = self.published().ruleset.procedure().survey_in_use().is_some();
        is_on && self.settings().web.public_base().is_none()
    }

    /// Returns what is asked behind a link; none where it does not count. Looking changes nothing.
    pub async fn survey(&self, token: &str) -> Result<Option<SurveyAsked>, WorkflowError> {
        Ok(self.followed(token).await?.map(|followed| followed.asked()))
    }

    /// Takes an answer. The same one again changes nothing.
    pub async fn answer_survey(&self, token: &str, step: SurveyStep) -> Result<SurveyEnd, WorkflowError> {
        for _ in 0..ATTEMPTS {
            let Some(followed) = self.followed(token).await? else { return Ok(SurveyEnd::Gone) };
            let before = followed.case.complaint.survey;
            if before.step() == Some(step) {
                return Ok(SurveyEnd::Taken(followed.asked()));
            }
            if before.is_full() || self.are_too_many_answers().await? {
                return Ok(SurveyEnd::TooOften(followed.link.language));
            }
            if self.decide_answer(&followed, step).await? {
                let asked = followed.asked();
                return Ok(SurveyEnd::Taken(SurveyAsked { answer: Some(step), ..asked }));
            }
        }
        // Somebody changes it all the time; the browser may send it again.
        Err(crate::store::StoreError::Busy.into())
    }

    async fn decide_answer(&self, followed: &Followed, step: SurveyStep) -> Result<bool, WorkflowError> {
        let (case, now) = match self.settled(followed.case.id).await {
            Ok(settled) => settled,
            Err(ActError::Workflow(why)) => return Err(why),
            Err(_) => return Ok(false),
        };
        if case.version != followed.case.version {
            return Ok(false);
        }
        let job = Job::of(self.published().input(case, Trigger::SurveyAnswered { step }, now));
        for (_, prepared) in self.prepare_all(&self.renderer(), vec![job]).await? {
            if self.commit_prepared(prepared).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the question and the complaint that a link is about; none where it does not count (any more): the question is
    /// not asked now, its last day has passed, the complaint is forgotten, or nobody here made such a link.
    async fn followed(&self, token: &str) -> Result<Option<Followed>, WorkflowError> {
        let Some(link) = SurveyLink::read(token, self.store.key()) else { return Ok(None) };
        let published = self.published();
        let procedure = published.ruleset.procedure();
        let Some(survey) = procedure.survey_in_use().cloned() else { return Ok(None) };
        let today = self.settings().calendar.day_of(self.now().await?).ok();
        if today.is_none_or(|today| today > link.until) {
            return Ok(None);
        }
        let Some(found) = self.store.cases().find(link.intake_id.as_str()).await? else { return Ok(None) };
        let case = self.store.cases().load(&[found.id]).await?.pop();
        let key = self.store.key();
        let counts =
            |case: &Case| link.is_about(&case.complaint, key) && !procedure.forgets(&case.complaint.state);
        Ok(case.filter(counts).map(|case| Followed { link, survey, case }))
    }

    /// Notes that somebody answers, and returns whether too many do.
    async fn are_too_many_answers(&self) -> Result<bool, WorkflowError> {
        let now = self.now().await?;
        let mut answered = self.answered_surveys.lock().unwrap_or_else(PoisonError::into_inner);
        let are_too_many = answered.are_too_many(now);
        if !are_too_many {
            answered.note(now);
        }
        Ok(are_too_many)
    }
}

impl Followed {
    fn asked(&self) -> SurveyAsked {
        let language = self.link.language;
        let steps = SurveyStep::ALL.map(|step| (step, self.survey.step(step, language).to_owned()));
        SurveyAsked {
            language,
            question: self.survey.question.in_language(language).to_owned(),
            steps: steps.into(),
            answer: self.case.complaint.survey.step(),
            until: self.link.until,
        }
    }
}
