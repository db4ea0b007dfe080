//! `Span`: a length of time in the unit in which a term was written.

use std::fmt;

/// The longest span a script may write, in days; a term of a century is a typing error.
const MAX_DAYS: i64 = 36_525;

/// A span keeps its unit, because "one month" and "thirty days" are different terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    /// Exact hours, of sixty minutes each.
    Hours(i64),
    /// Calendar days.
    Days(i64),
    /// Days that are neither weekend nor holiday.
    Workdays(i64),
    /// Calendar months: the same day number, or the month's last day.
    Months(i64),
}

impl Span {
    /// Makes a span of `n` times seven calendar days.
    pub fn weeks(n: i64) -> Self {
        Self::Days(n.saturating_mul(7))
    }

    /// Makes a span of `n` times twelve calendar months.
    pub fn years(n: i64) -> Self {
        Self::Months(n.saturating_mul(12))
    }

    /// Returns the span in the other direction.
    pub fn negated(self) -> Self {
        match self {
            Self::Hours(n) => Self::Hours(n.saturating_neg()),
            Self::Days(n) => Self::Days(n.saturating_neg()),
            Self::Workdays(n) => Self::Workdays(n.saturating_neg()),
            Self::Months(n) => Self::Months(n.saturating_neg()),
        }
    }

    /// Returns whether the span is at most a century long, either way.
    pub fn is_reasonable(self) -> bool {
        let (n, limit) = match self {
            Self::Hours(n) => (n, MAX_DAYS * 24),
            Self::Days(n) | Self::Workdays(n) => (n, MAX_DAYS),
            Self::Months(n) => (n, MAX_DAYS / 30),
        };
        n.unsigned_abs() <= limit.unsigned_abs()
    }

    /// Returns a lower bound of the span's length in hours, for refusing repeats that are too frequent.
    pub fn at_least_hours(self) -> i64 {
        match self {
            Self::Hours(n) => n,
            Self::Days(n) | Self::Workdays(n) => n.saturating_mul(23),
            Self::Months(n) => n.saturating_mul(28 * 23),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Hours(n) => write!(f, "{n} hours"),
            Self::Days(n) if n % 7 == 0 && n != 0 => write!(f, "{} weeks", n / 7),
            Self::Days(n) => write!(f, "{n} days"),
            Self::Workdays(n) => write!(f, "{n} working days"),
            Self::Months(n) if n % 12 == 0 && n != 0 => write!(f, "{} years", n / 12),
            Self::Months(n) => write!(f, "{n} months"),
        }
    }
}
