//! A Maildir drop: what appears in `new/` is taken in and moved to `cur/`, and deleted only when its complaint was forgotten. What
//! cannot be read or taken in is told and holds up nothing else.

use super::drop_file::DropFile;
use super::drop_sets::{DropSet, DropSets};
use super::error::IntakeError;
use super::ingest::take_in_read;
use super::look::{Ahead, Look, found, names};
use super::taken::TakenMail;
use crate::files;
use crate::workflow::{InboxNews, Workflow};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Failures in a row after which it is not the mails that fail.
const IN_A_ROW: usize = 3;
/// The end of the name of a mail that was kept while it could not be taken in.
const KEPT: &str = ".kept";
/// The file that says why mails were kept.
const REASON: &str = "kept-because";

/// The most files that one message names.
const NAMED: usize = 20;
/// The time in which a file that is written in its place must not change.
const SETTLING: Duration = Duration::from_millis(500);

/// What came of one round.
#[derive(Default)]
struct Round {
    taken: Vec<TakenMail>,
    /// How many of them were kept while they could not be taken in.
    kept: usize,
    /// What cannot be read or moved, each with the reason: all of the look.
    unreadable: Vec<String>,
    /// True when it was the last of its look.
    is_whole: bool,
    /// How many failed in a row, up to now.
    failures: usize,
}

/// How a file leaves `new/` once its mail is in the store.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    /// To `cur/`.
    Moved,
    /// For good: its complaint was forgotten.
    Deleted,
}

impl Leaves {
    fn of(mail: &TakenMail) -> Self {
        match mail.is_forgotten {
            true => Self::Deleted,
            false => Self::Moved,
        }
    }

    fn what_failed(self) -> &'static str {
        match self {
            Self::Moved => "is taken in and cannot be moved to cur/",
            Self::Deleted => "was forgotten and cannot be deleted",
        }
    }
}

/// A folder in the form of a Maildir.
#[derive(Debug)]
pub struct Maildir {
    root: PathBuf,
    /// The files that cannot be read, as far as they were told of.
    told: Mutex<BTreeSet<String>>,
    /// The mails that are stored and could not leave `new/`, by their names: they are not taken in again.
    stuck: Mutex<BTreeMap<String, (DropFile, Leaves)>>,
}

/// What stands in a Maildir.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InboxState {
    /// The mails that wait to be taken in.
    pub waiting: usize,
    /// The files that cannot be read, each with the reason; at most 100.
    pub unreadable: Vec<String>,
}

impl Maildir {
    /// The mails taken in in one round, after which a flood lets others go first: a round ends with the set that reaches it.
    const ROUND: usize = 500;

