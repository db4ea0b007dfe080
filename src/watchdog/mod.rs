//! The watchdog: looks at the installation from outside the rules, tells of what is wrong once and of its end, and
//! lets an outside monitor know that it looks at all.
//!
//! `look` finds what is wrong, the same for the server, for `/ready` and for `doctor`; `condition` says what there
//! is to find and `words` what people read of it. Nothing here evaluates a rule.

mod condition;
mod findings;
mod heartbeat;
mod look;
mod reached;
mod rounds;
mod words;

pub use condition::{AlarmKind, Condition};
pub use findings::Finding;
pub use look::{Noted, Watchdog};
pub use words::Words;
