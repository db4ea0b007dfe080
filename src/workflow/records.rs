//! The director's records: conclusions under reports, and recommendations. Who keeps them is declared by the
//! procedure; each is an event of the audit trail.

use super::browsing::binding_us;
use super::renderer::Sending;
use super::report::{Counts, tally};
use super::standing::Standing;
use super::{Workflow, WorkflowError};
use crate::calendar::{Date, Moment};
use crate::complaint::{Event, EventKind, Name, Notification, Origin, Role, Text, Via};
use crate::message::BuiltinMessage;
use crate::rules::{Label, Procedure, ScheduleFacts, nearest};
use crate::store::{
    ConcludedReport, KeptReport, NewDelivery, Recommendation, RenderedNotification, StoreError,
};
use serde_json::json;
use std::collections::BTreeMap;

/// The longest text in characters; longer ones are refused.
const TEXT_CHARACTERS: usize = 20_000;

/// A reason why a record was not kept.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The person may not, or something is missing; in words for the person. Nothing was changed.
    #[error("{}", .0.en)]
    Refused(Text),
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for RecordError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

fn refused<T>(nl: impl Into<String>, en: impl Into<String>) -> Result<T, RecordError> {
    Err(RecordError::Refused(Text::new(nl, en)))
}

/// The changes of a recommendation; none leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub struct RecommendationChange {
    /// The recommendation in words.
    pub content: Option<String>,
    /// The one who follows it up.
    pub owner: Option<String>,
    /// The state, declared in `procedure.toml`.
    pub state: Option<String>,
    /// The latest finding about it.
    pub note: Option<String>,
    /// The local day on which it is to be looked at again.
    pub follow_up_on: Option<Date>,
    /// The numbers of complaints it follows from.
    pub complaints: Option<Vec<String>>,
}

/// The handle of the director's records.
#[derive(Clone, Copy, Debug)]
pub struct DirectorRecords<'w>(pub(super) &'w Workflow);

impl Workflow {
    /// Returns the handle of the director's records.
    pub fn records(&self) -> DirectorRecords<'_> {
        DirectorRecords(self)
    }
}

