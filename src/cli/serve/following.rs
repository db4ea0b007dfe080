//! What a running server follows: the plugin folders and the rules folder.

use crate::app::App;
use crate::complaint::Language;
use crate::rules::RulesFolder;
use crate::workflow::Saved;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The pause between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Follows changes of the plugin folders.
pub(super) async fn plugins(app: Arc<App>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
        if let Err(e) = app.follow_plugins().await {
            tracing::error!("the owner of a plugin cannot be told of its mistake: {e}");
        }
    }
}

/// Looks at the rules folder, off the threads that serve; what is saved counts when two looks in a row saw the
/// same.
pub(super) async fn rules(app: Arc<App>, folder: PathBuf, stop: Arc<AtomicBool>) {
    let mut considered = app.folder.clone();
    let mut before = considered.clone();
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
        let folder = folder.clone();
        let Ok(now) = tokio::task::spawn_blocking(move || RulesFolder::read(&folder)).await else { continue };
        if now == before && now != considered {
            match app.workflow.consider_saved(now.clone()).await {
                Ok(saved) => {
                    tell(&saved, app.settings.language);
                    note(&app, &saved);
                    considered.clone_from(&now);
                }
                Err(e) => tracing::error!("the saved rules cannot be looked at and will be again: {e}"),
            }
        }
        before = now;
    }
}

/// Lets the watchdog know how the folder stands.
fn note(app: &App, saved: &Saved) {
    let language = app.settings.language;
    let mistakes = match saved {
        Saved::Broken(found) => found.iter().map(|d| d.in_language(language).to_string()).collect(),
        _ => Vec::new(),
    };
    let differs = matches!(saved, Saved::Waits(_) | Saved::Failing(_));
    app.watchdog.note(|noted| (noted.rules, noted.rules_differ) = (mistakes, differs));
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
