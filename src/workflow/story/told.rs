//! What a story is made of.

use crate::calendar::Date;
use crate::complaint::Text;
use serde::Serialize;

/// A scenario, told.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// The scenario's name.
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    /// The line there.
    pub line: usize,
    /// The days on which something happened, in order.
    pub days: Vec<StoryDay>,
    /// Why it ended before its end; none where everything holds.
    pub mistake: Option<StoryMistake>,
    /// Whether it is longer than what is told.
    pub is_cut: bool,
}

/// A local day of a story.
#[derive(Clone, Debug, Serialize)]
pub struct StoryDay {
    /// The day.
    pub day: Date,
    /// How long after the day before: "8 working days later (12 days)"; none for the first.
    pub later: Option<Text>,
    /// What happened, in order.
    pub rows: Vec<StoryRow>,
}

/// Something that was done, what followed, and what was expected then.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StoryRow {
    /// The local time: "09:00".
    pub time: String,
    /// What was done; none where time alone brought it about.
    pub done: Option<Told>,
    /// What the rules did, in order.
    pub follows: Vec<Text>,
    /// What was expected, in order.
    pub expected: Vec<StoryExpectation>,
    /// Why the story ends here.
    pub mistake: Option<StoryMistake>,
}

/// Something that stands in a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The line of the file.
    pub line: usize,
    /// What stands there, in words.
    pub says: Text,
}

/// What was expected.
#[derive(Clone, Debug, Serialize)]
pub struct StoryExpectation {
    /// The line of the file.
    pub line: usize,
    /// What was expected, in words.
    pub says: Text,
    /// Whether it holds.
    pub holds: bool,
}

/// What is wrong, where a scenario ends before its end.
#[derive(Clone, Debug, Serialize)]
pub struct StoryMistake {
    /// The line of the file.
    pub line: usize,
    /// What is wrong, in words.
    pub says: Text,
}
