//! `Ask`: the questions of an action, and typed values from what was typed in.

use super::context::{Failure, fail};
use super::kind::Items;
use super::kind::Kind::{Any, List, Question, Text};
use super::values::{from_json, to_json};
use super::word::{Form, Place, Word, example, form, help, takes};
use crate::calendar::{Calendar, Date};
use crate::complaint;
use rhai::{Array, Dynamic, Engine, Map};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

const ONE: &[Form] = &[form(&[takes("label", Text)], Question)];

/// A question that has a label and nothing else.
macro_rules! question {
    ($name:literal, $kind:expr, $nl:literal, $en:literal, $example:literal) => {
        Word {
            name: $name,
            forms: ONE,
            help: help($nl, $en),
            example: example(Place::Asks, $example),
            register: |engine, name| {
                engine.register_fn(name, |label: &str| AskBuilder::new(label, $kind));
            },
            ..Word::ASKS
        }
    };
}

pub(super) const WORDS: &[Word] = &[
    question!("text", AskKind::Text, "een regel tekst", "a line of text", "text(\"Waarom?\")"),
    question!(
        "long_text",
        AskKind::LongText,
        "een langere tekst",
        "a longer text",
        "long_text(\"Motivering\")"
    ),
    question!("date", AskKind::Date, "een dag", "a day", "date(\"Voor wanneer?\")"),
    question!(
        "number",
        AskKind::Number,
        "een geheel getal",
        "a whole number",
        "number(\"Hoeveel minuten?\")"
    ),
    Word {
        name: "choice",
        forms: &[form(&[takes("label", Text), takes("options", List(Items::Texts))], Question)],
        help: help("een uit een lijst", "one of a list"),
        example: example(Place::Asks, "choice(\"Oordeel\", [\"{verdict}\"])"),
        register: |engine, name| {
            engine.register_fn(name, choice);
        },
        ..Word::ASKS
    },
    question!("person", AskKind::Person, "iemands adres", "somebody's address", "person(\"Wie?\")"),
    question!("yes_no", AskKind::YesNo, "ja of nee", "yes or no", "yes_no(\"Klopt dat?\")"),
    question!("file", AskKind::File, "een bestand", "a file", "file(\"Bijlage\").optional()"),
    Word {
        name: "preset",
        forms: &[form(&[takes("question", Question), takes("value", Any)], Question)],
        help: help("wat er al staat", "what stands there already"),
        example: example(Place::Asks, "date(\"Voor wanneer?\").preset(today + days(14))"),
        register: |engine, name| {
            engine.register_fn(name, |ask: &mut AskBuilder, value: Dynamic| AskBuilder {
                preset: Some(value),
                ..ask.clone()
            });
        },
        ..Word::ASKS
    },
    Word {
        name: "optional",
        forms: &[form(&[takes("question", Question)], Question)],
        help: help("mag leeg blijven; het is dan `()`", "may be left empty; it is `()` then"),
        example: example(Place::Asks, "text(\"Opmerking\").optional()"),
        register: |engine, name| {
            engine.register_fn(name, |ask: &mut AskBuilder| AskBuilder { required: false, ..ask.clone() });
        },
        ..Word::ASKS
    },
    Word {
        name: "help",
        forms: &[form(&[takes("question", Question), takes("text", Text)], Question)],
        help: help("een regel uitleg", "a line of explanation"),
        example: example(Place::Asks, "text(\"Kenmerk\").help(\"Staat op de factuur\")"),
        register: |engine, name| {
            engine.register_fn(name, |ask: &mut AskBuilder, text: &str| AskBuilder {
                help: Some(text.to_owned()),
                ..ask.clone()
            });
        },
        ..Word::ASKS
    },
];

fn choice(label: &str, options: Array) -> Result<AskBuilder, Failure> {
    let options: Vec<String> = options.into_iter().filter_map(|o| o.into_string().ok()).collect();
    if options.is_empty() {
        return Err(fail("een keuze heeft mogelijkheden nodig", "a choice needs options"));
    }
    Ok(AskBuilder::new(label, AskKind::Choice(options)))
}

/// Registers the type of questions.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<AskBuilder>("question");
}

/// Texts longer than this are refused, with the limit named.
const TEXT_CHARACTERS: usize = 20_000;

/// The type of a question's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    /// One line, at most 20,000 characters.
    Text,
    /// Several lines, at most 20,000 characters together.
    LongText,
    /// A day, as `YYYY-MM-DD`.
    Date,
    /// One of these texts.
    Choice(Vec<String>),
    /// The address of a person.
    Person,
    /// Yes or no: `yes`, `ja`, `true`, `no`, `nee` or `false` in any case of letters.
    YesNo,
    /// A whole number.
    Number,
    /// The name of a file.
    File,
}

/// One question of an action.
#[derive(Clone, Debug, Serialize)]
pub struct Ask {
    /// The name by which the answer is given: `input.<name>`.
    pub name: String,
    /// The question as people read it.
    pub label: String,
    /// The type of the answer.
    pub kind: AskKind,
    /// True when it must be answered: it is not optional and has no default.
    pub required: bool,
    /// The answer when none is given, as JSON: dates as `YYYY-MM-DD`, moments as RFC 3339. None without one.
    pub default: Option<Value>,
    /// A line of explanation; none without one.
    pub help: Option<String>,
    /// True when an answer may be empty: where there is a default, that is another thing than not being asked.
    #[serde(skip)]
    pub may_be_empty: bool,
}

