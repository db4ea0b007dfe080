//! `/procedure/terms`: the terms in force and what each touches; and `/proposals/ID/terms`, the form in which they are
//! changed. Each term that somebody changes is written by itself, so that what others changed meanwhile stays.

use super::head::head;
use super::{allowed, said, trouble};
use crate::complaint::{Language, Text};
use crate::rules::RulesFolder;
use crate::rules::editor::Workspace;
use crate::rules::terms::{
    Term, TermField, TermKind, TermLimit, TermMistake, TermValue, Terms, Typed, Unit, parse, touched,
    with_value,
};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::{Elsewhere, TypedForm};
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{FileEdit, Opened, ProposalState, WorkflowError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands before the name of a term in the form: its value, its unit, and the value that was seen.
const VALUE: &str = "v.";
const UNIT: &str = "u.";
const SEEN: &str = "o.";

pub(in crate::web) async fn in_force(
    State(page): State<Arc<Page>>,
    signed: Signed,
) -> Result<Response, Trouble> {
    let may = allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let terms = Terms::of(&folder.to_files());
    let groups = groups(&terms, signed.language, &Fields::default(), &BTreeMap::new());
    let dates = Dates::now(&page, signed.language).await?;
    let name = say(signed.language, "terms_proposal_name", &[("day", &dates.day(dates.today))]);
    let of = context! { groups, may_change => may.change, name };
    let title = say(signed.language, "terms_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "terms", title, here: "/procedure", of })
}

/// Shows one term and what a change of it touches.
pub(in crate::web) async fn one(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let files = folder.to_files();
    let terms = Terms::of(&files);
    let term = terms.get(&name).cloned().ok_or(Trouble::NotFound)?;
    let (extra, language) = (page.workflow.settings().extra.clone(), signed.language);
    let work = tokio::task::spawn_blocking(move || touched(&Workspace::new(files, extra, language), &name));
    let touched = work.await.map_err(|_| WorkflowError::Interrupted)?;
    let places = page.workflow.proposals().places(&folder);
    let labels = page.workflow.labels(language);
    let actions = labels.actions();
    let working = |name: &String| {
        let label = actions.iter().find(|(id, _)| id == name).map_or(name, |(_, label)| label);
        let (file, line) = places.get(name).cloned().unwrap_or_default();
        context! { label, file, line }
    };
    let rules = touched.rules.iter().chain(&touched.actions).chain(&touched.schedules);
    let clauses = touched.clauses.iter().map(|clause| context! { row => clause.row, text => clause.text });
    let other = |name: &String| {
        let label = terms.get(name).map_or(name.as_str(), |term| term.label.in_language(language));
        context! { name, label }
    };
    let of = context! {
        term => field(&term, language, &Fields::default(), &BTreeMap::new()),
        rules => rules.map(working).collect::<Vec<_>>(),
        scenarios => touched.scenarios.iter().map(working).collect::<Vec<_>>(),
        letters => touched.letters, deadlines => touched.deadlines.iter().map(|d| labels.term(&d.as_str().into())).collect::<Vec<_>>(),
        others => touched.terms.iter().map(other).collect::<Vec<_>>(), clauses => clauses.collect::<Vec<_>>(),
    };
    let title = term.label.in_language(language).to_owned();
    page.show(&signed, StatusCode::OK, Shown { template: "term", title, here: "/procedure", of })
}

pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let opened = page.workflow.proposals().one(id).await.map_err(trouble)?;
    form(&page, &signed, &opened, (&Fields::default(), &BTreeMap::new()), None).await
}

/// What is wrong with terms, by name.
type Wrong = BTreeMap<String, TermMistake>;

async fn form(
    page: &Page,
    signed: &Signed,
    opened: &Opened,
    (typed, wrong): (&Fields, &Wrong),
    mistake: Option<String>,
) -> Result<Response, Trouble> {
    let may = allowed(page, signed).await?;
    let dates = Dates::now(page, signed.language).await?;
    let terms = Terms::of(&opened.folder.to_files());
    let is_mine = may.change && opened.proposal.owner.eq_ignore_ascii_case(&signed.person.email);
    let is_wrong = mistake.is_some() || !wrong.is_empty();
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let summary = wrong.iter().map(|(name, mistake)| {
        let label = terms.get(name).map_or(name.as_str(), |term| term.label.in_language(signed.language));
        context! { name, label, says => mistake.in_language(signed.language) }
    });
    let of = context! {
        groups => groups(&terms, signed.language, typed, wrong), mistake, wrong => summary.collect::<Vec<_>>(),
        may_write => is_mine && opened.proposal.state == ProposalState::Open, ..head(page, signed, &dates, opened)
    };
    let key = if is_wrong { "terms_title_wrong" } else { "terms_title" };
    let title = say(signed.language, key, &[]);
    page.show(signed, status, Shown { template: "proposal_terms", title, here: "/procedure", of })
}

fn groups(terms: &Terms, language: Language, typed: &Fields, wrong: &Wrong) -> Vec<Value> {
    let in_language = |text: &Text| text.in_language(language).to_owned();
    let group = |group: &crate::rules::terms::TermGroupShown<'_>| {
        let heading = group.heading.map(in_language);
        let fields: Vec<Value> = group.terms.iter().map(|term| field(term, language, typed, wrong)).collect();
        context! { heading, fields }
    };
    terms.groups().iter().map(group).collect()
}

