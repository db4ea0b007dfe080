//! `complaints`: the facts of each complaint as JSON, and beside them what lists and queries ask for.

use super::deadlines::RUNS;
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{
    Case, Channel, Complaint, ComplaintId, Course, Deadline, Fault, FiringCount, IntakeId, Latch, Link,
    LinkKind, Name, Number, Related, State, Suspension, Tally,
};
use crate::store::column::{Cell, Json};
use crate::store::error::StoreError;
use crate::store::row::{put, row, view};
use crate::store::sets::ROWS;
use crate::store::statement::{On, Statement, Tx};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

row! {
    pub(in crate::store) struct ComplaintRow<'c> in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        intake_id: IntakeId,
        number: Option<Number>,
        version: i64,
        state: State,
        is_live: bool,
        subject: String,
        complainant_name: String,
        complainant_email: String,
        responsible: Option<String>,
        received_at: Moment,
        received_on: Date,
        promised_by: Option<Date>,
        decided_on: Option<Date>,
        solution: Option<String>,
        agreement: Option<Name>,
        description: Option<String>,
        wake_at: Option<Moment>,
        evaluated_under: String,
        decided_at: Moment,
        facts: Json<Cow<'c, Complaint>>,
        latches: Json<Cow<'c, [Latch]>>,
        suspensions: Json<Cow<'c, [Suspension]>>,
        faults: Json<Cow<'c, [Fault]>>,
        terms: Option<Json<Cow<'c, [Deadline]>>>,
        firings: Option<Json<Cow<'c, [FiringCount]>>>,
        course: Json<Course>,
        promised_first: Option<Date>,
        decision_days: Option<i64>,
        verdict: Option<Name>,
        ground: Option<Name>,
        cause_kind: Option<Name>,
        channel: Channel,
        escalation: Option<Name>,
        flags: Json<BTreeSet<Name>>,
        measures: Json<BTreeMap<Name, i64>>,
        own: Json<BTreeMap<Name, String>>,
        survey_sent_on: Option<Date>,
        survey_step: Option<i64>,
        late_from: Option<Moment>,
    }
}

row! {
    /// What reports count of a complaint, as it is added to a row from before that was kept.
    pub(in crate::store) struct TallyRow in "complaints" as "complaint" ("id") {
        pub id: ComplaintId,
        pub course: Json<Course>,
        pub promised_first: Option<Date>,
        pub decision_days: Option<i64>,
        pub verdict: Option<Name>,
        pub ground: Option<Name>,
        pub cause_kind: Option<Name>,
        pub channel: Channel,
        pub escalation: Option<Name>,
        pub flags: Json<BTreeSet<Name>>,
        pub measures: Json<BTreeMap<Name, i64>>,
        pub own: Json<BTreeMap<Name, String>>,
        pub survey_sent_on: Option<Date>,
        pub survey_step: Option<i64>,
    }
}

impl TallyRow {
    pub fn new(id: ComplaintId, tally: Tally) -> Self {
        Self {
            id,
            course: Json(tally.course),
            promised_first: tally.promised_first,
            decision_days: tally.decision_days,
            verdict: tally.verdict,
            ground: tally.ground,
            cause_kind: tally.cause_kind,
            channel: tally.channel,
            escalation: tally.escalation,
            flags: Json(tally.flags),
            measures: Json(tally.measures),
            own: Json(tally.own),
            survey_sent_on: tally.survey_sent_on,
            survey_step: tally.survey_step,
        }
    }
}

/// A case with the columns that only its row has.
#[derive(Clone, Debug)]
pub(in crate::store) struct Scheduled<'c> {
    pub case: &'c Case,
    pub is_live: bool,
    pub wake_at: Option<Moment>,
    /// The stamp of ruleset and settings of its last decision; empty before the first.
    pub stamp: &'c str,
    /// What reports count of it.
    pub tally: Tally,
    /// The soonest end of its running terms that bind the organisation.
    pub late_from: Option<Moment>,
}

