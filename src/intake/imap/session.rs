//! A connection to an IMAP server: over TLS, with a password or a token.

use super::error::MailboxError;
use crate::config::{MailboxSecurity, MailboxSettings};
use crate::credentials::{Revealed, xoauth2};
use async_imap::{Authenticator, Client};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// A stream with or without TLS.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx),
        }
    }
}

/// A connection that is logged in.
#[derive(Debug)]
pub(super) struct Session {
    pub imap: async_imap::Session<Stream>,
    /// True when the server tells of new mail by itself (RFC 2177).
    pub can_idle: bool,
    /// True when the server moves mail between folders (RFC 6851).
    pub can_move: bool,
}

/// Answers the one challenge with the token; a second challenge is the server's error, answered with nothing.
struct Token(Option<String>);

impl Authenticator for Token {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}

/// Connects and logs in.
pub(super) async fn open(
    settings: &MailboxSettings,
    token: Option<Revealed>,
) -> Result<Session, MailboxError> {
    let stream = connect(settings).await?;
    let mut client = Client::new(stream);
    let greeting = client.read_response().await.map_err(|e| MailboxError::Connection(e.to_string()))?;
    if greeting.is_none() {
        return Err(MailboxError::Connection("the server closed the connection".to_owned()));
    }
    let refused = |e: async_imap::error::Error| match e {
        async_imap::error::Error::No(why) | async_imap::error::Error::Bad(why) => {
            MailboxError::Refused(format!("the server does not let {} in: {why}", settings.username))
        }
        other => MailboxError::Connection(other.to_string()),
    };
    let user = &settings.username;
    let mut imap = match (&settings.password, token) {
        (_, Some(token)) => {
            let response = Token(Some(xoauth2(user, &token)));
            client.authenticate("XOAUTH2", response).await.map_err(|(e, _)| refused(e))?
        }
        (Some(password), None) => {
            let password = password.read().map_err(MailboxError::Refused)?;
            client.login(user, password.expose()).await.map_err(|(e, _)| refused(e))?
        }
        (None, None) => return Err(MailboxError::Refused("there is neither password nor token".to_owned())),
    };
    let capabilities = imap.capabilities().await?;
    let (can_idle, can_move) = (capabilities.has_str("IDLE"), capabilities.has_str("MOVE"));
    Ok(Session { imap, can_idle, can_move })
}

async fn connect(settings: &MailboxSettings) -> Result<Stream, MailboxError> {
    let (host, port) = (settings.host.as_str(), settings.port());
    let unreachable =
        |e: std::io::Error| MailboxError::Connection(format!("{host}:{port} cannot be reached: {e}"));
    let stream = TcpStream::connect((host, port)).await.map_err(unreachable)?;
    // A command goes out in small pieces, each of which would wait for word of the one before.
    stream.set_nodelay(true).map_err(unreachable)?;
    if settings.security == MailboxSecurity::None {
        return Ok(Stream::Plain(stream));
    }
    let ca = settings.ca_file.as_ref().map(std::fs::read).transpose();
    let ca = ca.map_err(|e| MailboxError::Refused(format!("ca_file cannot be read: {e}")))?;
    let config = crate::network::tls_config(ca.as_deref()).map_err(MailboxError::Refused)?;
    let name = rustls::pki_types::ServerName::try_from(host.to_owned())
        .map_err(|_| MailboxError::Refused(format!("{host} is not a host name")))?;
    let connected = tokio_rustls::TlsConnector::from(config).connect(name, stream).await;
    let secured =
        connected.map_err(|e| MailboxError::Connection(format!("{host}:{port} is not trusted: {e}")))?;
    Ok(Stream::Tls(Box::new(secured)))
}
