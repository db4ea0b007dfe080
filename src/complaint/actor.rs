//! `Actor`: the author of an event, as the record names them.

use serde::{Serialize, Serializer};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

const SYSTEM: &str = "system";
const MAIL: &str = "mail";

/// The author of an event. Its text form is `system`, `mail`, or the person's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The program, for a rule, a schedule or by itself.
    System,
    /// Somebody who sent a mail, or followed the link of one of ours. The address is personal data and is kept with the mail only.
    Mail,
    /// One of the organisation's people, by address.
    Person(String),
}

impl Actor {
    /// Returns the text form, as the column `caused_by` and JSON hold it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::System => SYSTEM,
            Self::Mail => MAIL,
            Self::Person(address) => address,
        }
    }
}

impl From<&str> for Actor {
    fn from(text: &str) -> Self {
        match text {
            SYSTEM => Self::System,
            MAIL => Self::Mail,
            address => Self::Person(address.to_owned()),
        }
    }
}

impl FromStr for Actor {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