impl<'c> ComplaintRow<'c> {
    pub fn new(scheduled: Scheduled<'c>, calendar: &Calendar) -> Result<Self, StoreError> {
        let (case, c, tally) = (scheduled.case, &scheduled.case.complaint, scheduled.tally);
        let received_on = calendar.day_of(c.received_at);
        Ok(Self {
            id: case.id,
            intake_id: c.intake_id.clone(),
            number: c.number.clone().filter(|n| !n.is_pending()),
            version: case.version,
            state: c.state.clone(),
            is_live: scheduled.is_live,
            subject: c.subject.clone(),
            complainant_name: c.complainant.name.clone(),
            complainant_email: c.complainant.email.clone(),
            responsible: c.responsible.clone(),
            received_at: c.received_at,
            received_on: received_on.map_err(|e| StoreError::unwritable("complaints", "received_on", e))?,
            promised_by: c.promised_by,
            decided_on: c.decided_on,
            solution: c.solution.clone(),
            agreement: c.agreement.clone(),
            description: c.description.clone(),
            wake_at: scheduled.wake_at,
            evaluated_under: scheduled.stamp.to_owned(),
            decided_at: case.decided_at,
            facts: Json(Cow::Borrowed(c)),
            latches: Json(Cow::Borrowed(&case.latches)),
            suspensions: Json(Cow::Borrowed(&case.suspensions)),
            faults: Json(Cow::Borrowed(&case.faults)),
            terms: Some(Json(Cow::Borrowed(&case.deadlines))),
            firings: Some(Json(Cow::Borrowed(&case.firings[..]))).filter(|_| !case.firings.is_empty()),
            course: Json(tally.course),
            promised_first: tally.promised_first,
            decision_days: tally.decision_days,
            verdict: tally.verdict,
            ground: tally.ground,
            cause_kind: tally.cause_kind,
            channel: tally.channel,
            escalation: tally.escalation,
            flags: Json(tally.flags),
            measures: Json(tally.measures),
            own: Json(tally.own),
            survey_sent_on: tally.survey_sent_on,
            survey_step: tally.survey_step,
            late_from: scheduled.late_from,
        })
    }
}

/// Puts the number that a complaint was given meanwhile in its row, which is cells already.
pub(in crate::store) fn renumber(row: &mut [Cell], c: &Complaint) -> Result<(), StoreError> {
    put::<ComplaintRow, _>(row, "number", c.number.clone())?;
    put::<ComplaintRow, _>(row, "facts", Json(Cow::Borrowed(c)))
}

view! {
    pub(in crate::store) struct ComplaintKey in "complaints" as "complaint" ("id") {
        pub id: ComplaintId,
    }
}

view! {
    pub(in crate::store) struct VersionRow in "complaints" as "complaint" ("id") {
        pub id: ComplaintId,
        pub version: i64,
    }
}

view! {
    /// The columns that a case is loaded from.
    pub(in crate::store) struct CaseRow in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        version: i64,
        decided_at: Moment,
        facts: Json<Complaint>,
        latches: Json<Vec<Latch>>,
        suspensions: Json<Vec<Suspension>>,
        faults: Json<Vec<Fault>>,
        wake_at: Option<Moment>,
        evaluated_under: String,
        terms: Option<Json<Vec<Deadline>>>,
        firings: Option<Json<Vec<FiringCount>>>,
    }
}

/// A case as it was loaded, and the place of its deadlines.
pub(in crate::store) struct Loaded {
    pub case: Case,
    /// True when the row was written before its terms stood beside the facts.
    pub is_without_terms: bool,
}

impl From<CaseRow> for Loaded {
    fn from(row: CaseRow) -> Self {
        let mut case = Case::new(row.id, row.facts.0);
        case.version = row.version;
        case.decided_at = row.decided_at;
        case.latches = row.latches.0;
        case.suspensions = row.suspensions.0;
        case.faults = row.faults.0;
        case.firings = row.firings.map(|f| f.0).unwrap_or_default();
        case.wake_at = row.wake_at;
        case.evaluated_under = row.evaluated_under;
        let is_without_terms = row.terms.is_none();
        if let Some(Json(terms)) = row.terms {
            case.deadlines = terms;
            // In one order, whatever the last decision left: decisions depend on nothing but facts.
            case.deadlines.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Self { case, is_without_terms }
    }
}

view! {
    /// Another complaint as one that is linked to it sees it.
    pub(in crate::store) struct RelatedRow in "complaints" as "complaint" ("id") {
        pub id: ComplaintId,
        number: Option<Number>,
        intake_id: String,
        state: State,
        subject: String,
        complainant_email: String,
        decided_on: Option<Date>,
    }
}

impl RelatedRow {
    pub fn related(&self, kind: LinkKind) -> Related {
        Related {
            id: self.id,
            kind,
            number: self.number.clone(),
            intake_id: self.intake_id.clone(),
            state: self.state.clone(),
            subject: self.subject.clone(),
            complainant_email: self.complainant_email.clone(),
            decided_on: self.decided_on,
        }
    }
}

view! {
    /// A complaint as threading sees it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Candidate in "complaints" as "complaint" ("id") {
        /// The store's key.
        pub id: ComplaintId,
        /// The intake id, as `I-2026-000001`.
        pub intake_id: String,
        /// The number; none until it is registered.
        pub number: Option<Number>,
        /// The complainant's address, in lower case; empty when unknown.
        pub complainant_email: String,
    }
}

