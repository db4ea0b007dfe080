//! `[smtp]`: the mail server that letters are handed to.

use crate::credentials::{OAuthSection, Secret};
use crate::delivery::error::Mistake;
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
        let oauth = self.oauth2.iter().flat_map(|o| o.client_secret.iter().chain(&o.refresh_token));
        self.password.iter().chain(oauth).collect()
    }

    pub fn check(&self) -> Result<(), Mistake> {
        let fail = |why: &str, remedy| Err(Mistake::new(why, remedy));
        let is_here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        match self {
            s if s.host.trim().is_empty() => fail("smtp.host is empty", "write host = \"smtp.example.nl\""),
            s if !(1..=300).contains(&s.timeout_seconds) => {
                fail("smtp.timeout_seconds lies between 1 and 300", "write timeout_seconds = 30")
            }
            s if !(1..=16).contains(&s.concurrency) => {
                fail("smtp.concurrency lies between 1 and 16", "write concurrency = 4")
            }
            s if s.security == Security::None && !is_here => fail(
                "smtp.security = \"none\" is for a mail server on this computer",
                "write security = \"starttls\" or \"tls\"",
            ),
            s if s.password.is_some() && s.oauth2.is_some() => {
                fail("smtp has a password and oauth2", "keep one of them")
            }
            s if s.username.is_none() && (s.password.is_some() || s.oauth2.is_some()) => {
                fail("smtp.username is missing", "write the mailbox's address")
            }
            s if s.username.is_some() && s.password.is_none() && s.oauth2.is_none() => {
                fail("smtp.username needs a password", "add password = { file = \"…\" } or [smtp.oauth2]")
            }
            _ => Ok(()),
        }
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
        let why = |more: &str| section(more).check().expect_err("a mistake").why;
        assert!(why("username = \"u\"").contains("needs a password"));
        assert!(why("password = { env = \"P\" }").contains("username is missing"));
        let oauth = "[oauth2]\ntoken_url = \"https://x/\"\nclient_id = \"c\"\n";
        assert!(
            why(&format!("username = \"u\"\npassword = {{ env = \"P\" }}\n{oauth}")).contains("and oauth2")
        );
        assert_eq!(section(&format!("username = \"u\"\n{oauth}")).check(), Ok(()));
        assert_eq!(section("").check(), Ok(()));
    }

    #[test]
    fn letters_go_without_tls_on_this_computer_only() {
        assert!(section("security = \"none\"").check().is_err());
        let here = SmtpSection { host: "localhost".to_owned(), ..section("security = \"none\"") };
        assert_eq!(here.check(), Ok(()));
    }
}
