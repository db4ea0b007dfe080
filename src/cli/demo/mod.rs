//! `redress demo`: seven months of sample mail through the procedure in seconds, on a virtual clock.
//!
//! People act only through the function behind `redress act`; everything else is rules and time.

mod earlier;
mod page;
mod script;
mod spreadsheet;

use super::output::clip;
use super::{Failure, Output};
use crate::app::{App, Places, mark_rehearsal};
use crate::calendar::Moment;
use crate::clock::{Clock, VirtualClock};
use crate::complaint::{Actor, ComplaintId, ContactChannel, EventKind, Party, Via};
use crate::delivery::Mode;
use crate::intake::{Contact, ingest, log_contact};
use crate::store::{RegisterLine, StoredEvent};
use crate::workflow::RecommendationChange;
use clap::Args;
use script::{Doing, Step};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The mark of a folder that a demonstration may replace.
const DEMO: &str = "demo";

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Complaints of earlier years beside them, taken over from a spreadsheet, for a register of any size
    #[arg(long, default_value_t = 0, value_name = "N")]
    complaints: usize,
    /// Offer the page on it afterwards, with a person for each role to sign in as
    #[arg(long)]
    serve: bool,
}

impl Demo {
    pub async fn run(self, places: &Places, output: &Output) -> Result<(), Failure> {
        if places.clock.is_some() {
            return Err(Failure::usage("demo brings its own time; leave --clock out"));
        }
        if self.serve && output.json {
            return Err(Failure::usage("demo --serve is for people; leave --json out"));
        }
        let mut places = places.clone();
        if places.data.as_os_str() == "data" {
            places.data = PathBuf::from("demo-data");
        }
        prepare_folder(&places)?;
        let clock = VirtualClock::new(script::start());
        mark_rehearsal(&places.data, clock.now())?;
        let app = App::open_with(&places, Arc::new(clock.clone()), Mode::Rehearsal).await?;
        let mut play =
            Play { app: &app, clock: &clock, output, seen: 0, month: String::new(), cases: BTreeMap::new() };
        play.narrate().await?;
        for step in script::steps() {
            play.until(step.at).await?;
            play.perform(&step).await?;
        }
        play.until(script::end()).await?;
        mark_rehearsal(&places.data, clock.now())?;
        play.finish(&places).await?;
        earlier::take_over(&app, &places, self.complaints, output).await?;
        if self.serve {
            page::serve(&app, output).await?;
        }
        app.close().await;
        Ok(())
    }
}

fn prepare_folder(places: &Places) -> Result<(), Failure> {
    let folder = &places.data;
    let is_empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty && !folder.join(DEMO).exists() {
        return Err(Failure::new(format!(
            "{} is not a demo folder and is left alone; name another with --data",
            folder.display()
        )));
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    crate::files::make_folder(folder)?;
    Ok(std::fs::write(folder.join(DEMO), "Replaced by the next `redress demo`.\n")?)
}

struct Play<'p> {
    app: &'p App,
    clock: &'p VirtualClock,
    output: &'p Output,
    /// The last event that was told.
    seen: i64,
    month: String,
    /// The complaint that each sample mail became.
    cases: BTreeMap<&'static str, String>,
}

