//! The shapes of plugins and of what is sent to them again.

use crate::web::api::shapes::At;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What goes by a plugin; `*` is all there is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Subscription {
    pub messages: Vec<String>,
    pub recipients: Vec<String>,
    pub events: Vec<String>,
    pub states: Vec<String>,
    /// What names and texts of complaints are for, where it gets them.
    pub purpose: Option<String>,
}

/// A plugin as it stands.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plugin {
    pub name: String,
    /// `email` or `webhook`; null where its folder cannot be used.
    pub kind: Option<&'static str>,
    /// `enabled`, `failing`, `switchedOff` (by itself), `switchedOffByAPerson`, `disabled` (in its folder), `brokenBesides`
    /// (the version before runs) or `broken`.
    pub state: &'static str,
    pub subscription: Option<Subscription>,
    pub last_accepted_at: Option<At>,
    /// The latest attempts of seven days, at most 200, and the milliseconds that half of them and 99 in 100 did not exceed.
    pub attempts: usize,
    pub median_millis: i64,
    pub slowest_millis: i64,
    /// What waits for an attempt, and since when.
    pub queued: i64,
    pub oldest_queued_at: Option<At>,
    /// What was given up.
    pub dead: i64,
    /// The failures in a row.
    pub failures: u32,
    pub failing_since: Option<At>,
    /// The moment before which nothing is attempted.
    pub paused_until: Option<At>,
    pub switched_off_at: Option<At>,
    /// The latest failure, for who looks after plugins.
    pub last_error: Option<String>,
    pub path: String,
}

/// The plugins.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PluginList {
    pub plugins: Vec<Plugin>,
}

/// What is wrong with the folder of a plugin.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PluginMistake {
    pub place: String,
    pub why: String,
    pub remedy: String,
}

/// Where a secret of a plugin stands; never what it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Secret {
    /// The key of the manifest.
    pub key: String,
    /// `signs`, `signsNext` or `opens`.
    pub does: &'static str,
    /// `env`, `file`, or `made` of the key of the installation.
    pub kind: &'static str,
    /// The name of the variable or of the file, or under which it is made.
    pub place: String,
    pub is_set: bool,
}

/// A request, without secrets and without its signature.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Request {
    /// Empty for a letter.
    pub method: String,
    pub url: String,
    pub headers: BTreeMap<String, String>,
    /// JSON, or a text.
    pub body: Value,
}

/// A plugin with what is wrong with it, and the request that it makes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PluginDetails {
    #[serde(flatten)]
    pub plugin: Plugin,
    /// Who looks after it.
    pub owner: Option<String>,
    pub mistakes: Vec<PluginMistake>,
    pub secrets: Vec<Secret>,
    /// A sample of what it sends.
    pub sample: Option<Request>,
}

/// How a plugin stands after it was switched.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Switched {
    pub state: &'static str,
    /// False where it stood so already.
    pub has_changed: bool,
}

/// What a target answered to a sample.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Trial {
    pub is_accepted: bool,
    pub answer: String,
    pub millis: i64,
    pub sent: Request,
}

/// How much a plugin missed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Missed {
    pub missed: u64,
}

/// What a plugin is to have of the past.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MissedWish {
    /// What happened at or after this moment.
    #[schemars(extend("format" = "date-time"))]
    pub since: String,
    /// What happened before this moment.
    #[serde(default)]
    pub until: Option<String>,
    /// The kinds, as `event.entered`; all that the plugin subscribes to where none are named.
    #[serde(default)]
    pub topics: Vec<String>,
}

/// How much was put in the queue of what a plugin missed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SentMissed {
    pub sent: u64,
}

/// A state of deliveries that can go again.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum States {
    Queued,
    Accepted,
    Dead,
}

/// Deliveries that are to go again: those in a state, since a moment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayWish {
    pub state: States,
    /// Those decided at or after this moment.
    #[schemars(extend("format" = "date-time"))]
    pub since: String,
    /// Those decided before this moment.
    #[serde(default)]
    pub until: Option<String>,
    #[serde(default)]
    pub plugin: Option<String>,
    #[serde(default)]
    pub topic: Option<String>,
    /// How many those were when they were looked at: only then they go. Without it, it is only told how many they are.
    #[serde(default)]
    pub seen: Option<usize>,
}

/// Deliveries that went again, or would.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Replaying {
    /// How many were put in the queue.
    pub replayed: usize,
    /// How many match.
    pub found: usize,
    /// How many of them go by each plugin.
    pub plugins: BTreeMap<String, usize>,
}
