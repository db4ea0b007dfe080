//! What somebody has posted, and whose it is: a browser may still show the form of who was signed in before, and a session may be
//! over while somebody types.

use super::cookie;
use super::form::Fields;
use super::page::Page;
use super::signed::Signed;
use super::trouble::Trouble;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What stands before the address of who opened a form, in the name of the field that says the session
/// (`assets/templates/own.html`).
const OPENED_BY: &str = "of.";

/// A posted form of who is signed in; a handler that takes it answers nobody else, and no form of somebody else.
#[derive(Clone, Debug)]
pub(super) struct OwnForm {
    pub signed: Signed,
    pub fields: Fields,
}

/// A posted form with words that are not to be lost, whoever sends it.
#[derive(Clone, Debug)]
pub(super) struct TypedForm {
    /// Who is signed in, where it is theirs.
    pub sender: Result<Signed, Elsewhere>,
    pub fields: Fields,
}

/// A form that is of no present session of its person.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    /// The digest of the session in which it was opened, for whose person it is kept; none where that is not known.
    pub session: Option<String>,
    /// What is answered.
    pub trouble: Trouble,
}

impl FromRequest<Arc<Page>> for TypedForm {
    type Rejection = Response;

    async fn from_request(request: Request, page: &Arc<Page>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let signed = Signed::from_request_parts(&mut parts, page).await;
        let present = cookie::read(&page.door, &parts.headers).map(|token| token.digest());
        let body = Bytes::from_request(Request::from_parts(parts, body), page).await;
        let fields = Fields::read(&body.map_err(IntoResponse::into_response)?);
        let (typist, session) = fields.under(OPENED_BY).next().unwrap_or_default();
        let session = Some(session.to_owned()).filter(|session| !session.is_empty());
        let sender = match signed {
            Ok(signed) if typist.is_empty() || typist == signed.person.email => Ok(signed),
            Ok(_) => Err(Elsewhere { session, trouble: Trouble::OfAnother }),
            Err(first @ Trouble::SignInFirst(_)) => {
                Err(Elsewhere { session: session.or(present), trouble: first })
            }
            Err(trouble) => Err(Elsewhere { session: None, trouble }),
        };
        Ok(Self { sender, fields })
    }
}

impl FromRequest<Arc<Page>> for OwnForm {
    type Rejection = Response;

    async fn from_request(request: Request, page: &Arc<Page>) -> Result<Self, Response> {
        let TypedForm { sender, fields } = TypedForm::from_request(request, page).await?;
        let signed = sender.map_err(|elsewhere| elsewhere.trouble.into_response())?;
        Ok(Self { signed, fields })
    }
}
