//! What happened to a complaint, and its mails and letters, each page by page.

use super::call::Call;
use super::parts::Parts;
use super::problem::Problem;
use super::shapes::{At, Event, EventList, Message, MessageFile, MessageList};
use crate::workflow::{MailSummary, NotificationState, NotificationSummary};
use axum::Json;
use axum::response::{IntoResponse, Response};

/// A place in a list, by which the next page begins behind it. What it says is no concern of who hands it back.
fn cursor(place: &str) -> String {
    place.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a place; none where the list begins.
fn place(call: &Call) -> Result<Option<Vec<i64>>, Problem> {
    let fields = call.fields();
    let given = fields.get("cursor");
    if given.is_empty() {
        return Ok(None);
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = given.as_bytes().chunks(2).map(byte).collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let numbers = text.and_then(|text| text.split('.').map(|part| part.parse().ok()).collect());
    let wrong = || {
        Problem::invalid("query", "cursor", "is geen cursor die is uitgegeven", "is none that was handed out")
    };
    numbers.map(Some).ok_or_else(wrong)
}

pub(super) async fn events(call: Call) -> Result<Response, Problem> {
    let after: i64 = call.fields().get("after").parse().unwrap_or(0);
    let after = match place(&call)?.as_deref() {
        None => after,
        Some([after]) => *after,
        Some(_) => {
            let (nl, en) = ("is geen cursor die is uitgegeven", "is none that was handed out");
            return Err(Problem::invalid("query", "cursor", nl, en));
        }
    };
    let (id, _) = call.complaint().await?;
    let reading = call.page.workflow.reading();
    let mut events = reading.trail().events(id).await?;
    events.retain(|event| event.seq > after);
    let has_more = events.len() > call.limit();
    events.truncate(call.limit());
    let parts = Parts::of(&call);
    let next = events.last().filter(|_| has_more).map(|last| {
        let path = format!("/api/v1/complaints/{}/events", call.part("reference"));
        call.with_parameter(&path, "cursor", &cursor(&last.seq.to_string()))
    });
    let told = events.into_iter().map(|e| Event {
        sequence: e.seq,
        at: At(e.at),
        on: parts.day_of(e.at),
        kind: e.kind.to_string(),
        by: e.by.to_string(),
        via: e.via.to_string(),
        words: reading.event_words(&e).in_language(call.language).to_owned(),
        rule: e.rule,
        ruleset: e.ruleset,
    });
    Ok(Json(EventList { events: told.collect(), next }).into_response())
}

pub(super) async fn messages(call: Call) -> Result<Response, Problem> {
    let after = place(&call)?;
    let (id, case) = call.complaint().await?;
    let workflow = &call.page.workflow;
    let register = workflow.reading().register();
    let base = format!("/api/v1/complaints/{}", call.part("reference"));
    // Each has its place in time; of one moment mails come before letters, in the order in which they came.
    let mails = register.mails(id).await?.into_iter();
    let mails = mails.map(|mail| (vec![mail.received_at.millis(), 0, mail.id, 0], came(&base, mail)));
    let mut all: Vec<(Vec<i64>, Message)> = mails.collect();
    let events = workflow.reading().trail().events(id).await?;
    let now = workflow.now().await?;
    let recallable = workflow.recallable_by(call.person(), &case.complaint, &events, now);
    let letters = register.notifications(id).await?.into_iter();
    let letters = letters.filter(|n| workflow.is_outside(&n.recipient)).map(|n| {
        let (version, ordinal) = n.decision;
        let waits = n.goes_at.is_some_and(|at| at > now);
        let is_recallable = waits && recallable.contains(&version);
        (vec![n.at.millis(), 1, version, i64::from(ordinal)], went(&base, n, is_recallable))
    });
    all.extend(letters);
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all.retain(|(place, _)| after.as_ref().is_none_or(|after| place > after));
    let has_more = all.len() > call.limit();
    all.truncate(call.limit());
    let next = all.last().filter(|_| has_more).map(|(place, _)| {
        let place: Vec<String> = place.iter().map(ToString::to_string).collect();
        call.with_parameter(&format!("{base}/messages"), "cursor", &cursor(&place.join(".")))
    });
    let messages = all.into_iter().map(|(_, message)| message).collect();
    Ok(Json(MessageList { messages, next }).into_response())
}

fn came(base: &str, mail: MailSummary) -> Message {
    let path = format!("{base}/mails/{}", mail.id);
    let files = mail.attachments.iter().map(|file| MessageFile {
        name: file.name.clone(),
        kind: file.sniffed.clone().unwrap_or_else(|| file.kind.clone()),
        size: file.size,
        sha256: file.sha256.clone(),
        path: format!("{path}/attachments/{}", file.sha256),
    });
    Message {
        direction: "in".to_owned(),
        at: At(mail.received_at),
        kind: mail.kind.to_string(),
        files: files.collect(),
        path,
        from: Some(mail.sender).filter(|sender| !sender.is_empty()),
        to: Vec::new(),
        subject: mail.subject,
        body: mail.body,
        attachments: mail.attachments.into_iter().map(|a| a.name).collect(),
        state: None,
        goes_at: None,
        is_recallable: false,
    }
}

fn went(base: &str, n: NotificationSummary, is_recallable: bool) -> Message {
    Message {
        direction: "out".to_owned(),
        at: At(n.at),
        kind: n.message,
        from: None,
        to: serde_json::from_str(&n.addresses).unwrap_or_default(),
        subject: n.subject,
        body: n.body,
        attachments: Vec::new(),
        files: Vec::new(),
        path: format!("{base}/letters/{}/{}", n.decision.0, n.decision.1),
        state: Some(became(n.state)),
        goes_at: n.goes_at.map(At),
        is_recallable,
    }
}

fn became(state: NotificationState) -> String {
    match state {
        NotificationState::Undeliverable => "undeliverable".to_owned(),
        NotificationState::Deliverable(state) => state.to_string(),
        NotificationState::Waiting => "waiting".to_owned(),
        NotificationState::LeftOut => "left_out".to_owned(),
    }
}
