//! `redress register`: the register of the procedure, its six columns first (docs/procedure.md row 25).

use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::escape;
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(super) struct Register {
    /// As comma-separated values, for a spreadsheet
    #[arg(long)]
    csv: bool,
    /// Only complaints received in this year
    #[arg(long)]
    year: Option<i32>,
}

/// The complaints that are read at once.
const PART: usize = 500;

impl Register {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let register = app.workflow.reading().register();
        let registered = register.registered(self.year).await?;
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
        for part in registered.chunks(PART) {
            for row in register.facts(part).await?.iter().map(|c| sheet.cells(c)) {
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
