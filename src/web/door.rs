//! `Door`: how browsers reach the page, and what follows from it: which host and origin are ours, and how the cookie is
//! kept.

use crate::config::{Reach, WebSettings};
use std::net::SocketAddr;

/// How browsers reach the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// By TLS, at this origin, such as `https://klachten.lagant.nl`.
    Secure(String),
    /// Without TLS, from this computer only.
    Loopback,
}

/// The names by which a browser reaches this computer itself.
const HERE: &[&str] = &["127.0.0.1", "[::1]", "localhost"];

impl Door {
    /// Returns the door that the settings make; none where passwords would travel in the clear.
    pub fn of(settings: &WebSettings) -> Option<Self> {
        match settings.reach() {
            Reach::Secure(origin) => Some(Self::Secure(origin)),
            Reach::Loopback => Some(Self::Loopback),
            Reach::Nowhere => None,
        }
    }

    /// Returns the address of the page in links; `bound` is where it listens.
    pub fn base(&self, bound: SocketAddr) -> String {
        match self {
            Self::Secure(origin) => origin.clone(),
            Self::Loopback => format!("http://{bound}"),
        }
    }

    /// Returns whether a request for this Host is for us. Another name that leads here is somebody's trick.
    pub fn is_ours(&self, host: &str) -> bool {
        match self {
            Self::Secure(origin) => {
                origin.strip_prefix("https://").is_some_and(|own| own.eq_ignore_ascii_case(host))
            }
            Self::Loopback => {
                let is_port = |rest: &str| rest.is_empty() || rest.strip_prefix(':').is_some_and(is_number);
                HERE.iter().any(|name| host.strip_prefix(name).is_some_and(is_port))
            }
        }
    }

    /// Returns whether an Origin is that of the page as it was asked for.
    pub fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        match self {
            Self::Secure(own) => own == origin,
            Self::Loopback => origin.strip_prefix("http://") == Some(host),
        }
    }

    /// Returns whether browsers come by TLS.
    pub fn is_secure(&self) -> bool {
        matches!(self, Self::Secure(_))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_ours() {
        for host in ["127.0.0.1", "127.0.0.1:8480", "localhost:1", "[::1]:8480"] {
            assert!(Door::Loopback.is_ours(host), "{host}");
        }
        for host in ["", "127.0.0.1.evil.nl", "localhost:80@evil.nl", "evil.nl", "localhost:", "127.0.0.1:x"]
        {
            assert!(!Door::Loopback.is_ours(host), "{host}");
        }
        let secure = Door::Secure("https://klachten.lagant.nl".to_owned());
        assert!(secure.is_ours("Klachten.lagant.nl"));
        assert!(!secure.is_ours("127.0.0.1:8480") && !secure.is_ours("klachten.lagant.nl.evil.nl"));
        assert!(secure.is_own_origin("https://klachten.lagant.nl", "klachten.lagant.nl"));
        for origin in ["null", "http://klachten.lagant.nl", "https://evil.nl"] {
            assert!(!secure.is_own_origin(origin, "klachten.lagant.nl"), "{origin}");
        }
        assert!(Door::Loopback.is_own_origin("http://localhost:1", "localhost:1"));
        assert!(!Door::Loopback.is_own_origin("http://localhost:2", "localhost:1"));
    }
}
