//! Pages of the register: a choice of complaints that somebody may see, in an order, from a place on.

use super::column::Cell;
use super::error::StoreError;
use super::register::Register;
use super::statement::Statement;
use super::tables::complaints::{ListedComplaint, ListedRow};
use super::visibility::Viewer;
use crate::calendar::{Date, Moment};
use crate::complaint::{ComplaintId, Number, State};

/// A choice of complaints; a part that is none leaves out nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The states they are in.
    pub states: States,
    /// The moment before which a term of theirs has ended that still runs and binds the organisation.
    pub late_before: Option<Moment>,
    /// The address of who is responsible.
    pub responsible: Option<String>,
    /// The first and the last local day on which they were received.
    pub received: (Option<Date>, Option<Date>),
    /// Those that were there at a moment; none for all that are there now.
    pub there: Option<There>,
}

/// The complaints that were there at a moment, by their keys, which are given in the order in which complaints come. Whenever
/// the receipt of one was corrected afterwards, by its key it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct There {
    /// The last of them.
    pub last: ComplaintId,
    /// The first and the last of those that are chosen on whichever day they were received.
    pub whenever: (ComplaintId, ComplaintId),
}

/// A choice of states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum States {
    /// Every one.
    #[default]
    Any,
    /// This one.
    One(State),
    /// These, of which few complaints are in.
    Among(Vec<State>),
    /// All others than these.
    Outside(Vec<State>),
}

/// An order of complaints, and the place in it after which a page begins; none for its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// The last received first.
    Newest(Option<Place>),
    /// The first received first.
    Oldest(Option<Place>),
    /// By number, those that have one that begins so.
    Number {
        /// The beginning; empty for every number.
        beginning: String,
        /// The number after which the page begins.
        after: Option<Number>,
    },
}

/// A place among complaints in the order in which they were received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The local day on which the complaint at the place was received.
    pub day: Date,
    /// The moment at which it was.
    pub at: Moment,
    /// Its key.
    pub id: ComplaintId,
}

impl Register {
    /// Reads a page of the complaints of a choice that somebody may see, at most `limit`.
    pub async fn page(
        &self,
        viewer: &Viewer,
        choice: &Choice,
        sequence: &Sequence,
        limit: usize,
    ) -> Result<Vec<ListedComplaint>, StoreError> {
        let statement = choice.among(Statement::new(ListedRow::statement()).and(" WHERE 1 = 1"), sequence);
        let statement = viewer.visible_to(sequence.among(statement)).and(sequence.order());
        let rows: Vec<ListedRow> = statement.and(&format!(" LIMIT {limit}")).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(ListedComplaint::from).collect())
    }
}

impl Choice {
    fn among(&self, statement: Statement, sequence: &Sequence) -> Statement {
        let column = |name: &str| match self.late_before {
            // What is late is gone through in its own index, in the order that is asked for, and no other way is to be taken.
            Some(_) => format!("COALESCE(c.{name}, '')"),
            None => sequence.passing(name),
        };
        let one = if let States::One(state) = &self.states { Some(state.as_str()) } else { None };
        let mut statement = statement.and_equal(&column("state"), one);
        let names = |states: &[State]| {
            states.iter().map(|s| s.as_str().to_owned()).chain([String::new()]).collect::<Vec<_>>()
        };
        statement = match &self.states {
            States::Any | States::One(_) => statement,
            States::Among(states) => {
                statement.and(&format!(" AND {} IN ", column("state"))).and_list(names(states))
            }
            States::Outside(states) => {
                statement.and(&format!(" AND {} NOT IN ", column("state"))).and_list(names(states))
            }
        };
        let statement = statement
            .and_compared("c.late_from <", self.late_before)
            .and_equal(&column("responsible"), self.responsible.as_deref());
        let received = |statement: Statement| {
            let (first, last) = self.received;
            statement
                .and_compared(&format!("{} >=", column("received_on")), first)
                .and_compared(&format!("{} <=", column("received_on")), last)
        };
        let Some(there) = self.there else { return received(statement) };
        // Where it stands in the index that gives the order; by no other is it to be looked for.
        let key = |comparison: &str| format!("c.id + 0 {comparison}");
        let statement = statement.and_compared(&key("<="), Some(there.last));
        let (first, last) = there.whenever;
        let statement = received(statement.and(" AND ((1 = 1")).and(") OR (1 = 1");
        statement.and_compared(&key(">="), Some(first)).and_compared(&key("<="), Some(last)).and("))")
    }
}

impl Sequence {
    fn among(&self, statement: Statement) -> Statement {
        let beyond = |statement: Statement, comparison: &str, place: &Option<Place>| match place {
            None => statement,
            Some(place) => statement
                .and(&format!(" AND (c.received_on, c.received_at, c.id) {comparison} "))
                .and_list([Cell::from(place.day), Cell::from(place.at), Cell::from(place.id)]),
        };
        match self {
            Self::Newest(place) => beyond(statement, "<", place),
            Self::Oldest(place) => beyond(statement, ">", place),
            Self::Number { beginning, after } => {
                let after = after.as_ref().map(Number::as_str).unwrap_or_default();
                let statement = statement.and_compared("c.number >", Some(after));
                if beginning.is_empty() {
                    return statement;
                }
                // A range for the index, and what it means exactly: databases do not agree on where punctuation stands.
                let length = beginning.chars().count();
                statement
                    .and_compared("c.number >=", Some(beginning))
                    .and_compared("c.number <=", Some(format!("{beginning}zzzz")))
                    .and_compared(&format!("substr(c.number, 1, {length}) ="), Some(beginning))
            }
        }
    }

    /// Returns a column in a condition. By number the index of numbers is gone through, and no other way is to be taken: what
    /// it found would have to be sorted.
    fn passing(&self, column: &str) -> String {
        match self {
            Self::Newest(_) | Self::Oldest(_) => format!("c.{column}"),
            Self::Number { .. } => format!("COALESCE(c.{column}, '')"),
        }
    }

    fn order(&self) -> &'static str {
        match self {
            Self::Newest(_) => " ORDER BY c.received_on DESC, c.received_at DESC, c.id DESC",
            Self::Oldest(_) => " ORDER BY c.received_on, c.received_at, c.id",
            Self::Number { .. } => " ORDER BY c.number",
        }
    }
}
