//! The language server: what editors ask over the Language Server Protocol, answered about one rules folder.
//!
//! It knows the protocol and the folder; what the answers are is `rules::editor`'s, and what is wrong is the
//! checks' to say. One thread reads, one checks, and one answers, so that checking delays no answer.

mod answers;
mod checking;
mod code;
mod folder;
mod positions;
mod server;
mod transport;

pub use server::{Ended, serve};
