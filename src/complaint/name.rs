//! Interned names, a type each, so that a state can never stand where a role is meant.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Returns the name as scripts and `procedure.toml` write it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }
    )+};
}

names! {
    /// A main state of the procedure, declared in `procedure.toml`.
    State,
    /// A part that people play in the procedure, declared in `procedure.toml`: `handler`, `director`…
    Role,
    /// A term, declared in `procedure.toml`: `acknowledgement`, `decision_term`…
    DeadlineName,
    /// A message template: `rules/messages/<language>/<message>.md`.
    MessageName,
    /// A rule of the ruleset, by the name its file gives it.
    RuleName,
    /// An action of the ruleset, by the id that people and rules ask for it by: `acknowledge`.
    ActionId,
    /// A schedule of the ruleset, by the name its file gives it.
    ScheduleName,
    /// Any other declared name: a flag, counter, verdict, ground, step of the escalation.
    Name,
}
