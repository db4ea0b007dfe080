//! Bytes to characters by the labels that browsers and mail programs go by (WHATWG Encoding), not by what the
//! labels once meant: what is called latin-1 is windows-1252.

use super::part::parameter;
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

/// The bytes of HTML in which its own label is looked for.
const HEAD: usize = 1_024;

/// Returns the characters of a text part.
pub(super) fn characters<'p>(message: &Message, part: &'p MessagePart) -> Cow<'p, str> {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else { return Cow::Borrowed("") };
    if text.is_ascii() && !is_undecoded(part) {
        return Cow::Borrowed(text);
    }
    let Some(bytes) = bytes(message, part) else { return Cow::Borrowed(text) };
    let said = parameter(part, "charset").filter(|label| !label.is_empty());
    let known = said.as_ref().map(|label| Encoding::for_label_no_replacement(label.trim().as_bytes()));
    match known {
        // Their byte order is the parser's to find; a charset that has no place on the web as well.
        Some(Some(encoding)) if encoding == UTF_16LE || encoding == UTF_16BE => Cow::Borrowed(text),
        Some(None) if !text.contains('\u{FFFD}') => Cow::Borrowed(text),
        Some(Some(encoding)) => Cow::Owned(decode(&bytes, encoding)),
        Some(None) => Cow::Owned(decode(&bytes, WINDOWS_1252)),
        None => Cow::Owned(decode(&bytes, own_label(part, &bytes).unwrap_or(WINDOWS_1252))),
    }
}

/// Decodes bytes; what reads as UTF-8 is UTF-8, whatever a label of single bytes says, and what cannot be
/// UTF-8 is what Windows writes.
fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    let is_western = encoding == WINDOWS_1252 || encoding == UTF_8;
    if is_western && let Ok(text) = std::str::from_utf8(bytes) {
        return text.trim_start_matches('\u{FEFF}').to_owned();
    }
    let encoding = if encoding == UTF_8 && !has_utf8(bytes) { WINDOWS_1252 } else { encoding };
    encoding.decode(bytes).0.into_owned()
}

/// Returns whether there is a character of several bytes among them.
fn has_utf8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

/// Returns the label that HTML gives itself.
fn own_label(part: &MessagePart, bytes: &[u8]) -> Option<&'static Encoding> {
    if !matches!(part.body, PartType::Html(_)) {
        return None;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_lowercase();
    let after = head.split_once("charset=")?.1.trim_start_matches(['"', '\'']);
    let label = after.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':')).next()?;
    Encoding::for_label_no_replacement(label.as_bytes())
}

/// Returns whether a part's bytes were left as they came, because some are not what its coding allows.
fn is_undecoded(part: &MessagePart) -> bool {
    part.is_encoding_problem && (says(part, "base64") || says(part, "quoted-printable"))
}

fn says(part: &MessagePart, coding: &str) -> bool {
    part.content_transfer_encoding().is_some_and(|said| said.trim().eq_ignore_ascii_case(coding))
}

/// Returns the bytes of a part without the coding in which they travelled; none where the parser's reading is
/// the best there is.
fn bytes(message: &Message, part: &MessagePart) -> Option<Vec<u8>> {
    let travelled = message.raw_message.get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        _ if is_undecoded(part) && says(part, "base64") => leniently(travelled),
        _ if is_undecoded(part) => Some(unquoted(travelled)),
        Transfer::None => Some(travelled.to_vec()),
        Transfer::QuotedPrintable => quoted_printable_decode(travelled),
        Transfer::Base64 => base64_decode(travelled),
    }
}

/// Decodes base64 of which some bytes are none; none when that gives no text.
fn leniently(travelled: &[u8]) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let mut digits: Vec<u8> =
        travelled.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    let decoded = GeneralPurpose::new(&base64::alphabet::STANDARD, config).decode(&digits).ok()?;
    let is_text = |b: &u8| *b >= b' ' || b.is_ascii_whitespace();
    (!decoded.is_empty() && decoded.iter().all(is_text)).then_some(decoded)
}

/// Decodes quoted-printable of which some is none: that stays as it stands.
fn unquoted(travelled: &[u8]) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(travelled.len());
    let mut rest = travelled;
    while let Some((first, after)) = rest.split_first() {
        let (byte, left) = match (first, after) {
            (b'=', [b'\r', b'\n', left @ ..] | [b'\n', left @ ..]) => (None, left),
            (b'=', [high, low, left @ ..]) => match digit(*high).zip(digit(*low)) {
                Some((high, low)) => (Some(high << 4 | low), left),
                None => (Some(b'='), after),
            },
            _ => (Some(*first), after),
        };
        out.extend(byte);
        rest = left;
    }
    out
}

/// Returns what Windows means by a control character that stands in a text: the euro sign, quotes and dashes.
pub(super) fn windows(c: char) -> char {
    match u8::try_from(u32::from(c)) {
        Ok(byte @ 0x80..=0x9F) => WINDOWS_1252.decode(&[byte]).0.chars().next().unwrap_or(c),
        _ => c,
    }
}
