//! `Call`: a request of a program that may make it, and what is read of it.

use super::super::form::Fields;
use super::super::page::Page;
use super::super::pages::seen;
use super::super::signed::Signed;
use super::parameters::{Parameter, Place};
use super::problem::{Kind, Mistake, Problem, all_right};
use crate::accounts::Scope;
use crate::complaint::{Case, ComplaintId, Language, Text, Via};
use crate::workflow::ApiCaller;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

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

    /// Returns whether the key is good for reading complaints.
    pub fn reads_complaints(&self) -> bool {
        self.who.caller.scopes.contains(&Scope::ReadComplaints)
    }

    /// Returns who does something.
    pub fn by(&self) -> (&str, Via) {
        (self.person(), Via::Api)
    }

    /// Returns a part of the path.
    pub fn part(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// Returns the parameters behind the question mark, which `check` has looked at.
    pub fn fields(&self) -> Fields {
        Fields::of_query(self.query.as_deref())
    }

    /// Returns a path with the same query, one parameter of it another.
    pub fn with_parameter(&self, path: &str, name: &str, value: &str) -> String {
        let fields = self.fields();
        let mut query = Serializer::new(String::new());
        query.extend_pairs(fields.under("").filter(|(other, _)| *other != name));
        format!("{path}?{}", query.append_pair(name, value).finish())
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
                    let names = names.join(", ");
                    Some(Text::new(
                        format!("is niet bekend; bekend zijn: {names}"),
                        format!("is not known; known are: {names}"),
                    ))
                }
                Some(parameter) => parameter.kind.mistake(value),
            };
            let location = name.to_owned();
            mistakes.extend(said.map(|detail| Mistake { place: "query", location, detail }));
        }
        for parameter in parameters.iter().filter(|p| p.place == Place::NeededHeader) {
            if self.header(parameter.name).is_none_or(str::is_empty) {
                let (location, detail) = (parameter.name.to_owned(), Text::new("is nodig", "is needed"));
                mistakes.push(Mistake { place: "header", location, detail });
            }
        }
        all_right((), mistakes)
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
        let unread = |e: serde_json::Error| {
            Problem::invalid("body", "", format!("is niet te lezen: {e}"), format!("cannot be read: {e}"))
        };
        let read: Value = serde_json::from_slice(&self.body).map_err(unread)?;
        if has_nul(&read) {
            return Err(Problem::invalid(
                "body",
                "",
                "bevat het teken U+0000",
                "has the character U+0000 in it",
            ));
        }
        serde_json::from_value(read).map_err(unread)
    }

    /// Finds the complaint of the path, as the person may see it, and notes that they looked.
    pub async fn complaint(&self) -> Result<(ComplaintId, Case), Problem> {
        Ok(seen(&self.page, &self.who.signed, self.part("reference")).await?)
    }
}

/// Returns whether a text in it has a character that no database holds.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(all) => all.iter().any(has_nul),
        Value::Object(all) => all.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
