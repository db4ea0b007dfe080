//! `[smtp]`: the mail server that letters are handed to.

use crate::credentials::{OAuthSection, Secret};
use crate::delivery::error::Mistake;
use crate::delivery::secret_place::{SecretPart, SecretPlace};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Security {
    /// TLS after a plain greeting; never without (RFC 3207), port 587.
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314), port 465.
    Tls,
    /// For a mail server on this computer, port 25.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::delivery::channels) struct SmtpSection {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    #[serde(default)]
    pub(super) security: Security,
    pub(super) username: Option<String>,
    pub(super) password: Option<Secret>,
    /// XOAUTH2 instead of a password.
    pub(super) oauth2: Option<OAuthSection>,
    #[serde(default = "default_timeout")]
    pub(super) timeout_seconds: u64,
    #[serde(default = "default_concurrency")]
    pub(super) concurrency: usize,
    /// A certificate in PEM that is trusted beside the system's.
    pub(super) ca_file: Option<PathBuf>,
}

fn default_timeout() -> u64 {
    30
}

fn default_concurrency() -> usize {
    4
}

impl SmtpSection {
    /// Returns the port, or the usual one of the kind of security.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Starttls => 587,
            Security::Tls => 465,
            Security::None => 25,
        })
    }

    pub fn secrets(&self) -> Vec<&Secret> {
        let oauth = self.oauth2.iter().flat_map(OAuthSection::secrets);
        self.password.iter().chain(oauth).collect()
    }

    /// Returns the places of its secrets.
    pub fn secret_places(&self) -> Vec<SecretPlace> {
        let password = self.password.iter().map(|s| SecretPlace::of("smtp.password", s, SecretPart::Opens));
        let oauth = self.oauth2.iter().flat_map(|oauth| SecretPlace::of_oauth("smtp", oauth));
        password.chain(oauth).collect()
    }

    /// Returns everything that is wrong with it.
    pub fn check(&self) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut wrong = |is_wrong: bool, why: &str, remedy| {
            if is_wrong {
                found.push(Mistake::new(why, remedy));
            }
        };
        let is_here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        let (has_name, has_password, has_oauth) =
            (self.username.is_some(), self.password.is_some(), self.oauth2.is_some());
        wrong(self.host.trim().is_empty(), "smtp.host is empty", "write host = \"smtp.example.nl\"");
        wrong(
            !(1..=300).contains(&self.timeout_seconds),
            "smtp.timeout_seconds lies between 1 and 300",
            "write timeout_seconds = 30",
        );
        wrong(
            !(1..=16).contains(&self.concurrency),
            "smtp.concurrency lies between 1 and 16",
            "write concurrency = 4",
        );
        wrong(
            self.security == Security::None && !is_here,
            "smtp.security = \"none\" is for a mail server on this computer",
            "write security = \"starttls\" or \"tls\"",
        );
        wrong(has_password && has_oauth, "smtp has a password and oauth2", "keep one of them");
        wrong(
            !has_name && (has_password || has_oauth),
            "smtp.username is missing",
            "write the mailbox's address",
        );
        wrong(
            has_name && !has_password && !has_oauth,
            "smtp.username needs a password",
            "add password = { file = \"…\" } or [smtp.oauth2]",
        );
        let oauth = self.oauth2.iter().filter_map(OAuthSection::mistake);
        found.extend(oauth.map(|(why, remedy)| Mistake::new(why, remedy)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(more: &str) -> SmtpSection {
        toml::from_str(&format!("host = \"mail.example.nl\"\n{more}")).expect("a section")
    }

    #[test]
    fn the_port_follows_the_security() {
        let port = |more: &str| section(more).port();
        assert_eq!((port(""), port("security = \"tls\""), port("security = \"none\"")), (587, 465, 25));
        assert_eq!(port("port = 2525"), 2_525);
    }

    #[test]
    fn a_login_is_whole_or_absent() {
        let why = |more: &str| section(more).check().remove(0).why;
        assert!(why("username = \"u\"").contains("needs a password"));
        assert!(why("password = { env = \"P\" }").contains("username is missing"));
        let oauth = "[oauth2]\ntoken_url = \"https://x/\"\nclient_id = \"c\"\n";
        assert!(
            why(&format!("username = \"u\"\npassword = {{ env = \"P\" }}\n{oauth}")).contains("and oauth2")
        );
        assert_eq!(section(&format!("username = \"u\"\n{oauth}")).check(), []);
        assert_eq!(section("").check(), []);
    }

    #[test]
    fn letters_go_without_tls_on_this_computer_only() {
        assert_eq!(section("security = \"none\"").check().len(), 1);
        let here = SmtpSection { host: "localhost".to_owned(), ..section("security = \"none\"") };
        assert_eq!(here.check(), []);
    }
}
