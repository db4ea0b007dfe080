//! The checked settings that the program uses.

use super::{MailboxSettings, People, WebSettings};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{ComplainantKind, Language};
use crate::credentials::SecretUrl;
use crate::logging::Form;
use crate::rules::ExtraFields;
use std::path::PathBuf;
use std::sync::Arc;

const DAY_MILLIS: i64 = 86_400_000;

/// The settings of one installation, complete and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The organisation's name, as letters show it.
    pub organisation: String,
    /// The address that complaints come to and letters come from.
    pub mailbox: String,
    /// The domains whose mail is the organisation's own, without `@`.
    pub domains: Vec<String>,
    /// `nl` or `en`: the language of staff.
    pub language: Language,
    /// The organisation's people and their roles.
    pub people: People,
    /// The organisation's own fields, `complaint.extra.*`.
    pub extra: ExtraFields,
    /// The organisation's time zone and closing days.
    pub calendar: Arc<Calendar>,
    /// The URL of the database, `sqlite:…` or `postgres://…`; none for `redress.db` in the data folder.
    pub database: Option<SecretUrl>,
    /// The folder of the Maildir of new mail; none for `inbox` in the data folder.
    pub inbox: Option<PathBuf>,
    /// The name of the mail server whose Authentication-Results are believed (RFC 8601); none to believe
    /// nobody's.
    pub authserv_id: Option<String>,
    /// The age in days up to which mail is answered without a person.
    pub answer_days: u32,
    /// True when replies go to `mailbox+K-2026-0001-x7q@…` (docs/mail.md "Plus address").
    pub plus_addresses: bool,
    /// The IMAP mailboxes that are read.
    pub mailboxes: Vec<MailboxSettings>,
    /// The address and port on which the health endpoint listens.
    pub listen: std::net::SocketAddr,
    /// The settings of the page.
    pub web: WebSettings,
    /// The settings of publishing rulesets.
    pub rules: RuleSettings,
    /// The settings of deliveries.
    pub delivery: DeliverySettings,
    /// The settings of the watchdog.
    pub watchdog: WatchdogSettings,
    /// The settings of the log.
    pub log: LogSettings,
}

/// The settings of the watchdog: what it takes for trouble, and who outside hears that it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchdogSettings {
    /// The address that is called every minute while all is well; none without an outside monitor.
    pub heartbeat_url: Option<SecretUrl>,
    /// The days without any mail that are told; none to tell of no silence.
    pub silent_days: Option<u32>,
    /// The days without a backup that `redress doctor` tells of; 0 for never.
    pub backup_days: u32,
    /// The room on the disk, in MiB, below which somebody is told.
    pub disk_free_mib: u64,
}

/// The settings of the log of `redress serve`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// What is logged: a level, or levels by part of the program, as `REDRESS_LOG` says it.
    pub level: String,
    /// The form of its lines.
    pub form: Form,
}

/// The settings of how rulesets come in force.
#[derive(Clone, Copy, Debug)]
pub struct RuleSettings {
    /// True when somebody else, whom the procedure names, must approve each plan (docs/semantics.md 1.8).
    pub four_eyes: bool,
    /// True when `serve` puts a saved edit in force by itself, if it passes its scenarios and its plan is
    /// silent.
    pub publish_on_save: bool,
}

/// The limits of delivery: what it may reach, and how much automated mail it sends.
#[derive(Clone, Debug)]
pub struct DeliverySettings {
    /// Networks that are not public and that webhooks may call all the same.
    pub allow_networks: Vec<ipnet::IpNet>,
    /// The most automated mails to one outside address in any hour; more are held back
    /// (docs/mail.md "Mail loops").
    pub mails_per_hour: i64,
    /// The most automated mails to one outside address in any 24 hours.
    pub mails_per_day: i64,
    /// The most letters in any hour that incoming mail caused, to everybody together; more are held back.
    pub reactions_per_hour: i64,
    /// The minutes for which letters to outsiders that follow from what a person did wait, so that they can be called back;
    /// 0 for not at all (docs/semantics.md 8.7).
    pub recall_minutes: i64,
    /// The plugin by which messages to our own people and alarms go when mail does not bring them; none for none.
    pub fallback: Option<String>,
}

