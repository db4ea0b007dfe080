//! `AsAt`: a complaint as it stood at the end of a day, and the register of that day. It is told by the trail: from how things
//! stand now, what happened later is taken back. What was removed since is not told again.

use super::browsing::{RegisterPage, RegisterWish, Stage, after, binding_us, open};
use super::facts_at::{TELLING, facts_at, terms_at};
use super::visibility::viewer;
use super::{Workflow, WorkflowError};
use crate::calendar::{Calendar, CalendarError, Date, Moment};
use crate::complaint::{Complaint, ComplaintId, Deadline, DeadlineName, State};
use crate::store::{Choice, ListedComplaint, StoreError, StoredEvent, There, ToldChange};
use chrono::Days;
use std::collections::{HashMap, HashSet};

/// Complaints that are looked at together.
const TOGETHER: usize = 100;
/// The most complaints that are looked at for one page: what stood otherwise then is found by no index.
const MOST: usize = 2_000;
/// The days between which a complaint is looked for, before and after those that are asked for: by so many its receipt may be
/// corrected, or it may come in later than it was received. By its receipt or by its coming it is found.
const MARGIN_DAYS: u64 = 31;
/// The complaints behind the last that was there that are looked at as well: some are decided on before those that came earlier.
const OUT_OF_TURN: i64 = 100;

/// A complaint as it stood at the end of a day.
#[derive(Clone, Debug)]
pub struct AsAt {
    /// Its facts as they were: state, people, texts, days, flags, own fields and measures; the rest is as it is now.
    pub complaint: Complaint,
    /// Its terms, those that were over as well.
    pub terms: Vec<Deadline>,
    /// What had happened, oldest first.
    pub events: Vec<StoredEvent>,
    /// How much happened later.
    pub later: usize,
    /// The moment before which everything happened.
    pub until: Moment,
}

/// What is asked of the register of a day.
struct Asked<'w> {
    wish: &'w RegisterWish,
    until: Moment,
    calendar: &'w Calendar,
    open: HashSet<State>,
    binding: HashSet<DeadlineName>,
}

impl Workflow {
    /// Returns a complaint as it stood at the end of a local day; none where it was not in the register yet.
    pub async fn as_at(&self, id: ComplaintId, day: Date) -> Result<Option<AsAt>, WorkflowError> {
        let Some(case) = self.reading().case(id).await? else { return Ok(None) };
        let mut events = self.store.trail().events(id).await?;
        let terms = self.store.cases().deadlines(id).await?;
        let settings = self.settings();
        let Ok(until) = end_of(&settings.calendar, day) else { return Ok(None) };
        let changes: Vec<ToldChange> = events.iter().map(ToldChange::from).collect();
        let Some(complaint) = facts_at(case.complaint, &changes, until, &settings.calendar) else {
            return Ok(None);
        };
        let terms = terms_at(terms, &changes, until);
        let all = events.len();
        events.retain(|event| event.at < until);
        let later = all - events.len();
        Ok(Some(AsAt { complaint, terms, events, later, until }))
    }

