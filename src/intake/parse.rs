//! Bytes to a parsed mail. Total: whatever cannot be read is remarked on, and the raw mail is kept anyway.

use super::attendance::{Attendance, attendance_of};
use super::bounce::{Bounce, read_bounce};
use super::content::{Content, attachments, content_of, text_of};
use super::forward::{self, Forwarded};
use super::kind::{MailKind, asks_no_answer, kind_of};
use super::language::language_of;
use super::quote::history_of;
use super::trust::{Trust, trust_of};
use crate::complaint::{Number, Party};
use mail_parser::{Message, MessageParser};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Longer texts are cut in what rules and pages see; the raw mail stays whole.
pub(super) const TEXT_CHARACTERS: usize = 200_000;
const SUBJECT_CHARACTERS: usize = 500;
const REFERENCES: usize = 50;
const RECIPIENTS: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    pub name: String,
    /// As the sender says.
    pub kind: String,
    /// What its first bytes say; none when they say nothing.
    pub sniffed: Option<String>,
    pub size: usize,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParsedMail {
    /// As sent; a digest of the mail when it has none.
    pub message_id: String,
    /// In-Reply-To and References, newest first.
    pub references: Vec<String>,
    pub from: Party,
    /// Everybody it was sent to, where plus addresses are found.
    pub recipients: Vec<String>,
    pub subject: String,
    pub text: String,
    /// The byte of `text` at which the quoted history or signature begins.
    pub history_at: Option<usize>,
    pub language: Option<&'static str>,
    pub attachments: Vec<Attachment>,
    pub kind: MailKind,
    pub content: Content,
    /// The sender asks that no machine answers.
    pub asks_no_answer: bool,
    pub trust: Trust,
    pub bounce: Option<Bounce>,
    pub attached_mail: Option<Forwarded>,
    pub inline_forward: Option<Forwarded>,
    pub attendance: Option<Attendance>,
    /// The id that our own letters carry.
    pub redress_id: Option<String>,
    /// When the receiving server says it got it, in epoch milliseconds.
    pub received: Option<i64>,
    pub body_hash: String,
    /// What was odd, one remark each.
    pub remarks: Vec<String>,
}

/// What a mail is read as, whatever its bytes. `authserv_id` is the mail server whose judgement is believed.
pub fn parse(raw: &[u8], authserv_id: Option<&str>) -> ParsedMail {
    let digest = format!("{:x}", Sha256::digest(raw));
    let read = || {
        let message = MessageParser::default().parse(raw).filter(|m| !m.parts.is_empty() && has_a_header(m));
        message.map(|message| read(&message, raw, &digest, authserv_id))
    };
    // The parser is another's, and the bytes are anybody's: where it gives up, the mail is kept as it is.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(Some(mail)) => mail,
        Ok(None) | Err(_) => unreadable(raw, digest),
    }
}

/// Text alone parses as a mail without headers; that is not one.
fn has_a_header(message: &Message) -> bool {
    !message.headers().is_empty()
}

fn unreadable(raw: &[u8], digest: String) -> ParsedMail {
    let text: String =
        String::from_utf8_lossy(raw).chars().filter(|c| is_allowed(*c)).take(TEXT_CHARACTERS).collect();
    ParsedMail {
        message_id: format!("{digest}@unreadable"),
        references: Vec::new(),
        from: Party::default(),
        recipients: Vec::new(),
        subject: String::new(),
        language: language_of(&text),
        text,
        history_at: None,
        attachments: Vec::new(),
        kind: MailKind::Human,
        content: Content::Unreadable,
        asks_no_answer: false,
        trust: Trust::None,
        bounce: None,
        attached_mail: None,
        inline_forward: None,
        attendance: None,
        redress_id: None,
        received: None,
        body_hash: digest,
        remarks: vec!["unreadable: this is not a mail; see the raw text".to_owned()],
    }
}

