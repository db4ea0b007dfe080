//! `redress user`: who may sign in to the page. Passwords are chosen by one-time links and stand on no command line.

use super::actor::actor;
use super::{Failure, Output};
use crate::accounts::Token;
use crate::app::App;
use crate::workflow::AccountError;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Let one of the people of redress.toml sign in; prints the one-time link by which they choose a password
    Add(Of),
    /// Print a new one-time link by which somebody chooses another password
    Passwd(Of),
    /// Keep somebody out; where the person is signed in, that ends
    Lock(Of),
    /// Let somebody in again who was locked out, or who must wait after failed attempts
    Unlock(Of),
    /// Take away the second factor of somebody who has lost it and the recovery codes
    ResetFactor(Of),
    /// List who may sign in
    List,
}

#[derive(Debug, clap::Args)]
pub(super) struct Of {
    /// The address by which redress.toml names the person
    email: String,
    /// Who does this
    #[arg(long = "as", value_name = "EMAIL")]
    by: Option<String>,
}

impl UserCommand {
    /// Returns whether it changes anything.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::List)
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let accounts = app.workflow.accounts();
        let by = |of: &Of| actor(app, of.by.as_deref());
        match self {
            Self::Add(of) => {
                let token = accounts.add(&of.email, by(&of)?).await.map_err(failure)?;
                link(app, output, &of.email, &token);
            }
            Self::Passwd(of) => {
                let token = accounts.renew(&of.email, by(&of)?).await.map_err(failure)?;
                link(app, output, &of.email, &token);
            }
            Self::Lock(of) => {
                accounts.lock(&of.email, by(&of)?).await.map_err(failure)?;
                done(output, &of.email, "locked");
            }
            Self::Unlock(of) => {
                accounts.unlock(&of.email, by(&of)?).await.map_err(failure)?;
                done(output, &of.email, "may sign in");
            }
            Self::ResetFactor(of) => {
                accounts.reset_factor(&of.email, by(&of)?).await.map_err(failure)?;
                done(output, &of.email, "has no second factor");
            }
            Self::List => list(app, output).await?,
        }
        Ok(())
    }
}

fn failure(error: AccountError) -> Failure {
    match error {
        AccountError::Store(e) => e.into(),
        other => Failure::new(other.to_string()),
    }
}

fn done(output: &Output, email: &str, standing: &str) {
    match output.json {
        true => output.document(&json!({"email": email.to_lowercase(), "standing": standing})),
        false => output.line(format!("{}: {standing}", email.to_lowercase())),
    }
}

fn link(app: &App, output: &Output, email: &str, token: &Token) {
    let base = app.settings.web.base(app.settings.web.listen);
    let url = format!("{base}/welcome/{}", token.expose());
    match output.json {
        true => output.document(&json!({"email": email.to_lowercase(), "link": url})),
        false => {
            output.line(format!("{}: {url}", email.to_lowercase()));
            output.line("it counts once, and for 24 hours; hand it to nobody else");
        }
    }
}

async fn list(app: &App, output: &Output) -> Result<(), Failure> {
    let rows = app.workflow.accounts().all().await?.into_iter().map(|account| {
        let person = app.settings.people.find(&account.email);
        let standing = match (&person, account.is_locked, &account.password) {
            (None, ..) => "not in redress.toml",
            (_, true, _) => "locked",
            (_, _, None) => "no password yet",
            (_, _, Some(_)) => "may sign in",
        };
        (account.email.clone(), person.map(|p| p.name.clone()).unwrap_or_default(), standing)
    });
    let rows: Vec<_> = rows.collect();
    if output.json {
        let rows = rows
            .iter()
            .map(|(email, name, standing)| json!({"email": email, "name": name, "standing": standing}));
        output.document(&rows.collect::<Vec<_>>());
        return Ok(());
    }
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(email, name, standing)| vec![email, name, standing.to_owned()]).collect();
    output.table(&["email", "name", "standing"], &rows);
    Ok(())
}
