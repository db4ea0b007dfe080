//! `[smtp]`: the mail server that letters are handed to.

use crate::credentials::{OAuthSection, Secret};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
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
pub struct SmtpSection {
    pub host: String,
    pub port: Option<u16>,
    #[serde(default)]
    pub security: Security,
    pub username: Option<String>,
    pub password: Option<Secret>,
    /// XOAUTH2 instead of a password.
    pub oauth2: Option<OAuthSection>,
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    #[serde(default = "default_concurrency")]
    pub concurrency: usize,
    /// A certificate in PEM that is trusted beside the system's.
    pub ca_file: Option<PathBuf>,
}

fn default_timeout() -> u64 {
    30
}

fn default_concurrency() -> usize {
    4
}

impl SmtpSection {
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Starttls => 587,
            Security::Tls => 465,
            Security::None => 25,
        })
    }

    pub(super) fn secrets(&self) -> Vec<&Secret> {
        let oauth = self.oauth2.iter().flat_map(|o| o.client_secret.iter().chain(&o.refresh_token));
        self.password.iter().chain(oauth).collect()
    }

    pub(super) fn check(&self) -> Result<(), (String, &'static str)> {
        let fail = |why: &str, remedy| Err((why.to_owned(), remedy));
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
