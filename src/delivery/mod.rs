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
mod plugin;
mod plugins;
mod policy;
mod retry;
mod runner;
mod subscription;
mod trial;

pub use channels::{Exchange, PluginKind, PluginSource, schemas};
pub use context::Mode;
pub use error::PluginError;
pub use lane::Delivered;
pub use manifest::Manifest;
pub use plugin::Plugin;
pub use plugins::{Plugins, Reloaded};
pub use runner::Runner;
pub use trial::{Trial, sample, trial};
