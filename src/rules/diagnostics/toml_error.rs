//! The errors of the TOML reader in words for people.

use super::text::Text;

/// The beginnings of its errors, and what they mean in Dutch; the name in them takes the place of `{}`.
const KNOWN: &[(&str, &str)] = &[
    ("unknown field", "`{}` is hier onbekend"),
    ("unknown variant", "`{}` is hier geen mogelijkheid"),
    ("missing field", "hier ontbreekt `{}`"),
    ("duplicate field", "`{}` staat er twee keer"),
    ("duplicate key", "deze naam staat er twee keer"),
    ("invalid type", "hier hoort een waarde van een andere soort te staan"),
    ("invalid value", "deze waarde kan hier niet staan"),
    ("invalid string", "deze tekst is niet te lezen; ontbreekt er een aanhalingsteken?"),
    ("invalid basic string", "deze tekst is niet te lezen; ontbreekt er een aanhalingsteken?"),
    ("invalid table header", "deze kop is niet te lezen; hij staat tussen vierkante haken"),
];

/// Says in both languages what `message` says in English.
pub(super) fn worded(message: &str) -> Text {
    let first = message.lines().next().unwrap_or_default();
    let name = first.split('`').nth(1).unwrap_or_default();
    let known = KNOWN.iter().find(|(begins, _)| first.starts_with(begins));
    let nl = match known {
        Some((_, words)) => words.replace("{}", name),
        None => "dit is hier niet te lezen: een teken ontbreekt of staat er te veel".to_owned(),
    };
    let options: Vec<&str> = first.split('`').skip(3).step_by(2).collect();
    let lists = first.contains("expected") && !options.is_empty() && !first.starts_with("invalid");
    let nl = if lists { format!("{nl}; wel: {}", options.join(", ")) } else { nl };
    Text::new(nl, first)
}
