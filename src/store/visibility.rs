//! Who sees which complaint: the one condition that every list and every look at a complaint carries.

use super::statement::Statement;
use super::tables::group_keys::digest;
use crate::complaint::{GroupBy, GroupKey};

/// Somebody who looks, and what the person may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The address. A complaint about this person is not shown, whatever else is said.
    pub person: String,
    /// The complaints that the person may see beside that.
    pub sight: Sight,
}

/// The complaints that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All.
    Everything,
    /// Those that meet one of these.
    Some(Part),
}

/// A choice of complaints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Those for which one of these is responsible.
    pub of_responsible: Vec<String>,
    /// Those for which none of these is responsible, who are all that there are; none where such ones are not seen.
    pub of_nobody_among: Option<Vec<String>>,
    /// Those about one of these.
    pub about: Vec<String>,
}

impl Viewer {
    /// Adds the condition to a statement in which complaints are called `c`.
    pub(super) fn visible_to(&self, statement: Statement) -> Statement {
        self.visible_by("c.id", statement)
    }

    /// The same, where the complaint `c` is looked up by a column: what is asked of that column first need not be asked of
    /// each that is looked up, which PostgreSQL takes for so dear that it would rather go through all.
    pub(super) fn visible_by(&self, id: &str, statement: Statement) -> Statement {
        let own = digests([&self.person]);
        // Complaints about one person are few, and looked up once; each complaint that is passed is then asked nothing more.
        let statement = statement
            .and(&format!(" AND {id} NOT IN "))
            .and("(SELECT a.complaint_id FROM group_keys a WHERE a.field = 'about' AND a.digest IN ")
            .and_list(own)
            .and(")");
        match &self.sight {
            Sight::Everything => statement,
            Sight::Some(part) => part.among(statement),
        }
    }
}

impl Part {
    fn among(&self, statement: Statement) -> Statement {
        let mut statement = statement.and(" AND (1 = 0");
        if !self.of_responsible.is_empty() {
            statement = statement.and(" OR c.responsible IN ").and_list(&self.of_responsible);
        }
        match self.of_nobody_among.as_deref() {
            None => {}
            Some([]) => statement = statement.and(" OR 1 = 1"),
            Some(everybody) => {
                statement =
                    statement.and(" OR c.responsible IS NULL OR c.responsible NOT IN ").and_list(everybody);
            }
        }
        if !self.about.is_empty() {
            statement = statement
                .and(" OR c.id IN (SELECT b.complaint_id FROM group_keys b WHERE b.field = 'about' AND b.digest IN ")
                .and_list(digests(&self.about))
                .and(")");
        }
        statement.and(")")
    }
}

pub(super) fn digests<'a>(people: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let keys = people.into_iter().filter_map(|person| GroupKey::of_value(&GroupBy::About, person));
    keys.map(|key| digest(&key)).collect()
}
