//! `redress deliveries`: the outbox, every attempt, and another chance for dead letters.

use super::output::clip;
use super::{Failure, Output};
use crate::app::{App, Places};
use crate::calendar::{Calendar, Moment, TimeOfDay};
use crate::store::DeliveryFilter;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Deliveries {
    /// List deliveries, newest first
    List {
        /// queued, accepted or dead
        #[arg(long, value_parser = ["queued", "accepted", "dead"])]
        state: Option<String>,
        #[arg(long)]
        plugin: Option<String>,
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Show one delivery: what is sent, and every attempt
    Show { id: String },
    /// Send mail again to a colleague's address that had come back
    Resume { address: String },
    /// Put dead deliveries back in the queue, with a fresh round of attempts
    Retry {
        #[arg(required_unless_present = "since")]
        ids: Vec<String>,
        /// Everything that died at or after this day or moment: 2026-11-22, or RFC 3339
        #[arg(long, conflicts_with = "ids")]
        since: Option<String>,
        /// With --since: of this plugin only
        #[arg(long, requires = "since")]
        plugin: Option<String>,
    },
}

impl Deliveries {
    pub async fn run(self, look: &Places, change: &Places, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List { state, plugin, limit } => {
                let filter =
                    DeliveryFilter { state: state.unwrap_or_default(), plugin: plugin.unwrap_or_default() };
                list(&App::open(look).await?, &filter, limit, output).await
            }
            Self::Show { id } => show(&App::open(look).await?, &id, output).await,
            Self::Resume { address } => {
                let app = App::open(change).await?;
                let was_bouncing = app.workflow.store.forget_bounces(&address.to_lowercase()).await?;
                if output.json {
                    output.document(&json!({"address": address, "was_bouncing": was_bouncing}));
                } else if was_bouncing {
                    output.line(format!("{address} gets mail again; what waited goes out within a day"));
                } else {
                    output.line(format!("mail to {address} was not held"));
                }
                Ok(())
            }
            Self::Retry { ids, since, plugin } => {
                let app = App::open(change).await?;
                let now = app.workflow.clock.now();
                let replayed = match since {
                    Some(text) => {
                        let since = parse_since(&text, &app.settings.calendar)?;
                        app.workflow.store.replay_since(since, &plugin.unwrap_or_default(), now).await?
                    }
                    None => app.workflow.store.replay(&ids, now).await?,
                };
                app.turn().await?;
                if output.json {
                    output.document(&json!({"replayed": replayed}));
                } else {
                    output.line(format!("{replayed} put back in the queue"));
                }
                Ok(())
            }
        }
    }
}

async fn list(app: &App, filter: &DeliveryFilter, limit: usize, output: &Output) -> Result<(), Failure> {
    let found = app.workflow.store.deliveries(filter, limit).await?;
    if output.json {
        output.document(&found);
        return Ok(());
    }
    let row = |d: crate::store::DeliverySummary| {
        let error = clip(&d.last_error.unwrap_or_default(), 60);
        vec![d.id, d.plugin, d.topic, d.recipient, d.state, d.attempts.to_string(), error]
    };
    let rows: Vec<_> = found.into_iter().map(row).collect();
    output.table(&["delivery", "plugin", "what", "to", "state", "tries", "error"], &rows);
    Ok(())
}

async fn show(app: &App, id: &str, output: &Output) -> Result<(), Failure> {
    let found = app.workflow.store.delivery(id).await?;
    let d = found
        .ok_or_else(|| Failure::usage(format!("there is no delivery {id}; `redress deliveries list`")))?;
    if output.json {
        output.document(&d);
        return Ok(());
    }
    let at = |m: Moment| app.settings.calendar.rfc3339(m);
    let s = &d.summary;
    output.line(format!("{} to {} by {}: {}", s.topic, s.recipient, s.plugin, s.state));
    output.line(format!("complaint: {}", d.reference.as_deref().unwrap_or("none")));
    output.line(format!("created:   {}", at(s.created_at)));
    if s.state == "queued" {
        output.line(format!("next try:  {}", at(s.next_at)));
    }
    let rows: Vec<Vec<String>> = d
        .tried
        .iter()
        .map(|t| vec![at(t.at), format!("{} ms", t.millis), t.outcome.clone(), clip(&t.detail, 200)])
        .collect();
    output.table(&["attempt", "took", "", "answer"], &rows);
    output.line(format!("\n{:#}", d.payload));
    Ok(())
}

fn parse_since(text: &str, calendar: &Calendar) -> Result<Moment, Failure> {
    if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Moment::from_millis(moment.timestamp_millis()));
    }
    let day = text.parse().ok().and_then(|day| calendar.at(day, TimeOfDay::MIN).ok());
    day.ok_or_else(|| Failure::usage(format!("--since {text} is no day; write it as 2026-11-22")))
}
