//! The numbers of the sentences: the terms of the ruleset in force that the rules, letters and deadlines of each sentence of the
//! company's text come to. They are looked for once for a folder, behind who looks.

use super::error::ProposalError;
use super::handle::Proposals;
use super::kept::{SentenceNumber, SentenceNumbers};
use crate::rules::RulesFolder;
use crate::rules::editor::Workspace;
use crate::rules::terms::{Terms, sentences_on};
use crate::workflow::WorkflowError;
use std::sync::Arc;
use std::time::Duration;

/// The time for which a page waits for them.
const PATIENCE: Duration = Duration::from_millis(400);

impl Proposals<'_> {
    /// Returns the numbers of each sentence of a folder; none where looking for them takes longer than a page may wait.
    pub async fn numbers(self, folder: &RulesFolder) -> Result<Option<Arc<SentenceNumbers>>, ProposalError> {
        let (kept, digest) = (Arc::clone(&self.0.trials.procedure.numbers), folder.digest());
        if let Some(numbers) = kept.find(&digest) {
            return Ok(Some(numbers));
        }
        let Ok(turn) = Arc::clone(&kept.turn).try_acquire_owned() else { return Ok(None) };
        let (files, settings) = (folder.to_files(), self.0.settings());
        let looking = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let terms = Terms::of(&files);
            let workspace = Workspace::new(files, settings.extra.clone(), settings.language);
            let numbers = Arc::new(numbers(&terms, &workspace));
            kept.keep(digest, Arc::clone(&numbers));
            numbers
        });
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(numbers) => Ok(Some(numbers.map_err(|_| WorkflowError::Interrupted)?)),
            Err(_) => Ok(None),
        }
    }
}

/// Returns what can be more or less of what each sentence rests on, in the order of the terms.
fn numbers(terms: &Terms, workspace: &Workspace) -> SentenceNumbers {
    let mut of_rows = SentenceNumbers::new();
    for term in terms.iter().filter(|term| term.value.amount().is_some()) {
        let number =
            SentenceNumber { name: term.name.clone(), label: term.label.clone(), value: term.value.words() };
        for clause in sentences_on(workspace, &term.name) {
            of_rows.entry(clause.row).or_default().push(number.clone());
        }
    }
    of_rows
}
