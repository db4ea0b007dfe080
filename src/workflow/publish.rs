//! Publishing: a checked ruleset becomes the one in force.

use super::{Published, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Event, EventKind, Origin, Via};
use crate::config::Settings;
use crate::rules::{Diagnostic, RulesetSource};
use crate::store::{Publication, Store, StoreError};
use serde_json::json;
use std::collections::BTreeMap;

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
        let renames = serde_json::from_str(&found.renames)
            .map_err(|e| StoreError::Corrupt { what: "renames", why: e.to_string() })?;
        let published = Self::load(source, settings).map_err(PublishError::Broken)?;
        Ok(Some(published.with_renames(renames)))
    }

    /// Stores this ruleset and puts it in force. `renames` are the rules that only changed their name.
    pub async fn publish(
        &self,
        store: &Store,
        at: Moment,
        by: &str,
        reason: &str,
        renames: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        let hash = self.ruleset.hash();
        let event = Event {
            kind: EventKind::RulesetPublished,
            origin: Origin { by: by.to_owned(), via: Via::CommandLine, rule: None },
            summary: format!("ruleset {} published", &hash[..12]),
            data: json!({"ruleset": hash, "renames": renames}),
            personal: None,
        };
        let schedules = self.ruleset.schedules().map(|(name, _)| name.to_owned()).collect();
        let content = self.ruleset.source().to_json();
        let renames = json!(renames).to_string();
        store
            .publish(Publication {
                hash,
                content: &content,
                renames: &renames,
                at,
                by,
                reason,
                event,
                schedules,
            })
            .await
    }
}

impl Workflow {
    /// Puts a checked ruleset in force and has live complaints evaluated under it; the rules that only
    /// changed their name, old to new.
    pub async fn publish(
        &self,
        published: Published,
        by: &str,
        reason: &str,
    ) -> Result<BTreeMap<String, String>, WorkflowError> {
        let renames = published.ruleset.renames_since(&self.published().ruleset);
        published.publish(&self.store, self.now().await?, by, reason, &renames).await?;
        self.swap(published.with_renames(renames.clone()));
        self.due.notify_one();
        Ok(renames)
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
