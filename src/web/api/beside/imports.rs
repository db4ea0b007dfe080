//! `/imports`: an earlier register is uploaded, its columns are understood and corrected, its rows are tried out, and then
//! imported; and undoing that. For the role that the procedure names.

use crate::importing::{Form, Mapping, Order, Target};
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::At;
use crate::web::pages::import as of_page;
use crate::web::texts::both;
use crate::workflow::{ImportError, ReadTable, Really};
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The largest file in bytes.
pub(super) const FILE: usize = of_page::MOST;
const LISTED: usize = 50;

fn allowed(call: &Call) -> Result<(), Problem> {
    if call.page.workflow.importing().may(call.person()) { Ok(()) } else { Err(Kind::NotFound.into()) }
}

fn refused(error: ImportError) -> Problem {
    match error {
        ImportError::Unreadable(why) => Problem { detail: Some(why.0), ..Kind::Refused.into() },
        ImportError::Mapping(why) => Problem { detail: Some(why.0), ..Kind::Refused.into() },
        other => of_page::trouble(other).into(),
    }
}

/// An import.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ImportOf {
    id: i64,
    /// The address of who imported.
    by: String,
    begun_at: At,
    finished_at: Option<At>,
    undone_at: Option<At>,
    /// The complaints of it that stand.
    standing: i64,
}

/// The newest imports.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ImportList {
    imports: Vec<ImportOf>,
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    allowed(&call)?;
    let imports = call.page.workflow.importing().newest(LISTED).await.map_err(refused)?;
    let imports = imports.into_iter().map(|(import, standing)| ImportOf {
        id: import.id,
        by: import.begun_by,
        begun_at: At(import.begun_at),
        finished_at: import.finished_at.map(At),
        undone_at: import.undone_at.map(At),
        standing,
    });
    Ok(Json(ImportList { imports: imports.collect() }).into_response())
}

/// A column of a file.
#[derive(Debug, Serialize, JsonSchema)]
struct Column {
    heading: String,
    /// What it holds; null where it is left out.
    target: Option<String>,
}

/// Something that a column can hold.
#[derive(Debug, Serialize, JsonSchema)]
struct CanHold {
    name: String,
    label: String,
}

/// A file as it is understood.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImportFile {
    /// By which it is named.
    file: String,
    /// How its text is written, or the sheet of the book.
    form: String,
    /// The line of the headings.
    heading_line: u64,
    columns: Vec<Column>,
    /// What columns can hold.
    targets: Vec<CanHold>,
    /// Why it cannot be imported yet.
    mistake: Option<String>,
}

fn understood(call: &Call, file: &str, table: &ReadTable) -> ImportFile {
    let known = table.understood.as_ref().ok();
    let columns = table.opened.headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty());
    let columns = columns.map(|(at, heading)| {
        let target = match known {
            Some(known) => {
                known.columns.get(at).and_then(|column| column.target.as_ref()).map(ToString::to_string)
            }
            None => Target::called(heading).map(|target| target.to_string()),
        };
        Column { heading: heading.clone(), target }
    });
    let targets = of_page::targets(&call.page, call.language).into_iter();
    ImportFile {
        file: file.to_owned(),
        form: match &table.opened.form {
            Form::Plain { encoding, .. } => (*encoding).to_owned(),
            Form::Book { sheet, .. } => sheet.clone(),
        },
        heading_line: table.opened.heading_line,
        columns: columns.collect(),
        targets: targets.map(|(name, label)| CanHold { name, label }).collect(),
        mistake: table.understood.as_ref().err().map(|e| e.0.in_language(call.language).to_owned()),
    }
}

pub(super) async fn upload(call: Call) -> Result<Response, Problem> {
    allowed(&call)?;
    if call.body.is_empty() {
        return Err(Problem { detail: Some(both("import_no_file", &[])), ..Kind::Refused.into() });
    }
    let importing = call.page.workflow.importing();
    let file = importing.stage(call.body.to_vec()).await?;
    let path = importing.staged(&file).ok_or(Kind::NotFound)?;
    let table = match importing.read(&path, &Mapping::default()).await {
        Ok(table) => table,
        Err(error) => {
            importing.unstage(&file);
            return Err(refused(error));
        }
    };
    let headers = [(LOCATION, format!("/api/v1/import-files/{file}"))];
    Ok((StatusCode::CREATED, headers, Json(understood(&call, &file, &table))).into_response())
}

pub(super) async fn look(call: Call) -> Result<Response, Problem> {
    allowed(&call)?;
    let file = call.part("file");
    let table = table(&call, file, &Mapping::default()).await?;
    Ok(Json(understood(&call, file, &table)).into_response())
}

