//! `TokenSource`: OAuth 2.0 access tokens for mail servers and webhook targets, by client credentials, a refresh
//! token or a password (RFC 6749, sections 4.4, 6 and 4.3), and how a mail server is told of one (XOAUTH2).

use super::secret::{Revealed, Secret};
use crate::calendar::Moment;
use crate::network::Client;
use reqwest::{Method, Url};
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Mutex;

/// The time before its end at which a token is renewed, so that it lasts for the session it opens.
const MARGIN_MILLIS: i64 = 120_000;
/// The life of a token for which the server names no end (RFC 6749 recommends to name one).
const DEFAULT_SECONDS: i64 = 3_600;
const TIMEOUT: Duration = Duration::from_secs(20);
const MAX_ANSWER: usize = 64 * 1024;

/// The origin of access tokens, as an `oauth2` table describes it: by the refresh token where there is one, by
/// the password where there is one, else by the client's own credentials.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuthSection {
    /// The URL of the token endpoint.
    pub token_url: String,
    /// The id by which the endpoint knows this program.
    pub client_id: String,
    /// The client's secret; none for a public client.
    pub client_secret: Option<Secret>,
    /// The first refresh token; newer ones that the endpoint hands out replace it until the program stops.
    pub refresh_token: Option<Secret>,
    /// The user whose password is given, for endpoints that know no client of its own right.
    pub username: Option<String>,
    /// That user's password.
    pub password: Option<Secret>,
    /// The scope to ask for, as the endpoint names it; none for its default.
    pub scope: Option<String>,
}

impl OAuthSection {
    /// Returns the secrets that it names.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.client_secret.iter().chain(&self.refresh_token).chain(&self.password)
    }

    /// Returns what is wrong with it and the remedy, if anything.
    pub fn mistake(&self) -> Option<(&'static str, &'static str)> {
        match self {
            o if o.username.is_some() != o.password.is_some() => {
                Some(("oauth2 has a username or a password without the other", "write both or neither"))
            }
            o if o.password.is_some() && o.refresh_token.is_some() => {
                Some(("oauth2 has a refresh_token and a password", "keep one of them"))
            }
            o if !o.token_url.starts_with("https://") && !o.token_url.starts_with("http://") => Some((
                "oauth2.token_url is not a web address",
                "write it as \"https://login.example.org/token\"",
            )),
            _ => None,
        }
    }
}

/// A failure to get an access token; its words hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no access token from {url}: {why}")]
pub struct TokenError {
    /// The token endpoint that was asked.
    pub url: String,
    /// The reason, in the endpoint's words where it gave any.
    pub why: String,
}

/// A source of access tokens, which keeps the latest until shortly before its end.
#[derive(Debug)]
pub struct TokenSource {
    section: OAuthSection,
    client: Client,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    token: Option<(Revealed, Moment)>,
    /// A server may hand out a new refresh token with each use; the newest counts.
    refresh: Option<Revealed>,
}

/// The token that a server grants.
struct Granted {
    token: Revealed,
    /// The seconds for which it is good.
    seconds: i64,
    refresh: Option<Revealed>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    expires_in: Option<i64>,
    refresh_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl TokenSource {
    /// Makes a source that holds no token yet.
    pub fn new(section: OAuthSection, client: Client) -> Self {
        Self { section, client, held: Mutex::default() }
    }

    /// Returns a token that is good for at least two more minutes, asking for a new one if need be.
    pub async fn token(&self, now: Moment) -> Result<Revealed, TokenError> {
        let mut held = self.held.lock().await;
        if let Some((token, until)) = &held.token
            && now.plus_millis(MARGIN_MILLIS) < *until
        {
            return Ok(token.clone());
        }
        let Granted { token, seconds, refresh } = self.ask(&held).await?;
        held.token = Some((token.clone(), now.plus_millis(seconds * 1_000)));
        if refresh.is_some() {
            held.refresh = refresh;
        }
        Ok(token)
    }

    /// Forgets the token, because a server refused it: the next one is asked for anew.
    pub async fn forget(&self) {
        self.held.lock().await.token = None;
    }

    async fn ask(&self, held: &Held) -> Result<Granted, TokenError> {
        let wrong = |why: String| TokenError { url: self.section.token_url.clone(), why };
        let mut form = vec![("client_id", self.section.client_id.clone())];
        if let Some(secret) = &self.section.client_secret {
            form.push(("client_secret", secret.read().map_err(wrong)?.expose().to_owned()));
        }
        match (&self.section.refresh_token, &self.section.password) {
            (None, None) => form.push(("grant_type", "client_credentials".to_owned())),
            (None, Some(password)) => {
                form.push(("grant_type", "password".to_owned()));
                form.push(("username", self.section.username.clone().unwrap_or_default()));
                form.push(("password", password.read().map_err(wrong)?.expose().to_owned()));
            }
            (Some(secret), _) => {
                let token = match &held.refresh {
                    Some(newer) => newer.clone(),
                    None => secret.read().map_err(wrong)?,
                };
                form.push(("grant_type", "refresh_token".to_owned()));
                form.push(("refresh_token", token.expose().to_owned()));
            }
        }
        if let Some(scope) = &self.section.scope {
            form.push(("scope", scope.clone()));
        }
        let url = Url::parse(&self.section.token_url).map_err(|e| wrong(e.to_string()))?;
        let request = self.client.request(Method::POST, url).map_err(|e| wrong(e.to_string()))?;
        let mut response = request
            .form(&form)
            .timeout(TIMEOUT)
            .send()
            .await
            .map_err(|e| wrong(crate::network::explain(&e)))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                return Err(wrong("the answer is longer than 64 KiB".to_owned()));
            }
        }
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|_| wrong(format!("the answer ({status}) is not the JSON of a token endpoint")))?;
        match answer {
            Answer { access_token: Some(token), expires_in, refresh_token, .. }
                if status.is_success() && !token.is_empty() =>
            {
                Ok(Granted {
                    token: Revealed::new(token),
                    seconds: expires_in.unwrap_or(DEFAULT_SECONDS).clamp(1, 30 * 86_400),
                    refresh: refresh_token.map(Revealed::new),
                })
            }
            Answer { error: Some(error), error_description, .. } => {
                let described = error_description.as_deref().unwrap_or("no description");
                Err(wrong(format!("{error}: {}", described.lines().next().unwrap_or(""))))
            }
            _ => Err(wrong(format!("the answer ({status}) holds no access_token"))),
        }
    }
}

/// Returns the initial client response of SASL XOAUTH2, before base64.
pub fn xoauth2(user: &str, token: &Revealed) -> String {
    format!("user={user}\u{1}auth=Bearer {}\u{1}\u{1}", token.expose())
}
