//! `Published`: a ruleset with its templates, checked together.

use super::standing::Reached;
use super::template_context::TemplateContext;
use super::{Names, sample_case};
use crate::calendar::Moment;
use crate::complaint::Case;
use crate::config::Settings;
use crate::message::{TemplateError, Templates};
use crate::rules::{Diagnostic, Input, Renames, Ruleset, RulesetSource, notify_sites};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A ruleset with its templates, and how it came in force. Made once; nothing is set on it later.
#[derive(Clone, Debug)]
pub struct Published {
    /// The checked scripts.
    pub ruleset: Arc<Ruleset>,
    /// The parsed messages.
    pub templates: Arc<Templates>,
    /// The constants as templates see them.
    pub terms: Arc<BTreeMap<String, Value>>,
    /// The stamp of ruleset and settings, under which complaints are evaluated (docs/semantics.md 1.6).
    pub stamp: String,
    /// The moment at which it came in force, if rules that held then are taken for fired (`--adopt`); none if
    /// they fire.
    pub adopt_at: Option<Moment>,
    /// The rules that only changed their name when it came in force (docs/semantics.md 4.3).
    pub renames: Renames,
}

impl Published {
    /// Loads and checks scripts and messages; every notify call site is rendered in both languages
    /// against a sample complaint (docs/semantics.md 4.8).
    pub fn load(source: RulesetSource, settings: &Settings) -> Result<Self, Vec<Diagnostic>> {
        Self::load_without(source, settings, &|_| false)
    }

    /// Loads a ruleset as if some of its statements were not there, for proofs.
    pub fn load_without(
        source: RulesetSource,
        settings: &Settings,
        left_out: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let templates =
            Templates::load(source.messages()).map_err(|e| e.iter().map(diagnostic).collect::<Vec<_>>())?;
        let ruleset = Ruleset::load_without(source, settings.extra.clone(), left_out)?;
        let stamp = format!("{}:{}", ruleset.hash(), settings.fingerprint());
        let terms = Arc::new(ruleset.terms());
        let (ruleset, templates) = (Arc::new(ruleset), Arc::new(templates));
        let renames = Renames::default();
        let published = Self { ruleset, templates, terms, stamp, adopt_at: None, renames };
        let found = published.check_messages(settings);
        if found.is_empty() { Ok(published) } else { Err(found) }
    }

    /// Returns this ruleset as it comes in force after `before`: with the rules that only changed their name,
    /// and if `adopt_at` says so, taking for fired what holds then. Plans and publications both make it here.
    pub fn succeeding(&self, before: &Self, adopt_at: Option<Moment>) -> Self {
        Self { renames: Renames::between(&before.ruleset, &self.ruleset), adopt_at, ..self.clone() }
    }

    /// Returns what a decision under this ruleset starts from. A complaint takes what holds for fired only if
    /// it was decided under another ruleset before.
    pub fn input<T>(&self, case: Case, trigger: T, now: Moment) -> Input<T> {
        let is_older =
            !case.evaluated_under.is_empty() && !case.evaluated_under.starts_with(self.ruleset.hash());
        let adopt_at = self.adopt_at.filter(|_| is_older);
        Input { adopt_at, renames: self.renames.clone(), ..Input::new(case, trigger, now) }
    }

    /// Returns the names that plugins may subscribe to.
    pub fn names(&self) -> Names {
        Names::of(self.ruleset.procedure(), self.templates.names())
    }

    /// Renders every message against two samples, in both languages: everything filled, and everything empty
    /// that is not certain to be filled where it is sent.
    fn check_messages(&self, settings: &Settings) -> Vec<Diagnostic> {
        let procedure = self.ruleset.procedure();
        let full = sample_case::full(procedure);
        let mut found = Vec::new();
        for site in notify_sites(&self.ruleset) {
            let sent = format!("sent from {}:{}:{}", site.file, site.line, site.column);
            let nothing_more = format!("{sent}, where it may be empty; put {{% if … %}} around it");
            let least = sample_case::least(procedure, &full, &site.certain);
            for language in ["nl", "en"] {
                let render = |case, data| self.render_sample(settings, case, data, &site.message, language);
                let failed = match (render(&full, &site.data), render(&least, &site.least_data)) {
                    (Err(e), _) => Some((e, &sent)),
                    (Ok(()), Err(e)) => Some((e, &nothing_more)),
                    (Ok(()), Ok(())) => None,
                };
                found.extend(
                    failed.map(|(e, help)| Diagnostic { help: Some(help.clone()), ..diagnostic(&e) }),
                );
            }
        }
        found.sort();
        found.dedup();
        found
    }

    fn render_sample(
        &self,
        settings: &Settings,
        case: &Case,
        data: &Value,
        message: &str,
        language: &str,
    ) -> Result<(), TemplateError> {
        let reached = Reached { addresses: vec![], name: "x".to_owned(), language: language.to_owned() };
        let context = TemplateContext {
            settings,
            procedure: self.ruleset.procedure(),
            terms: &self.terms,
            case: Some(case),
            reached: &reached,
            data,
            now: case.decided_at,
            nominal: None,
        };
        self.templates.render(language, message, &context.values()).map(|_| ())
    }
}

fn diagnostic(e: &TemplateError) -> Diagnostic {
    Diagnostic {
        file: format!("messages/{}/{}.md", e.language, e.message),
        line: e.line,
        column: 1,
        message: e.why.clone(),
        help: None,
    }
}
