//! Characters that nobody sees, and signs that a word processor made of plain ones.

use super::keyword::is_invisible;
use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::Words;
use crate::rules::diagnostics::kinds::{invisible_character, typographic_sign};
use crate::rules::language::tokens::{DOUBLE, SINGLE, TokenKind};

/// Signs of word processors, and what stands for them; nothing where no sign does.
const SIGNS: &[(char, &str)] = &[
    ('–', "-"),
    ('—', "-"),
    ('‒', "-"),
    ('−', "-"),
    ('‐', "-"),
    ('‑', "-"),
    ('≥', ">="),
    ('≤', "<="),
    ('≠', "!="),
    ('×', "*"),
    ('÷', "/"),
    ('⇒', ">="),
    ('⇐', "<="),
];

/// Finds such characters outside texts.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let tokens = written.tokens;
    for token in tokens.all() {
        let span = (token.start, token.end);
        let text = tokens.says(token);
        let Some(sign) = text.chars().next().filter(|_| token.kind == TokenKind::Odd) else { continue };
        if let Some(name) = invisible(sign) {
            // A space that is another kind of space is still a space.
            let instead = if sign.is_whitespace() { " " } else { "" };
            found.push(Slip::new(span, move |at| invisible_character::report(at, name)).replaced(instead));
        } else if sign == '\'' || DOUBLE.contains(&sign) || SINGLE.contains(&sign) {
            // Told as quotes.
        } else if let Some(plain) = plain(sign) {
            let told = plain.clone();
            found.push(
                Slip::new(span, move |at| typographic_sign::report(at, sign, Some(&told))).replaced(plain),
            );
        } else {
            found.push(Slip::new(span, move |at| typographic_sign::report(at, sign, None)));
        }
    }
}

fn plain(sign: char) -> Option<String> {
    let listed = SIGNS.iter().find(|(other, _)| *other == sign).map(|(_, plain)| (*plain).to_owned());
    // The characters of full width stand in the same order as those of ASCII.
    let wide = || {
        let code = u32::from(sign).checked_sub(0xfee0).filter(|_| ('！'..='～').contains(&sign))?;
        char::from_u32(code).map(String::from)
    };
    listed.or_else(wide)
}

fn invisible(sign: char) -> Option<Words> {
    match sign {
        '\u{a0}' | '\u{202f}' | '\u{2007}' => Some(Words::new("vaste spatie", "non-breaking space")),
        '\u{3000}' | '\u{2000}'..='\u{200a}' => {
            Some(Words::new("brede of smalle spatie", "wide or narrow space"))
        }
        '\u{feff}' => Some(Words::new("bytevolgordeteken", "byte order mark")),
        '\u{ad}' => Some(Words::new("zacht afbreekstreepje", "soft hyphen")),
        c if is_invisible(c) => Some(Words::new("spatie zonder breedte", "space without width")),
        c if c.is_whitespace() || c.is_control() => Some(Words::new("stuurteken", "control character")),
        _ => None,
    }
}
