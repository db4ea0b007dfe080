//! `Event`: one line of the audit trail, as decided; the store adds place and hash.

use super::{Actor, Source, Via, word_enum};

word_enum! {
    /// The kinds of event, by the words of scripts, tables and pages.
    EventKind("kind of event") {
        /// The complaint came in: a mail opened it, or an employee logged it (docs/procedure.md T1, T2).
        Received = "received",
        /// A mail of somebody else than the complainant was added.
        MailAdded = "mail_added",
        /// A mail of the complainant was added (docs/procedure.md T12).
        ComplainantReplied = "complainant_replied",
        /// The complaint was given its number (docs/procedure.md row 12, T3).
        Registered = "registered",
        /// The complaint entered another main state.
        Entered = "entered",
        /// A person, an integration or a rule took an action.
        ActionTaken = "action_taken",
        /// The condition of a rule turned true, or a repeat of `every` came.
        RuleFired = "rule_fired",
        /// A script assigned a field, a flag, a counter or an own field.
        FactChanged = "fact_changed",
        /// An instance of a term began to run.
        DeadlineArmed = "deadline_armed",
        /// The duty of an armed term was done.
        DeadlineMet = "deadline_met",
        /// An armed term lapsed.
        DeadlineCancelled = "deadline_cancelled",
        /// An armed term waits: it neither runs nor passes.
        DeadlinePaused = "deadline_paused",
        /// A paused term runs on, its end moved by the time that it waited.
        DeadlineResumed = "deadline_resumed",
        /// An armed term passed unmet; recorded by the engine, once per instance (docs/semantics.md 3.3).
        DeadlineBreached = "deadline_breached",
        /// A message was decided on, to one recipient.
        Notified = "notified",
        /// The escalation moved to another step (docs/procedure.md T13 to T16).
        Escalated = "escalated",
        /// A link to another complaint changed its kind: repeats, merged, or a candidate again.
        Linked = "linked",
        /// A preventive measure was added or changed.
        MeasureRecorded = "measure_recorded",
        /// A meeting was planned, moved, held or cancelled, or its invitation answered.
        MeetingRecorded = "meeting_recorded",
        /// Somebody or a rule added a remark.
        Remarked = "remarked",
        /// The mail server took a letter, or it was written to the outbox folder.
        LetterAccepted = "letter_accepted",
        /// A letter failed for good (docs/procedure.md T34).
        LetterFailed = "letter_failed",
        /// Somebody called a letter back before it went.
        LetterRecalled = "letter_recalled",
        /// Somebody who has the link of a letter said how satisfied they are with the handling, or something else than before.
        SurveyAnswered = "survey_answered",
        /// A rule, a schedule or a message failed (docs/semantics.md 4.4).
        Faulted = "faulted",
        /// Rules that kept turning each other on were suspended (docs/semantics.md 4.2).
        Suspended = "suspended",
        /// Suspended rules are evaluated again.
        Resumed = "resumed",
        /// What was personal was taken out of earlier events of the complaint, which this one names (docs/semantics.md 5.4).
        Forgotten = "forgotten",
        /// Somebody approved a plan (four eyes); belongs to no complaint.
        PlanApproved = "plan_approved",
        /// A ruleset came in force; belongs to no complaint.
        RulesetPublished = "ruleset_published",
        /// Rules that held already were taken for fired (publishing with `--adopt`).
        Adopted = "adopted",
        /// A schedule ran; belongs to no complaint.
        ScheduleRan = "schedule_ran",
        /// What was gathered went out in digests, or was left out of them; belongs to no complaint.
        DigestsSent = "digests_sent",
        /// The complaint was taken over from an earlier register.
        Imported = "imported",
        /// The import of the complaint was undone.
        ImportUndone = "import_undone",
        /// The director put conclusions under a report (docs/procedure.md rows 36 and 37).
        ReportConcluded = "report_concluded",
        /// A recommendation was added or changed (docs/procedure.md row 38).
        RecommendationRecorded = "recommendation_recorded",
        /// Somebody put dead deliveries back in the queue; belongs to no complaint.
        DeliveriesReplayed = "deliveries_replayed",
        /// Somebody switched a plugin on again that was switched off; belongs to no complaint.
        PluginEnabled = "plugin_enabled",
        /// Somebody switched a plugin off; belongs to no complaint.
        PluginDisabled = "plugin_disabled",
        /// Somebody sent a sample to the target of a plugin; belongs to no complaint.
        PluginTried = "plugin_tried",
        /// Somebody made a webhook by the interface or on the page; belongs to no complaint.
        SubscriptionMade = "subscription_made",
        /// Somebody changed such a webhook or renewed its secret; belongs to no complaint.
        SubscriptionChanged = "subscription_changed",
        /// Somebody took such a webhook away; belongs to no complaint.
        SubscriptionRemoved = "subscription_removed",
        /// Somebody let a bouncing address be mailed again; belongs to no complaint.
        AddressResumed = "address_resumed",
        /// Somebody stepped over a mail that its server does not hand over; belongs to no complaint.
        MailSteppedOver = "mail_stepped_over",
        /// Somebody said that the computer's clock is right, after a jump; belongs to no complaint.
        ClockConfirmed = "clock_confirmed",
        /// The key of the trail was lost, and somebody let it go on under another (docs/semantics.md 5.4); belongs to no
        /// complaint.
        KeyReplaced = "key_replaced",
        /// The database was restored from a copy, and somebody let it go on (docs/semantics.md 5.10); belongs to no
        /// complaint.
        Restored = "restored",
        /// The head of the trail was given out; belongs to no complaint, and plugins can have it by name.
        AuditHead = "audit_head",
        /// Somebody signed in to the page; belongs to no complaint.
        SignedIn = "signed_in",
        /// Somebody's account waits after failed attempts to sign in; belongs to no complaint.
        SignInsHeld = "sign_ins_held",
        /// Somebody's account was made, given a link or a password, locked or unlocked; belongs to no complaint.
        AccountChanged = "account_changed",
        /// Somebody's absence or deputy was entered or taken back; belongs to no complaint.
        PersonChanged = "person_changed",
    }
}

