//! Spans in words: "6 weken", from the form in which a term keeps them ("6 weeks").

use super::texts::{counted, find, say};
use crate::complaint::Language;

/// Returns a span in the language of a reader; as it stands, where it is of a kind that is not known here.
pub(super) fn in_words(language: Language, span: &str) -> String {
    let Some((number, unit)) = span.split_once(' ') else { return span.to_owned() };
    let Ok(n) = number.parse::<i64>() else { return span.to_owned() };
    let key = match unit {
        "hours" => "hours",
        "days" => "days",
        "weeks" => "weeks",
        "working days" => "working_days",
        "months" => "whole_months",
        "years" => "years",
        _ => return span.to_owned(),
    };
    let key = counted(key, n);
    match find(language, &key) {
        Some(_) => say(language, &key, &[("n", number)]),
        None => span.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_the_language_of_the_reader() {
        for (span, nl) in [
            ("6 weeks", "6 weken"),
            ("1 months", "1 maand"),
            ("2 working days", "2 werkdagen"),
            ("36 hours", "36 uur"),
            ("whenever", "whenever"),
        ] {
            assert_eq!(in_words(Language::Dutch, span), nl);
        }
        assert_eq!(in_words(Language::English, "1 years"), "1 year");
    }
}
