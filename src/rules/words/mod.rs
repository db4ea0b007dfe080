//! What scripts see of the program. Each word, each field and each property is one value; engine, checks,
//! reference and completion are made of these values. Nothing else reaches a script.

pub(in crate::rules) mod compare;
pub(in crate::rules) mod context;
mod convert;
mod course;
mod days;
pub(in crate::rules) mod element;
pub(in crate::rules) mod field;
pub(in crate::rules) mod fields;
pub(in crate::rules) mod folded;
mod groups;
mod history;
pub(in crate::rules) mod kind;
mod links;
mod lists;
mod mail_text;
pub(in crate::rules) mod measures;
pub(in crate::rules) mod meetings;
pub(in crate::rules) mod members;
pub(in crate::rules) mod moments;
pub(in crate::rules) mod notices;
mod own_fields;
mod pauses;
pub(in crate::rules) mod periods;
pub(in crate::rules) mod questions;
pub(in crate::rules) mod terms;
mod text;
pub(in crate::rules) mod values;
pub(in crate::rules) mod vocabulary;
pub(in crate::rules) mod word;

use rhai::Engine;
use word::Word;

/// Variables that the program gives; no script may use these names for its own.
pub(in crate::rules) const VARIABLES: &[&str] = &["complaint", "it", "input", "actor", "now", "today"];

/// Returns every word, in the order of the reference.
pub(in crate::rules) fn all() -> impl Iterator<Item = &'static Word> {
    [
        days::WORDS,
        terms::WORDS,
        pauses::WORDS,
        history::WORDS,
        mail_text::WORDS,
        course::WORDS,
        notices::WORDS,
        links::WORDS,
        members::WORDS,
        meetings::WORDS,
        measures::WORDS,
        questions::WORDS,
        own_fields::WORDS,
        periods::WORDS,
        lists::WORDS,
    ]
    .into_iter()
    .flatten()
}

/// Returns the word of a name.
pub(in crate::rules) fn find(name: &str) -> Option<&'static Word> {
    all().find(|w| w.name == name)
}

/// Makes every word, field and type known to an engine.
pub(in crate::rules) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<context::ComplaintHandle>("complaint");
    compare::register(engine);
    moments::register(engine);
    fields::register(engine);
    groups::register(engine);
    element::register(engine);
    members::register(engine);
    own_fields::register(engine);
    questions::register(engine);
    for word in all() {
        (word.register)(engine, word.name);
    }
}