impl Play<'_> {
    /// Lets time pass, stopping wherever something is due.
    async fn until(&mut self, to: Moment) -> Result<(), Failure> {
        loop {
            self.app.turn().await?;
            self.narrate().await?;
            let decisions = self.app.workflow.next_due().await?;
            let mails = self.app.workflow.delivering().next_first_attempt().await?;
            let next = [decisions, mails].into_iter().flatten().min().filter(|n| *n <= to);
            let Some(next) = next else { break };
            self.clock.advance_to(next);
        }
        self.clock.advance_to(to);
        Ok(())
    }

    async fn perform(&mut self, step: &Step) -> Result<(), Failure> {
        match &step.doing {
            Doing::Mail { name, raw } => {
                let raw = self.fill(raw);
                let taken = ingest(&self.app.workflow, raw.bytes(), name).await;
                let taken = taken.map_err(|e| Failure::new(e.to_string()))?;
                if let Some(id) = taken.intake_id {
                    self.cases.insert(name, id);
                } else {
                    self.tell(&format!("mail {name}: {:?}, not answered", taken.outcome).to_lowercase(), "");
                }
            }
            Doing::Act { case, actor, action, input } => {
                let Some(reference) = self.cases.get(case).cloned() else {
                    return Err(Failure::new(format!("the sample mail {case} has not come yet")));
                };
                let input: BTreeMap<String, Value> =
                    input.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect();
                let acted = self.app.workflow.act(&reference, action, actor, input, Via::CommandLine).await;
                acted.map_err(|e| Failure::new(format!("{action} on {case}: {e}")))?;
            }
            other => self.record(other).await?,
        }
        self.app.turn().await?;
        self.narrate().await
    }

    /// Does what people do about the procedure as a whole, and what reaches it by telephone.
    async fn record(&mut self, doing: &Doing) -> Result<(), Failure> {
        let workflow = &self.app.workflow;
        match doing {
            Doing::Contact { name, who: (person, email), subject } => {
                let contact = Contact {
                    channel: ContactChannel::Phone,
                    complainant: Party { name: (*person).to_owned(), email: (*email).to_owned() },
                    subject: (*subject).to_owned(),
                    text: String::new(),
                    on: None,
                    by: script::RECEIVER.to_owned(),
                    via: Via::CommandLine,
                };
                let logged = log_contact(workflow, contact).await;
                let logged = logged.map_err(|e| Failure::new(e.to_string()))?;
                self.cases.insert(name, logged.unwrap_or_default());
            }
            Doing::Conclude { period, conclusions } => {
                let concluded = workflow
                    .records()
                    .conclude_report(*period, conclusions, (script::DIRECTOR, Via::CommandLine))
                    .await;
                concluded.map_err(|e| Failure::new(e.to_string()))?;
            }
            Doing::Recommend { content } => {
                let change =
                    RecommendationChange { content: Some((*content).to_owned()), ..Default::default() };
                let kept = workflow
                    .records()
                    .keep_recommendation(None, change, (script::DIRECTOR, Via::CommandLine))
                    .await;
                kept.map_err(|e| Failure::new(e.to_string()))?;
            }
            Doing::Mail { .. } | Doing::Act { .. } => {}
        }
        Ok(())
    }

    /// Replies of complainants name the case that they answer.
    fn fill<'r>(&self, raw: &'r script::Raw) -> script::Filled<'r> {
        raw.fill(|case| self.cases.get(case).cloned().unwrap_or_default())
    }

    async fn narrate(&mut self) -> Result<(), Failure> {
        let events = self.app.workflow.reading().trail().events_after(self.seen).await?;
        for event in events {
            self.seen = event.seq;
            if let Some(line) = worth_telling(&event) {
                let reference = match event.complaint_id {
                    Some(id) => self.reference(id).await?,
                    None => String::new(),
                };
                self.tell_at(event.at, &line, &reference);
            }
        }
        Ok(())
    }

    async fn reference(&self, id: ComplaintId) -> Result<String, Failure> {
        let found = self.app.workflow.reading().candidate(id).await?;
        Ok(found.map(|f| f.number.map_or(f.intake_id, |n| n.to_string())).unwrap_or_default())
    }

    fn tell(&mut self, line: &str, reference: &str) {
        self.tell_at(self.clock.now(), line, reference);
    }

    fn tell_at(&mut self, at: Moment, line: &str, reference: &str) {
        if self.output.json {
            return;
        }
        let Ok(local) = self.app.settings.calendar.local(at) else { return };
        let month = local.format("%B %Y").to_string();
        if month != self.month {
            self.output.line(format!("\n── {month} ──"));
            self.month = month;
        }
        self.output.line(format!("{}  {reference:<14}  {line}", local.format("%a %d %H:%M")));
    }

    async fn finish(&self, places: &Places) -> Result<(), Failure> {
        let register = self.app.workflow.reading().register().lines().await?;
        let register: Vec<[String; 8]> = register.into_iter().map(RegisterLine::cells).collect();
        let letters = std::fs::read_dir(places.data.join("outbox")).map_or(0, Iterator::count);
        let audit = self.app.workflow.reading().trail().verify().await?;
        if self.output.json {
            self.output.document(&json!({"register": register, "messages": letters, "events": self.seen}));
            return Ok(());
        }
        self.output.line("\nThe register\n");
        let rows: Vec<Vec<String>> = register
            .iter()
            .map(|row| row.iter().map(|cell| clip(&cell.replace('\n', " "), 38)).collect())
            .collect();
        self.output.table(
            &[
                "description",
                "complainant",
                "responsible",
                "solution",
                "agreement",
                "date",
                "number",
                "state",
            ],
            &rows,
        );
        let data = places.data.display();
        self.output.line(format!(
            "\n{} events, audit trail {}; {letters} messages in {data}/outbox/",
            self.seen,
            if matches!(audit, crate::store::Audit::Holds { .. }) { "holds" } else { "is broken" },
        ));
        self.output.line(format!(
            "Look further:  redress --data {data} list  ·  redress --data {data} show K-2026-0001"
        ));
        Ok(())
    }
}

/// Returns the line of the timeline for an event worth one; what rules did in between is in `show`.
fn worth_telling(event: &StoredEvent) -> Option<String> {
    let who = if matches!(event.by, Actor::Person(_)) { format!("  ({})", event.by) } else { String::new() };
    match event.kind {
        EventKind::Received => Some("mail received".to_owned()),
        EventKind::ComplainantReplied => Some("the complainant wrote".to_owned()),
        EventKind::Registered
        | EventKind::DeadlineBreached
        | EventKind::LetterFailed
        | EventKind::LetterRecalled
        | EventKind::PlanApproved
        | EventKind::RulesetPublished
        | EventKind::Faulted
        | EventKind::ReportConcluded
        | EventKind::RecommendationRecorded
        | EventKind::DigestsSent => Some(event.summary.clone()),
        // Most runs find nothing to say.
        EventKind::ScheduleRan => (!event.data.contains("\"sent\":0")).then(|| event.summary.clone()),
        EventKind::Entered => Some(event.summary.clone()),
        EventKind::ActionTaken if event.by != Actor::System => Some(format!("{}{who}", event.summary)),
        EventKind::Notified => Some(format!("✉ {}", event.summary)),
        _ => None,
    }
}
