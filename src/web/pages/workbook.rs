//! `/register.xlsx`: what the filter of the register shows, all pages of it, as a workbook of a spreadsheet.

use super::register::{PART, wish};
use crate::report::TableBook;
use crate::web::dates::Dates;
use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::task::spawn_blocking;

pub(super) const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(in crate::web) async fn download(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let mut wish = Some(wish(&page, &signed, query.as_deref())?);
    let dates = Dates::now(&page, signed.language).await?;
    let name = format!("attachment; filename=\"register-{}.xlsx\"", dates.today);
    let sheet = page.workflow.sheet(signed.language);
    let headings = sheet.columns().into_iter().map(|(_, heading)| heading);
    let columns: Vec<(String, bool)> = headings.zip(sheet.days()).collect();
    let (title, folder) = (say(signed.language, "register_title", &[]), page.workflow.scratch_folder());
    let mut workbook = TableBook::new(&title, &columns, &folder)?;
    while let Some(part) = wish {
        let found = page.workflow.register_page(&signed.person.email, &part, PART).await?;
        for complaint in &found.complaints {
            workbook.push(&sheet.cells(&complaint.facts))?;
        }
        wish = found.next;
    }
    // It is packed at the end, which takes a second for a large register.
    let bytes = spawn_blocking(|| workbook.bytes()).await.map_err(|e| Trouble::Failed(e.to_string()))??;
    let headers = [(CONTENT_TYPE, KIND.to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
