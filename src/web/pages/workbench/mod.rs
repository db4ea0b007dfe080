//! The workbench of the quality manager: the procedure, what is proposed to change of it, and what came in force.

pub(in crate::web) mod behind;
mod coverage;
pub(in crate::web) mod editor;
pub(in crate::web) mod faults;
pub(in crate::web) mod file;
pub(in crate::web) mod graph;
mod head;
pub(in crate::web) mod letter;
pub(in crate::web) mod letters;
mod outline;
mod plan;
pub(in crate::web) mod procedure;
pub(in crate::web) mod proposal;
pub(in crate::web) mod proposals;
pub(in crate::web) mod publications;
pub(in crate::web) mod retold;
pub(in crate::web) mod said;
pub(in crate::web) mod scenarios;
mod state_drawing;
pub(in crate::web) mod story;
pub(in crate::web) mod terms;
pub(in crate::web) mod trial;
pub(in crate::web) mod words;

use outline::outlined;

use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::trouble::Trouble;
use crate::workflow::{ChangeError, MayOfRules, ProposalError};

/// Returns what somebody may do about the rules; for others there is no such page.
async fn allowed(page: &Page, signed: &Signed) -> Result<MayOfRules, Trouble> {
    let may = page.workflow.may_of_rules(&signed.person.email).await?;
    if may.look { Ok(may) } else { Err(Trouble::NotFound) }
}

/// Returns what a proposal cannot be, where the person can mend nothing.
fn trouble(error: ProposalError) -> Trouble {
    match error {
        ProposalError::Workflow(e) => e.into(),
        ProposalError::Refused(ChangeError::Workflow(e)) => e.into(),
        ProposalError::NotYours | ProposalError::Path => Trouble::NotFound,
        other => Trouble::Failed(other.to_string()),
    }
}
