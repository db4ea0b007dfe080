//! `Event`: one line of the audit trail, as decided; the store adds place and hash.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What happened, in the words of scripts, tables and pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Received,
    MailAdded,
    ComplainantReplied,
    Registered,
    Entered,
    ActionTaken,
    RuleFired,
    FactChanged,
    DeadlineArmed,
    DeadlineMet,
    DeadlineCancelled,
    DeadlineBreached,
    Notified,
    Escalated,
    Linked,
    MeasureRecorded,
    MeetingRecorded,
    Remarked,
    LetterAccepted,
    LetterFailed,
    Faulted,
    Suspended,
    Resumed,
    RulesetPublished,
    Adopted,
    ScheduleRan,
    ReportConcluded,
    RecommendationRecorded,
}

impl EventKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::MailAdded => "mail_added",
            Self::ComplainantReplied => "complainant_replied",
            Self::Registered => "registered",
            Self::Entered => "entered",
            Self::ActionTaken => "action_taken",
            Self::RuleFired => "rule_fired",
            Self::FactChanged => "fact_changed",
            Self::DeadlineArmed => "deadline_armed",
            Self::DeadlineMet => "deadline_met",
            Self::DeadlineCancelled => "deadline_cancelled",
            Self::DeadlineBreached => "deadline_breached",
            Self::Notified => "notified",
            Self::Escalated => "escalated",
            Self::Linked => "linked",
            Self::MeasureRecorded => "measure_recorded",
            Self::MeetingRecorded => "meeting_recorded",
            Self::Remarked => "remarked",
            Self::LetterAccepted => "letter_accepted",
            Self::LetterFailed => "letter_failed",
            Self::Faulted => "faulted",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::RulesetPublished => "ruleset_published",
            Self::Adopted => "adopted",
            Self::ScheduleRan => "schedule_ran",
            Self::ReportConcluded => "report_concluded",
            Self::RecommendationRecorded => "recommendation_recorded",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Through which door it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Mail,
    CommandLine,
    Rule,
    Engine,
    Delivery,
    Scenario,
}

impl Via {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::CommandLine => "command_line",
            Self::Rule => "rule",
            Self::Engine => "engine",
            Self::Delivery => "delivery",
            Self::Scenario => "scenario",
        }
    }
}

/// Who or what caused an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// A person's address, or `system`.
    pub by: String,
    pub via: Via,
    /// The rule, action or schedule at work.
    pub rule: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    pub origin: Origin,
    /// One line for people, without personal data.
    pub summary: String,
    /// Facts of the event, without personal data; enters the audit hash as it is.
    pub data: serde_json::Value,
    /// Personal facts: enter the hash only as a salted digest (DESIGN §4).
    pub personal: Option<serde_json::Value>,
}
