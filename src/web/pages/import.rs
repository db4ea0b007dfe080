//! `/import`: an earlier register is uploaded, its columns are understood and corrected, its rows are tried out, and then
//! imported. For the role that the procedure names; for others there is no such page.

use crate::complaint::{Language, Via};
use crate::importing::{Form, Mapping, Order, Target};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{Fate, ImportError, ImportSummary, ImportTold, ReadTable, Really, Undoing};
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The largest file that is uploaded, in bytes; a larger one is imported by a command.
pub(in crate::web) const MOST: usize = 10 << 20;
/// The rows that are named, and the imports that are listed.
const NAMED: usize = 200;
const LISTED: usize = 50;

fn allowed(page: &Page, signed: &Signed) -> Result<(), Trouble> {
    if page.workflow.importing().may(&signed.person.email) { Ok(()) } else { Err(Trouble::NotFound) }
}

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    allowed(&page, &signed)?;
    overview(&page, &signed, StatusCode::OK, "").await
}

async fn overview(
    page: &Page,
    signed: &Signed,
    status: StatusCode,
    mistake: &str,
) -> Result<Response, Trouble> {
    let dates = Dates::now(page, signed.language).await?;
    let people = page.workflow.settings();
    let imports = page.workflow.importing().newest(LISTED).await.map_err(trouble)?;
    let rows = imports.into_iter().map(|(import, standing)| {
        let by = people.people.find(&import.begun_by).map_or(import.begun_by.clone(), |p| p.name.clone());
        let on = dates.day_of(import.begun_at).map(|day| dates.day(day)).unwrap_or_default();
        let is_finished = import.finished_at.is_some();
        context! { id => import.id, by, on, standing, is_finished, is_undone => import.undone_at.is_some() }
    });
    let of = context! { rows => rows.collect::<Vec<Value>>(), mistake, most => MOST >> 20 };
    let title = say(signed.language, "import_title", &[]);
    page.show(signed, status, Shown { template: "import", title, here: "/import", of })
}

pub(in crate::web) async fn upload(
    State(page): State<Arc<Page>>,
    signed: Signed,
    mut parts: Multipart,
) -> Result<Response, Trouble> {
    allowed(&page, &signed)?;
    let too_large = || say(signed.language, "import_too_large", &[("most", &(MOST >> 20).to_string())]);
    let mut bytes = Vec::new();
    loop {
        match parts.next_field().await {
            Ok(Some(part)) if part.name() == Some("file") => match part.bytes().await {
                Ok(read) => bytes = read.to_vec(),
                Err(_) => return overview(&page, &signed, StatusCode::PAYLOAD_TOO_LARGE, &too_large()).await,
            },
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return overview(&page, &signed, StatusCode::UNPROCESSABLE_ENTITY, &too_large()).await,
        }
    }
    if bytes.is_empty() {
        let none = say(signed.language, "import_no_file", &[]);
        return overview(&page, &signed, StatusCode::UNPROCESSABLE_ENTITY, &none).await;
    }
    let importing = page.workflow.importing();
    let name = importing.stage(bytes).await?;
    let path = importing.staged(&name).ok_or(Trouble::NotFound)?;
    match importing.read(&path, &Mapping::default()).await {
        Ok(_) => Ok(see_other(&format!("/import/files/{name}"))),
        Err(ImportError::Unreadable(why)) => {
            importing.unstage(&name);
            let why = why.0.in_language(signed.language).to_owned();
            overview(&page, &signed, StatusCode::UNPROCESSABLE_ENTITY, &why).await
        }
        Err(other) => Err(trouble(other)),
    }
}

pub(in crate::web) async fn look(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    allowed(&page, &signed)?;
    let importing = page.workflow.importing();
    let path = importing.staged(&name).ok_or(Trouble::NotFound)?;
    let table = importing.read(&path, &Mapping::default()).await.map_err(trouble)?;
    columns(&page, &signed, &name, (&table, &Mapping::default()), StatusCode::OK, None)
}

