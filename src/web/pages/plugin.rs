//! `/plugins/NAME`: one plugin: what is wrong with it, what goes by it, its secrets by the names of their places, the request that
//! it makes; trying it out, and switching it on and off.

use super::plugin_words::{Words, path_of};
use super::plugins::{View, access, may_act};
use crate::complaint::{Actor, Via};
use crate::delivery::{
    Exchange, Pace, Plugin, PluginError, PluginKind, PluginStanding, PluginState, SecretKind, SecretPart,
    SecretPlace, Workbench, pace, standings,
};
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::Workflow;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// How a signature is checked, by language; the guide leads to the same files, and the tests run them on what is really sent.
const SIGNING: &[(&str, &str)] = &[
    ("Python", include_str!("../../../assets/examples/signing/verify.py")),
    ("JavaScript (Node)", include_str!("../../../assets/examples/signing/verify.mjs")),
    ("PHP", include_str!("../../../assets/examples/signing/verify.php")),
    ("Java", include_str!("../../../assets/examples/signing/Verify.java")),
    ("C#", include_str!("../../../assets/examples/signing/Verify.cs")),
];

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    let access = access(&page, &signed).await?;
    let standing = standing(&page, &name).await?;
    let view = View::of(&page, &signed, access).await?;
    let now = page.workflow.clock().now();
    let (bench, mailbox) = (workbench(&page), page.workflow.settings().mailbox.clone());
    let mut mistakes = standing.mistakes.clone();
    let mut sample = None;
    let took = match &standing.plugin {
        None => Pace::default(),
        Some(plugin) => {
            mistakes.extend(bench.mistakes_of(plugin, now));
            sample = bench.request(plugin, &mailbox, now).ok();
            pace(page.workflow.reading(), &name, view.dates.now).await?
        }
    };
    let plugin = standing.plugin.as_deref();
    let subscribed = page.workflow.subscriptions().find(&name).await?;
    let ending = subscribed.iter().flat_map(|s| &s.before);
    let ending: Vec<(&str, String)> =
        ending.map(|(secret, until)| (secret.name.as_str(), view.dates.moment(*until))).collect();
    let is_webhook = standing.kind() == Some(PluginKind::Webhook);
    let may_switch_on = standing.trouble().is_some();
    let is_off = standing.health.as_ref().is_some_and(|health| health.disabled_at.is_some());
    let may_switch_off = plugin.is_some_and(|p| p.manifest.enabled) && !is_off;
    let of = context! {
        row => view.row(&standing, &took), acts => view.acts(), is_webhook, may_switch_on, may_switch_off,
        is_off, may_try => plugin.is_some(),
        may_catch_up => is_webhook && plugin.is_some_and(|p| p.manifest.enabled),
        mistakes => mistakes.iter().map(mistake).collect::<Vec<_>>(),
        owner => plugin.and_then(|p| p.manifest.owner.clone()).unwrap_or_default(),
        secrets => plugin.map(|p| secrets(&view.words, p, &ending)).unwrap_or_default(),
        is_subscribed => subscribed.is_some(),
        made_by => subscribed.as_ref().map(|s| s.row.made_by.clone()).unwrap_or_default(),
        made_at => subscribed.as_ref().map(|s| view.dates.moment(s.row.made_at)).unwrap_or_default(),
        sample => sample.map(|sample| request(&view.words, sample)), mailbox,
        examples => if is_webhook { examples() } else { Vec::new() },
        path => path_of(&name), is_broken => standing.state == PluginState::Broken,
    };
    let title = say(signed.language, "plugin_title", &[("name", &name)]);
    page.show(&signed, StatusCode::OK, Shown { template: "plugin", title, here: "/plugins", of })
}