/// Returns a term as a form shows it: what was typed, else its value.
fn field(term: &Term, language: Language, typed: &Fields, wrong: &Wrong) -> Value {
    let (value, unit) = shown(&term.value);
    let seen = format!("{value} {unit}");
    let name = &term.name;
    let is_typed = !typed.get(&format!("{SEEN}{name}")).is_empty();
    let pick = |prefix: &str, kept: &str| match is_typed {
        true => typed.get(&format!("{prefix}{name}")).to_owned(),
        false => kept.to_owned(),
    };
    let (typed_value, typed_unit) = (pick(VALUE, &value), pick(UNIT, &unit));
    let units = Unit::ALL.into_iter().map(|unit| {
        context! {
            word => unit.word(), label => unit.called(2).in_language(language), is_chosen => unit.word() == typed_unit,
        }
    });
    let units: Vec<Value> = units.collect();
    let limit = |limit: &TermLimit| limit.words().in_language(language).to_owned();
    let mistake = wrong.get(name);
    context! {
        name, label => term.label.in_language(language), hint => term.hint.as_ref().map(|hint| hint.in_language(language)),
        remark => term.remark, kind => term.kind().as_str(), value => typed_value, units, seen,
        rows => typed_value.lines().count().clamp(3, 20), words => term.value.in_language(language),
        least => term.least.as_ref().map(limit), most => term.most.as_ref().map(limit), file => term.file,
        mistake => mistake.map(|mistake| mistake.in_language(language)),
        is_of_unit => mistake.is_some_and(|mistake| mistake.field == TermField::Unit),
    }
}

/// Returns a value as the fields of a form hold it.
fn shown(value: &TermValue) -> (String, String) {
    match value {
        TermValue::Span { count, unit } => (count.to_string(), unit.word().to_owned()),
        TermValue::YesNo(yes) => ((if *yes { "yes" } else { "no" }).to_owned(), String::new()),
        TermValue::Number(n) => (n.to_string(), String::new()),
        TermValue::Texts(items) => (items.join("\n"), String::new()),
        TermValue::Text(text)
        | TermValue::Time(text)
        | TermValue::Address(text)
        | TermValue::Expression(text) => (text.clone(), String::new()),
    }
}

