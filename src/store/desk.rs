//! What waits for people: the terms that run, soonest first, and a complaint as somebody may look at it.

use super::column::Cell;
use super::error::StoreError;
use super::register::Register;
use super::statement::Statement;
use super::tables::complaints::ComplaintKey;
use super::tables::deadlines::{RUNS, RunningTerm};
use super::visibility::{Viewer, digests};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, DeadlineName, Role};

/// The select of terms `d` with their complaints `c`, to be narrowed.
pub(super) const RUNNING: &str = "SELECT d.complaint_id, d.name, d.owner, d.due, c.number, c.intake_id, c.subject, c.complainant_name, \
     c.complainant_email, c.facts FROM deadlines d JOIN complaints c ON c.id = d.complaint_id";

/// Terms that concern somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Those of complaints for which this person is responsible, by address.
    Responsible(String),
    /// Those of a role.
    Role(Role),
    /// Those of these roles, of complaints for which one of these is responsible; an empty address is nobody.
    RolesOf(Vec<Role>, Vec<String>),
    /// Those of these roles, of complaints about this person, by address.
    RolesAbout(Vec<Role>, String),
}

/// A place among terms, soonest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermPlace {
    /// The end.
    pub due: Moment,
    /// The complaint.
    pub id: ComplaintId,
    /// The term.
    pub name: DeadlineName,
}

/// A stretch of terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The place after which it begins; none for the first.
    pub after: Option<TermPlace>,
    /// The last moment at which they end.
    pub until: Moment,
    /// The most of them.
    pub limit: usize,
}

impl Concern {
    fn among(&self, statement: Statement) -> Statement {
        let texts = |roles: &[Role]| {
            roles.iter().map(|r| r.as_str().to_owned()).chain([String::new()]).collect::<Vec<_>>()
        };
        match self {
            Self::Responsible(person) => statement.and_equal("d.responsible", Some(person.as_str())),
            Self::Role(role) => statement.and_equal("d.owner", Some(role.as_str())),
            Self::RolesOf(roles, people) => {
                let statement = match people.as_slice() {
                    [one] => statement.and_equal("d.responsible", Some(one.as_str())),
                    several => statement.and(" AND d.responsible IN ").and_list(several),
                };
                statement.and(" AND d.owner IN ").and_list(texts(roles))
            }
            Self::RolesAbout(roles, person) => {
                let statement = statement.and(" AND d.owner IN ").and_list(texts(roles));
                let about = " AND d.complaint_id IN (SELECT complaint_id FROM group_keys WHERE field = 'about' AND digest IN ";
                statement.and(about).and_list(digests([person])).and(")")
            }
        }
    }
}

impl Register {
    /// Reads who is responsible for complaints with running terms, each once; an empty address is nobody.
    pub async fn responsibles(&self) -> Result<Vec<String>, StoreError> {
        // From one to the next along the index, however many terms each has.
        let sql = format!(
            "WITH RECURSIVE people (responsible) AS (SELECT MIN(responsible) FROM deadlines WHERE {RUNS} \
             UNION ALL SELECT (SELECT MIN(d.responsible) FROM deadlines d WHERE {RUNS} AND d.responsible > p.responsible) \
             FROM people p WHERE p.responsible IS NOT NULL) \
             SELECT responsible FROM people WHERE responsible IS NOT NULL"
        );
        Statement::new(sql).values("responsible", &self.0.reader).await
    }

    /// Reads the running terms that concern somebody, on complaints that the person may see, soonest first, each once.
    pub async fn running_terms(
        &self,
        viewer: &Viewer,
        concerns: &[Concern],
        stretch: &Stretch,
    ) -> Result<Vec<RunningTerm>, StoreError> {
        if concerns.is_empty() {
            return Ok(Vec::new());
        }
        let limit = stretch.limit;
        let mut terms = Statement::new(
            "SELECT k.complaint_id, k.name, d.owner, k.due, c.number, c.intake_id, c.subject, c.complainant_name, c.complainant_email, c.facts FROM (",
        );
        // Each concern is a walk along an index that ends after so many; taken together they would be read whole and sorted.
        for (i, concern) in concerns.iter().enumerate() {
            let begin = if i == 0 { "" } else { " UNION " };
            terms = terms.and(&format!(
                "{begin}SELECT * FROM (SELECT d.complaint_id, d.name, d.instance, d.due FROM deadlines d \
                 JOIN complaints c ON c.id = d.complaint_id WHERE {RUNS}"
            ));
            terms = concern.among(terms).and_compared("d.due <=", Some(stretch.until));
            if let Some(TermPlace { due, id, name }) = &stretch.after {
                let place = [Cell::from(*due), Cell::from(*id), Cell::from(name.as_str())];
                terms = terms.and(" AND (d.due, d.complaint_id, d.name) > ").and_list(place);
            }
            let order = format!(" ORDER BY d.due, d.complaint_id, d.name LIMIT {limit}) w{i}");
            terms = viewer.visible_to(terms).and(&order);
        }
        terms
            .and(") k JOIN deadlines d ON d.complaint_id = k.complaint_id AND d.name = k.name AND d.instance = k.instance \
                 JOIN complaints c ON c.id = k.complaint_id ORDER BY k.due, k.complaint_id, k.name")
            .and(&format!(" LIMIT {limit}"))
            .all(&self.0.reader)
            .await
    }

    /// Finds a complaint that somebody may see, by its number or intake id; none also where there is one that the person
    /// may not see.
    pub async fn visible(&self, viewer: &Viewer, reference: &str) -> Result<Option<ComplaintId>, StoreError> {
        for column in ["number", "intake_id"] {
            let sql = format!("SELECT c.id FROM complaints c WHERE c.{column} = $1");
            let found = viewer.visible_to(Statement::new(sql).with(reference));
            let found: Option<ComplaintKey> = found.first(&self.0.reader).await?;
            if let Some(found) = found {
                return Ok(Some(found.id));
            }
        }
        Ok(None)
    }
}
