//! Seeded mistakes, by which the central property test proves its own strength (docs/semantics.md 6).
//!
//! Outside tests no mutant exists and every check compiles to `false`.

/// One mistake in how rules schedule themselves, or in how their effects are contained and planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// `now > M` wakes at M instead of M + 1 ms.
    NoMillisecond,
    /// Comparisons that came out true are not recorded.
    OnlyUnreached,
    /// The instants of the first pass count, not of the last.
    FirstPass,
    /// A rule that failed schedules nothing.
    FaultedSkipped,
    /// Repeats of `every` schedule nothing.
    RepeatsMissing,
    /// Ends of deadlines schedule nothing.
    BreachesMissing,
    /// A latch stays when its condition turns false.
    LatchKept,
    /// `M <= now` is not recorded.
    ReversedUnrecorded,
    /// Periods before the present one are not recorded.
    PeriodsUnrecorded,
    /// A term passes while it is paused.
    PausedBreaches,
    /// A term that was paused schedules nothing.
    ResumedUnscheduled,
    /// The end of a paused term counts.
    PausedRead,
    /// A complaint that falls out of a group by time schedules nothing.
    FallsOutUnrecorded,
    /// Who joins a group wakes nobody of it.
    JoinsUnnoticed,
    /// Who leaves a group wakes nobody of it.
    LeavesUnnoticed,
    /// What a complaint of a group shows otherwise wakes nobody of it.
    ShownUnnoticed,
    /// A condition that holds, of which facts answer a part, has not read the terms in that part.
    TermsUnread,
    /// Facts answer a part of a condition that stands behind what a script has to be asked.
    PlainBehindScript,
    /// A condition holds since it was noticed.
    SinceNoticed,
    /// What a firing changed is taken for what was so before.
    SinceWithFirings,
    /// What others changed is taken for what was so before.
    SinceWithNeighbours,
    /// Any firing that read a passed term tells of its breach.
    ToldByReading,
    /// A breach is told when all is done, so that what came after it may have told.
    ToldAtTheEnd,
    /// A term that is armed in the past is left to the next decision.
    ArmedInThePast,
    /// A plan does not know which rules only changed their name.
    PlanWithoutRenames,
    /// A plan ends with the first decision about each complaint.
    PlanOneDeep,
    /// A performed action whose message cannot be rendered is left out by its own name instead of its rule's.
    ExcludedByAction,
    /// One flag stops every decision.
    SharedCancel,
}

#[cfg(test)]
thread_local! {
    pub(crate) static ACTIVE: std::cell::Cell<Option<Mutant>> = const { std::cell::Cell::new(None) };
}

#[cfg(test)]
thread_local! {
    /// Every moment that `now` was compared with, so that the test can look right beside it.
    pub(in crate::rules) static COMPARED: std::cell::RefCell<std::collections::BTreeSet<i64>> = const {
        std::cell::RefCell::new(std::collections::BTreeSet::new())
    };
}

#[cfg(test)]
pub(in crate::rules) fn compared(moment: crate::calendar::Moment) {
    COMPARED.with_borrow_mut(|seen| seen.insert(moment.millis()));
}

#[cfg(not(test))]
pub(in crate::rules) const fn compared(_: crate::calendar::Moment) {}

#[cfg(test)]
pub(crate) fn mutated(mutant: Mutant) -> bool {
    ACTIVE.get() == Some(mutant)
}

#[cfg(not(test))]
pub(crate) const fn mutated(_: Mutant) -> bool {
    false
}
