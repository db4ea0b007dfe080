//! `TermLimit`: how far a value may go, as `procedure.toml` declares it and other terms have it.

use super::mistake::TermMistake;
use crate::complaint::Text;
use crate::rules::procedure::amount::Amount;

/// The least or the most that a term may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermLimit {
    /// The amount.
    pub amount: Amount,
    /// The term whose value it is; none where the amount itself is declared.
    pub term: Option<String>,
}

impl TermLimit {
    /// Returns the amount in words.
    pub fn words(&self) -> Text {
        self.amount.words()
    }
}

/// Says that a value is less than the least. `called` is what people read for the term whose value the bound is.
pub(super) fn too_little(least: Amount, called: Option<&Text>) -> TermMistake {
    let (words, of) = (least.words(), of(called));
    match least {
        Amount::Time(_) => TermMistake::new(
            format!("Kies een tijd vanaf {}{}.", words.nl, of.nl),
            format!("Choose a time from {}{} on.", words.en, of.en),
        ),
        _ => TermMistake::new(
            format!("Het moet altijd ten minste {} zijn{}.", words.nl, of.nl),
            format!("It must always be at least {}{}.", words.en, of.en),
        ),
    }
}

/// Says that a value is more than the most.
pub(super) fn too_much(most: Amount, called: Option<&Text>) -> TermMistake {
    let (words, of) = (most.words(), of(called));
    match most {
        Amount::Time(_) => TermMistake::new(
            format!("Kies een tijd tot en met {}{}.", words.nl, of.nl),
            format!("Choose a time until {}{}.", words.en, of.en),
        ),
        _ => TermMistake::new(
            format!("Het mag nooit meer dan {} zijn{}.", words.nl, of.nl),
            format!("It may never be more than {}{}.", words.en, of.en),
        ),
    }
}

fn of(called: Option<&Text>) -> Text {
    called.map_or_else(
        || Text::same(""),
        |called| Text::new(format!(" (“{}”)", called.nl), format!(" (“{}”)", called.en)),
    )
}
