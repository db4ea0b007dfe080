//! Publishing: a checked ruleset becomes the one in force.

use super::{Published, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Event, EventKind, Origin, Via};
use crate::config::Settings;
use crate::rules::{Diagnostic, RulesetSource};
use crate::store::{Publication, Store, StoreError};
use serde_json::json;

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("the ruleset has {} mistakes", .0.len())]
    Broken(Vec<Diagnostic>),
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Published {
    /// The ruleset in force, if one was ever published. One that no longer loads is an error with its places.
    pub async fn in_force(store: &Store, settings: &Settings) -> Result<Option<Self>, PublishError> {
        let Some(found) = store.ruleset_in_force().await? else { return Ok(None) };
        let source = RulesetSource::from_json(&found.content)
            .map_err(|e| StoreError::Corrupt { what: "ruleset", why: e.to_string() })?;
        Self::load(source, settings).map(Some).map_err(PublishError::Broken)
    }

    /// Stores this ruleset and puts it in force.
    pub async fn publish(&self, store: &Store, at: Moment, by: &str, reason: &str) -> Result<(), StoreError> {
        let hash = self.ruleset.hash();
        let event = Event {
            kind: EventKind::RulesetPublished,
            origin: Origin { by: by.to_owned(), via: Via::CommandLine, rule: None },
            summary: format!("ruleset {} published", &hash[..12]),
            data: json!({"ruleset": hash}),
            personal: None,
        };
        let schedules = self.ruleset.schedules().map(|(name, _)| name.to_owned()).collect();
        let content = self.ruleset.source().to_json();
        store.publish(Publication { hash, content: &content, at, by, reason, event, schedules }).await
    }
}

impl Workflow {
    /// Puts a checked ruleset in force and has live complaints evaluated under it.
    pub async fn publish(&self, published: Published, by: &str, reason: &str) -> Result<(), WorkflowError> {
        published.publish(&self.store, self.now().await?, by, reason).await?;
        self.swap(published);
        self.due.notify_one();
        Ok(())
    }

    /// Follows a ruleset that another process has published; whether there was one.
    pub async fn follow_published(&self) -> Result<bool, PublishError> {
        let hash = self.store.hash_in_force().await?;
        if hash.as_deref() == Some(self.published().ruleset.hash()) {
            return Ok(false);
        }
        let Some(published) = Published::in_force(&self.store, &self.settings).await? else {
            return Ok(false);
        };
        self.swap(published);
        Ok(true)
    }
}
