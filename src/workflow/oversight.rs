//! What somebody who oversees sees of the whole: what is late and why, what is escalated, whom is waited for, who has how much,
//! how much comes in, and what does not arrive. Roles oversee where the procedure says so.

use super::browsing::{binding_us, open};
use super::counting::Question;
use super::standing::Standing;
use super::visibility::viewer;
use super::{Workflow, WorkflowError};
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, ComplaintId, DeadlineName, Name, Recipient, Role};
use crate::rules::{Procedure, Side};
use crate::store::{Intake, ListedComplaint, Load, RunningTerm, Stuck, StuckLetter, TermCount};
use chrono::{Datelike, NaiveDate};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The most lines of each list.
const LINES: usize = 15;
/// A message that has waited for longer is stuck.
const WAITS_MILLIS: i64 = 86_400_000;

/// What somebody who oversees sees. Of each list the first 15 at most.
#[derive(Clone, Debug)]
pub struct OverseenWhole {
    /// The terms of the organisation that have passed, the longest ago first.
    pub late: Vec<LateTerm>,
    /// The number of all terms of the organisation that have passed.
    pub late_terms: i64,
    /// The open complaints that are escalated, the first received first.
    pub escalated: Vec<Escalated>,
    /// The running terms by who must meet them, the most first.
    pub waiting: Vec<WaitingFor>,
    /// The open complaints by who is responsible, the most first.
    pub loads: Vec<Load>,
    /// The registered complaints of each month of this year and of the year before it, to the month of today.
    pub months: Vec<Month>,
    /// The messages that do not arrive by any way, the newest first.
    pub stuck: Vec<StuckMessage>,
    /// The most lines of a list; where there are as many, there may be more.
    pub lines: usize,
    /// The moment at which it was counted; none where that is now. Lists are always of now.
    pub counted_at: Option<Moment>,
}

/// A term of the organisation that has passed.
#[derive(Clone, Debug)]
pub struct LateTerm {
    /// The number, or the intake id while there is none.
    pub reference: String,
    /// The subject of the complaint.
    pub subject: String,
    /// The term.
    pub term: DeadlineName,
    /// Its end.
    pub due: Moment,
    /// The role that must meet it.
    pub owner: Role,
    /// The address of who is responsible; none while nobody is.
    pub responsible: Option<String>,
    /// What holds it up, as far as that is known.
    pub because: Vec<LateBecause>,
}

/// What holds up a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateBecause {
    /// Nobody is responsible.
    NobodyResponsible,
    /// Who is responsible is absent today.
    Absent,
    /// A message about the complaint did not arrive.
    NotArrived,
    /// The complaint is escalated.
    Escalated,
}

/// A complaint that is escalated.
#[derive(Clone, Debug)]
pub struct Escalated {
    /// The number, or the intake id while there is none.
    pub reference: String,
    /// The subject of the complaint.
    pub subject: String,
    /// The step of the escalation.
    pub step: Name,
    /// The terms that run and wait for a role that oversees: each with its end and the role.
    pub terms: Vec<(DeadlineName, Moment, Role)>,
}

/// The running terms that wait for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingFor {
    /// The role; none for the complainant.
    pub role: Option<Role>,
    /// The number of terms that run.
    pub running: i64,
    /// The number of those that have ended.
    pub late: i64,
}

/// The registered complaints of one month and of the same month a year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// The first day of the month.
    pub first: Date,
    /// The number of this year's.
    pub registered: i64,
    /// The number of the year before.
    pub year_before: i64,
}

/// A message that does not arrive.
#[derive(Clone, Debug)]
pub struct StuckMessage {
    /// The number of its complaint, or the intake id while there is none.
    pub reference: String,
    /// The moment at which it was decided.
    pub at: Moment,
    /// The one it is for.
    pub recipient: Recipient,
    /// The subject, in one line.
    pub subject: String,
    /// Whether it was given up; else it waits.
    pub is_dead: bool,
    /// The id of its delivery.
    pub delivery: String,
}

