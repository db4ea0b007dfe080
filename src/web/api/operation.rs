//! `Operation`: something that programs can ask for: where, with which key, what they send and are answered.

use super::call::Call;
use super::parameters::{Parameter, Place};
use super::problem::{Kind, Problem};
use crate::accounts::Scope;
use axum::http::Method;
use axum::response::Response;
use axum::routing::MethodFilter;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::pin::Pin;

/// The longest body of a request in bytes, where nothing else is said.
const BODY: usize = 1 << 20;

/// An answer that is being made.
pub(super) type Answering = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// Makes the schema of a shape.
pub(super) type Shape = fn(&mut SchemaGenerator) -> Schema;

type Handler = fn(Call) -> Answering;

/// How something is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

/// Who may ask for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever shows a key that counts.
    Key,
    /// Whoever shows a key that is good for this.
    With(Scope),
}

/// What is sent along.
#[derive(Clone, Copy)]
pub(super) enum Wish {
    Nothing,
    /// JSON of this shape, such as this.
    Json(Shape, &'static str),
    /// A file as it is.
    File,
}

/// What an operation answers when it is done.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// JSON of this shape.
    Json(Shape),
    /// A file of this kind.
    File(&'static str),
}

/// How it is answered that something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Now,
    /// Something was made that has an address of its own.
    Made,
    /// It is being done; the answer says where to look.
    Begun,
}

impl Done {
    pub const fn status(self) -> u16 {
        match self {
            Self::Now => 200,
            Self::Made => 201,
            Self::Begun => 202,
        }
    }
}

/// One operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub verb: Verb,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// Its name in the description.
    pub id: &'static str,
    /// What it does, in a line.
    pub does: &'static str,
    pub access: Access,
    pub parameters: &'static [Parameter],
    pub wish: Wish,
    pub answer: Answer,
    pub done: Done,
    /// Whether the answer has an ETag.
    pub has_tag: bool,
    /// The longest body of a request in bytes.
    pub body: usize,
    /// Whether the answer to a key of `Idempotency-Key` is kept here; else the operation sees to it itself.
    pub is_kept: bool,
    pub handler: Handler,
}

/// Makes the schema of a type.
pub(super) fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Makes the schema of what has no fixed shape.
pub(super) fn any(_: &mut SchemaGenerator) -> Schema {
    Schema::from(true)
}

impl Operation {
    const fn of(
        (verb, path): (Verb, &'static str),
        (id, does): (&'static str, &'static str),
        access: Access,
        answer: Answer,
        handler: Handler,
    ) -> Self {
        Self {
            verb,
            path,
            id,
            does,
            access,
            parameters: &[],
            wish: Wish::Nothing,
            answer,
            done: Done::Now,
            has_tag: false,
            body: BODY,
            is_kept: false,
            handler,
        }
    }

    pub const fn get(
        path: &'static str,
        said: (&'static str, &'static str),
        access: Access,
        answer: Answer,
        handler: Handler,
    ) -> Self {
        Self::of((Verb::Get, path), said, access, answer, handler)
    }

    pub const fn post(
        path: &'static str,
        said: (&'static str, &'static str),
        access: Access,
        answer: Answer,
        handler: Handler,
    ) -> Self {
        Self::of((Verb::Post, path), said, access, answer, handler)
    }

    pub const fn put(
        path: &'static str,
        said: (&'static str, &'static str),
        access: Access,
        answer: Answer,
        handler: Handler,
    ) -> Self {
        Self::of((Verb::Put, path), said, access, answer, handler)
    }

    pub const fn delete(
        path: &'static str,
        said: (&'static str, &'static str),
        access: Access,
        answer: Answer,
        handler: Handler,
    ) -> Self {
        Self::of((Verb::Delete, path), said, access, answer, handler)
    }

    pub const fn with(self, parameters: &'static [Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// Takes JSON of this shape, with an example of it.
    pub const fn sending(self, shape: Shape, example: &'static str) -> Self {
        Self { wish: Wish::Json(shape, example), ..self }
    }

    /// Takes a file of at most so many bytes as it is.
    pub const fn sending_file(self, body: usize) -> Self {
        Self { wish: Wish::File, body, ..self }
    }

    /// Takes a body of at most so many bytes.
    pub const fn up_to(self, body: usize) -> Self {
        Self { body, ..self }
    }

    pub const fn made(self) -> Self {
        Self { done: Done::Made, ..self }
    }

    pub const fn begun(self) -> Self {
        Self { done: Done::Begun, ..self }
    }

    pub const fn tagged(self) -> Self {
        Self { has_tag: true, ..self }
    }

    /// Keeps what is answered to each `Idempotency-Key`, which is among the parameters.
    pub const fn once(self) -> Self {
        Self { is_kept: true, ..self }
    }

    pub fn method(&self) -> Method {
        match self.verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Put => Method::PUT,
            Verb::Delete => Method::DELETE,
        }
    }

    pub fn filter(&self) -> MethodFilter {
        match self.verb {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
            Verb::Put => MethodFilter::PUT,
            Verb::Delete => MethodFilter::DELETE,
        }
    }

    /// Returns the path as the router has it: the path of a file has slashes in it.
    pub fn route(&self) -> String {
        self.path.replace("{path}", "{*path}")
    }

    /// Returns the kinds of problems with which it is answered, beside that everything fails.
    pub fn problems(&self) -> Vec<Kind> {
        let mut kinds = vec![Kind::KeyNeeded, Kind::TooManyRequests, Kind::Busy];
        if matches!(self.access, Access::With(_)) {
            kinds.extend([Kind::ScopeNeeded, Kind::NotFound]);
        }
        // An operation without parameters refuses every one.
        kinds.push(Kind::InvalidInput);
        match self.wish {
            Wish::Nothing => {}
            Wish::Json(..) => kinds.extend([Kind::NotJson, Kind::TooLarge]),
            Wish::File => kinds.push(Kind::TooLarge),
        }
        if self.verb != Verb::Get {
            kinds.push(Kind::Refused);
        }
        let has = |name: &str| self.parameters.iter().any(|p| p.place != Place::Query && p.name == name);
        if has("If-Match") {
            kinds.push(Kind::Changed);
        }
        if has("Idempotency-Key") {
            kinds.push(Kind::KeyReused);
        }
        if self.path.contains("{action}") && self.verb != Verb::Get {
            kinds.push(Kind::NotOffered);
        }
        kinds
    }
}
