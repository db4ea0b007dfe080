//! Messages over a pipe: a header with a length, then JSON (Language Server Protocol, "Base Protocol").
//!
//! The server scaffold of rust-analyzer makes room for whatever length a client names, and ends at the first
//! message that is no JSON; hence this.

use serde_json::Value;
use std::io::{self, BufRead, Read, Write};

/// The longest message that is read, in bytes; more than a folder's largest file, sent whole.
pub(super) const MAX_BYTES: usize = 8 << 20;
/// The longest line of a header, in bytes.
const MAX_HEADER: u64 = 4_096;
/// The most lines of a header.
const MAX_LINES: usize = 32;

/// What a client sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Incoming {
    Message(Value),
    /// Something that is no JSON, or is too long; the next message can still be read.
    Malformed(String),
}

/// Reads the next message; none at the end of the input.
///
/// # Errors
/// A header that does not say where the message ends, or an input that cannot be read.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = header(input)? else { return Ok(None) };
    if length > MAX_BYTES {
        let skipped = io::copy(&mut input.by_ref().take(length as u64), &mut io::sink())?;
        if skipped < length as u64 {
            return Ok(None);
        }
        return Ok(Some(Incoming::Malformed(format!("a message has at most {MAX_BYTES} bytes"))));
    }
    let mut body = vec![0; length];
    match input.read_exact(&mut body) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(value) => Incoming::Message(value),
        Err(e) => Incoming::Malformed(e.to_string()),
    }))
}

/// Reads the header up to its empty line, and returns the length that it names; none at the end of the input.
fn header(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let wrong = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let mut length = None;
    for _ in 0..MAX_LINES {
        let mut line = Vec::new();
        if input.by_ref().take(MAX_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if !line.ends_with(b"\n") {
            return Err(wrong("the header of a message has no end"));
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| wrong("a message has no Content-Length"));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("Content-Length")
        {
            length = Some(value.trim().parse().map_err(|_| wrong("Content-Length is no number"))?);
        }
    }
    Err(wrong("the header of a message has too many lines"))
}

/// Writes a message.
pub(super) fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut input: &[u8]) -> Vec<Incoming> {
        let mut found = Vec::new();
        while let Ok(Some(incoming)) = read(&mut input) {
            found.push(incoming);
        }
        found
    }

    #[test]
    fn messages_follow_each_other() {
        let mut pipe = Vec::new();
        for message in [serde_json::json!({"a": "é"}), serde_json::json!([])] {
            write(&mut pipe, &message).expect("a vector takes everything");
        }
        assert_eq!(all(&pipe), [serde_json::json!({"a": "é"}), serde_json::json!([])].map(Incoming::Message));
    }

    #[test]
    fn what_is_no_json_or_too_long_is_passed_over() {
        let mut pipe = b"content-length: 3\r\nX: y\r\n\r\n{a}".to_vec();
        pipe.extend(format!("Content-Length: {}\r\n\r\n", MAX_BYTES + 1).bytes());
        pipe.resize(pipe.len() + MAX_BYTES + 1, b' ');
        pipe.extend(b"Content-Length: 2\r\n\r\n{}");
        let found = all(&pipe);
        assert!(matches!(&found[..], [Incoming::Malformed(_), Incoming::Malformed(_), Incoming::Message(_)]));
    }

    #[test]
    fn a_header_without_length_or_end_is_an_error() {
        for header in ["X: y\r\n\r\n{}", "Content-Length: many\r\n\r\n", "no end"] {
            assert!(read(&mut header.as_bytes()).is_err(), "{header}");
        }
        let long = "a".repeat(10_000);
        assert!(read(&mut long.as_bytes()).is_err());
        let lines = "a: b\r\n".repeat(100);
        assert!(read(&mut lines.as_bytes()).is_err());
        for cut in ["", "Content-Length: 9\r\n\r\n{}", "Content-Length: 99999999999\r\n\r\n{}"] {
            assert!(matches!(read(&mut cut.as_bytes()), Ok(None)), "{cut}");
        }
    }
}
