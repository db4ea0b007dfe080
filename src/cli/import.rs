//! `redress import`: takes over an earlier register from a spreadsheet. Without `--yes` it says how the columns are understood
//! and what would become of each row.

use super::{Failure, Output};
use crate::app::App;
use crate::complaint::{Language, Via};
use crate::importing::{Form, Mapping, Target, Understood, Why};
use crate::workflow::{Fate, ImportError, ImportSummary, ImportTold, ReadTable, Really};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The rows after which the progress is shown anew.
const SHOWN: u64 = 200;
/// The most imports that are listed.
const LISTED: usize = 100;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The register, as .xlsx or CSV
    #[arg(required_unless_present_any = ["undo", "list"], conflicts_with_all = ["undo", "list"])]
    file: Option<PathBuf>,
    /// What the columns are, where their names do not say it
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Write how the columns are understood, to be corrected
    #[arg(long, value_name = "FILE", conflicts_with = "yes")]
    write_mapping: Option<PathBuf>,
    /// Name every row, also those that become complaints
    #[arg(long)]
    rows: bool,
    /// Do it
    #[arg(long)]
    yes: bool,
    /// Undo an import, as far as nothing was done with its complaints
    #[arg(long, value_name = "ID", conflicts_with_all = ["mapping", "write_mapping", "list"])]
    undo: Option<i64>,
    /// List what was imported
    #[arg(long)]
    list: bool,
    /// Who imports
    #[arg(long = "as", value_name = "EMAIL", required_unless_present = "list")]
    by: Option<String>,
}

impl Import {
    /// Returns whether it changes anything.
    pub fn changes(&self) -> bool {
        self.yes
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let by = self.by.clone().unwrap_or_default().to_lowercase();
        match (self.undo, &self.file) {
            _ if self.list => list(app, output).await,
            (Some(id), _) => self.undo(app, id, &by, output).await,
            (None, Some(file)) => self.import(app, file, &by, output).await,
            (None, None) => Err(Failure::usage("name a file")),
        }
    }

    async fn import(&self, app: &App, file: &Path, by: &str, output: &Output) -> Result<(), Failure> {
        let importing = app.workflow.importing();
        let table = importing.read(file, &self.mapping()?).await.map_err(failure)?;
        let understood = match &table.understood {
            Ok(understood) => understood,
            Err(mistake) => {
                tell_headings(&table, output);
                return Err(Failure::new(format!(
                    "{mistake}\n  help: say it in a file, and name that with --mapping"
                )));
            }
        };
        if let Some(path) = &self.write_mapping {
            write_mapping(path, understood)?;
        }
        if !output.json {
            tell_columns(&table, understood, output);
        }
        let (mut told, mut seen) = (Vec::new(), 0_u64);
        let mut hear = |row: ImportTold| {
            seen += 1;
            if seen.is_multiple_of(SHOWN) {
                output.progress(&format!("{seen} rows"));
            }
            self.tell_row(&row, output, &mut told);
        };
        let summary = match self.yes {
            true => importing.import(&table, by, Via::CommandLine, &mut hear).await,
            false => importing.try_out(&table, by, &mut hear).await,
        };
        output.progress("");
        let summary = summary.map_err(failure)?;
        if self.yes {
            app.turn().await?;
        }
        self.tell_summary(&table, understood, &summary, told, output);
        Ok(())
    }

