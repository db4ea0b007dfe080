//! `/welcome/TOKEN`: choosing a password by a one-time link. Looking at it uses nothing up.

use crate::accounts::{Token, UnfitPassword};
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::AccountError;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    Path(token): Path<String>,
) -> Result<Response, Trouble> {
    let Some(token) = Token::read(&token) else { return spent(&page) };
    form(&page, &token, "").await
}

async fn form(page: &Page, token: &Token, mistake: &str) -> Result<Response, Trouble> {
    let Some(person) = page.workflow.accounts().welcomed(token).await? else { return spent(page) };
    let language = page.language();
    let (title, status) = match mistake {
        "" => ("welcome_title", StatusCode::OK),
        _ => ("welcome_title_wrong", StatusCode::UNPROCESSABLE_ENTITY),
    };
    let mistake = if mistake.is_empty() { String::new() } else { say(language, mistake, &[]) };
    let of = context! { token => token.expose(), name => person.name, address => person.email, mistake };
    page.show_anybody(status, Shown { template: "welcome", title: say(language, title, &[]), here: "", of })
}

fn spent(page: &Page) -> Result<Response, Trouble> {
    let language = page.language();
    let of = context! { text => say(language, "welcome_spent", &[]) };
    let title = say(language, "welcome_title", &[]);
    page.show_anybody(StatusCode::GONE, Shown { template: "message", title, here: "", of })
}

pub(in crate::web) async fn choose(
    State(page): State<Arc<Page>>,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response, Trouble> {
    let Some(token) = Token::read(&token) else { return spent(&page) };
    let fields = Fields::read(&body);
    if fields.get("password") != fields.get("again") {
        return form(&page, &token, "welcome_differs").await;
    }
    match page.workflow.accounts().choose_password(&token, fields.get("password")).await {
        Ok(_) => Ok(see_other("/sign-in")),
        Err(AccountError::Unfit(why)) => {
            let mistake = match why {
                UnfitPassword::Short => "welcome_short",
                UnfitPassword::Long => "welcome_long",
                UnfitPassword::Guessable => "welcome_guessable",
            };
            form(&page, &token, mistake).await
        }
        Err(AccountError::Store(e)) => Err(e.into()),
        Err(_) => spent(&page),
    }
}
