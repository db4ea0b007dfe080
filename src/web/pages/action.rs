//! `/complaints/NUMBER/actions/ID`: an action: its questions, what will happen, and then yes.
//!
//! What was typed comes back whatever is wrong with it. What was shown is what is done: another answer, or another version of
//! the complaint, shows anew first.

use super::complaint::seen;
use crate::accounts::Token;
use crate::complaint::{ComplaintId, Language, Recipient, Text};
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{ActError, Ask, AskKind, Foresight, OfferedAction, Submission, Submitted};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands before the name of a question, so that no question is taken for a field of ours.
const ANSWER: &str = "a.";

/// The form as it is shown.
struct Form<'f> {
    page: &'f Page,
    signed: &'f Signed,
    reference: &'f str,
    id: ComplaintId,
    action: OfferedAction,
    /// The answers as they were typed, by question.
    typed: BTreeMap<String, String>,
    key: String,
}

/// What is said with a form beside its questions.
#[derive(Default)]
struct Said {
    /// What is wrong with an answer, by question.
    mistakes: BTreeMap<String, String>,
    /// What is wrong with the whole.
    refusal: Option<String>,
    /// What others did meanwhile.
    changes: Vec<String>,
    foresight: Option<Foresight>,
    version: i64,
}

pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, action)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let actions = page.workflow.actions_for(&signed.person.email, id).await?;
    let Some(action) = actions.own.into_iter().find(|a| a.id == action) else {
        return gone(&page, &signed, StatusCode::NOT_FOUND, &reference, Vec::new());
    };
    let typed = action.asks.iter().map(|ask| (ask.name.clone(), preset(ask))).collect();
    let key = Token::new().expose().to_owned();
    let form = Form { page: &page, signed: &signed, reference: &reference, id, action, typed, key };
    form.show(StatusCode::OK, Said { version: case.version, ..Said::default() })
}

pub(in crate::web) async fn answer(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, action)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Trouble> {
    let (id, _) = seen(&page, &signed, &reference).await?;
    let fields = Fields::read(&body);
    let typed: BTreeMap<String, String> =
        fields.under(ANSWER).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let key = fields.get("key").to_owned();
    let is_confirmed = fields.get("step") == "confirm" && fields.get("seen") == digest(&typed);
    if is_confirmed {
        let version = fields.get("version").parse().unwrap_or(0);
        let submission = Submission {
            person: &signed.person.email,
            id,
            action: &action,
            answers: answers(&typed),
            version,
            key: &key,
        };
        match page.workflow.submit(&submission).await {
            Ok(Submitted::Done) => return Ok(see_other(&format!("/complaints/{reference}?taken=1"))),
            Ok(Submitted::Changed(events)) => {
                let reading = page.workflow.reading();
                let words =
                    events.iter().map(|e| reading.event_words(e).in_language(signed.language).to_owned());
                let changes = words.collect();
                let Some(form) = Form::of(&page, &signed, &reference, id, &action, typed, key).await? else {
                    return gone(&page, &signed, StatusCode::CONFLICT, &reference, changes);
                };
                return form.foresee(changes).await;
            }
            // What the rules refuse is told with the form, below.
            Err(ActError::Refused(_)) => {}
            Err(e) => return Err(trouble(e)),
        }
    }
    match Form::of(&page, &signed, &reference, id, &action, typed, key).await? {
        Some(form) => form.foresee(Vec::new()).await,
        None => gone(&page, &signed, StatusCode::CONFLICT, &reference, Vec::new()),
    }
}

impl<'f> Form<'f> {
    /// Returns the form of an action with what was typed; none where the complaint does not offer it now.
    async fn of(
        page: &'f Page,
        signed: &'f Signed,
        reference: &'f str,
        id: ComplaintId,
        action: &str,
        typed: BTreeMap<String, String>,
        key: String,
    ) -> Result<Option<Self>, Trouble> {
        let actions = page.workflow.actions_for(&signed.person.email, id).await?;
        let action = actions.own.into_iter().find(|a| a.id == action);
        Ok(action.map(|action| Self { page, signed, reference, id, action, typed, key }))
    }

    /// Shows what will happen, or what keeps it from happening.
    async fn foresee(self, changes: Vec<String>) -> Result<Response, Trouble> {
        let language = self.signed.language;
        let typed = |ask: &Ask| self.typed.get(&ask.name).map_or("", String::as_str);
        let wrong = self.action.asks.iter().filter_map(|ask| Some((ask, ask.mistake(typed(ask))?)));
        let mistakes = wrong.map(|(ask, why)| (ask.name.clone(), sentence(language, ask, &why))).collect();
        let mut said = Said { mistakes, changes, ..Said::default() };
        if !said.mistakes.is_empty() {
            return self.show(StatusCode::UNPROCESSABLE_ENTITY, said);
        }
        let (workflow, person) = (&self.page.workflow, &self.signed.person.email);
        match workflow.foresee(person, self.id, &self.action.id, answers(&self.typed)).await {
            Ok(foresight) => {
                let status = if said.changes.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
                said.version = foresight.version;
                said.foresight = Some(foresight);
                self.show(status, said)
            }
            Err(ActError::Refused(why)) => {
                said.refusal = Some(why.in_language(language).to_owned());
                self.show(StatusCode::UNPROCESSABLE_ENTITY, said)
            }
            Err(e) => Err(trouble(e)),
        }
    }

