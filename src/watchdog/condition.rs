//! `Condition`: something that is wrong with the installation, with its facts; `AlarmKind`: the names under which
//! conditions are told, stored and documented (docs/operations.md).

use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Language, word_enum};
use crate::rules::Label;
use crate::workflow::Concern;

const MINUTE_MILLIS: i64 = 60_000;
const HOUR_MILLIS: i64 = 60 * MINUTE_MILLIS;

word_enum! {
    /// A kind of trouble.
    AlarmKind("kind of alarm") {
        /// A mandatory term has passed, and nobody was told.
        TermUntold = "term_untold",
        /// Rules fail for complaints.
        RuleFaults = "rule_faults",
        /// Messages reach nobody.
        Undeliverable = "undeliverable",
        /// Deliveries were given up.
        DeadLetters = "dead_letters",
        /// Deliveries wait for too long.
        OutboxOld = "outbox_old",
        /// Complaints are due and not settled.
        SchedulerBehind = "scheduler_behind",
        /// The scheduler fails.
        SchedulerFailing = "scheduler_failing",
        /// The database cannot be read or written.
        DatabaseFailing = "database_failing",
        /// The database is older than what this data folder has seen.
        DatabaseOlder = "database_older",
        /// The database was restored from a copy, and nobody has let it go on.
        Restored = "restored",
        /// The last backup is long ago, or there is none.
        BackupOld = "backup_old",
        /// The clock stands behind what was decided.
        ClockBehind = "clock_behind",
        /// The clock stands far ahead of the last time that was seen, and nothing is decided.
        ClockAhead = "clock_ahead",
        /// The clock has jumped, or the computer has slept.
        ClockJumped = "clock_jumped",
        /// The disk is nearly full.
        DiskLow = "disk_low",
        /// A folder of new mail cannot be read.
        InboxFailing = "inbox_failing",
        /// Files in a folder of new mail cannot be read.
        MailUnreadable = "mail_unreadable",
        /// Mail waits to be taken in.
        MailWaiting = "mail_waiting",
        /// A mailbox cannot be read.
        MailboxFailing = "mailbox_failing",
        /// No mail has come in for a long time.
        IntakeSilent = "intake_silent",
        /// A plugin's folder cannot be used.
        PluginBroken = "plugin_broken",
        /// A plugin's target fails.
        PluginFailing = "plugin_failing",
        /// A plugin was switched off by itself.
        PluginDisabled = "plugin_disabled",
        /// Deliveries wait for a plugin that nobody switched on.
        PluginWaiting = "plugin_waiting",
        /// The way for what mail does not bring is none.
        FallbackBroken = "fallback_broken",
        /// A secret cannot be read.
        SecretMissing = "secret_missing",
        /// A certificate ends soon.
        CertificateExpiring = "certificate_expiring",
        /// The certificate that a plugin's target shows ends soon.
        TargetCertificateExpiring = "target_certificate_expiring",
        /// A token ends soon.
        TokenExpiring = "token_expiring",
        /// Mail to one of our own people comes back.
        AddressBounces = "address_bounces",
        /// The rules folder has mistakes.
        RulesBroken = "rules_broken",
        /// The rules folder differs from what is in force.
        RulesDiffer = "rules_differ",
        /// The settings have a mistake, and those before are in use.
        SettingsBroken = "settings_broken",
        /// A changed setting waits for a restart.
        RestartNeeded = "restart_needed",
        /// Letters are to carry a question, and no link can be made.
        SurveyUnlinked = "survey_unlinked",
        /// Terms have passed and are not met.
        TermsOverdue = "terms_overdue",
        /// Only the sweep found what rules had to do.
        SweepFound = "sweep_found",
        /// Names and texts that are to go are still there.
        ForgettingOpen = "forgetting_open",
        /// Others may look into the data folder.
        DataOpen = "data_open",
        /// Holidays are not known far enough.
        HolidaysUnknown = "holidays_unknown",
        /// Processes that share a database do not go by the same.
        ProcessesDiffer = "processes_differ",
        /// The server has stopped.
        ServerSilent = "server_silent",
    }
}

