//! Terms: what they are, how far they may go, what each touches; and changing those of a proposal.

use super::looked::{Looked, allowed, opened, refused};
use super::shapes::BothWords;
use crate::complaint::{Language, Text};
use crate::rules::editor::Workspace;
use crate::rules::terms::{
    Amount, Term, TermKind, TermLimit, TermMistake, TermValue, Terms, Typed, parse, touched, with_value,
};
use crate::web::api::call::Call;
use crate::web::api::conditions::etag;
use crate::web::api::parts::Parts;
use crate::web::api::problem::{Kind, Mistake, Problem, all_right};
use crate::web::api::shapes::Named;
use crate::workflow::{FileEdit, ProposalError, WorkflowError};
use axum::Json;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The least or the most that a term may be.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Bound {
    /// The number, or the time of day.
    #[schemars(with = "AmountGiven")]
    value: Value,
    /// The unit of a span.
    unit: Option<&'static str>,
    /// It in words.
    words: String,
    /// The term whose value it is; null where the amount itself is declared.
    term: Option<String>,
}

/// A number, or a time of day.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it says what an amount looks like")]
enum AmountGiven {
    Number(i64),
    Time(String),
}

/// The value of a term: a number of its unit, a truth, a text, or texts.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it says what a value looks like")]
enum ValueGiven {
    Number(i64),
    YesNo(bool),
    Text(String),
    Texts(Vec<String>),
}

/// A term of the rules.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RuleTerm {
    name: String,
    label: BothWords,
    /// What helps to fill it in.
    hint: Option<BothWords>,
    /// The heading under which it stands.
    group: Option<BothWords>,
    /// What stands beside it in the file.
    remark: Option<String>,
    /// `span`, `number`, `yes_no`, `text`, `texts`, `time`, `address`, or `expression`, which changes in its file only.
    kind: &'static str,
    #[schemars(with = "ValueGiven")]
    value: Value,
    /// The unit of a span: `days`, `weeks`, …
    unit: Option<&'static str>,
    /// The value in words.
    words: String,
    least: Option<Bound>,
    most: Option<Bound>,
    /// The file in which it stands.
    file: String,
}

/// The terms of the rules, in the order in which people read them.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RuleTerms {
    terms: Vec<RuleTerm>,
}

/// A sentence of the company's text.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Sentence {
    row: u32,
    text: String,
}

/// A term with what a change of it touches.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RuleTermDetails {
    #[serde(flatten)]
    term: RuleTerm,
    rules: Vec<String>,
    actions: Vec<String>,
    schedules: Vec<String>,
    letters: Vec<String>,
    /// The terms of complaints that are counted with it.
    deadlines: Vec<Named>,
    /// The other terms that are reckoned from it, or bounded by it.
    terms: Vec<String>,
    scenarios: Vec<String>,
    sentences: Vec<Sentence>,
}

/// Another value of a term.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TermChange {
    name: String,
    #[schemars(with = "ValueGiven")]
    value: Value,
    /// The unit of a span; the one that it has where none is given.
    #[serde(default)]
    unit: Option<String>,
}

/// Other values of terms: all of them are taken, or none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TermChanges {
    terms: Vec<TermChange>,
}

fn value(value: &TermValue) -> (Value, Option<&'static str>) {
    match value {
        TermValue::Span { count, unit } => (json!(count), Some(unit.word())),
        TermValue::YesNo(yes) => (json!(yes), None),
        TermValue::Number(n) => (json!(n), None),
        TermValue::Texts(items) => (json!(items), None),
        TermValue::Text(text)
        | TermValue::Time(text)
        | TermValue::Address(text)
        | TermValue::Expression(text) => (json!(text), None),
    }
}

fn bound(limit: &TermLimit, language: Language) -> Bound {
    let (value, unit) = match &limit.amount {
        Amount::Number(n) => (json!(n), None),
        Amount::Span { count, unit } => (json!(count), Some(unit.word())),
        Amount::Time(_) => (json!(limit.words().en), None),
    };
    Bound { value, unit, words: limit.words().in_language(language).to_owned(), term: limit.term.clone() }
}

