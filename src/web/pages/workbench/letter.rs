//! `/procedure/letters/NAME` and `/proposals/ID/letters/NAME`: the texts of a letter in both languages, and the letter as it
//! goes, on a complaint that is made up or on one that the reader may see. The owner of a proposal writes both texts at once.

use super::head::head;
use super::{allowed, said, trouble};
use crate::calendar::Moment;
use crate::complaint::{Case, Language};
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::guard::EDITOR_POLICY;
use crate::web::own_form::{Elsewhere, TypedForm};
use crate::web::page::{Page, Shown};
use crate::web::pages::complaint::seen;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{
    FileEdit, LetterPreview, PlaceholderKind, ProposalState, Published, WorkflowError, message_file,
};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The largest form in bytes: two files, as a form writes them.
pub(in crate::web) const FORM: usize = 8 << 20;

/// What stands before the language of a text in the form, and of the mark of the text that was seen.
const TEXT: &str = "text.";
const SEEN: &str = "seen.";

pub(in crate::web) async fn in_force(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    if !folder.message_names().contains(&name) {
        return Err(Trouble::NotFound);
    }
    let asked = Asked::of(&page, &signed, query.as_deref()).await?;
    let preview = preview(&page, Some(page.workflow.published()), &name, &asked).await?;
    let texts = texts(&signed, &folder, &name, None, &|_| String::new());
    let of = context! {
        texts, is_proposal => false, may_write => false, found => Vec::<Value>::new(), at => format!("/procedure/letters/{name}"),
        list => "/procedure/letters", mistake => (), ..previewed(&signed, &name, preview.as_ref(), &asked)
    };
    let title = say(signed.language, "letter_title", &[("letter", &name)]);
    page.show(&signed, StatusCode::OK, Shown { template: "letter", title, here: "/procedure", of })
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((id, name)): Path<(i64, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let asked = Asked::of(&page, &signed, query.as_deref()).await?;
    form(&page, &signed, (id, &name), &asked, None).await
}

/// What was typed and is not kept, and why.
type Unkept<'f> = (String, &'f Fields);

async fn form(
    page: &Page,
    signed: &Signed,
    (id, name): (i64, &str),
    asked: &Asked,
    unkept: Option<Unkept<'_>>,
) -> Result<Response, Trouble> {
    let may = allowed(page, signed).await?;
    let opened = page.workflow.proposals().one(id).await.map_err(trouble)?;
    if !opened.folder.message_names().contains(name) && !opened.base.message_names().contains(name) {
        return Err(Trouble::NotFound);
    }
    let dates = Dates::now(page, signed.language).await?;
    let checked = page.workflow.check_folder(opened.folder.clone()).await?;
    let is_of_it = |d: &&Diagnostic| Language::ALL.iter().any(|l| d.at.file == message_file(*l, name));
    let found: Vec<Value> =
        checked.diagnostics.iter().filter(is_of_it).map(|d| said::diagnostic(signed.language, d)).collect();
    let preview = preview(page, checked.published.clone(), name, asked).await?;
    let is_mine = may.change && opened.proposal.owner.eq_ignore_ascii_case(&signed.person.email);
    let may_write = is_mine && opened.proposal.state == ProposalState::Open;
    let typed = unkept.as_ref().map(|(_, typed)| *typed);
    let texts = texts(signed, &opened.folder, name, typed, &|path| opened.mark(path));
    let mistake = unkept.map(|(mistake, _)| mistake);
    let (status, key) = match mistake {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "letter_title_wrong"),
        None => (StatusCode::OK, "letter_title"),
    };
    let of = context! {
        texts, is_proposal => true, may_write, found, mistake, at => format!("/proposals/{id}/letters/{name}"),
        list => format!("/proposals/{id}/letters"), does_not_load => checked.published.is_none(),
        proposal => head(page, signed, &dates, &opened), ..previewed(signed, name, preview.as_ref(), asked)
    };
    let title = say(signed.language, key, &[("letter", name)]);
    let mut answer =
        page.show(signed, status, Shown { template: "letter", title, here: "/procedure", of })?;
    if may_write {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(EDITOR_POLICY));
    }
    Ok(answer)
}

/// The complaint on which somebody wants to see a letter.
#[derive(Default)]
struct Asked {
    /// What was typed.
    reference: String,
    case: Option<(Case, Moment)>,
    /// True where it is none that this person may see.
    is_unknown: bool,
}

impl Asked {
    async fn of(page: &Page, signed: &Signed, query: Option<&str>) -> Result<Self, Trouble> {
        let reference = Fields::of_query(query).get("complaint").trim().to_owned();
        if reference.is_empty() {
            return Ok(Self::default());
        }
        match seen(page, signed, &reference).await {
            Ok((_, case)) => {
                let now = page.workflow.now().await?;
                Ok(Self { reference, case: Some((case, now)), is_unknown: false })
            }
            Err(Trouble::NotFound) => Ok(Self { reference, case: None, is_unknown: true }),
            Err(other) => Err(other),
        }
    }
}

