//! The interface in OpenAPI 3.1: made of the table of operations and of the shapes, with the actions of the procedure in force.

use super::super::page::Page;
use super::operation::{Access, Answer, Operation};
use super::operations::OPERATIONS;
use super::parameters::{Kind, Parameter, Place};
use super::problem::Sent;
use crate::complaint::Language;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The version of the interface, as each answer says it.
pub(super) const VERSION: &str = "1.0.0";

/// Returns the whole description.
pub(super) fn describe(page: &Page, language: Language) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Sent>();
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let described = describe_operation(operation, &mut generator, &problem);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_lowercase()] = described;
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
            "description": "Complaints, what can be done with them, reports and deliveries, as the person may see and do in whose \
                name a key is used. Moments are UTC, days are local. Words are in the language that Accept-Language asks for, nl or en.",
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
            _ => json!({"type": "string"}),
        };
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    });
    let others = operation.parameters.iter().map(describe_parameter);
    let parameters: Vec<Value> = in_path.chain(others).collect();
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.does,
        "parameters": parameters,
        "responses": {
            "200": {"description": "Done.", "content": content},
            "default": {"description": "Why not.", "content": {"application/problem+json": {"schema": problem}}},
        },
        "security": [{"key": []}],
    });
    if let Some(shape) = operation.wish {
        let content = json!({"application/json": {"schema": shape(generator)}});
        described["requestBody"] = json!({"required": true, "content": content});
    }
    if let Access::With(scope) = operation.access {
        described["x-scope"] = json!(scope);
    }
    described
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
