//! `Call`: a request of a program that may make it, and what is read of it.

use super::super::form::Fields;
use super::super::page::Page;
use super::super::pages::seen;
use super::super::signed::Signed;
use super::parameters::{Parameter, Place};
use super::problem::{Kind, Problem};
use crate::complaint::{Case, ComplaintId, Language};
use crate::workflow::ApiCaller;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A request.
pub(super) struct Call {
    pub page: Arc<Page>,
    pub who: Who,
    pub language: Language,
    pub path: BTreeMap<String, String>,
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Who makes a request: a program, and the person in whose name.
pub(super) struct Who {
    pub caller: ApiCaller,
    /// The person as the pages know who is signed in.
    pub signed: Signed,
}

impl Call {
    /// Returns the address of the person in whose name it is made.
    pub fn person(&self) -> &str {
        &self.who.signed.person.email
    }

    /// Returns a part of the path.
    pub fn part(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// Returns the parameters behind the question mark, which `check` has looked at.
    pub fn fields(&self) -> Fields {
        Fields::of_query(self.query.as_deref())
    }

    /// Looks at the parameters that are not in the path: none that is not known, each as it must look.
    pub fn check(&self, parameters: &[Parameter]) -> Result<(), Problem> {
        let fields = self.fields();
        let known = || parameters.iter().filter(|p| p.place == Place::Query);
        let mut mistakes = Vec::new();
        for (name, value) in fields.under("") {
            let said = match known().find(|p| p.name == name) {
                None => {
                    let names: Vec<&str> = known().map(|p| p.name).collect();
                    Some(format!("is not known; known are: {}", names.join(", ")))
                }
                Some(parameter) => parameter.kind.mistake(value),
            };
            mistakes.extend(said.map(|detail| Problem::invalid("query", name, detail)));
        }
        for parameter in parameters.iter().filter(|p| p.place == Place::NeededHeader) {
            if self.header(parameter.name).is_none_or(str::is_empty) {
                mistakes.push(Problem::invalid("header", parameter.name, "is needed"));
            }
        }
        match mistakes.is_empty() {
            true => Ok(()),
            false => Err(Problem {
                mistakes: mistakes.into_iter().flat_map(|problem| problem.mistakes).collect(),
                ..Kind::InvalidInput.into()
            }),
        }
    }

    /// Returns a header that stands there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let mut all = self.headers.get_all(name).iter();
        let only = all.next().filter(|_| all.next().is_none())?;
        only.to_str().ok().map(str::trim)
    }

    /// Returns the most that are answered at once.
    pub fn limit(&self) -> usize {
        self.fields().get("pageSize").parse().unwrap_or(50)
    }

    /// Reads what was sent along.
    pub fn wish<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Err(Kind::NotJson.into());
        }
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let read = T::deserialize(&mut reader).and_then(|read| reader.end().map(|()| read));
        read.map_err(|e| Problem::invalid("body", "", e.to_string()))
    }

    /// Finds the complaint of the path, as the person may see it, and notes that they looked.
    pub async fn complaint(&self) -> Result<(ComplaintId, Case), Problem> {
        Ok(seen(&self.page, &self.who.signed, self.part("reference")).await?)
    }
}
