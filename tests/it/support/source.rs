//! Rust source as a test reads it: code without comments and texts, the texts apart, and nothing of what is compiled
//! for tests only.

use std::path::{Path, PathBuf};

/// A text literal, unescaped, and the line that it begins on, from 1.
#[derive(Debug)]
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// A file of production code.
#[derive(Debug)]
pub struct Source {
    /// From the folder of the repository, with `/`.
    pub path: String,
    /// As long as the file; comments, contents of literals and test code are spaces.
    pub code: String,
    pub literals: Vec<Literal>,
}

/// Reads every production file under `folder`, which is named from `root`, in the order of their paths. Files named
/// `…_test.rs` hold tests and are left out.
pub fn sources(root: &Path, folder: &str) -> Vec<Source> {
    let mut found: Vec<Source> = files(&root.join(folder))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .filter_map(|path| {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (!name.ends_with("_test.rs")).then(|| Source::new(&name, &text))
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Every file under `folder`.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

impl Source {
    /// Reads the text of one file.
    pub fn new(path: &str, text: &str) -> Self {
        let mut lexer = Lexer { text, code: text.as_bytes().to_vec(), literals: Vec::new() };
        lexer.run();
        let (code, literals) = (String::from_utf8(lexer.code).unwrap(), lexer.literals);
        let tests = test_items(&code);
        let line_of = |at: usize| text[..at].matches('\n').count() + 1;
        let literals = literals
            .into_iter()
            .filter(|(at, _)| !tests.iter().any(|span| span.contains(at)))
            .map(|(at, text)| Literal { line: line_of(at), text })
            .collect();
        let mut bytes = code.into_bytes();
        tests.into_iter().for_each(|span| blank(&mut bytes[span]));
        Self { path: path.to_owned(), code: String::from_utf8(bytes).unwrap(), literals }
    }
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
}

pub fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

struct Lexer<'t> {
    text: &'t str,
    code: Vec<u8>,
    /// Where each begins, and what it says.
    literals: Vec<(usize, String)>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let rest = &self.text[at..];
            let end = if rest.starts_with("//") {
                at + rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                at + rest.find("*/").map_or(rest.len(), |i| i + 2)
            } else if let Some(hashes) = self.raw(at) {
                self.raw_text(at, hashes)
            } else if rest.starts_with('"') {
                self.plain_text(at)
            } else if let Some(length) = character(rest) {
                at + length
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            blank(&mut self.code[at..end]);
            at = end;
        }
    }

    /// The number of `#` when a raw text begins here.
    fn raw(&self, at: usize) -> Option<usize> {
        if at > 0 && is_word(self.text.as_bytes()[at - 1]) {
            return None;
        }
        let rest = &self.text[at..];
        let marks = rest.strip_prefix('r').or_else(|| rest.strip_prefix("br"))?;
        let hashes = marks.len() - marks.trim_start_matches('#').len();
        marks[hashes..].starts_with('"').then_some(hashes)
    }

    fn raw_text(&mut self, at: usize, hashes: usize) -> usize {
        let start = at + self.text[at..].find('"').unwrap() + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let length = self.text[start..].find(&close).unwrap();
        self.literals.push((at, self.text[start..start + length].to_owned()));
        start + length + close.len()
    }

    fn plain_text(&mut self, at: usize) -> usize {
        let mut said = String::new();
        let mut chars = self.text[at + 1..].char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                '"' => {
                    self.literals.push((at, said));
                    return at + 1 + i + 1;
                }
                '\\' => match chars.next() {
                    Some((_, 'n' | '\n')) => said.push('\n'),
                    Some((_, escaped)) => said.push(escaped),
                    None => break,
                },
                c => said.push(c),
            }
        }
        panic!("a text without end at byte {at}")
    }
}

/// The length of a character literal, when one begins here and not a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    if let Some(escaped) = inside.strip_prefix('\\') {
        // What is escaped may be a quote itself.
        let length = escaped.chars().next()?.len_utf8();
        return Some(2 + length + escaped[length..].find('\'')? + 1);
    }
    let length = inside.chars().next()?.len_utf8();
    inside[length..].starts_with('\'').then_some(length + 2)
}

/// Where items stand that are compiled for tests only.
fn test_items(code: &str) -> Vec<std::ops::Range<usize>> {
    const MARK: &str = "#[cfg(test)]";
    code.match_indices(MARK)
        .map(|(start, _)| start..start + MARK.len() + item_length(&code[start + MARK.len()..]))
        .collect()
}

/// How long the item at the beginning is, with the attributes before it: to its `;` or its closing brace.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (i, c) in code.bytes().enumerate() {
        match c {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => {
                depth -= 1;
                if depth == 0 && c == b'}' {
                    return i + 1;
                }
            }
            b';' if depth == 0 => return i + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn texts_comments_and_tests_are_told_from_code() {
    let text = "//! \"no\"\nfn f<'a>(x: &'a str) -> char { g(\"een \\\"twee\\\"\", r#\"a \"b\" c\"#, '\"', '\\''); 'é' }\n/* \"no\" */\n#[cfg(test)]\n#[expect(unused)]\nmod tests {\n    fn h() { \"no\"; }\n}\nconst LAST: &str = \"drie\";\n";
    let source = Source::new("src/x.rs", text);
    let said: Vec<(usize, &str)> = source.literals.iter().map(|l| (l.line, l.text.as_str())).collect();
    assert_eq!(said, [(2, "een \"twee\""), (2, "a \"b\" c"), (9, "drie")]);
    assert!(!source.code.contains("no") && !source.code.contains("mod tests"), "{}", source.code);
    assert!(source.code.contains("fn f<'a>(x: &'a str)"), "{}", source.code);
    assert_eq!(source.code.len(), text.len());
}
