//! `/complaints/NUMBER/actions/ID`: an action: its questions, what will happen, and then yes.
//!
//! What was typed comes back whatever is wrong with it, and is kept as a draft until it was sent or thrown away, also when the
//! session is over. A form says who opened it, so that what one person typed is never another's, who has signed
//! in with the same browser meanwhile. What was shown is what is done: another answer, or another version of
//! the complaint, shows anew first.

use super::complaint::{is_reference, seen};
use crate::accounts::Token;
use crate::complaint::{ComplaintId, EventKind, Language, Recipient, Text, Via};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::{Elsewhere, TypedForm};
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{
    ActError, Ask, AskKind, Foresight, OfferedAction, StoredEvent, Submission, Submitted, Typed,
};
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

/// An action of a complaint, as somebody asks for it.
struct Asked<'f> {
    page: &'f Page,
    signed: &'f Signed,
    reference: &'f str,
    id: ComplaintId,
    action: &'f str,
}

/// The form as it is shown.
struct Form<'f> {
    asked: Asked<'f>,
    action: OfferedAction,
    sent: Sent,
}

/// What was typed in a form and sent, or kept.
struct Sent {
    /// The answers as they were typed, by question.
    typed: BTreeMap<String, String>,
    key: Token,
    /// The version of the complaint that the person saw; 0 for none.
    version: i64,
}

/// What is said with a form beside its questions.
#[derive(Default)]
struct Said {
    /// What is wrong with an answer, by question.
    mistakes: BTreeMap<String, String>,
    /// What is wrong with the whole.
    refusal: Option<String>,
    /// What happened since the person looked.
    changes: Vec<String>,
    /// The moment, in words, at which what is shown was kept.
    kept: Option<String>,
    foresight: Option<Foresight>,
    version: i64,
}

impl Sent {
    fn read(fields: &Fields) -> Self {
        let typed = fields.under(ANSWER).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let key = Token::read(fields.get("key")).unwrap_or_else(Token::new);
        Self { typed, key, version: fields.get("version").parse().unwrap_or(0) }
    }

    fn as_typed<'s>(&'s self, action: &'s str) -> Typed<'s> {
        Typed { action, key: self.key.expose(), version: self.version, answers: self.typed.clone() }
    }
}

pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, action)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let asked = Asked { page: &page, signed: &signed, reference: &reference, id, action: &action };
    let draft = page.workflow.drafts().find(&signed.person.email, id, &action).await?;
    let Some(offered) = asked.offered().await? else {
        let (typed, changes) = match &draft {
            Some(kept) => (kept.draft.answers().clone(), asked.changes(&kept.since)),
            None => Default::default(),
        };
        return asked.gone(StatusCode::NOT_FOUND, &typed, changes);
    };
    let mut said = Said { version: case.version, ..Said::default() };
    let mut typed: BTreeMap<String, String> =
        offered.asks.iter().map(|ask| (ask.name.clone(), preset(ask))).collect();
    let mut key = Token::new();
    if let Some(kept) = draft {
        typed.extend(kept.draft.answers().clone());
        key = Token::read(&kept.draft.form).unwrap_or(key);
        said.kept = Some(Dates::now(&page, signed.language).await?.moment(kept.draft.at));
        said.changes = asked.changes(&kept.since);
    }
    let sent = Sent { typed, key, version: case.version };
    Form { asked, action: offered, sent }.show(StatusCode::OK, said)
}

