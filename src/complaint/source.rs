//! `Source`: the cause of a change: a rule, an action, a schedule, the engine, or a person.

use super::{ActionId, RuleName, ScheduleName, Via};
use serde::de::value::{Error as NotASource, MapAccessDeserializer, StrDeserializer};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The cause of an event, a notification, a deadline or a fault.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The program itself: breaches, deliveries, alarms.
    Engine,
    /// Somebody outside the rules: a mail, a publication, a record of the director.
    Person,
    /// A rule that fired.
    Rule(RuleName),
    /// An action that was taken.
    Action {
        /// The id of the action.
        id: ActionId,
        /// The rule that performed it; none when a person or integration asked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        performed_by: Option<RuleName>,
    },
    /// A schedule that ran.
    Schedule(ScheduleName),
}

impl Source {
    /// Returns the name that the columns `rule` and `armed_by` hold and people see; engine and persons have
    /// none.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Engine | Self::Person => None,
            Self::Rule(name) => Some(name.as_str()),
            Self::Action { id, .. } => Some(id.as_str()),
            Self::Schedule(name) => Some(name.as_str()),
        }
    }

    /// Returns the words in which people are told of it: its name, where it has one.
    pub fn subject(&self) -> String {
        self.name().map_or_else(|| self.to_string(), str::to_owned)
    }

    /// Returns the rule at the root: the rule itself, or the one that performed the action. It is what a
    /// decision can do without (docs/semantics.md 4.4).
    pub fn rule(&self) -> Option<&RuleName> {
        match self {
            Self::Rule(name) => Some(name),
            Self::Action { performed_by, .. } => performed_by.as_ref(),
            Self::Engine | Self::Person | Self::Schedule(_) => None,
        }
    }

    /// Returns the source of a row. Rows written before sources were kept have only a name, which is read by
    /// the route: by the route of rules a name is a rule's (it may have been a schedule's or a performed
    /// action's), by a person's route an action's. Without a name it is the person of that route, or the
    /// engine.
    pub fn of_row(source: Option<Self>, name: Option<&str>, via: Via) -> Self {
        if let Some(source) = source {
            return source;
        }
        let is_persons = matches!(via, Via::Mail | Via::CommandLine | Via::Scenario);
        match name {
            Some(name) if is_persons => Self::Action { id: name.into(), performed_by: None },
            Some(name) => Self::Rule(name.into()),
            None if is_persons => Self::Person,
            None => Self::Engine,
        }
    }

    /// Returns the JSON that the columns named `source` hold.
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Reads a source inside a stored document, where any other bare text than `engine` and `person` is the
    /// name of a rule, as it was written before sources were kept.
    pub(super) fn or_rule_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceOrRuleName)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine => f.write_str("the engine"),
            Self::Person => f.write_str("a person"),
            Self::Rule(name) => write!(f, "rule \"{name}\""),
            Self::Action { id, performed_by: None } => write!(f, "action \"{id}\""),
            Self::Action { id, performed_by: Some(rule) } => write!(f, "action \"{id}\" of rule \"{rule}\""),
            Self::Schedule(name) => write!(f, "schedule \"{name}\""),
        }
    }
}

struct SourceOrRuleName;

impl<'de> Visitor<'de> for SourceOrRuleName {
    type Value = Source;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source, or the name of a rule")
    }

    fn visit_str<E>(self, text: &str) -> Result<Source, E> {
        let source = Source::deserialize(StrDeserializer::<NotASource>::new(text));
        Ok(source.unwrap_or_else(|_| Source::Rule(text.into())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        Source::deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Document {
        #[serde(deserialize_with = "Source::or_rule_name")]
        source: Source,
    }

    fn all() -> [Source; 6] {
        [
            Source::Engine,
            Source::Person,
            Source::Rule("Herinnering".into()),
            Source::Action { id: "acknowledge".into(), performed_by: None },
            Source::Action { id: "acknowledge".into(), performed_by: Some("Bevestiging".into()) },
            Source::Schedule("Kwartaal".into()),
        ]
    }

    #[test]
    fn what_is_written_is_read() {
        for source in all() {
            let read = serde_json::from_str(&source.to_json()).expect("reads");
            assert_eq!(Source::of_row(Some(read), source.name(), Via::Rule), source);
            let document = Document { source };
            let text = serde_json::to_string(&document).expect("writes");
            assert_eq!(serde_json::from_str::<Document>(&text).expect("reads"), document, "{text}");
        }
    }

    #[test]
    fn rows_from_before_are_read_by_their_door() {
        let read = |name, via| Source::of_row(None, name, via);
        assert_eq!(read(Some("r"), Via::Rule), Source::Rule("r".into()));
        assert_eq!(read(Some("r"), Via::Engine), Source::Rule("r".into()));
        let asked = Source::Action { id: "a".into(), performed_by: None };
        assert_eq!(read(Some("a"), Via::CommandLine), asked);
        assert_eq!(read(None, Via::Mail), Source::Person);
        assert_eq!(read(None, Via::Delivery), Source::Engine);
    }

    #[test]
    fn a_bare_text_in_a_document_is_a_rule() {
        for name in ["Herinnering", "rule", "action", "schedule"] {
            let read: Document = serde_json::from_value(serde_json::json!({"source": name})).expect("reads");
            assert_eq!(read.source, Source::Rule(name.into()));
        }
        assert!(serde_json::from_str::<Document>("{\"source\": {\"regel\": \"x\"}}").is_err());
    }
}
