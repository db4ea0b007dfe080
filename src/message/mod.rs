//! Templates to words: Markdown with minijinja, in Dutch and English, as text and as HTML.

mod blocks;
mod builtin;
mod dispatch;
mod feed;
mod filters;
mod head;
mod invitation;
mod links;
mod mistake;
mod parse;
mod placeholders;
mod sandbox;
#[cfg(test)]
mod sandbox_test;
mod shape;
mod takes;
mod template;
mod title;
mod walk;

pub use builtin::BuiltinMessage;
pub use dispatch::{Dispatch, Timing};
pub use feed::{FeedEntry, feed};
pub use filters::day_in_words;
pub use invitation::{CalendarMethod, Invitation};
pub use links::Link;
pub use mistake::{Barred, HeadMistake, Mistake, MistakeKind, TooMuch};
pub use placeholders::Placeholders;
pub use shape::{Part, Parts, Presence, Shape};
pub use template::{Rendered, TemplateError, Templates, html_of};
