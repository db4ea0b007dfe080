//! `/procedure`: the company's text, sentence by sentence, with what carries each: rules, letters, terms, scenarios, how
//! often they worked, and gaps; and the files in force, to be read.

use super::{allowed, trouble};
use crate::complaint::Text;
use crate::rules::{Clause, Clauses, RulesFolder};
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::SentenceNumber;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let may = allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let published = page.workflow.published();
    let proposals = page.workflow.proposals();
    let live = proposals.live_counts().await.map_err(trouble)?;
    let clauses = folder.clauses.as_deref().and_then(|text| Clauses::parse(text).ok());
    let gaps = clauses.as_ref().map(|clauses| clauses.gaps(&published.ruleset)).unwrap_or_default();
    let gaps: Vec<&str> = gaps.iter().map(|gap| gap.in_language(signed.language)).collect();
    let places = proposals.places(&folder);
    let labels = page.workflow.labels(signed.language);
    let numbers = proposals.numbers(&folder).await.map_err(trouble)?.unwrap_or_default();
    let row = |clause: &Clause| {
        let working = |name: &String| {
            let label = labels.actions().into_iter().find(|(id, _)| id == name).map(|(_, label)| label);
            let (file, line) = places.get(name).cloned().unwrap_or_default();
            let label = label.unwrap_or_else(|| name.clone());
            context! { label, file, line, n => live.workings.get(name).copied().unwrap_or(0) }
        };
        let term = |name: &String| {
            let n = live.overdue.get(name).copied().unwrap_or(0);
            context! { label => labels.term(&name.as_str().into()), n }
        };
        let scenario = |name: &String| {
            let (file, line) = places.get(name).cloned().unwrap_or_default();
            context! { name, file, line }
        };
        let number = |number: &SentenceNumber| {
            let words = |text: &Text| text.in_language(signed.language).to_owned();
            context! { name => number.name, label => words(&number.label), value => words(&number.value) }
        };
        let numbers: Vec<Value> = numbers.get(&clause.row).into_iter().flatten().map(number).collect();
        context! {
            numbers, row => clause.row, text => clause.text, no_rule => clause.no_rule,
            rules => clause.rules.iter().map(working).collect::<Vec<_>>(),
            terms => clause.deadlines.iter().map(term).collect::<Vec<_>>(), letters => clause.messages,
            scenarios => clause.scenarios.iter().map(scenario).collect::<Vec<_>>(),
        }
    };
    let rows: Vec<Value> = clauses.iter().flat_map(|all| &all.clauses).map(row).collect();
    let files: Vec<&str> = folder.files().map(|(path, _)| path).collect();
    let of = context! { rows, gaps, files, may_change => may.change };
    let title = say(signed.language, "procedure_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "procedure", title, here: "/procedure", of })
}

pub(in crate::web) async fn file(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(path): Path<String>,
) -> Result<Response, Trouble> {
    let may = allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let text = folder.text(&path).filter(|_| RulesFolder::is_file(&path)).ok_or(Trouble::NotFound)?;
    let files: Vec<&str> = folder.files().map(|(path, _)| path).collect();
    let lines: Vec<&str> = text.lines().collect();
    let of = context! { path, lines, files, may_change => may.change };
    let title = say(signed.language, "file_title", &[("file", &path)]);
    page.show(&signed, StatusCode::OK, Shown { template: "procedure_file", title, here: "/procedure", of })
}
