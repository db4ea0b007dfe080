//! Names of statements: those of rules without quotes, those of actions that are no single word.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::{action_id, stray_sign, unquoted_name};
use crate::rules::language::draft::Edit;

/// Finds them in what stands before the first clause.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let head = 1..written.parts.iter().skip(1).take_while(|p| **p == Part::Head).count() + 1;
    match written.statement() {
        "rule" | "schedule" | "scenario" => name(written, head.end - 1, found),
        "action" => id(written, head.end - 1, found),
        _ => return,
    }
    signs(written, found);
}

fn name(written: &Written, last: usize, found: &mut Vec<Slip>) {
    if last == 0 && written.parts.get(1) == Some(&Part::Keyword) {
        let statement = written.statement().to_owned();
        let at = written.span(0);
        let slip = Slip::new(at, move |place| unquoted_name::report_missing(place, &statement));
        return found.push(slip.repaired(Edit::insert(at.1, " \"?\"")));
    }
    let words = (1..=last).take_while(|i| written.is_word(*i) && written.same_line(*i - 1, *i)).count();
    if words == 0 || written.is_text(words + 1) {
        return;
    }
    let span = written.spans(1, words);
    let text = written.tokens.text.get(span.0..span.1).unwrap_or_default();
    let quoted = format!("\"{text}\"");
    let told = quoted.clone();
    let slip = Slip::new(span, move |at| unquoted_name::report(at, &told));
    // A condition without `when` may have been taken for a part of the name.
    found.push(if words == last { slip.replaced(quoted) } else { slip });
}

fn id(written: &Written, last: usize, found: &mut Vec<Slip>) {
    let Some(label) = (1..=last).find(|i| written.is_text(*i)) else {
        let at = written.span(last);
        let slip = Slip::new(at, action_id::report_label);
        return found.push(slip.repaired(Edit::insert(at.1, " \"?\"")));
    };
    if label == 2 && written.is_word(1) {
        return;
    }
    let (span, example) = if label == 1 {
        (written.span(1), snake(written.says(1)))
    } else {
        let span = written.spans(1, label - 1);
        (span, snake(written.tokens.text.get(span.0..span.1).unwrap_or_default()))
    };
    let edit = if label == 1 {
        Edit::insert(span.0, &format!("{example} "))
    } else {
        Edit::replace(span.0, span.1, example.clone())
    };
    let slip = Slip::new(span, move |at| action_id::report(at, &example));
    found.push(if label == 1 { slip.repaired(edit) } else { slip.fixed(edit) });
}

/// Finds colons and the like around the name and before the words of clauses.
fn signs(written: &Written, found: &mut Vec<Slip>) {
    let is_sign = |i: usize| matches!(written.says(i), ":" | ";" | ",");
    for i in (1..written.code.len()).filter(|i| is_sign(*i)) {
        let after = written.parts[i - 1] == Part::Keyword;
        let before = written.parts.get(i + 1) == Some(&Part::Keyword);
        let outside = !matches!(written.parts[i], Part::Then | Part::After);
        if after || before && outside {
            let sign = written.says(i).to_owned();
            found.push(Slip::new(written.span(i), move |at| stray_sign::report(at, &sign)).replaced(""));
        }
    }
}

/// Makes one word of a text: `bel_terug` of "Bel terug".
fn snake(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.take(4).collect::<Vec<_>>().join("_")
}
