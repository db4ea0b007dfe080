//! `Text`: an address or the value of a header as `plugin.toml` has it: a pattern, or a secret.

use super::pattern::{Part, Pattern, Unfilled};
use super::values::{HIDDEN, Values};
use crate::credentials::Secret;
use serde::Deserialize;
use serde_json::Value;

/// A text that may be a secret: an incoming-webhook address, a token in a header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(super) enum Text {
    Pattern(Pattern),
    Secret(Secret),
    /// A secret after a few words, as in `Bearer …`.
    Prefixed {
        prefix: String,
        secret: Secret,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Plain(String),
    Secret(Secret),
    Prefixed { prefix: String, secret: Secret },
}

impl TryFrom<Written> for Text {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Ok(match written {
            Written::Plain(text) => Self::Pattern(Pattern::parse(&text)?),
            Written::Secret(secret) => Self::Secret(secret),
            Written::Prefixed { prefix, secret } => Self::Prefixed { prefix, secret },
        })
    }
}

impl Text {
    /// Returns the text for a delivery of this event.
    pub fn fill(&self, part: Part, event: &Value, values: &Values<'_>) -> Result<String, Unfilled> {
        let read = |secret| values.of(secret).map_err(Unfilled::Wrong);
        match self {
            Self::Pattern(pattern) => pattern.fill(part, event, values),
            Self::Secret(secret) => Ok(read(secret)?.expose().to_owned()),
            Self::Prefixed { prefix, secret } => {
                let secret = read(secret)?;
                Ok(if secret.expose() == HIDDEN {
                    HIDDEN.to_owned()
                } else {
                    format!("{prefix}{}", secret.expose())
                })
            }
        }
    }

    pub fn pattern(&self) -> Option<&Pattern> {
        match self {
            Self::Pattern(pattern) => Some(pattern),
            Self::Secret(_) | Self::Prefixed { .. } => None,
        }
    }

    /// Returns whether it is filled from the event.
    pub fn reads_event(&self) -> bool {
        self.pattern().is_some_and(|pattern| pattern.paths().next().is_some())
    }

    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Pattern(_) => None,
            Self::Secret(secret) | Self::Prefixed { secret, .. } => Some(secret),
        }
    }
}
