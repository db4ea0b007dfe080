//! Alarms of the engine: what somebody must hear although no complaint is concerned.

use super::{Workflow, WorkflowError};
use crate::complaint::Notification;
use crate::message::FAULT_MESSAGE;
use crate::rules::Diagnostic;
use serde_json::json;

/// A clock further behind the last decision than this is told (semantics 2.1).
const BEHIND_MILLIS: i64 = 60_000;

impl Workflow {
    /// Tells the quality manager that the rules folder has mistakes and the published ruleset runs (semantics 1.3).
    pub async fn alarm_folder(&self, found: &[Diagnostic]) -> Result<(), WorkflowError> {
        let Some(first) = found.first() else { return Ok(()) };
        let text = if found.len() == 1 {
            first.message.clone()
        } else {
            format!("{} (+{})", first.message, found.len() - 1)
        };
        let place = format!("rules/{}:{}:{}", first.file, first.line, first.column);
        self.alarm("rules/", &place, &text).await
    }

    /// Tells that a saved edit of the rules is not in force, and why; once per text of the rules.
    pub(super) async fn alarm_waiting(&self, candidate: &str, why: &str) -> Result<(), WorkflowError> {
        self.alarm("rules/", &format!("ruleset {}", candidate.get(..12).unwrap_or(candidate)), why).await
    }

    /// Tells when the clock stands behind what was already decided.
    pub(super) async fn alarm_clock(&self) -> Result<(), WorkflowError> {
        let behind = self.store.high_water().await?.millis() - self.clock.now().millis();
        if behind <= BEHIND_MILLIS {
            return Ok(());
        }
        self.alarm("clock", "clock", &format!("{} min", behind / 60_000)).await
    }

    /// Once per subject and text.
    async fn alarm(&self, subject: &str, place: &str, text: &str) -> Result<(), WorkflowError> {
        tracing::error!(subject, place, "{text}");
        let now = self.now().await?;
        let studio = self.studio();
        let ruleset = studio.published.ruleset.hash();
        let key = format!("{subject} {place} {text}");
        if !self.store.tell_fault(&key, ruleset, now).await? {
            return Ok(());
        }
        let notification = Notification {
            ordinal: 1,
            recipient: studio.published.ruleset.procedure().faults_to.to_string(),
            message: FAULT_MESSAGE.into(),
            data: json!({"rule": subject, "place": place, "text": text, "ruleset": ruleset.get(..12), "reference": "-"}),
            rule: None,
        };
        self.send_alone(&studio, format!("alarm/{ruleset}/{key}"), &notification, now, None).await
    }
}
