//! The operations of the interface, all of them.

use super::operation::{Access, Answer, Operation};
use super::parameters::{Kind, Parameter, Place};
use super::shapes::{
    ActionAnswer, ActionList, ActionWish, AnswerWish, Caller, ComplaintDetails, ComplaintList, Deliveries,
    EventList, Foreseen, MessageList, Replayed, ReportList, SearchAnswer, SearchWish, TaskList, ViewList,
};
use super::{actions, complaints, deliveries, reports, searches, tasks};
use crate::accounts::Scope;
use axum::http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};

const fn query(name: &'static str, kind: Kind, means: &'static str) -> Parameter {
    Parameter { place: Place::Query, name, means, kind }
}

const CURSOR: Parameter =
    query("cursor", Kind::UpToCharacters(500), "Where the page begins, as `next` of the page before says.");
const LIMIT: Parameter =
    query("pageSize", Kind::UpTo(200), "The most that are answered at once; 50 where nothing is said.");

const REGISTER: &[Parameter] = &[
    query(
        "stage",
        Kind::OneOf(&["open", "closed"]),
        "Those that wait for their outcome, or do not any more.",
    ),
    query("state", Kind::UpToCharacters(500), "Those in this state, by its name in the procedure."),
    query("late", Kind::YesNo, "Those of which a term of the organisation has passed that still runs."),
    query("mine", Kind::YesNo, "Those for which the person of the key is responsible."),
    query("receivedFrom", Kind::Day, "Those received on or after this local day."),
    query("receivedTo", Kind::Day, "Those received on or before this local day."),
    query("number", Kind::UpToCharacters(500), "Those whose number begins so, by number."),
    query(
        "order",
        Kind::OneOf(&["newest", "oldest", "number"]),
        "The order; newest first where nothing is said.",
    ),
    CURSOR,
    LIMIT,
];

const TAKING: &[Parameter] = &[
    Parameter {
        place: Place::NeededHeader,
        name: "Idempotency-Key",
        means: "A text of yours, of 1 to 200 visible characters, another for each action on a complaint that is meant: however often \
                the same is sent, the action is taken once. It counts for one complaint and one key of yours.",
        kind: Kind::UpToCharacters(200),
    },
    Parameter {
        place: Place::Header,
        name: "If-Match",
        means: "The ETag of the complaint as you saw it. Where it has changed since, nothing is done (412). Without it the \
                action is taken on the complaint as it is.",
        kind: Kind::UpToCharacters(500),
    },
];

const DELIVERIES: &[Parameter] = &[
    query("state", Kind::OneOf(&["queued", "accepted", "dead"]), "Those in this state."),
    query("plugin", Kind::UpToCharacters(500), "Those that go through this plugin."),
    query("topic", Kind::UpToCharacters(500), "Those of this kind, as `event.entered`."),
    query("since", Kind::Moment, "Those decided at or after this moment."),
    query("until", Kind::Moment, "Those decided before this moment."),
    CURSOR,
    LIMIT,
];

const EVENTS: &[Parameter] = &[query("after", Kind::Sequence, "Those after this `sequence`."), LIMIT];

const AS_KEPT: &[Parameter] = &[query(
    "made",
    Kind::Moment,
    "The report as it was kept at this moment, as the list says; without it, as of today.",
)];

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

fn any(_: &mut SchemaGenerator) -> Schema {
    Schema::from(true)
}

const READ: Access = Access::With(Scope::ReadComplaints);
const REPORTS: Access = Access::With(Scope::ReadReports);
const WATCH: Access = Access::With(Scope::ReadDeliveries);

