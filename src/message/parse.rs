//! Reading a template: what the parser makes of it, after a look at how large it is; and what it cannot make anything
//! of, by what stands there.

use super::mistake::{Mistake, MistakeKind, TooMuch, at};
use minijinja::Error;
use minijinja::machinery::ast::Stmt;
use minijinja::machinery::{Token, WhitespaceConfig, parse, tokenize};

/// The most words and signs in one pair of braces, and the deepest nesting of blocks, each `elif` counted: what is built
/// of them is gone through by recursion.
pub(super) const TOKENS: usize = 300;
const NESTING: usize = 50;

/// Parses a template whose expressions and blocks are not too large.
pub(super) fn parsed(text: &str) -> Result<Stmt<'_>, Mistake> {
    sized(text)?;
    parse(text, "message", Default::default(), WhitespaceConfig::default()).map_err(|e| unread(text, &e))
}

/// Checks that no expression is too long and no block too deep, before anything is built of them.
fn sized(text: &str) -> Result<(), Mistake> {
    let mut tokens = 0;
    let mut is_block = false;
    // Of each open block: itself, and its `elif`s.
    let mut open: Vec<usize> = Vec::new();
    for token in tokenize(text, false, Default::default(), WhitespaceConfig::default()) {
        let (token, span) = token.map_err(|e| unread(text, &e))?;
        match token {
            Token::VariableStart | Token::BlockStart => tokens = 0,
            Token::Ident("if" | "for" | "with") if is_block => open.push(1),
            Token::Ident("elif") if is_block => open.iter_mut().next_back().into_iter().for_each(|n| *n += 1),
            Token::Ident(word) if is_block && word.starts_with("end") => drop(open.pop()),
            _ => {}
        }
        is_block = matches!(token, Token::BlockStart);
        tokens += 1;
        let passed = if tokens > TOKENS {
            TooMuch::Words
        } else if open.iter().sum::<usize>() > NESTING {
            TooMuch::Blocks
        } else {
            continue;
        };
        return Err(at(text, span.start_offset as usize, MistakeKind::TooMuch(passed)));
    }
    Ok(())
}

/// Says what the parser cannot go on with. Its own words are English and about its insides; what stands there tells more.
fn unread(text: &str, error: &Error) -> Mistake {
    if let Some((start, opening)) = open_quote(text) {
        return at(text, start, MistakeKind::Unclosed { opening });
    }
    let range = error.range().unwrap_or(text.len()..text.len());
    let before = text.get(..range.end.min(text.len())).unwrap_or(text);
    for (opening, closing) in [("{{", "}}"), ("{%", "%}")] {
        let Some(start) = before.rfind(opening) else { continue };
        let inner = text.get(start + 2..).unwrap_or_default();
        let closed = inner.find(closing);
        if closed.is_none_or(|end| inner.get(..end).is_some_and(|within| within.contains(opening))) {
            return at(text, start, MistakeKind::Unclosed { opening });
        }
    }
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let written = &text[start..text.ceil_char_boundary(range.end.min(text.len()).max(start))];
    at(text, start, MistakeKind::Stray { written: written.to_owned() })
}

/// Finds the first text in braces whose closing quote is missing from its line.
fn open_quote(text: &str) -> Option<(usize, &'static str)> {
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").into_iter().chain(text[from..].find("{%")).min() {
        let mut at = from + start + 2;
        let inside = |at: usize| text[at..].find(['\'', '"', '}']);
        while let Some(next) = inside(at).map(|i| at + i).filter(|next| !text[next + 1..].starts_with('}')) {
            let quote = if text[next..].starts_with('"') { "\"" } else { "'" };
            if text[next..].starts_with('}') {
                at = next + 1;
                continue;
            }
            let line = text[next + 1..].split('\n').next().unwrap_or_default();
            match line.find(quote) {
                Some(end) => at = next + 1 + end + 1,
                None => return Some((next, quote)),
            }
        }
        from = at;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (usize, MistakeKind) {
        let Err(mistake) = parsed(text) else { panic!("{text} is read") };
        (mistake.column.unwrap_or(0), mistake.kind)
    }

    #[test]
    fn what_cannot_be_read_is_told_by_what_stands_there() {
        let stray = |written: &str| MistakeKind::Stray { written: written.to_owned() };
        assert_eq!(found("a {{ x"), (3, MistakeKind::Unclosed { opening: "{{" }));
        assert_eq!(found("{{ x }} {% if x"), (9, MistakeKind::Unclosed { opening: "{%" }));
        assert_eq!(found("{{ x {{ y }}"), (1, MistakeKind::Unclosed { opening: "{{" }));
        assert_eq!(found("{{ complaint number }}"), (14, stray("number")));
        assert_eq!(found("{% if x = 1 %}a{% endif %}"), (9, stray("=")));
        assert_eq!(found("{{ a }}'s {{ x or 'heer }} {{ y }}"), (19, MistakeKind::Unclosed { opening: "'" }));
        assert_eq!(found("{% if x == \u{201c}nl\u{201d} %}a{% endif %}"), (12, stray("\u{201c}")));
        assert_eq!(found("{{ x| }}"), (7, stray("}}")));
    }
}
