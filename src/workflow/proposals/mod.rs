//! `Proposals`: what the quality manager proposes to change of the rules. A proposal is a rules folder that differs in some
//! files from one that was published; it has a name and an owner, who alone changes it, and decides nothing until it is
//! published. Others look at it, and copy it.

mod behind;
mod changing;
mod difference;
mod editing;
mod error;
mod graph;
mod handle;
mod kept;
mod numbers;
mod on_disk;
mod playing;
mod plays;
mod procedure;
mod publishing;
mod pulling;
mod roots;
mod running;
mod start;
mod stories;
mod trials;

pub use behind::{Behind, Clash, Settled};
pub use changing::FileEdit;
pub use difference::{Difference, DifferenceKind, Hunk, LineKind};
pub use editing::TypedFile;
pub use error::{ProposalError, UnreadyBecause};
pub use graph::GraphOfRules;
pub use handle::{MayOfRules, Proposals};
pub use kept::{LiveCounts, MOST_IN_STATE, Places as RulePlaces, SentenceNumber, WrittenAt};
pub use playing::PlayedScenarios;
pub use pulling::Pulled;
pub use roots::{Root, Roots};
pub(super) use running::Trials;
pub use running::{ProposalOrder, Running, TrialAsked};
pub(crate) use start::companions_of;
pub use start::{Opened, Start};
