//! What Rhai does with texts, counted by their length: no variable need hold them (docs/semantics.md 4.5).

use crate::rules::language::limits::{charge, of_text};
use rhai::{Engine, ImmutableString};

/// Puts functions that count in the place of those of Rhai that go through a whole text.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("len", |text: ImmutableString| {
        charge(of_text(text.len()));
        i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
    });
    engine.register_fn("contains", |whole: ImmutableString, part: ImmutableString| {
        charge(of_text(whole.len()));
        whole.contains(part.as_str())
    });
    engine.register_fn("to_lower", |text: ImmutableString| {
        charge(4 * of_text(text.len()));
        text.to_lowercase()
    });
    engine.register_fn("to_upper", |text: ImmutableString| {
        charge(4 * of_text(text.len()));
        text.to_uppercase()
    });
    engine.register_fn("trim", |text: &mut ImmutableString| {
        charge(of_text(text.len()));
        let trimmed = text.trim();
        if trimmed.len() < text.len() {
            *text = trimmed.into();
        }
    });
}
