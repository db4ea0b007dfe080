//! `/deliveries/ID`: one delivery: what it carries, every attempt and its answer; and sending it again.

use super::complaint::seen;
use super::plugin::by;
use super::plugin_words::path_of;
use super::plugins::{View, access, may_act};
use crate::delivery::PluginKind;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{DeliveryState, Replay, ReplayEnd};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The longest id of a delivery.
const LONGEST: usize = 128;

/// Returns whether somebody who looks after deliveries may know what one about a complaint carries: who may see the
/// complaint. That the person looked is noted.
pub(in crate::web) async fn is_told(page: &Page, signed: &Signed, reference: &str) -> Result<bool, Trouble> {
    match seen(page, signed, reference).await {
        Ok(_) => Ok(true),
        Err(Trouble::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let access = access(&page, &signed).await?;
    let found = page.workflow.reading().delivery(plain(&id)?).await?.ok_or(Trouble::NotFound)?;
    let view = View::of(&page, &signed, access).await?;
    let reference = match &found.reference {
        None => None,
        // What it carries is for who may act; who only looks is shown no more than where it belongs.
        Some(reference) if view.acts() => {
            is_told(&page, &signed, reference).await?.then(|| reference.clone())
        }
        Some(reference) => {
            let is_seen = page.workflow.seen_by(&signed.person.email, reference).await?.is_some();
            is_seen.then(|| reference.clone())
        }
    };
    let d = &found.summary;
    let payload = (view.acts() && reference.is_some()).then(|| format!("{:#}", found.payload));
    // A target may name anybody in its answer.
    let is_answer_shown = view.acts() || reference.is_some();
    let tried = found.tried.iter().map(|t| {
        let answer = if is_answer_shown { t.detail.as_str() } else { "" };
        context! { at => view.dates.moment(t.at), took => t.millis, outcome => view.words.outcome(t.outcome), answer }
    });
    let is_mail = page.plugins.find(&d.plugin).is_some_and(|p| p.manifest.kind() == PluginKind::Email);
    let is_again = d.state == DeliveryState::Accepted;
    let button = match d.state {
        _ if !view.acts() => None,
        DeliveryState::Queued => Some("delivery_send_now"),
        DeliveryState::Accepted => Some("delivery_send_once_more"),
        DeliveryState::Dead => Some("delivery_send_again"),
        DeliveryState::Recalled => None,
    };
    let is_queued = d.state == DeliveryState::Queued;
    let of = context! {
        id => d.id, path => path_of(&d.id), plugin => d.plugin, plugin_path => path_of(&d.plugin), what => view.words.topic(&d.topic), is_dead => d.state == DeliveryState::Dead,
        to => if d.recipient.is_empty() { String::new() } else { view.words.recipient(&d.recipient) },
        state => view.words.delivery_state(d.state), at => view.dates.moment(d.created_at),
        next => if is_queued { view.dates.moment(d.next_at) } else { String::new() },
        reference => reference.unwrap_or_default(), payload, acts => view.acts(),
        is_known => page.plugins.find(&d.plugin).is_some(),
        tried => tried.collect::<Vec<Value>>(), is_twice => is_mail && is_again,
        button => button.map(|key| view.words.say(key)),
        sent => !Fields::of_query(query.as_deref()).get("sent").is_empty(),
    };
    let title = say(signed.language, "delivery_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "delivery", title, here: "/plugins", of })
}

/// Sends one again under the same id, or now.
pub(in crate::web) async fn replay(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let ids = [plain(&id)?.to_owned()];
    match page.workflow.operations().replay(Replay::Ids(&ids), by(&signed)).await? {
        ReplayEnd::Queued(_) => Ok(see_other(&format!("/deliveries/{}?sent=1", path_of(&id)))),
        ReplayEnd::Unknown(_) => Err(Trouble::NotFound),
    }
}

fn plain(id: &str) -> Result<&str, Trouble> {
    let is_plain = id.len() <= LONGEST && id.chars().all(|c| c.is_ascii_graphic());
    if is_plain { Ok(id) } else { Err(Trouble::NotFound) }
}
