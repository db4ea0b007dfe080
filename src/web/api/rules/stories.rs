//! A scenario told from day to day, and the scenario that a complaint comes to.

use super::looked::{Looked, allowed, refused};
use super::shapes::Written;
use crate::complaint::Text;
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::Day;
use crate::workflow::NotMade;
use crate::workflow::story::{Story, StoryDay, StoryMistake, StoryRow};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// What stands on a line of a scenario, in words.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    line: usize,
    says: String,
}

/// What was expected.
#[derive(Debug, Serialize, JsonSchema)]
struct Expected {
    line: usize,
    says: String,
    holds: bool,
}

/// Something that was done, what followed, and what was expected then.
#[derive(Debug, Serialize, JsonSchema)]
struct Row {
    /// The local time.
    time: String,
    /// Null where time alone brought it about.
    done: Option<Line>,
    /// What the rules did, in order.
    follows: Vec<String>,
    expected: Vec<Expected>,
    /// Why the scenario ends here; null where it goes on.
    mistake: Option<Line>,
}

/// A day on which something happened.
#[derive(Debug, Serialize, JsonSchema)]
struct ToldDay {
    day: Day,
    /// How long after the day before; null for the first.
    later: Option<String>,
    rows: Vec<Row>,
}

/// A scenario, told from day to day.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToldScenario {
    name: String,
    at: Written,
    days: Vec<ToldDay>,
    /// Why it ends before its end; null where everything holds.
    mistake: Option<Line>,
    /// Whether it is longer than what is told.
    is_cut: bool,
}

/// A scenario made of a complaint, with nothing personal of it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RetoldScenario {
    name: String,
    /// The scenario, as it stands in a file.
    text: String,
    /// What is not in it.
    left_out: Vec<String>,
    /// Why it does not hold; null where it does.
    failure: Option<String>,
}

pub(super) async fn told(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let fields = call.fields();
    let of = (fields.get("file"), fields.get("name"));
    let story = call.page.workflow.proposals().story(&looked.folder, of).await;
    let story = story.map_err(|e| refused(&call, e))?.ok_or(Kind::NotFound)?;
    Ok(Json(Telling(&call).whole(story)).into_response())
}

pub(super) async fn retold(call: Call) -> Result<Response, Problem> {
    if !allowed(&call).await?.change {
        return Err(Kind::NotFound.into());
    }
    let (id, _) = call.complaint().await?;
    let folder = call.page.workflow.proposals().folder_in_force().await.map_err(|e| refused(&call, e))?;
    let made = match call.page.workflow.retold(id, &folder).await {
        Ok(made) => made,
        Err(NotMade::Unsaid(why)) => return Err(Problem { detail: Some(why), ..Kind::Refused.into() }),
        Err(NotMade::Missing) => return Err(Kind::NotFound.into()),
        Err(NotMade::Workflow(e)) => return Err(e.into()),
    };
    let telling = Telling(&call);
    let (left_out, failure) = (made.left_out.iter(), made.failure.as_ref());
    Ok(Json(RetoldScenario {
        name: made.name.clone(),
        text: made.text.clone(),
        left_out: left_out.map(|text| telling.text(text)).collect(),
        failure: failure.map(|text| telling.text(text)),
    })
    .into_response())
}

/// How a scenario is told to who asks.
struct Telling<'c>(&'c Call);

impl Telling<'_> {
    fn text(&self, text: &Text) -> String {
        text.in_language(self.0.language).to_owned()
    }

    fn whole(&self, story: Story) -> ToldScenario {
        ToldScenario {
            days: story.days.iter().map(|day| self.day(day)).collect(),
            mistake: story.mistake.as_ref().map(|mistake| self.mistake(mistake)),
            at: Written { file: story.file, line: Some(story.line) },
            name: story.name,
            is_cut: story.is_cut,
        }
    }

    fn day(&self, day: &StoryDay) -> ToldDay {
        let later = day.later.as_ref().map(|later| self.text(later));
        ToldDay { day: Day(day.day), later, rows: day.rows.iter().map(|row| self.row(row)).collect() }
    }

    fn row(&self, row: &StoryRow) -> Row {
        let expected = row.expected.iter();
        let expected = expected.map(|e| Expected { line: e.line, says: self.text(&e.says), holds: e.holds });
        Row {
            time: row.time.clone(),
            done: row.done.as_ref().map(|done| Line { line: done.line, says: self.text(&done.says) }),
            follows: row.follows.iter().map(|text| self.text(text)).collect(),
            expected: expected.collect(),
            mistake: row.mistake.as_ref().map(|mistake| self.mistake(mistake)),
        }
    }

    fn mistake(&self, mistake: &StoryMistake) -> Line {
        Line { line: mistake.line, says: self.text(&mistake.says) }
    }
}