view! {
    /// The facts alone.
    pub(in crate::store) struct FactsRow in "complaints" as "complaint" ("id") {
        pub facts: Json<Complaint>,
    }
}

view! {
    /// A complaint as the shortlist of similar ones compares it (docs/procedure.md row 26).
    #[derive(Clone, Debug)]
    pub struct Comparable in "complaints" as "complaint" ("id") {
        /// The store's key.
        pub id: ComplaintId,
        /// The intake id, as `I-2026-000001`.
        pub intake_id: String,
        /// The number; none until it is registered.
        pub number: Option<Number>,
        /// The main state.
        pub state: State,
        /// The day of the decision; none until it is decided.
        pub decided_on: Option<Date>,
        /// The complainant's address, in lower case; empty when unknown.
        pub sender: String,
        /// The subject of its first mail, as it was sent.
        pub subject: String,
        /// The first 4,000 characters of its first mail; none without a mail.
        pub text: Option<String>,
    }
}

impl Comparable {
    /// Returns the select of complaints `c`, to be narrowed.
    pub(in crate::store) fn statement() -> Statement {
        Statement::new(
            "SELECT c.id, c.intake_id, c.number, c.state, c.decided_on, c.complainant_email AS sender, c.subject, \
             (SELECT substr(m.body, 1, 4000) FROM mails m WHERE m.complaint_id = c.id ORDER BY m.id LIMIT 1) AS text \
             FROM complaints c",
        )
    }
}

view! {
    /// The columns that a line of a list is made of.
    pub(in crate::store) struct ListedRow in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        intake_id: String,
        number: Option<Number>,
        state: State,
        subject: String,
        complainant_name: String,
        complainant_email: String,
        responsible: Option<String>,
        received_at: Moment,
        promised_by: Option<Date>,
        next_deadline: Option<Date>,
        faults: Json<Vec<Fault>>,
        facts: Json<Complaint>,
    }
}

impl ListedRow {
    /// Returns the select of complaints `c`, to be narrowed.
    pub fn statement() -> String {
        format!(
            "SELECT c.id, c.intake_id, c.number, c.state, c.subject, c.complainant_name, c.complainant_email, \
             c.responsible, c.received_at, c.promised_by, c.facts, c.faults, \
             (SELECT MIN(due_on) FROM deadlines WHERE complaint_id = c.id AND {RUNS}) AS next_deadline \
             FROM complaints c"
        )
    }
}

/// A line of a list of complaints.
#[derive(Clone, Debug, Serialize)]
pub struct ListedComplaint {
    /// The store's key.
    #[serde(skip)]
    pub id: ComplaintId,
    /// The intake id, as `I-2026-000001`.
    pub intake_id: String,
    /// The number; none until it is registered.
    pub number: Option<Number>,
    /// The main state.
    pub state: State,
    /// The subject of its first mail.
    pub subject: String,
    /// The complainant's name, or the address when no name is known; empty when neither is.
    pub complainant: String,
    /// The address of the person responsible; none while nobody is.
    pub responsible: Option<String>,
    /// The moment at which the organisation first received it.
    #[serde(skip)]
    pub received_at: Moment,
    /// The day by which an answer is promised; none before it is.
    pub promised_by: Option<Date>,
    /// The local day on which the next armed deadline ends; it may lie in the past. None when none is armed.
    pub next_deadline: Option<Date>,
    /// True when a rule has failed for it under the ruleset in force.
    pub is_faulty: bool,
    /// All its facts.
    #[serde(skip)]
    pub facts: Complaint,
}

