//! Who may look at the rules and do something about them, the folder that is looked at, and why a proposal is not as somebody
//! wants it.

use crate::complaint::{Language, Text};
use crate::rules::RulesFolder;
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::pages::workbench::said;
use crate::workflow::{ChangeError, MayOfRules, Opened, ProposalError};
use std::sync::Arc;

/// Returns what the person of a key may do about the rules; for others there is nothing here.
pub(super) async fn allowed(call: &Call) -> Result<MayOfRules, Problem> {
    let may = call.page.workflow.may_of_rules(call.person()).await?;
    if may.look { Ok(may) } else { Err(Kind::NotFound.into()) }
}

/// Returns why a proposal is not as somebody wants it, in the sentence of the page.
pub(super) fn refused(call: &Call, error: ProposalError) -> Problem {
    let words = |language| said::mistake(&call.page, language, &error);
    let detail = match (words(Language::Dutch), words(Language::English)) {
        (Some(nl), Some(en)) => Some(Text::new(nl, en)),
        _ => None,
    };
    let kind = match (&error, &detail) {
        (ProposalError::Changed | ProposalError::FileChanged, _) => Kind::Changed,
        (_, Some(_)) => Kind::Refused,
        (_, None) => return trouble(error),
    };
    Problem { detail, ..kind.into() }
}

fn trouble(error: ProposalError) -> Problem {
    match error {
        ProposalError::Workflow(e) | ProposalError::Refused(ChangeError::Workflow(e)) => e.into(),
        _ => Kind::NotFound.into(),
    }
}

/// Reads a number of the path.
pub(super) fn number(call: &Call, name: &str) -> Result<i64, Problem> {
    call.part(name).parse().ok().filter(|n| *n > 0).ok_or_else(|| Kind::NotFound.into())
}

/// Opens the proposal of the path.
pub(super) async fn opened(call: &Call) -> Result<Opened, Problem> {
    let id = number(call, "proposal")?;
    call.page.workflow.proposals().one(id).await.map_err(|e| refused(call, e))
}

/// A rules folder that is looked at: what is in force, or what a proposal comes to.
pub(super) struct Looked {
    pub folder: Arc<RulesFolder>,
    pub opened: Option<Opened>,
}

impl Looked {
    /// Finds the folder of the path, for who may look.
    pub async fn at(call: &Call) -> Result<Self, Problem> {
        allowed(call).await?;
        if !call.path.contains_key("proposal") {
            let folder = call.page.workflow.proposals().folder_in_force().await;
            return Ok(Self { folder: folder.map_err(|e| refused(call, e))?, opened: None });
        }
        let opened = opened(call).await?;
        Ok(Self { folder: Arc::new(opened.folder.clone()), opened: Some(opened) })
    }

    /// Returns the path under which it is looked at.
    pub fn base(&self) -> String {
        match &self.opened {
            None => "/api/v1/procedure".to_owned(),
            Some(opened) => format!("/api/v1/proposals/{}", opened.proposal.id),
        }
    }
}