impl DirectorRecords<'_> {
    /// Reads the concluded reports, by period.
    pub async fn concluded_reports(self) -> Result<Vec<ConcludedReport>, StoreError> {
        self.0.store.records().concluded_reports().await
    }

    /// Reads the recommendations, oldest first.
    pub async fn recommendations(self) -> Result<Vec<Recommendation>, StoreError> {
        self.0.store.records().recommendations().await
    }

    /// Records conclusions under the report of a period (docs/procedure.md rows 36 and 37).
    pub async fn conclude_report(
        self,
        (from, to): (Date, Date),
        conclusions: &str,
        (by, via): (&str, Via),
    ) -> Result<(), RecordError> {
        let published = self.0.published();
        let procedure = published.ruleset.procedure();
        let now = self.0.now().await?;
        self.require(procedure, procedure.reports_concluded_by.as_ref(), by, now)?;
        filled(("conclusies", "conclusions"), conclusions)?;
        if self.0.settings().calendar.day_of(now).is_ok_and(|today| today <= to) {
            return refused(
                format!("de periode loopt tot en met {to}; stel het verslag daarna vast"),
                format!("the period ends on {to}; conclude its report after that"),
            );
        }
        let counts = self.report_counts(from, to).await?;
        let report = ConcludedReport {
            from,
            to,
            conclusions: conclusions.trim().to_owned(),
            counts: counts.to_string(),
            concluded_by: by.to_lowercase(),
            concluded_at: now,
        };
        let kept = self.to_keep(&[(from, to)], Some(&report.conclusions), now).await?;
        let data = json!({"from": from, "to": to, "reports": kept.iter().map(KeptReport::in_trail).collect::<Vec<_>>()});
        let summary = format!("report on {from} to {to} concluded");
        let event =
            event(EventKind::ReportConcluded, (by, via), summary, data, json!({"text": report.conclusions}));
        let data = json!({"from": from, "to": to, "conclusions": report.conclusions, "report": counts});
        let (notifications, deliveries) = self.conclusions(&procedure.reports_go_to, &data, now);
        let told = (&notifications[..], &deliveries[..]);
        if !self
            .0
            .store
            .records()
            .conclude_report(report, event, published.ruleset.hash(), kept, told)
            .await?
        {
            return refused(
                format!("het verslag van {from} tot en met {to} is al eerder vastgesteld"),
                format!("the report on {from} to {to} was concluded before"),
            );
        }
        self.0.outbox.ring();
        Ok(())
    }

    /// Words the conclusions for whom they are for; somebody with several of the roles reads them once.
    fn conclusions(
        self,
        roles: &[Role],
        data: &serde_json::Value,
        now: Moment,
    ) -> (Vec<RenderedNotification>, Vec<NewDelivery>) {
        let renderer = self.0.renderer();
        let (mut notifications, mut deliveries, mut told) = (Vec::new(), Vec::new(), Vec::new());
        for (ordinal, role) in (1..).zip(roles) {
            let message = BuiltinMessage::ReportConcluded.as_str().into();
            let of_engine = Notification::of_engine(role.clone().into(), message, data.clone());
            let notification = Notification { ordinal, ..of_engine };
            if renderer.is_told(&notification, None, now, &told) {
                continue;
            }
            let id = format!("report/{}/{}/{role}", data["from"], data["to"]).replace('"', "");
            let sending = Sending::alone(id, &notification, now, None);
            // The engine's own words go out when those in their place are broken, so that wording cannot fail.
            let Ok(sent) = renderer.notification(Sending { told: &told, ..sending }) else { continue };
            told.extend(sent.row.addresses.iter().cloned());
            notifications.push(sent.row);
            deliveries.extend(sent.deliveries);
        }
        (notifications, deliveries)
    }

    /// Adds a recommendation, or changes the one with `id` (docs/procedure.md row 38), and returns its id.
    pub async fn keep_recommendation(
        self,
        id: Option<i64>,
        change: RecommendationChange,
        (by, via): (&str, Via),
    ) -> Result<i64, RecordError> {
        let published = self.0.published();
        let procedure = published.ruleset.procedure();
        let now = self.0.now().await?;
        self.require(procedure, procedure.recommendations_kept_by.as_ref(), by, now)?;
        let mut kept = match id {
            None => self.new_recommendation(procedure, by, now)?,
            Some(id) => {
                match self.0.store.records().recommendations().await?.into_iter().find(|r| r.id == id) {
                    Some(found) => found,
                    None => {
                        return refused(
                            format!("er is geen aanbeveling {id}"),
                            format!("there is no recommendation {id}"),
                        );
                    }
                }
            }
        };
        apply(&mut kept, change, procedure)?;
        for number in &kept.complaints {
            if self.0.store.cases().find(number).await?.is_none() {
                return refused(
                    format!("er is geen klacht {number}"),
                    format!("there is no complaint {number}"),
                );
            }
        }
        kept.changed_at = now;
        let personal = json!({"text": kept.content, "owner": kept.owner, "note": kept.note});
        let (state, follow_up_on) = (kept.state.clone(), kept.follow_up_on);
        let event = |id: i64| {
            let data = json!({"recommendation": id, "state": state, "follow_up_on": follow_up_on});
            let summary = format!("recommendation {id}: {state}");
            event(EventKind::RecommendationRecorded, (by, via), summary, data, personal)
        };
        Ok(self.0.store.records().keep_recommendation(&kept, event, published.ruleset.hash()).await?)
    }

    fn new_recommendation(
        self,
        procedure: &Procedure,
        by: &str,
        now: Moment,
    ) -> Result<Recommendation, RecordError> {
        let Some(state) = procedure.recommendations.iter().find(|(_, r)| r.initial) else {
            return refused(
                "procedure.toml noemt geen [recommendations.…] met initial = true",
                "procedure.toml declares no [recommendations.…] with initial = true",
            );
        };
        let Ok(today) = self.0.settings().calendar.day_of(now) else {
            return refused("de klok staat buiten het bereik", "the clock is out of range");
        };
        Ok(Recommendation {
            id: 0,
            made_on: today,
            made_by: by.to_lowercase(),
            content: String::new(),
            owner: by.to_lowercase(),
            state: state.0.to_string(),
            note: String::new(),
            // Looked at again next year, unless said otherwise (docs/procedure.md row 38).
            follow_up_on: today.checked_add_months(chrono::Months::new(12)).unwrap_or(today),
            complaints: Vec::new(),
            changed_at: now,
        })
    }

    fn require(
        self,
        procedure: &Procedure,
        role: Option<&Role>,
        by: &str,
        now: Moment,
    ) -> Result<(), RecordError> {
        let Some(role) = role else {
            return refused("de procedure laat dit aan niemand over", "the procedure leaves this to nobody");
        };
        if Standing::new(&self.0.settings(), procedure, None, now).roles_of(&by.to_lowercase()).contains(role)
        {
            return Ok(());
        }
        let declared = procedure.roles.get(role);
        let (nl, en) = declared.map_or((role.as_str(), role.as_str()), |r| (r.nl.as_str(), r.en.as_str()));
        refused(format!("dit is aan de {nl}"), format!("{by} may not do this; it is for the {en}"))
    }

    /// Returns the recommendations that are still to be followed up.
    pub(super) async fn open_recommendations(self) -> Result<Vec<Recommendation>, StoreError> {
        let published = self.0.published();
        let declared = &published.ruleset.procedure().recommendations;
        let mut kept = self.0.store.records().recommendations().await?;
        kept.retain(|r| !declared.get(r.state.as_str()).is_some_and(|d| d.closed));
        Ok(kept)
    }

    /// Returns the facts that schedules may know beside the calendar.
    pub(super) async fn schedule_facts(self) -> Result<ScheduleFacts, StoreError> {
        let reports = self.0.store.records().concluded_reports().await?;
        let open = self.open_recommendations().await?;
        Ok(ScheduleFacts {
            concluded: reports.into_iter().map(|r| (r.from, r.to)).collect(),
            follow_ups: open.iter().map(|r| r.follow_up_on).collect(),
            since: self
                .0
                .store
                .publications()
                .first_at()
                .await?
                .and_then(|at| self.0.settings().calendar.day_of(at).ok()),
            received: BTreeMap::new(),
        })
    }

    /// Counts the complaints that came in within a period, as of a day. What is from before tallies were kept gets one first.
    pub(super) async fn counted(self, (from, to): (Date, Date), as_of: Date) -> Result<Counts, StoreError> {
        let published = self.0.published();
        self.count_older().await?;
        let sums = self.0.store.figures().counted(from, to, as_of).await?;
        Ok(Counts::of(&sums, published.ruleset.procedure()))
    }

    /// Makes the tallies of complaints from before those were kept.
    async fn count_older(self) -> Result<(), StoreError> {
        while self.count_some_older().await? > 0 {}
        Ok(())
    }

    /// Makes the tallies of some of them, and returns of how many.
    pub async fn count_some_older(self) -> Result<usize, StoreError> {
        let (published, settings) = (self.0.published(), self.0.settings());
        let procedure = published.ruleset.procedure();
        let older = self.0.store.figures().uncounted().await?;
        let tallies = older.iter().map(|(id, c)| (*id, tally(c, procedure, &settings.calendar)));
        let tallies: Vec<_> = tallies.collect();
        let counted = tallies.len();
        if counted > 0 {
            let figures = self.0.store.in_background().figures();
            figures.count_in(tallies, &binding_us(procedure)).await?;
        }
        Ok(counted)
    }

    pub(super) async fn today(self) -> Result<Date, StoreError> {
        let now = self.0.now().await?;
        Ok(self.0.settings().calendar.day_of(now).unwrap_or_default())
    }

    /// Returns the counts of a report, with the recommendations that are still to be followed up.
    pub async fn report_counts(self, from: Date, to: Date) -> Result<serde_json::Value, StoreError> {
        let published = self.0.published();
        let procedure = published.ruleset.procedure();
        let counts = self.counted((from, to), self.today().await?).await?;
        let mut counts = counts.to_json(procedure, self.0.settings().language, (from, to));
        let declared = &procedure.recommendations;
        let open = self.open_recommendations().await?;
        let rows = open.iter().map(|r| {
            let label = declared.get(r.state.as_str()).map(|d| Label { nl: d.nl.clone(), en: d.en.clone() });
            let label = label
                .map_or_else(|| r.state.clone(), |l| l.in_language(self.0.settings().language).to_owned());
            json!({
                "id": r.id, "content": r.content, "owner": r.owner, "state": label,
                "follow_up_on": r.follow_up_on, "note": r.note,
            })
        });
        counts["recommendations"] = rows.collect();
        Ok(counts)
    }
}

