//! The operations on plugins.

use super::super::conditions::ONCE;
use super::super::operation::{Access, Answer, Operation, shape};
use super::super::parameters::{Kind, Parameter};
use super::super::shapes::NoWish;
use super::super::usual::query;
use super::handlers::{disable, enable, list, missed, one, replay, send_missed, try_out};
use super::shapes::{
    Missed, MissedWish, PluginDetails, PluginList, ReplayWish, Replaying, SentMissed, Switched, Trial,
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
