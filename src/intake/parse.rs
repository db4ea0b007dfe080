//! Bytes to a parsed mail. Total: whatever cannot be read is remarked on, and the raw mail is kept anyway.

use super::attendance::{Attendance, attendance_of};
use super::author::{asks_no_answer, author_of, reads_as_absence};
use super::body::text_of;
use super::bounce::{Bounce, read_bounce};
use super::content::{Content, attachments, content_of, wrapped_text};
use super::forward::{self, Forwarded};
use super::language::language_of;
use super::legible::{Legible, head_and_body};
use super::quote::history_of;
use super::text;
use super::trust::{Trust, trust_of};
use super::written_for::{lists, written_for};
use crate::calendar::Moment;
use crate::complaint::{Attachment, Language, Party};
use crate::reception::Author;
use mail_parser::Message;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The most references of one mail that are followed.
const REFERENCES: usize = 50;
/// The most recipients of one mail that are looked at.
const RECIPIENTS: usize = 100;
/// The longest id of ours, in characters.
const ID_CHARACTERS: usize = 100;

/// A mail as it is read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParsedMail {
    /// The Message-ID without angle brackets; made from a digest of the mail when it has none.
    pub message_id: String,
    /// The ids of In-Reply-To and References without angle brackets, newest first, at most 50.
    pub references: Vec<String>,
    /// The sender, by `From` alone; the address is empty when there is none.
    pub from: Party,
    /// The addresses it was sent to, in lower case, at most 100; plus addresses are found here.
    pub recipients: Vec<String>,
    /// Its subject, in a line; empty when it has none.
    pub subject: String,
    /// The text that a reader sees, at most 200,000 characters.
    pub text: String,
    /// The byte of `text` at which the quoted history or signature begins; none when there is neither.
    pub history_at: Option<usize>,
    /// The language of what is new in it; none when it does not say.
    pub language: Option<Language>,
    /// The attachments, at most 200.
    pub attachments: Vec<Attachment>,
    /// The person or kind of machine that wrote it.
    #[serde(rename = "kind")]
    pub author: Author,
    /// The form in which it says what it says.
    pub content: Content,
    /// True when the sender asks that no machine answers (`X-Auto-Response-Suppress`).
    pub asks_no_answer: bool,
    /// Those for whom a form or a group address says that it wrote, the surest first.
    pub written_for: Vec<Party>,
    /// The domains and addresses of the lists that passed it on, at most 50.
    pub lists: Vec<String>,
    /// True when its words alone read as a notice of absence.
    pub reads_as_absence: bool,
    /// The moment at which its sender says that it was written; none when that is not said.
    pub written_at: Option<Moment>,
    /// The judgement of the mail server that is believed on the sender's address.
    pub trust: Trust,
    /// The report that it is; none when it is no bounce.
    pub bounce: Option<Bounce>,
    /// The mail that is attached to it; none when none is.
    pub attached_mail: Option<Forwarded>,
    /// The mail whose header block stands in its text; none when none does.
    pub inline_forward: Option<Forwarded>,
    /// The answer to an invitation that it carries; none when it carries none.
    pub attendance: Option<Attendance>,
    /// The id that our own letters carry (`X-Redress-Id`); none in other mail.
    pub redress_id: Option<String>,
    /// The moment at which the receiving server says it got it; none when it does not say.
    pub received: Option<Moment>,
    /// The SHA-256 of what follows the headers, in hexadecimal.
    pub body_hash: String,
    /// The remarks on what was odd, one each.
    pub remarks: Vec<String>,
}

/// Reads a mail, whatever its bytes. `authserv_id` is the mail server whose judgement is believed.
pub fn parse(raw: &[u8], authserv_id: Option<&str>) -> ParsedMail {
    // The parser is another's, and the bytes are anybody's: where it gives up, less is asked of it, and in the
    // end the mail is kept as it is.
    let attempts: [Reader; 3] = [read_whole, read_without_attached_mails, read_headers];
    let mut outcomes = attempts.iter().map(|read| std::panic::catch_unwind(|| read(raw, authserv_id)));
    outcomes.find_map(Result::ok).flatten().unwrap_or_else(|| unreadable(raw))
}

/// A way to read a mail; none for what is no mail.
type Reader = fn(&[u8], Option<&str>) -> Option<ParsedMail>;

