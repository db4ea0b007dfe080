//! Telling what belongs to no complaint: reports, alarms of the engine, and faults, each fault once per
//! ruleset.

use super::renderer::{Renderer, Sending};
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Fault, Notification, Text};
use crate::message::BuiltinMessage;
use crate::progress::Count;
use crate::store::Notice;
use serde_json::{Value, json};

impl Workflow {
    /// Tells the role that hears of faults, once per source and ruleset. Each comes with the complaint for which it
    /// failed, whose number is known by now; none where no complaint is concerned.
    pub(super) async fn tell_faults(
        &self,
        faults: Vec<(Option<ComplaintId>, Fault)>,
    ) -> Result<(), WorkflowError> {
        if faults.is_empty() {
            return Ok(());
        }
        let (renderer, now) = (self.renderer(), self.now().await?);
        self.progress.count(Count::Faults, faults.len());
        for (concerned, fault) in faults {
            let reference = match concerned {
                Some(id) => self.store.cases().candidate(id).await?,
                None => None,
            };
            let reference = reference.map(|c| c.number.map_or(c.intake_id, |number| number.to_string()));
            let reference = reference.unwrap_or_else(|| NOWHERE.to_owned());
            tracing::warn!(
                complaint = reference,
                source = %fault.source,
                place = fault.place,
                "a rule failed; `redress show {reference}` says why"
            );
            let subject = fault.source.subject();
            if !self.store.notices().claim_alarm(&subject, &fault.ruleset, now).await? {
                continue;
            }
            let data = json!({
                "rule": subject, "place": fault.place, "text": fault.text.in_language(self.settings().language), "ruleset": fault.ruleset.get(..12),
                "reference": reference, "reason": fault.place,
            });
            let notification = self.fault_notification(&renderer, data);
            let id = format!("fault/{}/{subject}", fault.ruleset);
            // A text of one's own for faults that is broken itself shows in the letter: it is the compiled-in
            // one.
            let sending = vec![Sending::alone(id, &notification, now, None)];
            for broken in self.send(&renderer, sending, now, &[], concerned).await? {
                tracing::error!(place = broken.place, "the text that tells of faults: {}", broken.text);
            }
        }
        Ok(())
    }

    /// Tells the role that hears of faults of what is no rule's; once per subject, place and text.
    pub(super) async fn alarm(&self, subject: &str, place: &str, text: &Text) -> Result<(), WorkflowError> {
        tracing::error!(subject, place, "{text}");
        let (renderer, now) = (self.renderer(), self.now().await?);
        let ruleset = renderer.published.ruleset.hash();
        let key = format!("{subject} {place} {text}");
        if !self.store.notices().claim_alarm(&key, ruleset, now).await? {
            return Ok(());
        }
        let data = json!({
            "rule": subject, "place": place, "text": text.in_language(self.settings().language), "ruleset": ruleset.get(..12), "reference": NOWHERE,
            "reason": place,
        });
        let notification = self.fault_notification(&renderer, data);
        let sending = Sending::alone(format!("alarm/{ruleset}/{key}"), &notification, now, None);
        self.tell(&renderer, sending).await
    }

    /// Tells that a decision was stopped by the wall clock; nobody's fault, but somebody's to know.
    pub(super) async fn tell_stopped(&self, reference: &str) -> Result<(), WorkflowError> {
        let text = Text::new(
            "de beslissing duurde langer dan 5 seconden en is gestopt; bij de volgende ronde wordt het opnieuw geprobeerd",
            "its decision took longer than 5 seconds and was stopped; it is tried again with the next tick",
        );
        self.alarm(reference, reference, &text).await
    }

    fn fault_notification(&self, renderer: &Renderer, data: Value) -> Notification {
        let recipient = renderer.published.ruleset.procedure().faults_to.clone().into();
        Notification::of_engine(recipient, BuiltinMessage::RuleFault.as_str().into(), data)
    }

    /// Sends a notification of the engine that belongs to no complaint; where its text is broken, the
    /// compiled-in one goes out, and the fault is told.
    pub(super) async fn tell(&self, renderer: &Renderer, sending: Sending<'_>) -> Result<(), WorkflowError> {
        let now = sending.now;
        self.tell_all(renderer, vec![sending], now, &[]).await
    }

    /// Sends notifications of one moment as [`Workflow::tell`] does, and marks what they tell of, in one commit.
    pub(super) async fn tell_all(
        &self,
        renderer: &Renderer,
        sendings: Vec<Sending<'_>>,
        at: Moment,
        marks: &[String],
    ) -> Result<(), WorkflowError> {
        let broken = self.send(renderer, sendings, at, marks, None).await?;
        self.tell_faults(broken.into_iter().map(|fault| (None, fault)).collect()).await
    }

    /// Commits notifications of one moment to the outbox; what is wrong with their texts.
    async fn send(
        &self,
        renderer: &Renderer,
        sendings: Vec<Sending<'_>>,
        at: Moment,
        marks: &[String],
        tells_of: Option<ComplaintId>,
    ) -> Result<Vec<Fault>, WorkflowError> {
        let (mut notifications, mut deliveries, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for sending in sendings {
            let source = sending.notification.source.clone();
            match renderer.notification(sending) {
                Ok(sent) => {
                    notifications.push(sent.row);
                    deliveries.extend(sent.deliveries);
                    faults.extend(sent.broken);
                }
                Err(error) => faults.push(renderer.fault(source, error)),
            }
        }
        if !notifications.is_empty() || !marks.is_empty() {
            let ruleset = renderer.published.ruleset.hash();
            let (notifications, deliveries) = (&notifications[..], &deliveries[..]);
            let notice = Notice {
                at,
                ruleset,
                notifications,
                deliveries,
                events: &[],
                marks,
                tells_of,
                run: None,
                reports: &[],
            };
            self.store.notices().commit(notice).await?;
            self.outbox.ring();
        }
        Ok(faults)
    }
}

/// Stands for the reference where no complaint is concerned.
const NOWHERE: &str = "-";
