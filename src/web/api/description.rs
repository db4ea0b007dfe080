//! The interface in OpenAPI 3.1: made of the table of operations and of the shapes, with the actions of the procedure in force.

use super::super::page::Page;
use super::limits::A_MINUTE;
use super::operation::{Access, Answer, Done, Operation, Wish};
use super::operations::all;
use super::parameters::{Kind, Parameter, Place};
use super::problem::{Kind as Refusal, Sent};
use crate::complaint::Language;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The version of the interface, as each answer says it.
pub(super) const VERSION: &str = "1.1.0";

/// Returns the whole description.
pub(super) fn describe(page: &Page, language: Language) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Sent>();
    let mut paths: Map<String, Value> = Map::new();
    for operation in all() {
        let described = describe_operation(operation, &mut generator, &problem);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method().as_str().to_lowercase()] = described;
    }
    let settings = page.workflow.settings();
    let declared = page.workflow.labels(language).actions();
    let actions: Vec<Value> =
        declared.into_iter().map(|(id, label)| json!({"const": id, "title": label})).collect();
    let mut schemas = json!(generator.take_definitions(true));
    schemas["ActionName"] = json!({
        "type": "string", "oneOf": actions,
        "description": "The actions of the procedure in force. What one asks on a complaint, `listActions` says.",
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Redress of {}", settings.organisation),
            "version": VERSION,
            "description": "Everything that the pages do, as the person may see and do in whose name a key is used. The path of a file \
                may be written with its slashes as they are, or as `%2F`. Moments are UTC, days are local. Words are in the language that Accept-Language asks for, nl or en.",
            "contact": {"name": settings.organisation, "email": settings.mailbox},
        },
        "servers": [{"url": settings.web.public_base().unwrap_or_else(|| "/".to_owned())}],
        "x-ruleset": page.workflow.published().ruleset.hash(),
        "x-language": [Language::Dutch.as_str(), Language::English.as_str()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {
                "type": "http", "scheme": "bearer",
                "description": "A key as `redress token add` or the page *Ik* makes it: `Authorization: Bearer redress_…`.",
            }},
        },
    })
}

fn describe_operation(
    operation: &Operation,
    generator: &mut SchemaGenerator,
    problem: &impl serde::Serialize,
) -> Value {
    let content = match operation.answer {
        Answer::Json(shape) => json!({"application/json": {"schema": shape(generator)}}),
        Answer::File(kind) => json!({kind: {"schema": {"type": "string", "format": "binary"}}}),
    };
    let in_path = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = in_path.map(|name| {
        let schema = match name {
            "action" => json!({"$ref": "#/components/schemas/ActionName"}),
            "proposal" | "publication" => json!({"type": "integer", "minimum": 1}),
            _ => json!({"type": "string"}),
        };
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    });
    let others = operation.parameters.iter().map(describe_parameter);
    let parameters: Vec<Value> = in_path.chain(others).collect();
    let mut answers = refusals(operation, problem);
    let mut headers = headers();
    if operation.has_tag {
        headers["ETag"] = header("What is answered is known by this; `If-Match` takes it.");
    }
    if operation.done != Done::Now {
        headers["Location"] = header("Where to look.");
    }
    answers[operation.done.status().to_string()] =
        json!({"description": said(operation.done), "headers": headers, "content": content});
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.does,
        "parameters": parameters,
        "responses": answers,
        "security": [{"key": []}],
    });
    let sent = match operation.wish {
        Wish::Nothing => None,
        Wish::Json(shape, example) => {
            let example = serde_json::from_str::<Value>(example).unwrap_or_default();
            Some(json!({"application/json": {"schema": shape(generator), "example": example}}))
        }
        Wish::File => {
            Some(json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}))
        }
    };
    if let Some(content) = sent {
        described["requestBody"] = json!({"required": true, "content": content});
    }
    if let Access::With(scope) = operation.access {
        described["x-scope"] = json!(scope);
    }
    described
}

const fn said(done: Done) -> &'static str {
    match done {
        Done::Now => "Done.",
        Done::Made => "Made.",
        Done::Begun => "Begun; look where `Location` says.",
    }
}

/// Describes the answers that say why not: those that are known beforehand by their status, and any other.
fn refusals(operation: &Operation, problem: &impl serde::Serialize) -> Value {
    let content = json!({"application/problem+json": {"schema": problem}});
    let mut by_status: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, status) in operation.problems().into_iter().map(Refusal::named) {
        by_status.entry(status.as_str().to_owned()).or_default().push(name);
    }
    let mut answers = json!({"default": {"description": "Why not.", "content": content}});
    for (status, names) in by_status {
        let mut headers = headers();
        if ["429", "503"].contains(&status.as_str()) {
            headers["Retry-After"] = header("The seconds after which it may be tried again.");
        }
        let description = format!("Why not: {}.", names.join(", "));
        answers[status] = json!({"description": description, "headers": headers, "content": content});
    }
    answers
}

/// Describes the headers of every answer.
fn headers() -> Value {
    json!({
        "API-Version": header("The version of the interface."),
        "Content-Language": header("The language of its words."),
        "RateLimit": header("How many requests may follow at once (`r`), and after how many seconds the next one may (`t`)."),
        "RateLimit-Policy": header(&format!("How many requests a key may make in a minute: {A_MINUTE}.")),
    })
}

fn header(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}

fn describe_parameter(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Query => "query",
        Place::Header | Place::NeededHeader => "header",
    };
    let schema = match parameter.kind {
        Kind::UpToCharacters(most) => json!({"type": "string", "maxLength": most}),
        Kind::Day => json!({"type": "string", "format": "date"}),
        Kind::Moment => json!({"type": "string", "format": "date-time"}),
        Kind::YesNo => json!({"type": "boolean"}),
        Kind::Sequence => json!({"type": "integer", "minimum": 0}),
        Kind::UpTo(most) => json!({"type": "integer", "minimum": 1, "maximum": most}),
        Kind::OneOf(words) => json!({"type": "string", "enum": words}),
    };
    let is_needed = parameter.place == Place::NeededHeader;
    json!({"name": parameter.name, "in": place, "required": is_needed, "description": parameter.means, "schema": schema})
}
