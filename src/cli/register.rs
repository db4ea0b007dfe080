//! `redress register`: the register of the procedure, its six columns first (docs/procedure.md row 25).

use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, Language, Name};
use crate::escape;
use crate::rules::Label;
use crate::workflow::{decided_in_time, ended_at};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Args)]
pub(super) struct Register {
    /// As comma-separated values, for a spreadsheet
    #[arg(long)]
    csv: bool,
    /// Only complaints received in this year
    #[arg(long)]
    year: Option<i32>,
}

/// A column: its name for programs, its Dutch and its English heading.
type Column = (&'static str, &'static str, &'static str);

const COLUMNS: &[Column] = &[
    ("description", "omschrijving", "description"),
    ("complainant", "naam klager", "complainant"),
    ("responsible", "verantwoordelijke", "responsible"),
    ("solution", "oplossing", "solution"),
    ("agreement", "overeenstemming", "agreement"),
    ("date", "datum", "date"),
    ("number", "nummer", "number"),
    ("state", "stand", "state"),
    ("verdict", "oordeel", "verdict"),
    ("ground", "grond", "ground"),
    ("decided", "besloten", "decided"),
    ("in_time", "op tijd", "in time"),
    ("closed", "afgesloten", "closed"),
    ("cause", "oorzaak", "cause"),
    ("measures", "maatregelen", "measures"),
    ("channel", "kanaal", "channel"),
    ("escalation", "escalatie", "escalation"),
];

/// The complaints that are read at once.
const PART: usize = 500;

/// The separator of columns in the CSV.
const SEPARATOR: &str = ";";

impl Register {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let register = app.workflow.reading().register();
        let registered = register.registered(self.year).await?;
        let published = app.workflow.published();
        let english = app.settings.language == Language::English;
        let extra = published.ruleset.procedure().extra.iter();
        let own: Vec<(String, String)> = extra
            .map(|(name, f)| (format!("extra.{name}"), f.label.in_language(app.settings.language).to_owned()))
            .collect();
        let fixed = COLUMNS
            .iter()
            .map(|(name, nl, en)| ((*name).to_owned(), (if english { *en } else { *nl }).to_owned()));
        let columns: Vec<(String, String)> = fixed.chain(own).collect();
        let headings: Vec<String> = columns.iter().map(|(_, heading)| heading.clone()).collect();
        let is_table = !output.json && !self.csv;
        if self.csv && !output.json {
            output.line(csv(&headings));
        }
        let mut objects = output.json.then(|| output.list());
        let mut clipped: Vec<Vec<String>> = Vec::new();
        // Part by part, so that a register of any size is written; only the columns of a table wait for all of it.
        for part in registered.chunks(PART) {
            for row in register.facts(part).await?.iter().map(|c| row(app, c)) {
                if let Some(objects) = &mut objects {
                    let cells = columns.iter().zip(row).map(|((name, _), cell)| (name.clone(), json!(cell)));
                    objects.push(&cells.collect::<serde_json::Map<String, Value>>());
                } else if is_table {
                    clipped.push(row.iter().map(|c| clip(&c.replace('\n', " "), 38)).collect());
                } else {
                    output.line(csv(&row));
                }
            }
        }
        if let Some(objects) = objects {
            objects.end();
        }
        if is_table {
            output.table(&headings.iter().map(String::as_str).collect::<Vec<_>>(), &clipped);
        }
        Ok(())
    }
}

fn row(app: &App, c: &Complaint) -> Vec<String> {
    let published = app.workflow.published();
    let procedure = published.ruleset.procedure();
    let english = app.settings.language == Language::English;
    let state = procedure.states.get(&c.state).map(|s| if english { &s.en } else { &s.nl });
    let agreement = c.agreement.as_ref().map(|a| {
        procedure.agreements.get(a).map_or(a.as_str(), |l| l.in_language(app.settings.language)).to_owned()
    });
    let person = |email: &String| app.settings.people.find(email).map_or(email.clone(), |p| p.name.clone());
    let own = procedure.extra.keys().map(|name| match c.extra.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    });
    let language = app.settings.language;
    let label = |names: &BTreeMap<Name, Label>, name: &Option<Name>| {
        let name = name.as_ref().map(|n| names.get(n).map_or(n.as_str(), |l| l.in_language(language)));
        name.unwrap_or_default().to_owned()
    };
    let day = |at: Moment| app.settings.calendar.day_of(at).map(|day| day.to_string()).unwrap_or_default();
    let in_time = decided_in_time(c).map(|in_time| match (in_time, english) {
        (true, true) => "yes",
        (true, false) => "ja",
        (false, true) => "no",
        (false, false) => "nee",
    });
    let measures: Vec<String> = c
        .measures
        .iter()
        .map(|m| format!("{} ({})", m.description, label(&procedure.measures, &Some(m.state.clone()))))
        .collect();
    let kind = label(&procedure.causes, &c.cause_kind);
    let cause: Vec<String> =
        [Some(kind), c.cause.clone()].into_iter().flatten().filter(|t| !t.is_empty()).collect();
    let fixed = [
        c.description.clone().unwrap_or_else(|| c.subject.clone()),
        if c.complainant.name.is_empty() { c.complainant.email.clone() } else { c.complainant.name.clone() },
        c.responsible.as_ref().map(person).unwrap_or_default(),
        c.solution.clone().unwrap_or_default(),
        agreement.unwrap_or_default(),
        app.settings.calendar.day_of(c.received_at).as_ref().map(Date::to_string).unwrap_or_default(),
        c.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        state.map_or_else(|| c.state.to_string(), Clone::clone),
        label(&procedure.verdicts, &c.verdict),
        label(&procedure.grounds, &c.ground),
        c.decided_on.as_ref().map(Date::to_string).unwrap_or_default(),
        in_time.unwrap_or_default().to_owned(),
        ended_at(c, procedure).map(day).unwrap_or_default(),
        cause.join(": "),
        measures.join("; "),
        c.channel.to_string(),
        label(&procedure.escalations, &c.escalation),
    ];
    fixed.into_iter().chain(own).collect()
}

/// Writes a row with the separator that Dutch spreadsheets expect.
fn csv(row: &[String]) -> String {
    row.iter().map(|cell| escape::cell(cell)).collect::<Vec<_>>().join(SEPARATOR)
}
