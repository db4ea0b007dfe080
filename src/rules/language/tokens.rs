//! `Tokens`: a script as a person typed it. Reading never fails, so that what the parser refuses can still be
//! looked at.

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum TokenKind {
    Word,
    Number,
    Text(Quotes),
    /// A stretch of a text in back quotes, before, between or after the expressions in it.
    Stretch,
    Symbol,
    Comment,
    /// A remark of another language: `# …`, `-- …`, `<!-- … -->`.
    ForeignComment,
    /// A character that no script has outside a text.
    Odd,
}

/// The quotes around a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Quotes {
    /// As the language has them; backticks too.
    Proper,
    /// Straight, and never closed in its line.
    Open,
    /// Single ones, 'so'.
    Single,
    /// Those of a word processor, or of both kinds.
    Typographic,
}

/// A token, with its place in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// A script and its tokens in order; what lies between them is white space.
#[derive(Debug)]
pub(in crate::rules) struct Tokens<'t> {
    pub text: &'t str,
    all: Vec<Token>,
}

/// The double quotes of word processors.
pub(super) const DOUBLE: &[char] = &['“', '”', '„', '‟', '«', '»', '‹', '›', '″', '＂', '〝', '〞'];
/// The single quotes of word processors.
pub(super) const SINGLE: &[char] = &['‘', '’', '‚', '‛', '′', '´'];

/// The most texts in back quotes within each other of which the innermost is read.
const DEEPEST: usize = 32;
/// Symbols of more than one character, the longest first.
const SYMBOLS: &[&str] = &[
    "===", "!==", "..=", "...", "**=", "==", "!=", "<=", ">=", "=>", "=<", "<>", "&&", "||", "#{", "?.",
    "??", "+=", "-=", "*=", "/=", "%=", "++", "--", ":=", "->", "::", "**", "..",
];

impl<'t> Tokens<'t> {
    /// Reads a script.
    pub fn of(text: &'t str) -> Self {
        let mut reader = Reader { text, at: 0 };
        let mut all = Vec::new();
        while let Some(token) = reader.next() {
            all.push(token);
        }
        Self { text, all }
    }

    /// Returns every token but remarks.
    pub fn code(&self) -> Vec<Token> {
        self.all.iter().copied().filter(|t| t.kind != TokenKind::Comment).collect()
    }

    /// Returns every token.
    pub fn all(&self) -> &[Token] {
        &self.all
    }

    /// Returns every token, with texts in back quotes taken apart: their stretches, and the tokens of the expressions
    /// between these.
    pub fn unfolded(&self) -> Vec<Token> {
        let mut found = Vec::new();
        for token in &self.all {
            unfold(self.text, *token, 0, &mut found);
        }
        found
    }

    /// Returns what a token says.
    pub fn says(&self, token: &Token) -> &'t str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// Returns whether nothing but white space stands before a token in its line.
    pub fn begins_line(&self, token: &Token) -> bool {
        self.line_before(token).chars().all(char::is_whitespace)
    }

    /// Returns what stands before a token in its line.
    pub fn line_before(&self, token: &Token) -> &'t str {
        let before = self.text.get(..token.start).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default()
    }
}

/// Adds a token, or what it is made of. `depth` texts stand around it; in the deepest nothing is looked for.
fn unfold(text: &str, token: Token, depth: usize, found: &mut Vec<Token>) {
    let is_in_back_quotes = text.as_bytes().get(token.start) == Some(&b'`');
    if !is_in_back_quotes || !matches!(token.kind, TokenKind::Text(_)) || depth == DEEPEST {
        return found.push(token);
    }
    let within = text.get(..token.end).unwrap_or(text);
    let mut at = token.start;
    while let Some(opens) = within.get(at..).and_then(|rest| rest.find("${")).map(|i| at + i) {
        if opens > at {
            found.push(Token { kind: TokenKind::Stretch, start: at, end: opens });
        }
        found.push(Token { kind: TokenKind::Symbol, start: opens, end: opens + 2 });
        at = expression(within, opens + 2, depth + 1, found);
    }
    if at < token.end {
        found.push(Token { kind: TokenKind::Stretch, start: at, end: token.end });
    }
}