/// Keeps the terms that somebody changed.
pub(in crate::web) async fn keep(
    State(page): State<Arc<Page>>,
    Path(id): Path<i64>,
    TypedForm { sender, fields: typed }: TypedForm,
) -> Result<Response, Trouble> {
    let proposals = page.workflow.proposals();
    let signed = match sender {
        Ok(signed) => signed,
        Err(Elsewhere { session, trouble }) => {
            keep_of_session(&page, session, id, &typed).await?;
            return Err(trouble);
        }
    };
    allowed(&page, &signed).await?;
    let opened = proposals.one(id).await.map_err(trouble)?;
    let mut wrong = Wrong::new();
    let written = written(&opened.folder, &typed, &mut wrong);
    if !wrong.is_empty() {
        return form(&page, &signed, &opened, (&typed, &wrong), None).await;
    }
    let edits = edits(&opened, written);
    if let Err(e) = proposals.write_all(id, &signed.person.email, &edits).await {
        let Some(words) = said::mistake(&page, signed.language, &e) else { return Err(trouble(e)) };
        return form(&page, &signed, &opened, (&typed, &wrong), Some(words)).await;
    }
    Ok(see_other(&format!("/proposals/{id}#changes")))
}

/// Keeps the terms that were typed in a session that is not the present one, for its person, as far as they can be read.
async fn keep_of_session(
    page: &Page,
    session: Option<String>,
    id: i64,
    typed: &Fields,
) -> Result<(), Trouble> {
    let Some(session) = session else { return Ok(()) };
    let proposals = page.workflow.proposals();
    let Ok(opened) = proposals.one(id).await else { return Ok(()) };
    let written = written(&opened.folder, typed, &mut Wrong::new());
    if written.is_empty() {
        return Ok(());
    }
    proposals.write_of_session(&session, id, edits(&opened, written)).await.map_err(trouble)
}

fn edits(opened: &Opened, written: BTreeMap<String, String>) -> Vec<FileEdit> {
    let edit = |(path, text): (String, String)| FileEdit { seen: opened.mark(&path), path, text: Some(text) };
    written.into_iter().map(edit).collect()
}

/// Returns the files in which the typed terms stand, as they are to be; notes what is wrong with a term.
fn written(folder: &RulesFolder, typed: &Fields, wrong: &mut Wrong) -> BTreeMap<String, String> {
    let mut files = folder.to_files();
    let mut changed = BTreeMap::new();
    let mut terms = Terms::of(&files);
    for (name, seen) in typed.under(SEEN) {
        let Some(term) = terms.get(name) else { continue };
        let (value, unit) = (typed.get(&format!("{VALUE}{name}")), typed.get(&format!("{UNIT}{name}")));
        let typed = Typed { value, unit };
        // A list is sent with its lines ended as browsers do, and the last of them maybe not.
        if is_as_seen(term, &typed, seen) {
            continue;
        }
        match changed_to(&terms, term, &typed, seen)
            .and_then(|value| with_value(&files[&term.file], name, &value))
        {
            Ok(text) => {
                files.insert(term.file.clone(), text.clone());
                changed.insert(term.file.clone(), text);
                // What was written moves what stands behind it, and the bounds of others.
                terms = Terms::of(&files);
            }
            Err(mistake) => drop(wrong.insert(name.to_owned(), mistake)),
        }
    }
    changed
}

fn is_as_seen(term: &Term, typed: &Typed<'_>, seen: &str) -> bool {
    term.kind() == TermKind::Expression
        || format!("{} {}", typed.value, typed.unit).trim_end() == seen.trim_end()
}

fn changed_to(terms: &Terms, term: &Term, typed: &Typed<'_>, seen: &str) -> Result<TermValue, TermMistake> {
    let (value, unit) = shown(&term.value);
    let new = parse(term.kind(), typed)?;
    if format!("{value} {unit}").trim_end() != seen.trim_end() && new != term.value {
        return Err(TermMistake::new(
            format!("Intussen veranderd in: {}. Kies opnieuw.", term.value.words().nl),
            format!("Changed meanwhile to: {}. Choose again.", term.value.words().en),
        ));
    }
    terms.check(&term.name, &new)?;
    Ok(new)
}
