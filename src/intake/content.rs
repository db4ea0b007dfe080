//! `Content`: the form in which a mail says what it says, its attachments, and forms that only its sender can open
//! (docs/mail.md "Encrypted / signed", "winmail.dat", "Attachments").

use super::body::text_of;
use super::legible::{Legible, bytes_of};
use super::part::{media_type, parameter};
use super::text;
use crate::complaint::Attachment;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde::Serialize;
use sha2::{Digest, Sha256};

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

/// Returns what an opaque signature wraps; none where there is none, or none that can be read.
pub(super) fn wrapped_text(message: &Message) -> Option<String> {
    let wrapped = message.parts.iter().find(|p| is_opaquely_signed(p))?;
    unwrap_signed(wrapped.contents())
}

/// Returns the text of the mail inside an opaque signature (RFC 8551, 3.5.2): looked for as it stands, the
/// signature is not checked.
fn unwrap_signed(der: &[u8]) -> Option<String> {
    let start = der.windows(13).position(|w| w.eq_ignore_ascii_case(b"Content-Type:"))?;
    let inner = MessageParser::default().parse(&der[start..])?;
    let text = text_of(&inner);
    // What follows the text is the signature's own bytes.
    let readable: String =
        text.chars().take_while(|c| !matches!(c, '\u{0}'..='\u{8}' | '\u{FFFD}')).collect();
    Some(readable).filter(|t| !t.trim().is_empty())
}

/// Lists the attachments, up to a limit.
pub(super) fn attachments(message: &Message) -> Vec<Attachment> {
    message.attachments().take(ATTACHMENTS).map(|part| attachment(message, part)).collect()
}

fn attachment<'m>(message: &'m Message<'m>, part: &'m MessagePart<'m>) -> Attachment {
    let bytes = bytes_of(message, part);
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

/// Returns the bytes of every attachment that is listed of a mail, in the order of the list.
pub fn attachments_bytes(raw: &[u8]) -> Vec<Vec<u8>> {
    let found = |mail: &Legible| {
        let message = mail.message()?;
        let attached = message.attachments().take(ATTACHMENTS);
        Some(attached.map(|part| bytes_of(&message, part).to_vec()).collect())
    };
    std::panic::catch_unwind(|| found(&Legible::new(raw)))
        .or_else(|_| std::panic::catch_unwind(|| found(&Legible::new(raw).without_attached_mails())))
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// Returns the bytes of the attachment with this digest, in hexadecimal; none when the mail has no such
/// attachment.
pub fn attachment_bytes(raw: &[u8], sha256: &str) -> Option<Vec<u8>> {
    let found = |mail: &Legible| {
        let message = mail.message()?;
        let mut attached = message.attachments().map(|part| bytes_of(&message, part));
        attached.find(|bytes| format!("{:x}", Sha256::digest(bytes)) == sha256).map(<[u8]>::to_vec)
    };
    // As the mail was read: where the parser gives up on mails within it, they are files.
    std::panic::catch_unwind(|| found(&Legible::new(raw)))
        .or_else(|_| std::panic::catch_unwind(|| found(&Legible::new(raw).without_attached_mails())))
        .ok()
        .flatten()
}
