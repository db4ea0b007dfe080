//! `/plugins/NAME/missed`: what a plugin missed while it was new or off, from the audit trail: how much that is, and sending it.

use super::day;
use super::deliveries::{after, start_of};
use super::plugin::by;
use super::plugin_words::path_of;
use super::plugins::may_act;
use crate::calendar::{Date, Moment};
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::MissedWish;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

/// The days of which a plugin is sent what it missed.
struct Days {
    from: Date,
    to: Option<Date>,
    since: Moment,
    until: Option<Moment>,
}

pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let days = days(&page, &signed, &name, &Fields::of_query(query.as_deref())).await?;
    let missed = page.workflow.operations().missed(days.wish(&name)).await?;
    let date = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
    let of = context! {
        name, path => path_of(&name), missed, from => date(Some(days.from)), to => date(days.to),
    };
    let title = say(signed.language, "missed_title", &[("name", &name)]);
    page.show(&signed, StatusCode::OK, Shown { template: "missed", title, here: "/plugins", of })
}

/// Sends it; what the plugin had before is not sent again, so that twice is once.
pub(in crate::web) async fn send(
    State(page): State<Arc<Page>>,
    Path(name): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let days = days(&page, &signed, &name, &fields).await?;
    let sent = page.workflow.operations().replay_missed(days.wish(&name), by(&signed)).await?;
    Ok(see_other(&format!("/deliveries?plugin={}&sent={sent}", path_of(&name))))
}

async fn days(page: &Page, signed: &Signed, name: &str, fields: &Fields) -> Result<Days, Trouble> {
    may_act(page, signed).await?;
    page.plugins.replayable(name).map_err(|_| Trouble::NotFound)?;
    let from = day(fields.get("from"))?.ok_or(Trouble::Unreadable)?;
    let to = day(fields.get("to"))?;
    let calendar = &page.workflow.settings().calendar;
    let until = to.map(|day| start_of(calendar, after(day)?)).transpose()?;
    Ok(Days { from, to, since: start_of(calendar, from)?, until })
}

impl Days {
    fn wish<'w>(&self, plugin: &'w str) -> MissedWish<'w> {
        MissedWish { plugin, since: self.since, until: self.until, topics: &[] }
    }
}
