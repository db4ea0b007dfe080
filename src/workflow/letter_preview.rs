//! Letters as who writes them looks at them: each message of a ruleset, to whom it goes, what it can fill in, and its words as
//! they go, on a complaint that is made up or on a real one. Nothing is sent and nothing is stored.

use super::message_mistakes::failure;
use super::message_shape::{of_engine, of_site};
use super::message_trial::{about, data_of};
use super::placeholders_table::Placeholder;
use super::renderer::Renderer;
use super::sample_case::readable;
use super::{Published, Workflow};
use crate::calendar::Moment;
use crate::complaint::{Case, Language, Notification, Recipient, Source, Text};
use crate::message::{BuiltinMessage, Rendered};
use crate::rules::{NotifySite, RulesFolder, Ruleset, notify_sites};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The messages of a rules folder, by name, and to whom the rules send each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients(BTreeMap<String, BTreeSet<Recipient>>);

/// A message in the words of each language, or why it cannot be worded.
pub type Worded = Vec<(Language, Result<Rendered, Text>)>;

/// A message as its writer looks at it.
#[derive(Clone, Debug)]
pub struct LetterPreview {
    /// Its words, in the order of [`Language::ALL`].
    pub words: Worded,
    /// What it can fill in.
    pub placeholders: Vec<Placeholder>,
    /// True where it is about a complaint.
    pub is_about_complaint: bool,
}

impl Recipients {
    /// Returns to whom the rules of a ruleset send each message.
    pub fn of(published: &Published) -> Self {
        let mut by_message: BTreeMap<String, BTreeSet<Recipient>> = BTreeMap::new();
        for site in notify_sites(&published.ruleset) {
            by_message.entry(site.message).or_default().extend(site.recipient);
        }
        Self(by_message)
    }

    /// Returns those of a message.
    pub fn of_message(&self, message: &str) -> impl Iterator<Item = &Recipient> {
        self.0.get(message).into_iter().flatten()
    }
}

impl RulesFolder {
    /// Lists the names of its messages and of the parts that messages share (`_name`), each once.
    pub fn message_names(&self) -> BTreeSet<String> {
        self.files().filter_map(|(path, _)| message_name(path)).map(str::to_owned).collect()
    }

    /// Returns the subject of a message as it is written in a language; none for a part.
    pub fn subject(&self, language: Language, message: &str) -> Option<&str> {
        let text = self.text(&message_file(language, message))?;
        let mut lines = text.lines().take_while(|line| !line.is_empty());
        lines.find_map(|line| line.strip_prefix("subject:")).map(|subject| subject.trim().trim_matches('"'))
    }
}

/// Returns the path of a message below the rules folder.
pub fn message_file(language: Language, message: &str) -> String {
    format!("messages/{language}/{message}.md")
}

/// Returns the name of the message at a path below the rules folder; none for another file.
pub fn message_name(path: &str) -> Option<&str> {
    let path = path.strip_prefix("messages/")?;
    let (_, name) = path.split_once('/')?;
    name.strip_suffix(".md").filter(|name| !name.contains('/'))
}

impl Workflow {
    /// Words a message of a ruleset as it would go, on a real complaint or on one that is made up; none for a message that the
    /// ruleset does not have.
    pub fn preview_letter(
        &self,
        published: &Arc<Published>,
        message: &str,
        real: Option<(&Case, Moment)>,
    ) -> Option<LetterPreview> {
        let ruleset = &published.ruleset;
        if message.starts_with('_') || !published.templates.has(Language::Dutch.as_str(), message) {
            return None;
        }
        let said = Said::of(ruleset, message);
        let settings = self.settings();
        let responsible = settings.people.iter().next().map(|person| person.email.clone());
        let sample = readable(ruleset.procedure(), responsible);
        let (case, now) = real.unwrap_or((&sample, sample.decided_at));
        let case = said.is_about_complaint.then_some(case);
        let n = Notification {
            // A message of the engine that is written anew is shown with its mistakes, and not in the engine's own words.
            source: Source::Person,
            ..Notification::of_engine(said.recipient, message.into(), named(said.data))
        };
        let renderer = Renderer { published: Arc::clone(published), ..self.renderer() };
        let word = |language: &Language| {
            let words = renderer.in_language(&n, case, now, *language);
            (*language, words.map_err(|e| failure(&e.mistake.kind)))
        };
        Some(LetterPreview {
            words: Language::ALL.iter().map(word).collect(),
            placeholders: published.placeholders_in(&said.sees),
            is_about_complaint: said.is_about_complaint,
        })
    }
}

/// What a message is handed where it is sent.
struct Said {
    recipient: Recipient,
    data: Value,
    sees: crate::message::Shape,
    is_about_complaint: bool,
}

impl Said {
    /// Takes the first place that sends it, of those about a complaint if there is one; what nothing sends yet is a letter to
    /// the complainant.
    fn of(ruleset: &Ruleset, message: &str) -> Self {
        let sites: Vec<NotifySite> =
            notify_sites(ruleset).into_iter().filter(|s| s.message == message).collect();
        let site = sites.iter().find(|site| site.certain.is_some()).or(sites.first());
        if let Some(site) = site {
            let others = sites.iter().flat_map(|site| site.kinds.clone()).collect();
            return Self {
                recipient: site.recipient.clone().unwrap_or(Recipient::Responsible),
                data: site.data.clone(),
                sees: of_site(ruleset, site, &others),
                is_about_complaint: site.certain.is_some(),
            };
        }
        let own = BuiltinMessage::ALL.iter().find(|own| own.as_str() == message);
        let data = own.map_or(json!({}), |own| data_of(*own));
        let certain = match own {
            Some(own) => about(*own, ruleset),
            None => Some(crate::rules::Certain::default()),
        };
        Self {
            recipient: if own.is_some() { Recipient::Responsible } else { Recipient::Complainant },
            sees: of_engine(ruleset, certain.as_ref(), &data),
            data,
            is_about_complaint: certain.is_some(),
        }
    }
}

/// Returns data in which a text that is only known later is called by its name.
fn named(mut data: Value) -> Value {
    for (name, value) in data.as_object_mut().into_iter().flatten() {
        if value == "x" {
            *value = Value::from(format!("[{name}]"));
        }
    }
    data
}
