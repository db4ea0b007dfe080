//! Foreign text where it leaves: what a stranger wrote is shown as text, and steers neither a terminal, a log, a
//! spreadsheet nor a header. Each place of output escapes here, and nothing before it does.

use std::borrow::Cow;
use std::fmt::Write;

/// What stands in the place of a control character.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// What a character does to what shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Steering {
    /// It moves the cursor, colours, deletes, rings: controls of C0 and C1 (ECMA-48).
    Controls,
    /// It ends a line where nobody wrote a line end.
    EndsLine,
    /// It turns the direction of what follows (Unicode Standard Annex #9), or hides: what is read is not what is there.
    Misleads,
}

fn steering(c: char) -> Option<Steering> {
    match c {
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some(Steering::EndsLine),
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Some(Steering::Controls),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => Some(Steering::Misleads),
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => Some(Steering::Misleads),
        '\u{e0000}'..='\u{e007f}' => Some(Steering::Misleads),
        _ => None,
    }
}

fn steers(c: char) -> bool {
    steering(c).is_some()
}

/// Returns whether a text is ASCII without any such character, as nearly all are; looked at many at a time.
fn is_plain(text: &str) -> bool {
    let plain = |byte: &u8| matches!(byte, b'\t' | b'\n' | b' '..=b'~');
    text.as_bytes().chunks(64).all(|some| some.iter().fold(true, |all, byte| all & plain(byte)))
}

/// Returns text of one or more lines; line ends and tabs stay.
pub fn text(foreign: &str) -> Cow<'_, str> {
    if is_plain(foreign) || !foreign.contains(steers) {
        return Cow::Borrowed(foreign);
    }
    let whole = foreign.replace("\r\n", "\n");
    let shown = whole.chars().filter_map(|c| match steering(c) {
        None => Some(c),
        Some(Steering::EndsLine) => Some('\n'),
        Some(Steering::Controls) => Some(REPLACEMENT),
        Some(Steering::Misleads) => None,
    });
    Cow::Owned(shown.collect())
}

/// Returns text in one line.
pub fn line(foreign: &str) -> Cow<'_, str> {
    match text(foreign) {
        shown if shown.contains(['\n', '\t']) => Cow::Owned(shown.replace(['\n', '\t'], " ")),
        shown => shown,
    }
}

/// Returns JSON that says the same and holds no character that steers: in JSON, they stand in strings only
/// (RFC 8259, 7).
pub fn json(document: &str) -> Cow<'_, str> {
    let is_escaped = |c: char| c != '\r' && steers(c);
    if is_plain(document) || !document.contains(is_escaped) {
        return Cow::Borrowed(document);
    }
    let mut out = String::with_capacity(document.len() + 16);
    for c in document.chars() {
        if is_escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Returns text as it stands in HTML, in an element or in a quoted attribute.
pub fn markup(foreign: &str) -> String {
    let mut out = String::with_capacity(foreign.len());
    for c in text(foreign).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
    }
    out
}

/// The separator of cells that Dutch spreadsheets expect.
const SEPARATOR: &str = ";";

/// Returns a row of a spreadsheet's comma-separated values, without the end of the line.
pub fn cells(row: &[String]) -> String {
    row.iter().map(|foreign| cell(foreign)).collect::<Vec<_>>().join(SEPARATOR)
}

/// Returns a cell of comma-separated values by RFC 4180, always quoted. What a spreadsheet would take for a formula
/// stays text, also where it takes a sign within the cell for the end of one.
fn cell(foreign: &str) -> String {
    let safe = text(foreign);
    let mut out = String::with_capacity(safe.len() + 2);
    out.push('"');
    let mut begins = true;
    for c in safe.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%') {
            out.push('\'');
        }
        begins = matches!(c, ',' | ';' | '"' | '\t' | '\n') || (begins && c.is_whitespace());
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// Returns whether a text is the inside of a Message-ID that can be written into a header as it is (RFC 5322, 3.6.4).
pub fn is_message_id(foreign: &str) -> bool {
    let is_part = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | '(' | ')');
    !foreign.is_empty() && foreign.len() <= 900 && foreign.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_harmless_stays_as_it_is() {
        for harmless in ["Klacht over “parkeren” – €\u{a0}5", "één\ttwee\ndrie", "שלום", "👩\u{200d}🏫"]
        {
            assert!(matches!(text(harmless), Cow::Borrowed(_)), "{harmless}");
        }
        assert_eq!(line("één\ttwee\r\ndrie"), "één twee drie");
        assert_eq!(text("a\u{1b}]8;;http://x\u{7}b\r\nc\rd"), "a\u{fffd}]8;;http://x\u{fffd}b\nc\u{fffd}d");
        assert_eq!(text("gnp.\u{202e}exe\u{2028}af\u{9b}m"), "gnp.exe\naf\u{fffd}m");
    }

    #[test]
    fn no_cell_begins_a_formula() {
        for (foreign, written) in [
            ("gewoon", "\"gewoon\""),
            ("x,=1+1", "\"x,'=1+1\""),
            ("=1+1", "\"'=1+1\""),
            ("  =1+1", "\"  '=1+1\""),
            ("x; @SUM(A1)", "\"x; '@SUM(A1)\""),
            ("zei \"=nee\"", "\"zei \"\"'=nee\"\"\""),
            ("a\r\n+b", "\"a\n'+b\""),
            ("\t-1", "\"\t'-1\""),
            ("＝1", "\"'＝1\""),
            ("22-03-2026", "\"22-03-2026\""),
        ] {
            assert_eq!(cell(foreign), written);
        }
    }

    proptest! {
        #[test]
        fn json_says_the_same(foreign: String) {
            let document = serde_json::json!({ foreign.clone(): foreign }).to_string();
            let escaped = json(&document);
            prop_assert!(!escaped.contains(steers));
            let read: serde_json::Value = serde_json::from_str(&escaped).expect("JSON");
            prop_assert_eq!(read.to_string(), document);
        }

        #[test]
        fn nothing_that_steers_is_left(foreign: String) {
            prop_assert!(!text(&foreign).contains(steers));
            prop_assert!(!line(&foreign).contains(|c: char| steers(c) || c.is_control()));
        }
    }
}
