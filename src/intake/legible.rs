//! What mail programs write and the parser gives up on, written so that it does not: the words stay the same.

use encoding_rs::WINDOWS_1252;
use mail_parser::{Message, MessageParser, PartType};
use std::borrow::Cow;

/// The lines below the headers in which a boundary that nobody announced is looked for.
const LINES: usize = 200;

/// A mail whose form is mended, and which is still to be parsed.
#[derive(Debug)]
pub(super) struct Legible<'r>(Cow<'r, [u8]>);

impl<'r> Legible<'r> {
    /// Mends what can be told without parsing: NULs, headers that are no UTF-8, parameters on a line of their own.
    pub fn new(raw: &'r [u8]) -> Self {
        let mended = match raw.contains(&0) {
            true => Cow::Owned(raw.iter().copied().filter(|byte| *byte != 0).collect()),
            false => Cow::Borrowed(raw),
        };
        let mended = match mended {
            Cow::Borrowed(raw) => with_legible_headers(raw),
            Cow::Owned(bytes) => Cow::Owned(with_legible_headers(&bytes).into_owned()),
        };
        let mended = match with_whole_parameters(&mended) {
            Some(whole) => Cow::Owned(whole),
            None => mended,
        };
        match with_boundary(&mended) {
            Some(bounded) => Self(Cow::Owned(bounded)),
            None => Self(mended),
        }
    }

    /// Takes mails that are attached for files: what says it is a mail and is none costs no more than itself.
    pub fn without_attached_mails(self) -> Self {
        let (kind, file) = (b"message/rfc822", b"application/x-mail-unread");
        let mut out = Vec::with_capacity(self.0.len());
        let mut rest = self.0.as_ref();
        while let Some(at) = rest.windows(kind.len()).position(|w| w.eq_ignore_ascii_case(kind)) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(file);
            rest = &rest[at + kind.len()..];
        }
        out.extend_from_slice(rest);
        Self(Cow::Owned(out))
    }

    /// Parses the mail; none when it is no mail at all.
    pub fn message(&self) -> Option<Message<'_>> {
        MessageParser::default().parse(self.0.as_ref()).filter(is_mail)
    }

    /// Parses the headers alone.
    pub fn headers(&self) -> Option<Message<'_>> {
        MessageParser::default().parse_headers(self.0.as_ref()).filter(is_mail)
    }
}

/// Tells a mail from text alone, which parses as a mail without headers.
fn is_mail(message: &Message) -> bool {
    !message.parts.is_empty() && !message.headers().is_empty()
}

/// Splits a mail behind the empty line that ends its headers; all of it is headers when there is none.
pub(super) fn head_and_body(raw: &[u8]) -> (&[u8], &[u8]) {
    let ends = raw.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    let mut empty = ends.filter_map(|at| match (&raw[..at], &raw[at + 1..]) {
        (_, [b'\n', ..]) => Some(at + 2),
        ([.., b'\r'], [b'\r', b'\n', ..]) => Some(at + 3),
        _ => None,
    });
    raw.split_at(empty.next().unwrap_or(raw.len()))
}

/// Reads headers that are no UTF-8 as what Windows writes.
fn with_legible_headers(raw: &[u8]) -> Cow<'_, [u8]> {
    let (head, body) = head_and_body(raw);
    // Without an end of headers this may be anything.
    if body.is_empty() || std::str::from_utf8(head).is_ok() {
        return Cow::Borrowed(raw);
    }
    let mut mended = WINDOWS_1252.decode_without_bom_handling(head).0.into_owned().into_bytes();
    mended.extend_from_slice(body);
    Cow::Owned(mended)
}

/// Joins `boundary=` with its value on the next line; none when no parameter is broken so.
fn with_whole_parameters(raw: &[u8]) -> Option<Vec<u8>> {
    let mut out: Option<Vec<u8>> = None;
    let mut written = 0;
    let mut at = 0;
    let mut in_content = false;
    while at < raw.len() {
        let end = raw[at..].iter().position(|b| *b == b'\n').map_or(raw.len(), |i| at + i + 1);
        let line = &raw[at..end];
        let continues = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        in_content = (continues && in_content)
            || line.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-"));
        let trimmed = line.trim_ascii_end();
        let next_continues = raw.get(end).is_some_and(|b| matches!(b, b' ' | b'\t'));
        if in_content && next_continues && trimmed.ends_with(b"=") {
            let value = end + raw[end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let out = out.get_or_insert_with(Vec::new);
            out.extend_from_slice(&raw[written..at + trimmed.len()]);
            written = value;
            at = value;
        } else {
            at = end;
        }
    }
    let mut out = out?;
    out.extend_from_slice(&raw[written..]);
    Some(out)
}

/// Announces the boundary by which the body is plainly divided, where the headers announce none that is there.
fn with_boundary(raw: &[u8]) -> Option<Vec<u8>> {
    let message = MessageParser::default().parse_headers(raw)?;
    let kind = message.parts.first().and_then(super::part::media_type)?;
    if !kind.starts_with("multipart/") {
        return None;
    }
    let (head, body) = head_and_body(raw);
    let announced = message.parts.first().and_then(|p| super::part::spelt_parameter(p, "boundary"));
    let divides =
        |boundary: &str| !boundary.is_empty() && lines(body).any(|l| is_divider(l, boundary.as_bytes()));
    if announced.as_deref().is_some_and(divides) {
        return None;
    }
    let found = boundary_of(body)?;
    let mut out: Vec<u8> = format!("Content-Type: {kind}; boundary=\"{found}\"\r\n").into_bytes();
    let mut is_left_out = false;
    for line in head.split_inclusive(|b| *b == b'\n') {
        let continues = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        is_left_out = (continues && is_left_out)
            || line.get(..13).is_some_and(|name| name.eq_ignore_ascii_case(b"content-type:"));
        if !is_left_out {
            out.extend_from_slice(line);
        }
    }
    out.extend_from_slice(body);
    Some(out)
}

fn lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.split(|b| *b == b'\n').map(|line| line.trim_ascii_end())
}

fn is_divider(line: &[u8], boundary: &[u8]) -> bool {
    line.strip_prefix(b"--").is_some_and(|rest| rest.starts_with(boundary))
}

/// Finds a line `--x` that is followed by a header of a part.
fn boundary_of(body: &[u8]) -> Option<String> {
    let lines: Vec<&[u8]> = lines(body).take(LINES).collect();
    lines.windows(2).find_map(|pair| {
        let boundary = std::str::from_utf8(pair[0].strip_prefix(b"--")?).ok()?;
        let is_one = !boundary.is_empty() && boundary.len() <= 70 && !boundary.contains(['"', ' ', '\\']);
        let begins_part = pair[1].get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-"));
        (is_one && begins_part).then(|| boundary.to_owned())
    })
}

/// Returns the bytes of a part that may stand alone: an attachment's.
pub(super) fn bytes_of<'p>(message: &'p Message<'p>, part: &'p mail_parser::MessagePart<'p>) -> &'p [u8] {
    match &part.body {
        // What says it is a mail and has no part of its own cannot be asked for its bytes.
        PartType::Message(inner) if inner.parts.is_empty() => {
            message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default()
        }
        _ => part.contents(),
    }
}
