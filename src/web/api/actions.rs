//! `/complaints/REFERENCE/actions`: what can be done, what would happen, and doing it once, by the functions behind the pages.

use super::super::form::clean;
use super::call::Call;
use super::conditions::{etag, key, seen_version};
use super::parts::Parts;
use super::problem::{Kind, Mistake, Problem, all_right};
use super::shapes::{
    ActionAnswer, ActionList, ActionWish, AnswerWish, Foreseen, ForeseenLetter, Named, NotOffered, Offered,
    Question,
};
use crate::complaint::{ComplaintId, Text, Via};
use crate::workflow::{Ask, AskKind, Keyed, OfferedAction, Requirement, Submission};
use axum::Json;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let (id, _) = call.complaint().await?;
    let (workflow, person) = (&call.page.workflow, call.person());
    let parts = Parts::of(&call);
    let offered = workflow.actions_for(person, id).await?.own;
    let not_offered = workflow.unoffered(person, id).await?;
    let not_offered = not_offered.into_iter().map(|action| NotOffered {
        needs: action.needs.iter().map(|need| said(&call, need)).collect(),
        named: Named { name: action.id, label: action.label },
    });
    let offered = offered.into_iter().map(|action| Offered {
        by: action.by.iter().map(|role| parts.role(role)).collect(),
        asks: action.asks.iter().map(|ask| question(&parts, ask)).collect(),
        named: Named { name: action.id, label: action.label },
    });
    Ok(Json(ActionList { offered: offered.collect(), not_offered: not_offered.collect() }).into_response())
}

fn said(call: &Call, need: &Requirement) -> String {
    match need {
        Requirement::Said(text) => text.in_language(call.language).to_owned(),
        Requirement::Written(text) => text.clone(),
    }
}

fn question(parts: &Parts<'_>, ask: &Ask) -> Question {
    let (kind, options) = match &ask.kind {
        AskKind::Text => ("text", Vec::new()),
        AskKind::LongText => ("longText", Vec::new()),
        AskKind::Date => ("date", Vec::new()),
        AskKind::Choice(options) => ("choice", options.iter().map(|o| parts.option(o)).collect()),
        AskKind::Person => ("person", Vec::new()),
        AskKind::YesNo => ("yesNo", Vec::new()),
        AskKind::Number => ("number", Vec::new()),
        AskKind::File => ("file", Vec::new()),
    };
    Question {
        name: ask.name.clone(),
        label: ask.label.clone(),
        kind: kind.to_owned(),
        options,
        required: ask.required,
        preset: ask.default.clone(),
        help: ask.help.clone(),
    }
}

/// Finds an action that is offered; else a problem that says what keeps it from being.
async fn offered(call: &Call, id: ComplaintId) -> Result<OfferedAction, Problem> {
    let (workflow, person, name) = (&call.page.workflow, call.person(), call.part("action"));
    let actions = workflow.actions_for(person, id).await?;
    if let Some(action) = actions.own.into_iter().find(|action| action.id == name) {
        return Ok(action);
    }
    if let Some(action) = actions.others.iter().find(|action| action.id == name) {
        let labels = call.page.workflow.labels(call.language);
        let whose: Vec<String> = action.by.iter().map(|role| labels.role(role)).collect();
        let detail = Text::new(
            format!("Dit is aan: {}.", whose.join(", ")),
            format!("This is for: {}.", whose.join(", ")),
        );
        return Err(Problem { detail: Some(detail), ..Kind::NotOffered.into() });
    }
    let kept_back = workflow.unoffered(person, id).await?.into_iter().find(|action| action.id == name);
    let action = kept_back.ok_or(Kind::NotFound)?;
    Err(Problem {
        needs: action.needs.iter().map(|need| said(call, need)).collect(),
        ..Kind::NotOffered.into()
    })
}

/// Returns that an answer cannot be used.
fn wrong(name: &str, detail: Text) -> Mistake {
    let location = format!("/answers/{}", name.replace('~', "~0").replace('/', "~1"));
    Mistake { place: "body", location, detail }
}

