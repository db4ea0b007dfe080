//! How plugins stand, switching them, trying them out, and sending them again; by the functions behind the pages.

use super::shapes::{
    Missed, MissedWish, Plugin, PluginDetails, PluginList, PluginMistake, ReplayWish, Replaying, Request,
    Secret, SentMissed, States, Subscription, Switched, Trial,
};
use crate::calendar::Moment;
use crate::complaint::{Actor, Text, Via};
use crate::delivery::{
    Exchange, Plugin as OfFolder, PluginError, PluginKind, PluginStanding, PluginState, SecretPart,
    SecretPlace, Workbench, pace, standings,
};
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{At, NoWish};
use crate::web::texts::both;
use crate::workflow::{
    DeliveryFilter, DeliveryState, MissedWish as OfTrail, PluginAccess, Replay, ReplayEnd,
};
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Returns what the person of a key may do here; for others there is nothing here.
pub(super) async fn access(call: &Call) -> Result<PluginAccess, Problem> {
    let access = call.page.workflow.plugin_access(call.person()).await?;
    access.ok_or_else(|| Kind::NotFound.into())
}

/// Lets nobody go on but who may act.
pub(super) async fn may_act(call: &Call) -> Result<(), Problem> {
    match access(call).await? {
        PluginAccess::Acts => Ok(()),
        PluginAccess::Looks => Err(Kind::NotFound.into()),
    }
}

/// Returns who does something.
pub(super) fn by(call: &Call) -> (Actor, Via) {
    (Actor::Person(call.person().to_owned()), Via::Api)
}

const fn state(state: PluginState) -> &'static str {
    match state {
        PluginState::Enabled => "enabled",
        PluginState::Failing => "failing",
        PluginState::SwitchedOff => "switchedOff",
        PluginState::SwitchedOffByAPerson => "switchedOffByAPerson",
        PluginState::Disabled => "disabled",
        PluginState::BrokenBesides => "brokenBesides",
        PluginState::Broken => "broken",
    }
}

async fn told(call: &Call, standing: &PluginStanding, access: PluginAccess) -> Result<Plugin, Problem> {
    let (workflow, now) = (&call.page.workflow, call.page.workflow.now().await?);
    let took = match &standing.plugin {
        None => crate::delivery::Pace::default(),
        Some(_) => pace(workflow.reading(), &standing.name, now).await?,
    };
    let trouble = standing.trouble();
    // A target may name anybody in its answer.
    let shown = trouble.filter(|h| access == PluginAccess::Acts && h.switched_off_by().is_none());
    let error = shown.map(|health| health.last_error.clone()).filter(|error| !error.is_empty());
    Ok(Plugin {
        name: standing.name.clone(),
        kind: standing.kind().map(|kind| match kind {
            PluginKind::Email => "email",
            PluginKind::Webhook => "webhook",
        }),
        state: state(standing.state),
        subscription: standing.plugin.as_ref().map(|plugin| subscription(plugin)),
        last_accepted_at: took.last_accepted.map(At),
        attempts: took.attempts,
        median_millis: took.median,
        slowest_millis: took.slowest,
        queued: standing.waiting.queued,
        oldest_queued_at: standing.waiting.oldest.map(At),
        dead: standing.waiting.dead,
        failures: standing.health.as_ref().map_or(0, |health| health.failures),
        failing_since: trouble.and_then(|health| health.failing_since).map(At),
        paused_until: trouble.and_then(|health| health.paused_until).filter(|at| *at > now).map(At),
        switched_off_at: trouble.and_then(|health| health.disabled_at).map(At),
        last_error: error,
        path: path(&standing.name),
    })
}

pub(super) fn path(name: &str) -> String {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("/api/v1/plugins/{name}")
}

fn subscription(plugin: &OfFolder) -> Subscription {
    let (manifest, s) = (&plugin.manifest, &plugin.manifest.subscription);
    let names = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect::<Vec<_>>();
    let all = |takes_all: bool, names: Vec<String>| if takes_all { vec!["*".to_owned()] } else { names };
    Subscription {
        messages: all(!s.messages.is_empty() && s.messages.takes_all(), names(&mut s.messages.names())),
        recipients: all(s.recipients.takes_all(), names(&mut s.recipients.names())),
        events: all(!s.events.is_empty() && s.events.takes_all(), names(&mut s.events.names())),
        states: all(s.states.takes_all(), names(&mut s.states.names())),
        purpose: manifest.purpose.clone(),
    }
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let access = access(&call).await?;
    let mut plugins = Vec::new();
    for standing in standings(&call.page.plugins, call.page.workflow.reading()).await? {
        plugins.push(told(&call, &standing, access).await?);
    }
    Ok(Json(PluginList { plugins }).into_response())
}

