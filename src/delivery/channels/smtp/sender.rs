//! `SmtpSender`: hands mails to a server by lettre, with a password or XOAUTH2, and knows what its reply
//! codes mean.

use super::section::{Security, SmtpSection};
use crate::calendar::Moment;
use crate::credentials::{Readings, TokenSource};
use crate::delivery::attempt::Attempt;
use crate::delivery::channels::email::{EmailMessage, ascii_address};
use crate::delivery::channels::transport::{Beginning, OpenTransport};
use crate::delivery::error::PluginError;
use crate::network::{ClientTls, Network};
use futures_util::future::BoxFuture;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::time::Duration;
use tokio::sync::Mutex;

type Mailer = AsyncSmtpTransport<Tokio1Executor>;

/// Replies about us, not about the letter: authentication and policy on the session (RFC 4954, 6).
const OUR_FAULT: &[u16] = &[421, 432, 454, 530, 534, 535, 538];

pub(super) struct SmtpSender {
    section: SmtpSection,
    tls: Option<TlsParameters>,
    tokens: Option<TokenSource>,
    /// The connections, and the password or token they were made with.
    open: Mutex<Option<(String, Mailer)>>,
}

impl std::fmt::Debug for SmtpSender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmtpSender({}:{})", self.section.host, self.section.port())
    }
}

impl SmtpSender {
    /// Sets up TLS and tokens; connects to nothing yet. `place` is the plugin's manifest.
    pub fn open(place: &str, section: &SmtpSection, network: &Network) -> Result<Self, PluginError> {
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
        let tokens = section
            .oauth2
            .clone()
            .map(|o| network.client(ClientTls::default()).map(|c| TokenSource::new(o, c)));
        let tokens = tokens.transpose().map_err(|e| wrong(format!("TLS cannot be set up: {e}")))?;
        Ok(Self { section: section.clone(), tls, tokens, open: Mutex::new(None) })
    }

    async fn hand_over(&self, Beginning { delivery, now, secrets }: Beginning<'_>) -> Attempt {
        let letter = match EmailMessage::read(&delivery.payload) {
            Ok(letter) => letter,
            Err(why) => return Attempt::rejected(why),
        };
        let address = |text: &str| text.parse().map_err(|e| format!("`{text}` is not an address: {e}"));
        let envelope = address(&letter.from).and_then(|from| {
            Envelope::new(Some(from), vec![address(&ascii_address(&letter.to)?)?]).map_err(|e| e.to_string())
        });
        let (envelope, mime) = match (envelope, letter.to_mime(now)) {
            (Ok(envelope), Ok(mime)) => (envelope, mime),
            (Err(e), _) | (_, Err(e)) => return Attempt::rejected(e),
        };
        let mailer = match self.mailer(now, secrets).await {
            Ok(mailer) => mailer,
            Err(why) => return Attempt::failed(why),
        };
        let sent = mailer.send_raw(&envelope, &mime);
        // lettre's timeout is one of the connection and of each answer.
        match tokio::time::timeout(self.timeout(), sent).await {
            Err(_) => Attempt::failed(format!("no answer within {} s", self.section.timeout_seconds)),
            Ok(Ok(reply)) => {
                let first = reply.message().next().unwrap_or("");
                Attempt::accepted(reply.code().to_string()).saying(first)
            }
            Ok(Err(e)) => {
                let code = e.status().map(u16::from);
                if let (true, Some(tokens)) = (code.is_some_and(is_about_us), &self.tokens) {
                    tokens.forget().await;
                }
                // The client refuses what this server can never be given, such as a name with an accent before
                // the @ where it has no SMTPUTF8 (RFC 6531): that is the letter's, not the server's.
                match e.is_client() && !letter.to.is_ascii() {
                    true => {
                        Attempt::rejected("the mail server cannot be given this address").saying(describe(&e))
                    }
                    false => judge(code, e.is_permanent(), describe(&e)),
                }
            }
        }
    }

    async fn mailer(&self, now: Moment, secrets: &Readings) -> Result<Mailer, String> {
        let secret = match (&self.section.password, &self.tokens) {
            (Some(password), _) => secrets.of(password)?.expose().to_owned(),
            (None, Some(tokens)) => tokens.token(now).await.map_err(|e| e.to_string())?.expose().to_owned(),
            (None, None) => String::new(),
        };
        let mut open = self.open.lock().await;
        if let Some((held, mailer)) = open.as_ref()
            && *held == secret
        {
            return Ok(mailer.clone());
        }
        let mailer = self.build(&secret);
        *open = Some((secret, mailer.clone()));
        Ok(mailer)
    }

    fn build(&self, secret: &str) -> Mailer {
        let section = &self.section;
        let tls = match (section.security, &self.tls) {
            (Security::Starttls, Some(tls)) => Tls::Required(tls.clone()),
            (Security::Tls, Some(tls)) => Tls::Wrapper(tls.clone()),
            _ => Tls::None,
        };
        let pool = PoolConfig::new().max_size(u32::try_from(section.concurrency).unwrap_or(4));
        let mut builder = Mailer::builder_dangerous(section.host.clone())
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
}

impl OpenTransport for SmtpSender {
    fn attempt<'a>(&'a self, beginning: Beginning<'a>) -> BoxFuture<'a, Attempt> {
        Box::pin(self.hand_over(beginning))
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.section.timeout_seconds)
    }
}

fn is_about_us(code: u16) -> bool {
    OUR_FAULT.contains(&code)
}

/// Concludes from a server's reply: it is about the letter, unless it is about us; without a reply it is the
/// server.
fn judge(code: Option<u16>, is_permanent: bool, text: String) -> Attempt {
    match code {
        Some(code) if is_about_us(code) => {
            Attempt::failed(format!("the mail server does not let us in ({code})")).saying(text)
        }
        Some(code) if is_permanent => {
            Attempt::rejected(format!("the mail server refuses ({code})")).saying(text)
        }
        Some(code) => Attempt::deferred(format!("the mail server puts it off ({code})")).saying(text),
        None => Attempt::failed("the mail server cannot be reached").saying(text),
    }
}

/// Returns the chain of causes, each once.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::attempt::Conclusion;

    #[test]
    fn a_reply_is_about_the_letter_or_about_us() {
        let failed = Conclusion::Failed { pause_until: None };
        for (code, is_permanent, conclusion) in [
            (Some(421), false, failed),
            (Some(450), false, Conclusion::Deferred),
            (Some(452), false, Conclusion::Deferred),
            (Some(530), true, failed),
            (Some(535), true, failed),
            (Some(550), true, Conclusion::Rejected),
            (Some(554), true, Conclusion::Rejected),
            (None, false, failed),
        ] {
            assert_eq!(judge(code, is_permanent, String::new()).conclusion, conclusion, "{code:?}");
        }
    }
}