async fn table(call: &Call, file: &str, mapping: &Mapping) -> Result<ReadTable, Problem> {
    let importing = call.page.workflow.importing();
    let path = importing.staged(file).ok_or(Kind::NotFound)?;
    importing.read(&path, mapping).await.map_err(refused)
}

/// Nothing of a file that was dropped is kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Dropped {
    file: String,
}

pub(super) async fn drop_file(call: Call) -> Result<Response, Problem> {
    allowed(&call)?;
    let (importing, file) = (call.page.workflow.importing(), call.part("file").to_owned());
    importing.staged(&file).ok_or(Kind::NotFound)?;
    importing.unstage(&file);
    Ok(Json(Dropped { file }).into_response())
}

/// How dates of which the order is not plain are read.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum DatesAre {
    #[default]
    DayFirst,
    MonthFirst,
}

/// What complaints are whose row does not say it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum StatusIs {
    Handled,
    Unhandled,
}

/// How a file is read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingWish {
    /// What columns hold, by heading; an empty name leaves one out. Others are understood by their headings.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    dates: DatesAre,
    #[serde(default)]
    status: Option<StatusIs>,
}

impl MappingWish {
    fn mapping(self) -> Mapping {
        let mut mapping = Mapping { columns: self.columns.into_iter().collect(), ..Mapping::default() };
        if matches!(self.dates, DatesAre::MonthFirst) {
            mapping.dates = Order::MonthFirst;
        }
        let status = self.status.map(|status| match status {
            StatusIs::Handled => "handled",
            StatusIs::Unhandled => "unhandled",
        });
        if let Some(status) = status {
            mapping.defaults.insert(Target::Status.to_string(), status.to_owned());
        }
        mapping
    }
}

/// A row of which there is something to tell.
#[derive(Debug, Serialize, JsonSchema)]
struct ToldRow {
    line: u64,
    says: Vec<String>,
}

/// What became of the rows of a file, or would.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WentThrough {
    /// The import; null where nothing was imported.
    id: Option<i64>,
    /// The rows that are complaints now, or would be, and how many of those were handled.
    imported: u64,
    handled: u64,
    /// The rows that were there.
    duplicates: u64,
    refused: u64,
    /// The first 200 rows of which there is something to tell.
    rows: Vec<ToldRow>,
}

pub(super) async fn try_out(call: Call) -> Result<Response, Problem> {
    go_through(&call, Really::No).await
}

pub(super) async fn import(call: Call) -> Result<Response, Problem> {
    go_through(&call, Really::Yes).await
}

async fn go_through(call: &Call, really: Really) -> Result<Response, Problem> {
    let wish: MappingWish = call.wish()?;
    allowed(call)?;
    let file = call.part("file");
    let table = table(call, file, &wish.mapping()).await?;
    if let Err(why) = &table.understood {
        return Err(Problem { detail: Some(why.0.clone()), ..Kind::Refused.into() });
    }
    let went = of_page::gone_through(&call.page, call.by(), (file, &table), really).await?;
    let (summary, named) = went.map_err(refused)?;
    let rows = named.iter().map(|row| {
        let notes = row.row.iter().flat_map(|row| &row.notes);
        let notes = notes.map(|note| note.in_language(call.language).to_owned());
        let says = std::iter::once(row.fate.said().in_language(call.language).to_owned()).chain(notes);
        ToldRow { line: row.line, says: says.collect() }
    });
    Ok(Json(WentThrough {
        id: summary.id,
        imported: summary.imported,
        handled: summary.handled,
        duplicates: summary.duplicates,
        refused: summary.refused,
        rows: rows.collect(),
    })
    .into_response())
}

/// Whether an import is undone, or it is told what that would undo.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoWish {
    #[serde(default)]
    really: bool,
}

/// What undoing an import undid, or would.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Undone {
    is_done: bool,
    undone: u64,
    /// The complaints that stay, because something was done with them.
    stay: Vec<String>,
}

pub(super) async fn undo(call: Call) -> Result<Response, Problem> {
    let wish: UndoWish = call.wish()?;
    allowed(&call)?;
    let id: i64 = call.part("import").parse().map_err(|_| Kind::NotFound)?;
    let really = if wish.really { Really::Yes } else { Really::No };
    let undoing = of_page::undone(&call.page, call.by(), id, really).await?.map_err(refused)?;
    Ok(Json(Undone { is_done: wish.really, undone: undoing.undone, stay: undoing.stay }).into_response())
}
