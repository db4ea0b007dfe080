//! Messages on trial: at load, each is rendered against two samples, in both languages. In one everything is
//! filled; in the other everything is empty that is not certain to be filled where the message is sent
//! (docs/semantics.md 4.8).

use super::message_mistakes::{failure, mistaken, of_error, place};
use super::message_shape::of_engine;
use super::sample_case::{full, least};
use super::standing::Reached;
use super::survey_letter::SurveyInLetter;
use super::template_context::TemplateContext;
use crate::calendar::{Date, Moment};
use crate::complaint::{Case, Language};
use crate::config::Settings;
use crate::message::{BuiltinMessage, TemplateError, Templates};
use crate::rules::diagnostics::kinds::{message_may_be_empty, message_template};
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::rules::{Certain, Ruleset, notify_sites};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The place where a message is sent, and the complaint and data it is rendered against.
struct Sample<'s> {
    message: &'s str,
    /// The complaint it is about, if it is about one.
    case: Option<&'s Case>,
    data: &'s Value,
}

/// Renders every message that scripts send, and those that stand in the place of the engine's own; the
/// mistakes, and what is probably not meant.
pub(super) fn trial(
    settings: &Settings,
    ruleset: &Ruleset,
    templates: &Templates,
    terms: &minijinja::Value,
) -> Vec<Diagnostic> {
    let trial = Trial { settings, ruleset, templates, terms };
    let full = full(ruleset.procedure());
    let sites = notify_sites(ruleset);
    let engine: Vec<_> = BuiltinMessage::ALL
        .iter()
        .map(|message| {
            (message.as_str(), of_engine(ruleset, about(*message, ruleset).as_ref(), &data_of(*message)))
        })
        .collect();
    let known = mistaken(ruleset, &sites, &engine);
    // What is known to be wrong without rendering is told better.
    let is_error = |d: &Diagnostic| d.kind.severity == Severity::Error;
    let is_known = |d: &Diagnostic| known.iter().any(|known| is_error(known) && known.at.file == d.at.file);
    let mut found = BTreeSet::new();
    for site in &sites {
        let sent_from = place(site);
        let least = site.certain.as_ref().map(|certain| least(ruleset.procedure(), &full, certain));
        let case = site.certain.as_ref().map(|_| &full);
        let samples = [(case, &site.data), (least.as_ref(), &site.least_data)];
        let samples = samples.map(|(case, data)| Sample { message: &site.message, case, data });
        found.extend(trial.mistakes(&samples).map(|d| message_template::sent_from(d, &sent_from)));
    }
    for message in BuiltinMessage::ALL {
        let least = about(*message, ruleset).map(|certain| least(ruleset.procedure(), &full, &certain));
        let cases = [least.as_ref().map(|_| &full), least.as_ref()];
        let data = data_of(*message);
        let samples = cases.map(|case| Sample { message: message.as_str(), case, data: &data });
        found.extend(trial.mistakes(&samples));
    }
    found.retain(|d| !is_known(d));
    found.extend(known.iter().cloned());
    found.into_iter().collect()
}

struct Trial<'t> {
    settings: &'t Settings,
    ruleset: &'t Ruleset,
    templates: &'t Templates,
    terms: &'t minijinja::Value,
}

impl Trial<'_> {
    /// Returns what is wrong in either language: with everything filled, or else with as little filled as may
    /// be.
    fn mistakes(&self, [full, least]: &[Sample<'_>; 2]) -> impl Iterator<Item = Diagnostic> {
        let source = self.ruleset.source();
        let asked = || {
            let (question, link) = ("x".to_owned(), "x".to_owned());
            Some(SurveyInLetter { question, link, until: Date::default() })
        };
        let in_language = |language: &Language| match (
            self.render(full, asked(), *language),
            self.render(least, None, *language),
        ) {
            (Err(e), _) => Some(of_error(source, &e)),
            (Ok(()), Err(e)) => {
                let at = of_error(source, &e).at;
                Some(message_may_be_empty::report(at, &failure(&e.mistake.kind)))
            }
            (Ok(()), Ok(())) => None,
        };
        Language::ALL.iter().filter_map(in_language).collect::<Vec<_>>().into_iter()
    }

    fn render(
        &self,
        sample: &Sample<'_>,
        survey: Option<SurveyInLetter>,
        language: Language,
    ) -> Result<(), TemplateError> {
        let reached = Reached { addresses: vec![], name: "x".to_owned(), language };
        let context = TemplateContext {
            settings: self.settings,
            procedure: self.ruleset.procedure(),
            terms: self.terms,
            case: sample.case,
            reached: &reached,
            survey,
            data: sample.data,
            now: sample.case.map_or(Moment::from_millis(0), |case| case.decided_at),
            nominal: None,
        };
        self.templates.render(language.as_str(), sample.message, &context.values()).map(|_| ())
    }
}

