//! `TermValue`: the value of a term, and how it is written in a script and in words.

use super::mistake::TermMistake;
use crate::complaint::{Language, Text};
use crate::rules::procedure::amount::{Amount, Unit, time_of_day};

/// The most characters of a text.
const TEXT_CHARACTERS: usize = 1_000;
/// The most characters of one text of a list.
const ITEM_CHARACTERS: usize = 200;
/// The most texts of a list.
const ITEMS: usize = 200;

/// The kind of a term, which a change of its value keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermKind {
    /// A number and a unit.
    Span,
    /// Yes or no.
    YesNo,
    /// A whole number.
    Number,
    /// One line of text, which may be empty.
    Text,
    /// Texts, of one line each.
    Texts,
    /// A time of day.
    Time,
    /// The email address of a person.
    Address,
    /// Something that is reckoned: it changes in the file only.
    Expression,
}

impl TermKind {
    /// Returns the name that data has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Span => "span",
            Self::YesNo => "yes_no",
            Self::Number => "number",
            Self::Text => "text",
            Self::Texts => "texts",
            Self::Time => "time",
            Self::Address => "address",
            Self::Expression => "expression",
        }
    }
}

/// The value of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermValue {
    /// So many of a unit.
    Span {
        /// How many.
        count: i64,
        /// Of what.
        unit: Unit,
    },
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// Texts.
    Texts(Vec<String>),
    /// A time of day, as `09:00`.
    Time(String),
    /// An email address.
    Address(String),
    /// What stands in the file, where it is none of these.
    Expression(String),
}

impl TermValue {
    /// Returns its kind.
    pub fn kind(&self) -> TermKind {
        match self {
            Self::Span { .. } => TermKind::Span,
            Self::YesNo(_) => TermKind::YesNo,
            Self::Number(_) => TermKind::Number,
            Self::Text(_) => TermKind::Text,
            Self::Texts(_) => TermKind::Texts,
            Self::Time(_) => TermKind::Time,
            Self::Address(_) => TermKind::Address,
            Self::Expression(_) => TermKind::Expression,
        }
    }

    /// Returns what can be more or less; none for texts and choices.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Self::Span { count, unit } => Some(Amount::Span { count: *count, unit: *unit }),
            Self::Number(n) => Some(Amount::Number(*n)),
            Self::Time(time) => time_of_day(time).map(Amount::Time),
            _ => None,
        }
    }

    /// Returns it in words: `6 weken`, `ja`, the texts of a list one after the other.
    pub fn words(&self) -> Text {
        match self {
            Self::YesNo(true) => Text::new("ja", "yes"),
            Self::YesNo(false) => Text::new("nee", "no"),
            Self::Texts(items) => Text::same(items.join(", ")),
            Self::Text(text) | Self::Time(text) | Self::Address(text) | Self::Expression(text) => {
                Text::same(text.clone())
            }
            Self::Span { .. } | Self::Number(_) => {
                self.amount().map_or_else(|| Text::same(""), Amount::words)
            }
        }
    }

    /// Returns it in the words of a language.
    pub fn in_language(&self, language: Language) -> String {
        self.words().in_language(language).to_owned()
    }

    /// Returns it as a script has it: `weeks(6)`, `true`, `"een tekst"`.
    ///
    /// # Errors
    /// What no script can or should hold: a text over lines, with control characters or too long, or a span of over a century.
    pub fn written(&self) -> Result<String, TermMistake> {
        match self {
            Self::Span { count, unit } if *count >= 0 && unit.span(*count).is_reasonable() => {
                Ok(format!("{}({count})", unit.word()))
            }
            Self::Span { count, .. } if *count < 0 => {
                Err(TermMistake::new("Vul een getal van 0 of meer in.", "Fill in a number of 0 or more."))
            }
            Self::Span { .. } => Err(TermMistake::new(
                "Dat is langer dan honderd jaar. Vul een kleiner getal in.",
                "That is longer than a hundred years. Fill in a smaller number.",
            )),
            Self::YesNo(yes) => Ok(yes.to_string()),
            Self::Number(n) => Ok(n.to_string()),
            Self::Text(text) => quoted(text, TEXT_CHARACTERS),
            Self::Time(text) if time_of_day(text).is_none() => Err(no_time()),
            Self::Address(text) if !is_address(text) => Err(no_address()),
            Self::Time(text) | Self::Address(text) => quoted(text, ITEM_CHARACTERS),
            Self::Texts(items) if items.len() > ITEMS => Err(TermMistake::new(
                format!("De lijst heeft {} regels. Het mogen er hooguit {ITEMS} zijn.", items.len()),
                format!("The list has {} lines. There may be {ITEMS} at most.", items.len()),
            )),
            Self::Texts(items) => {
                let written: Result<Vec<String>, _> = items.iter().map(|item| item_written(item)).collect();
                Ok(format!("[{}]", written?.join(", ")))
            }
            Self::Expression(_) => Err(only_in_file()),
        }
    }
}

pub(super) fn only_in_file() -> TermMistake {
    TermMistake::new(
        "Deze waarde wordt berekend. Zij kan alleen in het bestand veranderen.",
        "This value is reckoned. It can only be changed in the file.",
    )
}

pub(super) fn no_time() -> TermMistake {
    TermMistake::new("Vul een tijd in als 09:00.", "Fill in a time such as 09:00.")
}

pub(super) fn no_address() -> TermMistake {
    TermMistake::new(
        "Vul één e-mailadres in, zoals naam@voorbeeld.nl.",
        "Fill in one email address, such as name@example.com.",
    )
}

/// Returns whether a text is one email address.
pub(super) fn is_address(text: &str) -> bool {
    crate::rules::check::people::is_address(text) && text.matches('@').count() == 1
}

/// Returns one text of a list as a script has it.
pub(super) fn item_written(item: &str) -> Result<String, TermMistake> {
    quoted(item, ITEM_CHARACTERS)
}

/// Writes a text in double quotes.
fn quoted(text: &str, most: usize) -> Result<String, TermMistake> {
    let length = text.chars().count();
    if length > most {
        return Err(TermMistake::new(
            format!("Deze tekst heeft {length} tekens. Het mogen er hooguit {most} zijn."),
            format!("This text has {length} characters. There may be {most} at most."),
        ));
    }
    if text.contains(['\n', '\r']) {
        return Err(TermMistake::new("Schrijf de tekst op één regel.", "Write the text on one line."));
    }
    if text.chars().any(is_unseen) {
        return Err(TermMistake::new(
            "In de tekst staat een teken dat niemand ziet. Typ de tekst opnieuw.",
            "The text has a character that nobody sees. Type the text again.",
        ));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// Returns whether a character steers and is not seen: control characters, separators of lines, marks that turn the
/// direction of reading, private ones.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}