impl Ask {
    /// Returns what is wrong with an answer as it was typed, as the action itself would say it; none when nothing is.
    pub fn mistake(&self, answer: &str) -> Option<complaint::Text> {
        let (label, kind, required) = (self.label.clone(), self.kind.clone(), !self.may_be_empty);
        let ask = AskBuilder { label, kind, required, preset: None, help: None };
        typed(&ask, &Value::from(answer)).err()
    }
}

#[derive(Clone, Debug)]
pub(in crate::rules) struct AskBuilder {
    pub label: String,
    pub kind: AskKind,
    pub required: bool,
    pub preset: Option<Dynamic>,
    pub help: Option<String>,
}

impl AskBuilder {
    pub fn new(label: &str, kind: AskKind) -> Self {
        Self { label: label.to_owned(), kind, required: true, preset: None, help: None }
    }
}

/// Returns the questions of an `asks` map, and the `input` that `given` makes, or in words what is wrong with
/// an answer.
pub(in crate::rules) fn typed_inputs(
    calendar: &Calendar,
    asks: &Map,
    given: &BTreeMap<String, Value>,
) -> Result<(Vec<Ask>, Result<Map, complaint::Text>), Failure> {
    let mut questions = Vec::new();
    let mut input = Ok(Map::new());
    for (name, ask) in asks {
        let Some(ask) = ask.clone().try_cast::<AskBuilder>() else {
            return Err(fail(
                format!("`{name}` vraagt niets; beschrijf het met text(…), date(…), choice(…)"),
                format!("`{name}` asks nothing; describe it with text(…), date(…), choice(…)"),
            ));
        };
        let answer = match given.get(name.as_str()) {
            Some(value) => typed(&ask, value),
            None => match &ask.preset {
                Some(preset) => Ok(preset.clone()),
                None if ask.required => Err(complaint::Text::new("is nodig", "is needed")),
                None => Ok(Dynamic::UNIT),
            },
        };
        match (answer, &mut input) {
            (Ok(value), Ok(map)) => {
                map.insert(name.clone(), value);
            }
            (Err(why), Ok(_)) => input = Err(why.map(|why| format!("`{name}` ({}) {why}", ask.label))),
            (_, Err(_)) => {}
        }
        let default = ask.preset.as_ref().map(|p| to_json(calendar, p)).transpose()?;
        let AskBuilder { label, kind, required: is_needed, help, .. } = ask;
        questions.push(Ask {
            name: name.to_string(),
            label,
            kind,
            required: is_needed && default.is_none(),
            default,
            help,
            may_be_empty: !is_needed,
        });
    }
    if let Some(name) = given.keys().find(|n| !asks.contains_key(n.as_str())) {
        let known: Vec<&str> = asks.keys().map(|k| k.as_str()).collect();
        let known = match known.is_empty() {
            true => complaint::Text::new("niets", "nothing"),
            false => complaint::Text::same(known.join(", ")),
        };
        input = Err(complaint::Text::new(
            format!("`{name}` wordt niet gevraagd; deze actie vraagt {}", known.nl),
            format!("`{name}` is not asked; this action asks {}", known.en),
        ));
    }
    Ok((questions, input))
}

fn typed(ask: &AskBuilder, value: &Value) -> Result<Dynamic, complaint::Text> {
    if !matches!(ask.kind, AskKind::YesNo) && value.is_boolean() || value.is_object() || value.is_array() {
        return Err(complaint::Text::new("is van de verkeerde soort", "has the wrong type"));
    }
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    if text.is_empty() {
        return if ask.required {
            Err(complaint::Text::new("is nodig", "is needed"))
        } else {
            Ok(Dynamic::UNIT)
        };
    }
    let no = |nl: &str, en: &str| {
        complaint::Text::new(format!("is {nl}, niet `{text}`"), format!("is {en}, not `{text}`"))
    };
    match &ask.kind {
        AskKind::Text | AskKind::LongText | AskKind::File => {
            let fits = text.chars().count() <= TEXT_CHARACTERS;
            fits.then(|| from_json(&Value::String(text))).ok_or_else(|| {
                complaint::Text::new(
                    format!("is langer dan {TEXT_CHARACTERS} tekens"),
                    format!("is longer than {TEXT_CHARACTERS} characters"),
                )
            })
        }
        AskKind::Date => text
            .parse::<Date>()
            .map(Dynamic::from)
            .map_err(|_| no("een datum als 2026-12-31", "a date as 2026-12-31")),
        AskKind::Choice(options) if options.contains(&text) => Ok(text.into()),
        AskKind::Choice(options) => {
            let options = options.join(", ");
            Err(no(&format!("een van {options}"), &format!("one of {options}")))
        }
        AskKind::Person if text.contains('@') => Ok(text.to_lowercase().into()),
        AskKind::Person => Err(no("het adres van iemand", "somebody's address")),
        AskKind::Number => {
            text.parse::<i64>().map(Dynamic::from).map_err(|_| no("een heel getal", "a whole number"))
        }
        AskKind::YesNo => match text.to_lowercase().as_str() {
            "yes" | "ja" | "true" => Ok(true.into()),
            "no" | "nee" | "false" => Ok(false.into()),
            _ => Err(no("ja of nee", "yes or no")),
        },
    }
}
