//! `Bounce`: the report on a letter that did not arrive, or not yet (RFC 3464, RFC 3463).

use super::part::{media_type, nested};
use super::text;
use crate::reception::Failing;
use mail_parser::{Message, PartType};
use serde::Serialize;

/// The content of a report on a mail that did not arrive, or not yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// The kind of failure.
    pub failing: Failing,
    /// The status code (RFC 3463), as `5.1.1`; none when none is given.
    pub status: Option<String>,
    /// The address that did not get it, in lower case; none when none is given.
    pub recipient: Option<String>,
    /// The message ids that the report names, at most 20; ours are among them if it is about a letter of
    /// ours.
    pub originals: Vec<String>,
}

/// The most ids looked at in one report.
const ORIGINALS: usize = 20;

/// Reads a report; `words` are what it says to people.
pub(super) fn read_bounce(message: &Message, words: &str) -> Bounce {
    let mut report = Vec::new();
    let mut originals = Vec::new();
    for part in &message.parts {
        match (media_type(part).as_deref(), &part.body) {
            (Some("message/delivery-status" | "message/global-delivery-status"), _) => {
                report.push(text::body(&String::from_utf8_lossy(part.contents())));
            }
            (_, PartType::Message(_)) => {
                let id = nested(part)
                    .and_then(|m| m.message_id().map(|id| text::token(id, text::LINE_CHARACTERS)));
                originals.extend(id);
            }
            (Some("text/rfc822-headers" | "message/rfc822-headers" | "message/rfc822"), _) => {
                originals.extend(ids(&String::from_utf8_lossy(part.contents())));
            }
            _ => {}
        }
    }
    let fields = report.join("\n");
    let field = |name: &str| {
        let line =
            fields.lines().find(|l| l.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
        line.and_then(|l| l.split_once(':')).map(|(_, v)| v.trim().to_owned())
    };
    // Reports without the standard's parts quote the letter somewhere.
    originals.extend(ids(words));
    originals.dedup();
    originals.truncate(ORIGINALS);
    let status: Option<String> =
        field("Status").map(|s| s.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect());
    let recipient = field("Final-Recipient").or_else(|| field("Original-Recipient"));
    // `rfc822; jan@example.nl`: the type of the address comes first.
    let recipient =
        recipient.map(|r| r.rsplit_once(';').map_or(r.as_str(), |(_, a)| a).trim().to_lowercase());
    let action = field("Action").map(|a| a.to_lowercase());
    let failing = match (status.as_deref(), action.as_deref()) {
        (Some(s), _) if s.starts_with('4') => Failing::Temporary,
        (_, Some("delayed" | "delivered" | "relayed" | "expanded")) => Failing::Temporary,
        (Some(s), _) if s.starts_with('5') => Failing::Permanent,
        (_, Some("failed")) => Failing::Permanent,
        _ => guess(words),
    };
    Bounce { failing, status: status.filter(|s| !s.is_empty()), recipient, originals }
}

/// Guesses what a report in free words says; in doubt it may still arrive, and a person sees it.
fn guess(text: &str) -> Failing {
    let lower = text.to_lowercase();
    let permanent = [
        "550 ",
        "551 ",
        "553 ",
        "554 ",
        "5.1.1",
        "5.1.10",
        "5.7.1",
        "user unknown",
        "does not exist",
        "permanent",
        "no such user",
        "bestaat niet",
        "address rejected",
        "mailbox unavailable",
    ];
    match permanent.iter().any(|words| lower.contains(words)) {
        true => Failing::Permanent,
        false => Failing::Temporary,
    }
}

/// Finds everything in angle brackets that looks like a message id.
fn ids(text: &str) -> Vec<String> {
    let inner = text.split('<').skip(1).filter_map(|t| t.split('>').next());
    let looks = |id: &&str| id.contains('@') && id.len() < 250 && !id.contains(char::is_whitespace);
    inner.filter(looks).map(|id| text::token(id, text::LINE_CHARACTERS)).take(ORIGINALS).collect()
}
