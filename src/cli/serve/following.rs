//! What a running server follows: its settings, the plugin folders and the rules folder.

use super::mailboxes::Mailboxes;
use super::signals::Hangups;
use super::supervisor::{State, Supervisor};
use crate::app::App;
use crate::complaint::Language;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
use crate::workflow::Saved;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The file of settings where none is named.
const SETTINGS: &str = "redress.toml";
/// The pause between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Follows the settings: what is saved counts when two looks in a row saw the same, and at once when somebody asks
/// for it (SIGHUP). Ends only when it is told to, or when a mailbox is lost.
pub(super) async fn settings(
    app: Arc<App>,
    file: SettingsFile,
    mut mailboxes: Mailboxes,
    mut asked: Hangups,
    supervisor: Supervisor,
    stop: Arc<AtomicBool>,
) {
    let mut considered = file.text.clone();
    let mut before = considered.clone();
    while !stop.load(Ordering::Relaxed) && !mailboxes.has_lost_one() {
        let is_asked = asked.within(LOOK).await;
        let now = SettingsFile::read(file.named.as_deref()).text;
        if is_asked || (now == before && now != considered) {
            supervisor.tell(State::Reloading);
            let reloaded = match (&now, &considered) {
                (None, Some(_)) => Err(file.is_gone(&app)),
                _ => reload(&app, file.named.as_deref()).await,
            };
            match reloaded {
                Ok(()) => follow(&app, &mut mailboxes),
                Err(why) => tracing::error!("the settings before stay in use: {why}"),
            }
            supervisor.tell(State::Ready);
            considered.clone_from(&now);
        }
        before = now;
        if mailboxes.are_shared_anew(&app) {
            follow(&app, &mut mailboxes);
        }
    }
    mailboxes.end().await;
}

/// Reads the mailboxes that are to be read now.
fn follow(app: &App, mailboxes: &mut Mailboxes) {
    if let Err((name, e)) = mailboxes.follow(app) {
        tracing::error!(mailbox = name, "it is not read: {e}");
    }
}

/// The file of settings as it was before they were read for the first time: what is saved meanwhile is not missed.
#[derive(Debug)]
pub(super) struct SettingsFile {
    /// The file that was named; none for the one that is looked for.
    named: Option<PathBuf>,
    /// Its content; none when it cannot be read.
    text: Option<Vec<u8>>,
}

impl SettingsFile {
    /// Reads the file that is named, or the one that is looked for.
    pub fn read(named: Option<&Path>) -> Self {
        let text = std::fs::read(named.unwrap_or(Path::new(SETTINGS))).ok();
        Self { named: named.map(Path::to_owned), text }
    }

    /// Tells that it is gone, which is no wish for the defaults.
    fn is_gone(&self, app: &App) -> String {
        let why = format!("{} is gone", self.named.as_deref().unwrap_or(Path::new(SETTINGS)).display());
        app.watchdog.note(|noted| noted.settings = Some(why.clone()));
        why
    }
}

/// Reads the settings anew.
async fn reload(app: &App, config: Option<&Path>) -> Result<(), String> {
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
/// same. `considered` is the folder as it was at the start.
pub(super) async fn rules(
    app: Arc<App>,
    mut considered: Result<RulesFolder, Vec<Diagnostic>>,
    stop: Arc<AtomicBool>,
) {
    let mut before = considered.clone();
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
        let folder = app.rules.clone();
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
