//! `/deliveries`: what was sent and what became of it, newest first, page by page. What is shown stands in the address.

use super::plugin_words::{Words, path_of};
use super::plugins::{View, access};
use super::{day, is_reference};
use crate::calendar::{Calendar, Date, Moment};
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::{counted, say};
use crate::web::trouble::Trouble;
use crate::workflow::{DeliveryFilter, DeliveryState, DeliverySummary};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Days;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

/// The deliveries on a page.
const PAGE: usize = 50;

/// The longest value in a filter, in bytes.
const LONGEST: usize = 254;

/// What somebody wants to see of the deliveries, as the address says it.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    pub filter: DeliveryFilter,
    pub from: Option<Date>,
    to: Option<Date>,
    /// The number that was typed; deliveries of a complaint that the person may not see are none.
    number: String,
    is_unknown: bool,
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let access = access(&page, &signed).await?;
    let fields = Fields::of_query(query.as_deref());
    let wish = Wish::read(&page, &signed, &fields).await?;
    let view = View::of(&page, &signed, access).await?;
    let mut found = match wish.is_unknown {
        true => Vec::new(),
        // One more than is shown says whether there is more.
        false => page.workflow.reading().deliveries(&wish.filter, PAGE + 1).await?,
    };
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let behind = found.last().filter(|_| has_more).map(|last| (last.created_at, last.id.clone()));
    let next = behind.map(|place| wish.behind(Some(place)).query());
    let start = wish.behind(None);
    let sent = fields.get("sent").parse::<i64>().ok().filter(|n| *n >= 0);
    let sent = sent.map(|n| say(signed.language, &counted("deliveries_sent", n), &[("n", &n.to_string())]));
    let of = context! {
        rows => found.iter().map(|d| row(&view, d)).collect::<Vec<_>>(), acts => view.acts(),
        filter => wish.form(&page, &view.words), is_first => wish.filter.behind.is_none(),
        is_filtered => !start.query().is_empty(), first => start.query(), next, sent => sent.unwrap_or_default(),
        replay => (view.acts() && wish.is_bounded() && !found.is_empty()).then(|| start.query()),
    };
    let title = say(signed.language, "deliveries_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "deliveries", title, here: "/plugins", of })
}

fn row(view: &View, d: &DeliverySummary) -> Value {
    let is_queued = d.state == DeliveryState::Queued;
    context! {
        path => path_of(&d.id), at => view.dates.moment(d.created_at), plugin => d.plugin, what => view.words.topic(&d.topic),
        to => if d.recipient.is_empty() { String::new() } else { view.words.recipient(&d.recipient) },
        state => view.words.delivery_state(d.state), is_dead => d.state == DeliveryState::Dead, attempts => d.attempts,
        next => if is_queued { view.dates.moment(d.next_at) } else { String::new() },
        // A target may name anybody in its answer.
        error => d.last_error.clone().filter(|_| view.acts()).unwrap_or_default(),
    }
}

impl Wish {
    /// Reads what an address or a form asks for.
    pub async fn read(page: &Page, signed: &Signed, fields: &Fields) -> Result<Self, Trouble> {
        let given = |name: &str| match fields.get(name).trim() {
            value if value.len() > LONGEST => Err(Trouble::Unreadable),
            "" => Ok(None),
            value => Ok(Some(value.to_owned())),
        };
        let state = given("state")?.map(|state| state.parse::<DeliveryState>());
        let state = state.transpose().map_err(|_| Trouble::Unreadable)?;
        let (from, to) = (day(fields.get("from"))?, day(fields.get("to"))?);
        let calendar = &page.workflow.settings().calendar;
        let number = given("complaint")?.unwrap_or_default();
        let complaint = match is_reference(&number) {
            true => page.workflow.seen_by(&signed.person.email, &number).await?,
            false => None,
        };
        let filter = DeliveryFilter {
            state,
            plugin: given("plugin")?,
            topic: given("topic")?,
            since: from.map(|day| start_of(calendar, day)).transpose()?,
            until: to.map(|day| start_of(calendar, after(day)?)).transpose()?,
            complaint,
            behind: given("after")?.map(|text| place(&text)).transpose()?,
        };
        Ok(Self { filter, from, to, is_unknown: !number.is_empty() && complaint.is_none(), number })
    }

    /// Returns whether all of it can be sent again: it says in which state, since when, and of what there is.
    pub fn is_bounded(&self) -> bool {
        let goes_again = self.filter.state.is_some_and(|state| state != DeliveryState::Recalled);
        goes_again && self.from.is_some() && !self.is_unknown
    }

    fn behind(&self, behind: Option<(Moment, String)>) -> Self {
        let filter = DeliveryFilter { behind, ..self.filter.clone() };
        Self { filter, ..self.clone() }
    }

    /// Returns its parts as an address and a form name them, without those that leave out nothing.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let date = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
        let f = &self.filter;
        let fields = [
            ("plugin", f.plugin.clone().unwrap_or_default()),
            ("state", f.state.map(|state| state.to_string()).unwrap_or_default()),
            ("topic", f.topic.clone().unwrap_or_default()),
            ("from", date(self.from)),
            ("to", date(self.to)),
            ("complaint", self.number.clone()),
            ("after", f.behind.as_ref().map(|(at, id)| format!("{}.{id}", at.millis())).unwrap_or_default()),
        ];
        fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Writes it as the part of an address behind the question mark.
    pub fn query(&self) -> String {
        Serializer::new(String::new()).extend_pairs(self.fields()).finish()
    }

    /// Returns what the form of the filter shows.
    fn form(&self, page: &Page, words: &Words) -> Value {
        let option = |value: &str, said: String, chosen: Option<&str>| {
            context! { value, words => said, is_chosen => chosen == Some(value) }
        };
        let f = &self.filter;
        let mut plugins: Vec<String> = page.plugins.set().iter().map(|p| p.name().to_owned()).collect();
        plugins.extend(f.plugin.clone().filter(|chosen| !plugins.contains(chosen)));
        let mut topics = page.workflow.published().names().topics();
        topics.extend(f.topic.clone().filter(|chosen| !topics.contains(chosen)));
        let plugins = plugins.iter().map(|name| option(name, name.clone(), f.plugin.as_deref()));
        let topics = topics.iter().map(|topic| option(topic, words.topic(topic), f.topic.as_deref()));
        let chosen = f.state.map(DeliveryState::as_str);
        let states = DeliveryState::ALL.iter();
        let states = states.map(|state| option(state.as_str(), words.delivery_state(*state), chosen));
        let date = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
        context! {
            plugins => plugins.collect::<Vec<_>>(), topics => topics.collect::<Vec<_>>(),
            states => states.collect::<Vec<_>>(), from => date(self.from), to => date(self.to), number => self.number,
        }
    }
}

/// Returns the moment at which a day begins.
pub(super) fn start_of(calendar: &Calendar, day: Date) -> Result<Moment, Trouble> {
    calendar.start_of(day).map_err(|_| Trouble::Unreadable)
}

/// Returns the day after a day.
pub(super) fn after(day: Date) -> Result<Date, Trouble> {
    day.checked_add_days(Days::new(1)).ok_or(Trouble::Unreadable)
}

/// Reads a place in the list as it stands in an address.
fn place(text: &str) -> Result<(Moment, String), Trouble> {
    let split = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    split.map(|(at, id)| (Moment::from_millis(at), id)).ok_or(Trouble::Unreadable)
}
