//! The errors of the TOML reader in words for people.

use crate::complaint::Text;

/// The beginnings of its errors, and what they mean; the name in them takes the place of `{}`. Where the error says
/// enough in English, it is told as it is.
const KNOWN: &[(&str, &str, Option<&str>)] = &[
    ("unknown field", "`{}` is hier onbekend", None),
    ("unknown variant", "`{}` is hier geen mogelijkheid", None),
    ("missing field", "hier ontbreekt `{}`", None),
    ("duplicate field", "`{}` staat er twee keer", None),
    ("duplicate key", "deze naam staat er twee keer", Some("this name stands there twice")),
    ("invalid type", "hier hoort een waarde van een andere soort te staan", None),
    ("invalid value", "deze waarde kan hier niet staan", None),
    ("invalid string", "deze tekst is niet te lezen; ontbreekt er een aanhalingsteken?", None),
    ("invalid basic string", "deze tekst is niet te lezen; ontbreekt er een aanhalingsteken?", None),
    ("invalid table header", "deze kop is niet te lezen; hij staat tussen vierkante haken", None),
];

/// Says in both languages what `message` says in English.
pub(super) fn worded(message: &str) -> Text {
    let first = message.lines().next().unwrap_or_default();
    let name = first.split('`').nth(1).unwrap_or_default();
    let known = KNOWN.iter().find(|(begins, ..)| first.starts_with(begins));
    let nl = match known {
        Some((_, words, _)) => words.replace("{}", name),
        None => "dit is hier niet te lezen: een teken ontbreekt of staat er te veel".to_owned(),
    };
    let options: Vec<&str> = first.split('`').skip(3).step_by(2).collect();
    let lists = first.contains("expected") && !options.is_empty() && !first.starts_with("invalid");
    let nl = if lists { format!("{nl}; wel: {}", options.join(", ")) } else { nl };
    let en = known.and_then(|(.., en)| *en).unwrap_or(first);
    Text::new(nl, en)
}