fn shown(term: &Term, language: Language) -> RuleTerm {
    let (given, unit) = value(&term.value);
    RuleTerm {
        name: term.name.clone(),
        label: (&term.label).into(),
        hint: term.hint.as_ref().map(Into::into),
        group: term.group.as_ref().map(Into::into),
        remark: term.remark.clone(),
        kind: term.kind().as_str(),
        value: given,
        unit,
        words: term.value.in_language(language),
        least: term.least.as_ref().map(|least| bound(least, language)),
        most: term.most.as_ref().map(|most| bound(most, language)),
        file: term.file.clone(),
    }
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let terms = Terms::of(&looked.folder.to_files());
    let groups = terms.groups();
    let all = groups.iter().flat_map(|group| group.terms.iter());
    let terms = all.map(|term| shown(term, call.language)).collect();
    let answer = Json(RuleTerms { terms });
    Ok(match looked.opened {
        None => answer.into_response(),
        Some(opened) => ([(ETAG, etag(opened.proposal.version))], answer).into_response(),
    })
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let files = looked.folder.to_files();
    let name = call.part("term").to_owned();
    let term = Terms::of(&files).get(&name).cloned().ok_or(Kind::NotFound)?;
    let (extra, language) = (call.page.workflow.settings().extra.clone(), call.language);
    let work = tokio::task::spawn_blocking(move || touched(&Workspace::new(files, extra, language), &name));
    let touched = work.await.map_err(|_| WorkflowError::Interrupted)?;
    let parts = Parts::of(&call);
    let clauses = touched.clauses.into_iter().map(|clause| Sentence { row: clause.row, text: clause.text });
    Ok(Json(RuleTermDetails {
        term: shown(&term, language),
        rules: touched.rules.into_iter().collect(),
        actions: touched.actions.into_iter().collect(),
        schedules: touched.schedules.into_iter().collect(),
        letters: touched.letters.into_iter().collect(),
        deadlines: touched.deadlines.iter().map(|name| parts.term(&name.as_str().into())).collect(),
        terms: touched.terms.into_iter().collect(),
        scenarios: touched.scenarios.into_iter().collect(),
        sentences: clauses.collect(),
    })
    .into_response())
}

/// Changes terms of a proposal: all that are sent, or none.
pub(super) async fn change(call: Call) -> Result<Response, Problem> {
    let wish: TermChanges = call.wish()?;
    allowed(&call).await?;
    let opened = opened(&call).await?;
    if super::proposals::version(&call).await? != opened.proposal.version {
        return Err(refused(&call, ProposalError::Changed));
    }
    let files = opened.folder.to_files();
    let written = written(files, &wish.terms)?;
    let edit = |(path, text): (String, String)| FileEdit { seen: opened.mark(&path), path, text: Some(text) };
    let edits: Vec<FileEdit> = written.into_iter().map(edit).collect();
    let (id, proposals) = (opened.proposal.id, call.page.workflow.proposals());
    proposals.write_all(id, call.person(), &edits).await.map_err(|e| refused(&call, e))?;
    super::proposals::changed(&call, id).await
}

/// Returns the files in which the terms stand, as they are to be.
fn written(
    mut files: BTreeMap<String, String>,
    changes: &[TermChange],
) -> Result<BTreeMap<String, String>, Problem> {
    let (mut changed, mut mistakes) = (BTreeMap::new(), Vec::new());
    let mut terms = Terms::of(&files);
    for (place, change) in changes.iter().enumerate() {
        match other(&terms, &files, change) {
            Ok((file, text)) => {
                files.insert(file.clone(), text.clone());
                changed.insert(file, text);
                // What was written moves what stands behind it, and the bounds of others.
                terms = Terms::of(&files);
            }
            Err(detail) => {
                let location = format!("/terms/{place}");
                mistakes.push(Mistake { place: "body", location, detail });
            }
        }
    }
    all_right(changed, mistakes)
}

fn other(
    terms: &Terms,
    files: &BTreeMap<String, String>,
    change: &TermChange,
) -> Result<(String, String), Text> {
    let no_term = || Text::new("is geen term van dit voorstel", "is no term of this proposal");
    let term = terms.get(&change.name).ok_or_else(no_term)?;
    let value = match &change.value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
        Value::Array(items) => texts(items).ok_or_else(no_texts)?,
        Value::Null | Value::Object(_) => return Err(no_texts()),
    };
    let has_unit = change.unit.as_deref().or(value_unit(term)).unwrap_or_default();
    let said = |mistake: TermMistake| mistake.text.map(|why| format!("{}: {why}", change.name));
    let new = parse(term.kind(), &Typed { value: &value, unit: has_unit }).map_err(said)?;
    terms.check(&term.name, &new).map_err(said)?;
    let text = files.get(&term.file).ok_or_else(no_term)?;
    let text = with_value(text, &term.name, &new).map_err(said)?;
    Ok((term.file.clone(), text))
}

fn value_unit(term: &Term) -> Option<&'static str> {
    if term.kind() == TermKind::Span { value(&term.value).1 } else { None }
}

fn texts(items: &[Value]) -> Option<String> {
    let lines: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    lines.filter(|lines| !lines.iter().any(|line| line.contains(['\n', '\r']))).map(|lines| lines.join("\n"))
}

fn no_texts() -> Text {
    Text::new(
        "is geen tekst, getal, true of false, of rij van teksten van een regel",
        "is no text, number, true or false, or list of texts of one line",
    )
}
