//! `Token`: the pieces of a script with their places, found also while the script does not parse.
//!
//! The parser's own tokenizer stops being of use at the first slip, and knows no ends; `language/tokens.rs` reads a
//! script as a person typed it, slips and all. This one is total, knows the expressions within texts, and a test holds
//! it against the parser's.

use std::ops::Range;

/// What a piece of a script is, as far as its own letters tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a word of the language.
    Name,
    /// A text in double quotes, both of them included; the second is missing while it is being typed.
    Text,
    /// A stretch of a text in back quotes, between the expressions in it.
    Stretch,
    Number,
    Sign,
}

/// A piece of a script, by its place in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

impl Token {
    /// Returns the piece as it is written.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.range.clone()).unwrap_or_default()
    }

    /// Returns the place of what stands between the quotes of a text.
    pub fn inside(&self, text: &str) -> Range<usize> {
        let written = self.of(text);
        let closed = written.len() > 1 && written.ends_with('"');
        self.range.start + 1..self.range.end - usize::from(closed)
    }
}

/// The signs of more than one character; the longest come first.
const SIGNS: &[&str] = &[
    "===", "!==", "**=", "<<=", ">>=", "..=", "==", "!=", "<=", ">=", "&&", "||", "??", "=>", "->", "::",
    "..", "+=", "-=", "*=", "/=", "%=", "**", "<<", ">>", "|=", "&=", "^=", "#{", "?.", "?[",
];

/// Returns the pieces of a script in order; remarks and blanks are none.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut scan = Scan { text, at: 0, found: Vec::new(), open: Vec::new() };
    while scan.at < text.len() {
        scan.step();
    }
    scan.found
}

/// Returns whether a place is in a remark.
pub(super) fn is_in_remark(text: &str, offset: usize) -> bool {
    let before = tokens(text).into_iter().take_while(|t| t.range.start < offset).last();
    let from = before.map_or(0, |t| t.range.end);
    let Some(blank) = text.get(from..offset) else { return false };
    let line = blank.rfind('\n').map_or(0, |i| i + 1);
    blank[line..].contains("//") || blank.rfind("/*").is_some_and(|i| !blank[i..].contains("*/"))
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    found: Vec<Token>,
    /// For each text in back quotes that an expression interrupts, the braces open in that expression.
    open: Vec<usize>,
}

impl Scan<'_> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return };
        match first {
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '/' if rest.starts_with("//") => self.at += rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => self.at += remark(rest),
            '"' => self.push(TokenKind::Text, quoted(rest, '"')),
            '\'' => self.push(TokenKind::Sign, quoted(rest, '\'')),
            '`' => self.stretch(1),
            c if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                self.push(TokenKind::Name, end);
            }
            c if c.is_ascii_digit() => self.push(TokenKind::Number, number(rest)),
            _ => self.sign(rest, first),
        }
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        if length > 0 {
            self.found.push(Token { kind, range: self.at..self.at + length });
        }
        self.at += length;
    }

    fn sign(&mut self, rest: &str, first: char) {
        match (first, self.open.last_mut()) {
            ('{', Some(depth)) => *depth += 1,
            ('#', Some(depth)) if rest.starts_with("#{") => *depth += 1,
            ('}', Some(0)) => {
                self.open.pop();
                self.push(TokenKind::Sign, 1);
                return self.stretch(0);
            }
            ('}', Some(depth)) => *depth -= 1,
            _ => {}
        }
        let long = SIGNS.iter().find(|sign| rest.starts_with(**sign));
        self.push(TokenKind::Sign, long.map_or(first.len_utf8(), |sign| sign.len()));
    }

    /// Takes a text in back quotes up to its end or to the next expression in it; `quote` is the length of
    /// the quote that begins it.
    fn stretch(&mut self, quote: usize) {
        let rest = &self.text[self.at..];
        let inner = &rest[quote..];
        let end = inner.find('`');
        match inner.find("${").filter(|i| end.is_none_or(|end| *i < end)) {
            Some(i) => {
                self.push(TokenKind::Stretch, quote + i);
                self.push(TokenKind::Sign, 2);
                self.open.push(0);
            }
            None => self.push(TokenKind::Stretch, end.map_or(rest.len(), |end| quote + end + 1)),
        }
    }
}

