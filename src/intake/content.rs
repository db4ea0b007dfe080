//! `Content`: the text and attachments of a mail, and forms that only its sender can open
//! (docs/mail.md "Encrypted / signed", "winmail.dat", "Attachments").

use super::part::{media_type, nested, parameter};
use super::text;
use crate::complaint::Attachment;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The most attachments that are listed; the raw mail has the others.
const ATTACHMENTS: usize = 200;

/// The form in which a mail says what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Plain text or HTML, as most mails are.
    Plain,
    /// Signed; the text is read, the signature is not checked.
    Signed,
    /// Only the addressee of the encryption can read it.
    Encrypted,
    /// Outlook's winmail.dat, which hides text and attachments.
    Tnef,
    /// No part of it is text or a file.
    Unreadable,
}

impl Content {
    /// Returns whether its sender must be asked to send it again in another form.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Encrypted | Self::Tnef | Self::Unreadable)
    }

    /// Returns what people are told of the form.
    pub(super) fn remark(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Signed => Some("the signature is not checked"),
            Self::Encrypted => Some("encrypted: the text cannot be read here"),
            Self::Tnef => Some("winmail.dat: part of this mail is in a form that only Outlook opens"),
            Self::Unreadable => Some("unreadable"),
        }
    }
}

/// Returns whether a part is S/MIME, signed or encrypted (RFC 8551).
fn is_smime(part: &MessagePart) -> bool {
    is(part, "application/pkcs7-mime") || is(part, "application/x-pkcs7-mime")
}

/// Returns whether a part is S/MIME that holds the mail within its signature, where the mail can be read.
fn is_opaquely_signed(part: &MessagePart) -> bool {
    is_smime(part) && parameter(part, "smime-type").as_deref() == Some("signed-data")
}

fn is(part: &MessagePart, kind: &str) -> bool {
    media_type(part).as_deref() == Some(kind)
}

/// Returns the form in which a mail says what it says.
pub(super) fn content_of(message: &Message) -> Content {
    let has = |test: &dyn Fn(&MessagePart) -> bool| message.parts.iter().any(test);
    let is_text =
        |p: &MessagePart| matches!(&p.body, PartType::Text(t) | PartType::Html(t) if !t.trim().is_empty());
    if has(&|p| is(p, "multipart/encrypted") || is(p, "application/pgp-encrypted")) {
        return Content::Encrypted;
    }
    if has(&|p| is_smime(p) && !is_opaquely_signed(p)) {
        return Content::Encrypted;
    }
    let is_pgp =
        |p: &MessagePart| matches!(&p.body, PartType::Text(t) if t.contains("-----BEGIN PGP MESSAGE-----"));
    if has(&is_pgp) {
        return Content::Encrypted;
    }
    let is_tnef = |p: &MessagePart| {
        is(p, "application/ms-tnef")
            || p.attachment_name().is_some_and(|n| n.eq_ignore_ascii_case("winmail.dat"))
    };
    if has(&is_tnef) {
        return Content::Tnef;
    }
    if has(&is_smime) || has(&|p| is(p, "multipart/signed")) {
        return Content::Signed;
    }
    if !has(&is_text) && message.parts.iter().all(|p| matches!(p.body, PartType::Multipart(_))) {
        return Content::Unreadable;
    }
    Content::Plain
}

/// Returns the text people wrote: the text part, else what HTML says, else what an opaque signature wraps.
pub(super) fn text_of<'m>(message: &'m Message<'m>) -> Cow<'m, str> {
    let wrapped = message.parts.iter().find(|p| is_opaquely_signed(p));
    if let Some(text) = wrapped.and_then(|p| unwrap_signed(p.contents())) {
        return Cow::Owned(text);
    }
    match message.body_text(0) {
        Some(text) if !text.trim().is_empty() => text,
        _ => loose_text(message).unwrap_or_else(|| nested_text(message)),
    }
}

/// Returns the first text that a mail holds where its structure does not say which it is: one that was cut
/// off, for example.
fn loose_text<'m>(message: &'m Message<'m>) -> Option<Cow<'m, str>> {
    let is_attachment = |p: &MessagePart| p.content_disposition().is_some_and(|d| d.is_attachment());
    let parts = || message.parts.iter().filter(|p| !is_attachment(p));
    let plain = parts().find_map(|p| match &p.body {
        PartType::Text(text) if !text.trim().is_empty() => Some(Cow::Borrowed(text.as_ref())),
        _ => None,
    });
    plain.or_else(|| {
        parts().find_map(|p| match &p.body {
            PartType::Html(html) if !html.trim().is_empty() => Some(Cow::Owned(html_to_text(html))),
            _ => None,
        })
    })
}

/// Returns what the mail within a mail says, where that is its only content.
fn nested_text<'m>(message: &'m Message<'m>) -> Cow<'m, str> {
    let inner = message.parts.iter().find_map(nested);
    inner.and_then(|m| m.body_text(0)).map(|t| Cow::Owned(t.into_owned())).unwrap_or_default()
}

/// Returns the text of the mail inside an opaque signature (RFC 8551, 3.5.2): looked for as it stands, the
/// signature is not checked.
fn unwrap_signed(der: &[u8]) -> Option<String> {
    let start = der.windows(13).position(|w| w.eq_ignore_ascii_case(b"Content-Type:"))?;
    let inner = MessageParser::default().parse(&der[start..])?;
    let text = inner.body_text(0)?.into_owned();
    // What follows the text is the signature's own bytes.
    let readable: String =
        text.chars().take_while(|c| !matches!(c, '\u{0}'..='\u{8}' | '\u{FFFD}')).collect();
    Some(readable).filter(|t| !t.trim().is_empty())
}

/// Lists the attachments, up to a limit.
pub(super) fn attachments(message: &Message) -> Vec<Attachment> {
    message.attachments().take(ATTACHMENTS).map(attachment).collect()
}

fn attachment(part: &MessagePart) -> Attachment {
    let bytes = part.contents();
    let said = media_type(part).filter(|kind| kind.len() > 1);
    let name = part.attachment_name().map(text::line).filter(|name| !name.is_empty());
    Attachment {
        name: name.unwrap_or_else(|| nameless(said.as_deref()).to_owned()),
        kind: said.unwrap_or_else(|| "application/octet-stream".to_owned()),
        sniffed: infer::get(bytes).map(|t| t.mime_type().to_owned()),
        size: bytes.len(),
        sha256: format!("{:x}", Sha256::digest(bytes)),
    }
}

/// Returns a name for what has none: invitations and attached mails often come without.
fn nameless(kind: Option<&str>) -> &'static str {
    match kind {
        Some("text/calendar") => "uitnodiging.ics",
        Some("message/rfc822") => "bericht.eml",
        _ => "bijlage",
    }
}

/// Returns the bytes of the attachment with this digest, in hexadecimal; none when the mail has no such
/// attachment.
pub fn attachment_bytes(raw: &[u8], sha256: &str) -> Option<Vec<u8>> {
    let message = MessageParser::default().parse(raw)?;
    let found = message.attachments().find(|p| format!("{:x}", Sha256::digest(p.contents())) == sha256);
    found.map(|p| p.contents().to_vec())
}