fn apply(
    kept: &mut Recommendation,
    change: RecommendationChange,
    procedure: &Procedure,
) -> Result<(), RecordError> {
    let RecommendationChange { content, owner, state, note, follow_up_on, complaints } = change;
    if let Some(content) = content {
        kept.content = content.trim().to_owned();
    }
    filled(("de aanbeveling", "the recommendation"), &kept.content)?;
    if let Some(state) = state {
        let known = &procedure.recommendations;
        if !known.contains_key(state.as_str()) {
            let hint = nearest(&state, known.keys().map(Name::as_str));
            let hint = |words: &str| hint.map(|n| format!("; {words} `{n}`?")).unwrap_or_default();
            return refused(
                format!("`{state}` is geen stand van een aanbeveling{}", hint("bedoelde u")),
                format!("`{state}` is not a state of recommendations{}", hint("did you mean")),
            );
        }
        kept.state = state;
    }
    kept.owner = owner.unwrap_or_else(|| kept.owner.clone());
    kept.note = note.unwrap_or_else(|| kept.note.clone());
    kept.follow_up_on = follow_up_on.unwrap_or(kept.follow_up_on);
    kept.complaints = complaints.unwrap_or_else(|| std::mem::take(&mut kept.complaints));
    Ok(())
}

fn filled((nl, en): (&str, &str), text: &str) -> Result<(), RecordError> {
    match text.trim().chars().count() {
        0 => refused(format!("{nl}: vul een tekst in"), format!("{en}: a text is needed")),
        n if n > TEXT_CHARACTERS => refused(
            format!("{nl}: langer dan {TEXT_CHARACTERS} tekens"),
            format!("{en}: longer than {TEXT_CHARACTERS} characters"),
        ),
        _ => Ok(()),
    }
}

fn event(
    kind: EventKind,
    (by, via): (&str, Via),
    summary: String,
    data: serde_json::Value,
    personal: serde_json::Value,
) -> Event {
    let origin = Origin::person(by.to_lowercase().as_str().into(), via);
    Event { kind, origin, summary, data, personal: Some(personal) }
}
