//! `redress deliveries`: the outbox, every attempt, and sending again.

use super::actor::actor;
use super::output::clip;
use super::{Failure, Output};
use crate::app::{App, Places};
use crate::calendar::{Calendar, Moment, TimeOfDay};
use crate::store::{DeliveryFilter, DeliveryState, DeliverySummary, Replay, ReplayEnd};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Deliveries {
    /// List deliveries, newest first
    List {
        /// queued, accepted or dead
        #[arg(long, value_parser = states())]
        state: Option<DeliveryState>,
        #[arg(long)]
        plugin: Option<String>,
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Show one delivery: what is sent, and every attempt
    Show { id: String },
    /// Send mail again to a colleague's address that had come back
    Resume {
        address: String,
        /// Who does so; the system when not given
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Send deliveries again, or now: those named, whatever became of them, or dead ones since a day
    Retry {
        #[arg(required_unless_present = "since")]
        ids: Vec<String>,
        /// Everything that died at or after this day or moment: 2026-11-22, or RFC 3339
        #[arg(long, conflicts_with = "ids")]
        since: Option<String>,
        /// With --since: of this plugin only
        #[arg(long, requires = "since")]
        plugin: Option<String>,
        /// Who does so; the system when not given
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
}

impl Deliveries {
    pub async fn run(self, look: &Places, change: &Places, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List { state, plugin, limit } => {
                list(&App::open(look).await?, &DeliveryFilter { state, plugin }, limit, output).await
            }
            Self::Show { id } => show(&App::open(look).await?, &id, output).await,
            Self::Resume { address, by } => {
                let app = App::open(change).await?;
                let by = actor(&app, by.as_deref())?;
                let was_bouncing = app.workflow.operations().resume_address(&address, by).await?;
                if output.json {
                    output.document(&json!({"address": address, "was_bouncing": was_bouncing}));
                } else if was_bouncing {
                    output.line(format!("{address} gets mail again; what waited goes out within a day"));
                } else {
                    output.line(format!("mail to {address} was not held"));
                }
                Ok(())
            }
            Self::Retry { ids, since, plugin, by } => {
                let app = App::open(change).await?;
                let by = actor(&app, by.as_deref())?;
                let replay = match since {
                    Some(text) => Replay::Since {
                        since: parse_since(&text, &app.settings.calendar)?,
                        plugin: plugin.as_deref(),
                    },
                    None => Replay::Ids(&ids),
                };
                let replayed = match app.workflow.operations().replay(replay, by).await? {
                    ReplayEnd::Queued(replayed) => replayed.len(),
                    ReplayEnd::Unknown(ids) => {
                        return Err(Failure::usage(format!(
                            "there is no delivery {}; nothing was put back\n  help: `redress deliveries list`",
                            ids.join(", ")
                        )));
                    }
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

fn states() -> impl TypedValueParser<Value = DeliveryState> {
    let names = DeliveryState::ALL.iter().map(|state| state.as_str());
    PossibleValuesParser::new(names).try_map(|name| name.parse())
}

async fn list(app: &App, filter: &DeliveryFilter, limit: usize, output: &Output) -> Result<(), Failure> {
    let found = app.workflow.reading().deliveries(filter, limit).await?;
    if output.json {
        output.document(&found);
        return Ok(());
    }
    let row = |d: DeliverySummary| {
        let error = clip(&d.last_error.unwrap_or_default(), 60);
        vec![d.id, d.plugin, d.topic, d.recipient, d.state.to_string(), d.attempts.to_string(), error]
    };
    let rows: Vec<_> = found.into_iter().map(row).collect();
    output.table(&["delivery", "plugin", "what", "to", "state", "tries", "error"], &rows);
    Ok(())
}

async fn show(app: &App, id: &str, output: &Output) -> Result<(), Failure> {
    let found = app.workflow.reading().delivery(id).await?;
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
    if s.state == DeliveryState::Queued {
        output.line(format!("next try:  {}", at(s.next_at)));
    }
    let rows: Vec<Vec<String>> = d
        .tried
        .iter()
        .map(|t| vec![at(t.at), format!("{} ms", t.millis), t.outcome.to_string(), clip(&t.detail, 200)])
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
