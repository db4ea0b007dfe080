//! Reconciling: what the trail says happened against the facts as they stand. Whoever changes a fact behind the
//! program's back, or cuts the newest events off the trail, leaves the two in disagreement.

use super::column::Json;
use super::database::Database;
use super::digests;
use super::error::StoreError;
use super::row::{Row, view};
use super::statement::{Statement, Tx};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Deadline, EventKind, LetterStatus, Via};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The most events read at once.
const PAGE: i64 = 1_000;

/// A point in which the facts are not what the trail says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Disagreement {
    /// The number or intake id of the complaint, or `complaint N` when it is gone; `digests` for what was gathered.
    pub complaint: String,
    /// The point, and what each side says.
    pub what: String,
}

view! {
    struct CaseRow in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        intake_id: String,
        number: Option<String>,
        state: String,
        facts: Json<Value>,
        terms: Option<Json<Vec<Deadline>>>,
    }
}

view! {
    struct TermRow in "deadlines" as "deadline" ("complaint_id", "name", "instance") {
        complaint_id: ComplaintId,
        name: String,
        instance: i64,
        due: Moment,
        met_at: Option<Moment>,
        cancelled_at: Option<Moment>,
        breached_at: Option<Moment>,
        paused_at: Option<Moment>,
    }
}

view! {
    struct SentRow in "notifications" as "notification" ("id") {
        complaint_id: Option<ComplaintId>,
        version: i64,
        ordinal: i64,
    }
}

view! {
    struct MailsRow in "mails" as "complaint" ("complaint_id") {
        complaint_id: Option<ComplaintId>,
        mails: i64,
    }
}

view! {
    struct ToldRow in "events" as "event" ("seq") {
        seq: i64,
        complaint_id: Option<ComplaintId>,
        version: i64,
        at: Moment,
        kind: EventKind,
        via: Via,
        data: Json<Value>,
    }
}

/// What is known of one instance of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Term {
    due: i64,
    is_met: bool,
    is_cancelled: bool,
    is_breached: bool,
    /// The moment since which it is paused, where it is armed.
    paused_at: Option<i64>,
}

/// What is known of a complaint, from its events or from its rows.
#[derive(Clone, Debug, Default)]
struct Known {
    number: Option<String>,
    state: Option<String>,
    terms: BTreeMap<(String, i64), Term>,
    /// Messages by the version and the place of the decision that sent them.
    sent: BTreeSet<(i64, i64)>,
    /// The outcome of the latest letter of each message, where there is one.
    letters: BTreeMap<String, String>,
    mails: i64,
}

/// Compares the trail with the facts, as both stand at one instant. The list is empty when they agree.
pub(super) async fn reconcile(db: &Database) -> Result<Vec<Disagreement>, StoreError> {
    let mut tx = db.begin_reading().await?;
    let told = told(&mut tx).await?;
    let mut stands = standing(&mut tx).await?;
    let of_digests = digests::disagreements(&mut tx).await?.into_iter();
    let digests = |what| Disagreement { complaint: "digests".to_owned(), what };
    let mut found: Vec<Disagreement> = of_digests.map(digests).collect();
    for (id, told) in &told {
        let Some((reference, known)) = stands.remove(id) else {
            let what = "the trail tells of it, and it is not there".to_owned();
            found.push(Disagreement { complaint: format!("complaint {}", id.0), what });
            continue;
        };
        found.extend(compare(told, &known).map(|what| Disagreement { complaint: reference.clone(), what }));
    }
    // What nothing was decided about yet has no events, and nothing that follows from a decision.
    for (reference, known) in stands.into_values() {
        let is_decided = known.number.is_some() || !known.terms.is_empty() || !known.sent.is_empty();
        if is_decided {
            let what = "it was decided on, and the trail does not tell of it".to_owned();
            found.push(Disagreement { complaint: reference, what });
        }
    }
    Ok(found)
}

