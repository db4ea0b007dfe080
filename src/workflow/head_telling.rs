//! The head of the trail, told once a day to plugins that ask for it, so that somebody outside holds it: who writes the trail
//! anew, with its key or without, does not write what they hold (docs/semantics.md 5.4).

use super::{Cause, Workflow, WorkflowError};
use crate::calendar::{Date, Moment, TimeOfDay};
use crate::complaint::{Event, EventKind, Origin};
use crate::store::HeadTold;
use serde_json::json;

impl Workflow {
    /// Tells the head, where it was not told today, something happened since, and a plugin takes it.
    pub(super) async fn tell_head(&self) -> Result<(), WorkflowError> {
        if !self.router.takes_head() {
            return Ok(());
        }
        let (now, settings, trail) = (self.now().await?, self.settings(), self.store.trail());
        let Ok(today) = settings.calendar.day_of(now) else { return Ok(()) };
        let (last, told) = (trail.last_event().await?, trail.head_told().await?);
        if last == 0 || !is_due(told, today, last) {
            return Ok(());
        }
        let head = trail.head().await?;
        let seq: i64 = head.split(' ').next().and_then(|seq| seq.parse().ok()).unwrap_or(last);
        let event = Event {
            kind: EventKind::AuditHead,
            origin: Origin::ENGINE,
            summary: format!("the head of the trail, event {seq}, was given out"),
            data: json!({"head": head, "events": seq}),
            personal: None,
        };
        // Each has a place of its own, so that none passes for the one of the day before.
        let ordinal = u32::try_from(seq).unwrap_or(u32::MAX);
        let renderer = self.renderer();
        let deliveries = renderer.event_alone(&event, ordinal, Cause::Machine, now);
        if deliveries.is_empty() {
            // Such as a plugin that takes only what is about complaints in some state: it is not asked again today.
            return Ok(trail.note_head_told(HeadTold { on: today, seq: last }).await?);
        }
        trail.tell_head(event, &deliveries, now, renderer.published.ruleset.hash(), today).await?;
        self.outbox.ring();
        Ok(())
    }

    /// Returns the moment at which the head is told next; none where nothing happened since, or no plugin takes events.
    pub(super) async fn next_head(&self) -> Result<Option<Moment>, WorkflowError> {
        if !self.router.takes_head() {
            return Ok(None);
        }
        let Some(told) = self.store.trail().head_told().await? else { return Ok(None) };
        if self.store.trail().last_event().await? <= told.seq {
            return Ok(None);
        }
        let tomorrow = told.on.succ_opt();
        Ok(tomorrow.and_then(|day| self.settings().calendar.at(day, TimeOfDay::MIN).ok()))
    }
}

/// Returns whether the head is to be told on a day, after the event at `last`.
fn is_due(told: Option<HeadTold>, today: Date, last: i64) -> bool {
    told.is_none_or(|told| told.on < today && told.seq < last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once_a_day_and_only_where_something_happened() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let told = Some(HeadTold { on: day("2026-11-23"), seq: 7 });
        assert!(is_due(None, day("2026-11-23"), 1));
        assert!(!is_due(told, day("2026-11-23"), 9));
        assert!(!is_due(told, day("2026-11-24"), 7));
        assert!(is_due(told, day("2026-11-24"), 8));
        assert!(!is_due(told, day("2026-11-22"), 9), "a clock that was put back");
    }
}
