//! `[webhook]`: where events go, how, and with which signature.

use super::event;
use super::pattern::Pattern;
use super::text::Text;
use super::values::declared;
use crate::credentials::{OAuthSection, Secret};
use crate::delivery::error::Mistake;
use crate::delivery::retry::Retry;
use crate::delivery::secret_place::{SecretPart, SecretPlace};
use reqwest::Url;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    /// Those before the first that sign as well, where it is renewed here and not in a folder.
    #[serde(skip)]
    secrets_before: Vec<Secret>,
    /// Secrets by name, for patterns and the payload script.
    #[serde(default)]
    pub(super) secrets: BTreeMap<String, Secret>,
    /// A bearer token instead of a header of one's own.
    pub(super) oauth2: Option<OAuthSection>,
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
    /// The certificate that the target asks for.
    pub(super) client_certificate: Option<ClientCertificate>,
}

/// A certificate in PEM with its chain, and its key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientCertificate {
    file: PathBuf,
    key: Secret,
}

impl ClientCertificate {
    /// Returns the file of the certificate.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Reads certificate and key, as one text in PEM.
    pub fn read(&self) -> Result<Vec<u8>, String> {
        let mut pem = std::fs::read(&self.file).map_err(|e| {
            format!("webhook.client_certificate: {} cannot be read: {e}", self.file.display())
        })?;
        pem.push(b'\n');
        pem.extend_from_slice(self.key.read()?.expose().as_bytes());
        Ok(pem)
    }
}

fn default_timeout() -> u64 {
    15
}

fn default_concurrency() -> usize {
    4
}

/// Set by Redress itself.
const OWN_HEADERS: &[&str] =
    &["webhook-id", "webhook-timestamp", "webhook-signature", "redress-test", "host", "content-length"];

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
        let tokens = self.oauth2.iter().flat_map(OAuthSection::secrets);
        let key = self.client_certificate.iter().map(|c| &c.key);
        let texts = self.url.secret().into_iter().chain(headers);
        texts.chain(&self.secret).chain(self.secrets.values()).chain(tokens).chain(key).collect()
    }

    /// Returns it signed with a secret, and with those before.
    pub fn signed_with(self, secret: Secret, secrets_before: Vec<Secret>) -> Self {
        Self { secret: Some(secret), secrets_before, ..self }
    }

    /// Returns the secrets that sign beside the first, while receivers change over.
    pub fn beside(&self) -> impl Iterator<Item = &Secret> {
        self.next_secret.iter().chain(&self.secrets_before)
    }

    /// Returns the places of all its secrets.
    pub fn secret_places(&self) -> Vec<SecretPlace> {
        let opens = |key: String, secret: &Secret| SecretPlace::of(key, secret, SecretPart::Opens);
        let signs = self.secret.iter().map(|s| SecretPlace::of("webhook.secret", s, SecretPart::Signs));
        let beside = |key: &'static str| move |s| SecretPlace::of(key, s, SecretPart::SignsNext);
        let next = self.next_secret.iter().map(beside("webhook.next_secret"));
        let before = self.secrets_before.iter().map(beside("webhook.secret"));
        let url = self.url.secret().into_iter().map(|s| opens("webhook.url".to_owned(), s));
        let headers = self.headers.iter().filter_map(|(name, text)| Some((name, text.secret()?)));
        let headers = headers.map(|(name, s)| opens(format!("webhook.headers.{name}"), s));
        let named = self.secrets.iter().map(|(name, s)| opens(format!("webhook.secrets.{name}"), s));
        let tokens = self.oauth2.iter().flat_map(|oauth| SecretPlace::of_oauth("webhook", oauth));
        let key = self.client_certificate.iter();
        let key = key.map(|c| opens("webhook.client_certificate.key".to_owned(), &c.key));
        signs
            .chain(next)
            .chain(before)
            .chain(url)
            .chain(headers)
            .chain(named)
            .chain(tokens)
            .chain(key)
            .collect()
    }

    /// Returns everything that is wrong with it.
    pub fn check(&self) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut wrong = |is_wrong: bool, why: &str, remedy| {
            if is_wrong {
                found.push(Mistake::new(why, remedy));
            }
        };
        wrong(
            !(1..=60).contains(&self.timeout_seconds),
            "webhook.timeout_seconds lies between 1 and 60",
            "write timeout_seconds = 15",
        );
        wrong(
            !(1..=64).contains(&self.concurrency),
            "webhook.concurrency lies between 1 and 64",
            "write concurrency = 4",
        );
        wrong(
            self.rate_per_second.is_some_and(|r| !(1..=10_000).contains(&r)),
            "webhook.rate_per_second lies between 1 and 10000",
            "leave it out for no limit",
        );
        wrong(
            self.signing == Signing::StandardWebhooks && self.secret.is_none(),
            "a signed webhook needs a secret",
            "add secret = { env = \"NAME\" } or { file = \"…\" }, or signing = \"none\" where the target cannot check one",
        );
        let authorizes = |name: &String| name.eq_ignore_ascii_case("authorization");
        wrong(
            self.oauth2.is_some() && self.headers.keys().any(authorizes),
            "webhook has oauth2 and a header Authorization",
            "keep one of them",
        );
        found.extend(
            self.oauth2.iter().filter_map(|o| o.mistake()).map(|(why, remedy)| Mistake::new(why, remedy)),
        );
        if let Some(pattern) = self.url.pattern() {
            found.extend(check_url(pattern).err());
            found.extend(self.check_places("url", pattern));
        }
        for (name, value) in &self.headers {
            found.extend(check_header(name, value).err());
            found.extend(value.pattern().and_then(|pattern| self.check_places("headers", pattern)));
        }
        found
    }

    fn check_places(&self, key: &str, pattern: &Pattern) -> Option<Mistake> {
        if pattern.secrets().any(|name| !self.secrets.contains_key(name)) {
            let why = format!(
                "webhook.{key}: it names a secret that [webhook.secrets] does not have; {}",
                declared(&self.secrets)
            );
            return Some(Mistake::new(why, "write NAME = { env = \"…\" } under [webhook.secrets]"));
        }
        let unknown = pattern.paths().any(|path| !event::knows(path));
        unknown.then(|| {
            Mistake::new(
                format!("webhook.{key}: a place {{{{ … }}}} names what no event has"),
                "`redress plugins sample NAME` shows what there is, plugins/schema all of it",
            )
        })
    }
}

