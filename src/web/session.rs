//! The session of a request: by the cookie of the browser, or to the page where one signs in.

use super::cookie;
use super::page::Page;
use super::signed::Signed;
use super::trouble::Trouble;
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use std::sync::Arc;

impl FromRequestParts<Arc<Page>> for Signed {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Trouble> {
        let path = match (&parts.method, parts.uri.path_and_query()) {
            (&Method::GET | &Method::HEAD, Some(asked)) => asked.as_str(),
            _ => parts.uri.path(),
        };
        let first = || Trouble::SignInFirst(path.to_owned());
        let token = cookie::read(&page.door, &parts.headers).ok_or_else(first)?;
        let signed = page.workflow.accounts().signed_in(&token).await?.ok_or_else(first)?;
        let chosen = signed.language.or(signed.person.language);
        let language = chosen.unwrap_or(page.language());
        let menu = page.workflow.menu(&signed.person.email).await?;
        Ok(Self { person: signed.person, session: signed.session, menu, language })
    }
}
