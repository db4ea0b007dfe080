//! `redress serve`: scheduler, Maildir, delivery and a health endpoint, until it is told to stop.

use super::{Failure, Output};
use crate::app::{App, Places};
use crate::complaint::Language;
use crate::intake::{InboxState, Mailbox, Maildir};
use crate::rules::RulesFolder;
use crate::workflow::Saved;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// The pause between two looks at the Maildir.
const LOOK: Duration = Duration::from_millis(500);
/// The pause between two looks at the rules folder.
const LOOK_AT_RULES: Duration = Duration::from_secs(1);

pub(super) async fn run(places: &Places, output: &Output) -> Result<(), Failure> {
    if places.clock.is_some() {
        return Err(Failure::usage("serve runs on real time; --clock is for rehearsals with tick and act"));
    }
    let app = Arc::new(App::open(places).await?);
    let language = app.settings.language;
    for fault in app.folder_faults.iter().map(|d| d.in_language(language)) {
        tracing::error!("the rules folder has a mistake; the published ruleset runs: {fault}");
    }
    app.workflow.alarm_folder(&app.folder_faults).await?;
    if app.folder_differs {
        tracing::warn!(
            "the rules folder differs from the published ruleset; `redress rules publish` puts it in force"
        );
    }
    let maildirs = app.maildirs()?;
    let listener = tokio::net::TcpListener::bind(app.settings.listen).await.map_err(|e| {
        Failure::new(format!(
            "{} cannot be listened on: {e}; set server.listen in redress.toml",
            app.settings.listen
        ))
    })?;
    output.line(format!("health: http://{}/health", listener.local_addr()?));
    let inbox = app.settings.inbox.clone().unwrap_or_else(|| crate::app::inbox_of(&app.data));
    output.line(format!("inbox:  {}", inbox.join("new").display()));
    output.line("Redress runs; Ctrl-C stops it");
    let stop = Arc::new(AtomicBool::new(false));
    let mut parts = JoinSet::new();
    parts.spawn(Arc::clone(&app.workflow).run(Arc::clone(&stop)));
    parts.spawn(Arc::clone(&app.runner).run(Arc::clone(&stop)));
    parts.spawn(watch(Arc::clone(&app), maildirs, Arc::clone(&stop)));
    for settings in &app.settings.mailboxes {
        let mailbox = Mailbox::new(settings.clone(), app.plugins.network());
        let mailbox = mailbox.map_err(|e| Failure::new(format!("mailbox {}: {e}", settings.name)))?;
        output.line(format!("mailbox: {} at {}", settings.name, settings.host));
        parts.spawn(mailbox.run(Arc::clone(&app.workflow), Arc::clone(&stop)));
    }
    parts.spawn(watch_plugins(Arc::clone(&app), Arc::clone(&stop)));
    parts.spawn(watch_rules(Arc::clone(&app), places.rules.clone(), Arc::clone(&stop)));
    let router = Router::new().route("/health", get(health)).with_state(Arc::clone(&app));
    let server = axum::serve(listener, router).with_graceful_shutdown(stopped());
    // No part ends before it is told to; if one does, a supervisor must start everything again.
    let outcome = tokio::select! {
        served = server => served.map_err(Failure::from),
        _ = parts.join_next() => Err(Failure::temporary("a part of the server ended unexpectedly; see the log")),
    };
    stop.store(true, Ordering::Relaxed);
    app.workflow.wake();
    while parts.join_next().await.is_some() {}
    app.close().await;
    outcome
}

async fn watch(app: Arc<App>, maildirs: Vec<Maildir>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        for maildir in &maildirs {
            if let Err(e) = maildir.take_in(&app.workflow).await {
                tracing::error!("mail cannot be taken in and will be tried again: {e}");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Follows changes of the plugin folders.
async fn watch_plugins(app: Arc<App>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK_AT_RULES).await;
        if let Err(e) = app.follow_plugins().await {
            tracing::error!("the owner of a plugin cannot be told of its mistake: {e}");
        }
    }
}

/// Looks at the rules folder, off the threads that serve; what is saved counts when two looks in a row saw the
/// same.
async fn watch_rules(app: Arc<App>, folder: PathBuf, stop: Arc<AtomicBool>) {
    let mut considered = app.folder.clone();
    let mut before = considered.clone();
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK_AT_RULES).await;
        let folder = folder.clone();
        let Ok(now) = tokio::task::spawn_blocking(move || RulesFolder::read(&folder)).await else { continue };
        if now == before && now != considered {
            match app.workflow.consider_saved(now.clone()).await {
                Ok(saved) => {
                    tell(&saved, app.settings.language);
                    considered.clone_from(&now);
                }
                Err(e) => tracing::error!("the saved rules cannot be looked at and will be again: {e}"),
            }
        }
        before = now;
    }
}

fn tell(saved: &Saved, language: Language) {
    match saved {
        Saved::Unchanged => {}
        Saved::Published(hash) => tracing::info!("the saved rules are in force: {}", &hash[..12]),
        Saved::Waits(plan) => tracing::warn!(
            "the saved rules wait for `redress rules publish --plan {}`: {} complaints affected",
            plan.digest(),
            plan.affected
        ),
        Saved::Failing(names) => {
            tracing::warn!("the saved rules are not in force: scenarios fail: {names:?}")
        }
        Saved::Broken(found) => {
            for fault in found.iter().map(|d| d.in_language(language)) {
                tracing::error!("the saved rules are not in force: {fault}");
            }
        }
    }
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}

/// Answers 200 when the database answers, 503 otherwise.
async fn health(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    let now = app.workflow.clock().now();
    match app.workflow.reading().figures().totals(now).await {
        Ok(totals) => {
            let ruleset = app.workflow.published().ruleset.hash().to_owned();
            let inbox = inbox(&app);
            (
                StatusCode::OK,
                Json(json!({"status": "ok", "ruleset": ruleset, "totals": totals, "inbox": inbox})),
            )
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "database unavailable"}))),
    }
}

/// Returns what stands in the Maildirs together; none when one cannot be read.
fn inbox(app: &App) -> Option<InboxState> {
    let states = app.maildirs().ok()?.iter().map(Maildir::state).collect::<Result<Vec<_>, _>>().ok()?;
    Some(states.into_iter().fold(InboxState::default(), |mut all, one| {
        all.waiting += one.waiting;
        all.unreadable.extend(one.unreadable);
        all
    }))
}
