//! SMTP: letters handed to a mail server by lettre, with a password or XOAUTH2, and what its reply codes mean.

use super::{Attempt, Letter, Verdict};
use crate::calendar::Moment;
use crate::credentials::TokenSource;
use crate::delivery::manifest::{PluginError, Security, SmtpSection};
use crate::delivery::plugins::Surroundings;
use crate::store::ClaimedDelivery;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::time::Duration;
use tokio::sync::Mutex;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Replies about us, not about the letter: authentication and policy on the session (RFC 4954, 6).
const OUR_FAULT: &[u16] = &[421, 432, 454, 530, 534, 535, 538];

pub(in crate::delivery) struct Smtp {
    section: SmtpSection,
    tls: Option<TlsParameters>,
    tokens: Option<TokenSource>,
    /// The transport, and the password or token it was made with.
    open: Mutex<Option<(String, Transport)>>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({}:{})", self.section.host, self.section.port())
    }
}

impl Smtp {
    pub fn open(place: &str, section: &SmtpSection, around: &Surroundings) -> Result<Self, PluginError> {
        let wrong = |why: String| PluginError::new(place, why, "look at [smtp] in plugins/README.md");
        let tls = match section.security {
            Security::None => None,
            Security::Starttls | Security::Tls => {
                // lettre takes the provider of the process.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let mut builder = TlsParameters::builder(section.host.clone());
                if let Some(path) = &section.ca_file {
                    let pem = std::fs::read(path);
                    let pem = pem.map_err(|e| wrong(format!("smtp.ca_file cannot be read: {e}")))?;
                    let certificate = Certificate::from_pem(&pem);
                    let certificate =
                        certificate.map_err(|e| wrong(format!("smtp.ca_file is not a certificate: {e}")))?;
                    builder = builder.add_root_certificate(certificate);
                }
                Some(builder.build_rustls().map_err(|e| wrong(format!("TLS cannot be set up: {e}")))?)
            }
        };
        let tokens =
            section.oauth2.clone().map(|o| around.network.client(None).map(|c| TokenSource::new(o, c)));
        let tokens = tokens.transpose().map_err(|e| wrong(format!("TLS cannot be set up: {e}")))?;
        Ok(Self { section: section.clone(), tls, tokens, open: Mutex::new(None) })
    }

    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.section.timeout_seconds)
    }

    pub async fn attempt(&self, delivery: &ClaimedDelivery, now: Moment) -> Attempt {
        let letter: Letter = match serde_json::from_str(&delivery.payload) {
            Ok(letter) => letter,
            Err(e) => return Attempt::rejected(format!("the letter cannot be read: {e}")),
        };
        let address = |text: &str| text.parse().map_err(|e| format!("`{text}` is not an address: {e}"));
        let envelope = address(&letter.from).and_then(|from| {
            Envelope::new(Some(from), vec![address(&letter.to)?]).map_err(|e| e.to_string())
        });
        let (envelope, mime) = match (envelope, letter.to_mime(now)) {
            (Ok(envelope), Ok(mime)) => (envelope, mime),
            (Err(e), _) | (_, Err(e)) => return Attempt::rejected(e),
        };
        let transport = match self.transport(now).await {
            Ok(transport) => transport,
            Err(why) => return Attempt::failed(why),
        };
        let sent = transport.send_raw(&envelope, &mime);
        // lettre's timeout is one of the connection and of each answer.
        match tokio::time::timeout(self.timeout(), sent).await {
            Err(_) => Attempt::failed(format!("no answer within {} s", self.section.timeout_seconds)),
            Ok(Ok(reply)) => {
                let first = reply.message().next().unwrap_or_default().to_owned();
                Attempt::accepted(format!("{} {first}", reply.code()))
            }
            Ok(Err(e)) => self.judge(&e).await,
        }
    }

    async fn transport(&self, now: Moment) -> Result<Transport, String> {
        let secret = match (&self.section.password, &self.tokens) {
            (Some(password), _) => password.read()?.expose().to_owned(),
            (None, Some(tokens)) => tokens.token(now).await.map_err(|e| e.to_string())?.expose().to_owned(),
            (None, None) => String::new(),
        };
        let mut open = self.open.lock().await;
        if let Some((held, transport)) = open.as_ref()
            && *held == secret
        {
            return Ok(transport.clone());
        }
        let transport = self.build(&secret);
        *open = Some((secret, transport.clone()));
        Ok(transport)
    }

    fn build(&self, secret: &str) -> Transport {
        let section = &self.section;
        let tls = match (section.security, &self.tls) {
            (Security::Starttls, Some(tls)) => Tls::Required(tls.clone()),
            (Security::Tls, Some(tls)) => Tls::Wrapper(tls.clone()),
            _ => Tls::None,
        };
        let pool = PoolConfig::new().max_size(u32::try_from(section.concurrency).unwrap_or(4));
        let mut builder = Transport::builder_dangerous(section.host.clone())
            .port(section.port())
            .tls(tls)
            .timeout(Some(self.timeout()))
            .pool_config(pool);
        if let Some(user) = &section.username {
            let mechanisms = match self.tokens {
                Some(_) => vec![Mechanism::Xoauth2],
                None => vec![Mechanism::Plain, Mechanism::Login],
            };
            builder = builder
                .credentials(Credentials::new(user.clone(), secret.to_owned()))
                .authentication(mechanisms);
        }
        builder.build()
    }

    /// A reply to the letter is about the letter; everything else is about the server or us.
    async fn judge(&self, error: &smtp::Error) -> Attempt {
        let code = error.status().map(u16::from);
        let text = describe(error);
        match code {
            Some(code) if OUR_FAULT.contains(&code) => {
                if let Some(tokens) = &self.tokens {
                    tokens.forget().await;
                }
                Attempt::failed(format!("the mail server does not let us in: {text}"))
            }
            Some(_) if error.is_permanent() => Attempt::rejected(text),
            Some(_) => Attempt { verdict: Verdict::Deferred, detail: text },
            None => Attempt::failed(text),
        }
    }
}

fn describe(error: &smtp::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(e) = source {
        let more = e.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = e.source();
    }
    text.chars().take(500).collect()
}
