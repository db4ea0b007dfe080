//! Search over the texts of all complaints: one table of words (`search`), and over it the index of each engine. Newest first
//! and never ranked, so that nothing is sorted; who may see a complaint is decided in the statement, and narrowed by words of
//! the index (`access.rs`).

mod access;
mod excerpt;
mod filling;
mod finding;
mod forgetting;
mod index;
mod keeping;
mod query;
mod text;
mod words;
mod written;

pub use excerpt::Excerpt;
pub use finding::Hit;
pub(super) use index::make;
pub use keeping::OpeningTexts;
pub(super) use keeping::{keep_decided, keep_filed};
pub use query::Query;
pub(super) use text::Headed;
pub use text::{Part, is_reworded};
pub use written::Written;

use super::database::Database;

/// The handle of searching.
#[derive(Clone, Debug)]
pub struct Search(pub(super) Database);
