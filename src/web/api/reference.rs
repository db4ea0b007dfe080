//! The reference of the interface as a page for people: no script, to be searched and printed.

use super::super::page::{Page, Shown};
use super::super::texts::say;
use super::super::trouble::Trouble;
use super::operation::{Access, Operation, Wish};
use super::operations::all;
use super::parameters::Place;
use super::problem::Kind;
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;

/// Shows it.
pub(super) fn show(page: &Page) -> Result<Response, Trouble> {
    let base = page.workflow.settings().web.public_base().unwrap_or_default();
    let operations: Vec<Value> = all().map(operation).collect();
    let problems: Vec<Value> = Kind::ALL
        .iter()
        .map(|kind| {
            let (name, status) = kind.named();
            context! { name, status => status.as_u16(), path => format!("/api/problems/{name}") }
        })
        .collect();
    let declared = page.workflow.labels(page.language()).actions();
    let actions: Vec<Value> = declared.into_iter().map(|(id, label)| context! { id, label }).collect();
    let of = context! { base, operations, problems, actions };
    let title = say(page.language(), "reference_title", &[]);
    let shown = Shown { template: "reference", title, here: "", of };
    page.show_anybody(StatusCode::OK, shown)
}

fn operation(operation: &Operation) -> Value {
    let scope = match operation.access {
        Access::Key => "*",
        Access::With(scope) => scope.as_str(),
    };
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|p| {
            let place = match p.place {
                Place::Query => "query",
                Place::Header | Place::NeededHeader => "header",
            };
            context! { name => p.name, place, means => plain(p.means), is_needed => p.place == Place::NeededHeader }
        })
        .collect();
    let example = match operation.wish {
        Wish::Json(_, example) => Some(example),
        Wish::Nothing | Wish::File => None,
    };
    context! {
        method => operation.method().as_str(), path => operation.path, id => operation.id, does => plain(operation.does),
        scope, parameters, example, has_file => matches!(operation.wish, Wish::File),
    }
}

/// Returns a text without the signs that set code apart in OpenAPI.
fn plain(text: &str) -> String {
    text.replace('`', "")
}
