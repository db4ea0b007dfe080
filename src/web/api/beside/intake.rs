//! `/intake`: what has come in and waits for a judgement, what it is like, and noting down what was told by phone, on paper or
//! in a chat. It is judged by the actions that it offers.

use crate::complaint::Via;
use crate::intake::log_contact;
use crate::web::api::call::Call;
use crate::web::api::parts::Parts;
use crate::web::api::problem::{Kind, Mistake, Problem};
use crate::web::api::shapes::{At, ComplaintSummary, Day, Named};
use crate::web::form::Fields;
use crate::web::pages::{intake as of_page, place_of, place_text};
use crate::web::texts::both;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most complaints beside one that waits, and the most mails that were filed.
const SIMILAR: usize = 5;
const FILED: usize = 25;

/// A complaint that waits for a judgement.
#[derive(Debug, Serialize, JsonSchema)]
struct Waiting {
    complaint: ComplaintSummary,
    /// The first words of the mail that opened it.
    excerpt: Option<String>,
    /// The names of what came with it.
    files: Vec<String>,
    /// Why a person must judge it; null where no single reason is known.
    why: Option<String>,
}

/// A mail that is no person's and was filed without an answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Filed {
    at: At,
    kind: String,
    from: String,
    subject: String,
}

/// What has come in.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct IntakeList {
    waiting: Vec<Waiting>,
    /// The last mails that were filed, for who may see them.
    filed: Vec<Filed>,
    /// The path and query of the next page; null where this is the last.
    next: Option<String>,
}

fn why(call: &Call, c: &crate::complaint::Complaint) -> Option<String> {
    Some(of_page::why(call.language, c)).filter(|why| !why.is_empty())
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let (fields, workflow) = (call.fields(), &call.page.workflow);
    let after = place_of(&call.page, fields.get("cursor")).map_err(|_| {
        Problem::invalid("query", "cursor", "is geen cursor die is uitgegeven", "is none that was handed out")
    })?;
    let (waiting, next) = workflow.untriaged(call.person(), after, call.limit()).await?;
    let filed = workflow.filed_for(call.person(), FILED).await?;
    let parts = Parts::of(&call);
    let waiting = waiting.iter().map(|one| Waiting {
        complaint: parts.listed(&one.complaint),
        excerpt: one.opening.as_ref().map(|mail| mail.text.clone()),
        files: one.opening.iter().flat_map(|mail| mail.attachments()).map(|a| a.name.clone()).collect(),
        why: why(&call, &one.complaint.facts),
    });
    let filed = filed.into_iter().map(|mail| Filed {
        at: At(mail.received_at),
        kind: mail.kind.to_string(),
        from: mail.sender,
        subject: mail.subject,
    });
    let next = next.map(|place| call.with_parameter("/api/v1/intake", "cursor", &place_text(place)));
    Ok(Json(IntakeList { waiting: waiting.collect(), filed: filed.collect(), next }).into_response())
}

/// A complaint that one which waits is like.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Similar {
    reference: String,
    subject: String,
    state: Named,
    decided_on: Option<Day>,
    /// `sender` or `organisation`, where it shares that; else null.
    shares: Option<&'static str>,
    text: String,
}

/// What waits for a judgement, beside what it is like.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Judging {
    reference: String,
    /// Whether it still waits.
    is_waiting: bool,
    why: Option<String>,
    similar: Vec<Similar>,
}

pub(super) async fn judge(call: Call) -> Result<Response, Problem> {
    let (id, case) = call.complaint().await?;
    let similar = call.page.workflow.similar_for(call.person(), id, SIMILAR).await?;
    let parts = Parts::of(&call);
    let similar = similar.into_iter().map(|one| Similar {
        state: parts.state(&one.state.as_str().into()),
        reference: one.reference,
        subject: one.subject,
        decided_on: one.decided_on.map(Day),
        shares: match one.shares {
            "" => None,
            "sender" => Some("sender"),
            _ => Some("organisation"),
        },
        text: one.text,
    });
    Ok(Json(Judging {
        reference: case.complaint.reference().to_owned(),
        is_waiting: call.page.workflow.is_untriaged(&case.complaint),
        why: why(&call, &case.complaint),
        similar: similar.collect(),
    })
    .into_response())
}

/// The way in which something was told.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Channel {
    Phone,
    Paper,
    Chat,
}

/// Something that was told by phone, on paper or in a chat.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactWish {
    channel: Channel,
    #[schemars(length(min = 1, max = 300))]
    subject: String,
    /// The words.
    #[serde(default)]
    text: String,
    /// The complainant's name and address, as far as they are known.
    #[serde(default)]
    name: String,
    #[serde(default)]
    address: String,
    /// The local day, as `2026-11-22`; today where none is said.
    #[serde(default)]
    on: Option<String>,
}

/// What was noted down.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Noted {
    /// The intake id of the complaint; null where the same was noted before.
    intake_id: Option<String>,
    /// Where it is read; what waits for a judgement where the same was noted before.
    path: String,
}

/// Notes down what was told. The same note twice is one complaint.
pub(super) async fn log(call: Call) -> Result<Response, Problem> {
    let wish: ContactWish = call.wish()?;
    let channel = match wish.channel {
        Channel::Phone => "phone",
        Channel::Paper => "paper",
        Channel::Chat => "chat",
    };
    let typed = Fields::of([
        ("channel", channel.to_owned()),
        ("subject", wish.subject),
        ("text", wish.text),
        ("name", wish.name),
        ("address", wish.address),
        ("on", wish.on.unwrap_or_default()),
    ]);
    let contact = of_page::contact(&call.page, (&call.who.signed, Via::Api), &typed).await?;
    let contact = contact.map_err(|(field, key)| {
        let mistake = Mistake { place: "body", location: format!("/{field}"), detail: both(key, &[]) };
        Problem { mistakes: vec![mistake], ..Kind::InvalidInput.into() }
    })?;
    let logged = log_contact(&call.page.workflow, contact).await;
    let intake_id = logged.map_err(|e| {
        tracing::error!("a contact could not be noted down: {e}");
        Problem::from(Kind::Failed)
    })?;
    let path =
        intake_id.as_ref().map_or("/api/v1/intake".to_owned(), |id| format!("/api/v1/complaints/{id}"));
    Ok((StatusCode::CREATED, [(LOCATION, path.clone())], Json(Noted { intake_id, path })).into_response())
}
