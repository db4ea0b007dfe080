//! `Published`: a ruleset with its templates, checked together.

use super::Names;
use super::message_heads::{wrong as wrong_heads, wrong_times};
use super::message_mistakes::of_error;
use super::message_trial::trial;
use super::survey_mistakes::unasked;
use super::timetable::Timetable;
use super::tried::tried;
use crate::calendar::Moment;
use crate::complaint::{Case, Role};
use crate::config::Settings;
use crate::message::Templates;
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::rules::{Input, Renames, Ruleset, RulesetSource, notify_sites, unfilled_roles};
use std::sync::Arc;

/// A ruleset with its templates, and how it came in force. Made once; nothing is set on it later.
#[derive(Clone, Debug)]
pub struct Published {
    /// The checked scripts.
    pub ruleset: Arc<Ruleset>,
    /// The parsed messages.
    pub templates: Arc<Templates>,
    /// The constants as templates see them, made once for all messages.
    pub terms: minijinja::Value,
    /// The hours in which our own people are written to, and when digests go.
    pub(super) timetable: Timetable,
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
        let ruleset = Ruleset::load(source.clone(), settings.extra.clone());
        let (published, mut found) = Self::read(&source, settings, ruleset)?;
        found.extend(published.examine(settings).iter().cloned());
        found.retain(|d| d.kind.severity == Severity::Error);
        found.sort();
        if found.is_empty() { Ok(published) } else { Err(found) }
    }

    /// Loads a ruleset that was checked whole as if some of its statements were not there, for proofs: no message is tried.
    pub fn load_without(
        source: RulesetSource,
        settings: &Settings,
        left_out: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let ruleset = Ruleset::load_without(source.clone(), settings.extra.clone(), left_out);
        match Self::read(&source, settings, ruleset)? {
            (published, found) if found.is_empty() => Ok(published),
            (_, found) => Err(found),
        }
    }

    /// Loads a ruleset that has passed every check of this program under these settings before: what decisions and
    /// letters need is read, and no message is tried.
    pub(super) fn load_checked(source: RulesetSource, settings: &Settings) -> Result<Self, Vec<Diagnostic>> {
        let ruleset = Ruleset::load_checked(source.clone(), settings.extra.clone());
        match Self::read(&source, settings, ruleset)? {
            (published, found) if found.is_empty() => Ok(published),
            (_, found) => Err(found),
        }
    }

    /// Reads messages and times, and puts them together with a ruleset. Returns what is wrong with the times beside.
    fn read(
        source: &RulesetSource,
        settings: &Settings,
        ruleset: Result<Ruleset, Vec<Diagnostic>>,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut found = Vec::new();
        let templates = Templates::load(source.messages());
        let templates = templates.map_err(|wrong| found.extend(wrong.iter().map(|e| of_error(source, e))));
        let (templates, ruleset) = match (templates, ruleset) {
            (Ok(templates), Ok(ruleset)) if found.is_empty() => (templates, ruleset),
            (_, ruleset) => {
                found.extend(ruleset.err().into_iter().flatten());
                found.sort();
                return Err(found);
            }
        };
        let stamp = format!("{}:{}", ruleset.hash(), settings.fingerprint());
        let terms = ruleset.terms();
        let timetable = Timetable::of(ruleset.procedure(), &terms).unwrap_or_else(|mistake| {
            found.push(wrong_times(&ruleset, &mistake));
            Timetable::default()
        });
        let terms = minijinja::Value::from_serialize(terms);
        let (ruleset, templates) = (Arc::new(ruleset), Arc::new(templates));
        let renames = Renames::default();
        let read = Self { ruleset, templates, terms, timetable, stamp, adopt_at: None, renames };
        Ok((read, found))
    }

    /// Returns what is wrong or probably not meant in the messages.
    fn examine(&self, settings: &Settings) -> Arc<[Diagnostic]> {
        tried(&self.ruleset, settings, || {
            let mut found = trial(settings, &self.ruleset, &self.templates, &self.terms);
            found.extend(wrong_heads(&self.ruleset, &self.templates, &notify_sites(&self.ruleset)));
            found.sort();
            found
        })
    }

    /// Returns what loads but is probably not meant, by place: warnings of the scripts and messages, and people
    /// whom scripts name and who are not in the settings.
    pub fn warnings(&self, settings: &Settings) -> Vec<Diagnostic> {
        let known: Vec<&str> = settings.people.iter().map(|p| p.email.as_str()).collect();
        let is_known = |address: &str| known.iter().any(|k| k.eq_ignore_ascii_case(address));
        let people = self.ruleset.named_people().iter().filter(|p| !is_known(&p.address));
        let unknown = people.map(|p| p.unknown(known.iter().copied()));
        let is_held = |role: &Role| settings.people.with_role(role.as_str()).next().is_some();
        let unknown = unknown.chain(unfilled_roles(&self.ruleset, &is_held));
        let unknown = unknown.chain(unasked(&self.ruleset, settings));
        let of_messages = self.examine(settings);
        let known = self.ruleset.warnings().iter().chain(of_messages.iter()).cloned();
        let mut found: Vec<Diagnostic> = known.chain(unknown).collect();
        found.sort();
        found
    }

    /// Returns this ruleset as it comes in force after `before`: with the rules that only changed their name,
    /// and if `adopt_at` says so, taking for fired what holds then. Plans and publications both make it here.
    pub fn succeeding(&self, before: &Self, adopt_at: Option<Moment>) -> Self {
        Self { renames: Renames::between(&before.ruleset, &self.ruleset), adopt_at, ..self.clone() }
    }

    /// Returns what a decision under this ruleset starts from. A complaint takes what holds for fired only if
    /// it was decided under another ruleset before.
    pub fn input<T>(&self, case: impl Into<Arc<Case>>, trigger: T, now: Moment) -> Input<T> {
        let case = case.into();
        let adopt_at = self.adopt_at.filter(|_| case.comes_from_another(self.ruleset.hash()));
        Input { adopt_at, renames: self.renames.clone(), ..Input::new(case, trigger, now) }
    }

    /// Returns the names that plugins may subscribe to.
    pub fn names(&self) -> Names {
        Names::of(self.ruleset.procedure(), self.templates.names())
    }
}
