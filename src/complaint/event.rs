//! `Event`: one line of the audit trail, as decided; the store adds place and hash.

use super::closed::closed_names;

closed_names! {
    /// What happened, in the words of scripts, tables and pages.
    pub enum EventKind is "event kind" {
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
        RulesetPublished = "ruleset_published",
        Adopted = "adopted",
        ScheduleRan = "schedule_ran",
        ReportConcluded = "report_concluded",
        RecommendationRecorded = "recommendation_recorded",
    }
}

closed_names! {
    /// Through which door it came.
    pub enum Via is "door by which an event comes" {
        Mail = "mail",
        CommandLine = "command_line",
        Rule = "rule",
        Engine = "engine",
        Delivery = "delivery",
        Scenario = "scenario",
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
