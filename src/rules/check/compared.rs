//! The names that a message template compares, each in quotes: `complaint.state == 'decided'`, `measure.state in ['approved']`.
//! What is compared is known by how it is called: a field of the complaint, what the rule hands along under the name of a
//! field, an item of a list.

use super::world::Checked;
use crate::rules::diagnostics::kinds::unknown_name;
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::language::braces::{braces, is_part};
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

/// A name that a template compares with something.
pub(in crate::rules) struct Compared {
    pub vocabulary: Vocabulary,
    pub origin: Origin,
    /// The bytes of the name, without its quotes.
    pub range: Range<usize>,
}

/// Where that comes from which a name is compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Origin {
    /// The complaint, or the program's own lists: it is always a name of its vocabulary.
    Complaint,
    /// A rule, which hands something along under the name of a field and may mean another thing.
    Rule,
}

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

/// Checks that the names with which messages and their parts compare something of the complaint exist.
pub(super) fn check(checked: &Checked, found: &mut Vec<Diagnostic>) {
    for (file, text) in checked.source.files().iter().filter(|(file, _)| file.starts_with("messages/")) {
        for name in compared(text).into_iter().filter(|name| name.origin == Origin::Complaint) {
            let (written, known) = (&text[name.range.clone()], name.vocabulary.names(&checked.declared));
            // Nothing is what a field holds that has not been filled in.
            if !written.is_empty() && !known.contains(&written) {
                let at = Location::part(file, checked.source.lines(file), name.range.start, name.range.end);
                found.push(unknown_name::report(at, name.vocabulary.word(), written, known));
            }
        }
    }
}

/// Returns the names that a template compares.
pub(in crate::rules) fn compared(text: &str) -> Vec<Compared> {
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
            let Some((origin, vocabulary)) = vocabulary(path, &items) else { continue };
            let places = beside(&tokens, i).into_iter();
            found.extend(places.map(|range| Compared { vocabulary, origin, range }));
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

fn vocabulary(path: &str, items: &BTreeMap<&str, Item>) -> Option<(Origin, Vocabulary)> {
    let of_field = |field: &str| fields::find(field)?.kind.vocabulary();
    let of_item =
        |kind: Kind, name: &str| PROPERTIES.iter().find(|p| p.name == name)?.kind(kind)?.vocabulary();
    if let ["data", field] = path.split('.').collect::<Vec<_>>()[..] {
        return Some((Origin::Rule, of_field(field)?));
    }
    let vocabulary = match path.split('.').collect::<Vec<_>>()[..] {
        ["complaint", field] => of_field(field),
        ["data", "measure", property] => of_item(Kind::Measure, property),
        [item, property] => match items.get(item)? {
            Item::Of(kind) => of_item(*kind, property),
            Item::Reported(vocabulary) => (property == "name").then_some(*vocabulary),
        },
        _ => None,
    };
    Some((Origin::Complaint, vocabulary?))
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
        compared(text).into_iter().map(|name| (name.vocabulary, &text[name.range])).collect()
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
            (
                "{% if complaint.state == '' and complaint.state == \"é\" %}",
                vec![(Vocabulary::State, ""), (Vocabulary::State, "é")],
            ),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}