fn read(message: &Message, raw: &[u8], digest: &str, authserv_id: Option<&str>) -> ParsedMail {
    let mut remarks = Vec::new();
    let from = sender(message);
    if from.email.is_empty() {
        remarks.push("no sender address".to_owned());
    }
    let message_id = match message.message_id() {
        Some(id) if !id.trim().is_empty() => id.trim().chars().take(SUBJECT_CHARACTERS).collect(),
        _ => {
            remarks.push("no Message-ID".to_owned());
            format!("{digest}@no-message-id")
        }
    };
    let content = content_of(message);
    remarks.extend(content.remark().map(str::to_owned));
    let text: String = text_of(message).chars().filter(|c| is_allowed(*c)).take(TEXT_CHARACTERS).collect();
    if text.contains('\u{FFFD}') {
        remarks.push("some characters could not be decoded".to_owned());
    }
    if text.trim().is_empty() {
        remarks.push("no text".to_owned());
    }
    let kind = kind_of(message, &from.email);
    let subject = clean(message.subject().unwrap_or_default(), SUBJECT_CHARACTERS);
    let history_at = history_of(&text);
    let fresh = &text[..history_at.unwrap_or(text.len())];
    let redress_id = message.header_raw("X-Redress-Id").map(str::trim).filter(|v| !v.is_empty());
    ParsedMail {
        references: references(message),
        recipients: recipients(message),
        language: language_of(&format!("{subject} {fresh}")),
        history_at,
        attachments: attachments(message),
        content,
        asks_no_answer: asks_no_answer(message),
        trust: trust_of(
            message
                .headers()
                .iter()
                .filter(|h| h.name().eq_ignore_ascii_case("Authentication-Results"))
                .filter_map(|h| {
                    std::str::from_utf8(raw.get(h.offset_start() as usize..h.offset_end() as usize)?).ok()
                }),
            authserv_id,
        ),
        bounce: (kind == MailKind::Bounce).then(|| read_bounce(message, &text)),
        kind,
        attached_mail: forward::attached(message),
        inline_forward: forward::inline(&text),
        attendance: attendance_of(message),
        redress_id: redress_id.map(|v| v.chars().take(100).collect()),
        received: message.received().and_then(|r| r.date()).map(|d| d.to_timestamp() * 1000),
        body_hash: body_hash(raw),
        from,
        subject,
        message_id,
        text,
        remarks,
    }
}

/// Who wrote it: `From` alone. A reply goes to the same address, never to another one that a mail names.
fn sender(message: &Message) -> Party {
    let from = message.from().and_then(|a| a.first());
    let email = from.and_then(|a| a.address()).unwrap_or_default().trim().to_lowercase();
    let is_address = email.contains('@') && email.len() <= 320 && !email.contains(char::is_whitespace);
    Party {
        name: clean(from.and_then(|a| a.name()).unwrap_or_default(), SUBJECT_CHARACTERS),
        email: if is_address { email.chars().filter(|c| is_allowed(*c)).collect() } else { String::new() },
    }
}

fn recipients(message: &Message) -> Vec<String> {
    let lists = [message.to(), message.cc()].into_iter().flatten();
    let named = lists.flat_map(|list| list.iter()).filter_map(|a| a.address());
    let raw =
        ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().filter_map(|h| message.header_raw(h));
    let all = named.chain(raw).map(|a| a.trim().trim_matches(['<', '>']).to_lowercase());
    all.filter(|a| a.contains('@')).take(RECIPIENTS).collect()
}

fn references(message: &Message) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for header in [message.in_reply_to(), message.references()] {
        let ids: Vec<&str> =
            header.as_text_list().map(|l| l.iter().map(AsRef::as_ref).collect()).unwrap_or_default();
        for id in ids.into_iter().rev() {
            if found.len() < REFERENCES && !found.iter().any(|f| f == id) {
                found.push(id.chars().filter(|c| is_allowed(*c)).take(SUBJECT_CHARACTERS).collect());
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
    format!("{:x}", Sha256::digest(body.trim_ascii_end()))
}

/// One line, without control characters and without the marks that stand for a pending number.
pub(super) fn clean(text: &str, limit: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| is_allowed(*c) && !c.is_control()).take(limit).collect()
}

fn is_allowed(c: char) -> bool {
    c != '\0' && !Number::PENDING.contains(c) && !Number::PENDING_CHECK.contains(c)
}
