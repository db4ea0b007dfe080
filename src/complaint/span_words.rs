//! Spans in words, "6 weken" or "6 weeks", of the one form in which spans are kept and shown to scripts (`calendar::Span`).

use super::{Language, Text, Words};

/// Units as spans have them: what one is called, and what many are.
const UNITS: [(&str, Words, Words); 6] = [
    ("hours", Words::new("uur", "hour"), Words::new("uur", "hours")),
    ("days", Words::new("dag", "day"), Words::new("dagen", "days")),
    ("working days", Words::new("werkdag", "working day"), Words::new("werkdagen", "working days")),
    ("weeks", Words::new("week", "week"), Words::new("weken", "weeks")),
    ("months", Words::new("maand", "month"), Words::new("maanden", "months")),
    ("years", Words::new("jaar", "year"), Words::new("jaar", "years")),
];

/// Returns what so many of a unit are called; none where it is no unit of spans.
pub fn unit_in_words(unit: &str, count: i64) -> Option<Words> {
    let (_, one, many) = UNITS.iter().find(|(known, ..)| *known == unit)?;
    Some(if count == 1 { *one } else { *many })
}

/// Returns a span, "2 weeks" or "5 working days", in a language; none for another text.
pub fn span_in_words(span: &str, language: Language) -> Option<String> {
    let (count, unit) = span.split_once(' ')?;
    let words = unit_in_words(unit, count.parse().ok()?)?;
    Some(format!("{count} {}", words.in_language(language)))
}

/// Returns what a script wrote with spans in it, with these in the language of each who may read it.
pub fn spans_in_words(text: &str) -> Text {
    let mut said = Text::same("");
    let mut rest = text;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let is_within = before.is_some_and(|b: char| b.is_alphanumeric() || matches!(b, '.' | ','));
        let length = match (c.is_ascii_digit() && !is_within).then(|| span_at_start(rest)).flatten() {
            Some(length) => {
                let in_words = |language| span_in_words(&rest[..length], language).unwrap_or_default();
                said.nl.push_str(&in_words(Language::Dutch));
                said.en.push_str(&in_words(Language::English));
                length
            }
            None => {
                said.nl.push(c);
                said.en.push(c);
                c.len_utf8()
            }
        };
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    said
}

/// Returns the length of the span with which a text begins; none where it begins otherwise.
fn span_at_start(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let behind = text[digits..].strip_prefix(' ')?;
    let is_whole = |unit: &str| {
        let after = behind.strip_prefix(unit)?.chars().next();
        after.is_none_or(|c| !c.is_alphanumeric()).then_some(digits + 1 + unit.len())
    };
    let length = UNITS.iter().find_map(|(unit, ..)| is_whole(unit))?;
    span_in_words(&text[..length], Language::Dutch).map(|_| length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_both_languages() {
        for (span, nl, en) in [
            ("6 weeks", "6 weken", "6 weeks"),
            ("1 months", "1 maand", "1 month"),
            ("1 working days", "1 werkdag", "1 working day"),
            ("36 hours", "36 uur", "36 hours"),
            ("-3 days", "-3 dagen", "-3 days"),
            ("1 years", "1 jaar", "1 year"),
        ] {
            assert_eq!(span_in_words(span, Language::Dutch).as_deref(), Some(nl));
            assert_eq!(span_in_words(span, Language::English).as_deref(), Some(en));
        }
        for other in ["", "soon", "6", "x weeks", "6  weeks", "6 weeks later", "6 Weeks"] {
            assert_eq!(span_in_words(other, Language::Dutch), None, "{other}");
        }
    }

    #[test]
    fn spans_within_a_sentence_are_found_and_nothing_else() {
        for (text, nl, en) in [
            ("Tussen 6 weeks en 3 months.", "Tussen 6 weken en 3 maanden.", "Tussen 6 weeks en 3 months."),
            ("1 months", "1 maand", "1 month"),
            ("na 5 working days, of 1 days", "na 5 werkdagen, of 1 dag", "na 5 working days, of 1 day"),
            ("-2 years", "-2 jaar", "-2 years"),
        ] {
            assert_eq!(spans_in_words(text), Text::new(nl, en));
        }
        let digits = "9".repeat(40);
        for other in [
            "",
            "zaal 3 monthslang",
            "A6 weeks",
            "1.5 hours",
            "é6",
            "12",
            "3 maanden",
            &format!("{digits} days"),
        ] {
            assert_eq!(spans_in_words(other), Text::same(other));
        }
    }
}
