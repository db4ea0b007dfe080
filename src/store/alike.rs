//! By what the complaints of a sum of a report are alike: the words that stand in the statement of the sums.

use crate::complaint::word_enum;

word_enum! {
    /// By what the complaints of a sum are alike, beside their course.
    Counting("way of counting") {
        /// The month in which they came in, as `2026-11`; and `numbered` or `unnumbered`.
        Month = "month",
        /// The month in which they came in, and how far the decision is: a word of `Promise`.
        Term = "term",
        /// The verdict and the agreement, of those decided.
        Outcome = "outcome",
        /// The ground on which they are not treated.
        Ground = "ground",
        /// The kind of cause.
        Cause = "cause",
        /// The way they came.
        Channel = "channel",
        /// The step of the escalation.
        Escalation = "escalation",
        /// The flags, as a JSON list.
        Flags = "flags",
        /// The measures by state, as a JSON object.
        Measures = "measures",
        /// The own fields that are a choice, as a JSON object.
        Own = "own",
        /// The days from receipt to decision, of those decided.
        Days = "days",
    }
}

word_enum! {
    /// How the decision stands to what was first promised.
    Promise("standing of a promise") {
        /// Decided on the day first promised or before.
        Kept = "kept",
        /// Decided later.
        Broken = "broken",
        /// Decided, and nothing had been promised.
        None = "none",
        /// Not decided, and the day has passed.
        Overdue = "overdue",
        /// Not decided, and the day has not passed or is not there.
        Open = "open",
    }
}
