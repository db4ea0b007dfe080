//! Words of Rhai itself that scripts may use: texts, numbers, lists and maps. Rhai brings what they do.

use super::kind::Items;
use super::kind::Kind;
use super::kind::Kind::{Any, List, Map, Number, Text, YesNo};
use super::word::{Example, Form, Group, Place, Word, example, form, help, takes};

const LIST: Kind = List(Items::Anything);

/// Makes a word that Rhai brings.
const fn brought(
    name: &'static str,
    forms: &'static [Form],
    words: (&'static str, &'static str),
    example: Example,
) -> Word {
    Word { name, group: Group::Values, forms, help: help(words.0, words.1), example, ..Word::LOOKS }
}

const fn look(text: &'static str) -> Example {
    example(Place::Condition, text)
}

const fn body(text: &'static str) -> Example {
    example(Place::Body, text)
}

const ASKS_TEXT: &[Form] = &[form(&[takes("text", Text), takes("part", Text)], YesNo)];
const MAKES_TEXT: &[Form] = &[form(&[takes("text", Text)], Text)];
const EACH: &[Form] = &[form(&[takes("list", LIST), takes("holds", Any)], YesNo)];
const TWO_NUMBERS: &[Form] = &[form(&[takes("a", Number), takes("b", Number)], Number)];
const ONE_LIST: &[Form] = &[form(&[takes("list", LIST)], LIST)];

pub(super) const WORDS: &[Word] = &[
    brought(
        "len",
        &[form(&[takes("value", Any)], Number)],
        ("hoe lang een tekst of lijst is", "how long a text or list is"),
        body("if \"klacht\".len() > 3 { remark(\"lang\"); }"),
    ),
    brought(
        "is_empty",
        &[form(&[takes("value", Any)], YesNo)],
        ("of een tekst of lijst leeg is", "whether a text or list is empty"),
        body("if [].is_empty() { remark(\"leeg\"); }"),
    ),
    brought(
        "contains",
        &[form(&[takes("whole", Any), takes("part", Any)], YesNo)],
        (
            "of een tekst een andere bevat, of een lijst een waarde",
            "whether a text contains another, or a list an item",
        ),
        body("if \"a@b.nl\".contains(\"@\") { remark(\"adres\"); }"),
    ),
    brought(
        "some",
        EACH,
        ("of het voor minstens een geldt", "whether something holds for at least one"),
        look("complaint.measures.some(|m| m.state == \"{measure}\")"),
    ),
    brought(
        "all",
        EACH,
        ("of het voor elk geldt", "whether it holds for each"),
        look("complaint.measures.all(|m| m.state == \"{measure}\")"),
    ),
    brought(
        "find",
        &[form(&[takes("list", LIST), takes("holds", Any)], Any)],
        ("de eerste waarvoor het geldt, of `()`", "the first for which it holds, or `()`"),
        look("complaint.measures.find(|m| m.state == \"{measure}\") == ()"),
    ),
    brought(
        "filter",
        &[form(&[takes("list", LIST), takes("holds", Any)], LIST)],
        ("die waarvoor het geldt", "those for which it holds"),
        look("complaint.measures.filter(|m| m.state == \"{measure}\").len() > 2"),
    ),
    brought(
        "map",
        &[form(&[takes("list", LIST), takes("becomes", Any)], LIST)],
        ("wat elk wordt", "what each becomes"),
        look("complaint.measures.map(|m| m.id).len() == 0"),
    ),
    brought(
        "push",
        &[form(&[takes("list", LIST), takes("item", Any)], Kind::Nothing)],
        ("voegt een waarde aan een lijst toe", "adds an item to a list"),
        body("let namen = []; namen.push(\"Jan\");"),
    ),
    brought(
        "sort",
        &[
            form(&[takes("list", LIST)], Kind::Nothing),
            form(&[takes("list", LIST), takes("order", Any)], Kind::Nothing),
        ],
        ("zet een lijst op volgorde", "puts a list in order"),
        body("let n = [3, 1, 2]; n.sort();"),
    ),
    brought(
        "reverse",
        ONE_LIST,
        ("draait een lijst om", "turns a list round"),
        body("let n = [1, 2]; n.reverse();"),
    ),
    brought(
        "keys",
        &[form(&[takes("map", Map)], List(Items::Texts))],
        ("de namen in een map", "the names in a map"),
        body("let k = #{ a: 1 }.keys();"),
    ),
    brought(
        "values",
        &[form(&[takes("map", Map)], LIST)],
        ("de waarden in een map", "the values in a map"),
        body("let v = #{ a: 1 }.values();"),
    ),
    brought(
        "range",
        &[form(&[takes("from", Number), takes("to", Number)], List(Items::Numbers))],
        (
            "getallen vanaf het eerste tot, niet met, het tweede",
            "numbers from the first up to, not including, the second",
        ),
        body("for i in range(0, 3) { remark(`${i}`); }"),
    ),
    brought("to_lower", MAKES_TEXT, ("kleine letters", "small letters"), body("let t = \"JAN\".to_lower();")),
    brought("to_upper", MAKES_TEXT, ("hoofdletters", "capitals"), body("let t = \"jan\".to_upper();")),
    brought(
        "trim",
        MAKES_TEXT,
        ("haalt spaties van beide einden", "takes spaces off both ends"),
        body("let t = \" jan \"; t.trim();"),
    ),
    brought(
        "starts_with",
        ASKS_TEXT,
        ("of een tekst zo begint", "whether a text begins so"),
        body("if \"K-2026\".starts_with(\"K-\") { remark(\"nummer\"); }"),
    ),
    brought(
        "ends_with",
        ASKS_TEXT,
        ("of een tekst zo eindigt", "whether a text ends so"),
        body("if \"a.pdf\".ends_with(\".pdf\") { remark(\"stuk\"); }"),
    ),
    brought(
        "to_string",
        &[form(&[takes("value", Any)], Text)],
        ("als tekst; datums als 31-12-2026", "as text; dates as 31-12-2026"),
        body("let t = (5).to_string();"),
    ),
    brought(
        "abs",
        &[form(&[takes("n", Number)], Number)],
        ("zonder teken", "without its sign"),
        body("let n = abs(-3);"),
    ),
    brought("min", TWO_NUMBERS, ("de kleinste", "the lesser"), body("let n = min(3, 5);")),
    brought("max", TWO_NUMBERS, ("de grootste", "the greater"), body("let n = max(3, 5);")),
];
