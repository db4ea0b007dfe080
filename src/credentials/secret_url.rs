//! `SecretUrl`: an address that may hold a secret: written where it is not one, named by its place where it is.

use super::secret::{Revealed, Secret};
use serde::Deserialize;
use std::fmt;

/// An address, as it stands in a file or behind a reference.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum SecretUrl {
    /// It stands there.
    Written(String),
    /// It is a secret.
    Secret(Secret),
}

/// An address as it stands in a file; what is neither is not kept.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Place(Secret),
    Other(serde::de::IgnoredAny),
}

impl TryFrom<Written> for SecretUrl {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Text(text) => Ok(Self::Written(text)),
            Written::Place(secret) => Ok(Self::Secret(secret)),
            Written::Other(_) => {
                Err("an address is written here, or named by its place: { env = \"NAME\" } or \
                { file = \"/run/secrets/name\" }")
            }
        }
    }
}

impl SecretUrl {
    /// Reads the address.
    ///
    /// # Errors
    /// In words that name the place of a secret, and never the address.
    pub fn read(&self) -> Result<Revealed, String> {
        match self {
            Self::Written(text) => Ok(Revealed::new(text)),
            Self::Secret(secret) => secret.read(),
        }
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // It may hold a password.
            Self::Written(_) => f.write_str("SecretUrl(…)"),
            Self::Secret(secret) => write!(f, "SecretUrl({secret:?})"),
        }
    }
}