pub(in crate::web) async fn answer(
    State(page): State<Arc<Page>>,
    Path((reference, action)): Path<(String, String)>,
    TypedForm { sender, fields }: TypedForm,
) -> Result<Response, Trouble> {
    let sent = Sent::read(&fields);
    let signed = match sender {
        Ok(signed) => signed,
        Err(Elsewhere { session, trouble }) => {
            keep_of_session(&page, session, (&reference, &action), &sent).await?;
            return Err(trouble);
        }
    };
    let (drafts, person) = (page.workflow.drafts(), &signed.person.email);
    let (id, _) = match seen(&page, &signed, &reference).await {
        Err(Trouble::NotFound) if !sent.typed.is_empty() => {
            // What was typed is handed back, and nothing said of whether there is such a complaint.
            return gone(
                &page,
                &signed,
                StatusCode::NOT_FOUND,
                (&reference, &action),
                &sent.typed,
                Vec::new(),
            );
        }
        found => found?,
    };
    if fields.get("step") == "discard" {
        drafts.discard(person, id, &action).await?;
        return Ok(see_other(&format!("/complaints/{reference}")));
    }
    // Before anything else, so that nothing is lost whatever happens next.
    drafts.keep(person, id, sent.as_typed(&action)).await?;
    let asked = Asked { page: &page, signed: &signed, reference: &reference, id, action: &action };
    if fields.get("step") == "confirm" && fields.get("seen") == digest(&sent.typed) {
        let submission = Submission {
            person,
            id,
            action: &action,
            answers: &sent.typed,
            version: sent.version,
            key: sent.key.expose(),
            via: Via::Page,
        };
        match page.workflow.submit(&submission).await {
            Ok(Submitted::Done) => return Ok(see_other(&format!("/complaints/{reference}?taken=1"))),
            Ok(Submitted::Already) => {
                drafts.discard(person, id, &action).await?;
                return Ok(see_other(&format!("/complaints/{reference}?taken=1")));
            }
            Ok(Submitted::Changed(events)) => {
                let changes = asked.changes(&events);
                return asked.foresee(sent, changes, StatusCode::CONFLICT).await;
            }
            // What the rules refuse is told with the form, below.
            Err(ActError::Refused(_)) => {}
            Err(e) => return Err(trouble(e)),
        }
    }
    let changes = asked.changes_since(sent.version).await?;
    asked.foresee(sent, changes, StatusCode::OK).await
}

/// Keeps what was typed in a session that is not the present one, for its person.
async fn keep_of_session(
    page: &Page,
    session: Option<String>,
    (reference, action): (&str, &str),
    sent: &Sent,
) -> Result<(), Trouble> {
    let Some(session) = session.filter(|_| is_reference(reference)) else { return Ok(()) };
    Ok(page.workflow.drafts().keep_of_session(&session, reference, sent.as_typed(action)).await?)
}

impl<'f> Asked<'f> {
    /// Returns the action as the complaint offers it to the person now.
    async fn offered(&self) -> Result<Option<OfferedAction>, Trouble> {
        let actions = self.page.workflow.actions_for(&self.signed.person.email, self.id).await?;
        Ok(actions.own.into_iter().find(|a| a.id == self.action))
    }

    /// Returns what events say, without what they consist of.
    fn changes(&self, events: &[StoredEvent]) -> Vec<String> {
        let reading = self.page.workflow.reading();
        let told = events.iter().filter(|e| !matches!(e.kind, EventKind::FactChanged | EventKind::RuleFired));
        told.map(|e| reading.event_words(e).in_language(self.signed.language).to_owned()).collect()
    }

    /// Returns what happened since a version that the person saw.
    async fn changes_since(&self, version: i64) -> Result<Vec<String>, Trouble> {
        if version <= 0 {
            return Ok(Vec::new());
        }
        let mut events = self.page.workflow.reading().trail().events(self.id).await?;
        events.retain(|event| event.version > version);
        Ok(self.changes(&events))
    }

    /// Shows what will happen, or what keeps it from happening.
    async fn foresee(
        self,
        sent: Sent,
        changes: Vec<String>,
        status: StatusCode,
    ) -> Result<Response, Trouble> {
        let Some(action) = self.offered().await? else {
            return self.gone(StatusCode::CONFLICT, &sent.typed, changes);
        };
        Form { asked: self, action, sent }.foresee(changes, status).await
    }

