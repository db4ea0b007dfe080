//! A file per table: its row as it is written and read, and what every writer of the table shares.
//!
//! Views of a table (a part of its columns, or what a query makes of them) stand with it.

pub(super) mod absences;
pub(super) mod accounts;
pub(super) mod alarms;
pub(super) mod api_tokens;
pub(super) mod approvals;
pub(super) mod bounced_addresses;
pub(super) mod companions;
pub(super) mod complaints;
pub(super) mod conversations;
pub(super) mod counters;
pub(super) mod deadlines;
pub(super) mod deliveries;
pub(super) mod delivery_attempts;
pub(super) mod deputies;
pub(super) mod digest_lines;
pub(super) mod drafts;
pub(super) mod events;
pub(super) mod feeds;
pub(super) mod forgettings;
pub(super) mod forgotten_files;
pub(super) mod gathered;
pub(super) mod group_keys;
pub(super) mod import_rows;
pub(super) mod imports;
pub(super) mod kept_answers;
pub(super) mod kept_reports;
pub(super) mod links;
pub(super) mod mail_sightings;
pub(super) mod mailboxes;
pub(super) mod mails;
pub(super) mod meta;
pub(super) mod notifications;
pub(super) mod plugin_health;
pub(super) mod processes;
pub(super) mod proposal_files;
pub(super) mod proposal_trials;
pub(super) mod proposals;
pub(super) mod publications;
pub(super) mod recommendations;
pub(super) mod recovery_codes;
pub(super) mod reports;
pub(super) mod reset_requests;
pub(super) mod rulesets;
pub(super) mod schedules;
pub(super) mod search;
pub(super) mod sessions;
pub(super) mod threads;
pub(super) mod told_faults;
pub(super) mod triggers;
pub(super) mod views;
pub(super) mod webhook_subscriptions;

#[cfg(test)]
mod test;
