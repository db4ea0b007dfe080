//! `/me/second-factor`: setting up a second factor by an app on a telephone, and giving it up; the password is asked for both.

use crate::accounts::{RecoveryCode, Token};
use crate::web::dates::Dates;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::qr::Qr;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::FactorChange;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

pub(in crate::web) async fn ask(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    form(&page, &signed, Token::new(), "").await
}

async fn form(page: &Page, signed: &Signed, name: Token, mistake: &str) -> Result<Response, Trouble> {
    let (accounts, language) = (page.workflow.accounts(), signed.language);
    let dates = Dates::now(page, language).await?;
    let standing = accounts.second_factor(&signed.person).await?;
    let standing = standing.map(|s| context! { since => dates.moment(s.since), codes_left => s.codes_left });
    let secret = accounts.shared_secret(&signed.person, &name);
    let organisation = format!("Redress {}", page.workflow.settings().organisation);
    let qr = Qr::of(&secret.address(organisation.trim(), &signed.person.email));
    let (title, status) = match mistake {
        "" => ("factor_title", StatusCode::OK),
        _ => ("factor_title_wrong", StatusCode::UNPROCESSABLE_ENTITY),
    };
    let mistake = if mistake.is_empty() { String::new() } else { say(language, mistake, &[]) };
    let of = context! {
        standing, mistake, name => name.expose(), secret => secret.words(),
        qr => qr.map(|qr| context! { size => qr.size, path => qr.path }),
    };
    page.show(
        signed,
        status,
        Shown { template: "second_factor", title: say(language, title, &[]), here: "/me", of },
    )
}

pub(in crate::web) async fn take(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let Some(name) = Token::read(fields.get("name")) else { return Ok(see_other("/me/second-factor")) };
    let proofs = (fields.get("password"), fields.get("code"));
    match page.workflow.accounts().take_factor(&signed.person, &name, proofs).await? {
        FactorChange::Taken(codes) => shown(&page, &signed, &codes),
        FactorChange::WrongPassword => form(&page, &signed, name, "factor_wrong_password").await,
        FactorChange::WrongCode => form(&page, &signed, name, "factor_wrong_code").await,
        FactorChange::Given | FactorChange::AsItWas => Ok(see_other("/me/second-factor")),
    }
}

/// Shows the recovery codes, which no page shows again.
fn shown(page: &Page, signed: &Signed, codes: &[RecoveryCode]) -> Result<Response, Trouble> {
    let codes: Vec<String> = codes.iter().map(RecoveryCode::words).collect();
    let title = say(signed.language, "codes_title", &[]);
    page.show(
        signed,
        StatusCode::OK,
        Shown { template: "recovery_codes", title, here: "/me", of: context! { codes } },
    )
}

pub(in crate::web) async fn give_up(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    match page.workflow.accounts().give_up_factor(&signed.person, fields.get("password")).await? {
        FactorChange::WrongPassword => form(&page, &signed, Token::new(), "factor_wrong_password").await,
        _ => Ok(see_other("/me")),
    }
}
