//! `Finding`: what is wrong, in words: what this process sees, and what only a running server can see.

use super::condition::AlarmKind;
use super::look::{SILENT_MILLIS, Watchdog};
use super::words::Words;
use crate::complaint::Language;
use crate::workflow::OpenAlarm;
use serde::Serialize;

/// Something that is wrong, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The kind of trouble, by its name.
    pub kind: String,
    /// What it is about; empty where there is only one.
    pub subject: String,
    /// What it is, in one line.
    pub what: String,
    /// What to do about it, in one sentence.
    pub remedy: String,
}

impl Watchdog {
    /// Returns everything that is wrong, in the words of a language; what another process has seen, in those of
    /// staff.
    pub async fn findings(&self, language: Language) -> Vec<Finding> {
        let settings = self.workflow.settings();
        let calendar = &settings.calendar;
        let seen = self.recent().await;
        let in_words = seen.iter().map(|condition| {
            let Words { said: what, remedy } = condition.words(language, calendar);
            Finding { kind: condition.kind().to_string(), subject: condition.subject(), what, remedy }
        });
        let mut findings: Vec<Finding> = in_words.collect();
        // Without a database there is no word of others; that it fails is found.
        let alarms = self.workflow.overseeing().oversight().alarms().await.unwrap_or_else(|_| Vec::new());
        for alarm in alarms.into_iter().filter(|alarm| self.is_only_theirs(alarm)) {
            if !findings.iter().any(|f| f.kind == alarm.kind && f.subject == alarm.subject) {
                let OpenAlarm { kind, subject, said: what, remedy, .. } = alarm;
                findings.push(Finding { kind, subject, what, remedy });
            }
        }
        findings
    }

    /// Returns whether an alarm is of a kind that this process cannot see, and another has seen lately.
    fn is_only_theirs(&self, alarm: &OpenAlarm) -> bool {
        let now = self.workflow.clock().now();
        let is_seen_by_one = alarm.kind.parse().is_ok_and(AlarmKind::is_seen_by_one);
        let is_ours = self.is_server() && alarm.observer == self.observer;
        is_seen_by_one && !is_ours && now.millis() - alarm.seen_at.millis() < SILENT_MILLIS
    }
}
