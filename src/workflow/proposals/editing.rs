//! What an editor asks while somebody types in a file of a proposal: what is wrong, what may follow, what stands here. The
//! texts of the last proposals that were asked about are kept read.

use super::error::ProposalError;
use super::handle::Proposals;
use super::kept::KeptTexts;
use super::start::Opened;
use crate::complaint::Language;
use crate::rules::RulesFolder;
use crate::rules::editor::{Completion, Hover, Workspace};
use crate::workflow::WorkflowError;
use crate::workflow::rules_folder::CheckedFolder;
use std::sync::{Arc, Mutex, PoisonError};

/// A text that somebody types, which is not kept yet.
#[derive(Clone, Debug)]
pub struct TypedFile {
    /// The proposal.
    pub proposal: i64,
    /// The path of the file.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Proposals<'_> {
    /// Finds every mistake of a proposal with a text that is being typed.
    pub async fn check_typed(self, by: &str, typed: TypedFile) -> Result<Arc<CheckedFolder>, ProposalError> {
        let opened = self.typing(by, &typed).await?;
        let mut files = opened.folder.to_files();
        files.insert(typed.path, typed.text);
        Ok(self.0.check_typing(RulesFolder::of(files)).await?)
    }

    /// Returns what may follow at a byte of a text that is being typed.
    pub async fn complete_typed(
        self,
        by: &str,
        typed: TypedFile,
        offset: usize,
        language: Language,
    ) -> Result<Vec<Completion>, ProposalError> {
        let path = typed.path.clone();
        self.ask(by, typed, language, move |workspace| workspace.complete(&path, offset)).await
    }

    /// Returns what stands at a byte of a text that is being typed; none where nothing is known of it.
    pub async fn hover_typed(
        self,
        by: &str,
        typed: TypedFile,
        offset: usize,
        language: Language,
    ) -> Result<Option<Hover>, ProposalError> {
        let path = typed.path.clone();
        self.ask(by, typed, language, move |workspace| workspace.hover(&path, offset)).await
    }

    async fn typing(self, by: &str, typed: &TypedFile) -> Result<Opened, ProposalError> {
        if !RulesFolder::is_file(&typed.path) {
            return Err(ProposalError::Path);
        }
        self.own(typed.proposal, by).await
    }

    async fn ask<T: Send + 'static>(
        self,
        by: &str,
        typed: TypedFile,
        language: Language,
        ask: impl FnOnce(&Workspace) -> T + Send + 'static,
    ) -> Result<T, ProposalError> {
        let opened = self.typing(by, &typed).await?;
        let _turn = self.0.trials.editors.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        let digest = opened.folder.digest();
        let known = self.0.trials.workspaces.find(&digest, language);
        let extra = self.0.settings().extra.clone();
        let work = tokio::task::spawn_blocking(move || {
            let made = || Arc::new(Mutex::new(Workspace::new(opened.folder.to_files(), extra, language)));
            let workspace = known.unwrap_or_else(made);
            let mut held = workspace.lock().unwrap_or_else(PoisonError::into_inner);
            held.set(&typed.path, &typed.text);
            let answer = ask(&held);
            // The next one asks about the proposal with another text of maybe another file.
            match opened.folder.text(&typed.path) {
                Some(kept) => held.set(&typed.path, kept),
                None => held.set(&typed.path, ""),
            }
            drop(held);
            (answer, workspace)
        });
        let (answer, workspace) = work.await.map_err(|_| WorkflowError::Interrupted)?;
        if self.0.trials.workspaces.find(&digest, language).is_none() {
            self.0.trials.workspaces.keep(KeptTexts { digest, language, workspace });
        }
        Ok(answer)
    }
}