async fn standing(call: &Call) -> Result<PluginStanding, Problem> {
    let all = standings(&call.page.plugins, call.page.workflow.reading()).await?;
    let found = all.into_iter().find(|standing| standing.name == call.part("plugin"));
    found.ok_or_else(|| Kind::NotFound.into())
}

fn workbench(call: &Call) -> Workbench<'_> {
    let workflow = &call.page.workflow;
    Workbench { plugins: &call.page.plugins, published: workflow.published(), settings: workflow.settings() }
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    let access = access(&call).await?;
    let standing = standing(&call).await?;
    let now = call.page.workflow.clock().now();
    let (bench, mailbox) = (workbench(&call), call.page.workflow.settings().mailbox.clone());
    let mut mistakes = standing.mistakes.clone();
    let (mut sample, mut secrets) = (None, Vec::new());
    if let Some(plugin) = &standing.plugin {
        mistakes.extend(bench.mistakes_of(plugin, now));
        sample = bench.request(plugin, &mailbox, now).ok().map(request);
        secrets = plugin.manifest.secret_places().into_iter().map(secret).collect();
    }
    let owner = standing.plugin.as_ref().and_then(|plugin| plugin.manifest.owner.clone());
    Ok(Json(PluginDetails {
        plugin: told(&call, &standing, access).await?,
        owner,
        mistakes: mistakes.iter().map(mistake).collect(),
        secrets,
        sample,
    })
    .into_response())
}

fn mistake(error: &PluginError) -> PluginMistake {
    PluginMistake { place: error.place.clone(), why: error.why.clone(), remedy: error.remedy.clone() }
}

fn secret(place: SecretPlace) -> Secret {
    Secret {
        key: place.key,
        does: match place.part {
            SecretPart::Signs => "signs",
            SecretPart::SignsNext => "signsNext",
            SecretPart::Opens => "opens",
        },
        kind: place.kind.as_str(),
        place: place.name,
        is_set: place.is_set,
    }
}

/// Returns a request without its signature: who knows that could send it again for a while.
fn request(exchange: Exchange) -> Request {
    let exchange = exchange.without_signature("…");
    Request {
        method: exchange.method.to_owned(),
        url: exchange.url,
        headers: exchange.headers.into_iter().collect(),
        body: exchange.body,
    }
}

pub(super) async fn enable(call: Call) -> Result<Response, Problem> {
    let NoWish {} = call.wish()?;
    switchable(&call).await?;
    let name = call.part("plugin");
    let has_changed = call.page.workflow.operations().enable_plugin(name, by(&call)).await?;
    switched(&call, has_changed).await
}

pub(super) async fn disable(call: Call) -> Result<Response, Problem> {
    let NoWish {} = call.wish()?;
    switchable(&call).await?;
    let name = call.part("plugin");
    let has_changed = call.page.workflow.operations().disable_plugin(name, by(&call)).await?;
    switched(&call, has_changed).await
}

async fn switchable(call: &Call) -> Result<(), Problem> {
    may_act(call).await?;
    call.page.plugins.find(call.part("plugin")).map(|_| ()).ok_or_else(|| Kind::NotFound.into())
}

async fn switched(call: &Call, has_changed: bool) -> Result<Response, Problem> {
    let state = state(standing(call).await?.state);
    Ok(Json(Switched { state, has_changed }).into_response())
}

