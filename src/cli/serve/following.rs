//! What a running server follows: its settings, the plugin folders and the rules folder.

use super::mailboxes::Mailboxes;
use super::signals::Hangups;
use super::supervisor::{State, Supervisor};
use crate::app::App;
use crate::complaint::Language;
use crate::rules::RulesFolder;
use crate::workflow::Saved;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The pause between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Follows the settings: what is saved counts when two looks in a row saw the same, and at once when somebody asks
/// for it (SIGHUP). Ends only when it is told to, or when a mailbox is lost.
pub(super) async fn settings(
    app: Arc<App>,
    config: Option<PathBuf>,
    mut mailboxes: Mailboxes,
    mut asked: Hangups,
    supervisor: Supervisor,
    stop: Arc<AtomicBool>,
) {
    let place = config.clone().unwrap_or_else(|| PathBuf::from("redress.toml"));
    let mut considered = std::fs::read(&place).ok();
    let mut before = considered.clone();
    while !stop.load(Ordering::Relaxed) && !mailboxes.has_lost_one() {
        let is_asked = asked.within(LOOK).await;
        let now = std::fs::read(&place).ok();
        if is_asked || (now == before && now != considered) {
            supervisor.tell(State::Reloading);
            match reload(&app, config.as_deref(), now.is_none() && considered.is_some(), &place).await {
                Ok(()) => {
                    if let Err((name, e)) = mailboxes.follow(&app) {
                        tracing::error!(mailbox = name, "it is not read: {e}");
                    }
                }
                Err(why) => tracing::error!("the settings before stay in use: {why}"),
            }
            supervisor.tell(State::Ready);
            considered.clone_from(&now);
        }
        before = now;
    }
    mailboxes.end().await;
}

/// Reads the settings anew. A file that is gone is no wish for the defaults.
async fn reload(app: &App, config: Option<&Path>, is_gone: bool, place: &Path) -> Result<(), String> {
    if is_gone {
        let why = format!("{} is gone", place.display());
        app.watchdog.note(|noted| noted.settings = Some(why.clone()));
        return Err(why);
    }
    let kept = app.reload(config).await.map_err(|e| e.to_string())?;
    match kept.is_empty() {
        true => tracing::info!("the settings were read again"),
        false => tracing::warn!("the settings were read again; these need a restart: {}", kept.join(", ")),
    }
    Ok(())
}

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
                    tell(&saved, app.workflow.settings().language);
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
    let language = app.workflow.settings().language;
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
