//! The rule language and the pure decision: scripts and facts in, a decision out.
//!
//! Knows nothing of stores, mail, networks or clocks, and holds no `async`.

mod acting;
mod analysis;
mod clauses;
mod coverage;
mod decide;
mod diagnostic;
mod eval;
mod explain;
mod extra;
mod failure;
mod field_help;
mod guard;
mod host;
mod language;
mod limits;
mod lint;
mod machine;
mod mutants;
mod probe;
mod procedure;
pub mod reference;
mod ruleset;
pub mod scenario;
mod schedule;
mod settle;
mod sites;
mod snippet;
mod source;
mod text;
mod types;
mod vocabulary;
#[cfg(test)]
mod wake_test;
mod warnings;

pub use clauses::{Clause, Clauses};
pub use coverage::{Coverage, Gap, Subject};
pub use decide::{
    ActionCall, BREACH_MESSAGE, Decision, Input, OfferedAction, Outcome, Sender, Trigger, decide, decide_all,
    offered,
};
pub use diagnostic::{Diagnostic, nearest};
pub use eval::Need;
pub use explain::{Explained, Part, Standing, explain};
pub use extra::{ExtraField, ExtraFields, ExtraKind};
pub use host::{Ask, AskKind};
pub use procedure::{
    DeadlineDeclaration, Label, Procedure, RecommendationDeclaration, RoleDeclaration, Sees, Side,
    StateDeclaration, TakesMail,
};
pub use ruleset::Ruleset;
pub use schedule::{ScheduleFacts, run_schedule};
pub use sites::NotifySite;
pub use source::RulesetSource;
