//! Signs as they come from the source of a web page: `&amp;`, `&gt;`.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::other_operator;

const ENTITIES: &[(&str, &str)] = &[("amp", "&"), ("gt", ">"), ("lt", "<"), ("quot", "\""), ("nbsp", " ")];

/// Finds such signs outside texts.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (0..written.code.len()).filter(|i| written.says(*i) == "&") {
        let name = written.says(i + 1);
        let is_whole = written.says(i + 2) == ";" && written.touch(i, i + 1) && written.touch(i + 1, i + 2);
        if let Some((_, sign)) = ENTITIES.iter().find(|(entity, _)| *entity == name && is_whole) {
            let (span, text) = (written.spans(i, i + 2), format!("&{name};"));
            found.push(Slip::new(span, move |at| other_operator::report(at, &text, sign)).replaced(*sign));
        }
    }
}
