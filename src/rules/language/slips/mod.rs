//! Slips of the pen: what people who are no programmers write where the language has something else. Each
//! file knows one of them: the text in, the slip, its place and its remedy out.
//!
//! They explain a statement that does not parse, or that can never be meant; of others they are not asked.

mod address;
mod and_or_not;
mod bare_call;
mod bare_then;
mod brackets;
mod characters;
mod clause_word;
mod comma;
mod comparison_for_value;
mod dates;
mod decimal_comma;
mod else_if;
mod entities;
mod foreign_comment;
mod head;
pub(in crate::rules) mod keyword;
mod map;
pub(in crate::rules) mod meant;
mod missing_clause;
mod one_equals;
mod operand;
mod operators;
mod outside;
mod percent;
mod quotes;
mod reserved_value;
mod semicolon;
mod slip;
mod statement_word;
mod times;
mod unclosed_comment;
mod unclosed_text;
mod units;
mod written;

pub(in crate::rules) use semicolon::{
    missing as missing_semicolon, of_constant as constant_without_semicolon,
};
pub(in crate::rules) use slip::Slip;

use super::tokens::Tokens;
use written::Written;

/// Finds slips of one kind in a statement.
type Detector = fn(&Written, &mut Vec<Slip>);

/// The detectors, by rounds: what one round has put right, the next no longer stumbles over.
const ROUNDS: &[&[Detector]] = &[
    &[characters::find, quotes::find, foreign_comment::find, entities::find],
    &[unclosed_text::find],
    &[statement_word::find],
    &[outside::find, clause_word::find, head::find],
    &[missing_clause::find, bare_then::find],
    &[map::find],
    &[brackets::find],
    &[and_or_not::find, dates::find, times::find, address::find],
    &[
        one_equals::find,
        operators::find,
        percent::find,
        units::find,
        decimal_comma::find,
        else_if::find,
        reserved_value::find,
        comparison_for_value::find,
    ],
    &[operand::find],
    &[comma::find, bare_call::find, semicolon::find],
];

/// The detectors of what can never be meant, whether it parses or not.
const NEVER_MEANT: &[Detector] =
    &[unclosed_comment::find, dates::find, comparison_for_value::find, decimal_comma::find_in_spans];

/// Finds the slips of the first round, from one on, that has any in a statement that does not parse.
pub(in crate::rules) fn find(text: &str, from: usize) -> Option<(usize, Vec<Slip>)> {
    let tokens = Tokens::of(text);
    let written = Written::of(&tokens);
    let rounds = ROUNDS.iter().enumerate().skip(from);
    rounds.map(|(round, detectors)| (round, asked(&written, detectors))).find(|(_, found)| !found.is_empty())
}

/// Finds what can never be meant in a statement that may well parse.
pub(in crate::rules) fn never_meant(text: &str) -> Vec<Slip> {
    let tokens = Tokens::of(text);
    asked(&Written::of(&tokens), NEVER_MEANT)
}

/// Returns whether a text begins as a statement does.
pub(in crate::rules) fn is_statement(text: &str) -> bool {
    let tokens = Tokens::of(text);
    keyword::is_statement(Written::of(&tokens).statement())
}

fn asked(written: &Written, detectors: &[Detector]) -> Vec<Slip> {
    let mut found = Vec::new();
    for detector in detectors {
        detector(written, &mut found);
    }
    found
}
