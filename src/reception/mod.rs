//! The fate of a mail: the facts known of it in, one disposition out. Pure: neither the store nor the clock
//! nor the rules.
//!
//! `intake` gathers the facts of real mail and carries the disposition out; scenarios do the same in memory.

mod author;
mod disposition;
mod facts;
mod new_complaint;
mod receive;
#[cfg(test)]
mod receive_test;

pub use author::Author;
pub use disposition::{AddedMail, AutomatedMail, Disposition, IntakeOutcome, Reception, ReceptionReason};
pub use facts::{
    Failing, InvitationAnswer, MailFacts, PassedOn, ReturnedMail, SenderStanding, SentLetter, Thread,
};
pub use new_complaint::{ComplaintOrigin, NewComplaint};
pub use receive::{is_forward, is_told_of_bounces, receive};