/// Sends a sample to the target of a plugin, and tells what it answers.
pub(super) async fn try_out(call: Call) -> Result<Response, Problem> {
    let NoWish {} = call.wish()?;
    may_act(&call).await?;
    let name = call.part("plugin");
    let plugin: Arc<OfFolder> = call.page.plugins.find(name).ok_or(Kind::NotFound)?;
    // A letter goes to the organisation itself, so that nobody is written to by a sample.
    let mailbox = call.page.workflow.settings().mailbox.clone();
    let clock = Arc::clone(call.page.workflow.clock());
    tracing::info!(plugin = name, by = call.person(), "a sample is sent by the interface");
    let tried = workbench(&call).try_out(&plugin, &mailbox, clock.as_ref()).await;
    let tried = tried.map_err(|error| {
        let detail = Text::same(format!("{}: {} {}", error.place, error.why, error.remedy));
        Problem { detail: Some(detail), ..Kind::Refused.into() }
    })?;
    Ok(Json(Trial {
        is_accepted: tried.trial.accepted,
        answer: tried.trial.answer,
        millis: tried.millis,
        sent: request(tried.request),
    })
    .into_response())
}

fn moment(text: &str) -> Option<Moment> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| Moment::from_millis(at.timestamp_millis()))
}

fn no_moment(location: &str) -> Problem {
    let (nl, en) = ("is geen moment als 2026-11-22T09:00:00Z", "is no moment as 2026-11-22T09:00:00Z");
    Problem::invalid("body", location, nl, en)
}

fn given(text: Option<&str>, location: &str) -> Result<Option<Moment>, Problem> {
    text.map(|text| moment(text).ok_or_else(|| no_moment(location))).transpose()
}

/// Counts what a plugin missed.
pub(super) async fn missed(call: Call) -> Result<Response, Problem> {
    may_act(&call).await?;
    let (plugin, fields) = (call.part("plugin"), call.fields());
    call.page.plugins.replayable(plugin).map_err(|_| Kind::NotFound)?;
    let Some(since) = moment(fields.get("since")) else {
        return Err(Problem::invalid("query", "since", "is nodig", "is needed"));
    };
    let wish = OfTrail { plugin, since, until: moment(fields.get("until")), topics: &[] };
    let missed = call.page.workflow.operations().missed(wish).await?;
    Ok(Json(Missed { missed }).into_response())
}

/// Sends what a plugin missed; what it had before is not sent again, so that twice is once.
pub(super) async fn send_missed(call: Call) -> Result<Response, Problem> {
    let wish: MissedWish = call.wish()?;
    may_act(&call).await?;
    let plugin = call.part("plugin");
    call.page.plugins.replayable(plugin).map_err(|_| Kind::NotFound)?;
    let since = moment(&wish.since).ok_or_else(|| no_moment("/since"))?;
    let until = given(wish.until.as_deref(), "/until")?;
    let wish = OfTrail { plugin, since, until, topics: &wish.topics };
    let sent = call.page.workflow.operations().replay_missed(wish, by(&call)).await?;
    Ok(Json(SentMissed { sent }).into_response())
}

/// Sends again all of a list that has bounds, or tells how much that is.
pub(super) async fn replay(call: Call) -> Result<Response, Problem> {
    let wish: ReplayWish = call.wish()?;
    may_act(&call).await?;
    let workflow = &call.page.workflow;
    let since = moment(&wish.since).ok_or_else(|| no_moment("/since"))?;
    let before = workflow.now().await?.plus_millis(1);
    let until = given(wish.until.as_deref(), "/until")?.map_or(before, |until| until.min(before));
    let filter = DeliveryFilter {
        state: Some(match wish.state {
            States::Queued => DeliveryState::Queued,
            States::Accepted => DeliveryState::Accepted,
            States::Dead => DeliveryState::Dead,
        }),
        plugin: wish.plugin,
        topic: wish.topic,
        since: Some(since),
        until: Some(until),
        complaint: None,
        behind: None,
    };
    let found = workflow.reading().listed(&filter).await?;
    let mut plugins: BTreeMap<String, usize> = BTreeMap::new();
    found.iter().for_each(|delivery| *plugins.entry(delivery.plugin.clone()).or_default() += 1);
    let Some(seen) = wish.seen else {
        let told = Replaying { replayed: 0, found: found.len(), plugins };
        return Ok(Json(told).into_response());
    };
    if seen != found.len() {
        return Err(Problem { detail: Some(both("replay_changed", &[])), ..Kind::Refused.into() });
    }
    match workflow.operations().replay(Replay::Listed(&filter), by(&call)).await? {
        ReplayEnd::Queued(queued) => {
            Ok(Json(Replaying { replayed: queued.len(), found: seen, plugins }).into_response())
        }
        ReplayEnd::Unknown(_) => Err(Kind::NotFound.into()),
    }
}