fn read_whole(raw: &[u8], authserv_id: Option<&str>) -> Option<ParsedMail> {
    Legible::new(raw).message().map(|message| read(&message, raw, authserv_id))
}

fn read_without_attached_mails(raw: &[u8], authserv_id: Option<&str>) -> Option<ParsedMail> {
    let mail = Legible::new(raw).without_attached_mails();
    mail.message().map(|message| read(&message, raw, authserv_id))
}

/// Reads the headers alone; the text is whatever follows them.
fn read_headers(raw: &[u8], authserv_id: Option<&str>) -> Option<ParsedMail> {
    let mail = Legible::new(raw);
    let message = mail.headers()?;
    let mut read = read(&message, raw, authserv_id);
    read.text = text::body(&String::from_utf8_lossy(head_and_body(raw).1));
    read.remarks.push("the parts of this mail cannot be told apart; see the raw text".to_owned());
    Some(read)
}

fn unreadable(raw: &[u8]) -> ParsedMail {
    let digest = format!("{:x}", Sha256::digest(raw));
    let text = text::body(&String::from_utf8_lossy(raw));
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
        author: Author::Human,
        content: Content::Unreadable,
        asks_no_answer: false,
        written_for: Vec::new(),
        lists: Vec::new(),
        reads_as_absence: false,
        written_at: None,
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

fn read(message: &Message, raw: &[u8], authserv_id: Option<&str>) -> ParsedMail {
    let mut remarks = Vec::new();
    let from = sender(message);
    if from.email.is_empty() {
        remarks.push("no sender address".to_owned());
    }
    let message_id = message.message_id().map(|id| text::token(id, text::LINE_CHARACTERS));
    let message_id = message_id.filter(|id| !id.is_empty()).unwrap_or_else(|| {
        remarks.push("no Message-ID".to_owned());
        format!("{}@no-message-id", digest_of(message, raw))
    });
    let content = content_of(message);
    remarks.extend(content.remark().map(str::to_owned));
    let text = text::body(&wrapped_text(message).unwrap_or_else(|| text_of(message)));
    if text.contains('\u{FFFD}') {
        remarks.push("some characters could not be decoded".to_owned());
    }
    if text.trim().is_empty() {
        remarks.push("no text".to_owned());
    }
    let author = author_of(message, &from.email);
    let subject = message.subject().map(text::line).unwrap_or_default();
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
        written_for: written_for(message, &text),
        lists: lists(message),
        reads_as_absence: reads_as_absence(&text, history_at),
        written_at: message.date().map(|d| Moment::from_millis(d.to_timestamp().saturating_mul(1_000))),
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
        bounce: (author == Author::Bounce).then(|| read_bounce(message, &text)),
        author,
        attached_mail: forward::attached(message),
        inline_forward: forward::inline(&text),
        attendance: attendance_of(message),
        redress_id: redress_id.map(|id| text::token(id, ID_CHARACTERS)),
        received: message
            .received()
            .and_then(|r| r.date())
            .map(|d| Moment::from_millis(d.to_timestamp() * 1000)),
        body_hash: body_hash(raw),
        from,
        subject,
        message_id,
        text,
        remarks,
    }
}

/// Reads who wrote it: `From` alone. A reply goes to the same address, never to another one that a mail
/// names.
fn sender(message: &Message) -> Party {
    let said = text::sender(message.from(), message.header_raw("From"));
    Party { email: text::token(&said.email, text::ADDRESS_CHARACTERS), ..said }
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
                found.push(text::token(id, text::LINE_CHARACTERS));
            }
        }
    }
    found
}

/// Returns a digest of what follows the headers, so that the same mail by two routes is one mail.
fn body_hash(raw: &[u8]) -> String {
    let (_, body) = head_and_body(raw);
    let mut digest = Sha256::new();
    body.trim_ascii_end().split(|byte| *byte == b'\r').for_each(|part| digest.update(part));
    format!("{:x}", digest.finalize())
}

/// Returns a digest of what the sender wrote, for a mail without an id of its own: what servers add on its way
/// is no part of it.
fn digest_of(message: &Message, raw: &[u8]) -> String {
    let header = |name: &str| message.header_raw(name).map(str::trim).unwrap_or_default().to_owned();
    let written = ["From", "To", "Date", "Subject"].map(header).join("\n");
    format!("{:x}", Sha256::digest(format!("{written}\n{}", body_hash(raw))))
}
