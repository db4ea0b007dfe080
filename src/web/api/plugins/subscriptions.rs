//! Webhooks that programs make for themselves: which there are, making one, changing it, giving it another secret, and taking it
//! away. Each is a plugin beside those of folders. The secret is told once, when it is made, and stands nowhere.

use super::handlers::{access, by, may_act, path};
use crate::delivery::Takes;
use crate::web::api::call::Call;
use crate::web::api::conditions::{etag, seen_version};
use crate::web::api::once::KeptBody;
use crate::web::api::problem::{Kind, Mistake, Problem, all_right};
use crate::web::api::shapes::At;
use crate::web::pages::subscription_words::{WebhookPart, said};
use crate::web::texts::both;
use crate::workflow::{MOST_HOURS, Subscribed, Subscribing, SubscriptionWish, USUAL_HOURS};
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the ETag of a webhook is called where it is none.
const OF: (&str, &str) = ("een webhook", "a webhook");

/// What a webhook takes; `*` is all there is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Taking {
    /// The kinds of events, as `entered`; they carry neither names nor texts.
    pub events: Vec<String>,
    /// The messages, by name.
    pub messages: Vec<String>,
    /// For whom messages are: roles, `complainant`, `responsible`, `person`; empty for anybody.
    pub recipients: Vec<String>,
    /// The states of the complaint; empty for any.
    pub states: Vec<String>,
    /// Values by category of the complaint, as `channel`; empty for any.
    pub when: BTreeMap<String, Vec<String>>,
    /// Whether each waits for the earlier ones of its complaint.
    pub ordered: bool,
}

/// A webhook that is to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// The name of the plugin that it becomes: 1 to 40 of a-z, 0-9 and -.
    pub name: String,
    /// Where it goes.
    pub url: String,
    pub takes: Taking,
}

/// Where a webhook goes from now on, and what it takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedWebhook {
    pub url: String,
    pub takes: Taking,
}

/// For how long those before sign as well.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct SecretWish {
    /// Hours, 0 to 720; 24 where nothing is said. With 0 none before signs any more.
    #[serde(default)]
    #[schemars(range(min = 0, max = 720))]
    pub both_hours: Option<i64>,
}

/// A webhook that was made by the interface or on the page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhook {
    pub name: String,
    pub url: String,
    pub takes: Taking,
    pub made_by: String,
    pub made_at: At,
    pub changed_at: At,
    /// Until when a secret before signs as well; null where none does.
    pub secret_before_until: Option<At>,
    pub path: String,
    /// Where it stands how it fares, where it is tried out, and switched on and off.
    pub plugin: String,
}

/// All of them.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WebhookList {
    pub subscriptions: Vec<Webhook>,
}

/// A webhook and the secret that was made for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WebhookWithSecret {
    #[serde(flatten)]
    pub webhook: Webhook,
    /// The secret that signs, as Standard Webhooks has it. It is told once: null where the same is answered again, and renewing
    /// makes another.
    pub secret: Option<String>,
}

/// A webhook that is no more.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Removed {
    pub name: String,
}

impl From<Taking> for Takes {
    fn from(t: Taking) -> Self {
        let Taking { events, messages, recipients, states, when, ordered } = t;
        Self { messages, events, recipients, states, when, ordered }
    }
}

impl From<Takes> for Taking {
    fn from(t: Takes) -> Self {
        let Takes { messages, events, recipients, states, when, ordered } = t;
        Self { events, messages, recipients, states, when, ordered }
    }
}

impl Webhook {
    fn of(subscribed: &Subscribed) -> Self {
        let row = &subscribed.row;
        Self {
            name: row.name.clone(),
            url: row.url.clone(),
            takes: Takes::kept(&row.takes).into(),
            made_by: row.made_by.clone(),
            made_at: At(row.made_at),
            changed_at: At(row.changed_at),
            secret_before_until: subscribed.before_until().map(At),
            path: format!("/api/v1/subscriptions/{}", row.name),
            plugin: path(&row.name),
        }
    }
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    access(&call).await?;
    let all = call.page.workflow.subscriptions().all().await?;
    Ok(Json(WebhookList { subscriptions: all.iter().map(Webhook::of).collect() }).into_response())
}

async fn found(call: &Call) -> Result<Subscribed, Problem> {
    let found = call.page.workflow.subscriptions().find(call.part("subscription")).await?;
    found.ok_or_else(|| Kind::NotFound.into())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    access(&call).await?;
    let subscribed = found(&call).await?;
    Ok(([(ETAG, etag(subscribed.row.version))], Json(Webhook::of(&subscribed))).into_response())
}