    fn mapping(&self) -> Result<Mapping, Failure> {
        let Some(path) = &self.mapping else { return Ok(Mapping::default()) };
        let wrong = |e: &dyn std::fmt::Display| Failure::new(format!("{}: {e}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|e| wrong(&e))?;
        Mapping::parse(&text).map_err(|e| wrong(&e))
    }

    /// Tells of a row at once, or keeps it for the one document.
    fn tell_row(&self, row: &ImportTold, output: &Output, told: &mut Vec<Value>) {
        let said = row.fate.said();
        let said = said.in_language(Language::English);
        let notes: Vec<&str> =
            row.row.iter().flat_map(|row| &row.notes).map(|note| note.en.as_str()).collect();
        let is_plain = matches!(row.fate, Fate::Imported(_)) && notes.is_empty();
        if is_plain && !self.rows {
            return;
        }
        if output.json {
            let fate = match row.fate {
                Fate::Imported(_) => "imported",
                Fate::Duplicate { .. } => "duplicate",
                Fate::Refused(_) => "refused",
            };
            told.push(json!({"row": row.line, "fate": fate, "says": said, "notes": notes}));
            return;
        }
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
        output.line(format!("row {}: {said}{notes}", row.line));
    }

    fn tell_summary(
        &self,
        table: &ReadTable,
        understood: &Understood,
        summary: &ImportSummary,
        rows: Vec<Value>,
        output: &Output,
    ) {
        let ImportSummary { id, imported, handled, duplicates, refused } = summary;
        if output.json {
            let columns: Vec<Value> = understood.columns.iter().map(column).collect();
            output.document(&json!({
                "import": id, "file": table.opened.digest, "columns": columns, "imported": imported, "handled": handled,
                "duplicates": duplicates, "refused": refused, "rows": rows, "is_done": self.yes,
            }));
            return;
        }
        let open = imported - handled;
        match id {
            Some(id) => output.line(format!(
                "import {id}: {imported} complaints ({handled} handled, {open} open), {duplicates} were there, {refused} refused; \
                 nothing was sent\nto undo it: redress import --undo {id} --as YOU"
            )),
            None => output.line(format!(
                "{imported} would be imported ({handled} handled, {open} open), {duplicates} are there, {refused} are refused\n\
                 nothing was changed; with --yes it is done"
            )),
        }
    }

    async fn undo(&self, app: &App, id: i64, by: &str, output: &Output) -> Result<(), Failure> {
        let really = if self.yes { Really::Yes } else { Really::No };
        let undoing =
            app.workflow.importing().undo(id, by, Via::CommandLine, really).await.map_err(failure)?;
        if self.yes {
            app.turn().await?;
        }
        if output.json {
            output.document(
                &json!({"import": id, "undone": undoing.undone, "stay": undoing.stay, "is_done": self.yes}),
            );
            return Ok(());
        }
        if !undoing.stay.is_empty() {
            output.line(format!("stay, because something was done with them: {}", undoing.stay.join(", ")));
        }
        match self.yes {
            true => output.line(format!(
                "import {id}: {} complaints are undone; their names and texts go, their numbers are not given again",
                undoing.undone
            )),
            false => output.line(format!(
                "import {id}: {} complaints would be undone\nnothing was changed; with --yes it is done, and cannot be taken back",
                undoing.undone
            )),
        }
        Ok(())
    }
}

async fn list(app: &App, output: &Output) -> Result<(), Failure> {
    let imports = app.workflow.importing().newest(LISTED).await.map_err(failure)?;
    let calendar = &app.settings.calendar;
    if output.json {
        let imports = imports.iter().map(|(import, standing)| {
            json!({
                "id": import.id, "by": import.begun_by, "at": calendar.rfc3339(import.begun_at), "file": import.file_sha256,
                "is_finished": import.finished_at.is_some(), "complaints": standing, "undone_by": import.undone_by,
            })
        });
        output.document(&imports.collect::<Vec<_>>());
        return Ok(());
    }
    let rows = imports.iter().map(|(import, standing)| {
        let state = match (import.finished_at, import.undone_at) {
            (_, Some(_)) => "undone",
            (Some(_), None) => "done",
            (None, None) => "not finished",
        };
        let day = calendar.day_of(import.begun_at).map(|day| day.to_string()).unwrap_or_default();
        let digest = import.file_sha256.get(..12).unwrap_or_default().to_owned();
        vec![
            import.id.to_string(),
            day,
            import.begun_by.clone(),
            standing.to_string(),
            state.to_owned(),
            digest,
        ]
    });
    let headings = ["import", "day", "by", "complaints", "state", "file (SHA-256)"];
    output.table(&headings, &rows.collect::<Vec<_>>());
    Ok(())
}

fn write_mapping(path: &Path, understood: &Understood) -> Result<(), Failure> {
    let text = toml::to_string_pretty(&understood.as_mapping()).map_err(|e| Failure::new(e.to_string()))?;
    let words: Vec<String> = Target::all().map(|target| target.to_string()).collect();
    let head = format!(
        "# What each column is; \"\" for one that is left out. There are: {}, extra.NAME.\n\
         # [defaults] says what an empty cell means: status = \"handled\". [values.verdict] says what the words of the register are\n\
         # called here: \"gegr.\" = \"gegrond\". dates = \"month_first\" where 1/3/2024 is in January.\n\n",
        words.join(", ")
    );
    let written = crate::files::write(path, format!("{head}{text}").as_bytes());
    written.map_err(|e| Failure::new(format!("{}: {e}", path.display())))
}

fn tell_headings(table: &ReadTable, output: &Output) {
    if !output.json {
        output.line(format!("{}; its columns: {}", form(table), table.opened.headings.join(", ")));
    }
}

fn form(table: &ReadTable) -> String {
    match &table.opened.form {
        Form::Plain { delimiter: '\t', encoding } => {
            format!("text in {encoding}, with tabs between the cells")
        }
        Form::Plain { delimiter, encoding } => {
            format!("text in {encoding}, with {delimiter} between the cells")
        }
        Form::Book { sheet, others } if others.is_empty() => format!("workbook, sheet {sheet}"),
        Form::Book { sheet, others } => format!("workbook, sheet {sheet}; not read: {}", others.join(", ")),
    }
}

fn tell_columns(table: &ReadTable, understood: &Understood, output: &Output) {
    output.line(format!("{}; the columns stand in row {}", form(table), table.opened.heading_line));
    let rows = understood.columns.iter().map(|column| {
        let why = match column.why {
            Why::Said => "as the mapping says",
            Why::Called => "by its name",
            Why::Doubled => "another column is that already",
            Why::Unknown => "not known by its name",
        };
        let target = column.target.as_ref().map_or_else(|| "- (left out)".to_owned(), ToString::to_string);
        vec![column.heading.clone(), target, why.to_owned()]
    });
    output.table(&["column", "is", "why"], &rows.collect::<Vec<_>>());
    let is_said =
        |target: &Target| understood.columns.iter().any(|column| column.target.as_ref() == Some(target));
    if !is_said(&Target::Channel) {
        output.line("no column says how a complaint came: all are taken for email");
    }
    if !is_said(&Target::Status) && is_said(&Target::HandledOn) {
        output.line("no column says whether a complaint was handled: those with a day on which it was are");
    }
    output.line("");
}

fn column(column: &crate::importing::UnderstoodColumn) -> Value {
    json!({"column": column.heading, "is": column.target.as_ref().map(ToString::to_string)})
}

/// Returns an import that failed as the command says it.
pub(super) fn failure(error: ImportError) -> Failure {
    match error {
        ImportError::Workflow(error) => error.into(),
        ImportError::Contended => Failure::temporary(error.to_string()),
        other => Failure::new(other.to_string()),
    }
}