/// Returns the length of a text up to its closing quote, or to the end of the line that lacks it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1);
    while let Some((i, c)) = characters.next() {
        match c {
            '\\' => {
                characters.next();
            }
            '\n' => return rest[..i].trim_end_matches('\r').len(),
            c if c == quote => return i + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Returns the length of a remark over lines; they stand one in another.
fn remark(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if here.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn number(rest: &str) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let whole = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let fraction = rest[whole..].strip_prefix('.').filter(|f| f.starts_with(|c: char| c.is_ascii_digit()));
    match fraction {
        Some(f) => whole + 1 + f.find(|c: char| !is_part(c)).unwrap_or(f.len()),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::diagnostics::offset;
    use crate::script::bare_engine;
    use rhai::{Position, Token as Parsed};
    use std::collections::BTreeSet;

    fn place(text: &str, position: Position) -> Option<usize> {
        Some(offset(text, position.line()?, position.position()?))
    }

    /// Where the parser's own tokenizer has names and texts in double quotes.
    fn parsed(text: &str) -> BTreeSet<usize> {
        let engine = bare_engine();
        let (tokens, control) = engine.lex(std::slice::from_ref(&text));
        let (mut found, mut open) = (BTreeSet::new(), Vec::new());
        // The tokenizer repeats the end for ever.
        for (token, position) in tokens.take_while(|(token, _)| *token != Parsed::EOF) {
            assert!(!matches!(token, Parsed::LexError(_)), "{token:?} at {position}");
            match (&token, open.last_mut()) {
                (Parsed::InterpolatedString(_), _) => open.push(0),
                (Parsed::LeftBrace | Parsed::MapStart, Some(depth)) => *depth += 1,
                (Parsed::RightBrace, Some(1)) => {
                    open.pop();
                    control.borrow_mut().is_within_text = true;
                }
                (Parsed::RightBrace, Some(depth)) => *depth -= 1,
                _ => {}
            }
            let Some(at) = place(text, position) else { continue };
            let begins = text[at..].chars().next().unwrap_or(' ');
            let is_text = matches!(token, Parsed::StringConstant(_) | Parsed::InterpolatedString(_));
            if (is_text && begins == '"') || (!is_text && (begins.is_alphabetic() || begins == '_')) {
                found.insert(at);
            }
        }
        found
    }

    fn ours(text: &str) -> BTreeSet<usize> {
        let wanted = tokens(text).into_iter().filter(|t| matches!(t.kind, TokenKind::Name | TokenKind::Text));
        wanted.map(|t| t.range.start).collect()
    }

    #[test]
    fn names_and_texts_are_where_the_parser_has_them() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut texts = vec![
            r#"let a = `x ${b + `y ${#{c: "d"}.c} z`} "no" ${e}`; /* "no" /* no */ no */ f("\"q\"", 'x', 1..=2, 0x1f)"#
                .to_owned(),
            "const EEN = \"één 🙂\"; // geen \"tekst\"\nlet b = 1.5.to_string() + a[0].b?.c;".to_owned(),
        ];
        for folder in ["rules", "rules/tests", "tests/fixtures/municipality"] {
            for entry in std::fs::read_dir(root.join(folder)).expect("is there").flatten() {
                if entry.path().extension().is_some_and(|e| e == "rhai") {
                    texts.push(std::fs::read_to_string(entry.path()).expect("is read"));
                }
            }
        }
        assert!(texts.len() > 20);
        for text in texts {
            assert_eq!(ours(&text), parsed(&text), "{text}");
        }
    }

    #[test]
    fn what_is_not_finished_has_pieces_too() {
        let of = |text: &str| -> Vec<String> { tokens(text).iter().map(|t| t.of(text).to_owned()).collect() };
        assert_eq!(of("armed(\"rep\nrule"), ["armed", "(", "\"rep", "rule"]);
        assert_eq!(of("`a ${b"), ["`a ", "${", "b"]);
        assert_eq!(of("`a ${b} c"), ["`a ", "${", "b", "}", " c"]);
        assert_eq!(of("/* never closed \""), Vec::<String>::new());
        assert_eq!(of("\"ends in a backslash\\"), ["\"ends in a backslash\\"]);
    }
}