impl Workflow {
    /// Returns the whole as somebody sees it who oversees.
    pub async fn oversee(&self, person: &str) -> Result<OverseenWhole, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let procedure = published.ruleset.procedure();
        let viewer = viewer(&settings, procedure, person, now);
        let (register, ours, open) = (self.store.register(), binding_us(procedure), open(procedure));
        let sees = |c: &Complaint| Standing::new(&settings, procedure, Some(c), now).sees(person);
        let today = settings.calendar.day_of(now).unwrap_or_default();
        let mut stuck = Vec::new();
        for kind in [Stuck::Dead, Stuck::WaitingSince(now.plus_millis(-WAITS_MILLIS))] {
            let letters = register.stuck(&viewer, kind, LINES).await?;
            stuck.extend(letters.into_iter().filter(|l| sees(l.facts())).map(|l| (kind == Stuck::Dead, l)));
        }
        let held_up: BTreeSet<ComplaintId> = stuck.iter().map(|(_, letter)| letter.complaint).collect();
        let late = register.late_terms(&viewer, &ours, now, LINES).await?;
        let late = late.into_iter().filter(|t| sees(t.facts())).map(|term| {
            let responsible = term.facts().responsible.clone();
            let person = responsible.as_deref().and_then(|r| settings.people.find(r));
            let because = [
                (LateBecause::NobodyResponsible, responsible.is_none()),
                (LateBecause::Absent, person.is_some_and(|p| p.is_absent(today))),
                (LateBecause::NotArrived, held_up.contains(&term.id)),
                (LateBecause::Escalated, term.facts().escalation.is_some()),
            ];
            late_term(term, because.into_iter().filter(|(_, is_so)| *is_so).map(|(why, _)| why).collect())
        });
        let late = late.collect();
        let mut escalated = register.escalated(&viewer, &open, LINES).await?;
        escalated.retain(|c| sees(&c.facts));
        let ids: Vec<ComplaintId> = escalated.iter().map(|c| c.id).collect();
        let mut terms = register.terms_of(&ids).await?;
        let oversees = |role: &Role| procedure.roles.get(role).is_some_and(|d| d.oversees);
        terms.retain(|t| ours.contains(&t.name) && oversees(&t.owner));
        let from = first_of(today.year() - 1, 1);
        let counts = self.kept_counts.counts(&self.store, Question { viewer, open, from }, now).await?;
        let mut loads = counts.loads.clone();
        loads.sort_by(|a, b| b.open.cmp(&a.open).then_with(|| a.responsible.cmp(&b.responsible)));
        let waiting = waiting(&counts.terms, procedure);
        Ok(OverseenWhole {
            late,
            late_terms: waiting.iter().filter(|w| w.role.is_some()).map(|w| w.late).sum(),
            escalated: escalated.iter().filter_map(|c| of_escalation(c, &terms)).collect(),
            waiting,
            loads,
            months: months(&counts.intake, today),
            stuck: stuck.into_iter().map(|(is_dead, letter)| stuck_message(letter, is_dead)).collect(),
            lines: LINES,
            counted_at: (counts.at != now).then_some(counts.at),
        })
    }
}

fn late_term(term: RunningTerm, because: Vec<LateBecause>) -> LateTerm {
    LateTerm {
        reference: term.facts().reference().to_owned(),
        responsible: term.facts().responsible.clone(),
        subject: term.subject,
        term: term.name,
        due: term.due,
        owner: term.owner,
        because,
    }
}

fn of_escalation(c: &ListedComplaint, terms: &[RunningTerm]) -> Option<Escalated> {
    let own = terms.iter().filter(|t| t.id == c.id);
    Some(Escalated {
        reference: c.facts.reference().to_owned(),
        subject: c.subject.clone(),
        step: c.facts.escalation.clone()?,
        terms: own.map(|t| (t.name.clone(), t.due, t.owner.clone())).collect(),
    })
}

fn stuck_message(letter: StuckLetter, is_dead: bool) -> StuckMessage {
    StuckMessage {
        reference: letter.facts().reference().to_owned(),
        at: letter.at,
        recipient: letter.recipient,
        subject: letter.subject,
        is_dead,
        delivery: letter.delivery,
    }
}

/// Puts together the terms that wait for the same role; those that bind the complainant wait for the complainant.
fn waiting(counts: &[TermCount], procedure: &Procedure) -> Vec<WaitingFor> {
    let mut by_role: BTreeMap<Option<Role>, (i64, i64)> = BTreeMap::new();
    for count in counts {
        let declared = procedure.deadlines.get(&count.name);
        let is_theirs = declared.is_some_and(|d| d.side == Side::Complainant);
        let role = (!is_theirs).then(|| count.owner.clone());
        let (running, late) = by_role.entry(role).or_default();
        *running += count.running;
        *late += count.late;
    }
    let mut waiting: Vec<WaitingFor> =
        by_role.into_iter().map(|(role, (running, late))| WaitingFor { role, running, late }).collect();
    waiting.sort_by_key(|w| Reverse(w.running));
    waiting
}

/// Returns every month of this year until today's, with the same month of the year before.
fn months(intake: &[Intake], today: Date) -> Vec<Month> {
    let of = |year: i32, month: u32| {
        let key = format!("{year:04}-{month:02}");
        intake.iter().find(|i| i.month == key).map_or(0, |i| i.registered)
    };
    let year = today.year();
    let months = 1..=today.month();
    months
        .map(|month| Month {
            first: first_of(year, month),
            registered: of(year, month),
            year_before: of(year - 1, month),
        })
        .collect()
}

fn first_of(year: i32, month: u32) -> Date {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
}
