//! The interpreter's errors and the names of its types, in words for people who are no programmers.

use crate::rules::diagnostics::{Text, Words};
use rhai::EvalAltResult;

/// Returns what a value of one of the interpreter's types is called.
pub(in crate::rules) fn kind(type_name: &str) -> Words {
    match type_name.rsplit("::").next().unwrap_or(type_name) {
        "()" => Words::new("niets", "nothing"),
        "bool" => Words::new("true of false", "true or false"),
        "i64" | "f64" => Words::new("een getal", "a number"),
        "string" | "char" => Words::new("een tekst", "a text"),
        // So a text is named in the signature of a function that is not there.
        text if text.contains("ImmutableString") => Words::new("een tekst", "a text"),
        "array" => Words::new("een lijst", "a list"),
        "map" => Words::new("een verzameling #{ … }", "a map"),
        "now" => Words::new("now", "now"),
        "today" => Words::new("today", "today"),
        "moment" => Words::new("een tijdstip", "a moment"),
        "date" => Words::new("een datum", "a date"),
        "span" => Words::new("een duur", "a span"),
        "complaint" => Words::new("een klacht", "a complaint"),
        "element" => Words::new("een maatregel of klacht", "a measure or complaint"),
        "question" => Words::new("een vraag", "a question"),
        "flags" => Words::new("de markeringen", "the flags"),
        "counters" => Words::new("de tellers", "the counters"),
        "extra" => Words::new("de eigen velden", "the own fields"),
        _ => Words::new("een waarde", "a value"),
    }
}

/// Says what went wrong while a script ran.
pub(in crate::rules) fn worded(error: &EvalAltResult) -> Text {
    use EvalAltResult as E;
    match error {
        E::ErrorRuntime(value, _) => {
            value.clone().try_cast::<Text>().unwrap_or_else(|| Text::same(value.to_string()))
        }
        E::ErrorFunctionNotFound(signature, _) => not_found(signature),
        E::ErrorVariableNotFound(name, _) => {
            Text::new(format!("de naam `{name}` is onbekend"), format!("unknown name `{name}`"))
        }
        E::ErrorPropertyNotFound(name, _) | E::ErrorDotExpr(name, _) => {
            // The interpreter may put a sentence around the name.
            let name = name.split('\'').nth(1).unwrap_or(name);
            Text::new(format!("het gegeven `{name}` bestaat niet"), format!("there is no field `{name}`"))
        }
        E::ErrorMismatchDataType(_, given, _) | E::ErrorMismatchOutputType(_, given, _) => {
            let given = kind(given);
            Text::new(format!("{} kan hier niet staan", given.nl), format!("{} cannot stand here", given.en))
        }
        E::ErrorIndexNotFound(..) | E::ErrorArrayBounds(..) | E::ErrorStringBounds(..) => Text::new(
            "dit onderdeel is er niet: de lijst of tekst is korter",
            "there is no such element: the list or text is shorter",
        ),
        E::ErrorIndexingType(..) => {
            Text::new("vierkante haken gaan alleen bij een lijst", "square brackets go with a list only")
        }
        E::ErrorFor(_) => Text::new("`for` gaat alleen over een lijst", "`for` goes over a list only"),
        E::ErrorArithmetic(..) => Text::new(
            "deze berekening heeft geen uitkomst: er wordt door nul gedeeld, of het getal is te groot",
            "this calculation has no result: it divides by zero, or the number is too large",
        ),
        E::ErrorAssignmentToConstant(name, _) => Text::new(
            format!("de vaste waarde `{name}` kan niet worden veranderd"),
            format!("the constant `{name}` cannot be changed"),
        ),
        E::ErrorDataTooLarge(..) => {
            Text::new("een tekst of lijst wordt te groot", "a text or list grows too large")
        }
        E::ErrorStackOverflow(_) => {
            Text::new("functies roepen elkaar te diep aan", "functions call one another too deeply")
        }
        E::ErrorTooManyVariables(_) => {
            Text::new("er zijn te veel variabelen", "there are too many variables")
        }
        E::ErrorTooManyOperations(_) | E::ErrorTerminated(..) => {
            Text::new("dit duurt te lang", "this takes too long")
        }
        _ => Text::new("dit kan niet worden uitgevoerd", "this cannot be carried out"),
    }
}

/// Says what a signature such as `+ (i64, string)` or `get$stat (complaint)` lacks.
fn not_found(signature: &str) -> Text {
    let (name, rest) = signature.split_once(" (").unwrap_or((signature, ""));
    let types: Vec<&str> = rest.trim_end_matches(')').split(", ").filter(|t| !t.is_empty()).collect();
    let listed = |word: fn(Words) -> &'static str, and: &str| {
        let words: Vec<&str> = types.iter().map(|t| word(kind(t))).collect();
        words.join(and)
    };
    let (nl, en) = (listed(|w| w.nl, " en "), listed(|w| w.en, " and "));
    if let Some(field) = name.strip_prefix("get$").or_else(|| name.strip_prefix("set$")) {
        return Text::new(
            format!("het gegeven `{field}` bestaat niet"),
            format!("there is no field `{field}`"),
        );
    }
    let is_sign = name.chars().all(|c| !c.is_alphanumeric());
    match (is_sign, types.is_empty()) {
        (_, true) => {
            Text::new(format!("het woord `{name}` bestaat niet"), format!("unknown function `{name}`"))
        }
        (true, false) => {
            Text::new(format!("`{name}` gaat niet met {nl}"), format!("`{name}` does not go with {en}"))
        }
        (false, false) => {
            Text::new(format!("`{name}` kan niets met {nl}"), format!("`{name}` cannot be used with {en}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(script: &str) -> Text {
        worded(&rhai::Engine::new().eval::<rhai::Dynamic>(script).expect_err("it fails"))
    }

    #[test]
    fn no_word_of_the_interpreter_reaches_people() {
        for (script, nl) in [
            ("1 + #{}", "`+` gaat niet met een getal en een verzameling #{ … }"),
            ("nope(1, \"x\")", "`nope` kan niets met een getal en een tekst"),
            ("nope()", "het woord `nope` bestaat niet"),
            ("let x = 1; x.stat", "het gegeven `stat` bestaat niet"),
            ("stat", "de naam `stat` is onbekend"),
            ("[1][3]", "dit onderdeel is er niet: de lijst of tekst is korter"),
            (
                "let x = 0; 1 / x",
                "deze berekening heeft geen uitkomst: er wordt door nul gedeeld, of het getal is te groot",
            ),
            ("let x = 1; if x { 2 }", "een getal kan hier niet staan"),
            ("let n = 5; for x in n { }", "`for` gaat alleen over een lijst"),
            ("throw \"eigen woorden\"", "eigen woorden"),
        ] {
            let found = fails(script);
            assert_eq!(found.nl, nl, "{script}");
            for word in ["i64", "f64", "string", "()", "Function", "Division"] {
                assert!(!found.en.contains(word), "{script}: {}", found.en);
            }
        }
    }
}
