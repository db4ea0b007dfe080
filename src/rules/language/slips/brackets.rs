//! Brackets that are never closed, that close nothing, or that close another kind.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::{surplus_bracket, unclosed_bracket};
use crate::rules::language::draft::Edit;

/// Finds such brackets.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let mut pairing = Pairing { written, open: Vec::new(), pairs: Vec::new(), found };
    for i in 0..written.code.len() {
        pairing.take(i);
    }
    pairing.finish();
}

struct Pairing<'w> {
    written: &'w Written<'w>,
    open: Vec<usize>,
    pairs: Vec<(usize, usize)>,
    found: &'w mut Vec<Slip>,
}

fn closing(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

impl Pairing<'_> {
    fn take(&mut self, i: usize) {
        let written = self.written;
        match written.says(i) {
            "(" | "[" | "{" | "#{" => self.open.push(i),
            ")" => self.close(i, ")"),
            "]" => self.close(i, "]"),
            "}" => self.close(i, "}"),
            // A block alone goes on after a semicolon, and nothing goes on in the next clause.
            ";" => {
                while self.open.last().is_some_and(|o| written.says(*o) != "{") {
                    self.unclosed(i);
                }
            }
            _ if written.parts[i] == Part::Keyword => {
                while !self.open.is_empty() {
                    self.unclosed(i);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, i: usize, close: &'static str) {
        let written = self.written;
        let matching = |o: &usize| closing(written.says(*o)) == close;
        match self.open.last() {
            Some(top) if matching(top) => {
                self.pairs.push((*top, i));
                self.open.pop();
            }
            Some(_) if self.open.iter().any(matching) => {
                while self.open.last().is_some_and(|o| !matching(o)) {
                    self.unclosed(i);
                }
                self.close(i, close);
            }
            Some(top) if written.says(*top) != "{" => {
                let expected = closing(written.says(*top));
                let told = move |at| surplus_bracket::report(at, close, Some(expected));
                self.found.push(Slip::new(written.span(i), told).replaced(expected));
                self.open.pop();
            }
            _ => {
                let told = move |at| surplus_bracket::report(at, close, None);
                let slip = Slip::new(written.span(i), told);
                // The last of the statement is surely the one too many.
                let is_last = i + 1 == written.code.len();
                let edit = Edit::replace(written.span(i).0, written.span(i).1, "");
                self.found.push(if is_last { slip.fixed(edit) } else { slip.repaired(edit) });
            }
        }
    }

    /// Tells the innermost open bracket, which should have been closed before a token.
    fn unclosed(&mut self, before: usize) {
        let Some(open) = self.open.pop() else { return };
        let end = self.written.span(before.saturating_sub(1)).1;
        self.tell(open, end);
    }

    fn tell(&mut self, open: usize, end: usize) {
        let bracket = self.written.says(open).to_owned();
        let close = closing(&bracket);
        let statement = name(self.written);
        let told = move |at| unclosed_bracket::report(at, &bracket, close, &statement);
        self.found.push(Slip::new(self.written.span(open), told).repaired(Edit::insert(end, close)));
    }

    /// Tells what is open at the end. Which of several blocks it is, the indentation shows.
    fn finish(&mut self) {
        let end = self.written.code.last().map_or(0, |t| t.end);
        while let Some(open) = self.open.pop() {
            let deeper = self.pairs.iter().filter(|(o, _)| *o > open).copied();
            let culprit = deeper.filter(|pair| self.is_outdented(*pair)).map(|(o, _)| o).max();
            self.tell(culprit.unwrap_or(open), end);
        }
    }

    /// Returns whether a bracket closes to the left of the line in which it opens.
    fn is_outdented(&self, (open, close): (usize, usize)) -> bool {
        let (open, close) = (&self.written.code[open], &self.written.code[close]);
        let before = |token| self.written.tokens.line_before(token);
        let indent = |line: &str| line.len() - line.trim_start().len();
        self.written.tokens.begins_line(close) && before(close).len() < indent(before(open))
    }
}

/// Returns what people call the statement: its word and its name.
fn name(written: &Written) -> String {
    let named = if written.is_text(1) || written.is_word(1) { written.says(1) } else { "" };
    format!("{} {named}", written.statement()).trim().to_owned()
}
