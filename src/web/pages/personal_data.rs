//! `/personal-data`: what is kept of one person, for who sees every complaint. The address is sent along, so that it stands in no
//! address of a page and no log.

use super::complaint_view::visible;
use super::dossier::sent;
use crate::intake::{TEXT_CHARACTERS, attachments_bytes};
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::{counted, say};
use crate::web::trouble::Trouble;
use crate::workflow::{
    DossierError, DossierWish, NamedAs, NamingComplaint, PersonalData, PersonalDataError, PersonalDataWish,
};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::io;
use std::sync::Arc;

/// The complaints and the mails that are named on the page.
const NAMED: usize = 200;
/// The longest address that is looked for, in bytes.
const LONGEST: usize = 320;

impl From<PersonalDataError> for Trouble {
    fn from(error: PersonalDataError) -> Self {
        match error {
            PersonalDataError::Busy => Self::Busy,
            PersonalDataError::Dossier(_, DossierError::Workflow(error))
            | PersonalDataError::Workflow(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

async fn allowed(page: &Page, signed: &Signed) -> Result<(), Trouble> {
    if page.workflow.audits(&signed.person.email).await? { Ok(()) } else { Err(Trouble::NotFound) }
}

/// Returns whether something may be the address of somebody.
pub(in crate::web) fn is_address(typed: &str) -> bool {
    typed.len() <= LONGEST && typed.contains('@') && !typed.contains(char::is_control)
}

pub(in crate::web) async fn ask(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    shown(&page, &signed, (StatusCode::OK, ""), None).await
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    match asked(&page, &signed, &fields).await? {
        Err(wrong) => Ok(wrong),
        Ok(address) => {
            let data = page.workflow.personal_data(wish(&signed, address)).await?;
            let found = found(&signed, &data).await?;
            shown(&page, &signed, (StatusCode::OK, address), Some(found)).await
        }
    }
}

pub(in crate::web) async fn download(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    match asked(&page, &signed, &fields).await? {
        Err(wrong) => Ok(wrong),
        Ok(address) => file(&page, &signed, address).await,
    }
}

/// Returns the address that is asked for; the form anew where that is none.
async fn asked<'f>(
    page: &Page,
    signed: &Signed,
    fields: &'f Fields,
) -> Result<Result<&'f str, Response>, Trouble> {
    allowed(page, signed).await?;
    let typed = fields.get("address").trim();
    match is_address(typed) {
        true => Ok(Ok(typed)),
        false => Ok(Err(shown(page, signed, (StatusCode::UNPROCESSABLE_ENTITY, typed), None).await?)),
    }
}

/// Sends everything that is kept of a person, in one file.
pub(in crate::web) async fn file(page: &Page, signed: &Signed, address: &str) -> Result<Response, Trouble> {
    let failed = |e: io::Error| Trouble::Failed(format!("what is kept of a person cannot be written: {e}"));
    let file = page.workflow.scratch().map_err(failed)?;
    let written = file.try_clone().map_err(failed)?;
    let dossiers =
        DossierWish { language: signed.language, open: attachments_bytes, longest: TEXT_CHARACTERS };
    let data = page.workflow.personal_data(wish(signed, address)).await?;
    data.write(dossiers, written).await?;
    sent(file, "personal-data.zip").await
}

fn wish(signed: &Signed, address: &str) -> PersonalDataWish {
    PersonalDataWish {
        address: address.to_owned(),
        language: signed.language,
        viewer: Some(signed.person.email.clone()),
    }
}

async fn found(signed: &Signed, data: &PersonalData<'_>) -> Result<Value, Trouble> {
    let complaints = data.complaints().await?;
    let (mut mails, mut after) = (Vec::new(), 0);
    while mails.len() < NAMED {
        let part = data.mails_after(after).await?;
        let Some(last) = part.last() else { break };
        after = last.id;
        mails.extend(
            part.into_iter().map(|mail| context! { at => mail.at, subject => visible(&mail.subject) }),
        );
    }
    let count = |key: &str, n: usize| {
        let key = counted(key, i64::try_from(n).unwrap_or(i64::MAX));
        say(signed.language, &key, &[("n", &n.to_string())])
    };
    let rows: Vec<Value> = complaints.iter().take(NAMED).map(|complaint| row(signed, complaint)).collect();
    let own = data.own_person().map(|own| context! { name => own.name });
    Ok(context! {
        address => data.address(), own, is_nothing => complaints.is_empty() && mails.is_empty(),
        count => count("personal_data_complaints", complaints.len()), are_more => complaints.len() > NAMED, rows,
        are_more_mails => mails.len() >= NAMED, mails, most => NAMED,
    })
}

fn row(signed: &Signed, complaint: &NamingComplaint) -> Value {
    let words = |named: &NamedAs| named.words().in_language(signed.language).to_owned();
    let named: Vec<String> = complaint.named_as.iter().map(words).collect();
    context! { reference => complaint.reference, subject => visible(&complaint.subject), named => named.join(", ") }
}

async fn shown(
    page: &Page,
    signed: &Signed,
    (status, typed): (StatusCode, &str),
    found: Option<Value>,
) -> Result<Response, Trouble> {
    let title = say(signed.language, "personal_data_title", &[]);
    let is_wrong = status == StatusCode::UNPROCESSABLE_ENTITY;
    let of = context! { typed, is_wrong, found };
    page.show(signed, status, Shown { template: "personal_data", title, here: "/reports", of })
}
