//! Templates to words: Markdown with minijinja, in Dutch and English, as text and as HTML.

mod builtin;
mod filters;
mod grammar;
mod invitation;
mod sandbox;
#[cfg(test)]
mod sandbox_test;
mod template;

pub use builtin::BuiltinMessage;
pub use invitation::{CalendarMethod, Invitation};
pub use template::{Rendered, TemplateError, Templates};
