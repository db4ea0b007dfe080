//! Alarms of the engine: what somebody must hear although no complaint is concerned.

use super::renderer::{Renderer, Sending};
use super::{Carriers, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Notification, Recipient, Text};
use crate::message::BuiltinMessage;
use crate::rules::diagnostics::Diagnostic;
use serde_json::json;

/// News of a plugin, or of the mail it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginNews<'n> {
    /// Its target has failed for some time.
    Failing {
        /// The moment of the first of its failures in a row.
        since: Moment,
        /// The reason of the last one, in our words.
        reason: &'n str,
    },
    /// It was switched off by itself.
    Disabled {
        /// The reason, in our words.
        reason: &'n str,
    },
    /// Its target takes deliveries again.
    Recovered,
    /// Its folder was changed and cannot be used as it is now.
    Broken,
}

/// A cause for which a plugin holds mail back on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailHeld<'h> {
    /// The day, counted from the epoch.
    pub day: i64,
    /// What tells it from the other causes of the day: an address, or a word.
    pub cause: &'h str,
    /// The cause, in words.
    pub why: &'h str,
}

/// The causes that one message names.
const NAMED: usize = 20;
/// The causes of a day up to which each is told as it comes.
const FEW: i64 = 10;

/// Returns whether causes are told that come to those `before` on the same day: each of the first ten, then only that they
/// are a hundred, a thousand, and so on. A mass of them is one piece of news.
fn is_told(before: i64, new: usize) -> bool {
    let after = before.saturating_add(i64::try_from(new).unwrap_or(i64::MAX)).max(1);
    before < FEW || after.ilog10() > before.ilog10()
}

impl MailHeld<'_> {
    /// Returns the key under which it is told once.
    fn key(&self) -> String {
        format!("{}/{}", self.day, self.cause)
    }

    /// The news in one line for the log and for programs outside, without names.
    pub const IN_SHORT: &'static str = "automated mail is held back";
}

/// News of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxNews<'n> {
    /// It cannot be read.
    Failing {
        /// The reason, in words.
        why: &'n str,
    },
    /// It can be read again.
    Recovered,
    /// It was connected for the first time, and this many mails from before `from` are left to people.
    Connected {
        /// How many there are.
        left: usize,
        /// The moment from which it is read.
        from: Moment,
    },
}

/// News of the folder in which new mail appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxNews<'n> {
    /// Files of it cannot be read; others are taken in.
    Unreadable {
        /// How many there are.
        count: usize,
        /// The first of them, each with the reason.
        files: &'n [String],
    },
    /// Mails were kept because they could not be taken in, and now are.
    Kept {
        /// How many there were.
        count: usize,
        /// The reason, in words; empty when it is not known.
        why: &'n str,
    },
}

impl PluginNews<'_> {
    /// Returns the reason as programs outside may know it: nothing that a target said, who may name somebody.
    fn reason(&self) -> &str {
        match self {
            Self::Failing { reason, .. } | Self::Disabled { reason } => reason,
            Self::Recovered | Self::Broken => self.in_short(),
        }
    }

    /// Returns the news in one line for the log, without names.
    pub fn in_short(&self) -> &'static str {
        match self {
            Self::Failing { .. } => "its target has failed for some time",
            Self::Disabled { .. } => "it was switched off",
            Self::Recovered => "it works again",
            Self::Broken => "its folder cannot be used; the version before stays in use",
        }
    }
}

