//! Limits on whom this program may call, checked after name resolution on every connection, and the HTTP
//! client that keeps them.

mod address;
mod certificates;

pub use address::forbidden;
pub use certificates::{end_of_file, end_of_token};

use crate::calendar::Moment;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Method, RequestBuilder, Url};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::Host;

/// The name by which targets know the program (RFC 9110, 10.1.5).
const USER_AGENT: &str = concat!("Redress/", env!("CARGO_PKG_VERSION"));
const CONNECT: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(60);

/// The limit of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This computer only, for rehearsals.
    Loopback,
    /// Public addresses, and the networks that the settings allow.
    World {
        /// Networks that are not public and may be called all the same.
        allowed: Vec<IpNet>,
    },
}

/// The side of the border on which an address lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// An address that anybody may call.
    Public,
    /// An address that is called only because a setting allows it; its answers are not shown.
    Internal,
}

/// The refusal to call an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{address} is {what}; if it is meant, add its network to delivery.allow_networks in redress.toml")]
pub struct Refusal {
    /// The address that was asked for, or that a name resolved to.
    pub address: IpAddr,
    /// The kind of address, in words: "a private address".
    pub what: &'static str,
}

/// The certificates of a client beside the system's, in PEM.
#[derive(Clone, Copy, Default)]
pub struct ClientTls<'t> {
    /// A certificate that is trusted as well.
    pub ca: Option<&'t [u8]>,
    /// The certificate and key by which the client makes itself known.
    pub identity: Option<&'t [u8]>,
}

impl std::fmt::Debug for ClientTls<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientTls(…)")
    }
}

/// The rules on whom may be called.
#[derive(Clone, Debug)]
pub struct Network {
    reach: Reach,
}

impl Network {
    /// Makes the network of a reach.
    pub fn new(reach: Reach) -> Self {
        Self { reach }
    }

    /// Returns whether this is a rehearsal, which calls nothing beyond this computer.
    pub fn is_loopback_only(&self) -> bool {
        self.reach == Reach::Loopback
    }

    /// Checks an address that is to be called, and returns on which side of the border it lies.
    ///
    /// # Errors
    /// When the address is none that may be called.
    pub fn check(&self, address: IpAddr) -> Result<Zone, Refusal> {
        let refuse = |what| Err(Refusal { address, what });
        match (&self.reach, forbidden(address)) {
            (Reach::Loopback, _) if address.to_canonical().is_loopback() => Ok(Zone::Internal),
            (Reach::Loopback, _) => refuse("beyond this computer, which a rehearsal does not leave"),
            (Reach::World { .. }, None) => Ok(Zone::Public),
            (Reach::World { allowed }, Some(what)) => {
                let canonical = address.to_canonical();
                match allowed.iter().any(|net| net.contains(&canonical) || net.contains(&address)) {
                    true => Ok(Zone::Internal),
                    false => refuse(what),
                }
            }
        }
    }

    /// Checks a host that is an address; names are checked when they are resolved.
    pub fn check_host(&self, url: &Url) -> Result<(), Refusal> {
        match host_address(url) {
            Some(address) => self.check(address).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Returns whether a URL may be called without TLS: only on this computer and in networks that are
    /// allowed.
    pub fn is_own(&self, url: &Url) -> bool {
        match host_address(url) {
            Some(address) => self.check(address) == Ok(Zone::Internal),
            None => self.reach == Reach::Loopback && url.host_str() == Some("localhost"),
        }
    }

    /// Makes a client that follows no redirect, uses no proxy, and connects only where it may.
    pub fn client(&self, tls: ClientTls<'_>) -> Result<Client, reqwest::Error> {
        // A second client in one process finds the provider installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .tls_info(true)
            // Only HTTP/2 refuses what it then asks for again; each request would be copied for it.
            .retry(reqwest::retry::never())
            .dns_resolver(Arc::new(Guarded(self.clone())));
        if let Some(pem) = tls.ca {
            builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem)?);
        }
        if let Some(pem) = tls.identity {
            builder = builder.identity(reqwest::Identity::from_pem(pem)?);
        }
        Ok(Client { inner: builder.build()?, network: self.clone() })
    }
}

/// An HTTP client that calls only whom it may: a host written as an address is checked when a request is made, a
/// name when it is resolved, and the connection goes to what was checked.
#[derive(Clone, Debug)]
pub struct Client {
    inner: reqwest::Client,
    network: Network,
}

impl Client {
    /// Begins a request.
    ///
    /// # Errors
    /// When the host is an address that may not be called.
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, Refusal> {
        self.network.check_host(&url)?;
        Ok(self.inner.request(method, url))
    }
}

/// Returns when the certificate ends that the peer of an answer showed; none without TLS.
pub fn peer_certificate_end(response: &reqwest::Response) -> Option<Moment> {
    let shown = response.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate()?;
    certificates::end_of_certificate(shown)
}

/// Returns the host of a URL, when it is written as an address.
fn host_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

/// Makes the TLS settings of protocols other than HTTP: the system's roots, and `ca` in PEM beside them.
///
/// # Errors
/// In words: what of the certificates cannot be used.
pub fn tls_config(ca: Option<&[u8]>) -> Result<Arc<rustls::ClientConfig>, String> {
    use rustls::pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in ca.into_iter().flat_map(rustls::pki_types::CertificateDer::pem_slice_iter) {
        let certificate = certificate.map_err(|e| format!("ca_file is not a certificate in PEM: {e}"))?;
        roots.add(certificate).map_err(|e| format!("ca_file cannot be used: {e}"))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| e.to_string())?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// Resolves names and leaves out what may not be called.
#[derive(Debug)]
struct Guarded(Network);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let network = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let (allowed, refused): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|a| network.check(a.ip()).is_ok());
            match (allowed.is_empty(), refused.first().map(|a| network.check(a.ip()))) {
                (true, Some(Err(refusal))) => Err(refusal.into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// Explains why a request failed, for the person who must mend it, by the innermost cause that says
/// something.
pub fn explain(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(e) = source {
        if let Some(refusal) = e.downcast_ref::<Refusal>() {
            return refusal.to_string();
        }
        causes.push(e.to_string());
        source = e.source();
    }
    let inner = causes.pop().filter(|text| !text.is_empty());
    if let Some(inner) = inner.as_ref().filter(|t| t.contains("certificate") || t.contains("UnknownIssuer")) {
        return format!("the certificate is not trusted: {inner}");
    }
    let what = match (error.is_timeout(), error.is_connect()) {
        (true, true) => return "no connection in time".to_owned(),
        (true, false) => return "no answer in time".to_owned(),
        (false, true) => "no connection",
        (false, false) => "the connection broke off",
    };
    inner.map_or_else(|| what.to_owned(), |inner| format!("{what}: {inner}"))
}
