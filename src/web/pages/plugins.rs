//! `/plugins`: every plugin: whether it is on, what goes by it, and how its target fares.

use super::plugin_words::{Words, path_of};
use crate::delivery::{Pace, PluginStanding, pace, standings};
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::{counted, say};
use crate::web::trouble::Trouble;
use crate::workflow::PluginAccess;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

/// Returns what somebody may do here; to others there is no such page.
pub(super) async fn access(page: &Page, signed: &Signed) -> Result<PluginAccess, Trouble> {
    page.workflow.plugin_access(&signed.person.email).await?.ok_or(Trouble::NotFound)
}

/// Lets nobody go on but who may act.
pub(super) async fn may_act(page: &Page, signed: &Signed) -> Result<(), Trouble> {
    match access(page, signed).await? {
        PluginAccess::Acts => Ok(()),
        PluginAccess::Looks => Err(Trouble::NotFound),
    }
}

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let access = access(&page, &signed).await?;
    let view = View::of(&page, &signed, access).await?;
    let reading = page.workflow.reading();
    let mut rows = Vec::new();
    for standing in standings(&page.plugins, reading).await? {
        let pace = pace(reading, &standing.name, view.dates.now).await?;
        rows.push(view.row(&standing, &pace));
    }
    let title = say(signed.language, "plugins_title", &[]);
    let of = context! { rows, acts => view.acts() };
    page.show(&signed, StatusCode::OK, Shown { template: "plugins", title, here: "/plugins", of })
}

/// How plugins are said to one reader.
pub(super) struct View {
    pub words: Words,
    pub dates: Dates,
    access: PluginAccess,
}

impl View {
    pub async fn of(page: &Page, signed: &Signed, access: PluginAccess) -> Result<Self, Trouble> {
        let words = Words { language: signed.language, labels: page.workflow.labels(signed.language) };
        Ok(Self { words, dates: Dates::now(page, signed.language).await?, access })
    }

    /// Returns whether who reads may act.
    pub fn acts(&self) -> bool {
        self.access == PluginAccess::Acts
    }

    /// Returns how a plugin stands, in words.
    pub fn row(&self, standing: &PluginStanding, pace: &Pace) -> Value {
        let PluginStanding { name, plugin, state, health, waiting, .. } = standing;
        let query = |state: &str| {
            let fields = [("plugin", name.as_str()), ("state", state)];
            Serializer::new(String::new()).extend_pairs(fields).finish()
        };
        context! {
            name, path => path_of(name), state => self.words.state(*state, health.as_ref()),
            kind => standing.kind().map(|kind| self.words.kind(kind)).unwrap_or_default(),
            scope => plugin.as_ref().map(|p| self.words.scope(&p.manifest)),
            last => pace.last_accepted.map(|at| self.dates.moment(at)).unwrap_or_default(),
            pace => self.pace(pace),
            queued => waiting.queued, oldest => waiting.oldest.map(|at| self.dates.moment(at)).unwrap_or_default(),
            dead => waiting.dead, of_queued => query("queued"), of_dead => query("dead"),
            trouble => self.trouble(standing),
        }
    }

    /// Says how long attempts took; empty where there were none lately.
    fn pace(&self, pace: &Pace) -> String {
        if pace.attempts == 0 {
            return String::new();
        }
        let attempts = i64::try_from(pace.attempts).unwrap_or(i64::MAX);
        let values = [
            ("n", attempts.to_string()),
            ("half", pace.median.to_string()),
            ("most", pace.slowest.to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        say(self.words.language, &counted("plugin_pace", attempts), &values)
    }

    /// Says since when a target fails, when it is tried again, and, to who may act, what went wrong: a target may name
    /// anybody in its answer.
    fn trouble(&self, standing: &PluginStanding) -> Vec<String> {
        let Some(health) = standing.trouble() else { return Vec::new() };
        let said = |key: &str, at| say(self.words.language, key, &[("at", &self.dates.moment(at))]);
        let since = health.failing_since.map(|at| said("plugin_failing_since", at));
        let off = health.disabled_at.map(|at| said("plugin_off_since", at));
        let paused = health.paused_until.filter(|at| *at > self.dates.now && health.disabled_at.is_none());
        let next = paused.map(|at| said("plugin_next_try", at));
        let is_shown = self.acts() && health.switched_off_by().is_none() && !health.last_error.is_empty();
        let why =
            is_shown.then(|| say(self.words.language, "plugin_last_error", &[("why", &health.last_error)]));
        since.into_iter().chain(off).chain(next).chain(why).collect()
    }
}
