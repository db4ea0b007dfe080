//! The settings of the page: where it listens, and how browsers reach it.

use serde::Deserialize;
use std::net::SocketAddr;
use url::{Host, Url};

/// The section as people write it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WebSection {
    listen: Option<String>,
    public_url: Option<String>,
}

/// The settings of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSettings {
    /// The address and port on which the page listens.
    pub listen: SocketAddr,
    /// The address of the page as browsers see it, behind a proxy that ends TLS; none where browsers are on this computer.
    public_url: Option<Url>,
}

/// The way by which browsers reach the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// By TLS, at this origin.
    Secure(String),
    /// Without TLS, from this computer only.
    Loopback,
    /// Not at all: passwords would travel in the clear.
    Nowhere,
}

impl WebSettings {
    /// Reads them; `server` is where the server listens, and the page as well where nothing else is said.
    ///
    /// # Errors
    /// What is wrong, and the remedy.
    pub(super) fn read(server: SocketAddr, section: &WebSection) -> Result<Self, (String, &'static str)> {
        let public_url = section.public_url.as_deref().map(read_url).transpose()?;
        let Some(listen) = &section.listen else { return Ok(Self { listen: server, public_url }) };
        let own: SocketAddr = listen.parse().map_err(|_| {
            (format!("web.listen `{listen}` is not an address"), "write it as \"127.0.0.1:8481\"")
        })?;
        let web = Self { listen: own, public_url };
        if web.reach() == Reach::Nowhere {
            let why =
                format!("web.listen `{listen}` is open to others, and passwords would travel in the clear");
            return Err((why, "set web.public_url to the https address of the proxy before it"));
        }
        Ok(web)
    }

    /// Returns how browsers reach the page.
    pub fn reach(&self) -> Reach {
        match &self.public_url {
            Some(url) if url.scheme() == "https" => Reach::Secure(url.origin().ascii_serialization()),
            _ if self.listen.ip().is_loopback() => Reach::Loopback,
            _ => Reach::Nowhere,
        }
    }

    /// Returns the address of the page for links in messages; none where nothing says how browsers reach it.
    pub fn public_base(&self) -> Option<String> {
        let url = self.public_url.as_ref().filter(|_| self.reach() != Reach::Nowhere);
        url.map(|url| url.origin().ascii_serialization())
    }

    /// Returns the address of the page in links; `bound` is where it listens.
    pub fn base(&self, bound: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.origin().ascii_serialization(),
            None => format!("http://{bound}"),
        }
    }
}

fn read_url(text: &str) -> Result<Url, (String, &'static str)> {
    let wrong = |why: &str, remedy| Err((format!("web.public_url `{text}` {why}"), remedy));
    let Ok(url) = Url::parse(text) else {
        return wrong("is not an address", "write it as \"https://klachten.example.nl\"");
    };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
        return wrong(
            "is not safe on a network",
            "put a proxy before it that ends TLS, and write its https address",
        );
    }
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !is_bare || !url.username().is_empty() || url.password().is_some() {
        return wrong("is more than a host", "leave out what follows the host; the page stands at the root");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    const HERE: &str = "127.0.0.1:8480";

    fn read(server: &str, listen: Option<&str>, public_url: Option<&str>) -> Reach {
        let server = server.parse().expect("an address");
        let (listen, public_url) = (listen.map(str::to_owned), public_url.map(str::to_owned));
        WebSettings::read(server, &WebSection { listen, public_url }).expect("settings").reach()
    }

    #[test]
    fn the_page_is_open_to_others_by_tls_only() {
        let secure = Reach::Secure("https://klachten.lagant.nl".to_owned());
        let url = Some("https://Klachten.Lagant.nl/");
        assert_eq!(read(HERE, None, None), Reach::Loopback);
        assert_eq!(read("[::1]:8480", None, None), Reach::Loopback);
        assert_eq!(read(HERE, None, Some("http://localhost:8480")), Reach::Loopback);
        assert_eq!(read("0.0.0.0:8480", None, None), Reach::Nowhere, "health may be, the page is not");
        assert_eq!(read("0.0.0.0:8480", None, url), secure);
        assert_eq!(read("0.0.0.0:8480", Some("127.0.0.1:1"), None), Reach::Loopback);
        assert_eq!(read(HERE, Some("10.0.0.1:8481"), url), secure);
    }

    #[test]
    fn what_would_let_passwords_travel_in_the_clear_is_refused() {
        for (text, key) in [
            ("listen = \"lagant\"", "web.listen"),
            ("listen = \"0.0.0.0:8481\"", "web.listen"),
            ("public_url = \"klachten\"", "web.public_url"),
            ("public_url = \"http://klachten.lagant.nl\"", "web.public_url"),
            ("public_url = \"https://lagant.nl/klachten\"", "web.public_url"),
            ("public_url = \"https://a:b@lagant.nl\"", "web.public_url"),
        ] {
            let error = Settings::parse(&format!("[web]\n{text}"), "redress.toml").expect_err(text);
            assert!(error.why.contains(key), "{error}");
        }
    }
}
