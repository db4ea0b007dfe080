//! What a plugin takes, in the words of who looks after it.

use crate::complaint::{Language, Recipient};
use crate::delivery::{Manifest, PluginKind, PluginState};
use crate::web::texts::{find, say};
use crate::workflow::{AttemptOutcome, DeliveryState, Health, Labels};
use minijinja::context;
use minijinja::value::Value;
use url::form_urlencoded::byte_serialize;

/// How plugins and deliveries are said to one reader.
pub(super) struct Words {
    pub language: Language,
    pub labels: Labels,
}

impl Words {
    pub fn say(&self, key: &str) -> String {
        say(self.language, key, &[])
    }

    pub fn kind(&self, kind: PluginKind) -> String {
        self.say(match kind {
            PluginKind::Email => "plugin_kind_email",
            PluginKind::Webhook => "plugin_kind_webhook",
        })
    }

    /// Returns how a plugin stands, and whether somebody should look at it.
    pub fn state(&self, state: PluginState, health: Option<&Health>) -> Value {
        let words = match state {
            PluginState::Enabled => self.say("plugin_enabled"),
            PluginState::Failing => self.say("plugin_failing"),
            PluginState::SwitchedOff => self.say("plugin_switched_off"),
            PluginState::SwitchedOffByAPerson => {
                let by = health.and_then(Health::switched_off_by).unwrap_or_default();
                say(self.language, "plugin_switched_off_by", &[("name", by)])
            }
            PluginState::Disabled => self.say("plugin_disabled"),
            PluginState::BrokenBesides => self.say("plugin_broken_besides"),
            PluginState::Broken => self.say("plugin_broken"),
        };
        let is_wrong = !matches!(state, PluginState::Enabled | PluginState::Disabled);
        context! { words, is_wrong }
    }

    /// Returns what a plugin takes: lines of a name and words, and what somebody must know of it.
    pub fn scope(&self, manifest: &Manifest) -> Value {
        let s = &manifest.subscription;
        let mut lines = Vec::new();
        let mut line = |key: &str, words: String| lines.push(context! { name => self.say(key), words });
        let listed = |names: Vec<String>, takes_all: bool, all: &str| match takes_all {
            true => self.say(all),
            false => names.join(", "),
        };
        let names = |list: &mut dyn Iterator<Item = &str>| list.map(str::to_owned).collect::<Vec<_>>();
        if !s.messages.is_empty() {
            let messages = names(&mut s.messages.names());
            line("scope_messages", listed(messages, s.messages.takes_all(), "scope_all_messages"));
            let to = s.recipients.names().map(|name| self.recipient(name)).collect();
            line("scope_recipients", listed(to, s.recipients.takes_all(), "scope_all_recipients"));
        }
        if !s.events.is_empty() {
            let events = names(&mut s.events.names());
            line("scope_events", listed(events, s.events.takes_all(), "scope_all_events"));
        }
        let states = s.states.names().map(|name| self.labels.state(&name.into())).collect();
        line("scope_states", listed(states, s.states.takes_all(), "scope_all_states"));
        for (category, values) in s.when.asked() {
            let name = self.category(category);
            let values: Vec<String> = values.names().map(|value| self.labels.option(value)).collect();
            lines.push(context! { name, words => values.join(", ") });
        }
        let mut warnings = Vec::new();
        if s.is_unfiltered() && manifest.kind() == PluginKind::Webhook {
            warnings.push(self.say("scope_unfiltered"));
        }
        if let Some(purpose) = &manifest.purpose {
            warnings.push(say(self.language, "scope_personal", &[("purpose", purpose)]));
        }
        context! { lines, warnings }
    }

    /// Returns whom something is for, as subscriptions name it; empty for an event.
    pub fn recipient(&self, name: &str) -> String {
        match Recipient::from(name) {
            Recipient::Complainant => self.say("the_complainant"),
            Recipient::Responsible => self.say("to_responsible"),
            Recipient::Role(role) if role.as_str() == Recipient::KINDS[2] => self.say("scope_person"),
            Recipient::Role(role) => self.labels.role(&role),
            Recipient::Person(_) => self.say("scope_person"),
        }
    }

    /// Returns a kind of content in words.
    pub fn topic(&self, topic: &str) -> String {
        match topic.split_once('.') {
            Some(("notification", name)) => say(self.language, "topic_message", &[("name", name)]),
            Some(("event", name)) => say(self.language, "topic_event", &[("name", name)]),
            _ => topic.to_owned(),
        }
    }

    pub fn delivery_state(&self, state: DeliveryState) -> String {
        self.say(match state {
            DeliveryState::Queued => "delivery_queued",
            DeliveryState::Accepted => "delivery_accepted",
            DeliveryState::Dead => "delivery_dead",
            DeliveryState::Recalled => "delivery_recalled",
        })
    }

    pub fn outcome(&self, outcome: AttemptOutcome) -> String {
        self.say(match outcome {
            AttemptOutcome::Accepted => "attempt_accepted",
            AttemptOutcome::Failed => "attempt_failed",
            AttemptOutcome::Refused => "attempt_refused",
            AttemptOutcome::Held => "attempt_held",
        })
    }

    fn category(&self, category: &str) -> String {
        let key = match category {
            "complainant_kind" => "scope_complainant_kind",
            "channel" => "scope_channel",
            "language" => "scope_language",
            "verdict" => "scope_verdict",
            "ground" => "scope_ground",
            "agreement" => "scope_agreement",
            "escalation" => "scope_escalation",
            "cause_kind" => "scope_cause",
            "flags" => "scope_flags",
            other => other,
        };
        find(self.language, key).unwrap_or(category).to_owned()
    }
}

/// Writes a name as it stands in an address.
pub(super) fn path_of(name: &str) -> String {
    byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_name_is_one_part_of_an_address() {
        assert_eq!(path_of("a b/ü"), "a%20b%2F%C3%BC");
    }
}