impl AlarmKind {
    /// Returns how long it must last until the watchdog tells somebody, in milliseconds; none for what another part
    /// tells by itself or what somebody sees who looks.
    pub const fn told_after(self) -> Option<i64> {
        match self {
            Self::TermUntold
            | Self::DeadLetters
            | Self::OutboxOld
            | Self::DatabaseOlder
            | Self::ClockJumped
            | Self::DiskLow
            | Self::IntakeSilent
            | Self::CertificateExpiring
            | Self::TargetCertificateExpiring
            | Self::TokenExpiring
            | Self::SettingsBroken
            | Self::FallbackBroken
            | Self::SweepFound => Some(0),
            Self::SchedulerBehind | Self::SchedulerFailing => Some(2 * MINUTE_MILLIS),
            // Somebody who changes them on one computer after the other has some minutes.
            Self::InboxFailing | Self::SecretMissing | Self::ProcessesDiffer => Some(5 * MINUTE_MILLIS),
            // Those of long ago are begun with when a state is first said to forget, some in each tick.
            Self::RuleFaults | Self::PluginWaiting | Self::MailWaiting | Self::ForgettingOpen => Some(HOUR_MILLIS),
            // The database cannot carry word of itself: the log, `/ready` and the outside monitor tell.
            Self::DatabaseFailing | Self::ServerSilent => None,
            // Told at once by whoever notices.
            Self::ClockBehind
            | Self::ClockAhead
            | Self::MailUnreadable
            | Self::MailboxFailing
            | Self::PluginBroken
            | Self::PluginFailing
            | Self::PluginDisabled
            | Self::AddressBounces
            | Self::RulesBroken
            // Nothing is sent meanwhile.
            | Self::Restored => None,
            Self::BackupOld
            | Self::Undeliverable
            | Self::RulesDiffer
            | Self::RestartNeeded
            | Self::SurveyUnlinked
            | Self::TermsOverdue
            | Self::DataOpen
            | Self::HolidaysUnknown => None,
        }
    }

    /// Returns whether word is sent when it is over.
    pub const fn tells_its_end(self) -> bool {
        !matches!(self, Self::TermUntold | Self::DeadLetters | Self::ClockJumped | Self::SweepFound)
    }

    /// Returns whether only the process that sees it can see it: others neither find it nor end it. Everybody sees
    /// what stands in the database.
    pub const fn is_seen_by_one(self) -> bool {
        !matches!(
            self,
            Self::TermUntold
                | Self::RuleFaults
                | Self::Undeliverable
                | Self::DeadLetters
                | Self::OutboxOld
                | Self::SchedulerBehind
                | Self::IntakeSilent
                | Self::PluginFailing
                | Self::PluginDisabled
                | Self::PluginWaiting
                | Self::AddressBounces
                | Self::TermsOverdue
                | Self::SweepFound
                | Self::ForgettingOpen
                | Self::Restored
                | Self::BackupOld
                | Self::HolidaysUnknown
                | Self::ProcessesDiffer
                | Self::ServerSilent
        )
    }

    /// Returns whether the installation cannot do all of its work meanwhile (`/ready`).
    pub const fn hinders(self) -> bool {
        matches!(
            self,
            Self::OutboxOld
                | Self::SchedulerBehind
                | Self::SchedulerFailing
                | Self::DatabaseFailing
                | Self::DatabaseOlder
                | Self::Restored
                | Self::ClockBehind
                | Self::ClockAhead
                | Self::DiskLow
                | Self::InboxFailing
                | Self::MailUnreadable
                | Self::MailboxFailing
                | Self::PluginBroken
                | Self::PluginFailing
                | Self::PluginDisabled
                | Self::SecretMissing
        )
    }