/// Reads answers as somebody would type them.
fn typed(given: BTreeMap<String, Value>) -> Result<BTreeMap<String, String>, Problem> {
    let (mut typed, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (name, value) in given {
        let text = match value {
            Value::String(text) => clean(&text),
            Value::Number(number) => number.to_string(),
            Value::Bool(is_so) => if is_so { "yes" } else { "no" }.to_owned(),
            Value::Null => String::new(),
            Value::Array(_) | Value::Object(_) => {
                let is_none = Text::new(
                    "is geen tekst, geen getal, en niet true of false",
                    "is neither a text, nor a number, nor true or false",
                );
                mistakes.push(wrong(&name, is_none));
                continue;
            }
        };
        typed.insert(name, text);
    }
    all_right(typed, mistakes)
}

/// Looks at answers to what an action asks; what is wrong with each is said beside it.
fn check(typed: &BTreeMap<String, String>, asks: &[Ask]) -> Result<(), Problem> {
    let mut mistakes = Vec::new();
    for name in typed.keys().filter(|name| !asks.iter().any(|ask| ask.name == **name)) {
        let asked: Vec<&str> = asks.iter().map(|ask| ask.name.as_str()).collect();
        let asked = asked.join(", ");
        let detail = Text::new(
            format!("wordt niet gevraagd; gevraagd worden: {asked}"),
            format!("is not asked; asked are: {asked}"),
        );
        mistakes.push(wrong(name, detail));
    }
    for ask in asks {
        let mistake = match typed.get(&ask.name) {
            None if !ask.required => None,
            answer => ask.mistake(answer.map_or("", String::as_str)),
        };
        if let Some(why) = mistake {
            mistakes.push(wrong(&ask.name, why.map(|why| format!("{}: {why}", ask.label))));
        }
    }
    all_right((), mistakes)
}

pub(super) async fn preview(call: Call) -> Result<Response, Problem> {
    let wish: AnswerWish = call.wish()?;
    let (id, _) = call.complaint().await?;
    let action = offered(&call, id).await?;
    let typed = typed(wish.answers)?;
    check(&typed, &action.asks)?;
    let foreseen = call.page.workflow.foresee(call.person(), id, &action.id, &typed).await?;
    let parts = Parts::of(&call);
    let words = |texts: &[Text]| texts.iter().map(|t| t.in_language(call.language).to_owned()).collect();
    let letters = foreseen.letters.iter().map(|letter| ForeseenLetter {
        recipient: letter.recipient.as_str().to_owned(),
        to: letter.addresses.clone(),
        language: letter.language.clone(),
        subject: letter.subject.clone(),
        body: letter.body.clone(),
        waits_minutes: letter.waits_minutes,
    });
    let (before, after) = &foreseen.states;
    Ok(Json(Foreseen {
        version: foreseen.version,
        before: parts.state(before),
        after: parts.state(after),
        events: words(&foreseen.course),
        letters: letters.collect(),
        faults: words(&foreseen.faults),
    })
    .into_response())
}

pub(super) async fn take(call: Call) -> Result<Response, Problem> {
    let wish: ActionWish = call.wish()?;
    let (key, saw, typed) =
        (key(&call)?, seen_version(&call, ("een klacht", "a complaint"))?, typed(wish.answers)?);
    let (workflow, person, action) = (&call.page.workflow, call.person(), call.part("action"));
    let Ok(id) = workflow.id_of(call.part("reference")).await else { return Err(Kind::NotFound.into()) };
    let version = saw.unwrap_or(0);
    let form = Submission { person, id, action, answers: &typed, version, key: &key, via: Via::Api };
    // Before anything that only holds while the action is still to be taken, also whether the person still sees the complaint.
    let outcome = match workflow.keyed_before(&form).await? {
        Some(before) => before,
        None => taken(&call, &form, saw).await?,
    };
    let (version, was_taken_before) = match outcome {
        Keyed::Done(version) => (version, false),
        Keyed::Already(version) => (version, true),
        Keyed::Reused => return Err(Kind::KeyReused.into()),
        Keyed::Changed => return Err(Kind::Changed.into()),
    };
    let reference = call.part("reference").to_owned();
    Ok(([(ETAG, etag(version))], Json(ActionAnswer { reference, version, was_taken_before })).into_response())
}

/// Takes an action that was not sent before.
async fn taken(call: &Call, form: &Submission<'_>, saw: Option<i64>) -> Result<Keyed, Problem> {
    let (_, case) = call.complaint().await?;
    let can_be_taken = match offered(call, form.id).await {
        Ok(action) => check(form.answers, &action.asks),
        Err(problem) => Err(problem),
    };
    if let Err(problem) = can_be_taken {
        // The same may have been sent at once and be taken by now, which is why it cannot be taken again.
        if let Some(before) = call.page.workflow.keyed_before(form).await? {
            return Ok(before);
        }
        return if saw.is_some_and(|saw| saw != case.version) { Ok(Keyed::Changed) } else { Err(problem) };
    }
    Ok(call.page.workflow.submit_by_key(form, saw).await?)
}
