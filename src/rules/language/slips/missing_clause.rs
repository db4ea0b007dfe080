//! Clauses whose first word is missing, and clauses in another order.

use super::slip::Slip;
use super::written::{Part, Written, clauses};
use crate::rules::diagnostics::kinds::{clause_order, missing_clause};
use crate::rules::language::draft::Edit;

/// Finds them.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let known = clauses(written.statement());
    if known.is_empty() || order(written, known, found) {
        return;
    }
    for word in needed(written.statement()) {
        if !written.has_keyword(word)
            && let Some(at) = place(written, word)
        {
            let statement = written.statement().to_owned();
            let slip =
                Slip::new(written.span(at), move |place| missing_clause::report(place, word, &statement));
            found.push(slip.fixed(Edit::insert(written.span(at).0, &format!("{word} "))));
        }
    }
}

fn needed(statement: &str) -> &'static [&'static str] {
    match statement {
        "rule" => &["when", "then"],
        "action" => &["by", "when", "then"],
        _ => &["cron", "then"],
    }
}

/// Returns the token before which the word of a clause is missing, where that is plain.
fn place(written: &Written, word: &str) -> Option<usize> {
    let name = (1..written.code.len()).find(|i| written.is_text(*i))?;
    match word {
        "then" => {
            // A block of an `if` or of a closure belongs to the condition.
            let block = |i: &usize| written.says(*i) == "{" && written.ends_operand(i - 1);
            let inner = |i: &usize| {
                written.bracket(*i).is_some() || (1..*i).any(|j| matches!(written.says(j), "if" | "else"))
            };
            (name + 1..written.code.len()).find(|i| block(i) && !inner(i))
        }
        "when" if written.statement() == "rule" => {
            let next = name + 1;
            (written.parts.get(next) == Some(&Part::Head) && written.begins_operand(next)).then_some(next)
        }
        "when" => {
            let roles = written.keywords("by").first().copied()?;
            let end = (roles..written.code.len()).find(|i| written.says(*i) == "]")?;
            let next = end + 1;
            (written.is_word(next) && written.parts[next] == Part::Other).then_some(next)
        }
        "by" | "cron" => {
            let next = name + 1;
            let begins = if word == "by" { written.says(next) == "[" } else { written.is_text(next) };
            begins.then_some(next)
        }
        _ => None,
    }
}

/// Finds a clause that stands after one that it belongs before, or a second time; returns whether there is one.
fn order(written: &Written, known: &'static [&'static str], found: &mut Vec<Slip>) -> bool {
    let rank = |word: &str| known.iter().position(|k| *k == word).unwrap_or(0);
    let mut before: Option<&str> = None;
    for i in 1..written.code.len() {
        let word = written.says(i);
        let is_clause = match written.parts[i] {
            Part::Keyword => true,
            Part::After => known.contains(&word) && written.before(i) == "}",
            _ => false,
        };
        if !is_clause {
            continue;
        }
        if let Some(earlier) = before.filter(|b| rank(b) >= rank(word)) {
            let (word, earlier) = (word.to_owned(), earlier.to_owned());
            let order = format!("{}, {}", written.statement(), known.join(", "));
            let told = move |at| clause_order::report(at, &word, &earlier, &order);
            found.push(Slip::new(written.span(i), told));
            return true;
        }
        before = Some(word);
    }
    false
}
