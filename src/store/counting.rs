//! Counting for reports: the complaints of a period by what stands in their tallies, as sums. What a course counts as is not
//! known here; every sum is told apart by course.

use super::alike::{Counting, Promise};
use super::column::Json;
use super::error::{StoreError, readable};
use super::figures::Figures;
use super::row::{Row, view};
use super::sets::update;
use super::statement::Statement;
use super::tables::complaints::TallyRow;
use super::tables::deadlines::RUNS;
use super::tables::group_keys::GroupableRow;
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, ComplaintId, Course, DeadlineName, Name, State, Tally};

/// The complaints of which the tallies are written in one transaction.
const PART: usize = 500;

view! {
    /// Complaints that are alike.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Counted in "complaints" as "sum" ("counted_by") {
        /// By what they are alike.
        pub by: Counting = "counted_by",
        /// The states they have been in, as JSON.
        course: String,
        /// What they have in common; none where that is not known.
        pub value: Option<String>,
        /// The second thing that they have in common.
        pub other: Option<String>,
        /// How many there are.
        pub count: i64,
    }
}

impl Counted {
    /// The word for complaints that have a number.
    pub const NUMBERED: &str = "numbered";
    const UNNUMBERED: &str = "unnumbered";

    /// Makes one of a complaint in memory.
    pub fn one(by: Counting, tally: &Tally, value: Option<String>, other: Option<String>) -> Self {
        Self { by, course: json(&tally.course), value, other, count: 1 }
    }

    /// Returns the states they have been in.
    pub fn course(&self) -> Course {
        serde_json::from_str(&self.course).unwrap_or_default()
    }