/// Sends a sample to the target of a plugin, and shows what it answers.
pub(in crate::web) async fn try_out(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    may_act(&page, &signed).await?;
    let plugin = page.plugins.find(&name).ok_or(Trouble::NotFound)?;
    let words = Words { language: signed.language, labels: page.workflow.labels(signed.language) };
    // A letter goes to the organisation itself, so that nobody is written to by a sample.
    let mailbox = page.workflow.settings().mailbox.clone();
    let clock = Arc::clone(page.workflow.clock());
    let bench = workbench(&page);
    let tried = match bench.request(&plugin, &mailbox, clock.now()) {
        // What cannot be sent is not recorded as sent.
        Err(error) => Err(error),
        Ok(_) => {
            page.workflow.operations().plugin_tried(&name, None, by(&signed)).await?;
            bench.try_out(&plugin, &mailbox, clock.as_ref()).await
        }
    };
    let (status, of) = match tried {
        Ok(tried) => {
            let verdict = if tried.trial.accepted { "trial_accepted" } else { "trial_refused" };
            let millis = tried.millis.to_string();
            let of = context! {
                name, path => path_of(&name), mistake => None::<Value>, sample => request(&words, tried.request),
                verdict => say(signed.language, verdict, &[("millis", &millis)]), answer => tried.trial.answer,
                is_accepted => tried.trial.accepted,
            };
            (StatusCode::OK, of)
        }
        Err(error) => {
            let of = context! { name, path => path_of(&name), mistake => mistake(&error) };
            (StatusCode::UNPROCESSABLE_ENTITY, of)
        }
    };
    let title = say(signed.language, "trial_title", &[("name", &name)]);
    page.show(&signed, status, Shown { template: "trial", title, here: "/plugins", of })
}

pub(in crate::web) async fn enable(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    switchable(&page, &signed, &name).await?;
    page.workflow.operations().enable_plugin(&name, by(&signed)).await?;
    Ok(see_other(&format!("/plugins/{}", path_of(&name))))
}

pub(in crate::web) async fn disable(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    switchable(&page, &signed, &name).await?;
    page.workflow.operations().disable_plugin(&name, by(&signed)).await?;
    Ok(see_other(&format!("/plugins/{}", path_of(&name))))
}

async fn switchable(page: &Page, signed: &Signed, name: &str) -> Result<(), Trouble> {
    may_act(page, signed).await?;
    page.plugins.find(name).map(|_| ()).ok_or(Trouble::NotFound)
}

/// Returns who does something on the page.
pub(super) fn by(signed: &Signed) -> (Actor, Via) {
    (Actor::Person(signed.person.email.clone()), Via::Page)
}

async fn standing(page: &Page, name: &str) -> Result<PluginStanding, Trouble> {
    let all = standings(&page.plugins, page.workflow.reading()).await?;
    all.into_iter().find(|standing| standing.name == name).ok_or(Trouble::NotFound)
}

fn workbench(page: &Page) -> Workbench<'_> {
    let workflow: &Workflow = &page.workflow;
    Workbench { plugins: &page.plugins, published: workflow.published(), settings: workflow.settings() }
}

fn mistake(error: &PluginError) -> Value {
    context! { place => error.place, why => error.why, remedy => error.remedy }
}

/// Returns a request as the page shows it; who knows a signature could send it again for a while.
fn request(words: &Words, exchange: Exchange) -> Value {
    let exchange = exchange.without_signature(&words.say("sample_signature"));
    let head = format!("{} {}", exchange.method, exchange.url).trim().to_owned();
    let headers: Vec<String> =
        exchange.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let body = match &exchange.body {
        serde_json::Value::String(text) => text.clone(),
        body => format!("{body:#}"),
    };
    context! { head, headers => headers.join("\n"), body }
}

/// Returns the secrets of a plugin; `ending` are those that end at a moment, by name.
fn secrets(words: &Words, plugin: &Plugin, ending: &[(&str, String)]) -> Vec<Value> {
    let row = |place: SecretPlace| {
        let until = ending.iter().find(|(name, _)| *name == place.name).map(|(_, until)| until);
        let part = match (place.part, until) {
            (SecretPart::Signs, _) => words.say("secret_signs"),
            (SecretPart::SignsNext, Some(at)) => say(words.language, "secret_signs_until", &[("at", at)]),
            (SecretPart::SignsNext, None) => words.say("secret_signs_next"),
            (SecretPart::Opens, _) => words.say("secret_opens"),
        };
        let kind = words.say(match place.kind {
            SecretKind::Env => "secret_in_environment",
            SecretKind::File => "secret_in_file",
            SecretKind::Made => "secret_made",
        });
        let set = words.say(if place.is_set { "secret_set" } else { "secret_missing" });
        context! { key => place.key, kind, name => place.name, part, set, is_set => place.is_set }
    };
    plugin.manifest.secret_places().into_iter().map(row).collect()
}

/// Returns how a receiver checks a signature, in each language.
fn examples() -> Vec<Value> {
    SIGNING.iter().map(|(name, text)| context! { name, text => text.trim_end() }).collect()
}