    /// Returns a page of the register as it stood at the end of a local day, of what somebody may see now. A page may hold fewer
    /// than `limit` complaints and not be the last: 2,000 are looked at for one.
    pub(super) async fn register_as_at(
        &self,
        person: &str,
        wish: &RegisterWish,
        day: Date,
        limit: usize,
    ) -> Result<RegisterPage, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let (procedure, calendar) = (published.ruleset.procedure(), &*settings.calendar);
        let none = RegisterPage { complaints: Vec::new(), next: None };
        let Ok(until) = end_of(calendar, day) else { return Ok(none) };
        let (open, binding) = (open(procedure).into_iter(), binding_us(procedure).into_iter());
        let asked = Asked { wish, until, calendar, open: open.collect(), binding: binding.collect() };
        let choice = self.there(&asked).await?;
        let viewer = viewer(&settings, procedure, person, now);
        let (mut page, mut looked, mut from) = (none, 0, wish.sequence.clone());
        loop {
            let listed = self.store.register().page(&viewer, &choice, &from, TOGETHER).await?;
            let is_end = listed.len() < TOGETHER;
            let seen = listed.iter().filter(|one| self.sees(&one.facts, person, now)).cloned();
            let mut stood = self.stood(seen.collect(), &asked).await?;
            for (at, one) in (1..).zip(&listed) {
                page.complaints.extend(stood.remove(&one.id));
                looked += 1;
                let received = calendar.day_of(one.received_at).ok();
                let Some(behind) = received.and_then(|day| after(&from, one, day)) else { return Ok(page) };
                if page.complaints.len() == limit || looked == MOST {
                    let has_more = !is_end || at < listed.len();
                    page.next = has_more.then(|| RegisterWish { sequence: behind, ..wish.clone() });
                    return Ok(page);
                }
                if at == listed.len() {
                    from = behind;
                    break;
                }
            }
            if is_end {
                return Ok(page);
            }
        }
    }

    /// Returns the choice of all complaints that were there and may be asked for: whatever their receipt was corrected to since, they
    /// came when they came.
    async fn there(&self, asked: &Asked<'_>) -> Result<Choice, StoreError> {
        let last = ComplaintId(self.came_before(asked.until).await?.0 + OUT_OF_TURN);
        let (first_on, last_on) = asked.found_between();
        let whenever_from = match first_on.and_then(|day| asked.calendar.start_of(day).ok()) {
            Some(from) => ComplaintId((self.came_before(from).await?.0 - OUT_OF_TURN).max(0)),
            None => ComplaintId(0),
        };
        let whenever_to = match last_on.and_then(|day| end_of(asked.calendar, day).ok()) {
            Some(to) if to < asked.until => ComplaintId(self.came_before(to).await?.0 + OUT_OF_TURN),
            _ => last,
        };
        let there = There { last, whenever: (whenever_from, whenever_to) };
        Ok(Choice { received: (first_on, last_on), there: Some(there), ..Choice::default() })
    }

    /// Returns the last complaint of which anything happened before a moment; 0 where there is none. Keys are given in the order in
    /// which complaints come, so that it is looked for by halves.
    async fn came_before(&self, before: Moment) -> Result<ComplaintId, StoreError> {
        let newest = self.store.register().newest_comparable(1).await?;
        let (mut low, mut high) = (0, newest.first().map_or(0, |newest| newest.id.0));
        while low < high {
            let middle = low + (high - low) / 2;
            match self.store.trail().begun_from(ComplaintId(middle + 1)).await? {
                Some(first) if first.at < before => low = first.complaint_id.0,
                _ => high = middle,
            }
        }
        Ok(ComplaintId(low))
    }

    /// Returns those of a list that were in the register and are asked for, as they stood.
    async fn stood(
        &self,
        listed: Vec<ListedComplaint>,
        asked: &Asked<'_>,
    ) -> Result<HashMap<ComplaintId, ListedComplaint>, StoreError> {
        let ids: Vec<ComplaintId> = listed.iter().map(|one| one.id).collect();
        let mut events = self.store.trail().changes_of(&ids, TELLING).await?;
        let mut terms = self.store.cases().deadlines_of(&ids).await?;
        let stood = listed.into_iter().filter_map(|now| {
            let events = events.remove(&now.id).unwrap_or_default();
            let terms = terms_at(terms.remove(&now.id).unwrap_or_default(), &events, asked.until);
            let facts = facts_at(now.facts.clone(), &events, asked.until, asked.calendar)?;
            let next = terms.iter().filter(|term| term.runs()).map(|term| term.due).min();
            let next = next.and_then(|due| asked.calendar.day_of(due).ok());
            asked.wants(&facts, &terms).then(|| (now.id, as_listed(now, facts, next)))
        });
        Ok(stood.collect())
    }
}

impl Asked<'_> {
    /// Returns the days between which what is asked for is looked for.
    fn found_between(&self) -> (Option<Date>, Option<Date>) {
        let ((first, last), margin) = (self.wish.received, Days::new(MARGIN_DAYS));
        (
            first.and_then(|day| day.checked_sub_days(margin)),
            last.and_then(|day| day.checked_add_days(margin)),
        )
    }

    fn wants(&self, complaint: &Complaint, terms: &[Deadline]) -> bool {
        let wish = self.wish;
        let is_open = self.open.contains(&complaint.state);
        let is_of_stage = match &wish.stage {
            None => true,
            Some(Stage::Open) => is_open,
            Some(Stage::Closed) => !is_open,
            Some(Stage::In(state)) => complaint.state == *state,
        };
        let is_late =
            |term: &Deadline| term.runs() && term.due < self.until && self.binding.contains(&term.name);
        let received = self.calendar.day_of(complaint.received_at).ok();
        let is_received = wish.received.0.is_none_or(|first| received.is_some_and(|day| day >= first))
            && wish.received.1.is_none_or(|last| received.is_some_and(|day| day <= last));
        let is_of_person = wish.responsible.is_none() || wish.responsible == complaint.responsible;
        is_of_stage && is_received && is_of_person && (!wish.is_late || terms.iter().any(is_late))
    }
}

fn as_listed(now: ListedComplaint, facts: Complaint, next_deadline: Option<Date>) -> ListedComplaint {
    let (name, email) = (&facts.complainant.name, &facts.complainant.email);
    ListedComplaint {
        state: facts.state.clone(),
        complainant: if name.is_empty() { email.clone() } else { name.clone() },
        responsible: facts.responsible.clone(),
        received_at: facts.received_at,
        promised_by: facts.promised_by,
        next_deadline,
        is_faulty: false,
        facts,
        ..now
    }
}

/// Returns the moment at which a local day is over.
fn end_of(calendar: &Calendar, day: Date) -> Result<Moment, CalendarError> {
    Ok(calendar.end_of(day)?.plus_millis(1))
}
