//! `[webhook]`: where events go, how, and with which signature.

use crate::credentials::{Revealed, Secret};
use crate::delivery::error::Mistake;
use crate::delivery::retry::Retry;
use reqwest::Url;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The text that is shown in place of a secret.
pub(super) const HIDDEN: &str = "(secret)";

/// A text that may be a secret: an incoming-webhook address, a token in a header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Plain(String),
    Secret(Secret),
    /// A secret after a few words, as in `Bearer …`.
    Prefixed {
        prefix: String,
        secret: Secret,
    },
}

impl Text {
    /// Reads the secret, where there is one.
    ///
    /// # Errors
    /// In words that name the place of the secret and never its value.
    pub fn read(&self) -> Result<Revealed, String> {
        match self {
            Self::Plain(text) => Ok(Revealed::new(text.clone())),
            Self::Secret(secret) => secret.read(),
            Self::Prefixed { prefix, secret } => {
                Ok(Revealed::new(format!("{prefix}{}", secret.read()?.expose())))
            }
        }
    }

    /// Returns what people may see of it.
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(_) | Self::Prefixed { .. } => HIDDEN,
        }
    }

    pub fn is_secret(&self) -> bool {
        self.secret().is_some()
    }

    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Plain(_) => None,
            Self::Secret(secret) | Self::Prefixed { secret, .. } => Some(secret),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    #[default]
    Post,
    Put,
    Patch,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Signing {
    /// Signed by Standard Webhooks (<https://www.standardwebhooks.com>).
    #[default]
    StandardWebhooks,
    None,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::delivery::channels) struct WebhookSection {
    pub(super) url: Text,
    #[serde(default)]
    pub(super) method: Method,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Text>,
    #[serde(default)]
    pub(super) signing: Signing,
    pub(super) secret: Option<Secret>,
    /// A second live secret, while receivers change over.
    pub(super) next_secret: Option<Secret>,
    #[serde(default = "default_timeout")]
    pub(super) timeout_seconds: u64,
    #[serde(default = "default_concurrency")]
    pub(super) concurrency: usize,
    pub(super) rate_per_second: Option<u32>,
    #[serde(default)]
    pub(super) retry: Retry,
    /// Without TLS; only where the network is allowed in redress.toml needs no such word.
    #[serde(default)]
    pub(super) allow_http: bool,
    /// A certificate in PEM that is trusted beside the system's.
    pub(super) ca_file: Option<PathBuf>,
}

fn default_timeout() -> u64 {
    15
}

fn default_concurrency() -> usize {
    4
}

/// Set by Redress itself.
const OWN_HEADERS: &[&str] =
    &["webhook-id", "webhook-timestamp", "webhook-signature", "host", "content-length"];

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
        }
    }
}

impl WebhookSection {
    /// Returns the secrets without which nothing can be sent; the next one may be missing.
    pub fn secrets(&self) -> Vec<&Secret> {
        let headers = self.headers.values().filter_map(Text::secret);
        self.url.secret().into_iter().chain(headers).chain(&self.secret).collect()
    }

    pub fn check(&self) -> Result<(), Mistake> {
        let fail = |why: &str, remedy| Err(Mistake::new(why, remedy));
        match self {
            w if !(1..=60).contains(&w.timeout_seconds) => {
                fail("webhook.timeout_seconds lies between 1 and 60", "write timeout_seconds = 15")
            }
            w if !(1..=64).contains(&w.concurrency) => {
                fail("webhook.concurrency lies between 1 and 64", "write concurrency = 4")
            }
            w if w.rate_per_second.is_some_and(|r| !(1..=10_000).contains(&r)) => {
                fail("webhook.rate_per_second lies between 1 and 10000", "leave it out for no limit")
            }
            w if w.signing == Signing::StandardWebhooks && w.secret.is_none() => fail(
                "a signed webhook needs a secret",
                "add secret = { env = \"NAME\" } or { file = \"…\" }, or signing = \"none\" where the target cannot check one",
            ),
            w => {
                if let Text::Plain(url) = &w.url {
                    check_url(url)?;
                }
                check_headers(&w.headers)
            }
        }
    }
}

fn check_url(text: &str) -> Result<(), Mistake> {
    let fail = |why: &str, remedy| Err(Mistake::new(why, remedy));
    match Url::parse(text) {
        Ok(url) if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none() => {
            fail("webhook.url is not a web address", "write it as \"https://example.org/redress\"")
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => fail(
            "webhook.url holds a password",
            "take it from the environment: url = { env = \"NAME\" }, or put it in a header",
        ),
        Ok(_) => Ok(()),
        Err(_) => fail("webhook.url is not an address", "write it as \"https://example.org/redress\""),
    }
}

fn check_headers(headers: &BTreeMap<String, Text>) -> Result<(), Mistake> {
    for (name, value) in headers {
        let lower = name.to_lowercase();
        if OWN_HEADERS.contains(&lower.as_str()) {
            return Err(Mistake::new(format!("webhook.headers: `{name}` is set by Redress"), "remove it"));
        }
        if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(Mistake::new(
                format!("webhook.headers: `{name}` is not a header"),
                "write it as \"X-Name\"",
            ));
        }
        let plain = if let Text::Plain(text) = value { text.as_str() } else { "" };
        if lower == "authorization" && !plain.is_empty() {
            let remedy = "write { prefix = \"Bearer \", secret = { env = \"NAME\" } }";
            return Err(Mistake::new(format!("webhook.headers: `{name}` is a secret in plain text"), remedy));
        }
        if reqwest::header::HeaderValue::from_str(plain).is_err() {
            return Err(Mistake::new(
                format!("webhook.headers: the value of `{name}` cannot be sent"),
                "use plain letters",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(section: &str) -> String {
        let section: WebhookSection = toml::from_str(section).expect("a section");
        section.check().expect_err("a mistake").why
    }

    #[test]
    fn what_would_leak_or_fail_is_refused() {
        let url = "url = \"https://x.nl/\"\n";
        assert!(why(url).contains("needs a secret"));
        let unsigned = format!("{url}signing = \"none\"\n");
        for (more, expected) in [
            ("timeout_seconds = 61", "between 1 and 60"),
            ("concurrency = 65", "between 1 and 64"),
            ("rate_per_second = 0", "between 1 and 10000"),
            ("headers = { authorization = \"Bearer x\" }", "secret in plain text"),
            ("headers = { Webhook-Id = \"x\" }", "is set by Redress"),
            ("headers = { \"X Y\" = \"x\" }", "is not a header"),
            ("headers = { x = \"a\\nb\" }", "cannot be sent"),
        ] {
            let found = why(&format!("{unsigned}{more}"));
            assert!(found.contains(expected), "{more}: {found}");
        }
        assert!(why("url = \"https://a:b@x.nl/\"\nsigning = \"none\"").contains("holds a password"));
    }
}