impl Workflow {
    /// Tells a plugin's owner, or the role that hears of plugins, by any other plugin.
    pub(super) async fn tell_plugin_news(
        &self,
        plugin: &str,
        owner: Option<&str>,
        news: PluginNews<'_>,
        why: &str,
    ) -> Result<(), WorkflowError> {
        let now = self.now().await?;
        let renderer = self.renderer();
        let (message, key, since) = match news {
            PluginNews::Failing { since, .. } => {
                (BuiltinMessage::PluginFailing, format!("{}", since.millis()), since)
            }
            PluginNews::Disabled { .. } => (BuiltinMessage::PluginDisabled, format!("{}", now.millis()), now),
            PluginNews::Recovered => (BuiltinMessage::PluginRecovered, format!("{}", now.millis()), now),
            PluginNews::Broken => (BuiltinMessage::PluginBroken, why.to_owned(), now),
        };
        let waiting = self.store.deliveries().queued(plugin).await?;
        let data = json!({
            "plugin": plugin, "why": why, "reason": news.reason(), "waiting": waiting,
            "since": self.settings().calendar.rfc3339(since),
        });
        let notification = Notification::of_engine(owner_of(&renderer, owner), message.as_str().into(), data);
        let sending = Sending::alone(plugin_notice(plugin, message, &key), &notification, now, None);
        // What is wrong with a plugin is told by the others.
        let is_by_others = news != PluginNews::Recovered;
        let carriers = if is_by_others { Carriers::AllBut(plugin) } else { Carriers::Subscribers };
        self.tell(&renderer, Sending { carriers, ..sending }).await
    }

