//! Secrets by reference, and the tokens they buy: for mail servers and webhook targets.

mod oauth;
mod readings;
mod secret;
mod secret_url;

pub use oauth::{OAuthSection, TokenError, TokenSource, xoauth2};
pub use readings::Readings;
pub use secret::{Revealed, Secret};
pub use secret_url::SecretUrl;
