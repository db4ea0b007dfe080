//! `/subscriptions`: webhooks that are made on the page: making one, letting it go elsewhere or take something else, giving it another
//! secret, and taking it away. A secret is shown once, when it is made.

use super::plugin::by;
use super::plugin_words::path_of;
use super::plugins::may_act;
use super::subscription_words::{WebhookPart, said};
use crate::complaint::{EventKind, Language};
use crate::delivery::Takes;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{Subscribed, Subscribing, SubscriptionWish, USUAL_HOURS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// What stands before the name of a kind of event in the form.
const EVENT: &str = "event.";
/// What stands before the name of a state in the form.
const STATE: &str = "state.";
/// The name that stands for all.
const ALL: &str = "*";

/// A webhook as somebody typed it.
struct Typed {
    name: String,
    url: String,
    takes: Takes,
}

/// A mistake as the page says it, and the field that it is about.
type Said = (&'static str, String);

impl Typed {
    fn nothing() -> Self {
        Self { name: String::new(), url: String::new(), takes: Takes::default() }
    }

    /// Reads the form; what it has no field for stays as it was.
    fn read(fields: &Fields, before: Takes) -> Self {
        let under = |prefix| fields.under(prefix).map(|(name, _)| name.to_owned()).collect();
        let text = |name| fields.get(name).trim().to_owned();
        let is_ordered = !fields.get("ordered").is_empty();
        let takes = Takes { events: under(EVENT), states: under(STATE), ordered: is_ordered, ..before };
        Self { name: text("name"), url: text("url"), takes }
    }

    fn of(subscribed: &Subscribed) -> Self {
        let row = &subscribed.row;
        Self { name: row.name.clone(), url: row.url.clone(), takes: Takes::kept(&row.takes) }
    }

    /// Returns everything that is wrong with it.
    fn mistakes(&self, page: &Page, language: Language) -> Vec<Said> {
        let names = page.workflow.published().names();
        let found = page.plugins.mistakes_of_wish((&self.name, &self.url), &self.takes, &names);
        let line = |mistake| {
            let (part, words) = said(mistake);
            let field = match part {
                WebhookPart::Name => "name",
                WebhookPart::Url => "url",
                WebhookPart::Takes => "events",
            };
            (field, words.in_language(language).to_owned())
        };
        found.into_iter().map(line).collect()
    }
}

/// Shows the form; `of` is the webhook that is changed, none where one is made.
fn form(
    page: &Page,
    signed: &Signed,
    of: Option<&Subscribed>,
    typed: &Typed,
    mistakes: &[Said],
) -> Result<Response, Trouble> {
    let labels = page.workflow.labels(signed.language);
    let names = page.workflow.published().names();
    let events =
        std::iter::once(ALL).chain(EventKind::ALL.iter().filter(|k| k.goes_out()).map(|k| k.as_str()));
    let is_chosen = |all: &[String], name: &str| all.iter().any(|n| n == name);
    let events: Vec<Value> = events
        .map(|name| {
            let words = if name == ALL { say(signed.language, "scope_all_events", &[]) } else { name.to_owned() };
            context! { field => format!("{EVENT}{name}"), words, is_chosen => is_chosen(&typed.takes.events, name) }
        })
        .collect();
    let states: Vec<Value> = names
        .states
        .iter()
        .map(|name| {
            let words = labels.state(&name.as_str().into());
            context! { field => format!("{STATE}{name}"), words, is_chosen => is_chosen(&typed.takes.states, name) }
        })
        .collect();
    let mistakes: Vec<Value> = mistakes.iter().map(|(field, words)| context! { field, words }).collect();
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = if of.is_some() { "subscription_change" } else { "subscription_make" };
    let title = say(signed.language, key, &[("name", &typed.name)]);
    let of = context! {
        title => title.clone(), is_new => of.is_none(), name => typed.name, url => typed.url, events, states, mistakes,
        is_ordered => typed.takes.ordered, version => of.map_or(0, |subscribed| subscribed.row.version),
        path => path_of(&typed.name),
    };
    page.show(signed, status, Shown { template: "subscription", title, here: "/plugins", of })
}

pub(in crate::web) async fn ask(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    form(&page, &signed, None, &Typed::nothing(), &[])
}

async fn found(page: &Page, name: &str) -> Result<Subscribed, Trouble> {
    page.workflow.subscriptions().find(name).await?.ok_or(Trouble::NotFound)
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let subscribed = found(&page, &name).await?;
    form(&page, &signed, Some(&subscribed), &Typed::of(&subscribed), &[])
}

/// Shows a secret this once.
async fn show_secret(page: &Page, signed: &Signed, name: &str) -> Result<Response, Trouble> {
    let subscribed = found(page, name).await?;
    let dates = Dates::now(page, signed.language).await?;
    let until = subscribed.before_until().map(|until| dates.moment(until)).unwrap_or_default();
    let of = context! { name, path => path_of(name), secret => subscribed.secret.expose(), until };
    let title = say(signed.language, "subscription_secret", &[("name", name)]);
    page.show(signed, StatusCode::OK, Shown { template: "subscription_secret", title, here: "/plugins", of })
}

pub(in crate::web) async fn make(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let typed = Typed::read(&fields, Takes::default());
    let mut mistakes = typed.mistakes(&page, signed.language);
    if mistakes.is_empty() {
        let takes = typed.takes.text();
        let wish = SubscriptionWish { name: &typed.name, url: &typed.url, takes: &takes };
        let refused = match page.workflow.subscriptions().subscribe(wish, by(&signed)).await? {
            Subscribing::Made => {
                page.plugins.follow_subscriptions(&page.workflow).await?;
                return show_secret(&page, &signed, &typed.name).await;
            }
            Subscribing::Taken => "subscription_taken",
            Subscribing::TooMany => "subscription_too_many",
        };
        mistakes.push(("name", say(signed.language, refused, &[])));
    }
    form(&page, &signed, None, &typed, &mistakes)
}

pub(in crate::web) async fn change(
    State(page): State<Arc<Page>>,
    Path(name): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let subscribed = found(&page, &name).await?;
    let typed = Typed { name: name.clone(), ..Typed::read(&fields, Takes::kept(&subscribed.row.takes)) };
    let mut mistakes = typed.mistakes(&page, signed.language);
    if mistakes.is_empty() {
        let (takes, version) = (typed.takes.text(), fields.get("version").parse().unwrap_or_default());
        let wish = SubscriptionWish { name: &name, url: &typed.url, takes: &takes };
        if page.workflow.subscriptions().change(wish, version, by(&signed)).await? {
            page.plugins.follow_subscriptions(&page.workflow).await?;
            return Ok(see_other(&format!("/plugins/{}", path_of(&name))));
        }
        mistakes.push(("url", say(signed.language, "subscription_changed", &[])));
    }
    // What was typed stays, on the version that is there now.
    form(&page, &signed, Some(&subscribed), &typed, &mistakes)
}

pub(in crate::web) async fn renew(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let seen = found(&page, &name).await?;
    if !page.workflow.subscriptions().renew_secret(&seen, USUAL_HOURS, by(&signed)).await? {
        return Ok(see_other(&format!("/plugins/{}", path_of(&name))));
    }
    page.plugins.follow_subscriptions(&page.workflow).await?;
    show_secret(&page, &signed, &name).await
}

/// Takes one away, where somebody says for certain that it is to be.
pub(in crate::web) async fn remove(
    State(page): State<Arc<Page>>,
    Path(name): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let subscribed = found(&page, &name).await?;
    if fields.get("certain").is_empty() {
        return Ok(see_other(&format!("/plugins/{}", path_of(&name))));
    }
    page.workflow.subscriptions().unsubscribe(&name, subscribed.row.version, by(&signed)).await?;
    page.plugins.follow_subscriptions(&page.workflow).await?;
    Ok(see_other("/plugins"))
}
