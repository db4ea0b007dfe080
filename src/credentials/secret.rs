//! `Secret`: where a secret is; its value is read when it is needed, and never shown or stored.

use serde::Deserialize;
use std::path::PathBuf;

/// The place of a secret: `{ env = "NAME" }` or `{ file = "/run/secrets/name" }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum Secret {
    /// An environment variable.
    Env(String),
    /// A file; white space around the secret is left out.
    File(PathBuf),
    /// Made of the key of the installation, under a name.
    Made {
        /// The name, for people.
        name: String,
        /// The secret.
        value: Revealed,
    },
}

/// A secret as it stands in a file. What is no place is not kept: it may be the secret itself, and errors would
/// repeat it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Env { env: String },
    File { file: PathBuf },
    Other(serde::de::IgnoredAny),
}

impl TryFrom<Written> for Secret {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Env { env } => Ok(Self::Env(env)),
            Written::File { file } => Ok(Self::File(file)),
            Written::Other(_) => Err("a secret is named by its place and never written down here: \
                { env = \"NAME\" } or { file = \"/run/secrets/name\" }"),
        }
    }
}

/// A secret's value. It has no `Display`, and its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed(String);

impl Revealed {
    /// Wraps a value that is secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Returns the value, for the wire only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Revealed(…)")
    }
}

impl Secret {
    /// Reads the secret from its place.
    ///
    /// # Errors
    /// In words that name the place and never the value; an empty secret is an error.
    pub fn read(&self) -> Result<Revealed, String> {
        let (value, place) = match self {
            Self::Made { value, .. } => return Ok(value.clone()),
            Self::Env(name) => {
                (std::env::var(name).map_err(|e| e.to_string()), format!("environment variable {name}"))
            }
            Self::File(path) => {
                (std::fs::read_to_string(path).map_err(|e| e.to_string()), format!("file {}", path.display()))
            }
        };
        match value {
            Ok(value) if !value.trim().is_empty() => Ok(Revealed(value.trim().to_owned())),
            Ok(_) => Err(format!("the secret in {place} is empty")),
            Err(e) => Err(format!("the secret in {place} cannot be read: {e}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_shows_itself() {
        assert!(!format!("{:?}", Revealed::new("hunter2")).contains("hunter2"));
        let missing = Secret::File("/nonexistent/secret".into()).read().expect_err("no file");
        assert!(missing.contains("/nonexistent/secret"), "{missing}");
    }
}