    /// Tells a plugin's owner, or the role that hears of plugins, for which causes it holds mail back, also by the plugin
    /// itself: those that are new in one message, as far as [`is_told`] says so.
    pub(super) async fn tell_held(
        &self,
        plugin: &str,
        owner: Option<&str>,
        held: &[MailHeld<'_>],
    ) -> Result<(), WorkflowError> {
        let mark = |held: &MailHeld<'_>| plugin_notice(plugin, BuiltinMessage::MailHeld, &held.key());
        let marks: Vec<String> = held.iter().map(mark).collect();
        let known = self.store.notices().marked(&marks).await?;
        let new = std::iter::zip(marks, held).filter(|(mark, _)| !known.contains(mark));
        let (marks, new): (Vec<String>, Vec<&MailHeld<'_>>) = new.unzip();
        let Some(first) = new.first() else { return Ok(()) };
        let of_day = plugin_notice(plugin, BuiltinMessage::MailHeld, &format!("{}/", first.day));
        let before = self.store.notices().marks_below(&of_day).await?;
        let (now, renderer) = (self.now().await?, self.renderer());
        let sendings = match is_told(before, new.len()) {
            false => Vec::new(),
            true => vec![self.held_notification(&renderer, plugin, owner, &new, now).await?],
        };
        let sendings = sendings.iter().map(|n| Sending::alone(marks[0].clone(), n, now, None));
        self.tell_all(&renderer, sendings.collect(), now, &marks).await
    }

    async fn held_notification(
        &self,
        renderer: &Renderer,
        plugin: &str,
        owner: Option<&str>,
        held: &[&MailHeld<'_>],
        now: Moment,
    ) -> Result<Notification, WorkflowError> {
        let mut why = held.iter().take(NAMED).map(|held| held.why).collect::<Vec<_>>().join("; ");
        if held.len() > NAMED {
            why.push_str(&format!("; … (+{})", held.len() - NAMED));
        }
        let data = json!({
            "plugin": plugin, "why": why, "reason": MailHeld::IN_SHORT,
            "waiting": self.store.deliveries().queued(plugin).await?,
            "since": self.settings().calendar.rfc3339(now),
        });
        Ok(Notification::of_engine(owner_of(renderer, owner), BuiltinMessage::MailHeld.as_str().into(), data))
    }

    /// Tells that mail to one of our own people does not arrive.
    pub(super) async fn tell_bouncing(&self, address: &str) -> Result<(), WorkflowError> {
        self.tell_integrator(BuiltinMessage::AddressBounces, address, json!({"address": address})).await
    }

    /// Tells news of a mailbox since a moment; each is told once.
    pub(super) async fn tell_mailbox(
        &self,
        mailbox: &str,
        news: MailboxNews<'_>,
        since: Moment,
    ) -> Result<(), WorkflowError> {
        let (message, data) = match news {
            MailboxNews::Failing { why } => {
                (BuiltinMessage::MailboxFailing, json!({"mailbox": mailbox, "why": why}))
            }
            MailboxNews::Recovered => (BuiltinMessage::MailboxRecovered, json!({"mailbox": mailbox})),
            MailboxNews::Connected { left, from } => {
                let from = self.settings().calendar.rfc3339(from);
                (BuiltinMessage::MailboxConnected, json!({"mailbox": mailbox, "left": left, "from": from}))
            }
        };
        self.tell_integrator(message, &format!("{mailbox}/{}", since.millis()), data).await
    }

    /// Tells of the folder in which new mail appears; of the same files once.
    pub(super) async fn tell_inbox(&self, news: InboxNews<'_>) -> Result<(), WorkflowError> {
        match news {
            InboxNews::Unreadable { count, files } => {
                let data = json!({"count": count, "files": files});
                self.tell_integrator(BuiltinMessage::MailUnreadable, &files.join(" "), data).await
            }
            InboxNews::Kept { count, why } => {
                let key = self.now().await?.millis().to_string();
                let data = json!({"count": count, "why": why});
                self.tell_integrator(BuiltinMessage::MailKept, &key, data).await
            }
        }
    }

    pub(super) async fn tell_integrator(
        &self,
        message: BuiltinMessage,
        key: &str,
        data: serde_json::Value,
    ) -> Result<(), WorkflowError> {
        let message = message.as_str();
        let now = self.now().await?;
        let renderer = self.renderer();
        let procedure = renderer.published.ruleset.procedure();
        let role = procedure.plugin_alarms_to.as_ref().unwrap_or(&procedure.faults_to);
        let notification = Notification::of_engine(role.clone().into(), message.into(), data);
        self.tell(&renderer, Sending::alone(format!("{message}/{key}"), &notification, now, None)).await
    }

    /// Tells the quality manager that the rules folder has mistakes and the published ruleset runs
    /// (docs/semantics.md 1.3).
    pub async fn alarm_folder(&self, found: &[Diagnostic]) -> Result<(), WorkflowError> {
        let Some(first) = found.first() else { return Ok(()) };
        let more = if found.len() > 1 { format!(" (+{})", found.len() - 1) } else { String::new() };
        let text = first.message.clone().map(|text| format!("{text}{more}"));
        let place = format!("rules/{}", first.place());
        self.alarm("rules/", &place, &text).await
    }

    /// Tells what is the matter with a ruleset of the folder, such as why a saved edit is not in force; once
    /// per text of the rules.
    pub(super) async fn alarm_waiting(&self, candidate: &str, why: &Text) -> Result<(), WorkflowError> {
        self.alarm("rules/", &format!("ruleset {}", candidate.get(..12).unwrap_or(candidate)), why).await
    }
}

/// Returns who hears of a plugin: its owner, or the role that hears of plugins.
fn owner_of(renderer: &Renderer, owner: Option<&str>) -> Recipient {
    let procedure = renderer.published.ruleset.procedure();
    let role = procedure.plugin_alarms_to.as_ref().unwrap_or(&procedure.faults_to);
    owner.map_or_else(|| role.clone().into(), Recipient::from)
}

/// Returns the id of a notice of a plugin, under which it is sent once.
fn plugin_notice(plugin: &str, message: BuiltinMessage, key: &str) -> String {
    format!("plugin/{plugin}/{}/{key}", message.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_told;

    /// Returns which of some causes are told when `each` of them come at a time.
    fn told(causes: i64, each: usize) -> Vec<i64> {
        (0..causes).step_by(each).filter(|before| is_told(*before, each)).collect()
    }

    #[test]
    fn few_causes_are_told_each_and_a_mass_as_it_grows_tenfold() {
        assert_eq!(told(4_000, 1), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99, 999]);
        assert_eq!(told(4_000, 200), [0, 800]);
        assert_eq!(told(4_000, 4_000), [0]);
    }
}
