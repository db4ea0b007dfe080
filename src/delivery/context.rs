//! `Mode` and `ChannelContext`: the knowledge a channel needs of the installation beside its own section.

use crate::network::Network;
use std::path::PathBuf;

/// The reach of what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Production.
    Live,
    /// A demonstration, test or trial run: nothing leaves this computer.
    Rehearsal,
}

/// The surroundings in which channels are opened.
#[derive(Clone, Debug)]
pub(super) struct ChannelContext {
    /// The folder of letters where there is no mail server, and of everything in a rehearsal.
    pub outbox: PathBuf,
    pub network: Network,
    pub mode: Mode,
}
