//! Bytes to a parsed mail. Total: whatever cannot be read is remarked on, and the raw mail is kept anyway.

use super::automated::is_automated;
use crate::complaint::{Number, Party};
use mail_parser::{Message, MessageParser, MimeHeaders};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Longer texts are cut in what rules and pages see; the raw mail stays whole.
const TEXT_CHARACTERS: usize = 200_000;
const SUBJECT_CHARACTERS: usize = 500;
const REFERENCES: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    pub name: String,
    pub kind: String,
    pub size: usize,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedMail {
    /// As sent; a digest of the mail when it has none.
    pub message_id: String,
    /// In-Reply-To and References, newest first.
    pub references: Vec<String>,
    pub from: Party,
    pub subject: String,
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub has_attached_message: bool,
    pub is_automated: bool,
    /// When the receiving server says it got it, in epoch milliseconds.
    pub received: Option<i64>,
    pub body_hash: String,
    /// What was odd, one remark each.
    pub remarks: Vec<String>,
}

pub(super) fn parse(raw: &[u8]) -> ParsedMail {
    let digest = hex(&Sha256::digest(raw));
    match MessageParser::default().parse(raw).filter(|m| !m.parts.is_empty()) {
        Some(message) => read(&message, raw, &digest),
        None => ParsedMail {
            message_id: format!("{digest}@unreadable"),
            references: Vec::new(),
            from: Party::default(),
            subject: String::new(),
            text: String::from_utf8_lossy(raw)
                .chars()
                .filter(|c| is_allowed(*c))
                .take(TEXT_CHARACTERS)
                .collect(),
            attachments: Vec::new(),
            has_attached_message: false,
            is_automated: false,
            received: None,
            body_hash: digest,
            remarks: vec!["unreadable: this is not a mail; see the raw text".to_owned()],
        },
    }
}

fn read(message: &Message, raw: &[u8], digest: &str) -> ParsedMail {
    let mut remarks = Vec::new();
    let from = message.from().and_then(|a| a.first());
    let email = from.and_then(|a| a.address()).unwrap_or_default().trim().to_lowercase();
    let email = if email.contains('@') { email } else { String::new() };
    if email.is_empty() {
        remarks.push("no sender address".to_owned());
    }
    let message_id = match message.message_id() {
        Some(id) if !id.trim().is_empty() => id.trim().chars().take(SUBJECT_CHARACTERS).collect(),
        _ => {
            remarks.push("no Message-ID".to_owned());
            format!("{digest}@no-message-id")
        }
    };
    let text = message.body_text(0).unwrap_or_default();
    let text: String = text.chars().filter(|c| is_allowed(*c)).take(TEXT_CHARACTERS).collect();
    if text.contains('\u{FFFD}') {
        remarks.push("some characters could not be decoded".to_owned());
    }
    if text.trim().is_empty() {
        remarks.push("no text".to_owned());
    }
    let attachments: Vec<Attachment> = message.attachments().map(attachment).collect();
    let has_attached_message = message.attachments().any(mail_parser::MessagePart::is_message);
    ParsedMail {
        references: references(message),
        from: Party {
            name: clean(from.and_then(|a| a.name()).unwrap_or_default(), SUBJECT_CHARACTERS),
            email: email.clone(),
        },
        subject: clean(message.subject().unwrap_or_default(), SUBJECT_CHARACTERS),
        is_automated: is_automated(message, &email),
        received: message.received().and_then(|r| r.date()).map(|d| d.to_timestamp() * 1000),
        body_hash: body_hash(raw),
        message_id,
        text,
        attachments,
        has_attached_message,
        remarks,
    }
}

fn attachment(part: &mail_parser::MessagePart) -> Attachment {
    let bytes = part.contents();
    let kind = part.content_type().map(|t| match t.subtype() {
        Some(subtype) => format!("{}/{subtype}", t.ctype()),
        None => t.ctype().to_owned(),
    });
    Attachment {
        name: clean(part.attachment_name().unwrap_or_default(), SUBJECT_CHARACTERS),
        kind: kind.unwrap_or_else(|| "application/octet-stream".to_owned()),
        size: bytes.len(),
        sha256: hex(&Sha256::digest(bytes)),
    }
}

fn references(message: &Message) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for header in [message.in_reply_to(), message.references()] {
        let ids: Vec<&str> =
            header.as_text_list().map(|l| l.iter().map(AsRef::as_ref).collect()).unwrap_or_default();
        for id in ids.into_iter().rev() {
            if found.len() < REFERENCES && !found.iter().any(|f| f == id) {
                found.push(id.to_owned());
            }
        }
    }
    found
}

/// A digest of what follows the headers, so that the same mail by two routes is one mail.
fn body_hash(raw: &[u8]) -> String {
    let blank = raw.windows(4).position(|w| w == b"\r\n\r\n").map(|i| i + 4);
    let blank = blank.or_else(|| raw.windows(2).position(|w| w == b"\n\n").map(|i| i + 2)).unwrap_or(0);
    let body: Vec<u8> = raw[blank..].iter().copied().filter(|b| *b != b'\r').collect();
    hex(&Sha256::digest(body.trim_ascii_end()))
}

/// One line, without control characters and without the marks that stand for a pending number.
fn clean(text: &str, limit: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| is_allowed(*c) && !c.is_control()).take(limit).collect()
}

fn is_allowed(c: char) -> bool {
    c != '\0' && !Number::PENDING.contains(c) && !Number::PENDING_CHECK.contains(c)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
