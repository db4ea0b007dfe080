//! `Sources`: what the answers come from.

use crate::watchdog::Watchdog;
use crate::workflow::Workflow;
use std::sync::Arc;

/// What the answers come from.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    pub workflow: Arc<Workflow>,
    pub watchdog: Arc<Watchdog>,
}
