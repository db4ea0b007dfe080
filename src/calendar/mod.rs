//! Time as the procedure counts it: moments, spans, local days, working days, holidays, rolling.
//!
//! Everything here is arithmetic on values handed in; nothing reads a clock (`clock.rs` does).

mod holidays;
mod local;
mod moment;
mod rolling;
mod span;

pub use holidays::{EQUALISED_VALID_UNTIL, Holiday, holiday};
pub use local::{Calendar, CalendarError};
pub use moment::Moment;
pub use rolling::{Added, Rolled};
pub use span::Span;

/// A calendar day, without a time or zone.
pub type Date = chrono::NaiveDate;
/// A time of day on the wall clock of the organisation.
pub type TimeOfDay = chrono::NaiveTime;