/// Gathers what the events say.
async fn told(tx: &mut Tx) -> Result<BTreeMap<ComplaintId, Known>, StoreError> {
    let mut told: BTreeMap<ComplaintId, Known> = BTreeMap::new();
    let mut after = 0;
    loop {
        let next = "FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";
        let next = Statement::select::<ToldRow>(next).with(after).with(PAGE);
        let events: Vec<ToldRow> = next.all(&mut *tx).await?;
        let Some(last) = events.last() else { return Ok(told) };
        after = last.seq;
        for event in &events {
            if let Some(id) = event.complaint_id {
                told.entry(id).or_default().take(event);
            }
        }
    }
}

impl Known {
    fn take(&mut self, event: &ToldRow) {
        let Json(data) = &event.data;
        let text = |key: &str| data[key].as_str().unwrap_or_default().to_owned();
        match event.kind {
            EventKind::Registered => self.number = Some(text("number")),
            EventKind::Entered => self.state = Some(text("to")),
            EventKind::Notified => {
                self.sent.insert((event.version, data["ordinal"].as_i64().unwrap_or_default()));
                // A letter that goes out anew has no outcome yet.
                self.letters.remove(&text("message"));
            }
            EventKind::LetterAccepted | EventKind::LetterFailed | EventKind::LetterRecalled => {
                let outcome = match event.kind {
                    EventKind::LetterAccepted => LetterStatus::Accepted,
                    EventKind::LetterRecalled => LetterStatus::Recalled,
                    _ => LetterStatus::Failed,
                };
                // What was called back may be an earlier letter of that name, or go to somebody else.
                if event.kind != EventKind::LetterRecalled || data["is_latest"] == true {
                    self.letters.insert(text("message"), outcome.to_string());
                }
            }
            EventKind::Received | EventKind::MailAdded | EventKind::ComplainantReplied => {
                self.mails += i64::from(event.via == Via::Mail);
            }
            EventKind::DeadlineArmed => {
                let due = data["due"].as_i64().unwrap_or_default();
                let term =
                    Term { due, is_met: false, is_cancelled: false, is_breached: false, paused_at: None };
                self.terms.insert(term_of(data), term);
            }
            EventKind::DeadlineMet => {
                self.change(data, |term| *term = Term { is_met: true, paused_at: None, ..*term });
            }
            EventKind::DeadlineCancelled => {
                self.change(data, |term| *term = Term { is_cancelled: true, paused_at: None, ..*term });
            }
            EventKind::DeadlinePaused => self.change(data, |term| term.paused_at = Some(event.at.millis())),
            EventKind::DeadlineResumed => {
                let due = data["due"].as_i64().unwrap_or_default();
                self.change(data, |term| *term = Term { due, paused_at: None, ..*term });
            }
            EventKind::DeadlineBreached => self.change(data, |term| term.is_breached = true),
            _ => {}
        }
    }

    fn change(&mut self, data: &Value, change: impl FnOnce(&mut Term)) {
        if let Some(term) = self.terms.get_mut(&term_of(data)) {
            change(term);
        }
    }
}

fn term_of(data: &Value) -> (String, i64) {
    (data["deadline"].as_str().unwrap_or_default().to_owned(), data["instance"].as_i64().unwrap_or_default())
}

/// Gathers what the rows say, with the name of each complaint.
async fn standing(tx: &mut Tx) -> Result<BTreeMap<ComplaintId, (String, Known)>, StoreError> {
    let mut found = BTreeMap::new();
    for row in Statement::select::<CaseRow>("FROM complaints").all::<CaseRow>(&mut *tx).await? {
        let Json(facts) = row.facts;
        let reference = row.number.clone().unwrap_or(row.intake_id);
        let mut known = Known { number: row.number, state: Some(row.state), ..Known::default() };
        // The columns are for lists; decisions are made on the facts beside them.
        known.number = agreed(known.number, facts["number"].as_str());
        known.state = agreed(known.state, facts["state"].as_str());
        for (message, letter) in facts["letters"].as_object().into_iter().flatten() {
            let status = letter["status"].as_str().unwrap_or_default();
            known.letters.insert(message.clone(), status.to_owned());
        }
        for d in row.terms.map_or_else(Vec::new, |Json(terms)| terms) {
            let term = Term {
                due: d.due.millis(),
                is_met: d.met_at.is_some(),
                is_cancelled: d.cancelled_at.is_some(),
                is_breached: d.breached_at.is_some(),
                paused_at: d.paused_at().map(Moment::millis),
            };
            known.terms.insert((d.name.as_str().to_owned(), i64::from(d.instance)), term);
        }
        found.insert(row.id, (reference, known));
    }
    add_tables(tx, &mut found).await?;
    Ok(found)
}

