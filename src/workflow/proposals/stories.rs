//! The story of one scenario of a folder, played for who looks; two at a time in a process.

use super::error::ProposalError;
use super::handle::Proposals;
use crate::rules::RulesFolder;
use crate::workflow::WorkflowError;
use crate::workflow::story::{Story, story};

impl Proposals<'_> {
    /// Plays a scenario, by its file and its name, and tells it; none where the folder has no such scenario.
    pub async fn story(
        self,
        folder: &RulesFolder,
        (file, name): (&str, &str),
    ) -> Result<Option<Story>, ProposalError> {
        let published = self.loaded(folder).await?;
        let _turn = self.0.trials.stories.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        let (settings, files) = (self.0.settings(), folder.scenarios.clone());
        let of = (file.to_owned(), name.to_owned());
        let work = move || story(&published, &settings, &files, (&of.0, &of.1));
        Ok(tokio::task::spawn_blocking(work).await.map_err(|_| WorkflowError::Interrupted)?)
    }
}
