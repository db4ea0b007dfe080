//! Opening the page: beside the figures, or on a port of its own; and the link of a first start.

use super::port::listen;
use crate::app::App;
use crate::cli::{Failure, Output};
use crate::web::{self, Door};
use crate::workflow::FirstLink;
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

const HOUR_MILLIS: u64 = 3_600_000;

/// A port and what is answered there.
type Port = (TcpListener, Router);

/// Returns what is answered where the server listens, and the port of the page where that is another. Says where the page
/// is, and while nobody has a password, by which link somebody chooses the first.
pub(super) async fn open(
    app: &App,
    bound: SocketAddr,
    output: &Output,
) -> Result<(Router, Option<Port>), Failure> {
    let figures = web::figures(Arc::clone(&app.workflow), Arc::clone(&app.watchdog));
    let settings = &app.settings.web;
    if app.workflow.is_survey_unlinked() {
        output.line("survey: on, but no letter carries it; set web.public_url in redress.toml");
    }
    let Some(door) = Door::of(settings) else {
        output.line("page:   none; set web.public_url in redress.toml, so that passwords travel by TLS only");
        return Ok((figures, None));
    };
    let pages = web::pages(Arc::clone(&app.workflow), Arc::clone(&app.plugins), door.clone());
    let (figures, own, bound) = match settings.listen == app.settings.listen {
        true => (figures.merge(pages), None, bound),
        false => {
            let listener = listen(settings.listen, "web.listen").await?;
            let bound = listener.local_addr()?;
            (figures, Some((listener, pages)), bound)
        }
    };
    let base = door.base(bound);
    output.line(format!("page:   {base}/"));
    match app.workflow.accounts().first_link().await {
        Ok(None) => {}
        Ok(Some(first)) => output.line(first_sign_in(&first, &base)),
        // The procedure goes on without the page.
        Err(e) => tracing::error!("nobody can sign in yet; `redress user add` makes a link: {e}"),
    }
    Ok((figures, own))
}

/// Says by which link somebody chooses the first password.
fn first_sign_in(first: &FirstLink, base: &str) -> String {
    let email = &first.person.email;
    match &first.token {
        Some(token) => format!(
            "first sign-in, as {email}, once and within {} hours: {base}/welcome/{}",
            first.left_millis.unsigned_abs().div_ceil(HOUR_MILLIS),
            token.expose()
        ),
        None => format!(
            "first sign-in, as {email}: by the link that was given; `redress user passwd {email}` prints another"
        ),
    }
}

/// Answers on one port or both until told to stop.
pub(super) async fn serve((listener, router): Port, page: Option<Port>, stop: impl Future<Output = ()>) {
    let Some((own, pages)) = page else { return web::serve(listener, router, stop).await };
    let (stopping, mut stopped) = watch::channel(());
    let figures = async {
        web::serve(listener, router, stop).await;
        drop(stopping);
    };
    let end = async move {
        let _ = stopped.changed().await;
    };
    tokio::join!(figures, web::serve(own, pages, end));
}
