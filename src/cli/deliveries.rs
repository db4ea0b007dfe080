//! `redress deliveries`: the outbox, every attempt, and sending again.

use super::actor::actor;
use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::{Calendar, Moment, TimeOfDay};
use crate::complaint::{Actor, Via};
use crate::delivery::NotReplayable;
use crate::store::{DeliveryFilter, DeliveryState, DeliverySummary, Replay, ReplayEnd, ReplayFilter};
use crate::workflow::MissedWish;
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Deliveries {
    /// List deliveries, newest first
    List {
        /// Those in this state: queued, accepted or dead
        #[arg(long, value_parser = states())]
        state: Option<DeliveryState>,
        /// Those of this plugin
        #[arg(long)]
        plugin: Option<String>,
        /// Those of this kind, as event.entered or notification.decision
        #[arg(long)]
        topic: Option<String>,
        /// Those decided at or after this day or moment: 2026-11-22, or RFC 3339
        #[arg(long)]
        since: Option<String>,
        /// Those decided before this day or moment
        #[arg(long)]
        until: Option<String>,
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
    /// Send deliveries again, or now: those named, whatever became of them, or those that match
    Retry {
        #[arg(required_unless_present = "since")]
        ids: Vec<String>,
        /// Those that were given up or accepted at or after this day or moment: 2026-11-22, or RFC 3339
        #[arg(long, conflicts_with = "ids")]
        since: Option<String>,
        /// With --since: before this day or moment
        #[arg(long, requires = "since")]
        until: Option<String>,
        /// With --since: of this plugin only
        #[arg(long, requires = "since")]
        plugin: Option<String>,
        /// With --since: of this kind only, as event.entered or notification.decision
        #[arg(long, requires = "since")]
        topic: Option<String>,
        /// With --since: those in this state: dead, accepted or queued
        #[arg(long, requires = "since", value_parser = states(), default_value = "dead")]
        state: DeliveryState,
        /// Who does so; the system when not given
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Send a plugin what it missed while it was new or off, from the audit trail; what it had is not sent again
    Replay {
        #[arg(long)]
        plugin: String,
        /// What happened at or after this day or moment: 2026-11-22, or RFC 3339
        #[arg(long)]
        since: String,
        /// Before this day or moment
        #[arg(long)]
        until: Option<String>,
        /// Of these kinds only, as event.entered or notification.decision
        #[arg(long)]
        topic: Vec<String>,
        /// Who does so; the system when not given
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
}

impl Deliveries {
    /// Returns whether it writes.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::List { .. } | Self::Show { .. })
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List { state, plugin, topic, since, until, limit } => {
                if let Some(plugin) = &plugin {
                    known_plugin(app, plugin).await?;
                }
                known_topics(app, topic.as_slice())?;
                let calendar = &app.settings.calendar;
                let since = since.map(|text| parse_moment("since", &text, calendar)).transpose()?;
                let until = until.map(|text| parse_moment("until", &text, calendar)).transpose()?;
                list(
                    app,
                    &DeliveryFilter { state, plugin, topic, since, until, ..DeliveryFilter::default() },
                    limit,
                    output,
                )
                .await
            }
            Self::Show { id } => show(app, &id, output).await,
            Self::Resume { address, by } => {
                let by = actor(app, by.as_deref())?;
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
            Self::Retry { ids, since, until, plugin, topic, state, by } => {
                let by = actor(app, by.as_deref())?;
                let calendar = &app.settings.calendar;
                if let Some(plugin) = &plugin {
                    known_plugin(app, plugin).await?;
                }
                known_topics(app, topic.as_slice())?;
                let replay = match since {
                    Some(text) => Replay::Matching(ReplayFilter {
                        since: parse_moment("since", &text, calendar)?,
                        until: until.map(|text| parse_moment("until", &text, calendar)).transpose()?,
                        state,
                        plugin: plugin.as_deref(),
                        topic: topic.as_deref(),
                    }),
                    None => Replay::Ids(&ids),
                };
                retry(app, replay, by, output).await
            }
            Self::Replay { plugin, since, until, topic, by } => {
                let by = actor(app, by.as_deref())?;
                let calendar = &app.settings.calendar;
                replayable(app, &plugin)?;
                known_topics(app, &topic)?;
                let since = parse_moment("since", &since, calendar)?;
                let until = until.map(|text| parse_moment("until", &text, calendar)).transpose()?;
                let wish = MissedWish { plugin: &plugin, since, until, topics: &topic };
                let missed = app.workflow.operations().replay_missed(wish, (by, Via::CommandLine)).await?;
                app.turn().await?;
                if output.json {
                    output.document(&json!({"plugin": plugin, "missed": missed}));
                } else {
                    output.line(format!("{missed} that {plugin} had missed put in the queue"));
                }
                Ok(())
            }
        }
    }
}

async fn retry(app: &App, replay: Replay<'_>, by: Actor, output: &Output) -> Result<(), Failure> {
    let replayed = match app.workflow.operations().replay(replay, (by, Via::CommandLine)).await? {
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

/// Refuses the name of a plugin that neither is there nor ever had a delivery.
async fn known_plugin(app: &App, name: &str) -> Result<(), Failure> {
    match app.plugins.find(name).is_some() || app.workflow.reading().knows_plugin(name).await? {
        true => Ok(()),
        false => Err(super::plugins::unknown(name, &app.plugins)),
    }
}

/// Refuses kinds of content that no delivery has.
fn known_topics(app: &App, topics: &[String]) -> Result<(), Failure> {
    let names = app.workflow.published().names().topics();
    let Some(unknown) = topics.iter().find(|topic| !names.contains(topic)) else { return Ok(()) };
    let nearest = crate::rules::nearest(unknown, names.iter().map(String::as_str));
    let help = nearest
        .map_or_else(|| "event.KIND or notification.MESSAGE".to_owned(), |n| format!("did you mean `{n}`?"));
    Err(Failure::usage(format!("nothing is sent of the kind `{unknown}`\n  help: {help}")))
}

/// Refuses a plugin that cannot have what it missed.
fn replayable(app: &App, name: &str) -> Result<(), Failure> {
    let wrong = |text: &str, help: &str| Err(Failure::usage(format!("{text}\n  help: {help}")));
    match app.plugins.replayable(name) {
        Ok(_) => Ok(()),
        Err(NotReplayable::Unknown) => Err(super::plugins::unknown(name, &app.plugins)),
        Err(NotReplayable::Mail) => wrong(
            "letters of the past are not sent anew",
            "`redress deliveries retry` sends again what was decided",
        ),
        Err(NotReplayable::Off) => {
            wrong(&format!("{name} is switched off"), "write enabled = true in its plugin.toml first")
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
        let documents = found.iter().map(|d| document(d, &app.settings.calendar));
        output.document(&documents.collect::<Vec<_>>());
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
    let at = |m: Moment| app.settings.calendar.rfc3339(m);
    if output.json {
        let tried = d.tried.iter().map(|t| {
            let mut attempt = json!(t);
            attempt["at"] = json!(at(t.at));
            attempt
        });
        let mut whole = document(&d.summary, &app.settings.calendar);
        whole["reference"] = json!(d.reference);
        whole["payload"] = d.payload;
        whole["tried"] = tried.collect();
        output.document(&whole);
        return Ok(());
    }
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

/// Returns a delivery as programs read it; without a next attempt when none follows.
fn document(delivery: &DeliverySummary, calendar: &Calendar) -> Value {
    let mut document = json!(delivery);
    document["created_at"] = json!(calendar.rfc3339(delivery.created_at));
    let is_queued = delivery.state == DeliveryState::Queued;
    document["next_at"] = json!(is_queued.then(|| calendar.rfc3339(delivery.next_at)));
    document
}

fn parse_moment(option: &str, text: &str, calendar: &Calendar) -> Result<Moment, Failure> {
    if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Moment::from_millis(moment.timestamp_millis()));
    }
    let day = text.parse().ok().and_then(|day| calendar.at(day, TimeOfDay::MIN).ok());
    day.ok_or_else(|| Failure::usage(format!("--{option} {text} is no day; write it as 2026-11-22")))
}