/// Returns what is certain of the complaint that a message of the engine is about; none where it is about none.
pub(super) fn about(message: BuiltinMessage, ruleset: &Ruleset) -> Option<Certain> {
    let mut certain = Certain::default();
    match message {
        BuiltinMessage::DeadlineBreached => {
            certain.deadlines.extend(ruleset.procedure().deadlines.keys().map(ToString::to_string));
            Some(certain)
        }
        BuiltinMessage::MailUntold => Some(certain),
        _ => None,
    }
}

/// Returns the data that the engine hands along with a message of its own.
pub(super) fn data_of(message: BuiltinMessage) -> Value {
    let moment = "2027-01-04T09:00:00.000+01:00";
    match message {
        BuiltinMessage::DeadlineBreached => {
            json!({"deadline": "x", "label": {"nl": "x", "en": "x"}, "due": moment})
        }
        BuiltinMessage::MailUntold => json!({}),
        BuiltinMessage::RuleFault => {
            json!({"rule": "x", "place": "x", "text": "x", "ruleset": "x", "reference": "x"})
        }
        BuiltinMessage::PluginFailing
        | BuiltinMessage::PluginDisabled
        | BuiltinMessage::PluginRecovered
        | BuiltinMessage::PluginBroken
        | BuiltinMessage::MailHeld => json!({"plugin": "x", "why": "x", "waiting": 1, "since": moment}),
        BuiltinMessage::MailboxFailing => json!({"mailbox": "x", "why": "x"}),
        BuiltinMessage::MailboxRecovered => json!({"mailbox": "x"}),
        BuiltinMessage::MailboxConnected => json!({"mailbox": "x", "left": 1, "from": moment}),
        BuiltinMessage::MailUnreadable => json!({"count": 1, "files": ["x"]}),
        BuiltinMessage::MailFiled => {
            json!({"count": 1, "mails": [{"sender": "x", "subject": "x", "kind": "list"}]})
        }
        BuiltinMessage::MailKept => json!({"count": 1, "why": "x"}),
        BuiltinMessage::AddressBounces => json!({"address": "x"}),
        BuiltinMessage::PasswordReset => json!({"reset": "x"}),
        BuiltinMessage::PasswordChanged => json!({}),
        BuiltinMessage::ReportConcluded => {
            let counted = json!([{"name": "x", "label": "x", "count": 1}]);
            let followed = json!([{"id": 1, "content": "x", "owner": "x", "state": "x", "follow_up_on": "2027-01-04", "note": "x"}]);
            json!({
                "from": "2027-01-01", "to": "2027-03-31", "conclusions": "x",
                "report": {
                    "messages": 1, "no_complaint": 1, "merged": 1, "withdrawn": 1, "received": 1, "registered": 1,
                    "declined": 1, "decided": 1, "in_time": 1, "awaiting_reply": 1, "escalated": 1, "open": 1,
                    "grounds": counted, "verdicts": counted, "agreements": counted, "recommendations": followed,
                },
            })
        }
        BuiltinMessage::Digest => {
            json!({
                "count": 1, "groups": [{"label": "x", "lines": [{"text": "x", "reference": "x", "link": "x"}]}], "page": "x",
            })
        }
        BuiltinMessage::WatchdogAlarm | BuiltinMessage::WatchdogRecovered => {
            json!({"kind": "x", "said": "x", "remedy": "x", "since": moment})
        }
    }
}
