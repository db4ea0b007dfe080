//! The page of the demonstration: a person for each role to sign in as, on this computer only, until Ctrl-C. Time stands
//! where the demonstration ended.

use super::super::serve::stop;
use super::super::{Failure, Output};
use crate::app::App;
use crate::complaint::{Actor, Role};
use crate::config::Person;
use crate::web::{self, Door};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Offers the page, says who can sign in, and does what follows from what they do.
pub(super) async fn serve(app: &App, output: &Output) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let password = crate::random::hex::<6>();
    output.line(format!("\nThe page:  http://{}/", listener.local_addr()?));
    output.line(format!("Sign in with the password {password} as"));
    let mut rows = Vec::new();
    for (person, role) in one_for_each_role(app) {
        let token = app.workflow.accounts().add(&person.email, Actor::System).await;
        let token = token.map_err(|e| Failure::new(e.to_string()))?;
        let chosen = app.workflow.accounts().choose_password(&token, &password).await;
        chosen.map_err(|e| Failure::new(e.to_string()))?;
        rows.push(vec![role.as_str().to_owned(), person.email.clone(), person.name.clone()]);
    }
    output.table(&["role", "email", "name"], &rows);
    output.line("\nTime stands still, and nothing leaves this computer. Ctrl-C ends it.");
    let ends = Arc::new(AtomicBool::new(false));
    let mut parts = JoinSet::new();
    parts.spawn(Arc::clone(&app.workflow).run(Arc::clone(&ends)));
    parts.spawn(Arc::clone(&app.runner).run(Arc::clone(&ends)));
    let told_to_stop = async {
        stop().await;
        ends.store(true, Ordering::Relaxed);
        app.workflow.wake();
    };
    let pages = web::pages(Arc::clone(&app.workflow), Arc::clone(&app.plugins), Door::Loopback);
    web::serve(listener, pages, told_to_stop).await;
    while parts.join_next().await.is_some() {}
    Ok(())
}

/// Returns the first person of each role, by the order of the settings; nobody twice.
fn one_for_each_role(app: &App) -> Vec<(&Person, &Role)> {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for person in app.settings.people.iter() {
        let new: Vec<&Role> = person.roles.iter().filter(|role| seen.insert(*role)).collect();
        found.extend(new.first().map(|role| (person, *role)));
    }
    found
}
