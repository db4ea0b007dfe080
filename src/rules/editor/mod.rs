//! Questions that editors ask about a rules folder while somebody types in it: what stands here, where is it
//! declared and used, what may follow, how is it renamed. Texts in, answers out; of protocols, disks and pages
//! it knows nothing.
//!
//! What a name means is asked of the words, the kinds and the scopes by which rulesets are checked.

mod complete;
mod expected;
mod expressions;
mod flow;
mod hover;
mod message;
mod outline;
mod rename;
mod script;
mod statement;
mod symbol;
mod tables;
pub mod terms;
mod tokens;
mod view;
pub(in crate::rules) mod workspace;

pub use complete::{Completion, CompletionKind};
pub use hover::Hover;
pub use outline::{OutlineItem, OutlineKind, outline};
pub use rename::{Refused, Renaming};
pub use workspace::{Spot, With, Workspace};