/// Adds the tokens of an expression in a text, with the brace that ends it; returns where it ends.
fn expression(text: &str, start: usize, depth: usize, found: &mut Vec<Token>) -> usize {
    let mut reader = Reader { text, at: start };
    let mut braces = 0_usize;
    while let Some(token) = reader.next() {
        let says = text.get(token.start..token.end).unwrap_or_default();
        match says {
            "{" | "#{" => braces += 1,
            "}" if braces == 0 => {
                found.push(token);
                return token.end;
            }
            "}" => braces -= 1,
            _ => {}
        }
        unfold(text, token, depth, found);
    }
    text.len()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Option<Token> {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        self.at += self.rest().len() - self.rest().trim_start_matches(blank).len();
        let first = self.rest().chars().next()?;
        let (kind, length) = self.read(first);
        let start = self.at;
        self.at += length.max(first.len_utf8());
        Some(Token { kind, start, end: self.at })
    }

    fn read(&self, first: char) -> (TokenKind, usize) {
        let rest = self.rest();
        if let Some(comment) = self.comment() {
            return comment;
        }
        match first {
            '"' => self.straight(),
            '`' => (TokenKind::Text(Quotes::Proper), backticks(rest)),
            '#' if is_raw(rest) => (TokenKind::Text(Quotes::Proper), raw(rest)),
            '\'' => single(rest),
            c if DOUBLE.contains(&c) || SINGLE.contains(&c) => typographic(rest, c),
            c if c.is_ascii_digit() => (TokenKind::Number, number(rest)),
            c if is_word(c) => {
                let length: usize = rest.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
                (TokenKind::Word, length)
            }
            c if c.is_ascii_graphic() => {
                let known = SYMBOLS.iter().find(|s| rest.starts_with(**s));
                (TokenKind::Symbol, known.map_or(1, |s| s.len()))
            }
            c => (TokenKind::Odd, c.len_utf8()),
        }
    }

    fn comment(&self) -> Option<(TokenKind, usize)> {
        let rest = self.rest();
        let line = || line_of(rest).trim_end().len();
        let before = self.text.get(..self.at).unwrap_or_default().chars().next_back();
        let is_apart = before.is_none_or(char::is_whitespace);
        if rest.starts_with("//") {
            Some((TokenKind::Comment, line()))
        } else if rest.starts_with("/*") {
            Some((TokenKind::Comment, block_comment(rest)))
        } else if let Some(inner) = rest.strip_prefix("<!--") {
            let length = inner.find("-->").map_or_else(line, |end| end + 7);
            Some((TokenKind::ForeignComment, length))
        } else if (rest.starts_with('#') && !rest.starts_with("#{") && !is_raw(rest))
            || (rest.starts_with("--") && is_apart)
        {
            Some((TokenKind::ForeignComment, line()))
        } else {
            None
        }
    }

    /// Reads a text in straight quotes; one that a typographic quote seems to close ends there.
    fn straight(&self) -> (TokenKind, usize) {
        let line = line_of(self.rest());
        let mut chars = line.char_indices().skip(1).peekable();
        let mut opened = 0;
        while let Some((i, c)) = chars.next() {
            match c {
                '\\' => {
                    chars.next();
                }
                '"' if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                }
                '"' => return (TokenKind::Text(Quotes::Proper), i + 1),
                '“' | '„' | '«' if !closes_oddly(line, i, c) => opened += 1,
                '“' | '”' | '»' if opened == 0 && closes_oddly(line, i, c) => {
                    return (TokenKind::Text(Quotes::Typographic), i + c.len_utf8());
                }
                _ => {}
            }
        }
        // A line that ends in `\` goes on in the next.
        if line.trim_end_matches('\r').ends_with('\\') {
            let rest = self.rest();
            let more = rest.get(line.len() + 1..).and_then(|next| next.find('"'));
            return (TokenKind::Text(Quotes::Proper), more.map_or(line.len(), |end| line.len() + end + 2));
        }
        (TokenKind::Text(Quotes::Open), line.trim_end().len())
    }
}

/// Returns whether the straight quotes after a typographic one pair up without it.
fn closes_oddly(line: &str, at: usize, quote: char) -> bool {
    line.get(at + quote.len_utf8()..).unwrap_or_default().matches('"').count().is_multiple_of(2)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !('！'..='～').contains(&c) || c == '_'
}

fn line_of(rest: &str) -> &str {
    rest.split('\n').next().unwrap_or_default()
}

fn is_raw(rest: &str) -> bool {
    rest.trim_start_matches('#').starts_with('"')
}

fn raw(rest: &str) -> usize {
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let end = format!("\"{}", "#".repeat(hashes));
    rest.get(hashes + 1..)
        .and_then(|text| text.find(&end))
        .map_or(line_of(rest).len(), |i| i + 1 + hashes + end.len())
}

fn backticks(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            '{' if before == '$' || depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '`' if depth == 0 => return i + 1,
            _ => {}
        }
        before = c;
    }
    line_of(rest).len()
}

fn single(rest: &str) -> (TokenKind, usize) {
    let line = line_of(rest);
    let quote = if line.starts_with("''") && !line.starts_with("'' ") { "''" } else { "'" };
    match line.get(quote.len()..).and_then(|inner| inner.find(quote)) {
        Some(end) => (TokenKind::Text(Quotes::Single), end + 2 * quote.len()),
        None => (TokenKind::Odd, 1),
    }
}

fn typographic(rest: &str, first: char) -> (TokenKind, usize) {
    let ends = |c: char| {
        if DOUBLE.contains(&first) {
            c == '"' || DOUBLE.contains(&c)
        } else {
            c == '\'' || SINGLE.contains(&c)
        }
    };
    let found = line_of(rest).char_indices().skip(1).find(|(_, c)| ends(*c));
    match found {
        Some((i, c)) => (TokenKind::Text(Quotes::Typographic), i + c.len_utf8()),
        None => (TokenKind::Odd, first.len_utf8()),
    }
}

fn number(rest: &str) -> usize {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').len();
    if rest.starts_with("0x") || rest.starts_with("0b") || rest.starts_with("0o") {
        return rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    }
    let whole = digits(rest);
    let after = rest.get(whole..).unwrap_or_default();
    match after.strip_prefix('.') {
        Some(part) if part.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + digits(part),
        _ => whole,
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(next) = rest.get(at..).and_then(|text| text.find(['/', '*'])) {
        at += next;
        match rest.get(at..at + 2) {
            Some("/*") => {
                depth += 1;
                at += 2;
            }
            Some("*/") => {
                depth = depth.saturating_sub(1);
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    rest.len()
}
