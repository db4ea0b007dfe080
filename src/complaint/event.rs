//! `Event`: one line of the audit trail, as decided; the store adds place and hash.

use super::{Actor, Source, Via, word_enum};

word_enum! {
    /// What happened, in the words of scripts, tables and pages.
    EventKind("kind of event") {
        Received = "received",
        MailAdded = "mail_added",
        ComplainantReplied = "complainant_replied",
        Registered = "registered",
        Entered = "entered",
        ActionTaken = "action_taken",
        RuleFired = "rule_fired",
        FactChanged = "fact_changed",
        DeadlineArmed = "deadline_armed",
        DeadlineMet = "deadline_met",
        DeadlineCancelled = "deadline_cancelled",
        DeadlineBreached = "deadline_breached",
        Notified = "notified",
        Escalated = "escalated",
        Linked = "linked",
        MeasureRecorded = "measure_recorded",
        MeetingRecorded = "meeting_recorded",
        Remarked = "remarked",
        LetterAccepted = "letter_accepted",
        LetterFailed = "letter_failed",
        Faulted = "faulted",
        Suspended = "suspended",
        Resumed = "resumed",
        PlanApproved = "plan_approved",
        RulesetPublished = "ruleset_published",
        Adopted = "adopted",
        ScheduleRan = "schedule_ran",
        ReportConcluded = "report_concluded",
        RecommendationRecorded = "recommendation_recorded",
        DeliveriesReplayed = "deliveries_replayed",
        PluginEnabled = "plugin_enabled",
        AddressResumed = "address_resumed",
    }
}

/// Who or what caused an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub by: Actor,
    pub via: Via,
    /// What is at work.
    pub source: Source,
}

impl Origin {
    /// The program itself.
    pub const ENGINE: Self = Self { by: Actor::System, via: Via::Engine, source: Source::Engine };

    /// Somebody of the organisation, outside the rules.
    pub fn person(by: Actor, via: Via) -> Self {
        Self { by, via, source: Source::Person }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    pub origin: Origin,
    /// One line for people, without personal data.
    pub summary: String,
    /// Facts of the event, without personal data; enters the audit hash as it is.
    pub data: serde_json::Value,
    /// Personal facts: enter the hash only as a salted digest (docs/semantics.md 5.4).
    pub personal: Option<serde_json::Value>,
}
