//! Deciding: facts and a trigger in, a decision out. Pure and synchronous; production, plans, scenarios and
//! tests all come through here.

mod action;
mod attempt;
mod breach;
mod decision;
mod entry;
mod hearing;
mod input;
mod latches;
mod offered;
mod schedule;
mod settle;
mod tally;
mod trigger;
mod turning;

pub use breach::BREACH_MESSAGE;
pub use decision::{Decision, Outcome, Refusal, fault_event};
pub use entry::{act, decide, decide_all};
pub use hearing::MAIL_MESSAGE;
pub use input::{ActionCall, Input, Sender, Trigger};
pub use offered::{OfferedAction, offered};
pub use schedule::{Unrun, run_schedule};