    /// Returns the text by which courses are told apart.
    pub fn course_text(&self) -> &str {
        &self.course
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Returns the sums to which one complaint in memory belongs, each of one: what the statement says, said of one row.
pub fn counted_alone(c: &Complaint, tally: &Tally, received_on: Date, as_of: Date) -> Vec<Counted> {
    let one = |by, value: Option<String>, other: Option<String>| Counted::one(by, tally, value, other);
    let named = |by, name: &Option<Name>| one(by, name.as_ref().map(ToString::to_string), None);
    let month = received_on.format("%Y-%m").to_string();
    let numbered = if c.number.is_some() { Counted::NUMBERED } else { Counted::UNNUMBERED };
    let promise = match (c.decided_on, tally.promised_first) {
        (Some(_), None) => Promise::None,
        (Some(decided), Some(promised)) if decided <= promised => Promise::Kept,
        (Some(_), Some(_)) => Promise::Broken,
        (None, Some(promised)) if promised < as_of => Promise::Overdue,
        (None, _) => Promise::Open,
    };
    let mut sums = vec![
        one(Counting::Month, Some(month.clone()), Some(numbered.to_owned())),
        one(Counting::Term, Some(month), Some(promise.to_string())),
        named(Counting::Ground, &tally.ground),
        named(Counting::Cause, &tally.cause_kind),
        one(Counting::Channel, Some(tally.channel.to_string()), None),
        named(Counting::Escalation, &tally.escalation),
        one(Counting::Flags, Some(json(&tally.flags)), None),
        one(Counting::Measures, Some(json(&tally.measures)), None),
        one(Counting::Own, Some(json(&tally.own)), None),
    ];
    if let Some(days) = tally.decision_days {
        let (verdict, agreement) = (c.verdict.as_ref(), c.agreement.as_ref());
        let outcome = (verdict.map(ToString::to_string), agreement.map(ToString::to_string));
        sums.push(one(Counting::Outcome, outcome.0, outcome.1));
        sums.push(one(Counting::Days, Some(days.to_string()), None));
    }
    sums
}

/// Returns the part of the statement that sums what is alike in some columns of the groups.
fn sum(by: Counting, value: &str, other: &str, condition: &str) -> String {
    format!(
        "SELECT '{by}' AS counted_by, course, {value} AS value, {other} AS other, CAST(SUM(count) AS BIGINT) AS count \
         FROM groups_of {condition} GROUP BY course, {value}, {other}"
    )
}

/// Returns the statement of all sums. Its parameters: the first and the last day, and the day as of which it is asked.
fn sums() -> String {
    const NONE: &str = "CAST(NULL AS TEXT)";
    let alone = |by, column| sum(by, column, NONE, "");
    let parts = [
        sum(Counting::Month, "month", "numbered", ""),
        sum(Counting::Term, "month", "promise", ""),
        sum(Counting::Outcome, "verdict", "agreement", "WHERE is_decided = 1"),
        alone(Counting::Ground, "ground"),
        alone(Counting::Cause, "cause_kind"),
        alone(Counting::Channel, "channel"),
        alone(Counting::Escalation, "escalation"),
        alone(Counting::Flags, "flags"),
        alone(Counting::Measures, "measures"),
        alone(Counting::Own, "own"),
    ];
    // The complaints are gone through twice; what follows is of groups.
    format!(
        "WITH groups_of AS MATERIALIZED (SELECT course, verdict, agreement, ground, cause_kind, channel, escalation, flags, \
         measures, own, substr(received_on, 1, 7) AS month, \
         CASE WHEN number IS NULL THEN '{}' ELSE '{}' END AS numbered, \
         CASE WHEN decided_on IS NULL THEN 0 ELSE 1 END AS is_decided, \
         CASE WHEN decided_on IS NULL THEN CASE WHEN promised_first < $3 THEN '{}' ELSE '{}' END \
         WHEN promised_first IS NULL THEN '{}' WHEN decided_on <= promised_first THEN '{}' ELSE '{}' END AS promise, \
         COUNT(*) AS count FROM complaints WHERE received_on >= $1 AND received_on <= $2 AND course IS NOT NULL \
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14) {} \
         UNION ALL SELECT '{}' AS counted_by, course, CAST(decision_days AS TEXT) AS value, {NONE} AS other, COUNT(*) AS count \
         FROM complaints WHERE received_on >= $1 AND received_on <= $2 AND decision_days IS NOT NULL \
         GROUP BY course, decision_days",
        Counted::UNNUMBERED,
        Counted::NUMBERED,
        Promise::Overdue,
        Promise::Open,
        Promise::None,
        Promise::Kept,
        Promise::Broken,
        parts.join(" UNION ALL "),
        Counting::Days,
    )
}

view! {
    /// The terms of one name that ended within a period.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EndedTerms in "deadlines" as "term" ("name") {
        /// The term.
        pub name: DeadlineName,
        /// The number that were met in time.
        pub kept: i64,
        /// The number that were met late, or are not met yet.
        pub broken: i64,
    }
}

view! {
    /// The complaints that were asked how satisfied they are with the handling, by what they answered.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Surveyed in "complaints" as "answer" ("step") {
        /// True for those of the earlier period.
        pub is_earlier: bool,
        /// The number of the step; none for those that did not answer.
        pub step: Option<i64>,
        /// How many there are.
        pub count: i64,
    }
}

impl Figures {
    /// Counts the complaints of which the first letter with the question went within a period, and within an earlier one, by the
    /// answer. A period is its first and last local day.
    pub async fn surveyed(
        &self,
        (from, to): (Date, Date),
        (earlier_from, earlier_to): (Date, Date),
    ) -> Result<Vec<Surveyed>, StoreError> {
        let asked = |is_earlier, first, last| {
            format!(
                "SELECT CAST({is_earlier} AS BIGINT) AS is_earlier, survey_step AS step, COUNT(*) AS count FROM complaints \
                 WHERE survey_sent_on >= ${first} AND survey_sent_on <= ${last} GROUP BY survey_step"
            )
        };
        let both = format!("{} UNION ALL {}", asked(0, 1, 2), asked(1, 3, 4));
        let both = Statement::new(both).with(from).with(to).with(earlier_from).with(earlier_to);
        both.all(&self.0.reader).await
    }