/// Every operation, in the order in which people read of them.
pub(super) static OPERATIONS: &[Operation] = &[
    Operation {
        method: Method::GET,
        path: "/api/v1/caller",
        id: "caller",
        does: "In whose name the key is used, and what it is good for.",
        access: Access::Key,
        parameters: &[],
        wish: None,
        answer: Answer::Json(shape::<Caller>),
        handler: |call| Box::pin(complaints::caller(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/tasks",
        id: "listTasks",
        does: "What waits for the person of the key, soonest first, forty at a time, with the action that meets each term.",
        access: READ,
        parameters: &[CURSOR],
        wish: None,
        answer: Answer::Json(shape::<TaskList>),
        handler: |call| Box::pin(tasks::list(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/complaints",
        id: "listComplaints",
        does: "The register as the person of the key may see it, page by page.",
        access: READ,
        parameters: REGISTER,
        wish: None,
        answer: Answer::Json(shape::<ComplaintList>),
        handler: |call| Box::pin(complaints::list(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/complaints/{reference}",
        id: "readComplaint",
        does: "One complaint, by number or intake id, with its terms. Its ETag is what If-Match takes.",
        access: READ,
        parameters: &[],
        wish: None,
        answer: Answer::Json(shape::<ComplaintDetails>),
        handler: |call| Box::pin(complaints::one(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/complaints/{reference}/events",
        id: "listEvents",
        does: "What happened to a complaint, oldest first, with the rule or the person behind it.",
        access: READ,
        parameters: EVENTS,
        wish: None,
        answer: Answer::Json(shape::<EventList>),
        handler: |call| Box::pin(complaints::events(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/complaints/{reference}/messages",
        id: "listMessages",
        does: "The mails that came in and the letters that went out, oldest first, with what became of each.",
        access: READ,
        parameters: &[],
        wish: None,
        answer: Answer::Json(shape::<MessageList>),
        handler: |call| Box::pin(complaints::messages(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/complaints/{reference}/views",
        id: "listViews",
        does: "Who looked at a complaint and when; for who oversees.",
        access: READ,
        parameters: &[],
        wish: None,
        answer: Answer::Json(shape::<ViewList>),
        handler: |call| Box::pin(complaints::views(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/complaints/{reference}/dossier",
        id: "readDossier",
        does: "Everything about a complaint in one file that shows whether it was changed.",
        access: READ,
        parameters: &[],
        wish: None,
        answer: Answer::File("application/zip"),
        handler: |call| Box::pin(complaints::dossier(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/complaints/{reference}/actions",
        id: "listActions",
        does: "What the person of the key can do with a complaint now, with what each asks, and what keeps the others from being offered.",
        access: READ,
        parameters: &[],
        wish: None,
        answer: Answer::Json(shape::<ActionList>),
        handler: |call| Box::pin(actions::list(call)),
    },
    Operation {
        method: Method::POST,
        path: "/api/v1/complaints/{reference}/actions/{action}",
        id: "takeAction",
        does: "Take an action, once for each key of yours.",
        access: Access::With(Scope::Act),
        parameters: TAKING,
        wish: Some(shape::<ActionWish>),
        answer: Answer::Json(shape::<ActionAnswer>),
        handler: |call| Box::pin(actions::take(call)),
    },
    Operation {
        method: Method::POST,
        path: "/api/v1/complaints/{reference}/actions/{action}/previews",
        id: "previewAction",
        does: "What would happen if the action were taken now: states, events, letters in full. Nothing happens.",
        access: READ,
        parameters: &[],
        wish: Some(shape::<AnswerWish>),
        answer: Answer::Json(shape::<Foreseen>),
        handler: |call| Box::pin(actions::preview(call)),
    },
    Operation {
        method: Method::POST,
        path: "/api/v1/complaint-searches",
        id: "searchComplaints",
        does: "Complaints by words, names, numbers and addresses. They are sent along, so that they stand in no address and no log.",
        access: READ,
        parameters: &[],
        wish: Some(shape::<SearchWish>),
        answer: Answer::Json(shape::<SearchAnswer>),
        handler: |call| Box::pin(searches::search(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/reports",
        id: "listReports",
        does: "The reports that were sent or concluded, newest first.",
        access: REPORTS,
        parameters: &[],
        wish: None,
        answer: Answer::Json(shape::<ReportList>),
        handler: |call| Box::pin(reports::list(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/reports/{period}",
        id: "readReport",
        does: "The report on a period, as `2026`, `2026-Q3`, `2026-07` or `2026-07-01_2026-09-30`; who may not see all complaints has those that \
               were kept, in which small numbers are left out.",
        access: REPORTS,
        parameters: AS_KEPT,
        wish: None,
        answer: Answer::Json(any),
        handler: |call| Box::pin(reports::one(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/reports/{period}/files/{file}",
        id: "readReportFile",
        does: "The same as `report.html`, `report.csv` or `report.xlsx`.",
        access: REPORTS,
        parameters: AS_KEPT,
        wish: None,
        answer: Answer::File("*/*"),
        handler: |call| Box::pin(reports::file(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/audit-packs/{year}",
        id: "readAuditPack",
        does: "What an auditor takes home on a year, dossiers of a sample with it; for who may see all complaints.",
        access: READ,
        parameters: &[],
        wish: None,
        answer: Answer::File("application/zip"),
        handler: |call| Box::pin(reports::pack(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/deliveries",
        id: "listDeliveries",
        does: "Deliveries of letters and webhooks, newest first; for who is told of alarms about plugins.",
        access: WATCH,
        parameters: DELIVERIES,
        wish: None,
        answer: Answer::Json(shape::<Deliveries>),
        handler: |call| Box::pin(deliveries::list(call)),
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/deliveries/{delivery}",
        id: "readDelivery",
        does: "One delivery and every attempt. What is sent is told with a key that is good for complaints:read as well, to who may see the complaint.",
        access: WATCH,
        parameters: &[],
        wish: None,
        answer: Answer::Json(any),
        handler: |call| Box::pin(deliveries::one(call)),
    },
    Operation {
        method: Method::POST,
        path: "/api/v1/deliveries/{delivery}/replays",
        id: "replayDelivery",
        does: "Send a delivery again, each time it is asked, under its id, by which its target knows it. One that was called back never goes (404).",
        access: Access::With(Scope::Replay),
        parameters: &[],
        wish: None,
        answer: Answer::Json(shape::<Replayed>),
        handler: |call| Box::pin(deliveries::replay(call)),
    },
];
