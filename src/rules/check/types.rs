//! Types that are visible in the text: a field compared with a literal of another kind.

use crate::rules::language::tree::field_of_complaint;
use crate::rules::words::FIELDS;
use rhai::{Expr, FnCallExpr};

/// Fields that hold no text, with what they hold.
const TYPED_FIELDS: &[(&[&str], &str)] = &[
    (&["is_open"], "true or false"),
    (
        &["arose_on", "promised_by", "promised_by_original", "decided_on", "first_contact_on", "meeting_on"],
        "a date",
    ),
    (&["received_at", "registered_at"], "a moment"),
    (&["measures", "duplicates"], "a list"),
];

/// What a literal is, in the words of [`TYPED_FIELDS`].
fn literal_type(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::StringConstant(..) => Some("a text"),
        Expr::IntegerConstant(..) | Expr::FloatConstant(..) => Some("a number"),
        Expr::BoolConstant(..) => Some("true or false"),
        _ => None,
    }
}

/// A comparison that can never be what was meant: the machine would silently answer false (semantics 2.4).
pub(in crate::rules) fn mistyped(call: &FnCallExpr) -> Option<(String, &'static str, &'static str)> {
    const COMPARISONS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
    if !COMPARISONS.contains(&call.name.as_str()) {
        return None;
    }
    let [left, right] = &call.args[..] else { return None };
    let (field, literal) = match (field_of_complaint(left), field_of_complaint(right)) {
        (Some(field), None) => (field, literal_type(right)?),
        (None, Some(field)) => (field, literal_type(left)?),
        _ => return None,
    };
    FIELDS.iter().find(|f| f.name == field)?;
    let held =
        TYPED_FIELDS.iter().find(|(names, _)| names.contains(&field)).map_or("a text", |(_, held)| held);
    (held != literal).then(|| (field.to_owned(), held, literal))
}