pub(in crate::web) async fn answer(
    State(page): State<Arc<Page>>,
    Path(name): Path<String>,
    OwnForm { signed, fields: typed }: OwnForm,
) -> Result<Response, Trouble> {
    allowed(&page, &signed)?;
    let importing = page.workflow.importing();
    let path = importing.staged(&name).ok_or(Trouble::NotFound)?;
    if typed.get("step") == "drop" {
        importing.unstage(&name);
        return Ok(see_other("/import"));
    }
    let first = importing.read(&path, &Mapping::default()).await.map_err(trouble)?;
    let mapping = mapping_of(&typed, &first.opened.headings);
    let table = importing.read(&path, &mapping).await.map_err(trouble)?;
    if table.understood.is_err() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return columns(&page, &signed, &name, (&table, &mapping), status, None);
    }
    let by = (signed.person.email.as_str(), Via::Page);
    let really = if typed.get("step") == "import" { Really::Yes } else { Really::No };
    let tried = gone_through(&page, by, (&name, &table), really).await?.map_err(trouble)?;
    columns(&page, &signed, &name, (&table, &mapping), StatusCode::OK, Some(tried))
}

/// What became of the rows of a file, and those that are named.
pub(in crate::web) type WentThrough = (ImportSummary, Vec<ImportTold>);

/// Tries the rows of an uploaded file out, or imports them.
pub(in crate::web) async fn gone_through(
    page: &Page,
    (by, via): (&str, Via),
    (name, table): (&str, &ReadTable),
    really: Really,
) -> Result<Result<WentThrough, ImportError>, Trouble> {
    let is_import = really == Really::Yes;
    // It goes on also where the browser does not wait for it.
    let (workflow, of, staged) = (Arc::clone(&page.workflow), table.clone(), name.to_owned());
    let by = by.to_owned();
    let work = tokio::spawn(async move {
        let (mut named, importing) = (Vec::new(), workflow.importing());
        let mut hear = |row: ImportTold| {
            let is_plain =
                matches!(row.fate, Fate::Imported(_)) && row.row.iter().all(|row| row.notes.is_empty());
            if !is_plain && named.len() < NAMED {
                named.push(row);
            }
        };
        let summary = match is_import {
            true => importing.import(&of, &by, via, &mut hear).await,
            false => importing.try_out(&of, &by, &mut hear).await,
        };
        if is_import && summary.is_ok() {
            importing.unstage(&staged);
        }
        summary.map(|summary| (summary, named))
    });
    work.await.map_err(|e| Trouble::Failed(e.to_string()))
}

