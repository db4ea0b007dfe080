//! `redress serve`: scheduler, intake, delivery, watchdog and the listener, until it is told to stop.

mod following;
mod mailboxes;
mod older;
mod page;
mod port;
mod sharing;
mod signals;
mod supervisor;

pub(super) use signals::stop;

use super::{Failure, Output};
use crate::app::{App, Places};
use crate::intake::{Look, Maildir};
use crate::logging;
use crate::progress::Part;
use mailboxes::Mailboxes;
use port::listen;
use sharing::Sharing;
use signals::Hangups;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use supervisor::{State, Supervisor};
use tokio::task::JoinSet;

/// The pause between two looks at the Maildirs.
const LOOK: Duration = Duration::from_millis(500);
/// The time that the parts have to end what they do, once they are told to stop. What is cut off is done again at the
/// next start.
const DRAIN: Duration = Duration::from_secs(60);

pub(super) async fn run(places: &Places, output: &Output) -> Result<(), Failure> {
    if places.clock.is_some() {
        return Err(Failure::usage("serve runs on real time; --clock is for rehearsals with tick and act"));
    }
    let file = following::SettingsFile::read(places.config.as_deref());
    let app = Arc::new(App::open(places).await?);
    logging::set(&app.settings.log.level, app.settings.log.form);
    let (language, folder) = (app.settings.language, app.look_at_folder());
    for fault in folder.faults.iter().map(|d| d.in_language(language)) {
        tracing::error!("the rules folder has a mistake; the published ruleset runs: {fault}");
    }
    app.workflow.alarm_folder(&folder.faults).await?;
    if folder.differs {
        tracing::warn!(
            "the rules folder differs from the published ruleset; `redress rules publish` puts it in force"
        );
    }
    let maildirs = app.maildirs()?;
    let listener = listen(app.settings.listen, "server.listen").await?;
    let bound = listener.local_addr()?;
    output.line(format!("health: http://{bound}/health"));
    let (router, page) = page::open(&app, bound, output).await?;
    let inbox = app.settings.inbox.clone().unwrap_or_else(|| crate::app::inbox_of(&app.data));
    output.line(format!("inbox:  {}", inbox.join("new").display()));
    let stop = Arc::new(AtomicBool::new(false));
    let supervisor = Supervisor::from_environment();
    let sharing = Sharing::begin(&app).await;
    let mut parts = start(&app, maildirs, &stop);
    parts.spawn(following::rules(Arc::clone(&app), folder.read, Arc::clone(&stop)));
    parts.spawn(sharing.run(Arc::clone(&app), Arc::clone(&stop)));
    let mut mailboxes = Mailboxes::default();
    mailboxes.follow(&app).map_err(|(name, e)| Failure::new(format!("mailbox {name}: {e}")))?;
    for settings in &app.settings.mailboxes {
        output.line(format!("mailbox: {} at {}", settings.name, settings.host));
    }
    parts.spawn(following::settings(
        Arc::clone(&app),
        file,
        mailboxes,
        Hangups::listen()?,
        supervisor.clone(),
        Arc::clone(&stop),
    ));
    parts.spawn(supervisor::keep_alive(supervisor.clone(), Arc::clone(&app.workflow), Arc::clone(&stop)));
    output.line("Redress runs; Ctrl-C stops it");
    tracing::info!(ruleset = app.workflow.published().ruleset.hash(), "started");
    supervisor.tell(State::Ready);
    // No part ends before it is told to; if one does, a supervisor must start everything again.
    let mut outcome = Ok(());
    let told_to_stop = async {
        tokio::select! {
            signal = signals::stop() => tracing::info!("{signal}: stopping"),
            _ = parts.join_next() => {
                outcome = Err(Failure::temporary("a part of the server ended unexpectedly; see the log"));
            }
        }
        supervisor.tell(State::Stopping);
        stop.store(true, Ordering::Relaxed);
        app.workflow.wake();
    };
    page::serve((listener, router), page, told_to_stop).await;
    let all = async { while parts.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, all).await.is_err() {
        tracing::warn!(
            "not everything ended within {} s; the rest is cut off and done again later",
            DRAIN.as_secs()
        );
        parts.shutdown().await;
    }
    app.close().await;
    tracing::info!("stopped");
    outcome
}

/// Starts everything that works by itself.
fn start(app: &Arc<App>, maildirs: Vec<Maildir>, stop: &Arc<AtomicBool>) -> JoinSet<()> {
    let mut parts = JoinSet::new();
    parts.spawn(Arc::clone(&app.watchdog).run(Arc::clone(stop)));
    parts.spawn(Arc::clone(&app.workflow).run(Arc::clone(stop)));
    parts.spawn(older::catch_up(Arc::clone(app), Arc::clone(stop)));
    parts.spawn(Arc::clone(&app.runner).run(Arc::clone(stop)));
    parts.spawn(take_in(Arc::clone(app), maildirs, Arc::clone(stop)));
    parts.spawn(count_repeats(Arc::clone(stop)));
    parts.spawn(following::plugins(Arc::clone(app), Arc::clone(stop)));
    parts
}

/// Takes in what appears in the Maildirs.
async fn take_in(app: Arc<App>, maildirs: Vec<Maildir>, stop: Arc<AtomicBool>) {
    let mut maildirs: Vec<(Maildir, Option<Look>)> =
        maildirs.into_iter().map(|maildir| (maildir, None)).collect();
    while !stop.load(Ordering::Relaxed) {
        let mut is_more = false;
        for (maildir, left) in &mut maildirs {
            let part = Part::Inbox(maildir.place().display().to_string());
            match maildir.take_in_next(&app.workflow, left).await {
                Ok(_) => {
                    is_more |= left.is_some();
                    app.workflow.progress().succeeded(part);
                }
                Err(e) => {
                    tracing::error!("mail cannot be taken in and will be tried again: {e}");
                    app.workflow.progress().failed(part, &e);
                }
            }
        }
        if !is_more {
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Writes now and then how often lines of the log were repeated.
async fn count_repeats(stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
        logging::flush();
    }
}
