//! From the outbox to the world: plugin folders, channels, lanes, retries. Never evaluates rules of the
//! procedure.

mod attempt;
mod breaker;
mod caps;
mod channels;
mod context;
mod error;
mod kept;
mod lane;
mod manifest;
mod overview;
mod plugin;
mod plugins;
mod policy;
mod retry;
mod runner;
mod secret_place;
mod subscribed;
mod subscription;
mod trial;
mod workbench;

pub use channels::{Exchange, PluginKind, PluginSource, schemas};
pub use context::Mode;
pub use error::PluginError;
pub use lane::Delivered;
pub use manifest::Manifest;
pub use overview::{Pace, PluginStanding, PluginState, pace, standings};
pub use plugin::Plugin;
pub use plugins::{NotReplayable, Plugins, Reloaded};
pub use runner::Runner;
pub use secret_place::{SecretKind, SecretPart, SecretPlace};
pub use subscribed::{SubscriptionMistake, Takes};
pub use trial::{Trial, sample, trial};
pub use workbench::{Tried, Workbench};