    /// Returns whose concern it is.
    pub const fn concern(self) -> Concern {
        match self {
            Self::TermUntold | Self::RuleFaults | Self::SweepFound => Concern::Procedure,
            _ => Concern::Installation,
        }
    }
}

/// Something that is wrong, with its facts.
#[expect(missing_docs, reason = "the kind says what it is, and `words` what each fact means")]
#[derive(Clone, Debug)]
pub enum Condition {
    TermUntold { reference: String, name: String, term: Label, due: Moment },
    RuleFaults { complaints: i64 },
    Undeliverable { messages: i64 },
    DeadLetters { plugin: String, letters: i64, newest: Moment },
    OutboxOld { plugin: String, queued: i64, since: Moment },
    SchedulerBehind { since: Moment },
    SchedulerFailing { why: String },
    DatabaseFailing { why: String },
    DatabaseOlder { why: String },
    Restored { at: Moment },
    BackupOld { days: i64 },
    ClockBehind { minutes: i64 },
    ClockAhead { days: i64 },
    ClockJumped { at: Moment, seconds: i64 },
    DiskLow { folder: String, free_mib: u64 },
    InboxFailing { folder: String, why: String },
    MailUnreadable { file: String },
    MailWaiting { folder: String, mails: usize },
    MailboxFailing { mailbox: String, why: String },
    IntakeSilent { since: Moment },
    PluginBroken { plugin: String, why: String },
    PluginFailing { plugin: String, why: String },
    PluginDisabled { plugin: String, why: String },
    PluginWaiting { plugin: String, queued: i64 },
    FallbackBroken { why: String },
    SecretMissing { user: String, why: String },
    CertificateExpiring { file: String, on: Date },
    TargetCertificateExpiring { plugin: String, on: Date },
    TokenExpiring { user: String, on: Date },
    AddressBounces { address: String },
    RulesBroken { mistake: String },
    RulesDiffer,
    SettingsBroken { why: String },
    RestartNeeded { keys: String },
    SurveyUnlinked,
    TermsOverdue { terms: i64 },
    SweepFound { events: i64 },
    ForgettingOpen { complaints: u64, since: Moment },
    DataOpen { folder: String },
    HolidaysUnknown { until: Date },
    ProcessesDiffer { in_what: Shared, places: Vec<String> },
    ServerSilent { since: Moment },
}

/// What processes that share a database must have alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// The settings that decisions depend on.
    Settings,
    /// The plugins.
    Plugins,
}

impl Shared {
    /// Returns what it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::Settings => "redress.toml",
            Self::Plugins => "plugins/",
        }
    }
}

