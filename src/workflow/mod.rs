//! The one path: trigger → load → decide → render → commit → wake the outbox. Everything that changes a
//! complaint goes through here.

mod act;
mod alarms;
mod bell;
mod effects;
mod operations;
mod outline;
mod plan;
mod planning;
mod prepare;
pub mod proof;
mod publish;
mod published;
mod publishing;
mod records;
mod renderer;
mod routing;
mod sample;
mod sample_case;
mod saved;
pub mod scenario;
mod schedules;
mod settle;
mod similar;
pub mod simulate;
mod standing;
mod telling;
mod template_context;
mod threads;
mod tick;
mod triggers;
mod why;
mod world;

pub use act::ActError;
pub use alarms::{MailboxNews, PluginNews};
pub use bell::{Bell, Ears};
pub use operations::Operations;
pub use outline::{Outline, details, outline};
pub use plan::{ComplaintPlan, Plan, PlanOptions, RulePlan};
pub use publish::{PublishError, PublishOrder};
pub use published::Published;
pub use publishing::Publishing;
pub use records::{RecommendationChange, RecordError};
pub use routing::{Cause, Names, Outgoing, OutgoingContent, Router};
pub use sample::OutgoingSample;
pub use saved::Saved;
pub use schedules::next_runs;
pub use similar::SimilarComplaint;
pub use tick::Ticked;
pub use why::Why;

/// Names that plugins get wrong are answered like those in rules.
pub use crate::rules::nearest;

use crate::calendar::Moment;
use crate::clock::Clock;
use crate::config::Settings;
use crate::store::{Store, StoreError};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;

/// The path, and what it needs: a store, the time, the settings, the ruleset in force, the way out.
#[derive(Debug)]
pub struct Workflow {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub settings: Arc<Settings>,
    published: RwLock<Arc<Published>>,
    router: Arc<dyn Router>,
    /// Rung when complaints may be due.
    pub due: Notify,
    /// Rung when deliveries may be due.
    pub outbox: Bell,
}

#[derive(Debug, thiserror::Error)]
pub enum WorkflowError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the rules took longer than 5 seconds and were stopped; nothing was changed")]
    Cancelled,
    #[error("{0} due complaints cannot be settled; the log says why")]
    Stuck(usize),
    #[error("the work was interrupted")]
    Interrupted,
}

impl Workflow {
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        settings: Arc<Settings>,
        published: Published,
        router: Arc<dyn Router>,
    ) -> Self {
        Self {
            store,
            clock,
            settings,
            published: RwLock::new(Arc::new(published)),
            router,
            due: Notify::new(),
            outbox: Bell::default(),
        }
    }

    /// The ruleset in force, as last seen.
    pub fn published(&self) -> Arc<Published> {
        Arc::clone(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn swap(&self, published: Published) {
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(published);
    }

    /// Never before the store's high-water mark, the latest moment anything was decided (docs/semantics.md 2.1).
    pub async fn now(&self) -> Result<Moment, StoreError> {
        let mark = self.store.trail().high_water().await?;
        let now = self.clock.now();
        Ok(mark.map_or(now, |mark| now.max(mark)))
    }
}
