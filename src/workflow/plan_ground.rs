//! `Ground`: what all decisions of one plan are taken on.

use super::Published;
use super::renderer::Renderer;
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::Store;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The limit of a query that wants everything.
pub(super) const ALL: usize = i64::MAX as usize;

/// The triggers that wait, oldest first, by complaint.
pub(super) type Waiting = HashMap<ComplaintId, VecDeque<String>>;

/// The ground on which the decisions of one plan are taken.
#[derive(Clone)]
pub(super) struct Ground {
    pub store: Store,
    /// Renders with the candidate as it comes in force.
    pub renderer: Renderer,
    pub in_force: Arc<Published>,
    /// What waits when the candidate comes in force.
    pub waiting: Arc<Waiting>,
    pub now: Moment,
}
