//! `/procedure/scenarios/FILE` and `/proposals/ID/scenarios/FILE`: one scenario as a table of days: what is done, what the rules
//! do, and what is expected.

use super::head::head;
use super::{allowed, said, trouble};
use crate::complaint::Text;
use crate::rules::RulesFolder;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::ProposalError;
use crate::workflow::story::{Story, StoryDay, StoryMistake, StoryRow};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn in_force(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let dates = Dates::now(&page, signed.language).await?;
    let of = told(&page, &signed, &dates, &folder, (&file, query.as_deref())).await?;
    let of = context! { id => (), list => "/procedure/scenarios", at => "/procedure/files", ..of };
    shown(&page, &signed, of)
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((id, file)): Path<(i64, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let opened = page.workflow.proposals().one(id).await.map_err(trouble)?;
    let dates = Dates::now(&page, signed.language).await?;
    let of = told(&page, &signed, &dates, &opened.folder, (&file, query.as_deref())).await?;
    let (list, at) = (format!("/proposals/{id}/scenarios"), format!("/proposals/{id}/files"));
    let of = context! { list, at, ..context! { ..of, ..head(&page, &signed, &dates, &opened) } };
    shown(&page, &signed, of)
}

fn shown(page: &Page, signed: &Signed, of: Value) -> Result<Response, Trouble> {
    let title = say(signed.language, "story_title", &[]);
    page.show(signed, StatusCode::OK, Shown { template: "story", title, here: "/procedure", of })
}

async fn told(
    page: &Page,
    signed: &Signed,
    dates: &Dates,
    folder: &RulesFolder,
    (file, query): (&str, Option<&str>),
) -> Result<Value, Trouble> {
    let name = Fields::of_query(query).get("name").to_owned();
    match page.workflow.proposals().story(folder, (file, &name)).await {
        Ok(Some(story)) => Ok(Telling { signed, dates }.whole(&story)),
        Ok(None) => Err(Trouble::NotFound),
        // What does not load cannot be played.
        Err(ProposalError::Unready(why)) => {
            let unready = said::unready(signed.language, &why);
            Ok(context! { story => name, file, line => 1, days => Vec::<Value>::new(), unready })
        }
        Err(e) => Err(trouble(e)),
    }
}

/// How a story is told to one reader.
struct Telling<'t> {
    signed: &'t Signed,
    dates: &'t Dates,
}

impl Telling<'_> {
    fn whole(&self, story: &Story) -> Value {
        let day = |day: &StoryDay| {
            let rows: Vec<Value> = day.rows.iter().map(|row| self.row(row)).collect();
            context! { day => self.dates.day(day.day), later => day.later.as_ref().map(|later| self.text(later)), rows }
        };
        let days: Vec<Value> = story.days.iter().map(day).collect();
        context! {
            story => story.name, file => story.file, line => story.line, days, unready => (), is_cut => story.is_cut,
            mistake => story.mistake.as_ref().map(|mistake| self.mistake(mistake)),
        }
    }

    fn row(&self, row: &StoryRow) -> Value {
        let done =
            row.done.as_ref().map(|done| context! { says => self.text(&done.says), line => done.line });
        let follows: Vec<&str> = row.follows.iter().map(|text| self.text(text)).collect();
        let expected = row.expected.iter().map(|expected| {
            context! { says => self.text(&expected.says), line => expected.line, holds => expected.holds }
        });
        let expected: Vec<Value> = expected.collect();
        let mistake = row.mistake.as_ref().map(|mistake| self.mistake(mistake));
        context! { time => row.time, done, follows, expected, mistake }
    }

    fn mistake(&self, mistake: &StoryMistake) -> Value {
        context! { says => self.text(&mistake.says), line => mistake.line }
    }

    fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.in_language(self.signed.language)
    }
}
