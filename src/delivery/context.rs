//! `Mode` and `ChannelContext`: what a channel must know of the installation beside its own section.

use crate::network::Network;
use std::path::PathBuf;

/// Whether what is sent reaches the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Production.
    Live,
    /// A demonstration, test or trial run: nothing leaves this computer.
    Rehearsal,
}

/// What channels are opened with.
#[derive(Clone, Debug)]
pub(super) struct ChannelContext {
    /// The folder of letters where there is no mail server, and of everything in a rehearsal.
    pub outbox: PathBuf,
    pub network: Network,
    pub mode: Mode,
}