impl Condition {
    /// Returns its kind.
    pub const fn kind(&self) -> AlarmKind {
        match self {
            Self::TermUntold { .. } => AlarmKind::TermUntold,
            Self::RuleFaults { .. } => AlarmKind::RuleFaults,
            Self::Undeliverable { .. } => AlarmKind::Undeliverable,
            Self::DeadLetters { .. } => AlarmKind::DeadLetters,
            Self::OutboxOld { .. } => AlarmKind::OutboxOld,
            Self::SchedulerBehind { .. } => AlarmKind::SchedulerBehind,
            Self::SchedulerFailing { .. } => AlarmKind::SchedulerFailing,
            Self::DatabaseFailing { .. } => AlarmKind::DatabaseFailing,
            Self::DatabaseOlder { .. } => AlarmKind::DatabaseOlder,
            Self::Restored { .. } => AlarmKind::Restored,
            Self::BackupOld { .. } => AlarmKind::BackupOld,
            Self::ClockBehind { .. } => AlarmKind::ClockBehind,
            Self::ClockAhead { .. } => AlarmKind::ClockAhead,
            Self::ClockJumped { .. } => AlarmKind::ClockJumped,
            Self::DiskLow { .. } => AlarmKind::DiskLow,
            Self::InboxFailing { .. } => AlarmKind::InboxFailing,
            Self::MailUnreadable { .. } => AlarmKind::MailUnreadable,
            Self::MailWaiting { .. } => AlarmKind::MailWaiting,
            Self::MailboxFailing { .. } => AlarmKind::MailboxFailing,
            Self::IntakeSilent { .. } => AlarmKind::IntakeSilent,
            Self::PluginBroken { .. } => AlarmKind::PluginBroken,
            Self::PluginFailing { .. } => AlarmKind::PluginFailing,
            Self::PluginDisabled { .. } => AlarmKind::PluginDisabled,
            Self::PluginWaiting { .. } => AlarmKind::PluginWaiting,
            Self::FallbackBroken { .. } => AlarmKind::FallbackBroken,
            Self::SecretMissing { .. } => AlarmKind::SecretMissing,
            Self::CertificateExpiring { .. } => AlarmKind::CertificateExpiring,
            Self::TargetCertificateExpiring { .. } => AlarmKind::TargetCertificateExpiring,
            Self::TokenExpiring { .. } => AlarmKind::TokenExpiring,
            Self::AddressBounces { .. } => AlarmKind::AddressBounces,
            Self::RulesBroken { .. } => AlarmKind::RulesBroken,
            Self::RulesDiffer => AlarmKind::RulesDiffer,
            Self::SettingsBroken { .. } => AlarmKind::SettingsBroken,
            Self::RestartNeeded { .. } => AlarmKind::RestartNeeded,
            Self::SurveyUnlinked => AlarmKind::SurveyUnlinked,
            Self::TermsOverdue { .. } => AlarmKind::TermsOverdue,
            Self::SweepFound { .. } => AlarmKind::SweepFound,
            Self::ForgettingOpen { .. } => AlarmKind::ForgettingOpen,
            Self::DataOpen { .. } => AlarmKind::DataOpen,
            Self::HolidaysUnknown { .. } => AlarmKind::HolidaysUnknown,
            Self::ProcessesDiffer { .. } => AlarmKind::ProcessesDiffer,
            Self::ServerSilent { .. } => AlarmKind::ServerSilent,
        }
    }

    /// Returns what it is about: the same for as long as it is the same trouble, and without personal data. Empty
    /// where there is only one of its kind.
    pub fn subject(&self) -> String {
        match self {
            Self::TermUntold { reference, name, .. } => format!("{reference} {name}"),
            // What is given up on another day is told again.
            Self::DeadLetters { plugin, newest, .. } => {
                format!("{plugin} {}", newest.millis().div_euclid(24 * HOUR_MILLIS))
            }
            Self::ClockJumped { at, .. } => at.millis().to_string(),
            Self::SweepFound { events } => events.to_string(),
            Self::OutboxOld { plugin, .. }
            | Self::PluginBroken { plugin, .. }
            | Self::PluginFailing { plugin, .. }
            | Self::PluginDisabled { plugin, .. }
            | Self::TargetCertificateExpiring { plugin, .. }
            | Self::PluginWaiting { plugin, .. } => plugin.clone(),
            Self::DiskLow { folder, .. }
            | Self::InboxFailing { folder, .. }
            | Self::MailWaiting { folder, .. } => folder.clone(),
            Self::MailboxFailing { mailbox, .. } => mailbox.clone(),
            Self::SecretMissing { user, .. } | Self::TokenExpiring { user, .. } => user.clone(),
            Self::CertificateExpiring { file, .. } | Self::MailUnreadable { file } => file.clone(),
            Self::ProcessesDiffer { in_what, .. } => in_what.name().to_owned(),
            _ => String::new(),
        }
    }

    /// Returns the plugin by which word of it should not go.
    pub fn plugin(&self) -> Option<&str> {
        match self {
            Self::DeadLetters { plugin, .. }
            | Self::OutboxOld { plugin, .. }
            | Self::PluginBroken { plugin, .. }
            | Self::PluginFailing { plugin, .. }
            | Self::PluginDisabled { plugin, .. } => Some(plugin),
            _ => None,
        }
    }