impl EventKind {
    /// Returns whether plugins can have it: what happens to a complaint, and what is made to be given out.
    pub fn goes_out(self) -> bool {
        self.concerns_a_complaint() || self == Self::AuditHead
    }

    /// Returns whether it happens to a complaint; every kind is named, so that a new one
    /// has to be judged before this compiles.
    pub fn concerns_a_complaint(self) -> bool {
        match self {
            Self::Received
            | Self::MailAdded
            | Self::ComplainantReplied
            | Self::Registered
            | Self::Entered
            | Self::ActionTaken
            | Self::RuleFired
            | Self::FactChanged
            | Self::DeadlineArmed
            | Self::DeadlineMet
            | Self::DeadlineCancelled
            | Self::DeadlinePaused
            | Self::DeadlineResumed
            | Self::DeadlineBreached
            | Self::Notified
            | Self::Escalated
            | Self::Linked
            | Self::MeasureRecorded
            | Self::MeetingRecorded
            | Self::Remarked
            | Self::LetterAccepted
            | Self::LetterFailed
            | Self::LetterRecalled
            | Self::SurveyAnswered
            | Self::Faulted
            | Self::Suspended
            | Self::Resumed => true,
            // The program's own work on what it keeps: nothing happens to the complaint.
            Self::Forgotten
            | Self::PlanApproved
            | Self::RulesetPublished
            | Self::Adopted
            | Self::Imported
            | Self::ImportUndone
            | Self::ScheduleRan
            | Self::DigestsSent
            | Self::ReportConcluded
            | Self::RecommendationRecorded
            | Self::DeliveriesReplayed
            | Self::PluginEnabled
            | Self::PluginDisabled
            | Self::PluginTried
            | Self::SubscriptionMade
            | Self::SubscriptionChanged
            | Self::SubscriptionRemoved
            | Self::AddressResumed
            | Self::MailSteppedOver
            | Self::ClockConfirmed
            | Self::KeyReplaced
            | Self::Restored
            | Self::AuditHead
            | Self::SignedIn
            | Self::SignInsHeld
            | Self::AccountChanged
            | Self::PersonChanged => false,
        }
    }
}

/// The origin of an event: its author, the route it came by, and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The author.
    pub by: Actor,
    /// The route by which it came.
    pub via: Via,
    /// The rule, action, schedule or engine that brought it about.
    pub source: Source,
}

impl Origin {
    /// The origin of what the program does by itself.
    pub const ENGINE: Self = Self { by: Actor::System, via: Via::Engine, source: Source::Engine };

    /// Returns the origin of what a person does outside the rules.
    pub fn person(by: Actor, via: Via) -> Self {
        Self { by, via, source: Source::Person }
    }
}

/// One line of the audit trail, before it has a place and a hash there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The kind of event.
    pub kind: EventKind,
    /// The author, the route and the source.
    pub origin: Origin,
    /// One line for people, without personal data.
    pub summary: String,
    /// Facts of the event, without personal data; enters the audit hash as it is.
    pub data: serde_json::Value,
    /// Personal facts, which enter the audit hash only as a salted digest, so that they can be removed
    /// (docs/semantics.md 5.4). None where there are none.
    pub personal: Option<serde_json::Value>,
}
