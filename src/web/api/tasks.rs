//! `/tasks`: what waits for the person of the key, soonest first, with the action that meets each.

use super::super::pages::{term_place, term_place_text};
use super::call::Call;
use super::parts::Parts;
use super::problem::Problem;
use super::shapes::{At, Named, Task, TaskList};
use crate::workflow::Turn;
use axum::Json;
use axum::response::{IntoResponse, Response};

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let fields = call.fields();
    let after = term_place(fields.get("cursor"));
    let after = after.map_err(|_| {
        Problem::invalid("query", "cursor", "is geen cursor die is uitgegeven", "is none that was handed out")
    })?;
    let found = call.page.workflow.desk(call.person(), after).await?;
    let parts = Parts::of(&call);
    let tasks = found.tasks.into_iter().map(|task| {
        let (turn, role) = match &task.turn {
            Turn::Responsible => ("responsible", None),
            Turn::Role(role) => ("role", Some(parts.role(role))),
            Turn::StandsIn(role) => ("standsIn", Some(parts.role(role))),
            Turn::Others(role) => ("others", Some(parts.role(role))),
        };
        Task {
            path: format!("/api/v1/complaints/{}", task.reference),
            reference: task.reference,
            subject: task.subject,
            term: parts.term(&task.term),
            due_at: At(task.due),
            due_on: parts.day_of(task.due),
            turn: turn.to_owned(),
            role,
            action: task.action.map(|action| Named { name: action.id, label: action.label }),
        }
    });
    let tasks = tasks.collect();
    let next = found.next.map(|place| format!("/api/v1/tasks?cursor={}", term_place_text(&place)));
    Ok(Json(TaskList { tasks, next }).into_response())
}
