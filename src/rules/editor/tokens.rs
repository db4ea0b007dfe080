//! `Token`: the pieces of a script with their places, found also while the script does not parse.
//!
//! A view of what `language/tokens.rs` reads: without remarks, with the expressions within texts. A test holds it against
//! the parser's own tokenizer, which stops being of use at the first slip, and knows no ends.

use crate::rules::language;
use crate::rules::language::tokens::Tokens;
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

/// Returns the pieces of a script in order; remarks and blanks are none.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    Tokens::of(text).unfolded().into_iter().filter_map(|token| seen(text, token)).collect()
}

/// Returns a token as editors see it; none for a remark.
fn seen(text: &str, token: language::tokens::Token) -> Option<Token> {
    use language::tokens::{Quotes, TokenKind as Read};
    let rest = text.get(token.start..).unwrap_or_default();
    let is_quoted = rest.starts_with('"');
    let (kind, end) = match token.kind {
        Read::Comment | Read::ForeignComment => return None,
        Read::Word => (TokenKind::Name, token.end),
        Read::Number => (TokenKind::Number, token.end),
        Read::Stretch => (TokenKind::Stretch, token.end),
        Read::Text(Quotes::Proper) if is_quoted => (TokenKind::Text, token.end),
        // Blanks at the end of a text that is being typed belong to it.
        Read::Text(Quotes::Open) if is_quoted => {
            let line = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
            (TokenKind::Text, token.start + line.len())
        }
        Read::Text(_) | Read::Symbol | Read::Odd => (TokenKind::Sign, token.end),
    };
    Some(Token { kind, range: token.start..end })
}

/// Returns whether a place is in a remark.
pub(super) fn is_in_remark(text: &str, offset: usize) -> bool {
    let tokens = Tokens::of(text);
    tokens.all().iter().filter(|t| t.kind == language::tokens::TokenKind::Comment).any(|t| {
        let says = tokens.says(t);
        // A remark to the end of its line goes on in the blanks behind it; one over lines that does not end, for ever.
        let goes_on = match says.starts_with("//") {
            true => text.get(t.end..offset).is_some_and(|after| !after.contains('\n')),
            false => t.end == text.len() && !says.ends_with("*/"),
        };
        t.start < offset && (offset < t.end || goes_on)
    })
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
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
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
