//! `/deliveries/replay`: sending again all that a list shows: how many that are and where they go, and then doing it.

use super::deliveries::Wish;
use super::plugin::by;
use super::plugins::may_act;
use crate::calendar::Moment;
use crate::delivery::PluginKind;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{DeliveryFilter, DeliveryState, Replay, ReplayEnd, Replayed};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let wish = Wish::read(&page, &signed, &Fields::of_query(query.as_deref())).await?;
    // What comes later is in another list than the one that was looked at.
    let before = page.workflow.now().await?.plus_millis(1);
    let Some(filter) = whole(&wish, before) else { return Err(Trouble::Unreadable) };
    let found = page.workflow.reading().listed(&filter).await?;
    confirm(&page, &signed, &wish, before, &found, Asked::First)
}

pub(in crate::web) async fn send(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let wish = Wish::read(&page, &signed, &fields).await?;
    let before = fields.get("before").parse().map(Moment::from_millis).map_err(|_| Trouble::Unreadable)?;
    let Some(filter) = whole(&wish, before) else { return Err(Trouble::Unreadable) };
    let found = page.workflow.reading().listed(&filter).await?;
    if found.len().to_string() != fields.get("seen") {
        return confirm(&page, &signed, &wish, before, &found, Asked::Anew);
    }
    match page.workflow.operations().replay(Replay::Listed(&filter), by(&signed)).await? {
        ReplayEnd::Queued(queued) => Ok(see_other(&format!("/deliveries?sent={}", queued.len()))),
        ReplayEnd::Unknown(_) => Err(Trouble::NotFound),
    }
}

/// Why it is asked whether all of it is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    First,
    /// Others than those that were seen match now.
    Anew,
}

/// Returns all of a list that was decided before a moment; none where the list has no bounds.
fn whole(wish: &Wish, before: Moment) -> Option<DeliveryFilter> {
    let until = wish.filter.until.map_or(before, |until| until.min(before));
    wish.is_bounded().then(|| DeliveryFilter { until: Some(until), behind: None, ..wish.filter.clone() })
}

fn confirm(
    page: &Page,
    signed: &Signed,
    wish: &Wish,
    before: Moment,
    found: &[Replayed],
    asked: Asked,
) -> Result<Response, Trouble> {
    let mut plugins: BTreeMap<&str, i64> = BTreeMap::new();
    found.iter().for_each(|delivery| *plugins.entry(&delivery.plugin).or_default() += 1);
    let is_mail =
        |name: &str| page.plugins.find(name).is_some_and(|p| p.manifest.kind() == PluginKind::Email);
    let arrived = wish.filter.state == Some(DeliveryState::Accepted);
    let is_twice = arrived && plugins.keys().any(|name| is_mail(name));
    let rows: Vec<Value> = plugins.iter().map(|(name, count)| context! { name, count }).collect();
    let fields: Vec<Value> = wish.fields().iter().map(|(name, value)| context! { name, value }).collect();
    let of = context! {
        rows, fields, count => found.len(), before => before.millis(), is_twice, back => wish.query(),
        has_changed => asked == Asked::Anew,
    };
    let status = if asked == Asked::Anew { StatusCode::CONFLICT } else { StatusCode::OK };
    let title = say(signed.language, "replay_title", &[]);
    page.show(signed, status, Shown { template: "replays", title, here: "/plugins", of })
}