/// Refuses what cannot be: everything that is wrong with it, at once.
fn right(call: &Call, name: (&str, &'static str), url: &str, takes: &Takes) -> Result<(), Problem> {
    let names = call.page.workflow.published().names();
    let mistakes = call.page.plugins.mistakes_of_wish((name.0, url), takes, &names);
    let mistakes = mistakes.into_iter().map(|mistake| {
        let (part, detail) = said(mistake);
        let location = match part {
            WebhookPart::Name => name.1,
            WebhookPart::Url => "/url",
            WebhookPart::Takes => "/takes",
        };
        Mistake { place: "body", location: location.to_owned(), detail }
    });
    all_right((), mistakes.collect())
}

fn refused(key: &str) -> Problem {
    Problem { detail: Some(both(key, &[])), ..Kind::Refused.into() }
}

/// Lets this process follow at once; the others do within a second.
async fn follow(call: &Call) -> Result<(), Problem> {
    Ok(call.page.plugins.follow_subscriptions(&call.page.workflow).await?)
}

/// Answers with a webhook and its secret, of which the secret is not kept.
fn with_secret(status: StatusCode, subscribed: &Subscribed) -> Result<Response, Problem> {
    let told = subscribed.secret.expose().to_owned();
    let kept = WebhookWithSecret { webhook: Webhook::of(subscribed), secret: None };
    let shown = WebhookWithSecret { secret: Some(told), ..kept.clone() };
    let kept = serde_json::to_string(&kept).map_err(|_| Kind::Failed)?;
    let headers = [(LOCATION, shown.webhook.path.clone()), (ETAG, etag(subscribed.row.version))];
    let mut answer = (status, headers, Json(shown)).into_response();
    answer.extensions_mut().insert(KeptBody(kept));
    Ok(answer)
}

pub(super) async fn make(call: Call) -> Result<Response, Problem> {
    let wish: NewWebhook = call.wish()?;
    may_act(&call).await?;
    let takes = wish.takes.into();
    right(&call, (&wish.name, "/name"), &wish.url, &takes)?;
    let text = takes.text();
    let subscriptions = call.page.workflow.subscriptions();
    let new = SubscriptionWish { name: &wish.name, url: &wish.url, takes: &text };
    match subscriptions.subscribe(new, by(&call)).await? {
        Subscribing::Made => {}
        Subscribing::Taken => return Err(refused("subscription_taken")),
        Subscribing::TooMany => return Err(refused("subscription_too_many")),
    }
    follow(&call).await?;
    let made = subscriptions.find(&wish.name).await?.ok_or(Kind::Gone)?;
    with_secret(StatusCode::CREATED, &made)
}

/// Returns the version that the program saw; that which it has where anything will do.
async fn version(call: &Call) -> Result<i64, Problem> {
    let present = found(call).await?.row.version;
    Ok(seen_version(call, OF)?.unwrap_or(present))
}

pub(super) async fn change(call: Call) -> Result<Response, Problem> {
    let wish: ChangedWebhook = call.wish()?;
    may_act(&call).await?;
    let (name, version) = (call.part("subscription"), version(&call).await?);
    let takes = wish.takes.into();
    right(&call, (name, ""), &wish.url, &takes)?;
    let text = takes.text();
    let subscriptions = call.page.workflow.subscriptions();
    let changed = SubscriptionWish { name, url: &wish.url, takes: &text };
    if !subscriptions.change(changed, version, by(&call)).await? {
        return Err(Kind::Changed.into());
    }
    follow(&call).await?;
    one(call).await
}

pub(super) async fn renew(call: Call) -> Result<Response, Problem> {
    let wish: SecretWish = call.wish()?;
    may_act(&call).await?;
    let hours = wish.both_hours.unwrap_or(USUAL_HOURS);
    if !(0..=MOST_HOURS).contains(&hours) {
        let (nl, en) = ("is 0 tot en met 720", "is 0 to 720");
        return Err(Problem::invalid("body", "/bothHours", nl, en));
    }
    let seen = found(&call).await?;
    let is_seen = seen_version(&call, OF)?.is_none_or(|version| version == seen.row.version);
    let subscriptions = call.page.workflow.subscriptions();
    if !is_seen || !subscriptions.renew_secret(&seen, hours, by(&call)).await? {
        return Err(Kind::Changed.into());
    }
    follow(&call).await?;
    with_secret(StatusCode::OK, &found(&call).await?)
}

pub(super) async fn remove(call: Call) -> Result<Response, Problem> {
    may_act(&call).await?;
    let (name, version) = (call.part("subscription").to_owned(), version(&call).await?);
    if !call.page.workflow.subscriptions().unsubscribe(&name, version, by(&call)).await? {
        return Err(Kind::Changed.into());
    }
    follow(&call).await?;
    Ok(Json(Removed { name }).into_response())
}
