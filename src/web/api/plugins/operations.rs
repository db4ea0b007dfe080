//! The operations on plugins.

use super::super::conditions::{ONCE, SEEN};
use super::super::operation::{Access, Answer, Operation, shape};
use super::super::parameters::{Kind, Parameter};
use super::super::shapes::NoWish;
use super::super::usual::query;
use super::handlers::{disable, enable, list, missed, one, replay, send_missed, try_out};
use super::shapes::{
    Missed, MissedWish, PluginDetails, PluginList, ReplayWish, Replaying, SentMissed, Switched, Trial,
};
use super::subscriptions;
use super::subscriptions::{
    ChangedWebhook, NewWebhook, Removed, SecretWish, Webhook, WebhookList, WebhookWithSecret,
};
use crate::accounts::Scope;

const WATCH: Access = Access::With(Scope::ReadDeliveries);
const CHANGE: Access = Access::With(Scope::ChangePlugins);
const REPLAY: Access = Access::With(Scope::Replay);

const SINCE: &[Parameter] = &[
    query("since", Kind::Moment, "What happened at or after this moment; it is needed."),
    query("until", Kind::Moment, "What happened before this moment."),
];

/// The operations of this part.
pub(in crate::web::api) static OPERATIONS: &[Operation] = &[
    Operation::get(
        "/api/v1/plugins",
        ("listPlugins", "Every plugin: whether it is on, what goes by it, when its target took something last, what waits, and since when it fails."),
        WATCH,
        Answer::Json(shape::<PluginList>),
        |call| Box::pin(list(call)),
    ),
    Operation::get(
        "/api/v1/plugins/{plugin}",
        ("readPlugin", "One plugin, with what is wrong with its folder, where its secrets stand, and the request that it makes."),
        WATCH,
        Answer::Json(shape::<PluginDetails>),
        |call| Box::pin(one(call)),
    ),
    Operation::post(
        "/api/v1/plugins/{plugin}/enablements",
        ("enablePlugin", "Switch a plugin on again, and end its pause."),
        CHANGE,
        Answer::Json(shape::<Switched>),
        |call| Box::pin(enable(call)),
    )
    .with(&[ONCE])
    .sending(shape::<NoWish>, r#"{}"#)
    .once(),
    Operation::post(
        "/api/v1/plugins/{plugin}/disablements",
        ("disablePlugin", "Switch a plugin off, until somebody switches it on again; what goes by it waits."),
        CHANGE,
        Answer::Json(shape::<Switched>),
        |call| Box::pin(disable(call)),
    )
    .with(&[ONCE])
    .sending(shape::<NoWish>, r#"{}"#)
    .once(),
    Operation::post(
        "/api/v1/plugins/{plugin}/tests",
        ("testPlugin", "Send a sample to the target of a plugin, and tell what it answers; a letter goes to the organisation itself."),
        CHANGE,
        Answer::Json(shape::<Trial>),
        |call| Box::pin(try_out(call)),
    )
    .with(&[ONCE])
    .sending(shape::<NoWish>, r#"{}"#)
    .once(),
    Operation::get(
        "/api/v1/plugins/{plugin}/missed",
        ("countMissed", "How much a plugin missed while it was new or off."),
        WATCH,
        Answer::Json(shape::<Missed>),
        |call| Box::pin(missed(call)),
    )
    .with(SINCE),
    Operation::post(
        "/api/v1/plugins/{plugin}/missed",
        ("sendMissed", "Send a plugin what it missed; what it had before is not sent again."),
        REPLAY,
        Answer::Json(shape::<SentMissed>),
        |call| Box::pin(send_missed(call)),
    )
    .with(&[ONCE])
    .sending(shape::<MissedWish>, r#"{"since": "2026-11-01T00:00:00Z", "topics": ["event.entered"]}"#)
    .once(),
    Operation::get(
        "/api/v1/subscriptions",
        ("listSubscriptions", "The webhooks that were made here or on the page, beside the plugins of folders."),
        WATCH,
        Answer::Json(shape::<WebhookList>),
        |call| Box::pin(subscriptions::list(call)),
    ),
    Operation::post(
        "/api/v1/subscriptions",
        ("makeSubscription", "Make a webhook, which is a plugin from then on. It is signed as Standard Webhooks has it; the answer tells the secret, once. It never carries names and texts: for those a folder states the purpose."),
        CHANGE,
        Answer::Json(shape::<WebhookWithSecret>),
        |call| Box::pin(subscriptions::make(call)),
    )
    .with(&[ONCE])
    .sending(shape::<NewWebhook>, r#"{"name": "crm", "url": "https://crm.example.nl/redress", "takes": {"events": ["entered", "deadline_breached"]}}"#)
    .once()
    .made()
    .tagged(),
    Operation::get(
        "/api/v1/subscriptions/{subscription}",
        ("readSubscription", "One webhook that was made here or on the page."),
        WATCH,
        Answer::Json(shape::<Webhook>),
        |call| Box::pin(subscriptions::one(call)),
    )
    .tagged(),
    Operation::put(
        "/api/v1/subscriptions/{subscription}",
        ("changeSubscription", "Let a webhook go elsewhere, or take something else. What waits goes there too; its secret stays."),
        CHANGE,
        Answer::Json(shape::<Webhook>),
        |call| Box::pin(subscriptions::change(call)),
    )
    .with(&[SEEN])
    .sending(shape::<ChangedWebhook>, r#"{"url": "https://crm.example.nl/redress", "takes": {"events": ["*"], "when": {"channel": ["email"]}}}"#)
    .tagged(),
    Operation::post(
        "/api/v1/subscriptions/{subscription}/secrets",
        ("renewSubscriptionSecret", "Give a webhook another secret, which the answer tells, once. Both sign for so many hours, so that receivers change over in their time."),
        CHANGE,
        Answer::Json(shape::<WebhookWithSecret>),
        |call| Box::pin(subscriptions::renew(call)),
    )
    .with(&[ONCE, SEEN])
    .sending(shape::<SecretWish>, r#"{"bothHours": 24}"#)
    .once()
    .tagged(),
    Operation::delete(
        "/api/v1/subscriptions/{subscription}",
        ("removeSubscription", "Take a webhook away. What waits for it is given up."),
        CHANGE,
        Answer::Json(shape::<Removed>),
        |call| Box::pin(subscriptions::remove(call)),
    )
    .with(&[SEEN]),
    Operation::post(
        "/api/v1/delivery-replays",
        ("replayDeliveries", "Send again all deliveries in a state since a moment, each under its id: first how many they are, then, with that number, doing it."),
        REPLAY,
        Answer::Json(shape::<Replaying>),
        |call| Box::pin(replay(call)),
    )
    .with(&[ONCE])
    .sending(shape::<ReplayWish>, r#"{"state": "dead", "since": "2026-11-01T00:00:00Z"}"#)
    .once(),
];
