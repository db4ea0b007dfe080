//! The operations of the interface, all of them.

use super::conditions::{FOR_GOOD, ONCE, SEEN};
use super::operation::{Access, Answer, Operation, any, shape};
use super::parameters::{Kind, Parameter};
use super::shapes::{
    ActionAnswer, ActionList, ActionWish, AnswerWish, Caller, ComplaintDetails, ComplaintList, Deliveries,
    EventList, Foreseen, MessageList, PersonalDataWish, Replayed, ReportList, SearchAnswer, SearchWish,
    TaskList, ViewList,
};
use super::usual::{CURSOR, LIMIT, READ, REGISTER, REPORTS, query};
use super::{actions, beside, complaints, course, deliveries, plugins, reports, rules, searches, tasks};
use crate::accounts::Scope;

const TAKING: &[Parameter] = &[FOR_GOOD, SEEN];

const DELIVERIES: &[Parameter] = &[
    query("state", Kind::OneOf(&["queued", "accepted", "dead"]), "Those in this state."),
    query("plugin", Kind::UpToCharacters(500), "Those that go through this plugin."),
    query("topic", Kind::UpToCharacters(500), "Those of this kind, as `event.entered`."),
    query("since", Kind::Moment, "Those decided at or after this moment."),
    query("until", Kind::Moment, "Those decided before this moment."),
    CURSOR,
    LIMIT,
];

const EVENTS: &[Parameter] = &[query("after", Kind::Sequence, "Those after this `sequence`."), CURSOR, LIMIT];
const MESSAGES: &[Parameter] = &[CURSOR, LIMIT];

const AS_KEPT: &[Parameter] = &[query(
    "made",
    Kind::Moment,
    "The report as it was kept at this moment, as the list says; without it, as of today.",
)];

const WATCH: Access = Access::With(Scope::ReadDeliveries);

/// Every operation, in the order in which people read of them.
pub(super) static OPERATIONS: &[&[Operation]] = &[
    OF_COMPLAINTS,
    beside::OF_COMPLAINTS,
    OF_REPORTS,
    beside::OF_AUDIT,
    OF_DELIVERIES,
    plugins::OPERATIONS,
    rules::OPERATIONS,
    beside::OF_IMPORTS,
];

/// Lists every operation.
pub(super) fn all() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().flat_map(|group| group.iter())
}

