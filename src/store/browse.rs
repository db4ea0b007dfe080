//! Pages of the register: a choice of complaints that somebody may see, in an order, from a place on.

use super::column::Cell;
use super::error::StoreError;
use super::register::Register;
use super::statement::Statement;
use super::tables::complaints::{ComplaintKey, ListedComplaint, ListedRow};
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
    /// The newest of those among which they are, as [`Register::newest_before`] found it. By number it leaves out nothing.
    pub newest: Option<ComplaintId>,
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

    /// Returns a complaint behind which all were taken in after a moment, as near as is soon found; none where all were.
    pub async fn newest_before(&self, moment: Moment) -> Result<Option<ComplaintId>, StoreError> {
        // Ids are given in the order of taking in, so ever smaller steps find it. The first mail and the first event of a complaint
        // are no later than that; a mail may say that it is earlier.
        let sql = "WITH RECURSIVE steps (place, step) AS (SELECT CAST(0 AS BIGINT), CAST(1099511627776 AS BIGINT) UNION ALL \
             SELECT CASE WHEN (SELECT MIN(b.at) FROM (SELECT * FROM \
             (SELECT m.received_at AS at FROM mails m WHERE m.complaint_id = s.place + s.step ORDER BY m.id LIMIT 1) first_mail \
             UNION ALL SELECT * FROM \
             (SELECT e.at FROM events e WHERE e.complaint_id = s.place + s.step ORDER BY e.seq LIMIT 1) first_event) b) \
             < $1 THEN s.place + s.step ELSE s.place END, s.step / 2 FROM steps s WHERE s.step > 0) \
             SELECT MAX(place) AS id FROM steps";
        let found: Option<ComplaintKey> = Statement::new(sql).with(moment).first(&self.0.reader).await?;
        Ok(found.map(|row| row.id).filter(|id| id.0 > 0))
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
        let (first, last) = self.received;
        // Asked of each that an index gives in the order that is asked for. That of numbers does not hold it.
        let newest = self.newest.filter(|_| !matches!(sequence, Sequence::Number { .. }));
        statement
            .and_compared("COALESCE(c.id, 0) <=", newest)
            .and_compared("c.late_from <", self.late_before)
            .and_equal(&column("responsible"), self.responsible.as_deref())
            .and_compared(&format!("{} >=", column("received_on")), first)
            .and_compared(&format!("{} <=", column("received_on")), last)
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
