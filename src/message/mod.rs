//! Templates to words: Markdown with minijinja, in Dutch and English, as text and as HTML.

mod blocks;
mod builtin;
mod filters;
mod grammar;
mod invitation;
mod mistake;
mod placeholders;
mod sandbox;
#[cfg(test)]
mod sandbox_test;
mod shape;
mod takes;
mod template;
mod typing;

pub use builtin::BuiltinMessage;
pub use invitation::{CalendarMethod, Invitation};
pub use mistake::{Mistake, MistakeKind};
pub use placeholders::{Placeholders, slips};
pub use shape::{Part, Parts, Presence, Shape};
pub use template::{Rendered, TemplateError, Templates};