impl From<ListedRow> for ListedComplaint {
    fn from(row: ListedRow) -> Self {
        let (name, email) = (row.complainant_name, row.complainant_email);
        Self {
            id: row.id,
            intake_id: row.intake_id,
            number: row.number,
            state: row.state,
            subject: row.subject,
            complainant: if name.is_empty() { email } else { name },
            responsible: row.responsible,
            received_at: row.received_at,
            promised_by: row.promised_by,
            next_deadline: row.next_deadline,
            is_faulty: !row.faults.0.is_empty(),
            facts: row.facts.0,
        }
    }
}

view! {
    /// A line of the register: the six columns of the procedure (docs/procedure.md row 25), then number and
    /// state.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RegisterLine in "register" as "complaint" ("number") {
        /// The description of what happened; the subject of the first mail where there is none.
        pub description: String,
        /// The complainant's name; empty when no name is known.
        pub complainant: String,
        /// The address of the person responsible.
        pub responsible: Option<String>,
        /// The solution offered.
        pub solution: Option<String>,
        /// `yes`, `no`, `no_reply` or `not_applicable`; none until known.
        pub agreement: Option<Name>,
        /// The local day on which the organisation received it.
        pub date: Date,
        /// The number.
        pub number: Number,
        /// The main state.
        pub state: State,
    }
}

impl RegisterLine {
    /// Returns the cells in the order of the columns, as people read them; an empty one for what is not known
    /// yet.
    pub fn cells(self) -> [String; 8] {
        [
            self.description,
            self.complainant,
            self.responsible.unwrap_or_default(),
            self.solution.unwrap_or_default(),
            self.agreement.map(|name| name.to_string()).unwrap_or_default(),
            self.date.to_string(),
            self.number.to_string(),
            self.state.to_string(),
        ]
    }
}

/// The most earlier complaints of a sender that a new one is compared with.
const CANDIDATES: i64 = 50;

/// Returns links to the complaints of a sender, newest first.
pub(in crate::store) async fn candidates(tx: &mut Tx, email: &str) -> Result<Vec<Link>, StoreError> {
    let Some(same) = of_sender(email) else { return Ok(Vec::new()) };
    let rows: Vec<ComplaintKey> = same.all(tx).await?;
    Ok(rows.into_iter().map(|row| Link { kind: LinkKind::Candidate, other: row.id }).collect())
}

/// Returns the select of the newest complaints of a sender, newest first; none for an unknown sender.
pub(in crate::store) fn of_sender(email: &str) -> Option<Statement> {
    let same = "FROM complaints WHERE complainant_email = $1 ORDER BY id DESC LIMIT $2";
    (!email.is_empty()).then(|| Statement::select::<ComplaintKey>(same).with(email).with(CANDIDATES))
}

/// Returns which of these addresses are a complainant's.
pub(in crate::store) async fn senders_among<'c, S: AsRef<str>>(
    on: impl Into<On<'c>>,
    emails: impl Iterator<Item = S>,
) -> Result<HashSet<String>, StoreError> {
    let mut emails: Vec<String> =
        emails.map(|email| email.as_ref().to_owned()).filter(|email| !email.is_empty()).collect();
    emails.sort();
    emails.dedup();
    let mut on = on.into();
    let mut found = HashSet::new();
    for set in emails.chunks(ROWS) {
        let known = "SELECT DISTINCT complainant_email FROM complaints WHERE complainant_email IN ";
        let known = Statement::new(known).and_list(set);
        found.extend(known.values::<String>("complainant_email", on.again()).await?);
    }
    Ok(found)
}

/// Returns the statement that makes complaints due at a moment at the latest, up to its condition, which says which; its
/// first parameter is the moment. The version goes up, so a decision under way notices.
pub(in crate::store) fn waking(at: Moment) -> Statement {
    let earlier = "CASE WHEN wake_at < $1 THEN wake_at ELSE $1 END";
    Statement::new(format!("UPDATE complaints SET wake_at = {earlier}, version = version + 1 WHERE "))
        .with(at)
}

/// Makes complaints due at once.
pub(in crate::store) async fn wake(tx: &mut Tx, ids: &[ComplaintId], at: Moment) -> Result<(), StoreError> {
    for set in ids.chunks(ROWS) {
        waking(at).and("id IN ").and_list(set.iter().copied()).run(tx).await?;
    }
    Ok(())
}
