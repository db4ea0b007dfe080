//! `SecretPlace`: a secret of a plugin by the name of its place, and what it is for; never its value.

use crate::credentials::{OAuthSection, Secret};

/// A secret that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPlace {
    /// The key in `plugin.toml`, as `webhook.secret`.
    pub key: String,
    /// The kind of place.
    pub kind: SecretKind,
    /// The name of the environment variable or file, or under which it is made.
    pub name: String,
    /// What it is for.
    pub part: SecretPart,
    /// True when there is a value now.
    pub is_set: bool,
}

/// The kind of place where a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// An environment variable.
    Env,
    /// A file.
    File,
    /// It is made of the key of the installation.
    Made,
}

impl SecretKind {
    /// Returns its name, as programs read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Env => "env",
            Self::File => "file",
            Self::Made => "made",
        }
    }
}

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPart {
    /// It signs what is sent.
    Signs,
    /// It signs as well, while receivers change over to it.
    SignsNext,
    /// It opens the target: a token, a password, an address.
    Opens,
}

impl SecretPlace {
    pub(super) fn of(key: impl Into<String>, secret: &Secret, part: SecretPart) -> Self {
        let (kind, name) = match secret {
            Secret::Env(name) => (SecretKind::Env, name.clone()),
            Secret::File(path) => (SecretKind::File, path.display().to_string()),
            Secret::Made { name, .. } => (SecretKind::Made, name.clone()),
        };
        Self { key: key.into(), kind, name, part, is_set: secret.read().is_ok() }
    }

    /// Returns the places of the secrets by which a section gets its tokens.
    pub(super) fn of_oauth(section: &str, oauth: &OAuthSection) -> Vec<Self> {
        let secrets = [
            ("client_secret", &oauth.client_secret),
            ("refresh_token", &oauth.refresh_token),
            ("password", &oauth.password),
        ];
        let named = secrets.into_iter().filter_map(|(key, secret)| Some((key, secret.as_ref()?)));
        named
            .map(|(key, secret)| Self::of(format!("{section}.oauth2.{key}"), secret, SecretPart::Opens))
            .collect()
    }
}
