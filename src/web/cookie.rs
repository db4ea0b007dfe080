//! The cookie of a session. By TLS its name begins with `__Host-`, so that browsers take it from
//! no other host and from no clear connection.

use super::door::Door;
use crate::accounts::{REMEMBERED_MILLIS, Token};
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

fn name(door: &Door) -> &'static str {
    if door.is_secure() { "__Host-redress" } else { "redress" }
}

/// Reads the token that the browser has; none when it has none, or several.
pub(super) fn read(door: &Door, headers: &HeaderMap) -> Option<Token> {
    let name = name(door);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
    let only = values.next().filter(|_| values.next().is_none())?;
    Token::read(only)
}

/// Returns the header that hands a token to the browser. It is kept for longer than the session lasts, so that what is sent
/// when it is over is known to be of its person.
pub(super) fn hand_over(door: &Door, token: &Token) -> HeaderValue {
    line(door, token.expose(), REMEMBERED_MILLIS / 1_000)
}

/// Returns the header that has the browser forget its token.
pub(super) fn forget(door: &Door) -> HeaderValue {
    line(door, "", 0)
}

fn line(door: &Door, value: &str, seconds: i64) -> HeaderValue {
    let secure = if door.is_secure() { "; Secure" } else { "" };
    let line = format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(door));
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static(""))
}