    /// Opens a Maildir, and makes its folders if they are missing.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        for folder in ["new", "cur", "tmp"] {
            files::make_folder(&root.join(folder))?;
        }
        Ok(Self { root: root.to_owned(), told: Mutex::default(), stuck: Mutex::default() })
    }

    /// Returns its folder.
    pub fn place(&self) -> &Path {
        &self.root
    }

    /// Keeps a mail that cannot be taken in now, because of `reason`: it is taken in by the next round, and
    /// the reason is told. When this returns, the mail survives a loss of power. Returns its place.
    pub fn keep(&self, raw: &[u8], reason: &str) -> std::io::Result<PathBuf> {
        let name = format!("{}{KEPT}", crate::random::hex::<16>());
        let place = self.root.join("new").join(&name);
        files::put(&self.root.join("tmp").join(&name), &place, raw)?;
        // The mail is safe; without this its reason is only in the log of whoever called.
        if let Err(e) = files::write(&self.root.join(REASON), reason.as_bytes()) {
            tracing::warn!("the reason for keeping a mail cannot be written: {e}");
        }
        Ok(place)
    }

    /// Takes in a round of what is new, oldest name first. A mail that fails stays where it is, is told, and is tried
    /// again.
    pub async fn take_in(&self, workflow: &Workflow) -> Result<Vec<TakenMail>, IntakeError> {
        self.take_in_most(workflow, &mut None, Self::ROUND).await
    }

    /// Takes in the next round of what is left of a look; where nothing is, of what is new now. What is left then is being
    /// read when this returns.
    pub async fn take_in_next(
        &self,
        workflow: &Workflow,
        left: &mut Option<Look>,
    ) -> Result<Vec<TakenMail>, IntakeError> {
        self.take_in_most(workflow, left, usize::MAX).await
    }

    async fn take_in_most(
        &self,
        workflow: &Workflow,
        left: &mut Option<Look>,
        most: usize,
    ) -> Result<Vec<TakenMail>, IntakeError> {
        let mut round = Round::default();
        let found = match left.take() {
            Some(Look { ahead, unreadable }) => {
                round.unreadable = unreadable;
                Ok(ahead)
            }
            None => self.look(workflow, most, &mut round).await,
        };
        let done = match found {
            Ok(ahead) => self.take_in_round(workflow, ahead, &mut round).await,
            Err(e) => Err(e),
        };
        if round.kept > 0 {
            self.tell_kept(workflow, round.kept).await;
        }
        // What is behind this round may be told of already.
        if round.is_whole {
            self.forget_but(&round.unreadable);
        }
        self.tell_unreadable(workflow, &round.unreadable).await;
        *left = done?.map(|ahead| Look { ahead, unreadable: round.unreadable });
        Ok(round.taken)
    }

    /// Finds what is new, of which `most` mails are read at most.
    async fn look(&self, workflow: &Workflow, most: usize, round: &mut Round) -> Result<Ahead, IntakeError> {
        let folder = self.root.join("new");
        let looking = tokio::task::spawn_blocking({
            let folder = folder.clone();
            move || found(&folder)
        });
        let found = looking.await.map_err(|_| IntakeError::Interrupted)?.map_err(|e| {
            let why = format!("{} cannot be read: {e}", folder.display());
            round.unreadable.push(format!("{}: {e}", folder.display()));
            IntakeError::Inbox(why)
        })?;
        let mut files = Vec::with_capacity(found.len());
        for (name, file) in found {
            if let Ok(file) = &file
                && let Some(leaves) = self.stuck_as(&name, file)
            {
                self.take_away(&name, file, leaves, round);
                continue;
            }
            files.push((name, file));
        }
        if files.iter().any(|(_, file)| file.as_ref().is_ok_and(DropFile::may_still_be_written)) {
            tokio::time::sleep(SETTLING).await;
        }
        let authserv_id = workflow.settings().authserv_id.clone();
        Ok(DropSets { folder, files: files.into_iter(), most, authserv_id }.read_ahead())
    }

    /// Takes in a round of what was found; returns what is left, none where nothing is.
    async fn take_in_round(
        &self,
        workflow: &Workflow,
        mut ahead: Ahead,
        round: &mut Round,
    ) -> Result<Option<Ahead>, IntakeError> {
        while round.taken.len() < Self::ROUND {
            let (set, left) = ahead.await.map_err(|_| IntakeError::Interrupted)?;
            let Some(set) = set else {
                round.is_whole = left.files.len() == 0;
                return Ok(None);
            };
            ahead = left.read_ahead();
            self.take_in_set(workflow, set, round).await?;
        }
        Ok(Some(ahead))
    }

    /// Takes in a set; what is stored is moved away.
    async fn take_in_set(
        &self,
        workflow: &Workflow,
        set: DropSet,
        round: &mut Round,
    ) -> Result<(), IntakeError> {
        round.unreadable.extend(set.unreadable);
        let outcomes = take_in_read(workflow, &set.mails, IN_A_ROW).await;
        for (outcome, found) in outcomes.into_iter().zip(&set.found) {
            match outcome {
                Ok(mail) => {
                    round.failures = 0;
                    round.kept += usize::from(found.name.ends_with(KEPT));
                    self.take_away(&found.name, &found.file, Leaves::of(&mail), round);
                    round.taken.push(mail);
                }
                Err(e) if round.failures + 1 < IN_A_ROW => {
                    tracing::error!(mail = found.name, "cannot be taken in and will be tried again: {e}");
                    round.failures += 1;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Moves or deletes a mail that is in the store; a crash before this finds it again as a duplicate.
    fn take_away(&self, name: &str, file: &DropFile, leaves: Leaves, round: &mut Round) {
        let from = self.root.join("new").join(name);
        let done = match leaves {
            Leaves::Moved => std::fs::rename(&from, self.root.join("cur").join(name)),
            Leaves::Deleted => std::fs::remove_file(&from),
        };
        let mut stuck = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        match done {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound || from.exists() => {
                stuck.insert(name.to_owned(), (file.clone(), leaves));
                round.unreadable.push(format!("{} {}: {e}", from.display(), leaves.what_failed()));
            }
            _ => {
                stuck.remove(name);
            }
        }
    }

    /// Returns how a file leaves that could not before; none where it is none of those, or another under the name of one.
    fn stuck_as(&self, name: &str, file: &DropFile) -> Option<Leaves> {
        let stuck = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        stuck.get(name).filter(|(found, _)| found.is(file)).map(|(_, leaves)| *leaves)
    }

    /// Forgets what was told of, but for these: if it comes about again, it is told again.
    fn forget_but(&self, unreadable: &[String]) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|file| unreadable.contains(file));
    }

    /// Tells of files that cannot be read, all that are new in one message.
    async fn tell_unreadable(&self, workflow: &Workflow, unreadable: &[String]) {
        let new: Vec<String> = {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            unreadable.iter().filter(|file| told.insert((*file).clone())).cloned().collect()
        };
        if new.is_empty() {
            return;
        }
        for file in &new {
            tracing::error!("a mail cannot be read: {file}");
        }
        let news = InboxNews::Unreadable { count: new.len(), files: &new[..new.len().min(NAMED)] };
        if !tell(workflow, news).await {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.retain(|file| !new.contains(file));
        }
    }

    /// Returns how many mails wait, and what cannot be read.
    pub fn state(&self) -> std::io::Result<InboxState> {
        let mut state = InboxState::default();
        for name in names(&self.root.join("new"))? {
            let path = self.root.join("new").join(name);
            state.waiting += 1;
            if let Err(e) = DropFile::look(&path).and_then(|_| std::fs::File::open(&path))
                && state.unreadable.len() < 100
            {
                state.unreadable.push(format!("{}: {e}", path.display()));
            }
        }
        Ok(state)
    }

    /// Tells why mails had been kept, once.
    async fn tell_kept(&self, workflow: &Workflow, count: usize) {
        let place = self.root.join(REASON);
        let reason = std::fs::read_to_string(&place).unwrap_or_default();
        if tell(workflow, InboxNews::Kept { count, why: reason.trim() }).await {
            let _ = std::fs::remove_file(&place);
        }
    }
}

/// Tells of an inbox; whether that is done.
async fn tell(workflow: &Workflow, news: InboxNews<'_>) -> bool {
    let told = workflow.taking_in().tell_inbox(news).await;
    told.inspect_err(|e| tracing::error!("nobody can be told of the inbox: {e}")).is_ok()
}
