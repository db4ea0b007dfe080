//! `Mailboxes`: the mailboxes that are read, in step with the settings.

use crate::app::App;
use crate::config::MailboxSettings;
use crate::intake::{Mailbox, MailboxError};
use crate::progress::Part;
use crate::workflow::Share;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinSet;

/// The mailboxes that are read, each by a task of its own.
#[derive(Debug, Default)]
pub(super) struct Mailboxes {
    running: Vec<(MailboxSettings, Arc<AtomicBool>)>,
    /// The share of the work that they are read in.
    share: Option<Share>,
    tasks: JoinSet<()>,
}

impl Mailboxes {
    /// Returns whether another share of the work has fallen to this process since they were last looked at.
    pub fn are_shared_anew(&self, app: &App) -> bool {
        self.share != Some(app.workflow.share())
    }

    /// Begins to read what is new or changed in the settings or in this process's share, and ends what is gone from them.
    ///
    /// # Errors
    /// A mailbox that cannot be read at all, by its name; the others are.
    pub fn follow(&mut self, app: &App) -> Result<(), (String, MailboxError)> {
        let (settings, share) = (app.workflow.settings(), app.workflow.share());
        self.share = Some(share);
        self.running.retain(|(running, stop)| {
            let stays = settings.mailboxes.contains(running) && share.has_named(&running.name);
            stop.store(!stays, Ordering::Relaxed);
            stays
        });
        let mut outcome = Ok(());
        for wanted in settings.mailboxes.iter().filter(|wanted| share.has_named(&wanted.name)) {
            if self.running.iter().any(|(running, _)| running == wanted) {
                continue;
            }
            match Mailbox::new(wanted.clone(), app.plugins.network()) {
                Ok(mailbox) => self.begin(app, wanted, mailbox),
                Err(e) => outcome = Err((wanted.name.clone(), e)),
            }
        }
        outcome
    }

    fn begin(&mut self, app: &App, settings: &MailboxSettings, mailbox: Mailbox) {
        let (stop, workflow) = (Arc::new(AtomicBool::new(false)), Arc::clone(&app.workflow));
        self.running.push((settings.clone(), Arc::clone(&stop)));
        let part = Part::Mailbox(settings.name.clone());
        self.tasks.spawn(async move {
            mailbox.run(Arc::clone(&workflow), stop).await;
            workflow.progress().ended(&part);
        });
    }

    /// Ends the reading of all, and waits for it.
    pub async fn end(&mut self) {
        self.running.iter().for_each(|(_, stop)| stop.store(true, Ordering::Relaxed));
        while self.tasks.join_next().await.is_some() {}
    }

    /// Returns whether the reading of one has ended that nobody told to end.
    pub fn has_lost_one(&mut self) -> bool {
        let mut ended = false;
        while let Some(task) = self.tasks.try_join_next() {
            ended |= task.is_err();
        }
        ended
    }
}
