//! `Bounce`: which letter did not arrive, and whether it still may (RFC 3464, RFC 3463).

use super::content::nested;
use mail_parser::{Message, MimeHeaders, PartType};
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failing {
    /// It will not arrive.
    Permanent,
    /// It is late and is still tried, or nothing certain is said.
    Temporary,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bounce {
    pub failing: Failing,
    /// RFC 3463, as `5.1.1`.
    pub status: Option<String>,
    pub recipient: Option<String>,
    /// Message ids that the report names, ours among them if it is about a letter of ours.
    pub originals: Vec<String>,
}

/// Ids looked at in one report.
const ORIGINALS: usize = 20;

pub(super) fn read_bounce(message: &Message, text: &str) -> Bounce {
    let mut report = Vec::new();
    let mut originals = Vec::new();
    for part in &message.parts {
        let kind = part
            .content_type()
            .map(|t| format!("{}/{}", t.ctype(), t.subtype().unwrap_or_default()).to_lowercase());
        match (kind.as_deref(), &part.body) {
            (Some("message/delivery-status" | "message/global-delivery-status"), _) => {
                report.push(String::from_utf8_lossy(part.contents()).into_owned());
            }
            (_, PartType::Message(_)) => {
                originals.extend(nested(part).and_then(|m| m.message_id()).map(str::to_owned));
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
    originals.extend(ids(text));
    originals.dedup();
    originals.truncate(ORIGINALS);
    let status: Option<String> =
        field("Status").map(|s| s.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect());
    let recipient = field("Final-Recipient").or_else(|| field("Original-Recipient"));
    let recipient = recipient.map(|r| r.rsplit(';').next().unwrap_or_default().trim().to_lowercase());
    let action = field("Action").unwrap_or_default().to_lowercase();
    let failing = match (status.as_deref(), action.as_str()) {
        (Some(s), _) if s.starts_with('4') => Failing::Temporary,
        (_, "delayed" | "delivered" | "relayed" | "expanded") => Failing::Temporary,
        (Some(s), _) if s.starts_with('5') => Failing::Permanent,
        (_, "failed") => Failing::Permanent,
        _ => guess(text),
    };
    Bounce { failing, status: status.filter(|s| !s.is_empty()), recipient, originals }
}

/// What a report in free words seems to say; in doubt it may still arrive, and a person sees it.
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

/// Everything in angle brackets, or after `Message-ID:`, that looks like a message id.
fn ids(text: &str) -> Vec<String> {
    let inner = text.split('<').skip(1).filter_map(|t| t.split('>').next());
    let looks = |id: &&str| id.contains('@') && id.len() < 250 && !id.contains(char::is_whitespace);
    inner.filter(looks).map(str::to_owned).take(ORIGINALS).collect()
}
