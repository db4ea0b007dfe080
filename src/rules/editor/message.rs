//! What a message template fills in: the paths between its braces, and where the cursor is among them.

use super::symbol::{Mention, Symbol};
use crate::rules::check::compared::compared;
use crate::rules::language::braces::{braces, is_part};
use crate::rules::words::fields;
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::Help;
use std::ops::Range;

/// Something that messages may fill in and that no field of a complaint is.
pub(super) struct Placeholder {
    pub name: &'static str,
    pub help: Help,
}

const fn placeholder(name: &'static str, nl: &'static str, en: &'static str) -> Placeholder {
    Placeholder { name, help: Help { nl, en } }
}

/// What a placeholder begins with.
pub(super) const ROOTS: &[Placeholder] = &[
    placeholder("complaint", "de klacht: `complaint.VELD`", "the complaint: `complaint.FIELD`"),
    placeholder("deadline", "een termijn: `deadline.NAAM.due`", "a term: `deadline.NAME.due`"),
    placeholder(
        "terms",
        "wat in `00_terms.rhai` staat: `terms.NAAM`",
        "what stands in `00_terms.rhai`: `terms.NAME`",
    ),
    placeholder("data", "wat de regel meegeeft", "what the rule hands along"),
    placeholder("organisation", "de organisatie", "the organisation"),
    placeholder("recipient", "wie het bericht krijgt", "who gets the message"),
    placeholder("today", "vandaag", "today"),
    placeholder(
        "late",
        "hoeveel later dan bedoeld; anders leeg",
        "how much later than meant; empty otherwise",
    ),
    placeholder("language", "nl of en", "nl or en"),
];

/// What follows `complaint.` in messages beside the fields that rules know.
pub(super) const FOR_PEOPLE: &[Placeholder] = &[
    placeholder("reference", "het nummer, of dat van de intake", "its number, or that of its intake"),
    placeholder("intake_id", "het nummer van de intake", "the number of its intake"),
    placeholder("state_label", "de status in woorden", "its state in words"),
    placeholder("complainant_email", "het adres van de klager", "the complainant's address"),
    placeholder(
        "earlier_decided_on",
        "wanneer over de eerdere klacht is beslist",
        "when the earlier complaint was decided",
    ),
    placeholder("language_is_assumed", "of de taal een aanname is", "whether the language is assumed"),
    placeholder("meeting", "het gesprek", "the meeting"),
    placeholder("flags", "de vlaggen die staan", "the flags that are set"),
    placeholder("extra", "de eigen velden", "the own fields"),
];

/// What follows `deadline.NAME.`.
pub(super) const OF_DEADLINES: &[Placeholder] = &[
    placeholder("due", "het einde", "its end"),
    placeholder("owner", "wie eraan moet voldoen", "who must meet it"),
    placeholder("label", "de termijn in woorden", "the term in words"),
    placeholder("rolled_because", "waarom het einde verschoof", "why its end was moved"),
    placeholder("is_armed", "of hij loopt", "whether it runs"),
    placeholder("is_overdue", "of hij voorbij is", "whether it has passed"),
    placeholder("is_paused", "of hij gepauzeerd is", "whether it is paused"),
];

/// What may follow a `|`.
pub(super) const FILTERS: &[Placeholder] = &[
    placeholder("date", "een dag in woorden", "a day in words"),
    placeholder("moment", "een dag met de tijd", "a day with its time"),
    placeholder("term", "een duur in woorden, zoals 6 weken", "a span in words, such as 6 weeks"),
];

/// A path or filter between braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The parts of `a.b.c`, each with its place; the last one is empty while it is being typed.
    Path(Vec<Range<usize>>),
    Filter(Range<usize>),
}

/// Returns the paths and filters of a template in order.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    braces(text).into_iter().flat_map(|inside| within(text, inside)).collect()
}

/// Returns whether a place is between braces, where something may be filled in.
pub(super) fn is_inside(text: &str, offset: usize) -> bool {
    braces(text).iter().any(|b| b.start <= offset && offset <= b.end)
}

fn within(text: &str, inside: Range<usize>) -> Vec<Piece> {
    let mut found = Vec::new();
    let (mut at, mut after_bar) = (inside.start, false);
    while at < inside.end {
        let rest = &text[at..inside.end];
        let Some(first) = rest.chars().next() else { break };
        if first == '\'' || first == '"' {
            at += rest[1..].find(first).map_or(rest.len(), |i| i + 2);
        } else if is_part(first) {
            let end = at + rest.find(|c| !is_part(c) && c != '.').unwrap_or(rest.len());
            let mut parts = Vec::new();
            let mut start = at;
            for part in text[at..end].split('.') {
                parts.push(start..start + part.len());
                start += part.len() + 1;
            }
            found.push(if after_bar { Piece::Filter(at..end) } else { Piece::Path(parts) });
            (at, after_bar) = (end, false);
        } else {
            after_bar = first == '|' || (after_bar && first.is_whitespace());
            at += first.len_utf8();
        }
    }
    found
}

/// Returns what a template names.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let names = compared(text).into_iter().filter(|name| !name.range.is_empty());
    let mut found: Vec<Mention> = names
        .map(|name| {
            Mention::uses(Symbol::Name(name.vocabulary, text[name.range.clone()].to_owned()), name.range)
        })
        .collect();
    for piece in pieces(text) {
        let Piece::Path(parts) = piece else { continue };
        let [root, second, ..] = &parts[..] else { continue };
        let name = text[second.clone()].to_owned();
        let symbol = match &text[root.clone()] {
            "deadline" => Symbol::Name(Vocabulary::Deadline, name),
            "terms" => Symbol::Constant(name),
            "complaint" if fields::find(&name).is_some() => Symbol::Name(Vocabulary::Field, name),
            "complaint" if name == "extra" => match parts.get(2) {
                Some(third) => {
                    let own = Symbol::Name(Vocabulary::ExtraField, text[third.clone()].to_owned());
                    found.push(Mention::uses(own, third.clone()));
                    continue;
                }
                None => continue,
            },
            _ => continue,
        };
        found.push(Mention::uses(symbol, second.clone()));
    }
    found
}