/// Returns the value when column and facts have the same, and a word for both when they do not.
fn agreed(column: Option<String>, fact: Option<&str>) -> Option<String> {
    match (column, fact) {
        (column, fact) if column.as_deref() == fact => column,
        (column, fact) => {
            let said = |text: Option<&str>| text.unwrap_or("none").to_owned();
            Some(format!("{} in its column and {} in its facts", said(column.as_deref()), said(fact)))
        }
    }
}

async fn add_tables(
    tx: &mut Tx,
    found: &mut BTreeMap<ComplaintId, (String, Known)>,
) -> Result<(), StoreError> {
    for row in Statement::select::<TermRow>("FROM deadlines").all::<TermRow>(&mut *tx).await? {
        let Some((_, known)) = found.get_mut(&row.complaint_id) else { continue };
        let term = Term {
            due: row.due.millis(),
            is_met: row.met_at.is_some(),
            is_cancelled: row.cancelled_at.is_some(),
            is_breached: row.breached_at.is_some(),
            paused_at: row.paused_at.map(Moment::millis),
        };
        let place = known.terms.entry((row.name, row.instance)).or_insert(term);
        if *place != term {
            // The row and the copy that decisions are made on differ: neither is what the trail says of both.
            *place = Term { due: 0, ..term };
        }
    }
    let sent = "FROM notifications WHERE complaint_id IS NOT NULL AND version > 0";
    for row in Statement::select::<SentRow>(sent).all::<SentRow>(&mut *tx).await? {
        if let Some((_, known)) = row.complaint_id.and_then(|id| found.get_mut(&id)) {
            known.sent.insert((row.version, row.ordinal));
        }
    }
    let mails = "SELECT complaint_id, COUNT(*) AS mails FROM mails WHERE complaint_id IS NOT NULL GROUP BY complaint_id";
    debug_assert_eq!(MailsRow::COLUMNS, ["complaint_id", "mails"]);
    for row in Statement::new(mails).all::<MailsRow>(&mut *tx).await? {
        if let Some((_, known)) = row.complaint_id.and_then(|id| found.get_mut(&id)) {
            known.mails = row.mails;
        }
    }
    Ok(())
}

/// Names the points in which a complaint is not what its events say.
fn compare<'k>(told: &'k Known, stands: &'k Known) -> impl Iterator<Item = String> + 'k {
    let mut found = Vec::new();
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    if told.number != stands.number {
        let (trail, fact) = (said(&told.number), said(&stands.number));
        found.push(format!("its number is {fact}, and by the trail {trail}"));
    }
    if told.state.is_some() && told.state != stands.state {
        let (trail, fact) = (said(&told.state), said(&stands.state));
        found.push(format!("its state is {fact}, and by the trail {trail}"));
    }
    let terms: BTreeSet<_> = told.terms.keys().chain(stands.terms.keys()).collect();
    for term in terms {
        if told.terms.get(term) != stands.terms.get(term) {
            let (name, instance) = term;
            found.push(format!("its deadline {name} (number {instance}) is not as the trail tells"));
        }
    }
    for (version, ordinal) in told.sent.symmetric_difference(&stands.sent) {
        let side =
            if told.sent.contains(&(*version, *ordinal)) { "is not there" } else { "is not in the trail" };
        found.push(format!("its message {version}/{ordinal} {side}"));
    }
    for (message, outcome) in &told.letters {
        let fact = stands.letters.get(message);
        if fact.is_some_and(|fact| fact != outcome) {
            let fact = fact.map_or("none", String::as_str);
            found.push(format!("its letter {message} is {fact}, and by the trail {outcome}"));
        }
    }
    if stands.mails < told.mails {
        found.push(format!("it has {} mails, and by the trail {}", stands.mails, told.mails));
    }
    found.into_iter()
}
