//! `Place`: the part of a ruleset in which a piece of script stands, which decides what it may do.

/// The part of a ruleset in which a piece of script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) enum Place {
    Condition,
    Asks,
    RuleBody,
    ActionBody,
    Schedule,
    /// A function that nothing calls, and anything could.
    Function,
}

/// The kind of a piece of script: which part of a statement, or of the file, it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Part {
    /// The value of a parameter.
    Constant,
    /// After `for`.
    List,
    /// After `when`.
    When,
    /// After `every`.
    Every,
    /// After `asks`.
    Asks,
    /// After `then`.
    Then,
    Function,
    Closure,
}
