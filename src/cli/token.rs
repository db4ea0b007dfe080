//! `redress token`: the keys by which programs use the interface, each in the name of a person.

use super::actor::actor;
use super::why::local;
use super::{Failure, Output};
use crate::accounts::Scope;
use crate::app::App;
use crate::complaint::Via;
use crate::workflow::{AccountError, TokenWish, USUAL_DAYS, is_over};
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a key in the name of one of the people of redress.toml; it is printed this once
    Add(Add),
    /// List the keys that were not ended
    List,
    /// End a key; whatever uses it is let in no more
    End(End),
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// What it is called, as "crm" or "dashboard"
    name: String,
    /// The person in whose name it is used; it may never do more than they may
    #[arg(long = "for", value_name = "EMAIL")]
    person: String,
    /// What it is good for: complaints:read, complaints:act, reports:read, deliveries:read, deliveries:replay,
    /// plugins:change, rules:read, rules:change, people:change, complaints:import
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// The days for which it counts, at most 730
    #[arg(long, default_value_t = USUAL_DAYS)]
    days: i64,
    /// Who does this
    #[arg(long = "as", value_name = "EMAIL")]
    by: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct End {
    /// The key, as `redress token list` names it
    id: String,
    /// Who does this
    #[arg(long = "as", value_name = "EMAIL")]
    by: Option<String>,
}

impl TokenCommand {
    /// Returns whether it changes anything.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::List)
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(app, output).await,
            Self::List => list(app, output).await,
            Self::End(end) => end.run(app, output).await,
        }
    }
}

impl Add {
    async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let by = actor(app, self.by.as_deref())?;
        let wish = TokenWish { name: &self.name, scopes: &self.scopes, days: self.days };
        let made = app.workflow.accounts().make_token(&self.person, wish, (by, Via::CommandLine)).await;
        let made = made.map_err(|e| match e {
            AccountError::Store(e) => e.into(),
            other => Failure::new(other.to_string()),
        })?;
        if output.json {
            let ends_at = app.settings.calendar.rfc3339(made.token.ends_at);
            output.document(&json!({"id": made.token.id, "key": made.key, "ends_at": ends_at}));
            return Ok(());
        }
        output.line(made.key);
        output.line(format!(
            "key {} of {} counts until {}; it is not shown again",
            made.token.id,
            made.token.email,
            local(app, made.token.ends_at)
        ));
        Ok(())
    }
}

impl End {
    async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let by = actor(app, self.by.as_deref())?;
        if !app.workflow.accounts().end_token(&self.id, None, (by, Via::CommandLine)).await? {
            return Err(Failure::new(format!(
                "there is no key {} that counts; `redress token list` names them",
                self.id
            )));
        }
        match output.json {
            true => output.document(&json!({"id": self.id, "standing": "ended"})),
            false => output.line(format!("{}: ended", self.id)),
        }
        Ok(())
    }
}

async fn list(app: &App, output: &Output) -> Result<(), Failure> {
    let (tokens, now) = (app.workflow.accounts().all_tokens().await?, app.workflow.now().await?);
    if output.json {
        let at = |moment| app.settings.calendar.rfc3339(moment);
        let rows = tokens.iter().map(|t| {
            json!({
                "id": t.id, "name": t.name, "email": t.email, "scopes": t.good_for(), "made_at": at(t.made_at),
                "ends_at": at(t.ends_at), "used_at": t.used_at.map(at), "is_over": is_over(t, now),
            })
        });
        output.document(&rows.collect::<Vec<_>>());
        return Ok(());
    }
    let row = |t: &crate::store::ApiToken| {
        let used = t.used_at.map_or_else(|| "never".to_owned(), |at| local(app, at));
        let ends = if is_over(t, now) { "over".to_owned() } else { local(app, t.ends_at) };
        vec![t.id.clone(), t.name.clone(), t.email.clone(), t.scopes.clone(), used, ends]
    };
    let rows: Vec<Vec<String>> = tokens.iter().map(row).collect();
    output.table(&["id", "name", "person", "scopes", "used", "until"], &rows);
    Ok(())
}
