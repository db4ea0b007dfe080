//! From the outbox to the world: plugin folders, channels, retries. Never evaluates rules of the procedure.

mod breaker;
mod caps;
mod channels;
mod event;
mod lane;
mod manifest;
mod payload;
mod plugins;
mod retry;
mod runner;
mod trial;

pub use channels::Exchange;
pub use event::schemas;
pub use manifest::{Manifest, PluginError, PluginKind, Way};
pub use plugins::{Plugin, Plugins, Reloaded, Sandbox};
pub use runner::{Delivered, Runner};
pub use trial::{Trial, sample, trial};
