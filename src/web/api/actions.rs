//! `/complaints/REFERENCE/actions`: what can be done, what would happen, and doing it once, by the functions behind the pages.

use super::call::Call;
use super::complaints::etag;
use super::parts::Parts;
use super::problem::{Kind, Mistake, Problem};
use super::shapes::{
    ActionAnswer, ActionList, ActionWish, AnswerWish, Foreseen, ForeseenLetter, Named, NotOffered, Offered,
    Question, Waiting,
};
use crate::complaint::{ComplaintId, Recipient, Text, Via};
use crate::workflow::{Ask, AskKind, Keyed, OfferedAction, Requirement, Submission};
use axum::Json;
use axum::http::header::{ETAG, IF_MATCH};
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
fn wrong(name: &str, detail: impl Into<String>) -> Mistake {
    let location = format!("/answers/{}", name.replace('~', "~0").replace('/', "~1"));
    Mistake { place: "body", location, detail: detail.into() }
}

fn all_right<T>(value: T, mistakes: Vec<Mistake>) -> Result<T, Problem> {
    match mistakes.is_empty() {
        true => Ok(value),
        false => Err(Problem { mistakes, ..Kind::InvalidInput.into() }),
    }
}

/// Reads answers as somebody would type them.
fn typed(given: BTreeMap<String, Value>) -> Result<BTreeMap<String, String>, Problem> {
    let (mut typed, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (name, value) in given {
        let text = match value {
            Value::String(text) => text.replace('\0', ""),
            Value::Number(number) => number.to_string(),
            Value::Bool(is_so) => if is_so { "yes" } else { "no" }.to_owned(),
            Value::Null => String::new(),
            Value::Array(_) | Value::Object(_) => {
                mistakes.push(wrong(&name, "is neither a text, nor a number, nor true or false"));
                continue;
            }
        };
        typed.insert(name, text);
    }
    all_right(typed, mistakes)
}

/// Looks at answers to what an action asks; what is wrong with each is said beside it.
fn check(call: &Call, typed: &BTreeMap<String, String>, asks: &[Ask]) -> Result<(), Problem> {
    let mut mistakes = Vec::new();
    for name in typed.keys().filter(|name| !asks.iter().any(|ask| ask.name == **name)) {
        let asked: Vec<&str> = asks.iter().map(|ask| ask.name.as_str()).collect();
        mistakes.push(wrong(name, format!("is not asked; asked are: {}", asked.join(", "))));
    }
    for ask in asks {
        let mistake = match typed.get(&ask.name) {
            None if !ask.required => None,
            answer => ask.mistake(answer.map_or("", String::as_str)),
        };
        if let Some(why) = mistake {
            mistakes.push(wrong(&ask.name, format!("{}: {}", ask.label, why.in_language(call.language))));
        }
    }
    all_right((), mistakes)
}

pub(super) async fn preview(call: Call) -> Result<Response, Problem> {
    let wish: AnswerWish = call.wish()?;
    let (id, _) = call.complaint().await?;
    let action = offered(&call, id).await?;
    let typed = typed(wish.answers)?;
    check(&call, &typed, &action.asks)?;
    let foreseen = call.page.workflow.foresee(call.person(), id, &action.id, &typed).await?;
    let parts = Parts::of(&call);
    let words = |texts: &[Text]| texts.iter().map(|t| t.in_language(call.language).to_owned()).collect();
    let letters = foreseen.letters.iter().map(|letter| ForeseenLetter {
        recipient: recipient(&letter.recipient),
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

fn recipient(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Complainant => "complainant".to_owned(),
        Recipient::Responsible => "responsible".to_owned(),
        Recipient::Role(role) => role.to_string(),
        Recipient::Person(address) => address.clone(),
    }
}

pub(super) async fn take(call: Call) -> Result<Response, Problem> {
    let wish: ActionWish = call.wish()?;
    let key = key(&call)?;
    let saw = saw(&call)?;
    let (id, _) = call.complaint().await?;
    let (workflow, person, action) = (&call.page.workflow, call.person(), call.part("action"));
    let typed = typed(wish.answers)?;
    let version = saw.unwrap_or(0);
    let form = Submission { person, id, action, answers: &typed, version, key: &key, via: Via::Api };
    // Before anything that only holds while the action is still to be taken.
    let outcome = match workflow.keyed_before(&form).await? {
        Some(before) => before,
        None => {
            check(&call, &typed, &offered(&call, id).await?.asks)?;
            workflow.submit_by_key(&form, saw).await?
        }
    };
    let was_taken_before = match outcome {
        Keyed::Done => false,
        Keyed::Already => true,
        Keyed::Reused => return Err(Kind::KeyReused.into()),
        Keyed::Changed => return Err(Kind::Changed.into()),
    };
    let case = workflow.reading().case(id).await?.ok_or(Kind::NotFound)?;
    let complaint = Parts::of(&call).details(id, &case).await?;
    let letters_that_wait = waiting(&call, id).await?;
    let headers = [(ETAG, etag(complaint.version))];
    Ok((headers, Json(ActionAnswer { was_taken_before, letters_that_wait, complaint })).into_response())
}

/// Returns the letters of a complaint that can still be called back.
async fn waiting(call: &Call, id: ComplaintId) -> Result<Vec<Waiting>, Problem> {
    let (workflow, now) = (&call.page.workflow, call.page.workflow.now().await?);
    let letters = workflow.reading().register().notifications(id).await?;
    let outside = letters.into_iter().filter(|letter| workflow.is_outside(&letter.recipient));
    let waits = outside.filter_map(|letter| {
        let goes_at = letter.goes_at.filter(|at| *at > now)?;
        Some(Waiting { letter: letter.message, goes_at: super::shapes::At(goes_at) })
    });
    Ok(waits.collect())
}

/// Reads the key of a request; keys of others are other keys.
fn key(call: &Call) -> Result<String, Problem> {
    let key = call.header("idempotency-key").unwrap_or_default();
    if !(1..=200).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        let detail = "has 1 to 200 visible characters";
        return Err(Problem::invalid("header", "Idempotency-Key", detail));
    }
    Ok(format!("{} {key}", call.who.caller.id))
}

/// Reads the version that a program saw; none where it says none.
fn saw(call: &Call) -> Result<Option<i64>, Problem> {
    if !call.headers.contains_key(IF_MATCH) {
        return Ok(None);
    }
    match call.header("if-match").unwrap_or_default() {
        "*" => Ok(None),
        tag => {
            let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            let version = version.and_then(|version| version.parse().ok());
            let wrong = || Problem::invalid("header", "If-Match", "is no ETag of a complaint");
            version.map(Some).ok_or_else(wrong)
        }
    }
}
