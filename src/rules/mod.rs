//! The rule language and the pure decision: scripts and facts in, a decision out.
//!
//! Knows nothing of stores, mail, networks or clocks, and holds no `async`.
//!
//! A staircase; what stands lower knows nothing of what stands higher: diagnostics, language, procedure, words, machine,
//! statements, check, ruleset, evaluate, decide, observe, editor. `mutants` lies beneath all, and is empty outside
//! tests.

#[cfg(test)]
mod breach_test;
#[cfg(test)]
mod cancel_test;
mod check;
mod decide;
pub mod diagnostics;
pub mod editor;
mod evaluate;
#[cfg(test)]
mod explain_test;
mod language;
mod machine;
pub(crate) mod mutants;
mod observe;
#[cfg(test)]
mod plain_test;
mod procedure;
mod ruleset;
#[cfg(test)]
mod slips_test;
mod statements;
#[cfg(test)]
mod story_test;
#[cfg(test)]
mod wake_test;
mod words;

pub use check::grouping::Grouping;
pub use check::people::NamedPerson;
pub use decide::{
    ActionCall, BREACH_MESSAGE, Decision, Input, MAIL_MESSAGE, OfferedAction, Outcome, Refusal, Sender,
    Trigger, Unrun, act, decide, decide_all, fault_event, offered, run_schedule,
};
pub use diagnostics::nearest;
pub use editor::terms;
pub use evaluate::observer::{Observed, Observer, Subject, unobserved};
pub use language::cancel::Cancel;
pub use language::source::{ORGANISATION, RulesetSource};
pub use observe::call_sites::{NotifySite, notify_sites};
pub use observe::certain::Certain;
pub use observe::clauses::{Clause, Clauses};
pub use observe::coverage::{Coverage, Covered, CoveredStatement, Gap, Never};
pub use observe::explain::{Explained, Part, RuleStanding, explain};
pub use observe::folder::RulesFolder;
pub use observe::meets::may_meet;
pub use observe::reference::{FieldEntry, PropertyEntry, Reference, WordEntry};
pub use observe::requirements::{AskedOfProcedure, Requirements};
pub use observe::roles::unfilled_roles;
pub use observe::scenario;
pub use observe::scenario_places::scenario_places;
pub use observe::state_graph::{DrawnState, DrawnTransition, StateGraph};
pub use observe::transitions::{Mover, Transition};
pub use observe::unoffered::{Requirement, UnofferedAction, unoffered};
pub use observe::written::{WrittenStatement, written_statements};
pub use procedure::declared::{
    CountsAs, DeadlineDeclaration, ImportDeclaration, Procedure, RecommendationDeclaration, RoleDeclaration,
    Sees, Side, StateDeclaration, TakesMail,
};
pub use procedure::digest::{DigestDeclaration, DigestGroup};
pub use procedure::extra::{ExtraField, ExtraFields, ExtraKind};
pub use procedure::label::Label;
pub use procedure::survey::SurveyDeclaration;
pub use ruleset::loaded::Ruleset;
pub use ruleset::renames::Renames;
pub use words::context::{Need, ScheduleFacts};
pub use words::fields::{FieldKind, field_kinds, field_values, is_personal_field};
pub use words::folded::phrase_stands_in;
pub use words::kind::ValueKind;
pub use words::questions::{Ask, AskKind};
pub use words::word::{Help, Place};
