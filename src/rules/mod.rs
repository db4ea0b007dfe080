//! The rule language and the pure decision: scripts and facts in, a decision out.
//!
//! Knows nothing of stores, mail, networks or clocks, and holds no `async`.

//! A staircase; what stands lower knows nothing of what stands higher.

mod check;
mod decide;
mod evaluate;
mod language;
mod machine;
mod mutants;
mod observe;
mod procedure;
mod ruleset;
mod statements;
#[cfg(test)]
mod wake_test;
mod words;

pub use check::sites::NotifySite;
pub use decide::decision::{
    ActionCall, BREACH_MESSAGE, Decision, Input, OfferedAction, Outcome, Sender, Trigger, decide, decide_all,
    offered,
};
pub use decide::schedule::run_schedule;
pub use language::diagnostic::{Diagnostic, nearest};
pub use language::source::RulesetSource;
pub use observe::clauses::{Clause, Clauses};
pub use observe::coverage::{Coverage, Gap, Subject};
pub use observe::explain::{Explained, Part, Standing, explain};
pub use observe::reference::{FieldEntry, Reference, WordEntry};
pub use observe::scenario;
pub use procedure::declared::{
    DeadlineDeclaration, Procedure, RecommendationDeclaration, RoleDeclaration, Sees, Side, StateDeclaration,
    TakesMail,
};
pub use procedure::extra::{ExtraField, ExtraFields, ExtraKind};
pub use procedure::label::Label;
pub use ruleset::loaded::Ruleset;
pub use words::context::{Need, ScheduleFacts};
pub use words::fields::is_personal_field;
pub use words::questions::{Ask, AskKind};
pub use words::word::{Help, Place};
