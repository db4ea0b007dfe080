//! `Published`: a ruleset with its templates, checked together.

use super::Names;
use super::standing::Reached;
use super::template_context::TemplateContext;
use crate::calendar::Moment;
use crate::complaint::{
    Case, Complaint, ComplaintId, Deadline, IntakeId, Measure, Meeting, MeetingStatus, Number, Party, Role,
    Source,
};
use crate::config::Settings;
use crate::message::{TemplateError, Templates};
use crate::rules::{Diagnostic, Input, NotifySite, Renames, Ruleset, RulesetSource};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A ruleset with its templates, and how it came in force. Made once; nothing is set on it later.
#[derive(Clone, Debug)]
pub struct Published {
    pub ruleset: Arc<Ruleset>,
    pub templates: Arc<Templates>,
    /// Constants as templates see them.
    pub terms: Arc<BTreeMap<String, Value>>,
    /// Ruleset and settings together: what complaints were last evaluated under.
    pub stamp: String,
    /// When it came in force, if rules that held then are taken for fired (`--adopt`).
    pub adopt_at: Option<Moment>,
    /// The rules that only changed their name when it came in force (semantics 4.3).
    pub renames: Renames,
}

impl Published {
    /// Loads and checks scripts and messages; every notify call site is rendered in both languages
    /// against a sample complaint (semantics 4.8).
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

    /// Returns this ruleset as it comes in force after `before`: with the rules that only changed their name, and if
    /// `adopt_at` says so, taking for fired what holds then. Plans and publications both make it here.
    pub fn succeeding(&self, before: &Self, adopt_at: Option<Moment>) -> Self {
        Self { renames: Renames::between(&before.ruleset, &self.ruleset), adopt_at, ..self.clone() }
    }

    /// Returns what a decision under this ruleset starts from. A complaint takes what holds for fired only if it was
    /// decided under another ruleset before.
    pub fn input<T>(&self, case: Case, trigger: T, now: Moment) -> Input<T> {
        let is_older =
            !case.evaluated_under.is_empty() && !case.evaluated_under.starts_with(self.ruleset.hash());
        let adopt_at = self.adopt_at.filter(|_| is_older);
        Input { adopt_at, renames: self.renames.clone(), ..Input::new(case, trigger, now) }
    }

    /// The names that plugins may subscribe to.
    pub fn names(&self) -> Names {
        Names::of(self.ruleset.procedure(), self.templates.names())
    }

    fn check_messages(&self, settings: &Settings) -> Vec<Diagnostic> {
        let case = self.sample();
        let mut found = Vec::new();
        for site in self.ruleset.notify_sites() {
            for language in ["nl", "en"] {
                if let Err(e) = self.render_sample(settings, &case, &site, language) {
                    let mut d = diagnostic(&e);
                    d.help = Some(format!("sent from {}:{}:{}", site.file, site.line, site.column));
                    found.push(d);
                }
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
        site: &NotifySite,
        language: &str,
    ) -> Result<(), TemplateError> {
        let reached = Reached { addresses: vec![], name: "x".to_owned(), language: language.to_owned() };
        let procedure = self.ruleset.procedure();
        let now = case.decided_at;
        let context = TemplateContext {
            settings,
            procedure,
            terms: &self.terms,
            case: Some(case),
            reached: &reached,
            data: &site.data,
            now,
            nominal: None,
        };
        self.templates.render(language, &site.message, &context.values()).map(|_| ())
    }

    /// A complaint with every field filled and every deadline armed.
    pub(super) fn sample(&self) -> Case {
        let procedure = self.ruleset.procedure();
        let at = Moment::from_millis(1_800_000_000_000);
        let day = crate::calendar::Date::from_ymd_opt(2027, 1, 4);
        let party = Party { name: "x".to_owned(), email: "x@example.nl".to_owned() };
        let mut c =
            Complaint::received(IntakeId::new(2026, 1), procedure.initial.clone(), "x".to_owned(), party, at);
        let text = || Some("x".to_owned());
        c.number = Some(Number::new(2026, 1));
        (c.arose_on, c.promised_by, c.promised_by_original, c.decided_on) = (day, day, day, day);
        (c.reasons, c.solution, c.description, c.cause, c.responsible) =
            (text(), text(), text(), text(), text());
        c.verdict = procedure.verdicts.keys().next().cloned();
        c.ground = procedure.grounds.keys().next().cloned();
        c.cause_kind = procedure.causes.keys().next().cloned();
        c.agreement = procedure.agreements.keys().next().cloned();
        c.escalation = procedure.escalations.keys().next().cloned();
        c.refers_to = c.number.clone();
        c.extra = procedure.extra.iter().map(|(name, field)| (name.clone(), field.sample())).collect();
        c.first_contact_on = day;
        (c.incident, c.about) = (text(), text());
        c.meeting = day.map(|day| Meeting {
            number: 1,
            day,
            time: crate::calendar::TimeOfDay::MIN,
            minutes: 60,
            place: "x".to_owned(),
            sequence: 0,
            status: MeetingStatus::Planned,
            answer: None,
        });
        c.measures = vec![Measure {
            id: 1,
            description: "x".to_owned(),
            owner: "x".to_owned(),
            due: day,
            check_on: day,
            note: text(),
            state: "x".into(),
        }];
        let mut case = Case::new(ComplaintId(1), c);
        case.deadlines = procedure.deadlines.keys().map(|name| armed(name.clone(), at)).collect();
        case
    }
}

fn armed(name: crate::complaint::DeadlineName, at: Moment) -> Deadline {
    Deadline {
        name,
        instance: 1,
        owner: Role::from("x"),
        base: None,
        span: None,
        raw_end: at,
        due: at,
        alarm_at: at,
        rolled_because: None,
        armed_at: at,
        armed_by: Source::Engine,
        met_at: None,
        cancelled_at: None,
        replaced_at: None,
        breached_at: None,
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
