//! Templates to words: Markdown with minijinja, in Dutch and English, as text and as HTML.

mod builtin;
mod filters;
mod invitation;
mod template;

pub use builtin::{
    BOUNCING_MESSAGE, FAULT_MESSAGE, HELD_MESSAGE, MAILBOX_FAILING_MESSAGE, MAILBOX_RECOVERED_MESSAGE,
    PLUGIN_BROKEN_MESSAGE, PLUGIN_DISABLED_MESSAGE, PLUGIN_FAILING_MESSAGE, PLUGIN_RECOVERED_MESSAGE,
};
pub use invitation::{CalendarMethod, Invitation};
pub use template::{Rendered, TemplateError, Templates};
