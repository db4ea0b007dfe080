//! From the outbox to the world: plugin folders, channels, retries. Never evaluates rules of the procedure.

mod channels;
mod manifest;
mod plugins;
mod retry;
mod runner;

pub use manifest::{Manifest, PluginError, PluginKind};
pub use plugins::{Plugin, Plugins, Sandbox};
pub use runner::{Delivered, Runner};
