//! Templates to words: Markdown with minijinja, in Dutch and English, as text and as HTML.

mod blocks;
mod builtin;
mod filters;
mod invitation;
mod mistake;
mod placeholders;
mod shape;
mod template;
mod typing;

pub use builtin::BuiltinMessage;
pub use invitation::{CalendarMethod, Invitation};
pub use mistake::{Mistake, MistakeKind};
pub use placeholders::{Placeholders, slips};
pub use shape::{Part, Parts, Presence, Shape};
pub use template::{Rendered, TemplateError, Templates};
