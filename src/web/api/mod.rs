//! The interface for programs, `/api/v1`: what the pages do, as JSON. One table says which operations there are; the routes, the
//! check of what a key is good for, the description in OpenAPI and the reference page are made of it, so that they cannot differ.

mod actions;
mod beside;
mod call;
mod complaints;
mod conditions;
mod course;
mod deliveries;
mod description;
mod limits;
mod made;
mod once;
mod operation;
mod operations;
mod parameters;
mod parts;
mod plugins;
mod problem;
mod reference;
mod reports;
mod routes;
mod rules;
mod searches;
mod shapes;
mod tasks;
mod usual;

pub(super) use routes::routes;