    /// Counts the terms that ended from one local day to another, both included, and before a moment, by name; without those
    /// that stand still, or were cancelled or replaced in time.
    pub async fn ended_terms(
        &self,
        from: Date,
        to: Date,
        now: Moment,
    ) -> Result<Vec<EndedTerms>, StoreError> {
        let ended = "SELECT name, SUM(CASE WHEN breached_at IS NULL AND met_at <= due THEN 1 ELSE 0 END) AS kept, \
             SUM(CASE WHEN breached_at IS NULL AND met_at <= due THEN 0 ELSE 1 END) AS broken FROM deadlines \
             WHERE due_on >= $1 AND due_on <= $2 AND due < $3 AND paused_at IS NULL \
             AND (breached_at IS NOT NULL OR (cancelled_at IS NULL AND replaced_at IS NULL)) GROUP BY name";
        Statement::new(ended).with(from).with(to).with(now).all(&self.0.reader).await
    }

    /// Sums the complaints that came in from one local day to another, both included, as they are on a day.
    pub async fn counted(&self, from: Date, to: Date, as_of: Date) -> Result<Vec<Counted>, StoreError> {
        Statement::new(sums()).with(from).with(to).with(as_of).all(&self.0.reader).await
    }

    /// Counts the complaints in these states that came in before a day and were decided by none.
    pub async fn carried_over(&self, before: Date, states: &[State]) -> Result<i64, StoreError> {
        let states = states.iter().map(ToString::to_string).chain([String::new()]);
        let carried =
            Statement::counting("complaints WHERE decided_on IS NULL AND received_on < $1 AND state IN ");
        carried.with(before).and_list(states).count(&self.0.reader).await
    }

    /// Reads some complaints from before tallies were kept, each with its facts; none when all have one.
    pub async fn uncounted(&self) -> Result<Vec<(ComplaintId, Complaint)>, StoreError> {
        let sql = format!(
            "SELECT {} FROM complaints WHERE course IS NULL ORDER BY id LIMIT {PART}",
            GroupableRow::columns()
        );
        let mut found = Vec::new();
        for row in Statement::new(sql).each::<GroupableRow>(&self.0.reader).await? {
            if let Some(GroupableRow { id, facts: Json(facts) }) = readable(row)? {
                found.push((id, facts));
            }
        }
        Ok(found)
    }

    /// Writes the tallies of complaints that have none, and when they are late by these terms; a decision that came meanwhile
    /// has written its own.
    pub async fn count_in(
        &self,
        tallies: Vec<(ComplaintId, Tally)>,
        binding: &[DeadlineName],
    ) -> Result<(), StoreError> {
        let columns = TallyRow::COLUMNS.iter().filter(|column| **column != "id");
        let set: Vec<String> = columns.map(|column| format!("{column} = v.{column}")).collect();
        let change =
            format!("{} FROM v WHERE complaints.id = v.id AND complaints.course IS NULL", set.join(", "));
        let ids: Vec<ComplaintId> = tallies.iter().map(|(id, _)| *id).chain([ComplaintId(0)]).collect();
        let rows = tallies.into_iter().map(|(id, tally)| TallyRow::new(id, tally)).collect();
        let late = Statement::new(format!(
            "UPDATE complaints SET late_from = (SELECT MIN(due) FROM deadlines d WHERE d.complaint_id = complaints.id AND {RUNS} AND d.name IN "
        ));
        let late = late.and_list(binding.iter().map(ToString::to_string).chain([String::new()]));
        let late = late.and(") WHERE course IS NULL AND id IN ").and_list(ids);
        let mut tx = self.0.begin().await?;
        late.run(&mut tx).await?;
        update(&mut tx, rows, &change).await?;
        self.0.finish(tx).await
    }
}