/// Words a letter behind what others do.
async fn preview(
    page: &Page,
    published: Option<Arc<Published>>,
    name: &str,
    asked: &Asked,
) -> Result<Option<LetterPreview>, Trouble> {
    let Some(published) = published else { return Ok(None) };
    let (workflow, name, case) = (Arc::clone(&page.workflow), name.to_owned(), asked.case.clone());
    let work = tokio::task::spawn_blocking(move || {
        workflow.preview_letter(&published, &name, case.as_ref().map(|(case, now)| (case, *now)))
    });
    Ok(work.await.map_err(|_| WorkflowError::Interrupted)?)
}

/// Returns the text of each language, as a form holds it: what was typed, else what is kept.
fn texts(
    signed: &Signed,
    folder: &RulesFolder,
    name: &str,
    typed: Option<&Fields>,
    mark: &dyn Fn(&str) -> String,
) -> Vec<Value> {
    let text = |language: &Language| {
        let path = message_file(*language, name);
        let kept = folder.text(&path);
        let typed = typed.map(|typed| typed.get(&format!("{TEXT}{language}")).to_owned());
        // What stands in the proposal is shown beside what was typed, where the two differ.
        let kept_beside = typed.as_deref().and_then(|typed| kept.filter(|kept| *kept != typed));
        let text = typed.clone().unwrap_or_else(|| kept.unwrap_or_default().to_owned());
        context! {
            language => language.as_str(), label => say(signed.language, called(*language), &[]), rows => text.lines().count().clamp(10, 40), seen => mark(&path), kept_beside,
            is_missing => kept.is_none(), path, text,
        }
    };
    Language::ALL.iter().map(text).collect()
}

/// Returns a letter as it goes, as a template shows it.
fn previewed(signed: &Signed, name: &str, preview: Option<&LetterPreview>, asked: &Asked) -> Value {
    let label = |language: &Language| say(signed.language, called(*language), &[]);
    let words = preview.iter().flat_map(|preview| &preview.words).map(|(language, words)| match words {
        // The renderer escapes what people typed, and shows markup of the template as text.
        Ok(words) => context! {
            language => language.as_str(), label => label(language), subject => words.subject, text => words.text, wrong => (),
            mail => Value::from_safe_string(words.html.clone()),
        },
        Err(why) => context! { language => language.as_str(), label => label(language), wrong => why.in_language(signed.language) },
    });
    let placeholders = preview.iter().flat_map(|preview| &preview.placeholders).map(|one| {
        let kind = say(signed.language, kind(one.kind), &[]);
        let help = one.help.map(|help| help.in_language(signed.language));
        context! { path => one.path, kind, help, is_certain => one.is_certain }
    });
    context! {
        letter => name, is_part => name.starts_with('_'), words => words.collect::<Vec<_>>(),
        placeholders => placeholders.collect::<Vec<_>>(), complaint => asked.reference, is_real => asked.case.is_some(),
        is_unknown => asked.is_unknown, is_about_complaint => preview.is_none_or(|preview| preview.is_about_complaint),
        has_preview => preview.is_some(), does_not_load => false,
    }
}

/// Returns the key of what a language is called.
fn called(language: Language) -> &'static str {
    match language {
        Language::Dutch => "letter_in_nl",
        Language::English => "letter_in_en",
    }
}

/// Returns the key of what a kind of placeholder is called.
fn kind(kind: PlaceholderKind) -> &'static str {
    match kind {
        PlaceholderKind::Text => "placeholder_text",
        PlaceholderKind::Number => "placeholder_number",
        PlaceholderKind::YesNo => "placeholder_yes_no",
        PlaceholderKind::Date => "placeholder_date",
        PlaceholderKind::Moment => "placeholder_moment",
        PlaceholderKind::Term => "placeholder_term",
        PlaceholderKind::NamedTerm => "placeholder_named_term",
        PlaceholderKind::List => "placeholder_list",
        PlaceholderKind::Any => "placeholder_any",
    }
}

/// Keeps both texts.
pub(in crate::web) async fn keep(
    State(page): State<Arc<Page>>,
    Path((id, name)): Path<(i64, String)>,
    TypedForm { sender, fields: typed }: TypedForm,
) -> Result<Response, Trouble> {
    let edits = edits(&name, &typed);
    let proposals = page.workflow.proposals();
    let signed = match sender {
        Ok(signed) => signed,
        Err(Elsewhere { session, trouble: why }) => {
            if let Some(session) = session {
                proposals.write_of_session(&session, id, edits).await.map_err(trouble)?;
            }
            return Err(why);
        }
    };
    allowed(&page, &signed).await?;
    match proposals.write_all(id, &signed.person.email, &edits).await {
        Ok(()) => Ok(see_other(&format!("/proposals/{id}/letters/{name}"))),
        Err(e) => match said::mistake(&page, signed.language, &e) {
            Some(mistake) => {
                form(&page, &signed, (id, &name), &Asked::default(), Some((mistake, &typed))).await
            }
            None => Err(trouble(e)),
        },
    }
}

/// Returns the texts that were typed. A language that is not written yet, and stays empty, is left out.
fn edits(name: &str, typed: &Fields) -> Vec<FileEdit> {
    let edit = |language: &Language| {
        let seen = typed.get(&format!("{SEEN}{language}")).to_owned();
        let text = typed.get(&format!("{TEXT}{language}")).to_owned();
        let text = (!seen.is_empty() || !text.trim().is_empty()).then_some(text);
        FileEdit { path: message_file(*language, name), seen, text }
    };
    Language::ALL.iter().map(edit).collect()
}