    /// Returns its facts as its words name them.
    pub(super) fn facts(&self, language: Language, calendar: &Calendar) -> Vec<(&'static str, String)> {
        let at = |moment: &Moment| -> String {
            calendar.rfc3339(*moment).chars().take(16).collect::<String>().replace('T', " ")
        };
        let text = String::clone;
        match self {
            Self::TermUntold { reference, term, due, .. } => vec![
                ("reference", text(reference)),
                ("term", term.in_language(language).to_owned()),
                ("due", at(due)),
            ],
            Self::RuleFaults { complaints: n }
            | Self::Undeliverable { messages: n }
            | Self::TermsOverdue { terms: n }
            | Self::SweepFound { events: n }
            | Self::ClockBehind { minutes: n }
            | Self::BackupOld { days: n }
            | Self::ClockAhead { days: n } => {
                ["complaints", "messages", "terms", "events", "minutes", "days"]
                    .map(|name| (name, n.to_string()))
                    .into()
            }
            Self::DeadLetters { plugin, letters: n, .. } => {
                vec![("plugin", text(plugin)), ("letters", n.to_string())]
            }
            Self::OutboxOld { plugin, queued, since } => {
                vec![("plugin", text(plugin)), ("queued", queued.to_string()), ("since", at(since))]
            }
            Self::PluginWaiting { plugin, queued } => {
                vec![("plugin", text(plugin)), ("queued", queued.to_string())]
            }
            Self::SchedulerBehind { since } | Self::IntakeSilent { since } | Self::ServerSilent { since } => {
                vec![("since", at(since))]
            }
            Self::ForgettingOpen { complaints, since } => {
                vec![("complaints", complaints.to_string()), ("since", at(since))]
            }
            Self::SchedulerFailing { why }
            | Self::DatabaseFailing { why }
            | Self::DatabaseOlder { why }
            | Self::FallbackBroken { why }
            | Self::SettingsBroken { why } => vec![("why", text(why))],
            Self::Restored { at: copied } => vec![("at", at(copied))],
            Self::ClockJumped { seconds, .. } => vec![("seconds", seconds.to_string())],
            Self::DiskLow { folder, free_mib } => {
                vec![("folder", text(folder)), ("free_mib", free_mib.to_string())]
            }
            Self::InboxFailing { folder, why } => vec![("folder", text(folder)), ("why", text(why))],
            Self::MailWaiting { folder, mails } => {
                vec![("folder", text(folder)), ("mails", mails.to_string())]
            }
            Self::MailUnreadable { file } => vec![("file", text(file))],
            Self::MailboxFailing { mailbox, why } => vec![("mailbox", text(mailbox)), ("why", text(why))],
            Self::PluginBroken { plugin, why }
            | Self::PluginFailing { plugin, why }
            | Self::PluginDisabled { plugin, why } => vec![("plugin", text(plugin)), ("why", text(why))],
            Self::SecretMissing { user, why } => vec![("user", text(user)), ("why", text(why))],
            Self::CertificateExpiring { file, on } => vec![("file", text(file)), ("on", on.to_string())],
            Self::TargetCertificateExpiring { plugin, on } => {
                vec![("plugin", text(plugin)), ("on", on.to_string())]
            }
            Self::TokenExpiring { user, on } => vec![("user", text(user)), ("on", on.to_string())],
            Self::AddressBounces { address } => vec![("address", text(address))],
            Self::RulesBroken { mistake } => vec![("mistake", text(mistake))],
            Self::RestartNeeded { keys } => vec![("keys", text(keys))],
            Self::DataOpen { folder } => vec![("folder", text(folder))],
            Self::HolidaysUnknown { until } => vec![("until", until.to_string())],
            Self::ProcessesDiffer { in_what, places } => {
                vec![("in_what", in_what.name().to_owned()), ("places", places.join(", "))]
            }
            Self::RulesDiffer | Self::SurveyUnlinked => Vec::new(),
        }
    }
}
