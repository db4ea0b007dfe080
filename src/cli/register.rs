//! `redress register`: the register of the procedure, its six columns first (docs/procedure.md row 25).

use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::complaint::{Complaint, ComplaintId};
use crate::escape;
use crate::store::{Register, StoreError};
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(super) struct RegisterCommand {
    /// As comma-separated values, for a spreadsheet
    #[arg(long)]
    csv: bool,
    /// Only complaints received in this year
    #[arg(long)]
    year: Option<i32>,
}

/// The complaints that are read at once.
const PART: usize = 500;

/// The register in the order of its numbers, part by part.
enum Parts {
    /// Whatever comes after this number.
    Whole(Register, String),
    /// These of a year.
    Year(Register, std::vec::IntoIter<ComplaintId>),
}

impl Parts {
    async fn of(register: Register, year: Option<i32>) -> Result<Self, StoreError> {
        Ok(match year {
            None => Self::Whole(register, String::new()),
            Some(year) => {
                let of_year = register.registered(year).await?;
                Self::Year(register, of_year.into_iter())
            }
        })
    }

    /// Reads the next part; none at the end.
    async fn next(&mut self) -> Result<Option<Vec<Complaint>>, StoreError> {
        match self {
            Self::Whole(register, after) => {
                let part = register.registered_after(after, PART).await?;
                if let Some(number) = part.last().and_then(|complaint| complaint.number.clone()) {
                    *after = number.to_string();
                }
                Ok((!part.is_empty()).then_some(part))
            }
            Self::Year(register, left) => {
                let ids: Vec<ComplaintId> = left.by_ref().take(PART).collect();
                let facts = register.facts(&ids).await?.into_iter().map(|(_, complaint)| complaint).collect();
                Ok((!ids.is_empty()).then_some(facts))
            }
        }
    }
}

impl RegisterCommand {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let mut parts = Parts::of(app.workflow.reading().register(), self.year).await?;
        let sheet = app.workflow.sheet(app.settings.language);
        let columns = sheet.columns();
        let headings: Vec<String> = columns.iter().map(|(_, heading)| heading.clone()).collect();
        let is_table = !output.json && !self.csv;
        if self.csv && !output.json {
            output.line(escape::cells(&headings));
        }
        let mut objects = output.json.then(|| output.list());
        let mut clipped: Vec<Vec<String>> = Vec::new();
        // Part by part, so that a register of any size is written; only the columns of a table wait for all of it.
        while let Some(part) = parts.next().await? {
            for row in part.iter().map(|c| sheet.cells(c)) {
                if let Some(objects) = &mut objects {
                    let cells = columns.iter().zip(row).map(|((name, _), cell)| (name.clone(), json!(cell)));
                    objects.push(&cells.collect::<serde_json::Map<String, Value>>());
                } else if is_table {
                    clipped.push(row.iter().map(|c| clip(&c.replace('\n', " "), 38)).collect());
                } else {
                    output.line(escape::cells(&row));
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
