//! `Labels`: what the names of the procedure in force are called, in the language of a reader.

use super::{Published, Workflow};
use crate::complaint::{DeadlineName, Language, Name, Recipient, Role, State, SurveyStep};
use std::sync::Arc;

/// What states, roles and terms are called. A name that the procedure no longer has stands for itself.
#[derive(Clone, Debug)]
pub struct Labels {
    published: Arc<Published>,
    language: Language,
}

impl Workflow {
    /// Returns what the names of the procedure in force are called.
    pub fn labels(&self, language: Language) -> Labels {
        Labels { published: self.published(), language }
    }
}

impl Labels {
    /// Returns what the names of a ruleset are called that may be another than the one in force.
    pub fn of(published: Arc<Published>, language: Language) -> Self {
        Self { published, language }
    }

    /// Returns what a state is called.
    pub fn state(&self, state: &State) -> String {
        let declared = self.published.ruleset.procedure().states.get(state);
        declared.map_or_else(|| state.to_string(), |d| self.either(&d.nl, &d.en))
    }

    /// Returns every state and what it is called, in the order of the names.
    pub fn states(&self) -> Vec<(State, String)> {
        let declared = self.published.ruleset.procedure().states.iter();
        declared.map(|(state, d)| (state.clone(), self.either(&d.nl, &d.en))).collect()
    }

    /// Returns the states of a recommendation, each with what it is called, in the order of their names.
    pub fn recommendation_states(&self) -> Vec<(String, String)> {
        let declared = self.published.ruleset.procedure().recommendations.iter();
        declared.map(|(state, d)| (state.to_string(), self.either(&d.nl, &d.en))).collect()
    }

    /// Returns the actions of the procedure, in file order: the id and the label of each.
    pub fn actions(&self) -> Vec<(String, String)> {
        let all = self.published.ruleset.actions();
        all.map(|(id, label, _)| (id.to_string(), label.to_owned())).collect()
    }

    /// Returns what a role is called.
    pub fn role(&self, role: &Role) -> String {
        let declared = self.published.ruleset.procedure().roles.get(role);
        declared.map_or_else(|| role.to_string(), |d| self.either(&d.nl, &d.en))
    }

    /// Returns what a term is called.
    pub fn term(&self, name: &DeadlineName) -> String {
        let declared = self.published.ruleset.procedure().deadlines.get(name);
        declared.map_or_else(|| name.to_string(), |d| self.either(&d.nl, &d.en))
    }

    /// Returns the words of a step of satisfaction; none where the procedure has none.
    pub fn satisfaction(&self, step: SurveyStep) -> Option<String> {
        let survey = self.published.ruleset.procedure().survey.as_ref()?;
        Some(survey.step(step, self.language).to_owned())
    }

    /// Returns the language.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// Returns what an option of a question is called: a declared name by its words, anything else by itself.
    pub fn option(&self, option: &str) -> String {
        let procedure = self.published.ruleset.procedure();
        let declared = [
            &procedure.verdicts,
            &procedure.grounds,
            &procedure.agreements,
            &procedure.escalations,
            &procedure.causes,
            &procedure.measures,
        ];
        let name = Name::from(option);
        let label = declared.into_iter().find_map(|names| names.get(&name));
        label.map_or_else(|| option.to_owned(), |l| l.in_language(self.language).to_owned())
    }

    /// Returns what a recipient within the organisation is called; none for the complainant and for the responsible person,
    /// whose words are the reader's own.
    pub fn recipient(&self, recipient: &Recipient) -> Option<String> {
        match recipient {
            Recipient::Role(role) => Some(self.role(role)),
            Recipient::Person(address) => Some(address.clone()),
            Recipient::Complainant | Recipient::Responsible => None,
        }
    }

    fn either(&self, nl: &str, en: &str) -> String {
        match self.language {
            Language::Dutch => nl.to_owned(),
            Language::English => en.to_owned(),
        }
    }
}