fn check_url(pattern: &Pattern) -> Result<(), Mistake> {
    let fail = |why: &str, remedy| Err(Mistake::new(why, remedy));
    match Url::parse(&pattern.with_each("x")) {
        Ok(url) if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none() => {
            fail("webhook.url is not a web address", "write it as \"https://example.org/redress\"")
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => fail(
            "webhook.url holds a password",
            "take it from the environment: url = { env = \"NAME\" }, or put it in a header",
        ),
        // What is called is for the manifest to say, not for an event.
        Ok(_) if !pattern.is_literal() && !has_host(pattern.beginning()) => {
            fail("webhook.url has a place {{ … }} in its host", "write the host itself, and places after it")
        }
        Ok(_) => Ok(()),
        Err(_) => fail("webhook.url is not an address", "write it as \"https://example.org/redress\""),
    }
}

/// Returns whether the beginning of an address holds its host whole.
fn has_host(beginning: &str) -> bool {
    beginning.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
}

fn check_header(name: &str, value: &Text) -> Result<(), Mistake> {
    let lower = name.to_lowercase();
    if OWN_HEADERS.contains(&lower.as_str()) {
        return Err(Mistake::new(format!("webhook.headers: `{name}` is set by Redress"), "remove it"));
    }
    if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
        let why = format!("webhook.headers: `{name}` is not a header");
        return Err(Mistake::new(why, "write it as \"X-Name\""));
    }
    let Some(pattern) = value.pattern() else { return Ok(()) };
    if lower == "authorization" && pattern.secrets().next().is_none() {
        return Err(Mistake::new(
            format!("webhook.headers: `{name}` is a secret in plain text"),
            "write \"Bearer {{ secret.token }}\", and token = { env = \"NAME\" } under [webhook.secrets]",
        ));
    }
    if reqwest::header::HeaderValue::from_str(&pattern.with_each("x")).is_err() {
        let why = format!("webhook.headers: the value of `{name}` cannot be sent");
        return Err(Mistake::new(why, "use plain letters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(section: &str) -> String {
        let section: WebhookSection = toml::from_str(section).expect("a section");
        section.check().into_iter().map(|mistake| mistake.why).collect::<Vec<_>>().join("; ")
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
        let all = why(&format!("{url}timeout_seconds = 61\nconcurrency = 65"));
        assert_eq!(all.split("; ").count(), 3, "all mistakes at once: {all}");
    }

    #[test]
    fn places_name_what_there_is_and_never_the_host() {
        let section = |url: &str| format!("url = \"{url}\"\nsigning = \"none\"\n");
        let secrets = "[secrets]\ntoken = { env = \"T\" }\n";
        for (url, more, expected) in [
            ("https://x.nl/{{ id }}/{{ data.complaint.number }}/{{ data.details.any }}", "", ""),
            ("https://x.nl/{{ secret.token }}", secrets, ""),
            ("https://x.nl/{{ secret.tokn }}", secrets, "does not have; it has token"),
            ("https://x.nl/{{ secret.token }}", "", "it is empty"),
            ("https://x.nl/{{ data.complaint.numbr }}", "", "names what no event has"),
            ("https://{{ data.complaint.state }}.x.nl/", "", "in its host"),
            ("https://x.nl{{ id }}", "", "in its host"),
            ("{{ secret.token }}", secrets, "is not an address"),
        ] {
            let found = why(&format!("{}{more}", section(url)));
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{url}: {found}");
        }
        let oauth = "headers = { Authorization = { env = \"A\" } }\n[oauth2]\ntoken_url = \"https://x.nl/token\"\nclient_id = \"c\"\n";
        assert!(
            why(&format!("{}{oauth}", section("https://x.nl/"))).contains("keep one")
                || why(&format!("{}{oauth}", section("https://x.nl/"))).contains("oauth2 and a header")
        );
    }
}