static OF_COMPLAINTS: &[Operation] = &[
    Operation::get("/api/v1/caller", ("caller", "In whose name the key is used, and what it is good for."), Access::Key, Answer::Json(shape::<Caller>), |call| Box::pin(complaints::caller(call))),
    Operation::get("/api/v1/tasks", ("listTasks", "What waits for the person of the key, soonest first, forty at a time, with the action that meets each term."), READ, Answer::Json(shape::<TaskList>), |call| Box::pin(tasks::list(call))).with(&[CURSOR]),
    Operation::get("/api/v1/complaints", ("listComplaints", "The register as the person of the key may see it, page by page."), READ, Answer::Json(shape::<ComplaintList>), |call| Box::pin(complaints::list(call))).with(REGISTER),
    Operation::get("/api/v1/complaints/{reference}", ("readComplaint", "One complaint, by number or intake id, with its terms. Its ETag is what If-Match takes."), READ, Answer::Json(shape::<ComplaintDetails>), |call| Box::pin(complaints::one(call))).tagged(),
    Operation::get("/api/v1/complaints/{reference}/states/{day}", ("readComplaintAt", "One complaint as it stood at the end of a local day, with the terms that then ran or were over. What was removed since is not told again."), READ, Answer::Json(shape::<ComplaintDetails>), |call| Box::pin(complaints::one_at(call))),
    Operation::get("/api/v1/complaints/{reference}/events", ("listEvents", "What happened to a complaint, oldest first, with the rule or the person behind it."), READ, Answer::Json(shape::<EventList>), |call| Box::pin(course::events(call))).with(EVENTS),
    Operation::get("/api/v1/complaints/{reference}/messages", ("listMessages", "The mails that came in and the letters that went out, oldest first, with what became of each."), READ, Answer::Json(shape::<MessageList>), |call| Box::pin(course::messages(call))).with(MESSAGES),
    Operation::get("/api/v1/complaints/{reference}/views", ("listViews", "Who looked at a complaint and when; for who oversees."), READ, Answer::Json(shape::<ViewList>), |call| Box::pin(complaints::views(call))),
    Operation::get("/api/v1/complaints/{reference}/dossier", ("readDossier", "Everything about a complaint in one file that shows whether it was changed."), READ, Answer::File("application/zip"), |call| Box::pin(complaints::dossier(call))),
    Operation::get("/api/v1/complaints/{reference}/actions", ("listActions", "What the person of the key can do with a complaint now, with what each asks, and what keeps the others from being offered."), READ, Answer::Json(shape::<ActionList>), |call| Box::pin(actions::list(call))),
    Operation::post("/api/v1/complaints/{reference}/actions/{action}", ("takeAction", "Take an action, once for each key of yours."), Access::With(Scope::Act), Answer::Json(shape::<ActionAnswer>), |call| Box::pin(actions::take(call))).with(TAKING).sending(shape::<ActionWish>, r#"{"answers": {"reason": "Per e-mail gevraagd."}}"#).tagged(),
    Operation::post("/api/v1/complaints/{reference}/actions/{action}/previews", ("previewAction", "What would happen if the action were taken now: states, events, letters in full. Nothing happens."), READ, Answer::Json(shape::<Foreseen>), |call| Box::pin(actions::preview(call))).sending(shape::<AnswerWish>, r#"{"answers": {"reason": "Per e-mail gevraagd."}}"#),
    Operation::post("/api/v1/complaint-searches", ("searchComplaints", "Complaints by words, names, numbers and addresses. They are sent along, so that they stand in no address and no log."), READ, Answer::Json(shape::<SearchAnswer>), |call| Box::pin(searches::search(call))).sending(shape::<SearchWish>, r#"{"words": "parkeren \"te laat\"", "pageSize": 20}"#),
];

static OF_REPORTS: &[Operation] = &[
    Operation::get("/api/v1/reports", ("listReports", "The reports that were sent or concluded, newest first."), REPORTS, Answer::Json(shape::<ReportList>), |call| Box::pin(reports::list(call))),
    Operation::get("/api/v1/reports/{period}", ("readReport", "The report on a period, as `2026`, `2026-Q3`, `2026-07` or `2026-07-01_2026-09-30`; who may not see all complaints has those that \
               were kept, in which small numbers are left out."), REPORTS, Answer::Json(any), |call| Box::pin(reports::one(call))).with(AS_KEPT),
    Operation::get("/api/v1/reports/{period}/files/{file}", ("readReportFile", "The same as `report.html`, `report.csv` or `report.xlsx`."), REPORTS, Answer::File("*/*"), |call| Box::pin(reports::file(call))).with(AS_KEPT),
    Operation::post("/api/v1/personal-data", ("readPersonalData", "Everything that is kept of one person, found by a mail address: `personal-data.json`, dossiers, and the mails as they came. The \
               address is sent along, so that it stands in no address and no log; for who may see all complaints."), READ, Answer::File("application/zip"), |call| Box::pin(reports::of_person(call))).sending(shape::<PersonalDataWish>, r#"{"address": "jan@example.nl"}"#),
    Operation::get("/api/v1/audit-packs/{year}", ("readAuditPack", "What an auditor takes home on a year, dossiers of a sample with it; for who may see all complaints."), READ, Answer::File("application/zip"), |call| Box::pin(reports::pack(call))),
];

static OF_DELIVERIES: &[Operation] = &[
    Operation::get(
        "/api/v1/deliveries",
        (
            "listDeliveries",
            "Deliveries of letters and webhooks, newest first; for who is told of alarms about plugins.",
        ),
        WATCH,
        Answer::Json(shape::<Deliveries>),
        |call| Box::pin(deliveries::list(call)),
    )
    .with(DELIVERIES),
    Operation::get(
        "/api/v1/deliveries/{delivery}",
        (
            "readDelivery",
            "One delivery and every attempt. What is sent is told with a key that is good for complaints:read as well, to who may see the complaint.",
        ),
        WATCH,
        Answer::Json(any),
        |call| Box::pin(deliveries::one(call)),
    ),
    Operation::post(
        "/api/v1/deliveries/{delivery}/replays",
        (
            "replayDelivery",
            "Send a delivery again under its id, by which its target knows it. One that was called back never goes (404).",
        ),
        Access::With(Scope::Replay),
        Answer::Json(shape::<Replayed>),
        |call| Box::pin(deliveries::replay(call)),
    )
    .with(&[ONCE])
    .once(),
];
