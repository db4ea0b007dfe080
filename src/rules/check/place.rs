//! `Place`: the part of a ruleset in which a piece of script stands, which decides what it may do.

/// The part of a ruleset in which a piece of script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Place {
    Condition,
    Asks,
    RuleBody,
    ActionBody,
    Schedule,
    /// A function that any of these may call.
    Function,
}