impl Settings {
    /// Returns these settings with what only a restart changes as it was `before`, and the names of those keys.
    pub fn after(mut self, before: &Self) -> (Self, Vec<&'static str>) {
        let mut kept = Vec::new();
        if self.database != before.database {
            self.database.clone_from(&before.database);
            kept.push("database.url");
        }
        // The page that goes with the server is no change of its own.
        if self.web.listen == self.listen && before.web.listen == before.listen {
            self.web.listen = before.web.listen;
        }
        if self.listen != before.listen {
            self.listen = before.listen;
            kept.push("server.listen");
        }
        if self.web != before.web {
            self.web = before.web.clone();
            kept.push("web");
        }
        if self.inbox != before.inbox {
            self.inbox.clone_from(&before.inbox);
            kept.push("intake.maildir");
        }
        if self.delivery.allow_networks != before.delivery.allow_networks {
            self.delivery.allow_networks.clone_from(&before.delivery.allow_networks);
            kept.push("delivery.allow_networks");
        }
        if self.calendar.zone() != before.calendar.zone() {
            self.calendar = Arc::clone(&before.calendar);
            kept.push("calendar");
        }
        (self, kept)
    }

    /// Returns the domain of our own message ids: that of the mailbox.
    pub fn mail_domain(&self) -> &str {
        self.mailbox.rsplit('@').next().unwrap_or("localhost")
    }

    /// Returns whether an address is in one of the organisation's own domains.
    pub fn is_own_domain(&self, address: &str) -> bool {
        let domain = address.rsplit('@').next().unwrap_or_default();
        self.domains.iter().any(|d| d.eq_ignore_ascii_case(domain))
    }

    /// Returns whether an address is of one of our own people, or in one of the organisation's own domains.
    pub fn is_ours(&self, address: &str) -> bool {
        self.is_own_domain(address) || self.people.find(address).is_some()
    }

    /// Returns whether a list that passes mail on is the organisation's own: by an address of it, or by a name
    /// such as `planning.lagant.nl`.
    pub fn is_own_list(&self, list: &str) -> bool {
        let host = list.rsplit('@').next().unwrap_or_default();
        let is_below = |domain: &String| {
            host.strip_suffix(domain.as_str()).is_some_and(|above| above.is_empty() || above.ends_with('.'))
        };
        self.domains.iter().any(is_below) || self.mailbox.eq_ignore_ascii_case(list)
    }

    /// Returns the moment from which mail may be answered without a person.
    pub fn answers_from(&self, now: Moment) -> Moment {
        now.plus_millis(-i64::from(self.answer_days) * DAY_MILLIS)
    }

    /// Returns what somebody with this address is as a complainant: internal within the organisation's own
    /// domains.
    pub fn complainant_kind(&self, address: &str) -> ComplainantKind {
        match self.is_own_domain(address) {
            true => ComplainantKind::Internal,
            false => ComplainantKind::External,
        }
    }

    /// Returns a digest of the settings whose change re-evaluates every complaint, beside the ruleset
    /// (docs/semantics.md 1.6): 12 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        let days: Vec<String> = self.calendar.closing_days().map(Date::to_string).collect();
        // Who is away and who stands in changes no decision.
        let people = self.people.iter().map(|p| {
            let known = super::Person { absences: Vec::new(), deputy: None, ..p.clone() };
            format!("{known:?}")
        });
        let people: Vec<String> = people.collect();
        let (zone, extra) = (self.calendar.zone(), &self.extra);
        let text = format!("{zone} {} {} {extra:?}", days.join(" "), people.join(" "));
        let digest = Sha256::digest(text);
        format!("{digest:.12x}")
    }
}