pub(in crate::web) async fn undo(
    State(page): State<Arc<Page>>,
    Path(id): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    allowed(&page, &signed)?;
    let id: i64 = id.parse().map_err(|_| Trouble::NotFound)?;
    let really = if fields.get("step") == "undo" { Really::Yes } else { Really::No };
    let undoing = undone(&page, (&signed.person.email, Via::Page), id, really).await?.map_err(trouble)?;
    let of =
        context! { id, undone => undoing.undone, stay => undoing.stay, is_done => really == Really::Yes };
    let title = say(signed.language, "import_undo_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "import_undo", title, here: "/import", of })
}

/// Says what undoing an import would undo, or undoes it.
pub(in crate::web) async fn undone(
    page: &Page,
    (by, via): (&str, Via),
    id: i64,
    really: Really,
) -> Result<Result<Undoing, ImportError>, Trouble> {
    // It goes on also where the browser does not wait for it.
    let (workflow, by) = (Arc::clone(&page.workflow), by.to_owned());
    let work = tokio::spawn(async move {
        let undoing = workflow.importing().undo(id, &by, via, really).await;
        workflow.wake();
        undoing
    });
    work.await.map_err(|e| Trouble::Failed(e.to_string()))
}

/// Returns the names of what a column can hold, with what people call each.
pub(in crate::web) fn targets(page: &Page, language: Language) -> Vec<(String, String)> {
    let published = page.workflow.published();
    let own = &published.ruleset.procedure().extra;
    let all = Target::all().filter_map(|target| {
        let label = target.label()?.in_language(language).to_owned();
        Some((target.to_string(), label))
    });
    let own = own.iter().map(|(field, declared)| {
        (Target::Own(field.clone()).to_string(), declared.label.in_language(language).to_owned())
    });
    all.chain(own).collect()
}

/// Reads what somebody chose for each column.
fn mapping_of(typed: &Fields, headings: &[String]) -> Mapping {
    let mut mapping = Mapping::default();
    for (at, heading) in headings.iter().enumerate().rev() {
        let chosen = typed.under("column.").find(|(place, _)| place.parse() == Ok(at));
        if let Some((_, word)) = chosen.filter(|_| !heading.is_empty()) {
            mapping.columns.insert(heading.clone(), word.to_owned());
        }
    }
    if typed.get("dates") == "month_first" {
        mapping.dates = Order::MonthFirst;
    }
    let status = typed.get("status");
    if ["handled", "unhandled"].contains(&status) {
        mapping.defaults.insert(Target::Status.to_string(), status.to_owned());
    }
    mapping
}

fn columns(
    page: &Page,
    signed: &Signed,
    name: &str,
    (table, mapping): (&ReadTable, &Mapping),
    status: StatusCode,
    tried: Option<(ImportSummary, Vec<ImportTold>)>,
) -> Result<Response, Trouble> {
    let language = signed.language;
    let targets = targets(page, language);
    let mistake = table.understood.as_ref().err().map(|e| e.0.in_language(language).to_owned());
    let understood = table.understood.as_ref().ok();
    let columns = table.opened.headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty());
    let columns = columns.map(|(at, heading)| {
        let target = match understood {
            Some(understood) => understood.columns[at].target.as_ref().map(ToString::to_string),
            None => mapping
                .columns
                .get(heading)
                .cloned()
                .or_else(|| Target::called(heading).map(|t| t.to_string())),
        };
        let target = target.unwrap_or_default();
        let options =
            targets.iter().map(|(word, label)| context! { word, label, is_chosen => *word == target });
        context! { at, heading, options => options.collect::<Vec<Value>>(), is_left_out => target.is_empty() }
    });
    let form = match &table.opened.form {
        Form::Plain { encoding, .. } => (*encoding).to_owned(),
        Form::Book { sheet, .. } => sheet.clone(),
    };
    let told = tried.as_ref().map(|(summary, named)| {
        let rows = named.iter().map(|row| {
            let notes =
                row.row.iter().flat_map(|row| &row.notes).map(|note| note.in_language(language).to_owned());
            let says = std::iter::once(row.fate.said().in_language(language).to_owned()).chain(notes);
            context! { line => row.line, says => says.collect::<Vec<_>>().join("; ") }
        });
        let ImportSummary { id, imported, handled, duplicates, refused } = summary;
        let is_cut = named.len() == NAMED;
        context! {
            id, imported, handled, open => imported - handled, duplicates, refused, is_cut,
            rows => rows.collect::<Vec<Value>>(),
        }
    });
    let of = context! {
        name, form, mistake, told, columns => columns.collect::<Vec<Value>>(), line => table.opened.heading_line,
        is_month_first => mapping.dates == Order::MonthFirst,
        status => mapping.defaults.get(&Target::Status.to_string()).cloned().unwrap_or_default(),
    };
    let title = say(language, "import_columns_title", &[]);
    page.show(signed, status, Shown { template: "import_file", title, here: "/import", of })
}

pub(in crate::web) fn trouble(error: ImportError) -> Trouble {
    match error {
        ImportError::Workflow(e) => e.into(),
        ImportError::Contended => Trouble::Busy,
        ImportError::Keeps(_) => Trouble::Failed(error.to_string()),
        ImportError::Undeclared | ImportError::NotAllowed { .. } | ImportError::Unknown(_) => {
            Trouble::NotFound
        }
        ImportError::Unreadable(_) | ImportError::Mapping(_) => Trouble::Unreadable,
    }
}