    fn show(&self, status: StatusCode, said: Said) -> Result<Response, Trouble> {
        let (language, label) = (self.signed.language, &self.action.label);
        let is_wrong = !said.mistakes.is_empty() || said.refusal.is_some();
        let title = match is_wrong {
            true => say(language, "action_title_wrong", &[("label", label)]),
            false => format!("{label} · {}", self.reference),
        };
        let questions: Vec<Value> = self
            .action
            .asks
            .iter()
            .enumerate()
            .map(|(i, ask)| self.question(i, ask, &said.mistakes))
            .collect();
        let foresight = said.foresight.as_ref().map(|f| self.foresight(f));
        let Said { refusal, changes, version, .. } = said;
        let of = context! {
            reference => self.reference, id => self.action.id, label, questions, refusal, changes, foresight,
            is_wrong, version, key => self.key, seen => digest(&self.typed),
            rules_language => self.page.language().as_str(),
        };
        self.page.show(self.signed, status, Shown { template: "action", title, here: "", of })
    }

    fn question(&self, place: usize, ask: &Ask, mistakes: &BTreeMap<String, String>) -> Value {
        let value = self.typed.get(&ask.name).cloned().unwrap_or_default();
        let labels = self.page.workflow.labels(self.signed.language);
        let people = &self.page.workflow.settings().people;
        let (kind, options): (&str, Vec<(String, String)>) = match &ask.kind {
            AskKind::Text | AskKind::File => ("text", Vec::new()),
            AskKind::LongText => ("long", Vec::new()),
            AskKind::Date => ("date", Vec::new()),
            AskKind::Number => ("number", Vec::new()),
            AskKind::Choice(options) => {
                ("choice", options.iter().map(|o| (o.clone(), labels.option(o))).collect())
            }
            AskKind::Person => ("person", people.iter().map(|p| (p.email.clone(), p.name.clone())).collect()),
            AskKind::YesNo => ("yes_no", Vec::new()),
        };
        let options: Vec<Value> = options
            .into_iter()
            .map(|(option, words)| context! { is_chosen => option == value, value => option, words })
            .collect();
        let mistake = mistakes.get(&ask.name);
        context! {
            id => format!("q{place}"), name => format!("{ANSWER}{}", ask.name), label => ask.label, help => ask.help,
            is_optional => ask.may_be_empty, kind, options, value, mistake,
        }
    }

    fn foresight(&self, foresight: &Foresight) -> Value {
        let (language, labels) = (self.signed.language, self.page.workflow.labels(self.signed.language));
        let (before, after) = &foresight.states;
        let words =
            |texts: &[Text]| texts.iter().map(|t| t.in_language(language).to_owned()).collect::<Vec<_>>();
        let settings = self.page.workflow.settings();
        let name = |address: &String| {
            settings.people.find(address).map_or_else(|| address.clone(), |p| p.name.clone())
        };
        let letters: Vec<Value> = foresight
            .letters
            .iter()
            .map(|letter| {
                let to: Vec<String> = letter.addresses.iter().map(name).collect();
                let whom = match &letter.recipient {
                    Recipient::Complainant => say(language, "to_complainant", &[]),
                    Recipient::Responsible => say(language, "to_responsible", &[]),
                    other => labels.recipient(other).unwrap_or_default(),
                };
                context! {
                    is_outside => letter.recipient == Recipient::Complainant, whom, to => to.join(", "),
                    subject => letter.subject, body => letter.body, language => letter.language,
                }
            })
            .collect();
        context! {
            before => labels.state(before), after => labels.state(after), is_same => before == after,
            course => words(&foresight.course), faults => words(&foresight.faults), letters,
        }
    }
}

/// Tells that an action is not possible any more, and what happened instead.
fn gone(
    page: &Page,
    signed: &Signed,
    status: StatusCode,
    reference: &str,
    changes: Vec<String>,
) -> Result<Response, Trouble> {
    let title = say(signed.language, "action_gone_title", &[]);
    let of = context! { reference, changes };
    page.show(signed, status, Shown { template: "action_gone", title, here: "", of })
}

fn trouble(error: ActError) -> Trouble {
    match error {
        ActError::Unknown(_) | ActError::Stranger(_) => Trouble::NotFound,
        ActError::Workflow(e) => e.into(),
        ActError::Changed => Trouble::Busy,
        ActError::Refused(why) => Trouble::Failed(why.en),
    }
}

/// Returns what stands in a question before anybody has answered it.
fn preset(ask: &Ask) -> String {
    match (&ask.default, &ask.kind) {
        (Some(Json::Bool(true)), _) => "ja".to_owned(),
        (Some(Json::Bool(false)), _) => "nee".to_owned(),
        (Some(Json::String(text)), AskKind::Date) => text.chars().take(10).collect(),
        (Some(Json::String(text)), _) => text.clone(),
        (Some(Json::Null) | None, _) => String::new(),
        (Some(other), _) => other.to_string(),
    }
}

fn answers(typed: &BTreeMap<String, String>) -> BTreeMap<String, Json> {
    typed.iter().map(|(name, value)| (name.clone(), Json::from(value.as_str()))).collect()
}

/// Returns what tells these answers from others, so that what is confirmed is what was shown.
fn digest(typed: &BTreeMap<String, String>) -> String {
    let text = serde_json::to_string(typed).unwrap_or_default();
    Sha256::digest(text).iter().take(16).map(|b| format!("{b:02x}")).collect()
}

fn sentence(language: Language, ask: &Ask, why: &Text) -> String {
    format!("“{}” {}", ask.label.trim_end_matches([':', ' ']), why.in_language(language))
}
