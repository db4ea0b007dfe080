//! Redress runs a company's complaints procedure.

pub mod accounts;
pub mod app;
pub mod archive;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod complaint;
pub mod config;
pub mod credentials;
pub mod delivery;
pub mod dossier;
pub mod escape;
pub mod files;
pub mod importing;
pub mod intake;
pub mod logging;
pub mod lsp;
pub mod message;
pub mod network;
pub mod progress;
pub mod random;
pub mod reception;
pub mod report;
pub mod rules;
pub mod script;
pub mod store;
pub mod watchdog;
pub mod web;
pub mod workflow;

/// The allocator of the program, and of its tests and benchmarks. SQLite calls it by its own name (`.cargo/config.toml`); C's
/// stays in its place: with another there, libraries that are loaded before the program could wait for themselves (libfaketime does).
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
