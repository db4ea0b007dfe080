//! What Rhai does with texts, counted by their length: no variable need hold them (docs/semantics.md 4.5).

use super::meter::{charge, of_text};
use rhai::{Array, Engine, EvalAltResult, ImmutableString, Position};

/// The longest text that a script may make, in bytes.
pub(super) const STRING_BYTES: usize = 100_000;

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
    engine.register_fn("replace", |text: &mut ImmutableString, find: &str, by: &str| replace(text, find, by));
    engine.register_fn("replace", |text: &mut ImmutableString, find: char, by: &str| {
        replace(text, find.encode_utf8(&mut [0; 4]), by)
    });
    engine.register_fn("split", |text: &mut ImmutableString, at: &str| -> Array {
        charge(4 * of_text(text.len()));
        text.split(at).map(Into::into).collect()
    });
}

/// Replaces a text in another. Rhai looks at the length of what comes of it only when it is there.
fn replace(text: &mut ImmutableString, find: &str, by: &str) -> Result<(), Box<EvalAltResult>> {
    let found = text.matches(find).count();
    let length = text.len().saturating_add(found.saturating_mul(by.len()));
    charge(4 * of_text(length));
    if length > STRING_BYTES + found * find.len() {
        return Err(EvalAltResult::ErrorDataTooLarge("Length of string".to_owned(), Position::NONE).into());
    }
    if found > 0 {
        *text = text.replace(find, by).into();
    }
    Ok(())
}
