//! One integration binary: features through the public surface, on virtual time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod calendar;
mod citations;
mod cli;
mod commands;
mod corpus;
mod delivery;
mod dependencies;
mod diagnostics;
mod documents;
mod editor;
mod hostile;
mod imap;
mod intake;
mod layering;
mod lint;
mod lsp;
mod mail;
mod mistakes;
mod operations;
mod organisation;
mod placeholders;
mod plan;
mod plugins;
mod procedure;
mod processes;
mod reading;
mod semantics;
mod slipped;
mod smtp;
mod store;
mod support;
mod targets;
mod types;
mod why;
mod workflow;
