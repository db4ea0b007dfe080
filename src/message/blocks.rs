//! Braces and blocks: placeholders with a brace too few, blocks that nothing closes, and what closes nothing.

use super::mistake::{Mistake, MistakeKind, at};

/// The most slips of a kind that are told at once.
const LISTED: usize = 50;

/// Returns the slips of a template, whether it can be parsed or not.
pub(super) fn slips(text: &str) -> Vec<Mistake> {
    let mut found = braces(text);
    found.extend(blocks(text));
    found
}

/// Finds `{ x.y }`, `{{ x }` and `{ x }}`.
fn braces(text: &str) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find('{').map(|i| from + i).filter(|_| found.len() < LISTED) {
        let rest = &text[start..];
        let opening = rest.chars().take_while(|c| *c == '{').count();
        let after = &rest[opening..];
        // `{%` and `{#` are something else, up to their end.
        if after.starts_with(['%', '#']) && opening == 1 {
            let end = if after.starts_with('%') { "%}" } else { "#}" };
            from = after[1..].find(end).map_or(start + 2, |i| start + opening + 1 + i + end.len());
            continue;
        }
        let Some(end) = after.find(['}', '{', '\n']) else { break };
        let inside = &after[..end];
        let closing = after[end..].chars().take_while(|c| *c == '}').count();
        from = start + opening + end + closing.max(usize::from(after[end..].starts_with('\n')));
        let is_slip = closing > 0 && (opening, closing) != (2, 2) && opening <= 2 && closing <= 2;
        if is_slip && (opening + closing > 2 || is_placeholder(inside)) && !inside.trim().is_empty() {
            let written = text[start..start + opening + end + closing].to_owned();
            let meant = format!("{{{{ {} }}}}", inside.trim());
            found.push(at(text, start, MistakeKind::SingleBrace { written, meant }));
        }
    }
    found
}

/// Returns whether what stands in braces looks like a placeholder and not like prose: a path, or a filter.
fn is_placeholder(inside: &str) -> bool {
    let path = inside.trim().split('|').next().unwrap_or_default().trim();
    let is_name =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (path.contains('.') || inside.contains('|')) && path.split('.').all(is_name)
}

/// The words of blocks.
const WORDS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor", "with", "endwith"];

/// What other languages have for `elif`.
const ELSE_IF: &str = "else if";

/// The other words that may stand behind `{%`.
const OTHER: &[&str] =
    &["", "set", "endset", "filter", "endfilter", "autoescape", "endautoescape", "do", "raw", "endraw"];

/// Finds blocks that nothing closes, and words that close or go on with what is not open; or words that begin nothing,
/// as they may stand for those.
fn blocks(text: &str) -> Vec<Mistake> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut found = Vec::new();
    let not_closed = |(block, start): (&str, usize)| {
        at(text, start, MistakeKind::BlockNotClosed { block: block.to_owned() })
    };
    let unknown = |(_, begins, word): (usize, usize, &str)| {
        at(text, begins, MistakeKind::UnknownStatement { word: word.to_owned() })
    };
    let tags = tags(text);
    let is_unknown = |(_, _, word): &(usize, usize, &str)| !OTHER.contains(word) && !WORDS.contains(word);
    if tags.iter().any(is_unknown) {
        return tags.into_iter().filter(is_unknown).take(LISTED).map(unknown).collect();
    }
    for (start, _, word) in tags {
        if found.len() >= LISTED {
            break;
        }
        let block = match word {
            "if" | "for" | "with" => {
                open.push((word, start));
                continue;
            }
            "endif" | "elif" => "if",
            "endfor" => "for",
            "endwith" => "with",
            "else" if open.iter().any(|(block, _)| *block != "with") => continue,
            "else" => "if",
            _ => continue,
        };
        match open.iter().rposition(|(opened, _)| *opened == block) {
            Some(_) if word == "elif" => {}
            Some(i) => {
                found.extend(open.drain(i + 1..).take(LISTED).map(not_closed));
                open.pop();
            }
            None => found.push(at(text, start, MistakeKind::NothingOpen { word: word.to_owned(), block })),
        }
    }
    found.extend(open.into_iter().take(LISTED).map(not_closed));
    found
}

/// Returns each `{% … %}`: where it begins, and its first word with its place. Comments hold none.
fn tags(text: &str) -> Vec<(usize, usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find('{').map(|i| from + i) {
        let rest = &text[start..];
        from = start + 1;
        if let Some(comment) = rest.strip_prefix("{#") {
            from = start + 2 + comment.find("#}").unwrap_or(comment.len());
        } else if let Some(inside) = rest.strip_prefix("{%") {
            let inside = inside.trim_start_matches(['-', '+']).trim_start();
            let first = inside.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let word = if inside.starts_with(ELSE_IF) { ELSE_IF } else { first };
            found.push((start, start + rest.len() - inside.len(), word));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, usize)> {
        slips(text).into_iter().map(|m| (m.line, m.column.unwrap_or(0))).collect()
    }

    #[test]
    fn a_brace_too_few_is_found_and_prose_is_not() {
        assert_eq!(found("a { complaint.number } b"), [(1, 3)]);
        assert_eq!(found("a\n { x|date }"), [(2, 2)]);
        assert_eq!(found("{{ x } b"), [(1, 1)]);
        assert_eq!(found("{ x }} b {{ y }}"), [(1, 1)]);
        assert_eq!(found("{{ x }} {% if y %}{z}{% endif %} {# { a.b } #} {a, b} { } { een opmerking }"), []);
    }

    #[test]
    fn a_block_that_is_not_closed_is_found_where_it_begins() {
        assert_eq!(found("a\n{% if x %}\n{% for y in z %}{% endfor %}"), [(2, 1)]);
        assert_eq!(found("{% if x %}{% else %}{% endif %}{%- for y in z -%}{%- endfor %}"), []);
        assert_eq!(found("{% for y in z %}{% if a %}{% endfor %}"), [(1, 17)]);
        assert_eq!(found("{% if a %}{% elif b %}{% else %}{% endif %} {# {% if c %} #}"), []);
    }

    #[test]
    fn a_word_that_begins_nothing_is_told_before_what_it_may_close() {
        assert_eq!(found("{% als x %}a{% endif %}"), [(1, 4)]);
        assert_eq!(found("{% if x %}a{% else if y %}b{% endif %}"), [(1, 15)]);
        assert_eq!(found("{% if x %}a{%- einde %}"), [(1, 16)]);
        assert_eq!(found("{% if x %}a{% elseif y %}b{% endif %}{% include \"a\" %}"), [(1, 15), (1, 41)]);
    }

    #[test]
    fn what_closes_nothing_is_found() {
        assert_eq!(found("a {% endif %}"), [(1, 3)]);
        assert_eq!(found("{% if a %}b{% endif %}{% else %}{% endfor %}"), [(1, 23), (1, 33)]);
    }
}
