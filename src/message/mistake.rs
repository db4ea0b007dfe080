//! `Mistake`: what is wrong with a message, and where it stands in the message's file. In no language: whoever tells it
//! words it.

use super::shape::Shape;

/// A mistake in a message and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters; none where only the line is known.
    pub column: Option<usize>,
    /// The mistake.
    pub kind: MistakeKind,
}

/// A kind of mistake in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// The head is not as it should be.
    Head(HeadMistake),
    /// Something is written as a placeholder with one brace on a side.
    SingleBrace {
        /// As it is written, such as `{ complaint.number }`.
        written: String,
        /// As it was probably meant.
        meant: String,
    },
    /// `{{` or `{%` that nothing closes.
    Unclosed {
        /// `{{`, `{%` or a quote.
        opening: &'static str,
    },
    /// `{% if … %}` or `{% for … %}` is not closed.
    BlockNotClosed {
        /// `if`, `for` or `with`.
        block: String,
    },
    /// `{% endif %}`, `{% else %}` and the like where nothing is open that they belong to.
    NothingOpen {
        /// The word, such as `endif`.
        word: String,
        /// What they belong to, such as `if`.
        block: &'static str,
    },
    /// A word behind `{%` that begins nothing.
    UnknownStatement {
        /// The word.
        word: String,
    },
    /// Something that cannot stand where it stands.
    Stray {
        /// As it is written.
        written: String,
    },
    /// A part of the template language that messages do not have.
    NotInMessages(Barred),
    /// A message that is too large or takes too much.
    TooMuch(TooMuch),
    /// A name that is nowhere.
    UnknownName {
        /// The name.
        name: String,
        /// What it is looked for in, such as `complaint`; none at the top.
        of: Option<String>,
        /// The names that are there.
        known: Vec<String>,
    },
    /// A filter that does not exist.
    UnknownFilter {
        /// Its name.
        name: String,
    },
    /// A word behind `is` that does not exist.
    UnknownTest {
        /// Its name.
        name: String,
    },
    /// A filter on what it cannot take.
    WrongFilter {
        /// Its name.
        filter: String,
        /// The value, as it is written.
        of: String,
        /// What the value is.
        given: Shape,
    },
    /// What may be empty is shown or worded without a test.
    MayBeEmpty {
        /// The value, as it is written.
        of: String,
    },
    /// What has parts is shown as a whole.
    Whole {
        /// The value, as it is written.
        of: String,
        /// What it is: a list, or a group with its parts.
        given: Shape,
    },
    /// A moment or a span is shown as it is kept, and not in words.
    Unworded {
        /// The value, as it is written.
        of: String,
        /// What the value is.
        given: Shape,
    },
    /// Something is calculated with that is no number.
    NoNumber {
        /// The value, as it is written.
        of: String,
        /// What the value is.
        given: Shape,
    },
    /// A filter that takes nothing in parentheses is given something.
    FilterArguments {
        /// Its name.
        filter: String,
    },
    /// While it is rendered: a value is not there.
    Absent,
    /// While it is rendered: a value cannot be written as what it should be.
    Unwritable {
        /// The value.
        value: String,
        /// What it should be.
        wanted: Shape,
    },
    /// While it is rendered: a word behind `|`, or a sign, cannot do anything with what it is given.
    Unfit,
    /// While it is rendered: it carries the invitation to a meeting that nobody has planned.
    NoMeeting,
}

/// A mistake in the head of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadMistake {
    /// The message does not begin with `---`.
    Missing,
    /// The second `---` is missing.
    Open,
    /// There is no subject.
    NoSubject,
    /// A line that no head has.
    Unknown {
        /// What stands before the colon, or the line where there is none.
        key: String,
    },
    /// Something else than `request` or `cancel` behind `calendar:`.
    Calendar,
    /// Something else than `daily`, `weekly` or `never` behind `gather:`.
    Gather,
    /// Something else than `yes` behind `now:`.
    Now,
    /// It is to be gathered, and to go at once.
    GatheredNow,
    /// It is to be gathered, and carries an invitation, which a digest cannot.
    GatheredInvitation,
    /// It is to be gathered, and has no `line:` for the digest.
    NoLine,
}

/// A part of the template language that messages do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barred {
    /// A statement, such as `filter`.
    Statement(&'static str),
    /// `**`.
    Power,
    /// `*` with something that may be a text or a list.
    Product,
    /// A call of a function, by its name.
    Function(String),
    /// A filter that is written as a call: `x.upper()` for `x|upper`.
    Method(String),
    /// `recursive`.
    Recursion,
    /// `set` of something else than a name.
    Target,
}

/// A limit of a message that is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum TooMuch {
    /// Words and signs in one pair of braces.
    Words,
    /// Blocks in each other.
    Blocks,
    /// Values that are put together into one.
    Parts,
    /// Values that all names of the message hold.
    Names,
    /// While it is rendered: its steps.
    Steps,
    /// While it is rendered: what it writes.
    Written,
    /// While it is rendered: what its filters make.
    Made,
    /// While it is rendered: the items of a list for a filter.
    Items,
    /// While it is rendered: the numbers of `range`.
    Range,
}

/// Makes a mistake at an offset of a text.
pub(super) fn at(text: &str, offset: usize, kind: MistakeKind) -> Mistake {
    let (line, column) = place(text, offset);
    Mistake { line, column: Some(column), kind }
}

/// Returns line and column of an offset, from 1, the column in characters.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}
