//! The names that a message template compares, each in quotes: `complaint.state == 'decided'`, `measure.state in ['approved']`.
//! What is compared is known by how it is called: a field of the complaint, what the rule hands along under the name of a
//! field, an item of a list.

use super::message::{braces, is_part};
use super::symbol::{Mention, Symbol};
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::fields;
use crate::rules::words::kind::Kind;
use crate::rules::words::vocabulary::Vocabulary;
use std::collections::BTreeMap;
use std::ops::Range;

/// The lists of a report whose items have a name of the procedure.
const OF_REPORTS: &[(&str, Vocabulary)] = &[
    ("verdicts", Vocabulary::Verdict),
    ("grounds", Vocabulary::Ground),
    ("agreements", Vocabulary::Agreement),
];

/// A word, a text or a sign between braces.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'t> {
    /// Names with dots between them.
    Path(&'t str),
    /// The bytes of a text, without its quotes.
    Text(Range<usize>),
    Sign(&'t str),
}

/// What the items of a list are that a template goes through.
#[derive(Clone, Copy)]
enum Item {
    Of(Kind),
    Reported(Vocabulary),
}

/// Returns the names that a template compares.
pub(super) fn compared(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut items = BTreeMap::new();
    for inside in braces(text) {
        let tokens = tokens(text, inside);
        for (i, token) in tokens.iter().enumerate() {
            if let [Token::Path("for"), Token::Path(name), Token::Path("in"), Token::Path(list), ..] =
                tokens[i..]
            {
                items.extend(items_of(list).map(|item| (name, item)));
            }
            let Token::Path(path) = token else { continue };
            let Some(vocabulary) = vocabulary(path, &items) else { continue };
            let places = beside(&tokens, i).into_iter().filter(|place| !place.is_empty());
            found.extend(
                places.map(|at| Mention::uses(Symbol::Name(vocabulary, text[at.clone()].to_owned()), at)),
            );
        }
    }
    found
}

/// Returns the texts that a path is compared with.
fn beside(tokens: &[Token<'_>], path: usize) -> Vec<Range<usize>> {
    let (before, after) = tokens.split_at(path);
    let is_equality = |sign: &str| ["==", "!="].contains(&sign);
    if let [.., Token::Text(text), Token::Sign(sign)] = before
        && is_equality(sign)
    {
        return vec![text.clone()];
    }
    match &after[1..] {
        [Token::Sign(sign), Token::Text(text), ..] if is_equality(sign) => vec![text.clone()],
        [Token::Path("in"), Token::Sign("["), list @ ..]
        | [Token::Path("not"), Token::Path("in"), Token::Sign("["), list @ ..] => {
            let listed = list.iter().take_while(|token| **token != Token::Sign("]"));
            listed
                .filter_map(|token| if let Token::Text(text) = token { Some(text.clone()) } else { None })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn items_of(list: &str) -> Option<Item> {
    let (of, name) = list.rsplit_once('.')?;
    let reported = OF_REPORTS.iter().find(|(reported, _)| of == "data.report" && *reported == name);
    let field = || (of == "complaint").then(|| fields::find(name)).flatten();
    reported
        .map(|(_, vocabulary)| Item::Reported(*vocabulary))
        .or_else(|| Some(Item::Of(field()?.kind.item())))
}

fn vocabulary(path: &str, items: &BTreeMap<&str, Item>) -> Option<Vocabulary> {
    let of_item =
        |kind: Kind, name: &str| PROPERTIES.iter().find(|p| p.name == name)?.kind(kind)?.vocabulary();
    match path.split('.').collect::<Vec<_>>()[..] {
        ["complaint" | "data", field] => fields::find(field)?.kind.vocabulary(),
        ["data", "measure", property] => of_item(Kind::Measure, property),
        [item, property] => match items.get(item)? {
            Item::Of(kind) => of_item(*kind, property),
            Item::Reported(vocabulary) => (property == "name").then_some(*vocabulary),
        },
        _ => None,
    }
}

fn tokens(text: &str, inside: Range<usize>) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = inside.start;
    while at < inside.end {
        let rest = &text[at..inside.end];
        let Some(first) = rest.chars().next() else { break };
        let length = if first == '\'' || first == '"' {
            // One that is being typed goes up to the end.
            let text = rest[1..].find(first).unwrap_or(rest.len() - 1);
            found.push(Token::Text(at + 1..at + 1 + text));
            (text + 2).min(rest.len())
        } else if is_part(first) {
            let length = rest.find(|c| !is_part(c) && c != '.').unwrap_or(rest.len());
            found.push(Token::Path(&rest[..length]));
            length
        } else {
            let length = if rest.starts_with("==") || rest.starts_with("!=") { 2 } else { first.len_utf8() };
            if !first.is_whitespace() {
                found.push(Token::Sign(&rest[..length]));
            }
            length
        };
        at += length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<(Vocabulary, &str)> {
        let of = |mention: Mention| match mention.symbol {
            Symbol::Name(vocabulary, _) => (vocabulary, &text[mention.range]),
            other => panic!("{other:?}"),
        };
        compared(text).into_iter().map(of).collect()
    }

    #[test]
    fn names_are_found_by_what_they_are_compared_with() {
        for (text, expected) in [
            ("{% if complaint.state == 'decided' %}x{% endif %}", vec![(Vocabulary::State, "decided")]),
            ("{% if \"decided\" != complaint.state %}", vec![(Vocabulary::State, "decided")]),
            (
                "{% if complaint.state not in ['a', 'b'] %}",
                vec![(Vocabulary::State, "a"), (Vocabulary::State, "b")],
            ),
            ("{{ 'x' if data.verdict == 'upheld' else 'y' }}", vec![(Vocabulary::Verdict, "upheld")]),
            (
                "{% for m in complaint.measures if m.state in ['done'] %}{% if m.state == 'new' %}",
                vec![(Vocabulary::Measure, "done"), (Vocabulary::Measure, "new")],
            ),
            (
                "{% for d in complaint.duplicates %}{{ d.state == 'decided' }}",
                vec![(Vocabulary::State, "decided")],
            ),
            (
                "{% for a in data.report.agreements if a.name != 'yes' %}",
                vec![(Vocabulary::Agreement, "yes")],
            ),
            ("{% if data.measure.state == 'done' %}", vec![(Vocabulary::Measure, "done")]),
            ("complaint.state == 'decided'", Vec::new()),
            ("{% if complaint.subject == 'decided' or m.state == 'x' %}", Vec::new()),
            ("{% if complaint.state == 'open", vec![(Vocabulary::State, "open")]),
            ("{% if complaint.state == '' and complaint.state == \"é\" %}", vec![(Vocabulary::State, "é")]),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}
