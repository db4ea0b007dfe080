//! Change control: who may put rules in force or approve their plan, and what such a person must say. The procedure in
//! force names the roles, so that no edit lets somebody in by itself.

use super::Workflow;
use super::change_error::{ChangeError, ChangeRefusal};
use super::publishing::Publishing;
use super::standing::Standing;
use crate::calendar::Moment;
use crate::complaint::Role;

/// The characters of a reason below which it says nothing.
const MIN_REASON: usize = 10;

/// A change of the rules that not everybody may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// Putting a ruleset in force, a new one or an earlier one.
    Publish,
    /// Approving the plan of somebody else.
    Approve,
}

fn refused<T>(why: ChangeRefusal, text: impl Into<String>) -> Result<T, ChangeError> {
    Err(ChangeError::Refused(why, text.into()))
}

impl Publishing<'_> {
    /// Fails unless this is one of the people, has the role for the change, and says why.
    pub async fn permit(self, change: RuleChange, by: Option<&str>, reason: &str) -> Result<(), ChangeError> {
        let workflow = self.workflow();
        let keepers = Keepers::of(workflow, change, workflow.now().await?);
        let Some(by) = by else {
            return refused(
                ChangeRefusal::Nobody,
                format!("say who you are: --as EMAIL; {}", keepers.meant()),
            );
        };
        if workflow.settings().people.find(by).is_none() {
            return refused(
                ChangeRefusal::Stranger,
                format!(
                    "{by} is not one of the people in redress.toml: give the address of somebody who is; {}",
                    keepers.meant()
                ),
            );
        }
        if !keepers.may(workflow, by) {
            return refused(ChangeRefusal::Role, format!("{by} may not do this; {}", keepers.meant()));
        }
        if reason.trim().chars().count() < MIN_REASON {
            return refused(
                ChangeRefusal::NoReason,
                format!(
                    "say why, for those who look back later, in at least {MIN_REASON} characters: --reason \"…\""
                ),
            );
        }
        Ok(())
    }

    /// Returns whether somebody has the role for a change today.
    pub fn may(self, change: RuleChange, who: &str, now: Moment) -> bool {
        let workflow = self.workflow();
        Keepers::of(workflow, change, now).may(workflow, who)
    }

    /// Fails where four eyes are required and nobody but the publisher has approved the plan who may.
    pub async fn require_approval(self, digest: &str, by: &str) -> Result<(), ChangeError> {
        let workflow = self.workflow();
        if !workflow.settings().rules.four_eyes {
            return Ok(());
        }
        let keepers = Keepers::of(workflow, RuleChange::Approve, workflow.now().await?);
        let approvers = self.approvers(digest).await?;
        let somebody_else = |who: &String| !who.eq_ignore_ascii_case(by) && keepers.may(workflow, who);
        if approvers.iter().any(somebody_else) {
            return Ok(());
        }
        let others = keepers.people.iter().filter(|p| !p.eq_ignore_ascii_case(by));
        let others: Vec<String> = others.cloned().collect();
        let remedy = match others.join(", ") {
            none if none.is_empty() => format!(
                "nobody else has that role; give it to a second person in redress.toml, under [[people]]: roles = [\"{}\"]",
                keepers.role
            ),
            others => format!("redress rules approve {digest} --as EMAIL --reason \"…\" ({others})"),
        };
        refused(
            ChangeRefusal::NotApproved(others),
            format!(
                "somebody other than {by} who is {} must approve this plan (rules.four_eyes): {remedy}",
                keepers.label
            ),
        )
    }
}

/// The role for a change, and who has it.
struct Keepers {
    role: Role,
    label: String,
    people: Vec<String>,
    now: Moment,
}

impl Keepers {
    fn of(workflow: &Workflow, change: RuleChange, now: Moment) -> Self {
        let published = workflow.published();
        let procedure = published.ruleset.procedure();
        let role = match change {
            RuleChange::Publish => procedure.rules_published_by(),
            RuleChange::Approve => procedure.rules_approved_by(),
        };
        let people = workflow.settings().people.with_role(role.as_str()).map(|p| p.email.clone()).collect();
        let label = procedure.roles.get(role).map_or(role.as_str(), |r| r.en.as_str()).to_owned();
        Self { role: role.clone(), label, people, now }
    }

    /// Returns whether a person has the role today, also as the deputy of somebody who is absent.
    fn may(&self, workflow: &Workflow, who: &str) -> bool {
        let (published, settings) = (workflow.published(), workflow.settings());
        let standing = Standing::new(&settings, published.ruleset.procedure(), None, self.now);
        standing.roles_of(&who.to_lowercase()).contains(&self.role)
    }

    /// Says for whom it is.
    fn meant(&self) -> String {
        if self.people.is_empty() {
            return format!(
                "it is for the {}, and nobody is: give somebody in redress.toml, under [[people]], roles = [\"{}\"]",
                self.label, self.role
            );
        }
        format!("it is for the {} ({})", self.label, self.people.join(", "))
    }
}
