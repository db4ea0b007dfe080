//! The checked settings that the program uses.

use super::{MailboxSettings, People};
use crate::calendar::{Calendar, Date};
use crate::complaint::ComplainantKind;
use crate::rules::ExtraFields;
use std::path::PathBuf;
use std::sync::Arc;

/// The settings of one installation, complete and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub organisation: String,
    /// The address that complaints come to and letters come from.
    pub mailbox: String,
    /// Mail from these domains is the organisation's own.
    pub domains: Vec<String>,
    /// `nl` or `en`: the language of staff.
    pub language: String,
    pub people: People,
    /// The organisation's own fields, `complaint.extra.*`.
    pub extra: ExtraFields,
    pub calendar: Arc<Calendar>,
    pub database: Option<String>,
    /// Where the Maildir of new mail is, when not in the data folder.
    pub inbox: Option<PathBuf>,
    /// The mail server whose Authentication-Results are believed.
    pub authserv_id: Option<String>,
    /// Whether replies go to `mailbox+K-2026-0001-x7q@…`.
    pub plus_addresses: bool,
    /// The IMAP mailboxes that are read.
    pub mailboxes: Vec<MailboxSettings>,
    /// Address on which the health endpoint listens.
    pub listen: std::net::SocketAddr,
    pub rules: RuleSettings,
    pub delivery: DeliverySettings,
}

/// How rulesets come in force.
#[derive(Clone, Copy, Debug)]
pub struct RuleSettings {
    /// Whether somebody other than the publisher must approve each plan.
    pub four_eyes: bool,
    /// Whether `serve` puts a saved edit in force by itself when it passes its scenarios and its plan is silent.
    pub publish_on_save: bool,
}

/// What delivery may reach, and how much automated mail goes to one outside address.
#[derive(Clone, Debug)]
pub struct DeliverySettings {
    /// Networks that are not public and that webhooks may call all the same.
    pub allow_networks: Vec<ipnet::IpNet>,
    /// Automated mails to one outside address in an hour and in a day; more are held back.
    pub mails_per_hour: i64,
    pub mails_per_day: i64,
    /// Letters in an hour that incoming mail caused, to everybody together; more are held back.
    pub reactions_per_hour: i64,
}

impl Settings {
    /// The domain of our own message ids.
    pub fn mail_domain(&self) -> &str {
        self.mailbox.rsplit('@').next().unwrap_or("localhost")
    }

    pub fn is_own_domain(&self, address: &str) -> bool {
        let domain = address.rsplit('@').next().unwrap_or_default();
        self.domains.iter().any(|d| d.eq_ignore_ascii_case(domain))
    }

    /// Returns what somebody with this address is as a complainant: internal within the organisation's own domains.
    pub fn complainant_kind(&self, address: &str) -> ComplainantKind {
        match self.is_own_domain(address) {
            true => ComplainantKind::Internal,
            false => ComplainantKind::External,
        }
    }

    /// What re-evaluates every complaint when it changes, beside the ruleset (docs/semantics.md 1.6).
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        let days: Vec<String> = self.calendar.closing_days().map(Date::to_string).collect();
        let people: Vec<String> = self.people.iter().map(|p| format!("{p:?}")).collect();
        let (zone, extra) = (self.calendar.zone(), &self.extra);
        let text = format!("{zone} {} {} {extra:?}", days.join(" "), people.join(" "));
        let digest = Sha256::digest(text);
        digest.iter().take(6).map(|b| format!("{b:02x}")).collect()
    }
}
