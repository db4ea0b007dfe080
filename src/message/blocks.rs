//! Braces and blocks: placeholders with a brace too few, and blocks that nothing closes.

use super::mistake::{Mistake, MistakeKind, at};

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
    while let Some(start) = text[from..].find('{').map(|i| from + i) {
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

/// Finds `{% if %}` and `{% for %}` that nothing closes.
fn blocks(text: &str) -> Vec<Mistake> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (start, _) in text.match_indices("{%") {
        let inside = text[start + 2..].trim_start_matches(['-', '+']).trim_start();
        let word = inside.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        match word {
            "if" | "for" => open.push((word, start)),
            "endif" | "endfor" => {
                let opened = word.trim_start_matches("end");
                if let Some(i) = open.iter().rposition(|(block, _)| *block == opened) {
                    open.truncate(i);
                }
            }
            _ => {}
        }
    }
    let unclosed = open.into_iter();
    unclosed
        .map(|(block, start)| at(text, start, MistakeKind::NotClosed { block: block.to_owned() }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, usize)> {
        slips(text).into_iter().map(|m| (m.line, m.column)).collect()
    }

    #[test]
    fn a_brace_too_few_is_found_and_prose_is_not() {
        assert_eq!(found("a { complaint.number } b"), [(1, 3)]);
        assert_eq!(found("a\n { x|date }"), [(2, 2)]);
        assert_eq!(found("{{ x } b"), [(1, 1)]);
        assert_eq!(found("{ x }} b {{ y }}"), [(1, 1)]);
        assert_eq!(
            found("{{ x }} {% if y %}{z}{% endif %} {# { a.b } #} {a, b} { } { een opmerking }"),
            [(1, 37)]
        );
    }

    #[test]
    fn a_block_that_is_not_closed_is_found_where_it_begins() {
        assert_eq!(found("a\n{% if x %}\n{% for y in z %}{% endfor %}"), [(2, 1)]);
        assert_eq!(found("{% if x %}{% else %}{% endif %}{%- for y in z -%}{%- endfor %}"), []);
        assert_eq!(found("{% for y in z %}{% if a %}{% endfor %}"), []);
    }
}