    fn gone(
        &self,
        status: StatusCode,
        typed: &BTreeMap<String, String>,
        changes: Vec<String>,
    ) -> Result<Response, Trouble> {
        gone(self.page, self.signed, status, (self.reference, self.action), typed, changes)
    }
}

impl Form<'_> {
    async fn foresee(self, changes: Vec<String>, status: StatusCode) -> Result<Response, Trouble> {
        let Asked { page, signed, id, .. } = self.asked;
        let language = signed.language;
        let typed = |ask: &Ask| self.sent.typed.get(&ask.name).map_or("", String::as_str);
        let wrong = self.action.asks.iter().filter_map(|ask| Some((ask, ask.mistake(typed(ask))?)));
        let mistakes = wrong.map(|(ask, why)| (ask.name.clone(), sentence(language, ask, &why))).collect();
        let mut said = Said { mistakes, changes, version: self.sent.version, ..Said::default() };
        if !said.mistakes.is_empty() {
            return self.show(StatusCode::UNPROCESSABLE_ENTITY, said);
        }
        match page.workflow.foresee(&signed.person.email, id, &self.action.id, &self.sent.typed).await {
            Ok(foresight) => {
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
        let Asked { page, signed, reference, .. } = self.asked;
        let (language, label) = (signed.language, &self.action.label);
        let is_wrong = !said.mistakes.is_empty() || said.refusal.is_some();
        let title = match is_wrong {
            true => say(language, "action_title_wrong", &[("label", label)]),
            false => format!("{label} · {reference}"),
        };
        let questions: Vec<Value> = self
            .action
            .asks
            .iter()
            .enumerate()
            .map(|(i, ask)| self.question(i, ask, &said.mistakes))
            .collect();
        let foresight = said.foresight.as_ref().map(|f| self.foresight(f));
        let Said { refusal, changes, kept, version, .. } = said;
        let of = context! {
            reference, id => self.action.id, label, questions, refusal, changes, kept, foresight, is_wrong, version,
            key => self.sent.key.expose(), seen => digest(&self.sent.typed), rules_language => page.language().as_str(),
        };
        page.show(signed, status, Shown { template: "action", title, here: "", of })
    }

    fn question(&self, place: usize, ask: &Ask, mistakes: &BTreeMap<String, String>) -> Value {
        let value = self.sent.typed.get(&ask.name).cloned().unwrap_or_default();
        let labels = self.asked.page.workflow.labels(self.asked.signed.language);
        let people = &self.asked.page.workflow.settings().people;
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
        let (language, labels) =
            (self.asked.signed.language, self.asked.page.workflow.labels(self.asked.signed.language));
        let (before, after) = &foresight.states;
        let words =
            |texts: &[Text]| texts.iter().map(|t| t.in_language(language).to_owned()).collect::<Vec<_>>();
        let settings = self.asked.page.workflow.settings();
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
                    waits => letter.waits_minutes,
                }
            })
            .collect();
        context! {
            before => labels.state(before), after => labels.state(after), is_same => before == after,
            course => words(&foresight.course), faults => words(&foresight.faults), letters,
        }
    }
}

/// Tells that an action is not possible any more, what happened instead, and what was typed.
fn gone(
    page: &Page,
    signed: &Signed,
    status: StatusCode,
    (reference, action): (&str, &str),
    typed: &BTreeMap<String, String>,
    changes: Vec<String>,
) -> Result<Response, Trouble> {
    let title = say(signed.language, "action_gone_title", &[]);
    let typed: Vec<&String> = typed.values().filter(|answer| !answer.trim().is_empty()).collect();
    let of = context! { reference, id => action, typed, changes };
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

/// Returns what tells these answers from others, so that what is confirmed is what was shown.
fn digest(typed: &BTreeMap<String, String>) -> String {
    let text = serde_json::to_string(typed).unwrap_or_default();
    format!("{:.32x}", Sha256::digest(text))
}

fn sentence(language: Language, ask: &Ask, why: &Text) -> String {
    format!("“{}” {}", ask.label.trim_end_matches([':', ' ']), why.in_language(language))
}
