//! `/survey/LINK`: the one question how satisfied a complainant is, for whoever has the letter. Looking records nothing, since
//! mail programs follow links by themselves; no name, subject or number is shown, and nobody signs in.

use crate::complaint::{Language, SurveyStep};
use crate::report::day_in_words;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{SurveyAsked, SurveyEnd};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// What is shown of the question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Question,
    /// The question again, because no answer was chosen.
    Again,
    Thanks,
}

pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    Path(link): Path<String>,
) -> Result<Response, Trouble> {
    match page.workflow.survey(&link).await? {
        Some(asked) => show(&page, &link, &asked, Part::Question),
        None => gone(&page),
    }
}

pub(in crate::web) async fn answer(
    State(page): State<Arc<Page>>,
    Path(link): Path<String>,
    body: Bytes,
) -> Result<Response, Trouble> {
    let Ok(step) = Fields::read(&body).get("step").parse::<SurveyStep>() else {
        return match page.workflow.survey(&link).await? {
            Some(asked) => show(&page, &link, &asked, Part::Again),
            None => gone(&page),
        };
    };
    match page.workflow.answer_survey(&link, step).await? {
        SurveyEnd::Taken(asked) => show(&page, &link, &asked, Part::Thanks),
        SurveyEnd::TooOften(language) => told(&page, language, "survey_often", StatusCode::TOO_MANY_REQUESTS),
        SurveyEnd::Gone => gone(&page),
    }
}

fn show(page: &Page, link: &str, asked: &SurveyAsked, part: Part) -> Result<Response, Trouble> {
    let language = asked.language;
    let until = day_in_words(asked.until, language);
    let step = |(step, words): &(SurveyStep, String)| {
        let is_chosen = asked.answer == Some(*step);
        context! { number => step.number(), words, is_chosen }
    };
    let steps: Vec<Value> = asked.steps.iter().map(step).collect();
    let chosen = asked.steps.iter().find(|(step, _)| asked.answer == Some(*step));
    let chosen = chosen.map(|(_, words)| words.clone()).unwrap_or_default();
    let (title, status) = match part {
        Part::Question => ("survey_title", StatusCode::OK),
        Part::Again => ("survey_title_wrong", StatusCode::UNPROCESSABLE_ENTITY),
        Part::Thanks => ("survey_thanks", StatusCode::OK),
    };
    let of = context! {
        link, question => asked.question, steps, chosen, until, said => "",
        is_wrong => part == Part::Again, is_taken => part == Part::Thanks,
    };
    let title = say(language, title, &[]);
    page.show_outside(language, status, Shown { template: "survey", title, here: "", of })
}

/// Answers the same whatever is wrong with the link, so that nobody learns which complaints there are.
fn gone(page: &Page) -> Result<Response, Trouble> {
    told(page, page.language(), "survey_gone", StatusCode::GONE)
}

fn told(page: &Page, language: Language, said: &str, status: StatusCode) -> Result<Response, Trouble> {
    let of = context! {
        link => "", question => "", steps => Vec::<Value>::new(), chosen => "", until => "", said => say(language, said, &[]),
        is_wrong => false, is_taken => false,
    };
    let title = say(language, "survey_title", &[]);
    page.show_outside(language, status, Shown { template: "survey", title, here: "", of })
}
