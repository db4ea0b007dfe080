//! `[[mailboxes]]`: the IMAP mailboxes that complaints come to.

use crate::calendar::Date;
use crate::credentials::{OAuthSection, Secret};
use serde::Deserialize;
use std::path::PathBuf;

/// The protection of a connection to an IMAP server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxSecurity {
    /// TLS from the first byte (RFC 8314), port 993.
    #[default]
    Tls,
    /// None: only for a mail server on this computer, port 143.
    None,
}

/// One IMAP mailbox that is read, as `[[mailboxes]]` in `redress.toml` describes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxSettings {
    /// The name here, under which its place is remembered; each mailbox has its own.
    pub name: String,
    /// The server's name or address.
    pub host: String,
    /// The port; none for the usual one of `security`.
    pub port: Option<u16>,
    /// The protection of the connection.
    #[serde(default)]
    pub security: MailboxSecurity,
    /// The account that logs in.
    pub username: String,
    /// The password; exactly one of this and `oauth2` is given.
    pub password: Option<Secret>,
    /// The source of tokens for XOAUTH2, instead of a password.
    pub oauth2: Option<OAuthSection>,
    /// The folder that is read, `INBOX` unless said otherwise.
    #[serde(default = "inbox")]
    pub folder: String,
    /// The beginning of what is read when the mailbox is connected for the first time.
    #[serde(default)]
    pub from: ReadFrom,
    /// The folder to which mail is moved once it has been taken in; without it, mail stays where it is.
    /// Nothing is ever deleted.
    pub processed: Option<String>,
    /// Seconds between two looks, 1 to 3,600, where the server does not tell of new mail by itself (RFC
    /// 2177).
    #[serde(default = "default_poll")]
    pub poll_seconds: u64,
    /// The file with a certificate in PEM that is trusted beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// The beginning of what is read of a mailbox: what was there before is left to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ReadFrom {
    /// Mail that comes on the day of the first connection or later.
    #[default]
    Now,
    /// Mail that came on this day or later.
    Day(Date),
}

impl TryFrom<String> for ReadFrom {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "now" => Ok(Self::Now),
            day => day
                .parse()
                .map(Self::Day)
                .map_err(|_| format!("`{day}` is neither \"now\" nor a day; write from = \"2026-11-01\"")),
        }
    }
}

fn inbox() -> String {
    "INBOX".to_owned()
}

fn default_poll() -> u64 {
    60
}

impl MailboxSettings {
    /// Returns the port, the usual one of its security unless another is given: 993 or 143.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            MailboxSecurity::Tls => 993,
            MailboxSecurity::None => 143,
        })
    }

    /// Returns whether the server is this computer.
    pub fn is_here(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1")
    }

    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        match self {
            m if m.name.trim().is_empty() => Err(("name is empty", "write name = \"klachten\"")),
            m if m.host.trim().is_empty() => Err(("host is empty", "write host = \"imap.example.nl\"")),
            m if m.security == MailboxSecurity::None && !m.is_here() => {
                Err(("security = \"none\" is for a mail server on this computer", "leave it out for TLS"))
            }
            m if m.password.is_some() == m.oauth2.is_some() => Err((
                "it needs a password or oauth2, one of them",
                "add password = { file = \"…\" } or [mailboxes.oauth2]",
            )),
            m if !(1..=3_600).contains(&m.poll_seconds) => {
                Err(("poll_seconds lies between 1 and 3600", "write poll_seconds = 60"))
            }
            m if m.processed.as_deref() == Some(m.folder.as_str()) => {
                Err(("processed is the folder that is read", "name another folder, or leave it out"))
            }
            _ => Ok(()),
        }
    }
}
