//! `Operation`: something that programs can ask for: where, with which key, what they send and are answered.

use super::call::Call;
use super::parameters::Parameter;
use super::problem::Problem;
use crate::accounts::Scope;
use axum::http::Method;
use axum::response::Response;
use schemars::{Schema, SchemaGenerator};
use std::pin::Pin;

/// An answer that is being made.
pub(super) type Answering = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// Who may ask for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever shows a key that counts.
    Key,
    /// Whoever shows a key that is good for this.
    With(Scope),
}

/// What an operation answers when it is done.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// JSON of this shape.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// A file of this kind.
    File(&'static str),
}

/// One operation.
pub(super) struct Operation {
    pub method: Method,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// Its name in the description.
    pub id: &'static str,
    /// What it does, in a line.
    pub does: &'static str,
    pub access: Access,
    pub parameters: &'static [Parameter],
    /// The shape of what is sent along; none where nothing is.
    pub wish: Option<fn(&mut SchemaGenerator) -> Schema>,
    pub answer: Answer,
    pub handler: fn(Call) -> Answering,
}
